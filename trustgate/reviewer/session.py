"""One review by models: escalated findings in, checked opinions out. Knows no lane; an `Asker` carries the packets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

from trustgate.attribution.origin import Attribution
from trustgate.facts import FileView
from trustgate.finding import BOUNDARIES, Confidence, Finding, Kind, Location, Severity, fingerprint
from trustgate.opinion import CLEARED, CONFIRMED, PENDING, REVIEWER, FlagReview, Opinion, Review, Reviewed
from trustgate.policy.data import DataRules
from trustgate.policy.raising import change_origins
from trustgate.reviewer.asking import Asker, DataClass, Outcome, Reply
from trustgate.reviewer.checking import Checked, CheckedAddition, CheckedAnswer, addressed, check, needs_second_vote
from trustgate.reviewer.drawing import Canary, canary_pool
from trustgate.reviewer.lattice import about_whole, after_votes, allowed
from trustgate.reviewer.packet import MOST_PACKETS, Ask, Draft, Packet, drafts, seal, whole_asks
from trustgate.reviewer.pieces import Piece, Reading
from trustgate.reviewer.redaction import RedactionError, Redactor
from trustgate.rulebook import Rulebook
from trustgate.secrets.detector import Detector
from trustgate.verdict import Action, Judged, Reason

CONTEXT_FILES, CONTEXT_BYTES = 12, 200_000
"""other files of the change that may fill a small packet: how many, and how large each may be"""
GIVE_UP = (Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.OFFLINE, Outcome.OVER_BUDGET)
"""outcomes after which further packets of the same class would only wait for the same end"""


class Case(NamedTuple):
    """What there is to review. Commit messages, authors and branch names are not part of it."""

    files: tuple[FileView, ...]
    judged: tuple[Judged, ...]
    reasons: tuple[Reason, ...]
    attribution: Attribution
    rulebook: Rulebook
    data: DataRules
    secret: bytes
    """of this machine, 16 bytes or more: see `drawing.py`"""


class Prepared(NamedTuple):
    """Packets that are ready, and flags that go with none."""

    case: Case
    drafts: tuple[Draft, ...]
    packets: tuple[Packet, ...]
    left: tuple[tuple[Ask, str], ...]
    redactor: Redactor
    pool: tuple[Canary, ...]
    fault: str = ""
    """why nothing at all may be sent"""


def askable(judged: Judged) -> bool:
    """Whether a finding waits for a reviewer, and a reviewer may clear it."""
    return judged.action >= Action.ESCALATE and judged.clearable == REVIEWER


def prepare(case: Case) -> Prepared | None:
    """The packets of a change, redacted; None when nothing waits for a reviewer. Nothing is sent here."""
    asked = list({item.finding: item for item in case.judged if askable(item)}.values())
    whole = [r for r in case.reasons if not r.finding and r.action >= Action.ESCALATE and r.clearable == REVIEWER]
    if not asked and not whole:
        return None
    redactor, pool = Redactor(Detector.from_rulebook(case.rulebook)), canary_pool(case.rulebook)
    wanted = {item.finding.location.path for item in asked}
    views = [view for view in case.files if whole or view.path in wanted or view.change.old_path in wanted]
    others = [view for view in case.files if view not in views and _small(view)][:CONTEXT_FILES]
    known = [item.finding for item in case.judged if item.action >= Action.WARN and not askable(item)]
    try:
        readings = [Reading(v, [i.finding for i in asked], redactor) for v in (*views, *others) if not v.problem]
        groups: dict[str, list[Piece]] = {}
        for reading in readings:
            view = reading.view
            groups.setdefault(case.data.of((view.path, view.change.old_path)), []).extend(reading.pieces())
        sorted_asks = _sorted_asks(asked, whole, groups)
        made, left = drafts([(name, groups[name], asks) for name, asks in sorted_asks.items()], known)
        left += tuple(_unreadable(case, asked, whole, groups))
        packets = tuple(
            seal(draft, redactor, secret=case.secret, pool=pool, rules_digest=case.rulebook.digest) for draft in made
        )
    except RedactionError as error:
        everything = tuple((_ask(item), "redaction-failed") for item in asked)
        everything += tuple((_whole(reason), "redaction-failed") for reason in whole)
        return Prepared(case, (), (), everything, redactor, pool, error.message)
    return Prepared(case, made, packets, left, redactor, pool)


def _small(view: FileView) -> bool:
    return max(view.change.old_size, view.change.new_size) <= CONTEXT_BYTES and not view.problem


def _ask(item: Judged) -> Ask:
    return Ask(item.finding, item.policy_line, item.finding.severity, item.finding.title)


def _whole(reason: Reason) -> Ask:
    return Ask(None, reason.policy_line, Severity.MEDIUM, reason.why)


def _sorted_asks(
    asked: Iterable[Judged], whole: Iterable[Reason], groups: dict[str, list[Piece]]
) -> dict[str, list[Ask]]:
    """Asks by data class. One whose file is nowhere stays out, and `_unreadable` names it."""
    found: dict[str, list[Ask]] = {}
    for item in asked:
        for name, pieces in groups.items():
            if any(piece.holds(item.finding) for piece in pieces):
                found.setdefault(name, []).append(_ask(item))
                break
    for reason in whole:
        for name, pieces in groups.items():
            found.setdefault(name, []).extend(whole_asks(reason.policy_line, reason.why, pieces))
    return found


def _unreadable(
    case: Case, asked: Iterable[Judged], whole: Iterable[Reason], groups: dict[str, list[Piece]]
) -> Iterable[tuple[Ask, str]]:
    pieces = [piece for group in groups.values() for piece in group]
    for item in asked:
        if not any(piece.holds(item.finding) for piece in pieces):
            yield _ask(item), "not-shown"
    shown = {piece.path for piece in pieces if piece.changed}
    for reason in whole:
        for view in case.files:
            if view.path not in shown:
                yield _whole(reason)._replace(where=view.path), "not-shown"


def show(prepared: Prepared | None) -> str:
    """Exactly the text that would leave, packet by packet."""
    if prepared is None:
        return "trustgate: nothing waits for a reviewer, so nothing would leave\n"
    if prepared.fault:
        return f"trustgate: nothing would leave: {prepared.fault}\n"
    parts = []
    for number, packet in enumerate(prepared.packets, 1):
        parts += [
            f"=== packet {number} of {len(prepared.packets)}: {packet.data_class}, {packet.size} bytes, ",
            f"{len(packet.flags)} flags, {packet.redactions} values taken out ===\n",
            f"--- system ---\n{packet.system}",
            f"--- user ---\n{packet.user}",
        ]
    for ask, code in prepared.left:
        where = _place(ask)
        parts.append(f"=== not sent: {where} ({code}) ===\n")
    return "".join(parts)


def ask(prepared: Prepared, asker: Asker) -> Reviewed:
    """Send the packets and check what comes back. Never raises for anything that an answer can hold."""
    case = prepared.case
    exclude = frozenset(origin.family for origin in change_origins(case.attribution) if origin.family)
    opinions: dict[Ask, Opinion] = {}
    additions: list[Finding] = []
    reviews: list[Review] = []
    down: dict[str, Reply] = {}
    for draft, packet in zip(prepared.drafts, prepared.packets, strict=True):
        if packet.data_class in down:
            last = down[packet.data_class]
            reply = Reply(last.outcome, lane=last.lane, detail=last.detail, sent=False)
            checked = _unanswered(packet, reply.outcome.value)
            replies, seconds = [reply], 0.0
        else:
            began = perf_counter()
            checked, replies = _one(prepared, draft, packet, asker, exclude)
            seconds = perf_counter() - began
            if replies[0].outcome in GIVE_UP:
                down[packet.data_class] = replies[0]
        said = {}
        for flag in packet.flags:
            result = checked.flags[flag.id]
            standing = allowed(flag.ask.finding, REVIEWER, result.standing)
            said[flag.ask] = Opinion(standing, result.code, REVIEWER, packet.id[:12], result.quotes)
        opinions.update(said)
        additions += [*_addressed(packet), *_added(packet, checked, prepared.redactor)]
        reviews.append(_review(packet, checked.fault, replies, said, seconds))
    if prepared.left:
        said = {item: Opinion(PENDING, code, REVIEWER, "") for item, code in prepared.left}
        opinions.update(said)
        reviews.append(_not_sent(prepared, said))
    return _reviewed(prepared, opinions, additions, reviews)


def _one(
    prepared: Prepared, draft: Draft, packet: Packet, asker: Asker, exclude: frozenset[str]
) -> tuple[CheckedAnswer, list[Reply]]:
    """One packet, and the second question about its high flags where the first answer clears any."""
    checked, reply = _asked(packet, asker, exclude)
    again = frozenset(
        flag.ask for flag in packet.flags if needs_second_vote(flag) and checked.flags[flag.id].standing == CLEARED
    )
    if not again:
        return checked, [reply]
    second = seal(
        draft,
        prepared.redactor,
        secret=prepared.case.secret,
        pool=prepared.pool,
        rules_digest=prepared.case.rulebook.digest,
        only=again,
        masked=True,
    )
    answer, other = _asked(second, asker, exclude)
    votes = {flag.ask: answer.flags[flag.id] for flag in second.flags}
    flags = {}
    for flag in packet.flags:
        first = checked.flags[flag.id]
        vote = votes.get(flag.ask)
        standing, code = after_votes(first.standing, vote.standing if vote else None, needed=needs_second_vote(flag))
        flags[flag.id] = first if not code else Checked(standing, code)
    found = (*checked.additions, *answer.additions)
    return CheckedAnswer(checked.fault, flags, found, checked.saw_instructions or answer.saw_instructions), [
        reply,
        other,
    ]


def _asked(packet: Packet, asker: Asker, exclude: frozenset[str]) -> tuple[CheckedAnswer, Reply]:
    reply = asker.ask(packet.prompt(), data_class=packet.data_class, exclude_families=exclude)
    if reply.outcome is not Outcome.ANSWERED:
        return _unanswered(packet, reply.outcome.value), reply
    from trustgate.reviewer.answer import AnswerFault, read_answer

    try:
        answer = read_answer(reply.answer)
    except AnswerFault as fault:
        wrong = replace(reply, outcome=Outcome.SCHEMA, answer=None, detail=f"the answer's shape is wrong at {fault}")
        return _unanswered(packet, Outcome.SCHEMA.value), wrong
    return check(packet, answer), reply


def _unanswered(packet: Packet, code: str) -> CheckedAnswer:
    return CheckedAnswer(code, {flag.id: Checked(PENDING, code) for flag in packet.flags})


def _addressed(packet: Packet) -> list[Finding]:
    """One finding for a packet whose change speaks to the reviewer: found by us, whatever the model says of it."""
    places = addressed(packet)
    if not places:
        return []
    path, line, words = places[0]
    more = f", and {len(places) - 1} more" if places[1:] else ""
    return [
        Finding(
            rule="reviewer-addressed",
            analyzer="reviewer",
            kind=Kind.INTEGRITY,
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            location=Location(path, line=line, end_line=line),
            title="The change speaks to its reviewer",
            message="Text beside the escalated lines tells a reviewer or a model what to say, or hides from one.",
            fingerprint=fingerprint("reviewer-addressed", path, "", words),
            tip="Nothing in this packet is cleared by a model. Take the text out, or let a person review the change.",
            evidence=(words + more,),
        )
    ]


def _added(packet: Packet, checked: CheckedAnswer, redactor: Redactor) -> list[Finding]:
    """Findings of the model's own: verified ones count, others are a note. On a confirmed flag they say nothing new."""
    confirmed = {
        (packet.paths[flag.file - 1], number)
        for flag in packet.flags
        if checked.flags[flag.id].standing == CONFIRMED
        for _, number in flag.cover
    }
    findings: dict[str, Finding] = {}
    for item in checked.additions:
        if item.quote is not None and (item.quote.path, item.quote.line) in confirmed:
            continue
        found = _finding(packet, item, redactor)
        findings.setdefault(found.fingerprint, found)
    return list(findings.values())


