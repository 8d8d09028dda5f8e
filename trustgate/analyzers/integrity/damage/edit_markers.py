"""Marks of an edit that was never applied or merged: conflict markers, SEARCH/REPLACE blocks, pieces of a patch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.damage.ground import Place, Sites, capped, newly_broken
from trustgate.analyzers.integrity.subject import Subject
from trustgate.finding import Confidence

RULE = "edit-marker-left"
LONGEST = 400
"""characters of a line"""
_FIRST = "<>|=*@+-d"
"""what a mark begins with, always in the first column: a cheap look before the patterns"""


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None:
        return
    begin, middle, end, alone = (
        re.compile("|".join(f"(?:{p})" for p in subject.rules.words(RULE, key)) or r"(?!)")
        for key in ("begin", "middle", "end", "alone")
    )
    marks, opened, between, closed = [], False, False, False
    for line in subject.file.added():
        text = line.text.rstrip()
        if text[:1] not in _FIRST or not text or len(text) > LONGEST:
            continue
        if begin.fullmatch(text):
            opened = True
        elif opened and middle.fullmatch(text):
            between = True
            continue
        elif end.fullmatch(text):
            closed = True
        elif not alone.fullmatch(text):
            continue
        marks.append(line)
    sites = Sites(new)
    outside = [(line, place) for line in marks if (place := sites.place(line.number, 0)) is not Place.STRING]
    if not outside:
        return
    line, place = outside[0]
    whole = opened and between and closed
    remarks = all(found is Place.COMMENT for _, found in outside)
    if remarks and not whole:
        return
    if remarks:
        confidence = Confidence.MEDIUM
    elif place is Place.UNCLEAR:
        confidence = Confidence.HIGH if whole else Confidence.MEDIUM
    else:
        confidence = Confidence.HIGH if whole or newly_broken(subject) else Confidence.MEDIUM
    yield subject.rules.finding(
        RULE, subject.at(line), line.text.rstrip(), confidence=capped(subject, confidence),
        mark=line.text.rstrip()[:60],
        evidence=tuple(f"line {item.number}: {item.text.rstrip()[:60]}" for item, _ in outside[:6]),
    )  # fmt: skip
