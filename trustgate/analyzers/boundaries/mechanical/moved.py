"""Whole definitions that moved: same text, same decorators, same enclosing symbols, same names behind it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from trustgate.facts import FileView, SideText
from trustgate.record import NamedTuple
from trustgate.syntax.outline import Scope, chain
from trustgate.syntax.paths import language_of, path_kind
from trustgate.verdict import Mechanical

_HEADER = re.compile(r"\s*(?:(?:export|default|async|public|private|static|final)\s+)*(?:def|class|func|function)\b")
_TOP = re.compile(r"(?:export\s+)?(?:const\s+|let\s+|var\s+)?([A-Za-z_$][\w$]*)\s*(?::[^=\n]{0,80})?=(?!=)")
_STAR = re.compile(r"^\s*(?:from\s+\S+\s+import\s+\*|import\s+\.\s)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d][\w$]*")
LIMIT = 400
"""definitions of one change set that are looked at"""
LANGUAGES = ("python", "javascript", "typescript", "tsx", "go", "java")


class Moved(NamedTuple):
    """A definition at its old or its new place."""

    view: FileView
    side: SideText
    scope: Scope
    parents: tuple[str, ...]
    text: str


class Move(NamedTuple):
    before: Moved
    after: Moved

    @property
    def said(self) -> Mechanical:
        place = f"{self.before.view.change.old_path}:{self.before.scope.start}"
        proof = f"definition moved from {place}: same text, same decorators, same names behind it"
        return Mechanical(self.after.view.path, self.after.scope.start, self.after.scope.end, proof)


def find_moves(views: Sequence[FileView]) -> tuple[Move, ...]:
    """Definitions taken out whole in one place and put in whole in another, each of them unique in the change."""
    gone, came = _headers(views, old=True), _headers(views, old=False)
    if not gone & came:
        return ()
    before = _definitions(views, gone & came, old=True)
    after = _definitions(views, gone & came, old=False)
    moves = [
        Move(places[0], after[key][0])
        for key, places in before.items()
        if len(places) == 1 and len(after.get(key, ())) == 1
    ]
    return tuple(move for move in moves if _outer(move, moves) and _means_the_same(move, moves))


def _headers(views: Sequence[FileView], *, old: bool) -> set[str]:
    found: set[str] = set()
    for view in views:
        if language_of(view.path) in LANGUAGES:
            lines = view.removed() if old else view.added()
            found.update(line.text.strip() for line in lines if _HEADER.match(line.text))
    return found


def _definitions(views: Sequence[FileView], headers: set[str], *, old: bool) -> dict[tuple[str, str], list[Moved]]:
    """By language and text, where every line of the definition is a changed one."""
    found: dict[tuple[str, str], list[Moved]] = {}
    count = 0
    for view in views:
        side = view.old if old else view.new
        language = language_of(view.path)
        if side is None or language not in LANGUAGES:
            continue
        lines = {line.number: line.text for line in (view.removed() if old else view.added())}
        if not any(text.strip() in headers for text in lines.values()) or side.outline.degraded:
            continue
        for scope in side.outline.scopes:
            if scope.kind == "variable" or scope.end <= scope.start or count >= LIMIT:
                continue
            if all(number in lines for number in range(scope.start, scope.end + 1)):
                count += 1
                text = "\n".join(lines[number].rstrip("\r") for number in range(scope.start, scope.end + 1))
                parents = tuple(s.name for s in chain(side.outline, scope.start) if s.start < scope.start)
                found.setdefault((language, text), []).append(Moved(view, side, scope, parents, text))
    return found


def _outer(move: Move, moves: Sequence[Move]) -> bool:
    """Not a method of a class that moved as a whole: that is one move."""
    return not any(
        other is not move
        and other.before.side is move.before.side
        and other.before.scope.start <= move.before.scope.start
        and other.before.scope.end >= move.before.scope.end
        and other.before.scope != move.before.scope
        for other in moves
    )


def _means_the_same(move: Move, moves: Sequence[Move]) -> bool:
    before, after = move.before, move.after
    if before.parents != after.parents or not (_alone(before) and _alone(after)):
        return False
    words = set(_WORD.findall(before.text)) - {before.scope.name}
    old, new = before.side.outline.imports, after.side.outline.imports
    if any(old.get(word) != new.get(word) for word in words):
        return False
    if before.view is after.view:
        return True
    home, there = (posixpath.dirname(moved.side.path) for moved in (before, after))
    language = language_of(before.side.path)
    if path_kind(before.side.path) is not path_kind(after.side.path):  # out of a test into the program, or back
        return False
    if before.parents or language == "java" or (language == "go" and home != there):
        return False
    if home != there and any(old[word].startswith(".") for word in words & old.keys()):
        return False
    if _STAR.search(before.side.text) or _STAR.search(after.side.text):
        return False
    along = {
        other.before.scope.name
        for other in moves
        if other.before.side is before.side and other.after.side is after.side
    }
    named = set() if language == "go" else (_top_names(before.side) | _top_names(after.side)) - along
    return not words & named


def _alone(moved: Moved) -> bool:
    """The only definition of its name among its neighbours: else the order of definitions says which one counts."""
    outline = moved.side.outline
    same = [scope for scope in outline.scopes if scope.name == moved.scope.name and scope.kind != "variable"]
    places = [tuple(s.name for s in chain(outline, scope.start) if s.start < scope.start) for scope in same]
    return places.count(moved.parents) == 1


def _top_names(side: SideText) -> set[str]:
    """Names bound at the top of a file by definitions and plain assignments; what is imported is looked at apart."""
    names = {scope.name for scope in side.outline.scopes}
    names.update(found[1] for line in side.lines if (found := _TOP.match(line[:200])))
    return names
