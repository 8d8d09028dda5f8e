"""`trustgate audit`: each commit of a range reviewed on its own, one JSON object a line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_BLIND, EXIT_OK, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

FLUSH = 64
"""records kept in memory before they go to the cache"""


@click.command("audit", cls=Grouped)
@click.argument("span", metavar="[RANGE]", required=False)
@click.option("--commits", metavar="FILE", help="Commit ids or names, one a line; - for standard input.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", hidden=True)
@click.option("--online", is_flag=True, help="Ask registries where the policy allows it; slow over many commits.")
def audit(span: str | None, commits: str | None, repo: str, jobs: int, form: str, online: bool) -> None:
    """Review each commit of RANGE (A..B, or A for A..HEAD) against its first parent, silent findings included.

    One `trustgate.report/1` object a line, in input order. Exit code 0 when every line was produced, 3 otherwise.
    """
    from trustgate.audit import audit as run
    from trustgate.cli.commit_bar import commit_bar

    if (span is None) == (commits is None):
        raise UsageError("give a RANGE or --commits FILE", "trustgate audit HEAD~20..HEAD")
    names = _range(repo, span) if span is not None else _listed(commits or "")
    failed = 0
    with commit_bar("audit", len(names)) as step, _cache(repo) as keep:
        for done in run(repo, names, not online, jobs):
            step()
            if done.fault:
                failed += 1
                click.echo(f"trustgate: {done.commit}: {done.fault}", err=True)
                continue
            click.echo(done.line)
            keep(done.key, done.facts)
    if failed:
        click.echo(f"trustgate: {failed} of {len(names)} commits could not be judged", err=True)
    sys.exit(EXIT_BLIND if failed else EXIT_OK)


def _range(repo: str, span: str) -> list[str]:
    from trustgate.changes.git import Git
    from trustgate.changes.revisions import commits_in

    with Git.open(repo) as git:
        return list(commits_in(git, span))


def _listed(name: str) -> list[str]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"{name}: {error.strerror or error}", "give a readable file, or - for standard input"
        ) from error
    return [line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")]


@contextmanager
def _cache(repo: str) -> Iterator[Callable[[str, dict[str, Any] | None], None]]:
    """Keeps the facts of each review for `trustgate policy replay`; a cache that cannot be used is said once."""
    from trustgate.errors import TrustgateError
    from trustgate.policy.record import SPACE
    from trustgate.review import top_of
    from trustgate.store import Store, cache_dir

    try:
        store = Store(cache_dir(top_of(repo)))
    except TrustgateError as error:
        click.echo(f"trustgate: facts are not kept for `policy replay`: {error.message}", err=True)
        yield lambda _key, _facts: None
        return
    waiting: list[tuple[str, dict[str, Any]]] = []

    def keep(key: str, facts: dict[str, Any] | None) -> None:
        if facts is not None:
            waiting.append((key, facts))
        if len(waiting) >= FLUSH:
            flush(waiting)

    def flush(items: Iterable[tuple[str, dict[str, Any]]]) -> None:
        store.put_many(SPACE, tuple(items))
        waiting.clear()

    with store:
        yield keep
        flush(waiting)
