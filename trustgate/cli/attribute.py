"""`trustgate attribute`: who or what wrote each commit, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustgate.errors import EXIT_BLIND, EXIT_OK, CannotJudge, TrustgateError, UsageError

if TYPE_CHECKING:
    from trustgate.changes.changeset import CommitInfo
    from trustgate.changes.git import Git

LINE_LIMIT = 4 * 1024 * 1024
"""characters of one line of --text"""
_FIELDS = ("author_name", "author_email", "committer_name", "committer_email", "message")

Asked = tuple[str, "CommitInfo | TrustgateError"]
"""what was asked for, and the commit or why it cannot be had"""


@click.command("attribute")
@click.argument("span", metavar="[REV|RANGE]", required=False)
@click.option("--commits", metavar="FILE", help="Commit ids or names, one a line; - for standard input.")
@click.option("--text", metavar="FILE", help="JSON lines with the fields of a commit; - for standard input.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
def attribute(span: str | None, commits: str | None, text: str | None, repo: str, form: str) -> None:
    """Say who or what wrote each commit of REV or RANGE, from its message, author and committer.

    One line a commit: the strictest origin and all of them, with their evidence. A --text line has author_name,
    author_email, committer_name, committer_email and message. Exit code 0 when every line was produced, 3 otherwise.
    """
    from trustgate.attribution.record import attribution_record
    from trustgate.attribution.resolve import attribute_commits
    from trustgate.rulebook import load_rulebook

    if sum(source is not None for source in (span, commits, text)) != 1:
        raise UsageError("give one of REV, RANGE, --commits FILE or --text FILE", "trustgate attribute HEAD~20..HEAD")
    rulebook, failed, total = load_rulebook(), 0, 0
    asked = _texts(text) if text is not None else _commits(repo, span, commits)
    for name, found in asked:
        total += 1
        if isinstance(found, TrustgateError):
            failed += 1
            click.echo(f"trustgate: {_printable(name)}: {_printable(found.message)}", err=True)
            continue
        record = attribution_record(attribute_commits((found,), rulebook), found.id)
        click.echo(json.dumps(record, sort_keys=True))
    if failed:
        click.echo(f"trustgate: {failed} of {total} commits could not be attributed", err=True)
    sys.exit(EXIT_BLIND if failed else EXIT_OK)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:300])


def _commits(repo: str, span: str | None, listed: str | None) -> Iterator[Asked]:
    from trustgate.changes.git import Git

    with Git.open(repo) as git:
        if span is not None and ".." in span:
            yield from _range(git, span)
            return
        for name in [span] if span is not None else _lines(listed or ""):
            yield name, _commit(git, name)


def _commit(git: Git, name: str) -> CommitInfo | TrustgateError:
    from trustgate.changes.commits import commit_info
    from trustgate.changes.revisions import resolve

    try:
        return commit_info(git, resolve(git, name))
    except TrustgateError as error:
        return error


def _range(git: Git, span: str) -> Iterator[Asked]:
    """Commits of A..B or A...B (from their merge base), oldest first."""
    from trustgate.changes.commits import commits_of
    from trustgate.changes.revisions import merge_base, resolve, resolve_base

    left, dots, right = span.partition("..." if "..." in span else "..")
    base, head = resolve_base(git, left or "HEAD"), resolve(git, right or "HEAD")
    if dots == "...":
        base = merge_base(git, base, head)[0]
    for commit in commits_of(git, base, head):
        yield commit.id, commit


def _lines(name: str) -> list[str]:
    with _open(name) as file:
        return [line.split()[0] for line in file if line.strip() and not line.startswith("#")]


def _open(name: str):  # type: ignore[no-untyped-def]  # a file, or standard input that stays open
    from contextlib import nullcontext

    if name == "-":
        return nullcontext(sys.stdin)
    try:
        return Path(name).open(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        hint = "give a readable file, or - for standard input"
        raise UsageError(f"{name}: {error.strerror or error}", hint) from error


def _texts(name: str) -> Iterator[Asked]:
    with _open(name) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield f"line {number}", _text(line)


def _text(line: str) -> CommitInfo | TrustgateError:
    """A commit from one JSON line; `commit` or `sha` names it, fields that are left out are empty."""
    from trustgate.changes.changeset import CommitInfo

    if len(line) > LINE_LIMIT:
        return CannotJudge(f"longer than {LINE_LIMIT} characters")
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return CannotJudge("not a JSON object")
    if not isinstance(entry, dict) or not isinstance(entry.get("message"), str):
        return CannotJudge("not a JSON object with a `message`")
    values = [entry.get("commit") or entry.get("sha") or "", *(entry.get(field) or "" for field in _FIELDS)]
    if not all(isinstance(value, str) for value in values):
        return CannotJudge("a field is not a string")
    name, author, author_email, committer, committer_email, message = values
    return CommitInfo(name, (), author, author_email, committer, committer_email, message)
