"""Holds an answer against what was sent. Nothing a model says counts before it is found there.

A fault of the whole answer (another packet, other ids, a missed canary) drops all of it; any other fault drops the one
entry. A clear that is dropped leaves its flag as it was, and every drop has its own code.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from trustgate.finding import Severity
from trustgate.opinion import CLEARED, CONFIRMED, PENDING, Quote
from trustgate.policy.unclearable import never_by_model
from trustgate.reviewer.packet import Flag, Packet
from trustgate.reviewer.persuasion import persuades
from trustgate.reviewer.pieces import NEAR, Row
from trustgate.reviewer.vocabulary import CLEAR_REASONS, CONFIRM_REASONS

if TYPE_CHECKING:
    from trustgate.reviewer.answer import Addition, Answer, FlagAnswer

SHORTEST_EVIDENCE = 8
"""characters, blanks not counted, of a quote"""
FAULTS = {
    "wrong-packet": "the answer names another packet",
    "ids-unknown": "the answer speaks of a flag that was not sent",
    "ids-twice": "the answer judges a flag twice",
    "ids-missing": "the answer leaves a flag out",
    "canary-missed": "the planted line was not reported: the model did not read to the end",
    "unsure": "the model is not sure",
    "could-not-review": "the model could not see the lines whole",
    "reason-mismatch": "the reason does not go with the decision",
    "quote-too-short": "the quote has fewer than 8 characters",
    "quote-unknown-file": "the quote names a file that was not sent",
    "quote-not-found": "the quoted text is not near the line it names",
    "quote-not-covering": "the quoted line is not the flagged one, nor near it",
    "quote-comment": "the quoted text is a comment or prose, and those claim things",
    "guard-missing": "no quote of what protects the place",
    "guard-not-found": "the quoted guard is not near the line it names",
    "guard-removed": "the quoted guard is a line that the change takes away",
    "guard-comment": "the quoted guard is a comment or prose",
    "guard-same-line": "the quoted guard is the flagged line itself",
    "flag-cut": "a changed line of the flag's place is not shown, or not to its end",
    "saw-instructions": "the change speaks to the reviewer, or hides text, so nothing in the packet is cleared",
    "not-clearable": "no model may clear this",
}


class Checked(NamedTuple):
    """One flag after the checks."""

    standing: str
    """CLEARED, CONFIRMED or PENDING"""
    code: str
    """the model's reason for the first two, a key of FAULTS else"""
    quotes: tuple[Quote, ...] = ()


class CheckedAddition(NamedTuple):
    addition: Addition
    quote: Quote | None
    """None where the quote was not found on an added line near the place named"""
    path: str
    """of the file that the addition names; empty for one that was not sent"""


class CheckedAnswer(NamedTuple):
    fault: str
    """a key of FAULTS where the whole answer is dropped, else empty"""
    flags: dict[str, Checked]
    """by flag id; every id that was sent"""
    additions: tuple[CheckedAddition, ...] = ()
    saw_instructions: bool = False


def check(packet: Packet, answer: Answer) -> CheckedAnswer:
    """What of an answer counts. Never raises for anything an answer can hold."""
    fault = _whole_fault(packet, answer)
    if fault:
        return CheckedAnswer(fault, {flag.id: Checked(PENDING, fault) for flag in packet.flags})
    said = {item.id: item for item in answer.flags}
    unseen = frozenset(answer.could_not_review)
    speaks = answer.saw_instructions or spoken_to(packet)
    flags = {}
    for flag in packet.flags:
        checked = _flag(packet, flag, said[flag.id], flag.id in unseen)
        if checked.standing == CLEARED and speaks:
            checked = Checked(PENDING, "saw-instructions")
        flags[flag.id] = checked
    additions = tuple(_addition(packet, item) for item in answer.additions if item.file != packet.canary_file)
    return CheckedAnswer("", flags, additions, speaks)


def spoken_to(packet: Packet) -> bool:
    """Whether the packet speaks to a reviewer, or hides text from one; a line that is taken away is read by it too."""
    gone = (row.shown for _, row in packet.rows if row.sign == "-")
    return bool(addressed(packet)) or any(shown.hidden or persuades(shown.text) for shown in gone)


def addressed(packet: Packet) -> list[tuple[str, int, str]]:
    """Path, line and words of what speaks to a reviewer or hides from one: in lines of the new side, and in paths."""
    found = []
    for file, row in packet.rows:
        if file == packet.canary_file or row.sign == "-":
            continue
        words = persuades(row.shown.text) or ("characters that nobody sees" if row.shown.hidden else "")
        if words:
            found.append((packet.paths[file - 1], row.number, words))
    return found + [(path, 0, words) for path in packet.paths[:-1] if (words := persuades(path))]


def _whole_fault(packet: Packet, answer: Answer) -> str:
    if answer.packet_id != packet.id:
        return "wrong-packet"
    sent = {flag.id for flag in packet.flags}
    named = [item.id for item in answer.flags]
    if not sent.issuperset(named) or not sent.issuperset(answer.could_not_review):
        return "ids-unknown"
    if len(set(named)) != len(named):
        return "ids-twice"
    if set(named) != sent:
        return "ids-missing"
    bad = ("+", packet.canary.bad)
    for item in answer.additions:
        found = _found(packet, item.quote, item.file, item.line)
        if item.file == packet.canary_file and any((row.sign, row.number) == bad for row in found):
            return ""
    return "canary-missed"


