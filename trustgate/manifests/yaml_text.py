"""YAML documents as a tree of texts, with the line of every entry: libyaml's events, put together by us.

Nothing is constructed: every scalar is text and tags mean nothing. An alias is the very object of its anchor, so
aliases of aliases ("billion laughs") take no room; a reader that walks everything has to bound itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from trustgate.manifests.dependency import ManifestError, clean

DEPTH = 60
"""levels of nesting; the deepest manifest that we know has 9"""
ALIASES = 500


class Node(NamedTuple):
    value: str | list[Node] | dict[str, Node]
    line: int
    """1-based line of its key, or on which it begins as an item"""
    twice: tuple[tuple[str, int], ...] = ()
    """keys of a mapping that stand more than once, with the line of the later one"""
    block: bool = False
    """a text that begins on the line behind its key, one line of it a line of the file"""
    folded: bool = False
    """a block whose lines are one line to its reader"""

    @property
    def table(self) -> dict[str, Node]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        return self.value if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    def at(self, *keys: str) -> Node:
        """What stands under a chain of keys; an empty text where there is nothing."""
        node = self
        for key in keys:
            node = node.table.get(key, _NOTHING)
        return node


_NOTHING = Node("", 0)


def load_yaml(path: str, text: str) -> list[Node]:
    """The documents of a file, at least one. Raises ManifestError with the line."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lines = _Lines(text)
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=loader)
        documents = list(_documents(path, events, lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        if error.context_mark and (mark is None or mark.index >= len(text)):  # the end of the file tells nothing
            mark = error.context_mark
        line = lines.of(mark) if mark else 0
        raise ManifestError(
            path, f"not readable as YAML: {clean(error.problem or error.context or '')}", line
        ) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise ManifestError(path, "not readable as YAML: a character that it does not allow") from error
    return documents or [Node({}, 1)]


class _Lines:
    """Where lines begin as git counts them; YAML 1.1 also ends a line at a lone CR and at U+0085, U+2028, U+2029."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._begins = [0, *accumulate(len(line) + 1 for line in self._lines)]

    def of(self, mark: Any) -> int:
        """1-based line of a mark."""
        return bisect_right(self._begins, mark.index)

    def between(self, first: Any, last: Any) -> str:
        """The lines behind that of `first` and before `last`, without their common margin and empty end."""
        from textwrap import dedent

        end = self.of(last) - (not last.column)  # a file may end without a line feed
        return dedent("\n".join(self._lines[self.of(first) : end])).rstrip("\n")


class _Open:
    """A collection whose end has not come yet."""

    def __init__(self, line: int, anchor: str, value: list[Node] | dict[str, Node]) -> None:
        self.line, self.anchor, self.value = line, anchor, value
        self.key: Node | None = None
        self.twice: list[tuple[str, int]] = []

    def add(self, node: Node, fail: Callable[[int, str], ManifestError]) -> None:
        if isinstance(self.value, list):
            self.value.append(node)
        elif self.key is None:
            if not isinstance(node.value, str):
                raise fail(node.line, "a key that is a collection")
            self.key = node
        else:
            if self.key.text in self.value:
                self.twice.append((self.key.text, self.key.line))
            self.value[self.key.text] = node._replace(line=self.key.line)
            self.key = None


def _documents(path: str, events: Iterator[Any], lines: _Lines) -> Iterator[Node]:
    import yaml

    def fail(line: int, reason: str) -> ManifestError:
        return ManifestError(path, f"not readable as YAML: {reason}", line)

    anchors: dict[str, Node] = {}
    aliases = 0
    open_: list[_Open] = []
    for event in events:
        line = lines.of(event.start_mark)
        anchor = getattr(event, "anchor", None) or ""
        if isinstance(event, yaml.DocumentStartEvent):
            anchors = {}
            continue
        if isinstance(event, yaml.CollectionStartEvent):
            if len(open_) >= DEPTH:
                raise fail(line, f"more than {DEPTH} levels")
            open_.append(_Open(line, anchor, [] if isinstance(event, yaml.SequenceStartEvent) else {}))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            done = open_.pop()
            node, anchor = Node(done.value, done.line, tuple(done.twice)), done.anchor
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > ALIASES or anchor not in anchors:
                raise fail(line, "too many aliases" if aliases > ALIASES else "an alias of nothing before it")
            node, anchor = anchors[anchor]._replace(line=line), ""
        elif isinstance(event, yaml.ScalarEvent):
            block, folded = event.style in ("|", ">"), event.style == ">"
            value = lines.between(event.start_mark, event.end_mark) if folded else event.value
            node = Node(value.removesuffix("\n") if block else value, line, block=block, folded=folded)
        else:
            continue
        if anchor:
            anchors[anchor] = node
        if open_:
            open_[-1].add(node, fail)
        else:
            yield node
