"""Many commits in one process: each reviewed on its own, one outcome a commit, in the order asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trustgate.changes.git import Git
from trustgate.errors import TrustgateError

if TYPE_CHECKING:
    from trustgate.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Audited:
    """The outcome for one commit: a verdict as one line of JSON, or the fault that stood in the way."""

    commit: str
    line: str = ""
    fault: str = ""
    key: str = ""
    """of the facts, in the cache"""
    facts: dict[str, Any] | None = None


def audit(repo: str, commits: Iterable[str], offline: bool, jobs: int) -> Iterator[Audited]:
    """Review each commit against its first parent (a merge: against git's automatic merge), in input order."""
    items = [(repo, commit, offline) for commit in commits]
    if jobs <= 1 or len(items) < 2:
        yield from map(_one, items)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_one, items, chunksize=max(1, min(16, len(items) // jobs)))


@lru_cache(maxsize=1)
def _opened(repo: str) -> Git:
    """One door per process; its private directory goes when the process ends (a pool's worker runs no `atexit`)."""
    from multiprocessing.util import Finalize

    git = Git.open(repo)
    Finalize(None, git.close, exitpriority=10)
    return git


@lru_cache(maxsize=1)
def _shipped(repo: str) -> Rulebook:
    """One rulebook per process: what is made of it (markers, patterns) is kept as long as it is the same one."""
    from trustgate.review import rulebook

    return rulebook(repo)


def _one(item: tuple[str, str, bool]) -> Audited:
    from trustgate import __version__
    from trustgate.changes.ranges import commit_change
    from trustgate.gate import gather, judge
    from trustgate.policy.record import record_key, to_record
    from trustgate.report import json as report
    from trustgate.review import Request, attribution_for, configuration_for, facts_of, settings_for, today

    repo, commit, offline = item
    request = Request(repo=repo, offline=offline)
    try:
        shipped = _shipped(repo)
        change = commit_change(_opened(repo), commit)
        policy, book = configuration_for(change, shipped, request)
        attribution = attribution_for(change, book, request)
        gathered = gather(change, book, settings_for(policy, request))
        verdict = judge(change, gathered, policy, attribution, book, stage="pr", today=today())
    except TrustgateError as error:
        return Audited(commit, fault=error.message)
    key = record_key(change.diff_base, change.head, shipped.digest, __version__)
    facts = to_record(facts_of(change, gathered, attribution, "pr"))
    return Audited(change.head, report.line(verdict), key=key, facts=facts)