def _flag(packet: Packet, flag: Flag, said: FlagAnswer, unseen: bool) -> Checked:
    if said.decision == "unsure":
        return Checked(PENDING, "unsure")
    if said.reason not in (CLEAR_REASONS if said.decision == "clear" else CONFIRM_REASONS):
        return Checked(PENDING, "reason-mismatch")
    rows, fault = _evidence(packet, said.quote, said.file, said.line)
    row = next((row for row in rows if (row.sign, row.number) in flag.cover), rows[0] if rows else None)
    if said.decision == "confirm":
        if row is None or said.file != flag.file:
            return Checked(PENDING, fault or "quote-not-covering")
        return Checked(CONFIRMED, said.reason, (_quote(packet, said.file, row),))
    if flag.ask.finding is not None and never_by_model(flag.ask.finding):
        return Checked(PENDING, "not-clearable")
    if unseen:
        return Checked(PENDING, "could-not-review")
    if not flag.whole:
        return Checked(PENDING, "flag-cut")
    if row is None:
        return Checked(PENDING, fault)
    if said.file != flag.file or (row.sign, row.number) not in flag.cover:
        return Checked(PENDING, "quote-not-covering")
    if not _counts(said.quote, row):
        return Checked(PENDING, "quote-comment")
    quotes = [_quote(packet, said.file, row)]
    if flag.guard:
        if not said.guard_quote.strip():
            return Checked(PENDING, "guard-missing")
        guards, _ = _evidence(packet, said.guard_quote, said.guard_file, said.guard_line)
        if not guards or said.guard_file == packet.canary_file:
            return Checked(PENDING, "guard-not-found")
        guards = [guard for guard in guards if guard.sign != "-"]
        if not guards:
            return Checked(PENDING, "guard-removed")
        same = (said.file, row.sign, row.number)
        guards = [guard for guard in guards if (said.guard_file, guard.sign, guard.number) != same]
        if not guards:
            return Checked(PENDING, "guard-same-line")
        guard = next((guard for guard in guards if _counts(said.guard_quote, guard)), None)
        if guard is None:
            return Checked(PENDING, "guard-comment")
        quotes.append(_quote(packet, said.guard_file, guard))
    return Checked(CLEARED, said.reason, tuple(quotes))


def _addition(packet: Packet, item: Addition) -> CheckedAddition:
    path = packet.paths[item.file - 1] if 0 < item.file <= len(packet.paths) else ""
    rows, _ = _evidence(packet, item.quote, item.file, item.line)
    row = next((row for row in rows if row.sign == "+" and _counts(item.quote, row)), None)
    return CheckedAddition(item, _quote(packet, item.file, row) if row else None, path)


def _evidence(packet: Packet, quote: str, file: int, line: int) -> tuple[list[Row], str]:
    """The rows that a quote can mean, the nearest first, or the key of the fault."""
    if len(folded(quote).replace(" ", "")) < SHORTEST_EVIDENCE:
        return [], "quote-too-short"
    if not 0 < file <= len(packet.paths):
        return [], "quote-unknown-file"
    rows = _found(packet, quote, file, line)
    return rows, "" if rows else "quote-not-found"


def _found(packet: Packet, quote: str, file: int, line: int) -> list[Row]:
    """Rows of the file within NEAR lines that hold the quote; the nearest first, an added one before others as near."""
    wanted = folded(quote)
    if len(wanted.replace(" ", "")) < SHORTEST_EVIDENCE:
        return []
    near = (row for number, row in packet.rows if number == file and abs(row.number - line) <= NEAR)
    rows = [row for row in near if wanted in folded(_sent(packet, row))]
    return sorted(rows, key=lambda row: (abs(row.number - line), "+ -".index(row.sign)))


def _sent(packet: Packet, row: Row) -> str:
    return row.shown.code if packet.masked else row.shown.text


def _counts(quote: str, row: Row) -> bool:
    """Whether the quote is in the line's code: text of a comment, or of a line that is only comment, is a claim."""
    code = folded(row.shown.code.replace("<comment>", "\0"))
    wanted = folded(quote)
    if wanted in code:
        return True
    # a quote of the whole line with its remark: the code in it must be evidence by itself
    parts = [part.strip() for part in code.split("\0")]
    inside = [part for part in parts if part and part in wanted]
    return any(len(part.replace(" ", "")) >= SHORTEST_EVIDENCE for part in inside)


def folded(text: str) -> str:
    """NFC, with blanks folded: what two spellings of one line have in common."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _quote(packet: Packet, file: int, row: Row) -> Quote:
    return Quote(_sent(packet, row).strip()[:300], packet.paths[file - 1], row.number, row.sign)


def needs_second_vote(flag: Flag) -> bool:
    """A high flag is cleared by two answers: the second time comments are left out."""
    return flag.ask.severity >= Severity.HIGH
