"""Steps of continuous integration that may fail now, or that are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rules, compiled
from trustgate.analyzers.boundaries.verification.data import Book
from trustgate.analyzers.boundaries.verification.marks import LONG, came_off, new_hits
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Span


def find_optional_steps(files: Sequence[FileDelta], code_changed: bool, book: Book, rules: Rules) -> Iterator[Finding]:
    """Marks that let a step fail, and commands of checks that no file of the change runs any more."""
    pattern = compiled(book.ci_files)
    ours = [delta for delta in files if pattern.search(delta.path)]
    if not ours:
        return
    rule = rules.named["ci-step-optional"]
    marks = book.marks_of("ci-step-optional")
    moved = came_off(ours, marks, comments=False)
    for delta in ours:
        if delta.new is None or delta.old is None:  # a new file takes nothing away
            continue
        for hit in new_hits(delta, marks, moved, comments=False):
            span = Span(hit.line, 0, hit.line, 10_000)
            confidence = hit.mark.confidence if code_changed else Confidence.LOW
            evidence = (f"{hit.mark.what}: {hit.text[:120]}", *_how(code_changed))
            symbol = delta.new.symbol(hit.line)
            yield rule.finding(delta.new.location(span), symbol, hit.text, evidence, confidence)
    runs: Counter[str] = Counter()
    for delta in ours:
        if delta.new is not None:
            runs.update(_commands(delta.new, range(1, len(delta.new.text.lines) + 1), book))
    for delta in ours:
        if delta.old is None:
            continue
        for command, number in _commands(delta.old, sorted(delta.old.numbers), book).items():
            if command in runs or delta.new is None or _still_named(command, ours):
                continue
            runs[command] += 1  # said once
            text = delta.old.text.line(number).strip()
            evidence = (f"no longer run: {text[:120]}", *_how(code_changed))
            confidence = rule.confidence if code_changed else Confidence.LOW
            location = delta.old.location(Span(number, 0, number, 10_000))
            yield rule.finding(location, delta.old.symbol(number), text, evidence, confidence)


def _how(code_changed: bool) -> tuple[str, ...]:
    return ("beside changed code",) if code_changed else ()


def _commands(side: SideDelta, numbers: Sequence[int], book: Book) -> dict[str, int]:
    """Names of the checkers that these lines run, with the first line of each."""
    found: dict[str, int] = {}
    pattern = compiled(book.ci_commands)
    for number in numbers:
        text = side.text.line(number)
        if len(text) <= LONG and not text.lstrip().startswith("#"):
            for command in pattern.finditer(text):
                found.setdefault(" ".join(command[0].split()), number)
    return found


def _still_named(command: str, files: Sequence[FileDelta]) -> bool:
    """Whether the tool stands on the new side under a longer name, `ruff` as `ruff-check`."""
    tool = command.split(maxsplit=1)[0]
    return " " not in command and any(tool in delta.new.text.text for delta in files if delta.new is not None)
