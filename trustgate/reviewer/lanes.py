"""The lanes: which may carry a prompt, in what order, how often each is asked, and what that costs.

A fault of the moment goes on to the next lane of the same data class. One that the content may have brought about (a
refusal, an answer cut short, prose) goes only to lanes of at least the same class: a change must not be able to choose
the weaker reviewer by baiting the stronger one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from trustgate.ledger.book import Ledger, Limits, OverBudget
from trustgate.ledger.rows import Attempt, Judgement, Scope, now, numbers, printable
from trustgate.policy.lanes import Budget
from trustgate.prices import Tokens, cost_of, worst_case
from trustgate.reviewer.answers import Answers, answer_key, digest
from trustgate.reviewer.asking import Outcome, Prompt, Reply, Usage
from trustgate.reviewer.calling import Step, call_once, fault_of_key, request_bytes, transport_for
from trustgate.reviewer.candidates import Candidate, may_carry
from trustgate.store import StoreError
from trustgate.transport import Transport

BY_CONTENT = frozenset(
    {
        Outcome.REFUSED, Outcome.TRUNCATED, Outcome.EMPTY, Outcome.OVER_CONTEXT, Outcome.PROSE, Outcome.SCHEMA,
        Outcome.TOO_LARGE, Outcome.TIMEOUT,
    }
)  # fmt: skip
"""outcomes that the text of a packet may have brought about"""
PAUSE = (0.5, 1.5)
"""seconds before the one retry where the provider names none; drawn, so that many runs do not come back at once"""
SHORTEST = 1.0
"""seconds that must be left for another call to be worth it"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a prompt has used up so far, over attempts and lanes."""

    usage: Usage = field(default_factory=Usage)
    microdollars: int | None = 0
    seconds: float = 0.0
    sent: bool = False

    def plus(self, step: Step, cost: int | None) -> Spent:
        tokens = step.reading.tokens or Tokens()
        return Spent(
            Usage(
                self.usage.fresh + tokens.fresh,
                self.usage.cache_read + tokens.cache_read,
                self.usage.cache_write + tokens.cache_write_5m + tokens.cache_write_1h,
                self.usage.output + tokens.output,
            ),
            None if cost is None or self.microdollars is None else self.microdollars + cost,
            self.seconds + step.seconds,
            self.sent or step.sent,
        )


