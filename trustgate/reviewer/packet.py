"""Packets: what of a change goes to a reviewer, and the exact bytes in which it goes.

No title, message, author, branch or instruction file of the repository is in a packet. Every line of the change begins
with a nonce that is drawn for the packet, so no text of the change can end it or add to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from trustgate.errors import CannotJudge
from trustgate.escape import visible
from trustgate.finding import Finding, Kind, Severity, Side
from trustgate.reviewer.asking import Prompt
from trustgate.reviewer.drawing import Canary, Drawing
from trustgate.reviewer.instructions import SYSTEM, VERSION
from trustgate.reviewer.pieces import NEAR, Piece, Row
from trustgate.reviewer.redaction import Redactor
from trustgate.reviewer.vocabulary import SCHEMA_NAME

FORM = 1
"""of the user part; goes into every packet's key"""
PACKET_LIMIT = 42_000
"""bytes of lines in one packet, about 14,000 tokens"""
TYPICAL = 8_000
"""bytes up to which hunks without a flag are added: a typical packet stays below 5,000 tokens in all"""
MOST_PACKETS = 6
MOST_FLAGS = 40
"""flags of one packet"""
MOST_KNOWN = 20
TITLE = 160
OUTPUT_BASE, OUTPUT_A_FLAG = 1_200, 160
"""tokens an answer may take: for its frame and additions, and for each flag"""
FRAME = ("packet_id: ", "nonce: ", "files:", "flags (", "also found", "change:")
"""beginnings of the only lines of a packet that are ours"""
KINDS = ("<SECRET:", "<MAIL#", "<PHONE#", "<IP#", "<CARD#", "<RECORD#", "<USER#")
"""how the placeholders of redaction begin"""
TAINTED = ("injection", "deserialization")
"""boundaries in which a clear names what makes the input safe"""


class Ask(NamedTuple):
    """A flag before it has an id: one finding, or one part of a reason about the whole change."""

    finding: Finding | None
    policy_line: str
    severity: Severity
    title: str
    part: int = -1
    """index of the piece, of an ask without a finding"""
    where: str = ""
    """that piece in words"""


class Flag(NamedTuple):
    id: str
    ask: Ask
    file: int
    line: int
    sign: str
    cover: frozenset[tuple[str, int]]
    """signs and numbers of the lines that can stand for the flag: its own, and those near it"""
    guard: bool
    """a clear needs a second quote, of what protects the place"""
    whole: bool
    """False when a changed line of the flag's place is not shown, or not to its end: it can not be cleared"""


class Draft(NamedTuple):
    """The content of one packet, before nonce, id and canary."""

    pieces: tuple[Piece, ...]
    asks: tuple[tuple[Ask, int], ...]
    """each with the index of its piece"""
    known: tuple[Finding, ...]
    """other findings in these pieces, told neutrally"""
    data_class: str
    not_sent: tuple[str, ...] = ()
    partly: frozenset[Ask] = frozenset()
    """asks whose place has changed lines that do not go along"""


class Packet(NamedTuple):
    id: str
    key: str
    """hex sha256 over content, rules, prompt and schema: equal for an equal question"""
    nonce: str
    paths: tuple[str, ...]
    """by file number minus 1, the canary's last"""
    rows: tuple[tuple[int, Row], ...]
    """file number and row, the canary's included"""
    flags: tuple[Flag, ...]
    canary: Canary
    canary_file: int
    system: str
    user: str
    data_class: str
    redactions: int
    not_sent: tuple[str, ...]
    masked: bool
    """comments were left out: the second question"""

    @property
    def size(self) -> int:
        """Bytes of the whole prompt."""
        return len(self.system.encode()) + len(self.user.encode())

    def prompt(self) -> Prompt:
        from trustgate.reviewer.answer import answer_schema

        return Prompt(
            system=self.system,
            user=self.user,
            schema_name=SCHEMA_NAME,
            schema=answer_schema(),
            max_output_tokens=OUTPUT_BASE + OUTPUT_A_FLAG * len(self.flags),
            packet_id=self.id,
            vote=2 if self.masked else 1,
        )


def drafts(
    groups: Iterable[tuple[str, Sequence[Piece], Sequence[Ask]]], known: Sequence[Finding]
) -> tuple[tuple[Draft, ...], tuple[tuple[Ask, str], ...]]:
    """Packets to send, and the asks that go with none, each with the reason. Groups are (data class, pieces, asks)."""
    made: list[Draft] = []
    left: list[tuple[Ask, str]] = []
    for data_class, pieces, asks in groups:
        placed: dict[int, list[Ask]] = {}
        for ask in asks:
            index = _place(ask, pieces)
            if index is None:
                left.append((ask, "not-shown"))
            else:
                placed.setdefault(index, []).append(ask)
        for mine in placed.values():
            left += [(ask, "over-packet-limit") for ask in mine[MOST_FLAGS:]]
            del mine[MOST_FLAGS:]
        made += _packed(data_class, pieces, placed, known)
    made.sort(key=lambda draft: -max((ask.severity for ask, _ in draft.asks), default=0))
    for draft in made[MOST_PACKETS:]:
        left += [(ask, "over-packet-limit") for ask, _ in draft.asks]
    return tuple(made[:MOST_PACKETS]), tuple(left)


