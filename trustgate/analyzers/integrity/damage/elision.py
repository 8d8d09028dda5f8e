"""A remark that stands for code: `... rest of the file unchanged ...` in a place where base had the code itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.damage.ground import Place, Sites, capped
from trustgate.analyzers.integrity.subject import Subject
from trustgate.changes.changeset import Hunk
from trustgate.facts import ChangedLine
from trustgate.finding import Confidence, Side

RULE = "elision-placeholder"
_LISTS = ("phrases", "weak_phrases", "dotted_phrases")
LONGEST = 200
"""characters of a line; a placeholder is short"""
GAP = 3
"""unchanged lines between hunks that are read as one edit"""
LOST = 2
"""code lines that must be gone, and more of them than came, before a placeholder is taken to stand for them"""
MAX_FINDINGS = 20
MAX_MOVED = 50_000
"""added lines of the change set that are looked through for code that only moved"""
_OPENERS = ("#", "//", "/*", "<!--", "{/*", "--", ";", "%", "{#", "{{/*", "{{--", "<%#", "*", "...", "…", "[", "(")
_LEAD = re.compile(
    r"(?:pass|return|\.\.\.|…)?[;,]?\s{0,8}(?://+|/\*+|<!--+|\{/\*+|\{#|\{\{/\*|\{\{--|<%#|(?:#+|--+|;+|%+|\*)(?=[\s.…\[(<*=~-]))"
)
_TAIL = re.compile(r"(?:\*+/\}\}|\*+/\}|\*+/|--+>|#\}|--\}\}|%>)\s*[;,)\]}]{0,4}\Z")
_CLOSERS = ("*/", "-->", "#}", "%>")
_EDGES = " \t.…-=*_~[](){}<>:;!,`'\"#/"


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None:
        return
    sure, likely, dotted = (_joined(subject.rules.words(RULE, key)) for key in _LISTS)
    sites = Sites(new)
    known = Counter(line.text.strip() for line in subject.file.removed())
    found = 0
    for group in _groups(subject.file.change.hunks):
        for hunk in group:
            for number in hunk.new_lines:
                line = ChangedLine(Side.NEW, number, new.line(number))
                remark = remark_of(line.text)
                if remark is None:
                    continue
                words, bare, dots = remark
                strong = words != "" and sure.fullmatch(words) is not None
                weak = likely.fullmatch(words) or (dots and dotted.fullmatch(words))
                if not strong and (bare or not weak):
                    continue
                if known[line.text.strip()] > 0:
                    known[line.text.strip()] -= 1
                    continue
                lost, came = _balance(subject, group, line.text.strip())
                confidence = _confidence(strong, dots, lost, came)
                start = len(line.text) - len(line.text.lstrip())
                if confidence is None or found >= MAX_FINDINGS:
                    continue
                place = sites.place(number, start)
                if place is Place.STRING or (bare and place is Place.COMMENT):
                    continue
                found += 1
                yield subject.rules.finding(
                    RULE, subject.at(line, start), line.text.strip(), confidence=capped(subject, confidence),
                    phrase=line.text.strip()[:80], lost=_said(lost),
                )  # fmt: skip


def remark_of(text: str) -> tuple[str, bool, bool] | None:
    """The words of a line that is a remark and nothing else, in lower case; whether it is bare text; has dots.

    None for a line that cannot be a placeholder. `... # kept` and `pass  # kept` are remarks too.
    """
    stripped = text.strip()
    if len(text) > LONGEST or not stripped:
        return None
    if not stripped.startswith((*_OPENERS, "pass", "return")):
        return None
    lead = _LEAD.match(stripped)
    inner = stripped[lead.end() :] if lead else stripped
    if lead is None and not stripped.startswith(("...", "…", "[", "(")):
        return None
    inner = _TAIL.sub("", inner)
    if any(end in inner for end in _CLOSERS):
        return None  # code behind a remark
    words = inner.strip(_EDGES).lower()
    dots = "..." in stripped or "…" in stripped
    return (" ".join(words.split()), lead is None, dots) if words or dots else None


def _confidence(strong: bool, dots: bool, lost: int, came: int) -> Confidence | None:
    gone = lost >= LOST and lost > came
    if strong:
        return Confidence.HIGH if gone else Confidence.LOW if dots else None
    return Confidence.MEDIUM if gone and lost > LOST and lost > 2 * came else None


def _groups(hunks: Sequence[Hunk]) -> Iterator[list[Hunk]]:
    group: list[Hunk] = []
    for hunk in hunks:
        if group and hunk.new_start - (group[-1].new_start + group[-1].new_count) > GAP:
            yield group
            group = []
        group.append(hunk)
    if group:
        yield group


def _balance(subject: Subject, group: Sequence[Hunk], placeholder: str) -> tuple[int, int]:
    """Code lines of these hunks that the new side of the change set has fewer of, and code lines that came."""
    old, new = subject.file.old, subject.file.new
    if old is None or new is None:
        return 0, 0
    gone = Counter(text for hunk in group for n in hunk.old_lines if _is_code(text := old.line(n).strip()))
    added = Counter(text for hunk in group for n in hunk.new_lines if _is_code(text := new.line(n).strip()))
    came = (added - gone).total() - added[placeholder]
    if gone.total() < LOST:
        return gone.total(), came
    fewer = Counter(map(str.strip, old.lines))
    fewer.subtract(Counter(map(str.strip, new.lines)))
    fewer.subtract(_added_elsewhere(subject))
    return sum(min(count, max(fewer[text], 0)) for text, count in gone.items()), came


def _added_elsewhere(subject: Subject) -> Counter[str]:
    texts: Counter[str] = Counter()
    for view in subject.context.files:
        if view is not subject.file and len(texts) < MAX_MOVED and view.change.hunks:
            texts.update(line.text.strip() for line in view.added())
    return texts


def _is_code(text: str) -> bool:
    """Lines that say something: no blanks, brackets alone or remarks."""
    return len(text) > 3 and not text.startswith(("#", "//", "/*", "*", "<!--", "--"))


def _said(lost: int) -> str:
    return f"{lost} lines of code that base had there are gone" if lost else "nothing that base had there is gone"


def _joined(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")
