"""Takes secrets and personal data out of everything that leaves, with placeholders that keep every line where it was.

A placeholder says what kind of thing stood there (`<SECRET:github-token#1>`), and the same value has the same one in a
whole run, so a reader still sees that two places hold the same key. A fault here is an error, and then nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from trustgate.errors import CannotJudge
from trustgate.escape import visible
from trustgate.finding import Confidence
from trustgate.reviewer.named import named
from trustgate.reviewer.personal import Span, personal
from trustgate.secrets.detector import USER_PART, Detector

TEXT_LIMIT = 4 * 1024 * 1024
"""characters of one text; a key that begins above the part shown is only seen in the whole"""
MOST_VALUES = 5_000
MOST_WORK = 60_000_000_000
"""characters times values of one run: a quarter of a minute of looking for them"""
SHORTEST_KNOWN = 8
"""characters of a value that is looked for everywhere once it was found anywhere"""


class RedactionError(CannotJudge):
    """Something could not be redacted, so nothing that held it may leave."""


class Redactor:
    """One for a whole run: `learn` every text that may be shown, then take `redacted` of each."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._known: dict[str, str] = {}
        self._spans: dict[str, tuple[Span, ...]] = {}
        self._work = 0

    @property
    def values(self) -> int:
        """How many different values have a placeholder."""
        return len(self._names)

    def learn(self, texts: Iterable[str]) -> None:
        """Find what must go, so that a value found in one text is known in all. Raises RedactionError."""
        for text in texts:
            self._find(text)

    def redacted(self, text: str) -> str:
        """`text` with placeholders, as many lines as before. Raises RedactionError."""
        spans = [*self._find(text), *self._everywhere(text)]
        if not spans:
            return text
        pieces: list[str] = []
        position = 0
        for start, end, kind in _merged(spans):
            value = text[start:end]
            pieces += [text[position:start], self._name(kind, value), "\n" * value.count("\n")]
            position = end
        return "".join([*pieces, text[position:]])

    def assert_clean(self, text: str) -> None:
        """Raise RedactionError when a value that was found anywhere stands in a text that is about to leave."""
        if any(True for _ in self._everywhere(text)):
            raise RedactionError("a value that was redacted elsewhere is still in the packet", "report this as a bug")

    def _find(self, text: str) -> tuple[Span, ...]:
        found = self._spans.get(text)
        if found is not None:
            return found
        if len(text) > TEXT_LIMIT:
            raise RedactionError(f"a text of {len(text)} characters is too long to redact as a whole")
        spans = []
        for hit in self._detector.hits(text):
            kind = f"SECRET:{hit.pattern.id}"
            spans.append(Span(hit.start, hit.end, kind))
            if hit.confidence > Confidence.LOW:
                self._remember(kind, hit.secret)
        if "://" in text:
            spans += [Span(*match.span(), "SECRET:url-user") for match in re.finditer(USER_PART, text)]
        for start, end, sure in named(text):
            spans.append(Span(start, end, "SECRET:named"))
            if sure:
                self._remember("SECRET:named", text[start:end])
        for span in personal(text):
            spans.append(span)
            if span.kind not in ("USER", "IP"):
                self._remember(span.kind, text[span.start : span.end])
        spans += self._hidden(text)
        self._spans[text] = tuple(spans)
        return self._spans[text]

    def _hidden(self, text: str) -> list[Span]:
        """Lines in which a secret shows only once characters that nobody sees are taken out."""
        if text.isascii() and text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable():
            return []
        spans, offset = [], 0
        for line in text.split("\n"):
            seen = line.rstrip("\r")
            if visible(seen, "\t") != seen:
                plain = "".join(char for char in seen if visible(char, "\t") == char)
                if self._detector.hits(plain) or any(span.kind.startswith("SECRET") for span in personal(plain)):
                    spans.append(Span(offset, offset + len(line), "SECRET:hidden"))
            offset += len(line) + 1
        return spans

    def _remember(self, kind: str, value: str) -> None:
        parts = [value] if "\n" not in value else [line.strip() for line in value.split("\n")]
        for part in parts:
            if len(part) >= SHORTEST_KNOWN and part not in self._known and not part.startswith("-----"):
                self._known[part] = kind
        if len(self._known) > MOST_VALUES:
            raise RedactionError(f"more than {MOST_VALUES} values to redact", "this is data, not a change to code")

    def _everywhere(self, text: str) -> list[Span]:
        """Places of known values: one search a value, since one pattern of them all is tried at each character."""
        self._work += len(text) * len(self._known)
        if self._work > MOST_WORK:
            raise RedactionError("too many values in too much text to redact", "this is data, not a change to code")
        spans = []
        for value, kind in self._known.items():
            start = text.find(value)
            while start >= 0:
                spans.append(Span(start, start + len(value), kind))
                start = text.find(value, start + len(value))
        return spans

    def _name(self, kind: str, value: str) -> str:
        name = self._names.get((kind, value))
        if name is None:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            name = self._names[kind, value] = f"<{kind}#{self._counts[kind]}>"
        return name


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap; where some did, one from the first start to the last end, called after the widest."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start, -item.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind)
        elif span.end > span.start:
            merged.append(span)
    return merged
