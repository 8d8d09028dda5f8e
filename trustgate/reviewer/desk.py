"""The desk of one review: lanes with their ledger and cache, and the queue for what no lane answered."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from trustgate.ledger.book import Ledger
from trustgate.ledger.rows import Scope
from trustgate.opinion import CLEARED, CONFIRMED
from trustgate.policy.model import Policy
from trustgate.reviewer.asking import Outcome
from trustgate.reviewer.lanes import Lanes
from trustgate.reviewer.opening import open_asker
from trustgate.reviewer.queue import Queue, waiting_change
from trustgate.rulebook import Rulebook
from trustgate.store import Store, StoreError, cache_dir, state_dir
from trustgate.verdict import Decision, Verdict

RUN_VARIABLES = ("GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_BUILDID")
"""name the run that a budget is of; on a laptop each review is a run"""
QUOTE_FAULTS = "quote-"
"""how the codes of checks begin that a quote did not pass"""


class Desk:
    """A context manager. Opens nothing where the policy has no lane: `asker` is None then."""

    def __init__(
        self,
        policy: Policy,
        book: Rulebook,
        *,
        repository: str,
        head: str,
        stage: str,
        offline: bool,
        outside: Path | None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`repository` is a `repository_id`, `outside` the top of its work tree. Raises nothing yet."""
        self._policy, self._book, self._repository, self._head = policy, book, repository, head
        self._stage, self._offline, self._outside, self._environ = stage, offline, outside, environ
        self._stack = ExitStack()
        self.asker: Lanes | None = None

    def __enter__(self) -> Self:
        """Raises ConfigError for impossible lanes, and StoreError where no ledger can be kept."""
        if self._policy.has_lane:
            with ExitStack() as stack:
                ledger = stack.enter_context(Ledger(state_dir(self._outside)))
                try:
                    cache = stack.enter_context(Store(cache_dir(self._outside)))
                except StoreError:
                    cache = None  # answers are not kept: each costs a call
                self.asker = open_asker(
                    self._policy,
                    self._book,
                    self._environ,
                    ledger,
                    scope_of(self._environ, self._repository, self._head),
                    stage=self._stage,
                    offline=self._offline,
                    outside=self._outside,
                    cache=cache,
                )
                if self.asker is not None:
                    stack.enter_context(self.asker)
                self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def record(self, verdict: Verdict) -> None:
        """Write what the checks made of each packet, and put off what is still escalated and got no answer.

        Raises StoreError.
        """
        if self.asker is None:
            return
        for review in verdict.reviews:
            codes = [flag.opinion.code for flag in review.flags]
            standings = [flag.opinion.standing for flag in review.flags]
            if review.id:
                self.asker.judged(
                    review.id,
                    lane=review.lane,
                    model=review.model,
                    verdict=verdict.decision.label,
                    flags=len(standings),
                    cleared=standings.count(CLEARED),
                    added=sum(finding.finding.analyzer == "reviewer" for finding in verdict.findings),
                    quote_failures=sum(code.startswith(QUOTE_FAULTS) for code in codes),
                    sound=review.outcome == Outcome.ANSWERED.value and set(standings) <= {CLEARED, CONFIRMED},
                )
        missed = [review for review in verdict.reviews if review.outcome != Outcome.ANSWERED.value]
        if verdict.decision is Decision.ESCALATE and missed:
            change = waiting_change(verdict, self._repository, [review.id for review in verdict.reviews if review.id])
            if change is not None:
                with Queue(state_dir(self._outside)) as queue:
                    queue.enqueue(change, missed[0].outcome)


def scope_of(environ: Mapping[str, str], repository: str, head: str) -> Scope:
    """What a call is paid from: the platform's run, and its pull request where the reference names one."""
    run = next((environ[name] for name in RUN_VARIABLES if environ.get(name)), "") or uuid.uuid4().hex
    parts = environ.get("GITHUB_REF", "").split("/")
    number = parts[2] if len(parts) == 4 and parts[:2] == ["refs", "pull"] and parts[2].isdecimal() else ""
    return Scope(run, f"{repository[:16]}#{number}" if number else "", repository, head)
