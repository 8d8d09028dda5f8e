"""The sentences that every report says in the same words. They may quote the diff: each format escapes them itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from trustgate.attribution.origin import Hosting, Origin, OriginClass, Trust
from trustgate.errors import EXIT_BLIND, EXIT_FOUND, EXIT_PENDING
from trustgate.finding import Location, Side
from trustgate.verdict import Action, Decision, Judged, Reason, Verdict

if TYPE_CHECKING:
    from trustgate.opinion import Review

_ENDS = {EXIT_FOUND: "blocked", EXIT_BLIND: "stopped: could not be judged", EXIT_PENDING: "left pending for a review"}
_SAID = {
    Trust.NONE: "on no evidence",
    Trust.WEAK: "suggested by",
    Trust.DECLARED: "declared by",
    Trust.RECORDED: "recorded by",
    Trust.FORGE: "verified by the forge from",
    Trust.SIGNED: "signed in",
}
_LEADS = (
    (Action.BLOCK, "blocks this change", "block this change"),
    (Action.ESCALATE, "waits for a review before merge", "wait for a review before merge"),
    (Action.WARN, "is a warning", "are warnings"),
)
_CLASSES = {
    OriginClass.SUGGESTED: "suggested by a model",
    OriginClass.ASSISTED: "written with a model's help",
    OriginClass.AUTOMATION: "automation",
    OriginClass.DECLARED_NO_AI: "declared to be without AI",
}


def ranked(verdict: Verdict) -> list[Judged]:
    """Every finding, worst first: action, severity, confidence, then place."""

    def key(item: Judged) -> tuple[int, int, int, int, str, int, str]:
        found = item.finding
        where = found.location
        return (-item.action, -found.severity, -found.confidence, -found.score, where.path, where.line, found.rule)

    return sorted(verdict.findings, key=key)


def shown(verdict: Verdict) -> tuple[list[Judged], list[Judged]]:
    """The findings to show in full (warn and above), and those for the short list: notes, not at the commit stage.

    What an exception accepted is counted, not shown.
    """
    order = [item for item in ranked(verdict) if not item.suppressed_by and not item.cleared_by]
    full = [item for item in order if item.action >= Action.WARN]
    notes = [item for item in order if item.action is Action.NOTE] if verdict.stage != "commit" else []
    return full, notes


def cleared(verdict: Verdict) -> list[Judged]:
    """Findings that a review cleared, with quotes."""
    return [item for item in ranked(verdict) if item.cleared_by]


def accepted(verdict: Verdict) -> list[Judged]:
    """Findings that an exception accepted."""
    return [item for item in ranked(verdict) if item.suppressed_by]


def fresh(item: Judged, told: str) -> list[str]:
    """The pieces of evidence that say more than the message and `told`, the lines that are shown."""
    said = "".join(f"{item.finding.message} {told}".split())
    return [text for text in item.finding.evidence if "".join((text.partition(": ")[2] or text).split()) not in said]


def opinion(verdict: Verdict, item: Judged) -> str:
    """What a review said of a finding: `cleared: guard_moved; app/api.py:12 "+ require_role(…)"; by M`. Or nothing."""
    found = item.finding
    for review in verdict.reviews:
        for flag in review.flags:
            if (flag.finding, flag.path, flag.line) == (found.fingerprint, found.location.path, found.location.line):
                said = flag.opinion
                quotes = "".join(f'; {q.path}:{q.line} "{q.sign} {clip(q.text, 160)}"' for q in said.quotes)
                return f"{said.standing}: {said.code}{quotes}" + (f"; by {review.model}" if review.model else "")
    return ""


def reviews(verdict: Verdict) -> list[str]:
    """A line for each packet: what left, to whom, and what came back."""
    return [_review(review) for review in verdict.reviews]


def _review(review: Review) -> str:
    standings = Counter(flag.opinion.standing for flag in review.flags)
    codes = sorted({flag.opinion.code for flag in review.flags if flag.opinion.standing == "pending"})
    came = ", ".join(f"{standings[name]} {name}" for name in ("cleared", "confirmed", "pending") if standings[name])
    came += f" ({', '.join(codes)})" if codes else ""
    if review.outcome == "approved":
        return f"{clip(review.detail, 300)}; {came}"
    if not review.sent:
        why = f": {clip(review.detail, 200)}" if review.detail else ""
        return f"nothing left this machine ({review.outcome}{why}); {came}"
    what = f"{counted(len(review.files), 'file')}, {counted(review.lines, 'line')}, {review.bytes} bytes"
    what += f" ({review.data_class}; {counted(review.redactions, 'value')} taken out)"
    to = review.model or "a model"
    to += f" at {review.host}" if review.host else ""
    to += f" (lane {review.lane})" if review.lane else ""
    parts = [f"{what} went to {to}: {came or 'nothing asked'}"]
    if review.outcome != "answered":
        parts.append(f"the answer does not count ({review.outcome})")
    if review.below_class:
        parts.append("reviewed by a model below the required class")
    if review.not_sent:
        more = f" and {len(review.not_sent) - 5} more" if len(review.not_sent) > 5 else ""
        parts.append(f"did not go along: {', '.join(review.not_sent[:5])}{more}")
    return "; ".join(parts)


def lead(verdict: Verdict) -> str:
    """The decision as a sentence: `2 findings block this change, 3 wait for a review before merge.` Or nothing."""
    live = Counter(item.action for item in verdict.findings if not item.suppressed_by and not item.cleared_by)
    about = {reason.action for reason in whole(verdict)}
    said: list[str] = []
    for action, one, many in _LEADS:
        ends = f" {one}", f" {many}"
        if live[action]:
            number = f"{live[action]} more" if said else counted(live[action], "finding")
            said.append(number + ends[live[action] > 1])
        if action in about:
            said.append(f"the change as a whole{ends[0]}")
    if said:
        text = ", ".join(said)
        return f"{text[0].upper()}{text[1:]}."
    return "Nothing in this change needs you." if verdict.decision is Decision.ALLOW and verdict.complete else ""


def steps(verdict: Verdict) -> list[str]:
    """What to do next, a sentence each, commands between backticks. Empty when there is nothing to do."""
    taken = actions(verdict)
    full = [item for item in verdict.findings if item.action >= Action.WARN and not item.suppressed_by]
    said = []
    if any(skip.error for skip in verdict.skips):
        said.append("Put right what could not be judged and run again: until then nobody can say what is in it.")
    if full:
        again = reproduce(verdict)
        here = f" `{again}` shows the same on your machine." if again else ""
        said.append(f"Fix the change: each finding says how.{here}")
    if Action.ESCALATE in taken and verdict.stage != "commit":
        people = "an approving review of the head commit, `trustgate approve`, or a reviewer lane"
        said.append(f"Get a review of what waits for one: {people}.")
    if full:
        said.append(
            "Where a finding is intended, an owner accepts it on the target branch: "
            "`trustgate accept ID --reason … --expires …`, with the id at the finding."
        )
    return said


def reproduce(verdict: Verdict) -> str:
    """The command that reviews the same change on another machine, or nothing where it has no ids."""
    if verdict.head in ("index", "worktree"):
        return "trustgate review --staged" if verdict.head == "index" else "trustgate review"
    ids = _range(verdict)
    return f"trustgate review --diff {ids}" if ids else ""


def difference(verdict: Verdict) -> str:
    """The command that shows the whole change, or nothing where it has no ids."""
    ids = _range(verdict)
    return f"git diff {ids}" if ids else ""


def _range(verdict: Verdict) -> str:
    ids = (verdict.diff_base[:12], verdict.head[:12])
    return "..".join(ids) if all(len(oid) == 12 and set(oid) <= set("0123456789abcdef") for oid in ids) else ""


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """`text` as prose and, where True, as the code that stood between a pair of backticks. Each is escaped by itself.

    Whatever the text is, a format that escapes both kinds stays whole.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:  # the last backtick has no partner
        parts[-2:] = [f"{parts[-2]}`{parts[-1]}"]
    for number, part in enumerate(parts):
        if part:
            yield part, number % 2 == 1


