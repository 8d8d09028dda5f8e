"""Identifiers that are not what they look like: other alphabets' twins of Latin letters, and forms Python folds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.languages import is_prose, is_python
from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import ChangedLine, SideText
from trustgate.finding import Confidence

_CYRILLIC = "асеіјорԛѕԝхуАВСЕНІЈКМОРЅТХУѡԁһӏ"
_CYRILLIC_AS = "aceijopqswxyABCEHIJKMOPSTXYwdhl"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲ"
_GREEK_AS = "ABEZHIKMNOPTYXoc"
LATIN_TWINS = str.maketrans(_CYRILLIC + _GREEK, _CYRILLIC_AS + _GREEK_AS)
"""letters drawn like a Latin one in most typefaces (a hand-picked part of Unicode's confusables, UTS 39)"""
_WORD = re.compile(r"[^\W\d]\w*")
_BUILTINS = frozenset(
    ("eval", "exec", "compile", "open", "getattr", "setattr", "globals", "locals", "vars", "input", "breakpoint",
     "__import__", "import", "os", "sys", "subprocess", "system", "popen", "pickle", "loads", "ctypes", "builtins")
)  # fmt: skip


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None or new.data.isascii() or is_prose(subject.path):
        return
    seen: set[str] = set()
    for line in subject.file.added():
        if line.text.isascii():
            continue
        for match in _WORD.finditer(line.text):
            word = match[0]
            if word.isascii() or word in seen or len(word) > 200:
                continue
            for rule, plain, sure in _judge(word, subject, new):
                place = _place(new, line, match.start())
                if place == "text":
                    continue
                seen.add(word)
                confidence = sure if place == "code" else min(sure, Confidence.MEDIUM)
                yield subject.rules.finding(
                    rule,
                    subject.at(line, match.start(), match.end()),
                    word,
                    confidence=confidence,
                    evidence=(f"looks like {plain}", *_spelled(word)),
                    plain=plain,
                )


def _judge(word: str, subject: Subject, new: SideText) -> Iterator[tuple[str, str, Confidence]]:
    plain = word.translate(LATIN_TWINS)
    if plain != word and plain.isascii():
        mixed = any(char.isascii() and char.isalpha() for char in word)
        twin = re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", new.text) is not None
        if (mixed and len(word) > 2) or (twin and len(word) > 2):
            yield "confusable-identifier", plain, Confidence.HIGH
        return
    if is_python(subject.path):
        folded = unicodedata.normalize("NFKC", word)
        if folded != word and folded.isascii():
            yield "folded-identifier", folded, Confidence.HIGH if folded in _BUILTINS else Confidence.MEDIUM


def _place(new: SideText, line: ChangedLine, position: int) -> str:
    """`code`, `text` (string or comment) or `unclear` where no parser is sure."""
    outline = new.outline
    detail = outline.detail([(line.number, line.number)])
    column = len(line.text[:position].encode("utf-8", "surrogateescape"))
    for item in (*detail.strings, *detail.comments):
        span = item.span
        if (span.line, span.column) <= (line.number, column) < (span.end_line, span.end_column):
            return "text"
    if outline.degraded:
        return "text" if _after_mark(line.text, position) else "unclear"
    return "unclear" if outline.language in ("tsx", "javascript", "html", "yaml", "json", "toml") else "code"


def _after_mark(text: str, position: int) -> bool:
    before = text[:position]
    quoted = any(before.count(mark) % 2 for mark in "\"'`")
    return quoted or any(mark in before for mark in ("#", "//", "/*", "--", "<!--")) or before.strip() in ("*", "")


def _spelled(word: str) -> Iterator[str]:
    for char in dict.fromkeys(word):
        if not char.isascii():
            yield f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed')}"
