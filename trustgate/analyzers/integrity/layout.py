"""Lines laid out so that a reader misses code: a bare carriage return, far-right padding, an encoding that rewrites."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.languages import is_prose, is_python
from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import SideText
from trustgate.finding import Confidence

PADDING = 200
"""blanks inside a line, beyond what any viewer shows without scrolling"""
_PADDED = re.compile(r"\S[ \t\u00a0\u3000]{200,}(\S)")
_BARE_CR = re.compile(r"\r(?!\r*\Z)")
_COOKIE = re.compile(r"[ \t\f]{0,200}#.{0,500}?coding[:=][ \t]{0,50}([-\w.]{1,60})")
"""PEP 263; Python reads it in the first two lines"""
_PLAIN_ENCODINGS = frozenset(("utf8", "utf8sig", "ascii", "usascii", "latin1", "iso88591", "iso885915"))
_REWRITING = frozenset(
    ("utf7", "unicodeescape", "rawunicodeescape", "punycode", "idna", "rot13", "hex", "base64", "uu")
)
MAX_FINDINGS = 20


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None or is_prose(subject.path):
        return
    if is_python(subject.path):
        yield from _encoding(subject)
    yield from _returns(subject, new)
    yield from _padding(subject)


def _encoding(subject: Subject) -> Iterator[Outcome]:
    for line in subject.file.added():
        if line.number > 2:
            return
        match = _COOKIE.match(line.text)
        if not match:
            continue
        name = re.sub(r"[-_.]", "", match[1].lower())
        if name in _PLAIN_ENCODINGS or name.startswith(("utf8", "latin1")):
            continue
        sure = Confidence.HIGH if name in _REWRITING else Confidence.MEDIUM
        span = subject.at(line, match.start(1), match.end(1))
        yield subject.rules.finding("source-encoding", span, match[1], confidence=sure, encoding=match[1])


def _returns(subject: Subject, new: SideText) -> Iterator[Outcome]:
    if "\r" not in new.text or (subject.file.old is not None and _has_bare_return(subject.file.old)):
        return
    count = 0
    for line in subject.file.added():
        match = _BARE_CR.search(line.text) if "\r" in line.text else None
        if match and count < MAX_FINDINGS:
            count += 1
            yield subject.rules.finding(
                "bare-carriage-return",
                subject.at(line, match.start(), match.end()),
                line.text[:400].replace("\r", "\\r"),
            )


def _has_bare_return(side: SideText) -> bool:
    return "\r" in side.text and any(_BARE_CR.search(line) for line in side.lines if "\r" in line)


def _padding(subject: Subject) -> Iterator[Outcome]:
    count = 0
    for line in subject.file.added():
        match = _PADDED.search(line.text) if len(line.text) > PADDING else None
        if match and count < MAX_FINDINGS:
            count += 1
            rest = line.text[match.start(1) :].strip()
            yield subject.rules.finding(
                "padded-statement", subject.at(line, match.start(1)), rest[:400], column=str(match.start(1) + 1)
            )
