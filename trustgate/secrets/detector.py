"""Finds secrets in lines and takes them out of text. One detector serves findings, packets and reports."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import accumulate

from trustgate.finding import Confidence
from trustgate.record import NamedTuple
from trustgate.rulebook import Rulebook
from trustgate.secrets.lookalike import entropy, has_placeholder_word, made_up
from trustgate.secrets.pattern import Pattern
from trustgate.secrets.places import Place, holds_settings, place_of
from trustgate.secrets.proofs import PROOFS

MAX_LINE_HITS = 200
"""sure secrets of one kind told apart in one line; doubtful ones do not count, or they could shield a sure one"""


USER_PART = r"(?<=://)[^\s/@'\"<>]{1,300}(?=@)"
"""what stands before the `@` of an address: a name and a password, or a token"""


class Hit(NamedTuple):
    """One secret in one text."""

    pattern: Pattern
    start: int
    end: int
    """offsets of the secret in the scanned text, end exclusive"""
    secret: str
    confidence: Confidence
    why: str = ""
    """why it is less certain than its pattern, in words"""

    @property
    def redacted(self) -> str:
        return redacted(self.pattern, self.secret)


class Located(NamedTuple):
    """A hit with its 1-based lines; columns count from the start of `line`."""

    line: int
    end_line: int
    column: int
    end_column: int
    hit: Hit


def redacted(pattern: Pattern, secret: str) -> str:
    """`ghp_…[redacted github-token]`: at most four characters, and only those that the format gives every secret."""
    return f"{secret[: min(4, _prefix(pattern, secret))]}…[redacted {pattern.id}]"


def _prefix(pattern: Pattern, secret: str) -> int:
    """Length of the part that every secret of this kind starts with."""
    lowered = secret.lower()
    return max((len(word) for word in pattern.keywords if lowered.startswith(word)), default=0)


class Detector:
    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._pem = next((pattern for pattern in self._patterns if pattern.form == "pem"), None)

    @classmethod
    def from_rulebook(cls, rulebook: Rulebook) -> Detector:
        """The patterns of `rules/secrets/`. Raises ConfigError for a table that is not a pattern."""
        family = rulebook.family("secrets")
        return cls(
            Pattern(table, f"rules/secrets/{stem}.toml")
            for stem, tables in family.items()
            for table in tables.get("pattern", ())
        )

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return self._patterns

    def scan_line(self, text: str, path: str = "") -> tuple[Hit, ...]:
        """Every secret of one line, left to right, the surer one where two overlap; private keys included."""
        patterns = self._by_line(text.lower().replace("\n", " "), path).get(0, ())
        return tuple(_without_overlaps([*self._key_hits(text, path), *_line_hits(text, patterns, place_of(path))]))

    def scan_lines(self, text: str, lines: Sequence[str], numbers: Sequence[int], path: str) -> list[Located]:
        """Secrets in the given 1-based lines of a file; a private key counts when any of its lines is among them.

        `lines` are `text` split at LF.
        """
        changed = [lines[number - 1] for number in numbers]
        place = place_of(path)
        found: list[Located] = list(self._located_keys(text, frozenset(numbers), path))
        taken = frozenset(line for key in found for line in range(key.line, key.end_line + 1))
        whole: str | None = None
        for index, patterns in self._by_line("\n".join(changed).lower(), path).items():
            number, line = numbers[index], changed[index]
            if number in taken:
                continue
            for hit in _without_overlaps(_line_hits(line, patterns, place)):
                if hit.pattern.softened_by and hit.confidence is Confidence.HIGH:
                    whole = text.lower() if whole is None else whole
                    if any(word in whole for word in hit.pattern.softened_by):
                        hit = hit._replace(confidence=Confidence.MEDIUM, why="often public in such a file")  # noqa: PLW2901
                found.append(Located(number, number, hit.start + 1, hit.end + 1, hit))
        return sorted(found, key=lambda item: (item.line, item.column))

    def hits(self, text: str) -> list[Hit]:
        """Every secret of a text, uncertain ones too, in the order of their start; only a private key spans lines."""
        found = list(self._key_hits(text, ""))
        by_line = self._by_line(text.lower(), "")
        offset = 0
        for index, line in enumerate(text.split("\n")):
            for hit in _without_overlaps(_line_hits(line, by_line.get(index, ()), Place.CONFIG)):
                found.append(hit._replace(start=offset + hit.start, end=offset + hit.end))
            offset += len(line) + 1
        return sorted(found, key=lambda hit: (hit.start, hit.end))

    def redact(self, text: str) -> str:
        """`text` with every secret replaced, uncertain ones and users of addresses too; safe to send, log or show."""
        pieces, position = [], 0
        for hit in self.hits(text):
            if hit.start >= position:
                pieces += [text[position : hit.start], hit.redacted]
                position = hit.end
        clean = "".join([*pieces, text[position:]])
        return re.sub(USER_PART, "…[redacted user part]", clean) if "://" in clean else clean

    def _by_line(self, lowered: str, path: str) -> dict[int, list[Pattern]]:
        """Patterns with a keyword on a line, by 0-based line: one search a keyword in the whole is far cheaper than
        one a keyword and line."""
        settings = holds_settings(path)
        starts: list[int] = []
        found: dict[int, list[Pattern]] = {}
        for pattern in self._patterns:
            if pattern.form == "pem" or (pattern.settings_only and not settings):
                continue
            for word in pattern.keywords:
                position = lowered.find(word)
                while position >= 0:
                    starts = starts or _line_starts(lowered)
                    index = bisect_right(starts, position) - 1
                    patterns = found.setdefault(index, [])
                    if pattern not in patterns:
                        patterns.append(pattern)
                    position = lowered.find(word, starts[index + 1])
        return dict(sorted(found.items()))

    def _key_hits(self, text: str, path: str) -> Iterator[Hit]:
        if self._pem is None or "PRIVATE KEY" not in text:
            return
        from trustgate.secrets.pem import key_blocks

        place = place_of(path)
        for block in key_blocks(text):
            confidence, why = self._pem.confidence, ""
            if block.encrypted:
                confidence, why = Confidence.MEDIUM, "encrypted with a pass phrase"
            elif place in (Place.TEST, Place.DOCS):
                confidence, why = Confidence.MEDIUM, "in a test, example or document"
            yield Hit(self._pem, block.start, block.end, block.body, confidence, why)

    def _located_keys(self, text: str, changed: Container[int], path: str) -> Iterator[Located]:
        if "PRIVATE KEY" not in text:
            return
        starts = _line_starts(text)
        for hit in self._key_hits(text, path):
            first, last = bisect_right(starts, hit.start), bisect_right(starts, hit.end - 1)
            if any(number in changed for number in range(first, last + 1)):
                yield Located(first, last, hit.start - starts[first - 1] + 1, hit.end - starts[last - 1] + 1, hit)


def _line_starts(text: str) -> list[int]:
    """Offset of each line, and the offset behind the last."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))]


