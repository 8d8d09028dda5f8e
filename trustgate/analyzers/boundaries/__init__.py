"""Edits that touch, weaken or switch off a security boundary: both sides of every changed file, scope by scope."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.boundaries.balance import find_shrunk
from trustgate.analyzers.boundaries.claims import find_mismatch
from trustgate.analyzers.boundaries.configured import find_configured
from trustgate.analyzers.boundaries.delta import FileDelta, moved_lines
from trustgate.analyzers.boundaries.kept import find_lost_lines
from trustgate.analyzers.boundaries.lists import find_lost_entries
from trustgate.analyzers.boundaries.loosened import find_loosened
from trustgate.analyzers.boundaries.mechanical import proven, proven_moves
from trustgate.analyzers.boundaries.rules import Rules, load_rules
from trustgate.analyzers.boundaries.switchoff import find_switch_offs
from trustgate.analyzers.boundaries.touch import find_touches
from trustgate.analyzers.boundaries.verification import find_verification
from trustgate.analyzers.boundaries.weakening import find_weakenings
from trustgate.analyzers.context import Context, Outcome, Places
from trustgate.facts import FileView
from trustgate.finding import Finding, NotChecked, Skip
from trustgate.syntax.paths import PathKind, path_kind
from trustgate.syntax.reading import missing_grammars

NAME = "boundaries"
ANNOTATED = ("python", "typescript", "tsx")
SCRIPTED = (b"<script", b"javascript:", b"onload=", b"onclick=", b"onerror=")
JUDGED = (PathKind.CODE, PathKind.CONFIG)
"""where touches and weakenings count; switch-offs are also looked for in tests and vendored code"""


def analyze(context: Context) -> Iterator[Outcome]:
    """Touches, weakenings and switch-offs of the change set, and the spans proven mechanical."""
    rules = load_rules(context.rulebook)
    deltas = []
    for view in context.files:
        if view.old is None and view.new is None:
            continue
        kind = PathKind.CODE if _is_scripted_image(view) else path_kind(view.path)
        if kind in (PathKind.PROSE, PathKind.INERT, PathKind.LOCK):
            continue
        proof = proven(view, rules.telling)
        yield from proof.listed
        if proof.whole:
            continue
        delta = FileDelta(view, kind)
        delta.only_looks_different(proof.old, proof.new)
        if delta.language in ANNOTATED:
            from trustgate.analyzers.boundaries.annotated import only_annotated

            delta.only_looks_different(*only_annotated(delta))
        deltas.append(delta)
        yield from _half_read(delta)
    absent = missing_grammars(delta.path for delta in deltas)
    if absent:
        reason = "grammar not installed, read by lines: install the extra `languages`"
        yield NotChecked(f"{NAME}: {', '.join(absent)} by tree-sitter", reason)
    yield from _moves(deltas)
    found = list(_findings(deltas, rules, context.settings.places))
    yield from found
    yield from find_verification(context.files, deltas, rules)
    mismatch = find_mismatch(context.change.commits, found, rules, context.change.touched)
    if mismatch is not None:
        yield mismatch


def _is_scripted_image(view: FileView) -> bool:
    """An SVG is a picture until it holds a script."""
    if not view.path.lower().endswith(".svg"):
        return False
    return any(mark in side.data.lower() for side in (view.old, view.new) if side for mark in SCRIPTED)


def _moves(deltas: list[FileDelta]) -> Iterator[Outcome]:
    """Definitions that moved whole, which no part below looks at any more."""
    for before, after, said in proven_moves([delta.view for delta in deltas]):
        for delta in deltas:
            old = before[1] if delta.view is before[0] else frozenset[int]()
            new = after[1] if delta.view is after[0] else frozenset[int]()
            delta.only_looks_different(old, new)
        yield said


def _half_read(delta: FileDelta) -> Iterator[Skip]:
    """Changed lines that were not looked at whole: an error in code, a remark in data, tests and bundles."""
    if delta.new is None or not delta.new.numbers or not delta.new.detail:
        return
    cut = sorted(delta.new.numbers & delta.new.outline.cut_lines)
    if cut:
        many = f"line {cut[0]}" if len(cut) == 1 else f"{len(cut)} changed lines, the first of them {cut[0]}"
        reason = f"{many}: too long, or too much in one change, to be looked at whole"
        yield Skip(NAME, reason, delta.path, error=delta.kind is PathKind.CODE)


def _findings(deltas: list[FileDelta], rules: Rules, places: tuple[Places, ...]) -> Iterator[Finding]:
    moved = moved_lines(deltas)
    for delta in deltas:
        delta.leave_out(moved)
    for delta in deltas:
        yield from find_switch_offs(delta, deltas, rules)
        if delta.kind in JUDGED:
            yield from find_weakenings(delta, deltas, rules)
            yield from find_configured(delta, rules)
            yield from find_loosened(delta, deltas, rules)
            yield from find_lost_lines(delta, deltas, rules)
            yield from find_lost_entries(delta, rules)
    judged = [delta for delta in deltas if delta.kind in JUDGED]
    touches = list(find_touches(judged, rules, places))
    yield from find_shrunk(judged, touches, rules)
    yield from touches
