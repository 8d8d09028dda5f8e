"""`trustgate attribute`: who or what wrote each commit, one JSON object a line."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_BLIND, EXIT_OK, TrustgateError, UsageError

if TYPE_CHECKING:
    from trustgate.attribution.recorded import Recorded
    from trustgate.changes.changeset import CommitInfo
    from trustgate.changes.git import Git
    from trustgate.changes.spans import Span
    from trustgate.rulebook import Rulebook

_FILES = (0o100644, 0o100755)
"""modes of files with lines"""
AT_ONCE = 1000
"""commits of a list that are read before the first is printed: their notes are looked up together"""

Asked = tuple[str, "CommitInfo | TrustgateError"]
"""what was asked for, and the commit or why it cannot be had"""


@click.command("attribute", cls=Grouped)
@click.argument("span", metavar="[REV|RANGE]", required=False)
@click.option("--commits", metavar="FILE", help="Commit ids or names, one a line; - for standard input.")
@click.option("--text", metavar="FILE", help="JSON lines with the fields of a commit; - for standard input.")
@click.option("--lines", is_flag=True, help="Add a line: how many changed lines of RANGE each origin introduced.")
@click.option(
    "--path", "paths", metavar="GLOB", multiple=True, help="With --lines: only these files; ! before one leaves it out."
)
@click.option("--carry", metavar="RANGE", help="Print trailers that keep the origins of RANGE through a squash merge.")
@click.option("--pr-body", metavar="FILE", help="Add a line: what the text of the pull request says; - for stdin.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option(
    "--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="How it is printed."
)
def attribute(
    span: str | None,
    commits: str | None,
    text: str | None,
    lines: bool,
    paths: tuple[str, ...],
    carry: str | None,
    pr_body: str | None,
    repo: str,
    form: str,
) -> None:
    """Say who or what wrote each commit of REV or RANGE, from its text and the records on it.

    Evidence: author, committer, message, notes of git-ai, and Agent Trace in the tree of the last commit. One line a
    commit: the strictest origin and all of them. A --text line has author_name, author_email, committer_name,
    committer_email and message. Exit code 0 when every line was produced, 3 otherwise.
    """
    from trustgate.rulebook import load_rulebook

    given = [source for source in (span, commits, text, carry) if source is not None]
    if len(given) > 1 or not (given or pr_body):
        wanted = "REV, RANGE, --commits FILE, --text FILE or --carry RANGE"
        raise UsageError(f"give one of {wanted}", "trustgate attribute HEAD~20..HEAD")
    if (lines or paths) and (span is None or not lines):
        raise UsageError("--lines and --path go with RANGE", "trustgate attribute --lines v1.0..v1.1")
    book, faults = load_rulebook(), 0
    if pr_body is not None:
        _print(_body(pr_body, book))
    if text is not None:
        faults = _texts(text, book)
    elif given:
        faults = _repository(repo, span, commits, carry, paths if lines else None, book)
    sys.exit(EXIT_BLIND if faults else EXIT_OK)


def _repository(
    repo: str, span: str | None, commits: str | None, carry: str | None, paths: tuple[str, ...] | None, book: Rulebook
) -> int:
    """Number of faults, each told on stderr."""
    from trustgate.changes.git import Git
    from trustgate.changes.spans import read_span

    with Git.open(repo) as git:
        if commits is not None:
            return _listed(git, commits, book)
        asked = read_span(git, carry if carry is not None else span or "")
        records, problems = _records(git, asked.base, asked.head, asked.commits, book)
        for problem in problems:
            _say(problem)
        if carry is not None:
            _carry(asked, records, book)
            return len(problems)
        _each(((commit.id, commit) for commit in asked.commits), records, book)
        missed = _shares(git, asked, paths, records, book) if paths is not None else 0
        return len(problems) + missed


def _listed(git: Git, name: str, book: Rulebook) -> int:
    from trustgate.changes.spans import read_listed

    found = list(read_listed(git, _names(name)))
    faults = 0
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        have = [commit for _, commit in part if not isinstance(commit, TrustgateError)]
        records, problems = _records(git, "", "", have, book)
        for problem in problems:
            _say(problem)
        faults += len(problems) + _each(part, records, book)
    return faults


def _records(
    git: Git, base: str, head: str, commits: Sequence[CommitInfo], book: Rulebook
) -> tuple[Mapping[str, Recorded], tuple[str, ...]]:
    """What recorders and our own records say; signers are those of the base, or of HEAD for a list of commits."""
    from functools import partial

    from trustgate.attribution.attested import PATCH_LIMIT, read_attested
    from trustgate.attribution.evidence import read_records
    from trustgate.attribution.registry import registry_of
    from trustgate.attribution.resolve import with_attested
    from trustgate.changes.history import History
    from trustgate.changes.trees import Tree
    from trustgate.signing import ALLOWED_SIGNERS

    registry = registry_of(book)
    found = read_records(History(git, base, head), commits, registry)
    allowed = partial(Tree(git, base or git.place.head or git.empty_tree).file, ALLOWED_SIGNERS)
    patches = PATCH_LIMIT if base else 0
    attested = read_attested(git, commits, allowed, registry, int(time.time()), patches=patches)
    return with_attested(found.by_commit, attested), (*found.problems, *attested.problems)


def _each(asked: Iterable[Asked], records: Mapping[str, Recorded], book: Rulebook) -> int:
    from trustgate.attribution.record import attribution_record
    from trustgate.attribution.resolve import attribute_commits

    failed = total = 0
    for name, found in asked:
        total += 1
        if isinstance(found, TrustgateError):
            failed += 1
            _say(f"{name}: {found.message}")
            continue
        mine = {found.id: records[found.id]} if found.id in records else {}
        _print(attribution_record(attribute_commits((found,), book, records=mine), found.id))
    if failed:
        _say(f"{failed} of {total} commits could not be attributed")
    return failed


def _shares(git: Git, asked: Span, paths: Sequence[str], records: Mapping[str, Recorded], book: Rulebook) -> int:
    from trustgate.attribution.record import shares_record
    from trustgate.attribution.shares import line_shares
    from trustgate.changes.compare import compare_trees
    from trustgate.changes.history import History

    changed = [change for change in compare_trees(git, asked.base, asked.head) if change.new_mode in _FILES]
    files = [change for change in changed if change.hunks and _is_wanted(change.path, paths)]
    wanted = [change.path for change in files if b"\0" not in git.objects.sniff(change.new_id)]
    shares = line_shares(History(git, asked.base, asked.head), wanted, asked.commits, book, records)
    _print(shares_record(shares, asked.base, asked.head))
    for path, why in shares.unread:
        _say(f"{path}: {why}")
    return len(shares.unread)


def _is_wanted(path: str, globs: Sequence[str]) -> bool:
    from trustgate.globs import path_matches

    wanted = [glob for glob in globs if not glob.startswith("!")]
    if any(path_matches(glob[1:], path) for glob in globs if glob.startswith("!")):
        return False
    return not wanted or any(path_matches(glob, path) for glob in wanted)


def _carry(asked: Span, records: Mapping[str, Recorded], book: Rulebook) -> None:
    from trustgate.attribution.carry import carry_block
    from trustgate.attribution.resolve import attribute_commits

    if asked.commits:
        click.echo(carry_block(attribute_commits(asked.commits, book, records=records).origins), nl=False)


def _body(name: str, book: Rulebook) -> dict[str, Any]:
    from trustgate.attribution.origin import Attribution
    from trustgate.attribution.pr_body import with_body
    from trustgate.attribution.record import attribution_record
    from trustgate.cli.body import read_body

    found = with_body(Attribution(), read_body(name), book)
    said = tuple(origin.id for origin in found.origins if origin.id != "o0")
    return attribution_record(found._replace(default=said or found.default), "")


def _texts(name: str, book: Rulebook) -> int:
    from trustgate.cli.commit_lines import open_list, read_lines

    with open_list(name) as file:
        return _each(read_lines(file), {}, book)


def _names(name: str) -> list[str]:
    from trustgate.cli.commit_lines import open_list

    with open_list(name) as file:
        return [line.split()[0] for line in file if line.strip() and not line.startswith("#")]


def _print(record: dict[str, Any]) -> None:
    click.echo(json.dumps(record, sort_keys=True))


def _say(text: str) -> None:
    shown = "".join(char if char.isprintable() else "?" for char in text[:300])
    click.echo(f"trustgate: {shown}", err=True)
