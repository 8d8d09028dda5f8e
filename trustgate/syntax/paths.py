"""What a path says about a file: its language, and whether it is test code, prose, style, data or somebody else's."""

from __future__ import annotations

import posixpath
import re
from enum import StrEnum
from functools import lru_cache


class PathKind(StrEnum):
    CODE = "code"
    CONFIG = "config"
    TEST = "test"
    PROSE = "prose"
    INERT = "inert"
    """style sheets, images, fonts, locale files, snapshots: never in a boundary"""
    VENDORED = "vendored"
    LOCK = "lock"


LANGUAGES = {
    "python": (".py", ".pyi", ".pyw"),
    "javascript": (".js", ".jsx", ".mjs", ".cjs"),
    "typescript": (".ts", ".mts", ".cts"),
    "tsx": (".tsx",),
    "go": (".go",),
    "java": (".java",),
    "bash": (".sh", ".bash", ".zsh", ".ksh"),
    "ruby": (".rb", ".rake"),
    "php": (".php",),
    "csharp": (".cs",),
    "rust": (".rs",),
    "kotlin": (".kt", ".kts"),
    "swift": (".swift",),
    "scala": (".scala",),
    "c": (".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".m", ".mm"),
    "perl": (".pl", ".pm"),
    "lua": (".lua",),
    "elixir": (".ex", ".exs"),
    "groovy": (".groovy", ".gradle"),
    "powershell": (".ps1", ".psm1"),
    "sql": (".sql",),
    "html": (".html", ".htm", ".vue", ".svelte", ".jinja", ".j2", ".erb", ".jelly", ".ejs", ".hbs"),
    "yaml": (".yml", ".yaml"),
    "toml": (".toml",),
    "json": (".json", ".jsonc", ".json5"),
    "ini": (".ini", ".cfg", ".conf", ".properties", ".env"),
    "xml": (".xml",),
    "hcl": (".tf", ".hcl"),
    "dockerfile": (".dockerfile",),
}
_BY_SUFFIX = {suffix: language for language, suffixes in LANGUAGES.items() for suffix in suffixes}
_BY_NAME = {
    "dockerfile": "dockerfile",
    "makefile": "bash",
    "rakefile": "ruby",
    "gemfile": "ruby",
    "jenkinsfile": "groovy",
}
CONFIG_LANGUAGES = frozenset({"yaml", "toml", "json", "ini", "xml", "hcl", "dockerfile"})
C_LIKE = frozenset(
    {
        "javascript",
        "typescript",
        "tsx",
        "go",
        "java",
        "csharp",
        "rust",
        "kotlin",
        "swift",
        "scala",
        "c",
        "php",
        "groovy",
    }
)
"""languages whose comments are `//` and `/* */` and whose blocks are braces"""

_PROSE = (".md", ".markdown", ".rst", ".txt", ".adoc", ".tex", ".org", ".mdx")
_INERT = (
    *(".css", ".scss", ".sass", ".less", ".styl", ".svg", ".po", ".pot", ".mo", ".snap", ".csv", ".tsv", ".map"),
    *(
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".ico",
        ".webp",
        ".woff",
        ".woff2",
        ".ttf",
        ".eot",
        ".pdf",
        ".ftl",
        ".xliff",
        ".arb",
    ),
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing|testdata|__tests__|__mocks__|specs?|e2e|fixtures?|cypress|playwright|test_utils|testutils|"
    r"test-utils|integration-tests?|benchmarks?|bench)/|(?:^|/)(?:test_|tests_?)[^/]*$|"
    r"(?:^|/)conftest\.py$|(?:_test|_tests|_spec|\.test|\.spec|\.stories|\.cy|\.e2e)\.[A-Za-z]+$|"
    r"(?:^|/)src/test/|[a-z](?:Test|Tests|TestCase|Spec|IT)\.(?:java|kt|cs|scala|groovy|swift|php)$",
)
_VENDORED = re.compile(
    r"(?:^|/)(?:vendor|vendored|_vendor|third_party|node_modules|bower_components|site-packages)/|\.min\.(?:js|css)$"
    r"|(?:^|/)dist/[^/]*\.js$"
)
_LOCALE = re.compile(
    r"(?:^|/)(?:locales?|lang|langs|i18n|l10n|translations?)/[^/]*(?:/[^/]*)*\.(?:json|ya?ml|toml|properties|ts|js|py|php)$"
)
_LOCKS = frozenset(
    (
        *(
            "package-lock.json",
            "npm-shrinkwrap.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "uv.lock",
            "poetry.lock",
            "pdm.lock",
        ),
        *(
            "Pipfile.lock",
            "Cargo.lock",
            "go.sum",
            "Gemfile.lock",
            "composer.lock",
            "bun.lock",
            "deno.lock",
            "pylock.toml",
        ),
    )
)
_DOCS = re.compile(r"(?:^|/)(?:docs?|documentation|website|changelogs?|news|newsfragments|release-?notes)/")


@lru_cache(maxsize=20_000)
def language_of(path: str) -> str:
    """Language id of a path by its name, or the empty string."""
    name = posixpath.basename(path).lower()
    if name.startswith("dockerfile"):
        return "dockerfile"
    if name.startswith(".env"):
        return "ini"
    return _BY_NAME.get(name) or _BY_SUFFIX.get(posixpath.splitext(name)[1], "")


@lru_cache(maxsize=20_000)
def path_kind(path: str) -> PathKind:
    """Kind of a path. Decided by the name alone: no marker inside a file can move it to a milder kind."""
    name = posixpath.basename(path)
    lowered = path.lower()
    if name in _LOCKS:
        return PathKind.LOCK
    if lowered.endswith(_INERT) or _LOCALE.search(lowered):
        return PathKind.INERT
    if lowered.endswith(_PROSE) or name.upper() in {"LICENSE", "CHANGELOG", "AUTHORS", "README", "NOTICE", "CHANGES"}:
        return PathKind.PROSE
    if _VENDORED.search(lowered):
        return PathKind.VENDORED
    if _TEST.search(path) or _TEST.search(lowered):
        return PathKind.TEST
    language = language_of(path)
    if language in CONFIG_LANGUAGES:
        return PathKind.CONFIG
    if _DOCS.search(lowered) and language in ("", "html"):
        return PathKind.PROSE
    return PathKind.CODE