def whole_asks(policy_line: str, title: str, pieces: Sequence[Piece]) -> tuple[Ask, ...]:
    """One ask for each piece: a reason about the whole change is cleared only when every part of it is."""
    return tuple(
        Ask(None, policy_line, Severity.MEDIUM, title, index, named(piece))
        for index, piece in enumerate(pieces)
        if piece.changed
    )


def _place(ask: Ask, pieces: Sequence[Piece]) -> int | None:
    if ask.finding is None:
        return ask.part
    return next((index for index, piece in enumerate(pieces) if piece.changed and piece.holds(ask.finding)), None) or (
        next((index for index, piece in enumerate(pieces) if piece.holds(ask.finding)), None)
    )


def _packed(
    data_class: str, pieces: Sequence[Piece], placed: dict[int, list[Ask]], known: Sequence[Finding]
) -> list[Draft]:
    """Pieces with flags first, worst first, as many to a packet as fit; then what else those flags are about as long as
    it fits, and others while a packet stays small."""
    order = sorted(placed, key=lambda index: (-max(a.severity for a in placed[index]), -len(placed[index]), index))
    bins: list[list[int]] = []
    for index in order:
        for taken in bins:
            size = sum(pieces[i].size for i in taken) + pieces[index].size
            flags = sum(len(placed[i]) for i in taken) + len(placed[index])
            if size <= PACKET_LIMIT and flags <= MOST_FLAGS:
                taken.append(index)
                break
        else:
            bins.append([index])
    made = []
    for taken in bins:
        own, near = set(taken), {pieces[i].path for i in taken}
        size = sum(pieces[i].size for i in taken)
        mine = [ask.finding for i in taken for ask in placed[i] if ask.finding is not None]
        rest = [i for i in range(len(pieces)) if i not in taken and pieces[i].changed]
        places = {finding.location.path for finding in mine}
        same = [i for i in rest if pieces[i].path in places or pieces[i].old_path in places]
        about = {i for i in same if any(pieces[i].holds(finding) for finding in mine)}
        for index in sorted(rest, key=lambda i: (i not in about, pieces[i].path not in near, i)):
            if index in placed and index not in about:
                continue
            if size + pieces[index].size <= (PACKET_LIMIT if index in about else TYPICAL):
                taken.append(index)
                size += pieces[index].size
        taken.sort()
        chosen = tuple(pieces[i] for i in taken)
        asks = tuple((ask, position) for position, i in enumerate(taken) for ask in placed.get(i, ()) if i in own)
        told = tuple(f for f in known if any(piece.holds(f) for piece in chosen))[:MOST_KNOWN]
        missing = tuple(named(pieces[i]) for i in range(len(pieces)) if i not in taken and pieces[i].changed)
        unseen = [pieces[i] for i in about if i not in taken]
        partly = (ask for ask, _ in asks if ask.finding and any(piece.holds(ask.finding) for piece in unseen))
        made.append(Draft(chosen, asks, told, data_class, missing, frozenset(partly)))
    return made


def named(piece: Piece) -> str:
    numbers = [row.number for row in piece.rows if row.sign == "+"] or [
        row.number for row in piece.rows if row.sign == "-"
    ]
    return f"{piece.path}:{numbers[0]}-{numbers[-1]}" if numbers else piece.path


def seal(
    draft: Draft,
    redactor: Redactor,
    *,
    secret: bytes,
    pool: Sequence[Canary],
    rules_digest: str,
    only: frozenset[Ask] | None = None,
    masked: bool = False,
) -> Packet:
    """The packet as it would leave. With `masked` comments are left out; `only` asks again about some of the flags.

    Raises RedactionError when a value that was taken out is still in it.
    """
    paths = tuple(dict.fromkeys(piece.path for piece in draft.pieces))
    number = {path: index for index, path in enumerate(paths, 1)}
    rows = tuple((number[piece.path], row) for piece in draft.pieces for row in piece.rows)
    asks = tuple(item for item in draft.asks if only is None or item[0] in only)
    flags = tuple(
        _flag(f"Q{index}", ask, draft.pieces[place], number[draft.pieces[place].path], ask in draft.partly)
        for index, (ask, place) in enumerate(asks, 1)
    )

    def safe(text: str) -> str:
        return visible(redactor.redacted(text))

    languages = {piece.path: piece.language for piece in draft.pieces}
    files = [f"{number[path]}|file|{languages[path]}|{safe(path)}" for path in paths]
    asked = [_flag_line(flag, safe) for flag in flags]
    told = [_known_line(finding, number, safe) for finding in draft.known if _number(finding, number, draft)]
    body = _body(rows, masked)
    content = "\n".join([*files, *asked, *told, *body])
    redactor.assert_clean(content)
    key = sha256(
        "\0".join((str(FORM), VERSION, rules_digest, draft.data_class, str(masked), content)).encode(
            "utf-8", "surrogateescape"
        )
    ).hexdigest()
    drawing = Drawing(secret, key.encode())
    canary, canary_file = drawing.canary(pool), len(paths) + 1
    nonce = drawing.nonce(content + SYSTEM)
    from trustgate.reviewer.sheet import Shown

    planted = tuple(
        (canary_file, Row("+", line, Shown(text, text, False))) for line, text in enumerate(canary.lines, 1)
    )
    files.append(f"{canary_file}|file|{_language(canary.path)}|{canary.path}")
    packet_id = drawing.packet_id()
    lines = [
        f"packet_id: {packet_id}",
        f"nonce: {nonce}",
        "",
        "files:",
        *(f"{nonce}|{line}" for line in files),
        "",
        "flags (id|rule|kind|severity|confidence|file|sign and line|what a clear needs|title):",
        *(f"{nonce}|{line}" for line in asked),
    ]
    if told:
        lines += ["", "also found, judged elsewhere:", *(f"{nonce}|{line}" for line in told)]
    lines += ["", "change:", *(f"{nonce}|{line}" for line in (*body, *_body(planted, False)))]
    if any("\n" in line for line in lines):
        raise CannotJudge("a line of a packet would break in two", "report this as a bug")
    user = "\n".join(lines) + "\n"
    if not all(line.startswith((nonce, *FRAME)) for line in lines if line):
        raise CannotJudge("a line of the change would stand in a packet without its nonce", "report this as a bug")
    return Packet(
        packet_id,
        key,
        nonce,
        (*paths, canary.path),
        (*rows, *planted),
        flags,
        canary,
        canary_file,
        SYSTEM,
        user,
        draft.data_class,
        sum(map(content.count, KINDS)),
        draft.not_sent,
        masked,
    )


