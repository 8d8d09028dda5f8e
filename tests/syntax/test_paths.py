"""What a path says about a file."""

from __future__ import annotations

import pytest

from trustgate.syntax.paths import PathKind, language_of, path_kind

KINDS = {
    "app/views.py": PathKind.CODE,
    "src/main/java/a/Testing.java": PathKind.CODE,
    "app/contest.py": PathKind.CODE,
    "app/latest_news.py": PathKind.CODE,
    "docs/conf.py": PathKind.CODE,
    "benchmarks/run.py": PathKind.TEST,
    "tests/helpers.py": PathKind.TEST,
    "app/test_views.py": PathKind.TEST,
    "app/tests.py": PathKind.TEST,
    "conftest.py": PathKind.TEST,
    "src/login.test.tsx": PathKind.TEST,
    "pkg/login_test.go": PathKind.TEST,
    "src/test/java/a/B.java": PathKind.TEST,
    "src/a/LoginTest.java": PathKind.TEST,
    "README": PathKind.PROSE,
    "docs/login.md": PathKind.PROSE,
    "docs/page.html": PathKind.PROSE,
    "web/login.css": PathKind.INERT,
    ".trustgate/trustgate.schema.json": PathKind.INERT,
    "api/trustgate.schema.json": PathKind.CONFIG,
    "src/i18n/de.ts": PathKind.INERT,
    "locale/de/LC_MESSAGES/x.po": PathKind.INERT,
    "vendor/a/b.go": PathKind.VENDORED,
    "web/jquery.min.js": PathKind.VENDORED,
    "dist/app.js": PathKind.VENDORED,
    "package-lock.json": PathKind.LOCK,
    "deploy/values.yaml": PathKind.CONFIG,
    ".env.production": PathKind.CONFIG,
    "Dockerfile": PathKind.CONFIG,
    "caf\udce9/x.py": PathKind.CODE,
}


@pytest.mark.parametrize(
    ("path", "kind"), KINDS.items(), ids=[path.encode("ascii", "replace").decode() for path in KINDS]
)
def test_kind(path: str, kind: PathKind) -> None:
    assert path_kind(path) is kind


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a.py", "python"),
        ("a.TSX", "tsx"),
        ("Dockerfile.prod", "dockerfile"),
        ("x/.env", "ini"),
        ("Makefile", "bash"),
        ("a", ""),
    ],
)
def test_language(path: str, language: str) -> None:
    assert language_of(path) == language