def _finding(packet: Packet, item: CheckedAddition, redactor: Redactor) -> Finding:
    verified = item.quote is not None
    rule = "reviewer-found" if verified else "reviewer-unverified"
    path = item.path or packet.paths[0]
    text = item.quote.text if item.quote is not None else redactor.redacted(item.addition.quote)[:200]
    line = item.quote.line if item.quote is not None else 0
    what = item.addition.category
    if verified:
        title = f"A reviewer found a fault: {what}"
        message = "The model that read the escalated lines quotes this line, and code found the quote in the change."
        tip = "Read the line. A model can be wrong: an exception accepts it, with a reason."
    else:
        title = f"A reviewer says that something is wrong, with an unverified quote: {what}"
        message = "The text that the model quotes is not on an added line near the place it names."
        tip = "Worth a look when other signs point the same way."
    return Finding(
        rule=rule,
        analyzer="reviewer",
        kind=Kind.FLAW,
        severity=Severity[item.addition.severity.upper()] if verified else Severity.LOW,
        confidence=Confidence.MEDIUM if verified else Confidence.LOW,
        location=Location(path, line=line, end_line=line),
        title=title,
        message=message,
        fingerprint=fingerprint(rule, path, what, text),
        boundary=what if what in BOUNDARIES else "",
        tip=tip,
        evidence=(text,) if text else (),
    )


