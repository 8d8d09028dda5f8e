"""A review with everything that says who wrote the change: notes, lines, the pull request's text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SESSION = "s_0123456789abcd"
APP = "def drop(request, db):\n    require_admin(request.user)\n    db.drop(request)\n"
GLM = "Fix\n\nAssisted-by: Crush:glm-5.2"


@pytest.fixture
def reviewed(repo: Any, trustgate: Callable[[Path], Any]) -> Callable[..., dict[str, Any]]:
    def run(*args: str, code: int | None = None, stdin: bytes = b"") -> dict[str, Any]:
        done = trustgate(repo.path)("review", "--offline", "--format", "json", *args, stdin=stdin)
        assert code is None or done.returncode == code, done.stderr
        return dict(json.loads(done.stdout))

    return run


def note(repo: Any, oid: str, lines: str, tool: str = "crush", model: str = "glm-5.2") -> None:
    text = lines + "---\n" + json.dumps({"sessions": {SESSION: {"agent_id": {"tool": tool, "model": model}}}})
    repo.git("notes", "--ref=ai", "add", "-F", "-", oid, stdin=text)


def test_a_note_raises_the_lines_it_names(repo: Any, reviewed: Callable[..., dict[str, Any]]) -> None:
    base = repo.commit({"app.py": APP}, "base")
    one = repo.commit({"app.py": APP + "\n\nONE = 1\n", "b.py": "B = 1\n"}, "plain")
    note(repo, one, f"b.py\n  {SESSION}::t_0123456789abcd 1\n")
    report = reviewed("--diff", f"{base}..HEAD")
    by_model = {origin["model"]: origin for origin in report["origins"]}
    assert by_model["glm-5.2"]["raised"] and by_model["glm-5.2"]["trust"] == "recorded"
    assert (by_model["glm-5.2"]["lines_added"], by_model[""]["lines_added"]) == (1, 3)
    assert by_model["glm-5.2"]["evidence"][0]["kind"] == "note"


def test_two_commits_of_two_backends_have_two_outcomes(repo: Any, reviewed: Callable[..., dict[str, Any]]) -> None:
    base = repo.commit({"app.py": APP}, "base")
    repo.commit({"app.py": APP + "\n\nimport ssl\n\nC = ssl.create_default_context()\n"}, GLM)
    repo.commit({"other.py": "import ssl\n\nC = ssl.create_default_context()\n"}, "plain")
    report = reviewed("--diff", f"{base}..HEAD")
    assert {(o["model"], o["raised"]) for o in report["origins"]} == {("glm-5.2", True), ("", False)}
    assert {o["model"]: o["lines_added"] for o in report["origins"]} == {"glm-5.2": 5, "": 3}


def test_a_note_that_cannot_be_read_is_not_clean(repo: Any, reviewed: Callable[..., dict[str, Any]]) -> None:
    base = repo.commit({"app.py": APP}, "base")
    one = repo.commit({"b.py": "B = 1\n"}, "plain")
    repo.git("notes", "--ref=ai", "add", "-F", "-", one, stdin="x" * (8 * 1024 * 1024 + 1))
    repo.commit({"trustgate.toml": 'preset = "standard"\n'}, "policy")
    report = reviewed("--diff", f"{base}..HEAD")
    assert [skip["analyzer"] for skip in report["skips"] if skip["error"]] == ["attribution"]
    assert report["complete"] is False


def test_the_text_of_a_pull_request_meets_a_required_declaration(
    repo: Any, reviewed: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    base = repo.commit({"trustgate.toml": 'preset = "standard"\n[attribution]\nrequire = true\n'}, "policy")
    repo.commit({"b.py": "B = 1\n"}, "plain")
    body = tmp_path / "body.md"
    body.write_text("Adds B.\n\n- [x] AI-usage: none\n")
    span = ("--diff", f"{base}..HEAD")
    assert reviewed(*span, code=4)["decision"] == "escalate"
    report = reviewed(*span, "--pr-body", str(body), code=0)
    assert {origin["class"] for origin in report["origins"]} == {"unknown", "declared_no_ai"}
    assert reviewed(*span, "--pr-body", "-", code=4, stdin=b"Adds B.")["decision"] == "escalate"


def test_a_pull_request_text_that_cannot_be_read(repo: Any, trustgate: Callable[[Path], Any]) -> None:
    repo.commit({"a": "1"})
    done = trustgate(repo.path)("review", "--diff", "HEAD", "--pr-body", "nowhere.md")
    assert done.returncode == 2 and "--pr-body nowhere.md" in done.stderr
