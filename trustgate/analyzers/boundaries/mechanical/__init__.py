"""Proof that a change is mechanical: of a whole file where it holds, else of single hunks. The proof is said in words.

What is proven is not flagged. Nothing is proven by a message, a name or a comment; the first look only saves time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trustgate.changes.changeset import Hunk
from trustgate.facts import FileView
from trustgate.record import NamedTuple
from trustgate.syntax.paths import language_of
from trustgate.verdict import Mechanical

if TYPE_CHECKING:
    from tree_sitter import Node

    from trustgate.analyzers.boundaries.mechanical.compare import Dialect
    from trustgate.analyzers.boundaries.mechanical.hunks import Judge
    from trustgate.analyzers.boundaries.mechanical.look import Look

FORMATTING = "formatting only, trees equal"
VALUES = "formatting only, values equal"
TREES = ("python", "javascript", "typescript", "tsx", "go", "java")
DATA = ("json", "toml")
LIMIT = 2 * 1024 * 1024
"""bytes of a side; beyond it nothing is proven"""
HUNKS = 5000


class Proof(NamedTuple):
    """What is proven of one file."""

    whole: bool = False
    listed: tuple[Mechanical, ...] = ()
    old: frozenset[int] = frozenset()
    """1-based lines of the old side that only look different"""
    new: frozenset[int] = frozenset()


NOTHING = Proof()


def proven(view: FileView, words: frozenset[str] = frozenset()) -> Proof:
    """What of the change to this file is mechanical. `words` are names that no rename may take away or bring in."""
    old, new, change = view.old, view.new, view.change
    if old is None or new is None or change.old_mode != change.new_mode or not 0 < len(change.hunks) <= HUNKS:
        return NOTHING
    language = language_of(view.path)
    if language not in (*TREES, *DATA, "yaml") or language != language_of(change.old_path):
        return NOTHING
    if max(len(old.data), len(new.data)) > LIMIT or view.degraded:
        return NOTHING
    if b"# /// " in old.data or b"# /// " in new.data:  # comments that are data: inline metadata of a script
        return NOTHING
    from trustgate.analyzers.boundaries.mechanical.look import look

    seen = look(old, new, change.hunks, "//" if language in TREES[1:] else "#" if language != "json" else "")
    if not seen:
        return NOTHING
    if language in DATA:
        return _data(view, language, seen.layout)
    if language == "yaml":
        return _yaml(view, seen.layout)
    return _code(view, language, seen, words)


def proven_moves(
    views: Sequence[FileView],
) -> list[tuple[tuple[FileView, frozenset[int]], tuple[FileView, frozenset[int]], Mechanical]]:
    """Definitions that moved whole: file and lines of the old place, file and lines of the new one, the proof."""
    if not any(view.change.hunks for view in views):
        return []
    from trustgate.analyzers.boundaries.mechanical.moved import find_moves

    return [
        (
            (move.before.view, frozenset(range(move.before.scope.start, move.before.scope.end + 1))),
            (move.after.view, frozenset(range(move.after.scope.start, move.after.scope.end + 1))),
            move.said,
        )
        for move in find_moves(views)
    ]


def _data(view: FileView, language: str, candidates: tuple[Hunk, ...]) -> Proof:
    from trustgate.analyzers.boundaries.mechanical.values import same_values

    old = _old(view)
    return _by_hunks(
        view, candidates, lambda data: frozenset() if same_values(language, old, data) else None, proof=VALUES
    )


def _yaml(view: FileView, candidates: tuple[Hunk, ...]) -> Proof:
    from trustgate.analyzers.boundaries.mechanical.yaml_tree import YamlDialect, parse

    root = parse(_old(view))
    if root is None:
        return NOTHING
    return _by_hunks(view, candidates, lambda data: _same(root, parse(data), YamlDialect()))


def _code(view: FileView, language: str, seen: Look, words: frozenset[str]) -> Proof:
    from trustgate.analyzers.boundaries.mechanical.dialects import dialect_of
    from trustgate.syntax.tree import TreeOutline, parse

    if view.old is None or view.new is None:
        return NOTHING
    outline, after = view.old.outline, view.new.outline
    if not isinstance(outline, TreeOutline) or not isinstance(after, TreeOutline):
        return NOTHING
    dialect = dialect_of(language)
    grammar, root = language, outline.root
    if language == "javascript" and root.has_error:  # Flow's types, which the grammar for TypeScript reads
        other = parse("tsx", view.old.data)
        grammar, root = (language, root) if other.has_error else ("tsx", other)
    candidates = tuple(sorted((*seen.layout, *seen.imports)))
    if seen.renames and len(candidates) + len(seen.renames) == len(view.change.hunks):
        from trustgate.analyzers.boundaries.mechanical.rename import renamed

        said = renamed(language, outline.root, after.root, dialect, words)
        if said:
            return _whole(view, said)
    if not candidates:
        return NOTHING
    return _by_hunks(view, candidates, lambda data: _same(root, parse(grammar, data), dialect))


def _same(old: Node, new: Node | None, dialect: Dialect) -> frozenset[str] | None:
    from trustgate.analyzers.boundaries.mechanical.compare import compare

    if new is None:
        return None
    found = compare(old, new, dialect)
    return found.notes if found.same else None


def _by_hunks(view: FileView, candidates: tuple[Hunk, ...], judge: Judge, proof: str = FORMATTING) -> Proof:
    from trustgate.analyzers.boundaries.mechanical.hunks import provable

    if not candidates or view.new is None:
        return NOTHING
    groups = provable(_old(view), view.new.data, candidates, judge)
    said = {hunk: "; ".join((proof, *sorted(notes))) for hunks, notes in groups for hunk in hunks}
    if len(said) == len(view.change.hunks) and len(groups) == 1:
        return _whole(view, next(iter(said.values())))
    return Proof(
        False,
        tuple(_listed(view, (hunk,), words) for hunk, words in sorted(said.items())),
        frozenset(n for hunk in said for n in hunk.old_lines),
        frozenset(n for hunk in said for n in hunk.new_lines),
    )


def _whole(view: FileView, proof: str) -> Proof:
    hunks = view.change.hunks
    return Proof(
        True,
        (_listed(view, hunks, proof),),
        frozenset(n for hunk in hunks for n in hunk.old_lines),
        frozenset(n for hunk in hunks for n in hunk.new_lines),
    )


def _listed(view: FileView, hunks: tuple[Hunk, ...], proof: str) -> Mechanical:
    """Lines of the new side; a hunk that only takes lines away stands at the line before them."""
    last = hunks[-1]
    return Mechanical(view.path, hunks[0].new_start, last.new_start + max(last.new_count - 1, 0), proof)


def _old(view: FileView) -> bytes:
    return view.old.data if view.old is not None else b""