def _review(packet: Packet, fault: str, replies: Sequence[Reply], said: dict[Ask, Opinion], seconds: float) -> Review:
    first, last = replies[0], replies[-1]
    costs = [reply.cost_microdollars for reply in replies]
    paths = packet.paths[:-1]
    return Review(
        id=packet.id[:12],
        outcome=fault or last.outcome.value,
        detail=(first.detail or last.detail)[:300],
        data_class=packet.data_class,
        sent=any(reply.sent for reply in replies),
        lane=first.lane[:100],
        model=first.model[:100],
        host=first.host[:200],
        below_class=any(reply.below_class for reply in replies),
        files=paths,
        lines=sum(file <= len(paths) for file, _ in packet.rows),
        bytes=packet.size,
        redactions=packet.redactions,
        votes=len(replies),
        flags=tuple(_flag_review(asked, opinion) for asked, opinion in said.items()),
        not_sent=packet.not_sent,
        input_tokens=sum(reply.usage.input for reply in replies),
        output_tokens=sum(reply.usage.output for reply in replies),
        cost_microdollars=sum(cost for cost in costs if cost is not None) if None not in costs else None,
        seconds=seconds,
    )


def _not_sent(prepared: Prepared, said: dict[Ask, Opinion]) -> Review:
    detail = prepared.fault or f"these flags are in no packet; a change gets {MOST_PACKETS} packets at most"
    return Review(
        id="",
        outcome="redaction_failed" if prepared.fault else "not_sent",
        detail=detail[:300],
        data_class=DataClass.INTERNAL.label,
        flags=tuple(_flag_review(asked, opinion) for asked, opinion in said.items()),
    )


def _flag_review(asked: Ask, opinion: Opinion) -> FlagReview:
    finding = asked.finding
    if finding is None:
        return FlagReview("", asked.policy_line, asked.where, 0, opinion)
    return FlagReview(finding.fingerprint, finding.rule, finding.location.path, finding.location.line, opinion)


def _place(asked: Ask) -> str:
    finding = asked.finding
    if finding is None:
        return f"{asked.policy_line} {asked.where}".strip()
    return f"{finding.rule} {finding.location.path}:{finding.location.line}"


def _reviewed(
    prepared: Prepared, opinions: dict[Ask, Opinion], additions: list[Finding], reviews: list[Review]
) -> Reviewed:
    on_findings = {item.finding: opinion for item, opinion in opinions.items() if item.finding is not None}
    parts: dict[str, list[Opinion]] = {}
    for item, opinion in opinions.items():
        if item.finding is None:
            parts.setdefault(item.policy_line, []).append(opinion)
    about_change = {
        line: about_whole(mine, sum(o.standing == PENDING for o in mine), reviews[0].id if reviews else "")
        for line, mine in parts.items()
    }
    return Reviewed(on_findings, about_change, tuple(additions), tuple(reviews))
