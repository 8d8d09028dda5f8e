"""A file that ends in mid-statement: base parsed, and what is open in head stays open at its last line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.damage.ground import capped, grammar_of, newly_broken
from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import ChangedLine
from trustgate.finding import Confidence, Side
from trustgate.syntax.paths import language_of

if TYPE_CHECKING:
    from tree_sitter import Node

RULE = "file-truncated"
MAX_NODES = 400_000
"""nodes of one tree that are walked"""
_PAIRS = {")": "(", "]": "[", "}": "{"}
_NO_BRACKETS = frozenset(("bash", "html", "dockerfile", "xml"))
"""languages in which a bracket can stand alone"""


def tail_changed(subject: Subject) -> bool:
    """Whether the last line of the file is another than before."""
    new, old, hunks = subject.file.new, subject.file.old, subject.file.change.hunks
    if new is None or not hunks or not new.lines or language_of(subject.path) in _NO_BRACKETS:
        return False
    last = hunks[-1]
    end = last.new_start + last.new_count - 1 if last.new_count else last.new_start
    return end >= len(new.lines) and (old is None or _last(old.lines) != _last(new.lines))


def check(subject: Subject) -> Iterator[Outcome]:
    new, old = subject.file.new, subject.file.old
    if new is None or not tail_changed(subject) or not newly_broken(subject):
        return
    from trustgate.syntax.tree import parse

    what = _unfinished(subject, parse(grammar_of(subject.path), new.data))
    if not what:
        return
    number = max(n for n, text in enumerate(new.lines, 1) if text.strip())
    line = ChangedLine(Side.NEW, number, new.line(number))
    yield subject.rules.finding(
        RULE, subject.at(line), line.text.strip(), what=what,
        confidence=capped(subject, Confidence.MEDIUM if old is None else Confidence.HIGH),
    )  # fmt: skip


def _unfinished(subject: Subject, root: Node) -> str:
    """What is still open at the end of the file, in words; empty where nothing is, or the breach lies elsewhere."""
    opened: list[tuple[str, int]] = []
    last = ""
    strings: list[int] = []
    cursor = root.walk()
    for _ in range(MAX_NODES):
        if cursor.goto_first_child():
            continue
        node = cursor.node
        if node is not None and node.start_byte != node.end_byte:
            if node.type == "string_start":
                strings.append(node.start_point[0] + 1)
            elif node.type == "string_end":
                if strings:
                    strings.pop()
            elif not node.is_named:
                for char in node.type:
                    if char in "([{":
                        opened.append((char, node.start_point[0] + 1))
                    elif char in ")]}":
                        if not opened or opened[-1][0] != _PAIRS[char]:
                            return ""
                        opened.pop()
            if "comment" not in node.type:
                last = node.type
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return _words(subject, opened, strings, last)
    return ""


def _words(subject: Subject, opened: list[tuple[str, int]], strings: list[int], last: str) -> str:
    if opened:
        return f"`{opened[-1][0]}` of line {opened[-1][1]} is never closed"
    if strings:
        return f"the string of line {strings[-1]} is never closed"
    if last in subject.rules.words(RULE, "unfinished_ends"):
        return f"its last line ends with `{last}`"
    return ""


def _last(lines: list[str]) -> str:
    return next((text.rstrip() for text in reversed(lines) if text.strip()), "")
