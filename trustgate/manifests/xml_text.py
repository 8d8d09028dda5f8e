"""XML of a manifest as a list of elements. A document type is refused, so there are no entities to expand or fetch."""

from __future__ import annotations

from typing import NamedTuple
from xml.parsers import expat

from trustgate.manifests.dependency import TEXT_LIMIT, ManifestError

DEPTH = 60
COUNT = 200_000
"""elements of one file"""


class Element(NamedTuple):
    path: tuple[str, ...]
    """names of the elements from the root to this one, without namespaces"""
    text: str
    line: int
    order: int
    """number of the element that it stands in"""
    number: int


def elements(path: str, text: str) -> list[Element]:
    """Every element in the order of its end, children before parents. Raises ManifestError with the line."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    found: list[Element] = []
    stack: list[tuple[str, int, int, list[str]]] = []
    count = 0

    def refuse(*_: object) -> None:
        raise ManifestError(path, "has a document type, which is not read", parser.CurrentLineNumber)

    def start(name: str, _: object) -> None:
        nonlocal count
        count += 1
        if len(stack) >= DEPTH or count > COUNT:
            raise ManifestError(path, "nested too deep, or too many elements", parser.CurrentLineNumber)
        stack.append((name.rpartition("}")[2], parser.CurrentLineNumber, count, []))

    def chars(value: str) -> None:
        if stack and len(stack[-1][3]) < 50:
            stack[-1][3].append(value[:TEXT_LIMIT])

    def end(_: str) -> None:
        _, line, number, parts = stack[-1]
        names = tuple(one[0] for one in stack)
        stack.pop()
        found.append(Element(names, "".join(parts).strip(), line, stack[-1][2] if stack else 0, number))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.CharacterDataHandler = chars
    parser.EndElementHandler = end
    try:
        parser.Parse(text.encode("utf-8", "surrogateescape"), True)
    except (expat.ExpatError, ValueError, UnicodeError) as error:
        raise ManifestError(path, f"not valid XML: {error}", getattr(error, "lineno", 0)) from error
    return found
