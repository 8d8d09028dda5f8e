"""Talk of a model in a source file: tags of its own format, its prose to the user, and fences round the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.damage.ground import Place, Sites, capped, newly_broken
from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import ChangedLine
from trustgate.finding import Confidence
from trustgate.syntax.paths import PathKind, language_of, path_kind

TAG, PROSE = "model-tag-leaked", "prose-in-source"
LONGEST = 400
"""characters of a line"""
_TEMPLATES = (".jinja", ".j2", ".erb", ".jelly", ".ejs", ".hbs")


def check(subject: Subject) -> Iterator[Outcome]:
    for rule in (TAG, PROSE):
        hit = _first(subject, rule)
        if hit is not None:
            line, confidence = hit
            start = len(line.text) - len(line.text.lstrip())
            yield subject.rules.finding(
                rule, subject.at(line, start), line.text.strip(), confidence=capped(subject, confidence),
                text=line.text.strip()[:80],
            )  # fmt: skip


def _first(subject: Subject, rule: str) -> tuple[ChangedLine, Confidence] | None:
    """The first line that leaked. Where a parser can tell, only a place that is code and breaks the file counts."""
    new, path = subject.file.new, subject.path
    if new is None or path.lower().endswith(_TEMPLATES):
        return None
    markup = language_of(path) in ("html", "xml")
    if markup and rule == TAG:
        return None  # any tag may be an element
    config = path_kind(path) is PathKind.CONFIG or language_of(path) in ("yaml", "toml", "json", "ini")
    sites = Sites(new)
    pieces = subject.rules.words(rule, "pieces")
    always, edges, broken = (_joined(subject.rules.words(rule, k)) for k in ("lines", "edge_lines", "broken_lines"))
    for line in subject.file.added():
        text = line.text.strip()
        lowered = text.lower()
        if not text or len(text) > LONGEST or not any(piece in lowered for piece in pieces):
            continue
        anywhere = always.fullmatch(text) is not None
        edge = anywhere or edges.fullmatch(text) is not None
        if edge and line.text[:1].strip() and sites.at_end(line.number):
            return line, Confidence.HIGH
        if markup or config or not (anywhere or broken.fullmatch(text)):
            continue
        if rule == TAG and anywhere and sites.is_statement(line.number):
            return line, Confidence.HIGH
        if not newly_broken(subject):
            continue
        if sites.place(line.number, len(line.text) - len(line.text.lstrip())) is Place.CODE:
            return line, Confidence.HIGH
    return None


def _joined(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)
