from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from trustgate.cli.attribute import attribute
from trustgate.errors import EXIT_BLIND, EXIT_OK, UsageError

GLM = "Fix\n\nAssisted-by: Crush:glm-5.2"
OPUS = "Fix\n\nCo-authored-by: Claude Opus 4.8 <noreply@anthropic.com>"


def run(*args: str, stdin: str = "") -> Result:
    return CliRunner().invoke(attribute, args, input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_revision(repo: Any) -> None:
    head = repo.commit({"a": "1"}, GLM)
    result = run("HEAD", "--repo", str(repo.path))
    (line,) = lines(result)
    assert result.exit_code == EXIT_OK
    assert line["commit"] == head
    assert line["origin"]["model"] == "glm-5.2"
    assert line["origin"]["evidence"] == [
        {"kind": "trailer", "detail": "assisted-by: Crush:glm-5.2", "commit": head}
    ]  # fmt: skip


def test_a_range_is_one_line_a_commit_oldest_first(repo: Any) -> None:
    repo.commit({"a": "1"}, "first")
    second, third = repo.commit({"a": "2"}, GLM), repo.commit({"a": "3"}, OPUS)
    for span in ("HEAD~2..HEAD", "HEAD~2...HEAD", "HEAD~2.."):
        result = run(span, "--repo", str(repo.path), "--format", "jsonl")
        assert [line["commit"] for line in lines(result)] == [second, third]


def test_a_list_of_commits_in_its_order(repo: Any, tmp_path: Path) -> None:
    one, two = repo.commit({"a": "1"}, GLM), repo.commit({"a": "2"}, OPUS)
    listed = tmp_path / "list"
    listed.write_text(f"# newest first\n{two}\n\n{one} with a comment\n")
    for result in (
        run("--commits", str(listed), "--repo", str(repo.path)),
        run("--commits", "-", "--repo", str(repo.path), stdin=f"{two}\n{one}\n"),
    ):
        assert [line["commit"] for line in lines(result)] == [two, one]


def test_a_commit_that_is_not_there_is_said_and_the_rest_is_done(repo: Any) -> None:
    head = repo.commit({"a": "1"}, GLM)
    result = run("--commits", "-", "--repo", str(repo.path), stdin=f"{'9' * 40}\n{head}\n")
    assert result.exit_code == EXIT_BLIND
    assert [line["commit"] for line in lines(result)] == [head]
    assert "1 of 2 commits could not be attributed" in result.stderr


def test_text_without_a_repository() -> None:
    entries = [
        {"message": GLM, "author_name": "Jane", "author_email": "jane@x", "sha": "abc"},
        {"message": "Fix", "author_name": "Jane (aider)", "author_email": "j@x", "committer_name": None},
    ]
    result = run("--text", "-", stdin="\n".join(map(json.dumps, entries)))
    first, second = lines(result)
    assert result.exit_code == EXIT_OK
    assert (first["commit"], first["origin"]["agent"]) == ("abc", "crush")
    assert (second["commit"], second["origin"]["agent"]) == ("", "aider")


BAD_LINES = {
    "not JSON": "{",
    "a list": "[]",
    "no message": '{"author_name": "x"}',
    "a number as a name": '{"message": "x", "author_name": 7}',
    "nested too deep": "[" * 100000,
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_said_and_the_rest_is_done(line: str) -> None:
    result = run("--text", "-", stdin=f'{line}\n{{"message": "Fix"}}\n')
    assert result.exit_code == EXIT_BLIND
    assert [entry["origin"]["id"] for entry in lines(result)] == ["o0"]
    assert "line 1" in result.stderr


def test_hostile_text_leaves_as_ascii(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    entry = {"message": "\x1b[2J\ud800\u202e", "author_name": "\x1b]0;x\x07 (aider)", "author_email": "\udcff"}
    path.write_text(json.dumps(entry))
    result = run("--text", str(path))
    assert result.exit_code == EXIT_OK
    assert result.stdout.isascii() and "\x1b" not in result.stdout


def test_keys_are_sorted() -> None:
    line = run("--text", "-", stdin='{"message": "Fix"}').stdout
    assert line == json.dumps(json.loads(line), sort_keys=True) + "\n"


@pytest.mark.parametrize("args", [(), ("HEAD", "--text", "-"), ("HEAD", "--commits", "-"), ("--text", "nowhere.jsonl")])
def test_wrong_use_is_said(args: tuple[str, ...]) -> None:
    assert isinstance(run(*args).exception, UsageError)