def _language(path: str) -> str:
    from trustgate.syntax.paths import language_of

    return language_of(path)


def _number(finding: Finding, number: dict[str, int], draft: Draft) -> int:
    path = finding.location.path
    renamed = {piece.old_path: piece.path for piece in draft.pieces}
    return number.get(path) or number.get(renamed.get(path, ""), 0)


def _body(rows: Iterable[tuple[int, Row]], masked: bool) -> list[str]:
    lines, last = [], (0, 0)
    for file, row in rows:
        if file == last[0] and row.sign != "-" and row.number > last[1] + 1 and last[1]:
            lines.append(f"{file}|...")
        text = row.shown.code if masked else row.shown.text
        lines.append(f"{file}|{row.number}|{row.sign}|{text}{' …cut' if row.shown.cut else ''}")
        if row.sign != "-" or file != last[0]:
            last = (file, row.number if row.sign != "-" else 0)
    return lines


def _flag_line(flag: Flag, safe: Callable[[str], str]) -> str:
    finding = flag.ask.finding
    rule, kind, sure = (finding.rule, finding.kind.value, finding.confidence.label) if finding else (
        flag.ask.policy_line, "change", "medium")  # fmt: skip
    needs = "quote and guard" if flag.guard else "quote"
    place = f"{flag.sign}{flag.line}" if flag.line else "whole file"
    title = safe(flag.ask.title)[:TITLE]
    return f"{flag.id}|{rule}|{kind}|{flag.ask.severity.label}|{sure}|{flag.file}|{place}|{needs}|{title}"


def _known_line(finding: Finding, number: dict[str, int], safe: Callable[[str], str]) -> str:
    at = finding.location
    sign = "-" if at.side is Side.OLD else "+"
    title = safe(finding.title)[:TITLE]
    return f"{finding.rule}|{finding.severity.label}|{number.get(at.path, 0)}|{sign}{at.line}|{title}"


def _flag(flag_id: str, ask: Ask, piece: Piece, file: int, partly: bool) -> Flag:
    """Which lines of the piece can stand for the flag: added ones where there are any, else removed ones."""
    finding = ask.finding
    at = finding.location if finding else None
    first = at.line if at else 0
    last = max(first, at.end_line) if at else 0
    sign = "-" if at is not None and at.side is Side.OLD else "+"
    cover = _near(piece, sign, first, last)
    line = first
    if not cover and sign == "+":  # an edit that only takes away: what is gone stands for it
        sign, cover = "-", _near(piece, "-", 0, 0)
        line = min((number for _, number in cover), default=first) if first else 0
    tainted = finding is not None and finding.boundary in TAINTED and finding.kind is not Kind.TOUCH
    own = [row for row in piece.rows if first and first <= row.number <= last and (row.sign == "-") is (sign == "-")]
    whole = not partly and not any(row.shown.cut for row in own)
    whole = whole and not any(row.shown.cut for row in piece.rows if (row.sign, row.number) in cover)
    return Flag(flag_id, ask, file, line, sign, cover, sign == "-" or tainted, whole)


def _near(piece: Piece, sign: str, first: int, last: int) -> frozenset[tuple[str, int]]:
    """Rows of one sign near the span, or all of them where there are none near or the span is the whole file."""
    rows = [(row.sign, row.number) for row in piece.rows if row.sign == sign]
    near = [row for row in rows if first - NEAR <= row[1] <= last + NEAR]
    return frozenset(near if first and near else rows)
