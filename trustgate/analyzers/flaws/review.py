"""Runs the engines on the changed files, the old side only where the new one has results, and reports what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import NamedTuple, cast

from trustgate.analyzers.context import Context
from trustgate.analyzers.flaws.engine import SUFFIXES, Engine, Hit, Subject, Unread
from trustgate.analyzers.flaws.novelty import FileHits, new_findings
from trustgate.analyzers.flaws.rules import FlawRule, load_rules
from trustgate.errors import CannotJudge
from trustgate.facts import FileView, SideText
from trustgate.finding import Finding, NotChecked, Skip
from trustgate.secrets.detector import Detector
from trustgate.syntax.paths import PathKind, language_of, path_kind

NAME = "flaws"
SIZE_LIMIT = 2 * 1024 * 1024
"""bytes of one side; about 50,000 lines, for which bandit takes 3 s"""
HIT_LIMIT = 400
"""results in one file"""
BATCH = 400
"""files an engine is given in one run"""
INERT = (PathKind.PROSE, PathKind.INERT, PathKind.LOCK)


class Scanned(NamedTuple):
    hits: dict[str, list[Hit]]
    """by name of the subject, for every subject of a run that did not fail"""
    unread: tuple[Unread, ...]
    failures: tuple[str, ...]


Outcome = Finding | Skip | NotChecked


def review(context: Context, engines: Sequence[str]) -> Iterator[Outcome]:
    """Outcomes of each engine in turn: a module of this folder, by its name."""
    redact = Detector.from_rulebook(context.rulebook).redact
    for name in engines:
        engine = cast("Engine", import_module(f"trustgate.analyzers.flaws.{name}"))
        yield from run_engine(engine, load_rules(context.rulebook, name), context.files, redact)


def run_engine(
    engine: Engine, rules: Sequence[FlawRule], views: Sequence[FileView], redact: Callable[[str], str]
) -> Iterator[Outcome]:
    """What is new on the new side. What an engine could not read is a Skip, what it cannot parse is not checked."""
    subjects, asked, skips = _new_sides(views, rules, engine.NAME)
    yield from skips
    if not subjects:
        return
    new = _scan(engine, asked, tuple(subjects.values()))
    yield from (_unread(item, engine.NAME) for item in new.unread)
    yield from (Skip(NAME, reason) for reason in new.failures)
    hits = [hit for found in new.hits.values() for hit in found]
    if not hits:
        return
    olds = _old_sides(views, hits)
    old = _scan(engine, asked, tuple(olds.values()))
    yield from (Skip(NAME, f"old side: {reason}") for reason in old.failures)
    unread = {item.subject.name for item in old.unread}
    files = []
    for number, view in enumerate(views):
        after = new.hits.get(subjects[number].name, []) if number in subjects else []
        before = old.hits.get(olds[number].name) if number in olds else None
        if after or before:
            known = before is not None and olds[number].name not in unread
            files.append(FileHits(view, after, before or [], known))
    yield from new_findings(files, redact)


def _new_sides(
    views: Sequence[FileView], rules: Sequence[FlawRule], engine: str
) -> tuple[dict[int, Subject], list[FlawRule], list[Outcome]]:
    """New sides for which some rule could hold, by number of the view; those rules; files that are too large."""
    subjects: dict[int, Subject] = {}
    wanted: set[str] = set()
    skips: list[Outcome] = []
    for number, view in enumerate(views):
        subject = _subject(f"new{number}", view.new)
        if subject is None or not view.change.hunks:
            continue
        holding = {rule.id for rule in rules if rule.wants(subject.language, subject.text.data)}
        if not holding:
            continue
        if len(subject.text.data) > SIZE_LIMIT:
            skips.append(_missed(view.path, engine, f"over the limit of {SIZE_LIMIT // 2**20} MiB"))
            continue
        subjects[number] = subject
        wanted |= holding
    return subjects, [rule for rule in rules if rule.id in wanted], skips


def _old_sides(views: Sequence[FileView], hits: Sequence[Hit]) -> dict[int, Subject]:
    """Old sides that can tell whether a hit is new: of the same file, and of files that held the same line."""
    paths = {hit.subject.text.path for hit in hits}
    lines = {hit.subject.text.line(hit.line).strip().encode("utf-8", "surrogateescape") for hit in hits} - {b""}
    found = {}
    for number, view in enumerate(views):
        subject = _subject(f"old{number}", view.old)
        if subject is None or len(subject.text.data) > SIZE_LIMIT:
            continue
        if view.path in paths or any(line in subject.text.data for line in lines):
            found[number] = subject
    return found


def _subject(name: str, text: SideText | None) -> Subject | None:
    if text is None:
        return None
    language = language_of(text.path)
    return None if language not in SUFFIXES or path_kind(text.path) in INERT else Subject(name, language, text)


def _scan(engine: Engine, rules: Sequence[FlawRule], subjects: Sequence[Subject]) -> Scanned:
    """Every subject, batch by batch. After a run that failed the rest is not tried: it would fail, or take as long."""
    hits: dict[str, list[Hit]] = {}
    unread: list[Unread] = []
    failures: list[str] = []
    for start in range(0, len(subjects), BATCH):
        batch = subjects[start : start + BATCH]
        try:
            results = list(engine.scan(batch, rules))
        except CannotJudge as error:
            failures.append(f"{error.message}; {len(subjects) - start} files were not read")
            break
        for subject in batch:
            hits[subject.name] = []
        for item in results:
            if isinstance(item, Unread):
                unread.append(item)
            else:
                hits[item.subject.name].append(item)
    for name, found in hits.items():
        if len(found) > HIT_LIMIT:
            unread.append(Unread(found[0].subject, f"more than {HIT_LIMIT} results", error=True))
            hits[name] = found[:HIT_LIMIT]
    return Scanned(hits, tuple(unread), tuple(failures))


def _unread(item: Unread, engine: str) -> Outcome:
    path = item.subject.text.path
    return _missed(path, engine, item.reason) if item.error else NotChecked(engine, f"{path}: {item.reason}")


def _missed(path: str, engine: str, reason: str) -> Outcome:
    """A fault, but for somebody else's bundle: those time engines out, and are a matter of where they come from."""
    if path_kind(path) is PathKind.VENDORED:
        return NotChecked(engine, f"{path}: {reason}")
    return Skip(NAME, f"{engine}: {reason}", path)
