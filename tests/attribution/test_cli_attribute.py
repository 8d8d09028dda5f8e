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


# ------------------------------------------------------------------ records, lines, carry-over, pull requests


TEN = "".join(f"{n}\n" for n in range(1, 11))
SESSION = "s_0123456789abcd"


def note(repo: Any, oid: str, lines: str) -> None:
    data = {"sessions": {SESSION: {"agent_id": {"tool": "codex", "model": "gpt-5.5"}}}}
    repo.git("notes", "--ref=ai", "add", "-F", "-", oid, stdin=lines + "---\n" + json.dumps(data))


@pytest.mark.parametrize("name", ["nowhere", "nowhere..HEAD", "HEAD..nowhere", "HEAD~99", "..", "a...b...c", "-x"])
@pytest.mark.parametrize("flag", [(), ("--lines",), ("--carry",)])
def test_a_revision_that_does_not_exist_is_wrong_use(name: str, flag: tuple[str, ...], repo: Any) -> None:
    repo.commit({"a": "1"})
    args = (*flag, name) if name[0] != "-" or flag == ("--carry",) else (*flag, "--", name)
    result = run("--repo", str(repo.path), *args)
    assert isinstance(result.exception, UsageError), result.output
    assert result.exception.exit_code == 2


def test_notes_are_read_for_a_revision_a_range_and_a_list(repo: Any) -> None:
    base = repo.commit({"a": TEN}, "base")
    head = repo.commit({"a": TEN + "11\n"}, "plain")
    note(repo, head, f"a\n  {SESSION}::t_0123456789abcd 11\n")
    for args, stdin in (((head,), ""), ((f"{base}..",), ""), (("--commits", "-"), f"{head}\n")):
        (line,) = lines(run(*args, "--repo", str(repo.path), stdin=stdin))
        assert (line["origin"]["agent"], line["origin"]["trust"]) == ("codex", "recorded")
        assert [item["kind"] for item in line["origin"]["evidence"]] == ["note"]


def test_a_note_that_cannot_be_read_is_said(repo: Any) -> None:
    head = repo.commit({"a": TEN}, GLM)
    repo.git("notes", "--ref=ai", "add", "-F", "-", head, stdin="x" * (8 * 1024 * 1024 + 1))
    result = run("HEAD", "--repo", str(repo.path))
    assert result.exit_code == EXIT_BLIND and "refs/notes/ai" in result.stderr
    assert lines(result)[0]["origin"]["model"] == "glm-5.2"


def test_shares_of_lines(repo: Any) -> None:
    base = repo.commit({"a.py": TEN, "old.py": "1\n", "gone.py": "1\n"}, "base")
    repo.commit({"a.py": TEN + "glm\n" * 3, "b.txt": "1\n2\n"}, GLM)
    two = repo.commit({"a.py": TEN + "glm\n" * 3 + "opus\n", "gone.py": None, "c.bin": b"\0\n\0\n"}, OPUS)
    three = repo.commit({"a.py": "plain\n" + TEN + "glm\n" * 3 + "opus\n"}, "plain")
    note(repo, three, f"a.py\n  {SESSION}::t_0123456789abcd 1\n")
    *commits, shares = lines(run(f"{base}..HEAD", "--lines", "--path", "*.py", "--repo", str(repo.path)))
    assert len(commits) == 3
    assert (shares["lines"], shares["files"], shares["base"], shares["unread"]) == (5, 1, base, [])
    assert [(s["lines"], s["share"], s["origin"]["model"]) for s in shares["shares"]] == [
        (3, 0.6, "glm-5.2"), (1, 0.2, "claude-opus-4-8"), (1, 0.2, "gpt-5.5")]  # fmt: skip
    everything = lines(run(f"{base}..{two}", "--lines", "--repo", str(repo.path)))[-1]
    assert everything["lines"] == 4 + 2  # the binary file has no lines
    without = lines(run(f"{base}..{two}", "--lines", "--path", "!a.py", "--repo", str(repo.path)))[-1]
    assert without["lines"] == 2


def test_shares_of_nothing(repo: Any) -> None:
    repo.commit({"a": "1\n"})
    (shares,) = lines(run("HEAD..HEAD", "--lines", "--repo", str(repo.path)))
    assert (shares["lines"], shares["shares"]) == (0, [])


def test_a_merge_keeps_the_lines_of_its_sides(repo: Any) -> None:
    base = repo.commit({"a": TEN}, "base")
    repo.branch("side")
    repo.commit({"a": TEN + "side\n"}, GLM)
    repo.checkout("main")
    repo.commit({"b": "1\n"}, OPUS)
    repo.merge("side")
    shares = lines(run(f"{base}..HEAD", "--lines", "--repo", str(repo.path)))[-1]
    assert sorted((s["origin"]["model"], s["lines"]) for s in shares["shares"]) == [
        ("claude-opus-4-8", 1), ("glm-5.2", 1)]  # fmt: skip


def test_carry_over_a_squash(repo: Any) -> None:
    base = repo.commit({"a": "1"}, "base")
    repo.branch("topic")
    repo.commit({"a": "2"}, GLM)
    noted = repo.commit({"a": "3\n4\n"}, "plain")
    note(repo, noted, f"a\n  {SESSION}::t_0123456789abcd 1-2\n")
    repo.commit({"a": "5"}, "unmarked")
    block = run("--carry", f"{base}..topic", "--repo", str(repo.path))
    assert block.exit_code == EXIT_OK
    assert block.stdout.splitlines() == [
        "Trustgate-Origin: assisted; agent=crush; model=glm-5.2",
        "Trustgate-Origin: generated; agent=codex; model=gpt-5.5",
        "Trustgate-Origin: unknown",
    ]
    repo.checkout("main")
    repo.git("merge", "-q", "--squash", "topic")
    repo.commit(None, f"One change (#1)\n\n{block.stdout}")
    (line,) = lines(run("HEAD", "--repo", str(repo.path)))
    assert {(o["class"], o["agent"], o["model"], o["trust"]) for o in line["all"]} == {
        ("unknown", "", "", "none"), ("assisted", "crush", "glm-5.2", "declared"),
        ("generated", "codex", "gpt-5.5", "declared")}  # fmt: skip


def test_carry_of_nothing(repo: Any) -> None:
    repo.commit({"a": "1"})
    assert run("--carry", "HEAD..HEAD", "--repo", str(repo.path)).stdout == ""


def test_the_text_of_a_pull_request(repo: Any, tmp_path: Path) -> None:
    head = repo.commit({"a": "1"}, GLM)
    body = tmp_path / "body.md"
    body.write_bytes(b"Adds \xff.\r\n\r\nAI-usage: none\r\n")
    first, second = lines(run("HEAD", "--pr-body", str(body), "--repo", str(repo.path)))
    assert (first["commit"], first["origin"]["class"]) == ("", "declared_no_ai")
    assert (second["commit"], second["origin"]["model"]) == (head, "glm-5.2")
    (nothing,) = lines(run("--pr-body", "-", stdin="Adds a thing."))
    assert nothing["origin"]["class"] == "unknown"


@pytest.mark.parametrize(
    "args",
    [("--lines",), ("--lines", "--text", "-"), ("HEAD", "--path", "x"), ("HEAD", "--carry", "HEAD"),
     ("--pr-body", "nowhere.md"), ("HEAD", "--pr-body", "/"), ("--carry", "HEAD", "--lines")],
)  # fmt: skip
def test_flags_that_do_not_go_together(args: tuple[str, ...]) -> None:
    assert isinstance(run(*args).exception, UsageError)
