"""`trustgate accept FINGERPRINT`: write an exception for one finding into the work tree."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import UsageError

SHORTEST = 12
"""hex digits that the command takes; it writes all that are known"""


@click.command("accept", cls=Grouped)
@click.argument("fingerprint", metavar="FINGERPRINT")
@click.option("--reason", required=True, metavar="TEXT", help="Why the finding is accepted.")
@click.option(
    "--expires", required=True, metavar="DATE|DAYS", help="The last day on which it counts: 2030-01-31 or 30d."
)
@click.option("--owner", metavar="NAME", help="Who answers for it.  [default: TRUSTGATE_OWNER, then USER]")
@click.option("--rule", metavar="RULE", help="The finding's rule, where no earlier review is remembered.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
def accept(fingerprint: str, reason: str, expires: str, owner: str | None, rule: str | None, repo: str) -> None:
    """Accept one finding: add an exception to .trustgate/exceptions.toml of the work tree.

    FINGERPRINT is the finding's, or at least its first 12 digits. The exception counts once it is on the trusted base.
    """
    from trustgate.changes.git import Git
    from trustgate.escape import terminal
    from trustgate.policy.accepting import read_exceptions, with_entry, write_exceptions
    from trustgate.policy.exceptions import EXCEPTIONS_PATH
    from trustgate.policy.load import today_utc
    from trustgate.policy.model import Accepted
    from trustgate.policy.places import top_of, worktree_reader
    from trustgate.review import configuration
    from trustgate.rulebook import describe, load_rulebook

    today = today_utc()
    prefix = _hex(fingerprint)
    person = owner or os.environ.get("TRUSTGATE_OWNER") or os.environ.get("USER") or ""
    if not person.strip():
        raise UsageError("nobody owns the exception", "give --owner NAME, or set TRUSTGATE_OWNER")
    with Git.open(repo) as git:
        top = top_of(git)
    policy, book = configuration(worktree_reader(top), load_rulebook())
    known, days = describe(book), policy.exception_days
    found, rule_id = _named(prefix, rule, top)
    if rule_id not in known:
        raise UsageError(f"--rule {rule_id}: no such rule", "`trustgate rules list` prints every rule id")
    last = last_day(expires, today, days)
    entry = Accepted(rule=rule_id, reason=reason, owner=person, expires=last, fingerprint=found, added=today)
    write_exceptions(top, with_entry(read_exceptions(top), entry, known, today=today, longest_life=days))
    click.echo(f"accepted {rule_id} {found[:16]} until {last}, owner {terminal(person)}: {EXCEPTIONS_PATH}")
    click.echo(
        "It counts once it is on the trusted base: commit it and have it reviewed; the edit is itself a finding."
    )


def _hex(text: str) -> str:
    prefix = text.strip().lower()
    if not SHORTEST <= len(prefix) <= 64 or not set(prefix) <= set("0123456789abcdef"):
        raise UsageError(
            f"{text}: not a fingerprint", f"copy at least {SHORTEST} hex digits of it from the report of a review"
        )
    return prefix


def _named(prefix: str, rule: str | None, top: Path) -> tuple[str, str]:
    """Fingerprint and rule id of the finding: from the remembered reviews, else as given."""
    from trustgate.policy.exceptions import SHORTEST_FINGERPRINT

    found = sorted({(full, rule_id) for full, rule_id, _path in _remembered(prefix, top) if rule in (None, rule_id)})
    if len(found) > 1:
        listed = ", ".join(f"{full[:20]} ({rule_id})" for full, rule_id in found[:5])
        raise UsageError(
            f"{prefix} is the beginning of {len(found)} fingerprints: {listed}", "give more digits, or --rule"
        )
    if found:
        return found[0]
    if rule is None:
        raise UsageError(f"no remembered review shows {prefix}", "give its rule id with --rule, or review first")
    if len(prefix) < SHORTEST_FINGERPRINT:
        raise UsageError(f"no remembered review shows {prefix}", f"give at least {SHORTEST_FINGERPRINT} digits of it")
    return prefix, rule


def _remembered(prefix: str, top: Path) -> list[tuple[str, str, str]]:
    from trustgate.escape import terminal
    from trustgate.store import Store, StoreError, cache_dir

    try:
        with Store(cache_dir(top)) as store:
            return store.recall(prefix)
    except StoreError as error:
        click.echo(f"trustgate: {terminal(error.message)}", err=True)
        return []


def last_day(text: str, today: date, most: int) -> date:
    """The day that `2030-01-31` or `30d` means. Raises UsageError outside of the life that policy allows."""
    try:
        last = today + timedelta(days=int(text[:-1])) if text[-1:] == "d" else date.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--expires {text}: neither a date nor days", "write 2030-01-31 or 30d") from error
    if not today <= last <= today + timedelta(days=most):
        raise UsageError(f"--expires {text}: must lie within {most} days from today", "an exception ends; choose a day")
    return last
