"""Characters that a reader does not see: text that runs, steers or compares other than it looks (CVE-2021-42574)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.languages import is_agent_instructions, is_prose
from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import ChangedLine, SideText
from trustgate.finding import Confidence

MAX_FINDINGS = 50
"""lines of one file that are reported one by one"""
_OVERRIDES = "\u202d\u202e"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_VARIATION = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS = "\U000e0000-\U000e007f"
_BLANK = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
_ANY = re.compile(f"[{_BIDI}{_VARIATION}{_TAGS}{_BLANK}]+")
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]")
"""scripts without spaces, where a zero-width one says where a line may break"""
_FLAG = re.compile("[\U000e0030-\U000e007a]{3,6}\U000e007f\\Z")
"""the tail of a flag such as Scotland's, after U+1F3F4 (Unicode emoji tag sequences, UTS 51)"""
_IN_BIDI, _IN_VARIATION, _IN_TAGS = (re.compile(f"[{name}]") for name in (_BIDI, _VARIATION, _TAGS))


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None or new.data.isascii() or new.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    prose, agent = is_prose(subject.path), is_agent_instructions(subject.path)
    count = 0
    for line in subject.file.added():
        if line.text.isascii():
            continue
        found = [(run, *judged) for run in _ANY.finditer(line.text) if (judged := _judge(run, line, prose, agent, new))]
        if not found:
            continue
        count += 1
        if count > MAX_FINDINGS:
            continue
        run, why, _sure = found[0]
        confidence = max(sure for _run, _why, sure in found)
        names = tuple(dict.fromkeys(name for run, _why, _sure in found for name in _names(run[0])))
        text = "".join(_tag_text(run[0]) for run, _why, _sure in found)
        evidence = names[:12] + ((f"hidden text: {text[:120]!r}",) if text else ())
        yield subject.rules.finding(
            "hidden-unicode",
            subject.at(line, run.start(), run.end()),
            f"{count}:{','.join(names)}",
            evidence=evidence,
            confidence=confidence,
            what=why,
        )
    if count > MAX_FINDINGS:
        yield subject.rules.finding(
            "hidden-unicode", subject.whole, f"more:{count}", what=f"characters like these on {count} added lines"
        )


def _judge(
    run: re.Match[str], line: ChangedLine, prose: bool, agent: bool, new: SideText
) -> tuple[str, Confidence] | None:
    """What a run of invisible characters is, and how sure that it deceives; None where it is at home."""
    text, before, after = run[0], line.text[: run.start()], line.text[run.end() :]
    if _IN_TAGS.search(text):
        if before.endswith("\U0001f3f4") and _FLAG.match(text):
            return None
        return "tag characters, which carry text that no reader sees", Confidence.HIGH
    if _IN_BIDI.search(text):
        if any(char in text for char in _OVERRIDES):
            return "a direction override, so the text is shown in another order than it runs", Confidence.HIGH
        if prose:
            return None
        sure = Confidence.MEDIUM if _RTL.search(line.text) else Confidence.HIGH
        return "direction marks, so the text may be shown in another order than it runs", sure
    if _IN_VARIATION.search(text) and len(_IN_VARIATION.findall(text)) > 2:
        return "a run of variation selectors, which can carry hidden bytes", Confidence.HIGH
    if prose:
        return None
    if line.number == 1 and text == "\ufeff" and not before:
        return None
    if _at_home(text, before, after):
        return None
    if agent:
        return "characters of no width in instructions for agents", Confidence.HIGH
    inside_code = bool((before[-1:] + after[:1]).strip("\"'`")) and _in_code(new, line, run.start())
    return "characters of no width", Confidence.HIGH if inside_code else Confidence.MEDIUM


def _at_home(text: str, before: str, after: str) -> bool:
    """Joiners inside a script that needs them or an emoji, and a single variation selector behind its base."""
    base = before[-1:]
    if not base:
        return False
    if text == "\u200b" and _UNSPACED.match(base) and (after[:1] == "" or _UNSPACED.match(after)):
        return True
    if all(char in "\u200c\u200d" or _IN_VARIATION.match(char) for char in text) and len(text) <= 2:
        foreign = not base.isascii()
        if _IN_VARIATION.match(text[0]):
            return foreign or base in "0123456789#*"
        return foreign and (after[:1] == "" or not after[:1].isascii() or not after[:1].isalnum())
    return False


def _in_code(new: SideText, line: ChangedLine, position: int) -> bool:
    """True where a parser says that the place is neither string nor comment; without a sure parser, False."""
    outline = new.outline
    if outline.degraded or outline.language in ("tsx", "javascript", "html", "yaml"):
        return False  # text between JSX tags and plain YAML scalars are neither, and hold prose
    detail = outline.detail([(line.number, line.number)])
    column = len(line.text[:position].encode("utf-8", "surrogateescape"))
    for item in (*detail.strings, *detail.comments):
        span = item.span
        if (span.line, span.column) <= (line.number, column) < (span.end_line, span.end_column):
            return False
    return True


def _names(text: str) -> Iterator[str]:
    for char in text:
        yield f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed')}"


def _tag_text(text: str) -> str:
    """What tag characters spell: each stands for the ASCII character 0xE0000 below it."""
    return "".join(chr(ord(char) - 0xE0000) for char in text if 0xE0020 <= ord(char) <= 0xE007E)