class Lanes:
    """An `Asker`. One object belongs to one thread and one run; use as a context manager or call `close`."""

    def __init__(
        self,
        candidates: tuple[Candidate, ...],
        environ: Mapping[str, str],
        ledger: Ledger,
        scope: Scope,
        *,
        budget: Budget,
        strict: bool = False,
        offline: str = "",
        answers: Answers | None = None,
        pause: tuple[float, float] = PAUSE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`environ` is where keys are read, at the moment of a call. `offline` says why nothing may be asked, if so."""
        self.candidates = candidates
        self._environ, self._ledger, self._scope, self._answers = environ, ledger, scope, answers
        self._limits, self._strict, self._offline = Limits(*budget), strict, offline
        self._pause, self._sleep = pause, sleep
        self._transports: dict[str, Transport] = {}
        self._answered: dict[str, tuple[str, str, object]] = {}

    def __enter__(self) -> Lanes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for transport in self._transports.values():
            transport.__exit__(None, None, None)

    def ask(self, prompt: Prompt, *, data_class: str, exclude_families: frozenset[str]) -> Reply:
        """As `Asker.ask`. Raises nothing for what a provider or the ledger does."""
        if self._offline:
            return Reply(Outcome.OFFLINE, detail=self._offline, cost_microdollars=0, sent=False)
        able, why = may_carry(self.candidates, data_class, exclude_families, strict=self._strict)
        reply = Reply(Outcome.NO_LANE, detail=why, cost_microdollars=0, sent=False)
        spent, floor, told = Spent(), 0, []
        for candidate in able:
            if candidate.rank < floor:
                told.append(f"{candidate.lane.name}: not asked, its class is below that of a lane that gave no answer")
                continue
            reply, spent = self._on(candidate, prompt, spent)
            if reply.outcome is Outcome.ANSWERED:
                self._answered[prompt.packet_id] = (answer_key(prompt, candidate), reply.model, reply.answer)
                return reply
            told.append(f"{candidate.lane.name}: {reply.detail}")
            if reply.outcome in BY_CONTENT:
                floor = max(floor, candidate.rank)
        return replace(reply, detail="; ".join(told) or reply.detail)

    def judged(
        self,
        packet: str,
        *,
        lane: str,
        model: str,
        verdict: str,
        flags: int,
        cleared: int,
        added: int,
        quote_failures: int,
        sound: bool,
    ) -> None:
        """Write what the checks made of the answers to one packet, named by its id or the beginning of that.

        `sound` means that every check passed: the answer is kept, and the same packet is not paid for twice. Raises
        StoreError when the ledger can not be written.
        """
        self._ledger.add(
            Judgement(
                now(),
                self._scope,
                packet,
                printable(lane),
                printable(model),
                printable(verdict),
                flags,
                cleared,
                added,
                quote_failures,
            )
        )
        if self._answers and sound:
            for packet_id, (key, named, answer) in self._answered.items():
                if packet_id.startswith(packet):
                    self._answers.keep(key, named, answer)

    # ------------------------------------------------------------------ one lane

    def _on(self, candidate: Candidate, prompt: Prompt, spent: Spent) -> tuple[Reply, Spent]:
        """Ask one lane: at most one retry after a fault of the moment, and one after an answer of no use."""
        lane = candidate.lane
        kept = self._kept(candidate, prompt, spent)
        if kept is not None:
            return kept, spent
        key = self._environ.get(lane.key_variable, "") if lane.key_variable else ""
        if lane.key_variable and (wrong := fault_of_key(key)):
            step = Step(Outcome.NO_LANE, f"{lane.key_variable} {wrong}", sent=False)
            return self._reply(candidate, step, spent), spent
        stop = time.monotonic() + lane.deadline
        passed = reshaped = False
        number = 0
        while True:
            number += 1
            step, cost = self._paid(candidate, prompt, key, stop - time.monotonic(), number)
            spent = spent.plus(step, cost)
            left = stop - time.monotonic()
            if step.again and not passed:
                passed = True
                wait = step.retry_after or random.uniform(*self._pause)  # noqa: S311 - spreads retries, hides nothing
                if wait + SHORTEST < left:
                    self._sleep(wait)
                    spent = replace(spent, seconds=spent.seconds + wait)
                    continue
            if step.outcome in (Outcome.PROSE, Outcome.SCHEMA) and not reshaped and left > SHORTEST:
                reshaped = True
                continue
            return self._reply(candidate, step, spent), spent

    def _paid(
        self, candidate: Candidate, prompt: Prompt, key: str, seconds: float, number: int
    ) -> tuple[Step, int | None]:
        """One call, paid: money is set aside before it, and its row written after."""
        lane = candidate.lane
        try:
            reserved = self._reserve(candidate, prompt)
        except StoreError as error:
            return Step(Outcome.OVER_BUDGET, f"no money could be set aside: {error.message}", sent=False), 0
        if isinstance(reserved, OverBudget):
            step = Step(Outcome.OVER_BUDGET, reserved.reason, sent=False)
        else:
            if lane.name not in self._transports:
                self._transports[lane.name] = transport_for(lane)
            step = call_once(candidate, prompt, key, self._transports[lane.name], seconds)
        row = _row(self._scope, candidate, prompt, step, number)
        try:
            self._ledger.settle(0 if isinstance(reserved, OverBudget) else reserved, row)
        except StoreError as error:
            step = replace(
                step, outcome=Outcome.OVER_BUDGET, answer=None, detail=f"the call was not recorded: {error.message}"
            )
        return step, row.cost_microdollars

    def _reserve(self, candidate: Candidate, prompt: Prompt) -> int | OverBudget:
        lane = candidate.lane
        cap = min(prompt.max_output_tokens, lane.max_output_tokens)
        amount = worst_case(request_bytes(candidate, prompt), cap, candidate.rates)
        if amount is None and lane.self_hosted:
            return 0  # nobody sends a bill for it
        if amount is None and self._limits != Limits():
            return OverBudget(
                f"nobody knows what {lane.model} at {candidate.provider} costs, and there is a budget: write `prices`"
                f" in the lane"
            )
        return self._ledger.reserve(amount or 0, self._scope, self._limits, datetime.now(UTC).date().isoformat())

    def _kept(self, candidate: Candidate, prompt: Prompt, spent: Spent) -> Reply | None:
        """The answer that this lane gave to the same packet before, where it passed every check."""
        kept = self._answers.find(answer_key(prompt, candidate), prompt.schema) if self._answers else None
        if kept is None:
            return None
        step = Step(Outcome.ANSWERED, "the answer of an earlier run to the same packet", kept.answer, sent=False)
        step = replace(step, reading=replace(step.reading, model=kept.model, error_type=""))
        row = replace(
            _row(self._scope, candidate, prompt, step, 1), cost_microdollars=0, cost_source="cache", estimated=False
        )
        try:
            self._ledger.add(row)
        except StoreError:
            return None  # asked again, where the same fault is told
        return self._reply(candidate, step, spent)

    def _reply(self, candidate: Candidate, step: Step, spent: Spent) -> Reply:
        return Reply(
            step.outcome,
            answer=step.answer,
            lane=candidate.lane.name,
            model=printable(step.reading.model),
            family=candidate.family,
            detail=step.detail,
            usage=spent.usage,
            cost_microdollars=spent.microdollars,
            host=_host(candidate) if spent.sent else "",
            below_class=candidate.below_class,
            seconds=spent.seconds,
            sent=spent.sent,
        )


def _host(candidate: Candidate) -> str:
    return candidate.lane.base_url.partition("://")[2].partition("/")[0]


def _row(scope: Scope, candidate: Candidate, prompt: Prompt, step: Step, number: int) -> Attempt:
    lane, reading = candidate.lane, step.reading
    cost, source, estimated = _cost(candidate, step)
    return Attempt(
        at=now(),
        scope=scope,
        packet_id=prompt.packet_id,
        vote=prompt.vote,
        attempt=number,
        lane=lane.name,
        api=lane.api,
        provider=candidate.provider,
        host=_host(candidate),
        data_class=lane.data_class,
        requested_model=lane.model,
        prompt_hash=digest(prompt.system),
        schema_hash=digest(prompt.schema),
        max_output_tokens=min(prompt.max_output_tokens, lane.max_output_tokens),
        outcome=step.outcome.value,
        response_model=printable(reading.model),
        response_id=printable(reading.response_id),
        stop_reason=printable(reading.stop_reason),
        http_status=step.status,
        error_type=printable(reading.error_type) if step.status and step.outcome is not Outcome.ANSWERED else "",
        retry_after=step.retry_after,
        quota=step.quota,
        seconds=round(step.seconds, 4),
        usage=numbers(reading.usage),
        tokens=reading.tokens or Tokens(),
        price_version=candidate.rates.version if candidate.rates else "",
        cost_microdollars=cost,
        cost_source=source,
        estimated=estimated,
        below_class=candidate.below_class,
        sent=step.sent,
    )


def _cost(candidate: Candidate, step: Step) -> tuple[int | None, str, bool]:
    """Micro-dollars, whose figure it is, and whether a rate stood in for one that is not known."""
    if not step.sent:
        return 0, "list", False
    if step.reading.cost_microdollars is not None:
        return step.reading.cost_microdollars, "provider", False
    if step.reading.tokens is None:
        # A status that is an error is not billed; what broke off or came back unreadable may have been.
        return (0, "list", True) if step.status >= 300 else (None, "", False)
    cost = cost_of(step.reading.tokens, candidate.rates)
    return cost.microdollars, "list" if cost.microdollars is not None else "", cost.estimated