def _line_hits(text: str, patterns: Iterable[Pattern], place: Place) -> list[Hit]:
    hits: list[Hit] = []
    for pattern in patterns:
        sure = 0
        for match in pattern.regex.finditer(text):
            secret = match["secret"]
            if pattern.form == "assignment":
                judged = _judge_assignment(pattern, text, match, place)
            else:
                judged = _judge(pattern, secret, place)
            if judged is None:
                continue
            hits.append(Hit(pattern, match.start("secret"), match.end("secret"), secret, *judged))
            sure += judged[0] is pattern.confidence
            if sure >= MAX_LINE_HITS:
                break
    return hits


def _judge(pattern: Pattern, secret: str, place: Place) -> tuple[Confidence, str] | None:
    """Confidence in a provider pattern's match, and why it is below the pattern's own; None for a placeholder."""
    if has_placeholder_word(secret[_prefix(pattern, secret) :]):
        return None
    if entropy(secret) < pattern.min_entropy or made_up(secret):
        return (Confidence.LOW, "looks made up") if pattern.form == "token" else None
    proven = not pattern.verify or PROOFS[pattern.verify](secret)
    if not proven:
        return min(pattern.confidence, Confidence.MEDIUM), "does not pass the format's own check"
    if pattern.form == "regex" and place in (Place.TEST, Place.DOCS, Place.DATA):
        return min(
            pattern.confidence, Confidence.MEDIUM if pattern.confidence is Confidence.HIGH else Confidence.LOW
        ), ("in a test, example, document or data file")
    return pattern.confidence, ""


def _judge_assignment(pattern: Pattern, line: str, match: re.Match[str], place: Place) -> tuple[Confidence, str] | None:
    from trustgate.secrets.assignment import is_secret

    if place is Place.DATA or not is_secret(line, match):
        return None
    if place in (Place.TEST, Place.DOCS):
        return Confidence.LOW, "in a test, example or document"
    return pattern.confidence, ""


def _without_overlaps(hits: Sequence[Hit]) -> list[Hit]:
    """Hits that do not overlap, left to right; where two do, the surer one, then the one with the narrower form."""
    if len(hits) < 2:
        return list(hits)
    order = {"pem": 0, "token": 1, "regex": 2, "assignment": 3}
    starts: list[int] = []
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda item: (-item.confidence, order[item.pattern.form], item.start)):
        place = bisect_right(starts, hit.start)
        if place and kept[place - 1].end > hit.start:
            continue
        if place < len(starts) and starts[place] < hit.end:
            continue
        starts.insert(place, hit.start)
        kept.insert(place, hit)
    return kept