def whole(verdict: Verdict) -> list[Reason]:
    """Reasons about the change as a whole: no finding stands for them."""
    return [reason for reason in verdict.reasons if not reason.finding]


def actions(verdict: Verdict) -> set[Action]:
    """Every action that counts: of findings that no exception accepted, and of reasons about the whole change."""
    taken = {item.action for item in verdict.findings if not item.suppressed_by}
    return taken | {reason.action for reason in whole(verdict)}


def silent(verdict: Verdict) -> bool:
    """True when the hook has nothing to say."""
    full, _ = shown(verdict)
    return verdict.stage == "commit" and verdict.decision is Decision.ALLOW and verdict.complete and not full


def headline(verdict: Verdict) -> str:
    """What a reader must know before anything else, or the empty string.

    A run that could not judge says that no full review took place; the `advise` preset says what would have happened.
    """
    parts = []
    if not verdict.complete:
        count = sum(skip.error for skip in verdict.skips)
        things = "1 thing" if count == 1 else f"{count} things" if count else "something"
        parts.append(f"no full review took place: {things} could not be judged")
    if verdict.preset == "advise":
        end = _ENDS.get(verdict.would_have)
        parts.append(
            f"advice only: this change would have been {end} (exit {verdict.would_have}); nothing is enforced"
            if end
            else "advice only: this change would have passed"
        )
    return "; ".join(parts)


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def counts(items: Iterable[Judged | Reason]) -> str:
    """`2 block, 1 escalate, 3 notes`, and how many findings were accepted by an exception."""
    items = tuple(items)
    live = Counter(item.action for item in items if not _accepted(item) and not _is_cleared(item))
    parts = []
    for action in (Action.BLOCK, Action.ESCALATE, Action.WARN, Action.NOTE):
        number = live[action]
        if number:
            parts.append(counted(number, action.label) if action is Action.NOTE else f"{number} {action.label}")
    accepted = sum(map(_accepted, items))
    through = sum(map(_is_cleared, items))
    parts += [f"{through} cleared in review"] if through else []
    return ", ".join((parts or ["no findings"]) + ([f"{accepted} accepted"] if accepted else []))


