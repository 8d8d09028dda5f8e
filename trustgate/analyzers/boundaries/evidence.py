"""Evidence that a changed line lies in a boundary: each piece says of what class it is, what was seen, and where."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from trustgate.analyzers.boundaries.delta import CodeLine, FileDelta, PlacedLine, SideDelta
from trustgate.analyzers.boundaries.rules import Guards, Lexicon, callee_matches, compiled
from trustgate.analyzers.boundaries.sinks import is_sink, sensitive
from trustgate.record import NamedTuple
from trustgate.syntax.paths import PathKind
from trustgate.syntax.words import subwords, wordset

MARKUP = frozenset(("", "html", "xml", "vue", "svelte", "jsp", "erb", "template"))
"""languages whose code stands in attribute values, so that a string there is as good as code"""
NAME_LIKE = r"""^[rbuf]?["'`]\$?[A-Za-z_][\w.:-]{1,60}["'`]$"""
"""a string that is a key or a name, not a text"""
LISTS = frozenset(
    (
        *("unsafe", "dangerous", "blacklist", "blocklist", "denylist", "deny", "denied", "blocked", "whitelist"),
        *("allowlist", "allowed", "safe", "trusted", "untrusted", "validator", "permitted", "forbidden", "illegal"),
        *("disallowed", "sensitive", "reserved", "excluded", "exempt", "builtin", "builtins", "restricted", "bypass"),
    )
)
"""words in the name of a collection that decides what may pass"""


class Seen(NamedTuple):
    kind: str
    """class of the evidence: see WEIGHTS in score.py"""
    what: str
    line: int
    side: SideDelta
    delta: FileDelta


def evidence_of(delta: FileDelta, lexicon: Lexicon, guards: Guards | None) -> list[Seen]:
    """Everything in one file that speaks for one boundary. A path or a literal counts only beside other evidence."""
    seen: list[Seen] = []
    if lexicon.settings_only and delta.kind is PathKind.CODE and not _path_words(delta.path) & lexicon.path:
        return seen
    for side in delta.sides:
        for placed in side.placed:
            at = placed.line.number
            seen += (Seen(kind, what, at, side, delta) for kind, what in _on_line(delta, placed, lexicon))
        seen += (Seen(kind, what, line, side, delta) for kind, what, line in _structure(side, lexicon, guards))
    if not seen:
        return seen
    if lexicon.literal:
        pattern = compiled(lexicon.literal)
        for side in delta.sides:
            for line in side.telling_lines:
                found = pattern.search(line.text)
                if found:
                    seen.append(Seen("literal", found[0][:40], line.number, side, delta))
    first = seen[0]
    seen += (
        Seen("path", word, first.line, first.side, delta) for word in sorted(_path_words(delta.path) & lexicon.path)
    )
    return seen


def _on_line(delta: FileDelta, placed: PlacedLine, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    for word in sorted(placed.code & lexicon.strong):
        yield "word", word
    for word in sorted(placed.code & lexicon.weak):
        yield "weak", word
    for text, words in placed.strings:
        for word in sorted(words & lexicon.strong):
            named = delta.language in MARKUP or compiled(NAME_LIKE).match(text)
            yield "key" if named else "string", word
    for word in sorted(placed.scopes & lexicon.strong):
        yield "scope", word
    for word in sorted((placed.scopes & lexicon.scope) - lexicon.strong):
        yield "place", word


def _structure(side: SideDelta, lexicon: Lexicon, guards: Guards | None) -> Iterator[tuple[str, str, int]]:
    """What the syntax says: calls of an API, guards, decorators, entries of lists, secrets that reach a log."""
    for call in side.detail.calls:
        if not side.changed(call.span):
            continue
        if lexicon.api and callee_matches(call.callee, lexicon.api):
            yield "api", call.callee[:60], call.span.line
        if lexicon.rule.boundary == "secrets" and is_sink(call):
            for word in sorted(sensitive(call)):
                yield "sink", word, call.span.line
    for guard in side.detail.guards:
        first, last = guard.span.line, guard.header_end
        lines = [n for n in range(first, last + 1) if n in side.numbers and n not in side.moved]
        words = wordset(guard.condition) if lines else frozenset()
        for word in sorted(words & (lexicon.strong | (guards.conditions if guards else frozenset()))):
            yield "guard", word, lines[0]
        near = lexicon.scope | lexicon.strong
        if lines and (words & lexicon.weak or any(wordset(scope.name) & near for scope in side.chain(first))):
            yield "exit", guard.exit, lines[0]
    for scope in side.outline.scopes:
        for marker in scope.markers:
            name = marker.name.rsplit(".", 1)[-1].replace("_", "").lower()
            if guards is not None and name in guards.markers and side.changed(marker.span):
                yield "marker", name, marker.span.line
    for line in side.telling_lines:
        if not line.strings or not is_entry(line):
            continue
        holder = wordset(" ".join(scope.name for scope in side.chain(line.number)))
        about = holder | _path_words(side.text.path)
        if holder & LISTS and about & (lexicon.scope | lexicon.path):
            yield "entry", sorted(holder & LISTS)[0], line.number


def is_entry(line: CodeLine) -> bool:
    """A line of a collection: strings and punctuation, or one `.add("…")`."""
    if any(text.count(" ") > 2 for text in line.strings):  # a message
        return False
    bare = "".join(line.code.split())
    return not bare.strip("()[]{},:;'\"+*") or bool(
        re.fullmatch(r"\w{1,30}\.(?:add|append|push|put|insert)\(\);?,?", bare)
    )


@lru_cache(maxsize=4096)
def _path_words(path: str) -> frozenset[str]:
    stem = posixpath.splitext(path)[0]
    return frozenset(word for part in stem.replace("-", "_").replace(".", "_").split("/") for word in subwords(part))
