"""Edits that touch, weaken or switch off a security boundary: both sides of every changed file, scope by scope."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.boundaries.claims import find_mismatch
from trustgate.analyzers.boundaries.delta import FileDelta, moved_lines
from trustgate.analyzers.boundaries.lists import find_lost_entries
from trustgate.analyzers.boundaries.mechanical import proof_of
from trustgate.analyzers.boundaries.rules import Rules, load_rules
from trustgate.analyzers.boundaries.switchoff import find_switch_offs
from trustgate.analyzers.boundaries.touch import find_touches
from trustgate.analyzers.boundaries.weakening import find_weakenings
from trustgate.analyzers.boundaries.weaker_tests import find_weaker_tests
from trustgate.analyzers.context import Context, Outcome
from trustgate.finding import Finding, Skip
from trustgate.syntax.paths import PathKind, path_kind
from trustgate.verdict import Mechanical

NAME = "boundaries"
JUDGED = (PathKind.CODE, PathKind.CONFIG)
"""where touches and weakenings count; switch-offs are also looked for in tests and vendored code"""


def analyze(context: Context) -> Iterator[Outcome]:
    """Touches, weakenings and switch-offs of the change set, and the spans proven mechanical."""
    rules = load_rules(context.rulebook)
    deltas = []
    for view in context.files:
        if view.old is None and view.new is None:
            continue
        kind = path_kind(view.path)
        if kind in (PathKind.PROSE, PathKind.INERT, PathKind.LOCK):
            continue
        proof = proof_of(view)
        if proof:
            lines = [hunk.new_start for hunk in view.change.hunks]
            yield Mechanical(view.path, min(lines, default=0), max(lines, default=0), proof)
            continue
        delta = FileDelta(view, kind)
        deltas.append(delta)
        yield from _half_read(delta)
    found = list(_findings(deltas, rules))
    yield from found
    yield from find_weaker_tests(deltas, rules)
    mismatch = find_mismatch(context.change.commits, found, rules)
    if mismatch is not None:
        yield mismatch


def _half_read(delta: FileDelta) -> Iterator[Skip]:
    """Changed lines that were not looked at whole: an error in code, a remark in data, tests and bundles."""
    if delta.new is None or not delta.new.numbers or not delta.new.detail:
        return
    cut = sorted(delta.new.numbers & delta.new.outline.cut_lines)
    if cut:
        many = f"line {cut[0]}" if len(cut) == 1 else f"{len(cut)} changed lines, the first of them {cut[0]}"
        reason = f"{many}: too long, or too much in one change, to be looked at whole"
        yield Skip(NAME, reason, delta.path, error=delta.kind is PathKind.CODE)


def _findings(deltas: list[FileDelta], rules: Rules) -> Iterator[Finding]:
    moved = moved_lines(deltas)
    for delta in deltas:
        delta.leave_out(moved)
        yield from find_switch_offs(delta, deltas, rules)
        if delta.kind in JUDGED:
            yield from find_weakenings(delta, deltas, rules)
            yield from find_lost_entries(delta, rules)
            yield from find_touches(delta, rules)