def _is_cleared(item: Judged | Reason) -> bool:
    return isinstance(item, Judged) and bool(item.cleared_by)


def _accepted(item: Judged | Reason) -> bool:
    return isinstance(item, Judged) and bool(item.suppressed_by)


def coverage(verdict: Verdict) -> str:
    """`5 files, 5 analysed`, and what was not judged or proven mechanical."""
    parts = [f"{counted(verdict.files_seen, 'file')}, {verdict.files_analysed} analysed"]
    blind = sum(skip.error for skip in verdict.skips)
    if blind:
        parts.append(f"{blind} could not be judged")
    if verdict.mechanical:
        parts.append(f"{len(verdict.mechanical)} proven mechanical")
    return ", ".join(parts)


def summary(verdict: Verdict, seconds: float | None = None) -> str:
    """The line that closes every run, also one without findings."""
    code = f"exit {verdict.exit_code}"
    if verdict.would_have != verdict.exit_code and verdict.preset == "advise":
        code += f", would have been {verdict.would_have}"
    parts = [f"{verdict.decision.label} ({code}): {counts((*verdict.findings, *whole(verdict)))}", coverage(verdict)]
    if seconds is not None:
        parts.append(f"{seconds:.2f} s")
    return "; ".join(parts)


def pending(verdict: Verdict) -> str:
    """The ways out of an escalation in one line, or the empty string when nothing is escalated."""
    if Action.ESCALATE not in actions(verdict):
        return ""
    mend = "put right what is escalated"
    accept = "accept it on the target branch with `trustgate accept FINGERPRINT --reason … --expires …`"
    if verdict.stage == "commit":
        return f"escalated findings do not stop a commit; before merge: {mend}, or {accept}"
    people = "name a reviewer lane, `trustgate approve`, an approving review of the head commit"
    return f"pending a review before merge; ways out: {mend}, {people}, or {accept}"


def origin(item: Origin) -> str:
    """`Claude Code, glm-5.2 (open weights, CN), declared by trailer 1a2b3c4`."""
    who = ", ".join(part for part in (item.agent, item.model) if part)
    if not who:
        who = nameless(item.origin_class)
    elif item.origin_class in _CLASSES:
        who += f", {_CLASSES[item.origin_class]}"
    about = ["open weights"] if item.open_weights else []
    if item.hosting is not Hosting.UNKNOWN:
        about.append(item.hosting.value)
    about += [part for part in (item.jurisdiction or item.vendor_jurisdiction,) if part]
    if about:
        who += f" ({', '.join(about)})"
    if item.provider:
        who += f" served by {item.provider}"
    if item.evidence and item.trust is not Trust.NONE:
        first = item.evidence[0]
        if first.kind == "declared":
            return f"{who}, declared by hand"
        who += f", {_SAID[item.trust]} {first.kind} {first.commit[:7]}".rstrip()
    return who


def nameless(origin_class: OriginClass) -> str:
    """Who wrote it, where neither agent nor model is known."""
    return _CLASSES.get(origin_class, "a model" if origin_class is OriginClass.GENERATED else "unknown")


def origin_of(verdict: Verdict, item: Judged | Reason) -> str:
    """The origin beside a finding, in few words: the report says all of it once, at its end."""
    for share in verdict.origins:
        if share.origin.id == item.origin:
            return brief(share.origin, share.raised)
    known = next((known for known in verdict.attribution.origins if known.id == item.origin), None)
    return brief(known, False) if known else "unknown"


def brief(item: Origin, raised: bool) -> str:
    """`glm-5.2 through crush, raised`."""
    who = " through ".join(part for part in (item.model, item.agent) if part)
    return (who or _CLASSES.get(item.origin_class, "unknown")) + (", raised" if raised else "")


def weight(item: Judged) -> str:
    """`high severity, high confidence, network`."""
    found = item.finding
    parts = [f"{found.severity.label} severity", f"{found.confidence.label} confidence"]
    return ", ".join([*parts, found.boundary] if found.boundary else parts)


def position(where: Location) -> str:
    """`:12:34`, or nothing for a file as a whole."""
    return f":{where.line}:{where.column}" if where.line else ""


def removed(item: Judged) -> bool:
    return item.finding.location.side is Side.OLD


def standing(verdict: Verdict) -> Callable[[Judged], tuple[str, int]]:
    """By finding, the path and line of the new side where a forge can show it; line 0 for a file as a whole.

    A finding on a removed line stands on the nearest line that is left, in a renamed file under its new name.
    """
    anchors, names = dict(verdict.anchors), dict(verdict.renamed)

    def place(item: Judged) -> tuple[str, int]:
        where = item.finding.location
        if not removed(item):
            return where.path, where.line
        return names.get(where.path, where.path), anchors.get(f"{item.finding.fingerprint}@{where.line}", 1)

    return place


def accept(item: Judged) -> str:
    """The first 16 digits of the fingerprint are enough to name it."""
    return f"trustgate accept {item.finding.fingerprint[:16]} --reason … --expires …"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, with a sign where the rest was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
