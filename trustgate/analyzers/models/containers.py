"""Containers that serve models: their image without a digest, and what a YAML service hands to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.models.hit import Hit
from trustgate.analyzers.models.place import Form, form_of
from trustgate.analyzers.models.programs import Commands
from trustgate.analyzers.models.words import LINE, Word, expanded, lines_with, variables_of, words_of
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import SideText
from trustgate.finding import Severity

_CONTEXT = re.compile(r"(?i)image|\bfrom\b|docker|podman|repository|container|nerdctl|crane|skopeo")
_DIGEST = re.compile(r"^\s*-?\s*(?:digest|sha256|imageDigest|sha)\s*:\s*[\"']?(?:sha256:)?[0-9a-f]{64}")
_TAG = re.compile(r"^\s*-?\s*(?:tag|imageTag)\s*:\s*[\"']?([\w.-]{1,80})")
_HANDED = re.compile(r"^(\s*)(command|args|entrypoint)\s*:(.*)$")
BLOCK = 200
"""lines of a service that are looked at on either side of its image"""


class Images:
    """Scans one side after the other by the list of the rule."""

    def __init__(self, rules: RuleSet, commands: Commands) -> None:
        self._names = rules.words("inference-image-tag", "images")
        self._commands = commands
        listed = "|".join(map(re.escape, sorted(self._names, key=len, reverse=True)))
        self._pattern = re.compile(
            rf"(?<![\w./:@-])((?:[\w.-]{{1,80}}(?::\d{{1,5}})?/){{0,3}}(?:{listed}))"
            r"(:[\w.-]{1,120})?(@sha256:[0-9a-f]{64})?(?=[\s\"',;)`\\]|$)"
        )

    def __call__(self, side: SideText) -> Iterator[Hit]:
        form = form_of(side.path)
        if form is Form.PROSE or not any(name in side.text for name in self._names):
            return
        names = variables_of(side.text)
        for number in lines_with(side.text, self._names):
            raw = side.line(number)
            if raw.lstrip().startswith(("#", "//", "*")):
                continue
            line = expanded(raw[:LINE], names)
            for found in self._pattern.finditer(line):
                if "github.com" in found[1] or "://" in line[max(found.start() - 8, 0) : found.start()]:
                    continue
                yield from self._image(side, number, raw, line, found, form)

    def _image(
        self, side: SideText, number: int, raw: str, line: str, found: re.Match[str], form: Form
    ) -> Iterator[Hit]:
        near = f"{side.line(number - 1)}\n{line}" if form is Form.SHELL else line
        if not _CONTEXT.search(near):
            return
        if form is Form.CODE and line[found.end() : found.end() + 1] not in ("'", '"', "`"):
            return
        tag = (found[2] or "")[1:]
        if not found[3]:
            beside = self._beside(side, number, line)
            if beside is not None:
                tag = beside or tag
                moves = tag in ("", "latest", "main", "nightly", "master")
                image = found[1] + (f":{tag}" if tag else "")
                span = (found.start(1), found.end(2 if found[2] else 1)) if raw == line else (0, 0)
                more = Severity.MEDIUM if moves else None
                slots = (("image", image[:160]),)
                yield Hit("inference-image-tag", image, number, number, *span, slots=slots, severity=more)
        if re.match(r"\s*-?\s*image\s*:", line):
            yield from self._service(side, number, line, found[1])

    @staticmethod
    def _beside(side: SideText, number: int, line: str) -> str | None:
        """The tag under a key beside `repository`, empty where there is none; None where a digest stands there."""
        if "repository" not in line:
            return ""
        indent = len(line) - len(line.lstrip())
        tag = ""
        for other in (*range(number - 4, number), *range(number + 1, number + 5)):
            text = side.line(other)
            if len(text) - len(text.lstrip()) == indent:
                if _DIGEST.match(text):
                    return None
                found = _TAG.match(text)
                tag = found[1] if found else tag
        return tag

    def _service(self, side: SideText, number: int, line: str, image: str) -> Iterator[Hit]:
        """`command` and `args` beside `image:`, as words."""
        row = self._commands.by_image(image)
        if row is None:
            return
        column = line.index("image")
        lines = side.lines
        first = number
        while (
            first > 1
            and number - first < BLOCK
            and (_column(lines[first - 2]) >= column or not lines[first - 2].strip())
        ):
            first -= 1
            if lines[first - 1].lstrip().startswith("- ") and _column(lines[first - 1]) == column:
                break
        if first > 1 and lines[number - 1].lstrip().startswith("- "):
            first = number
        last = number
        while last < len(lines) and last - number < BLOCK:
            text = lines[last]
            if text.strip() and (
                _column(text) < column
                or (_column(text) == column and text.lstrip().startswith("- ") and _indent(text) < column)
            ):
                break
            last += 1
        words = list(_handed(lines, first, last, column))
        if words and not any(word.text.rpartition("/")[2] in row.names for word in words):
            yield from self._commands.arguments(row, tuple(words), 0, variables_of(side.text))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _column(line: str) -> int:
    """Column of a line's key, its dash left out."""
    bare = line.lstrip()
    return len(line) - len(bare.removeprefix("-").lstrip()) if bare.startswith("- ") else len(line) - len(bare)


def _handed(lines: list[str], first: int, last: int, column: int) -> Iterator[Word]:
    number = first
    while number <= last:
        found = _HANDED.match(lines[number - 1])
        if found is None or len(found[1]) != column:
            number += 1
            continue
        rest = found[3].strip()
        if rest and rest.rstrip("+-") not in (">", "|"):
            yield from words_of(" " * (len(lines[number - 1]) - len(found[3])) + found[3], number)
        number += 1
        while number <= last and (
            _indent(lines[number - 1]) > column
            or lines[number - 1].lstrip().startswith("- ")
            or not lines[number - 1].strip()
        ):
            text = lines[number - 1]
            bare = text.lstrip()
            shift = len(text) - len(bare.removeprefix("- "))
            yield from words_of(" " * shift + text[shift:], number)
            number += 1
