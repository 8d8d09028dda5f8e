"""Settings of configuration files with the path of keys above them, read line by line; linear, and never raises.

YAML, JSON (with comments), TOML, INI, properties, `.env`, HCL, Dockerfile, nginx and Apache. A list is one value of the
key above it. Places in a list have no number: an entry put before another one does not rename what follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from trustgate.analyzers.boundaries.fact import Fact, Facts
from trustgate.analyzers.boundaries.safe import folded
from trustgate.analyzers.boundaries.values import pattern
from trustgate.record import NamedTuple
from trustgate.syntax.outline import Span

VALUE_LIMIT = 2000
"""characters of one value"""
LINE_LIMIT = 100_000
"""characters of a line that are read, as everywhere; a longer one is said to be cut"""
DEPTH_LIMIT = 60
"""keys above a setting; deeper ones belong to the last of them"""
_YAML_KEY = r"(?P<key>\"[^\"]{0,200}\"|'[^']{0,200}'|[^\s:#\[\]{}\"'&*!|>%@][^:#]{0,200}):(?:\s+(?P<value>.*))?$"
_BLOCK = r"[|>][+-]?\d?[+-]?$"
_JSON = r"\"(?:[^\"\\\n]|\\.){0,2000}\"|//[^\n]*|/\*|[{}\[\],:]|[^\s{}\[\],:\"/]+|\n|/"
_PAIR = r"\s*(?:export\s+)?(?P<key>[\w.\-\"']{1,120})\s*(?:=(?!=)|:(?=\s|$))\s*(?P<value>.*)$"
_DIRECTIVE = r"\s*(?P<key>[A-Za-z_][\w-]{0,80})\s++(?P<value>[^{;]++);?\s*$"
_HEADER_WORDS = frozenset(("add_header", "header", "proxy_set_header", "requestheader", "setenv", "set", "option"))
_HCL_BLOCK = r"\s*(?P<head>[\w-]+(?:\s+(?:\"[^\"]*\"|[\w-]+)){0,3})\s*(?:=\s*)?\{\s*(?P<rest>.*)$"
_HCL_PAIR = r"\s*(?P<key>[\w\-\"]{1,120})\s*[=:]\s*(?P<value>.+)$"


class _Item(NamedTuple):
    path: tuple[str, ...]
    value: str
    first: int
    last: int
    column: int
    end: int


@lru_cache(maxsize=8)
def config_facts(language: str, text: str) -> Facts:
    """Every setting of the file, and how often each key path stands there."""
    lines = [line[:LINE_LIMIT] for line in text.split("\n")]
    holders: Counter[str] = Counter({"": 1})
    found = []
    for item in _READERS.get(language, _pairs)(lines):
        path = item.path[-DEPTH_LIMIT:]
        if item.value == "":
            holders[".".join(map(folded, path))] += 1
            continue
        above = ".".join(map(folded, path[:-1]))
        shown = ".".join(part for part in path if part != "[]")
        name = ".".join(folded(part) for part in path if part != "[]")
        span = Span(item.first, item.column, item.last, item.end)
        found.append(Fact("key", above, shown, name, shown, item.value[:VALUE_LIMIT], span))
    return Facts(tuple(found), holders, frozenset(), bare=True)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _item(path: tuple[str, ...], value: str, number: int, line: str) -> _Item:
    return _Item(path, value, number, number, _size(line) - _size(line.lstrip()), _size(line.rstrip()))


def _without_comment(line: str) -> str:
    cut = line.find(" #")
    while cut >= 0:
        if line.count('"', 0, cut) % 2 == 0 and line.count("'", 0, cut) % 2 == 0:
            return line[:cut].rstrip()
        cut = line.find(" #", cut + 1)
    return "" if line.lstrip().startswith("#") else line.rstrip()


def _yaml(lines: list[str]) -> Iterator[_Item]:
    stack: list[tuple[int, str]] = []
    listed: _Item | None = None
    block = -1
    for number, raw in enumerate(lines, 1):
        line = _without_comment(raw)
        bare = line.lstrip()
        indent = len(line) - len(bare)
        if not bare or bare.startswith(("---", "%")):
            continue
        if block >= 0 and indent > block:
            continue
        block = -1
        while bare.startswith("- ") or bare == "-":
            while stack and (stack[-1][0] > indent or (stack[-1][0] == indent and stack[-1][1] == "[]")):
                stack.pop()
            if len(stack) < DEPTH_LIMIT:
                stack.append((indent, "[]"))
                yield _item(tuple(key for _, key in stack), "", number, raw)
            rest = bare[1:].lstrip()
            indent += len(bare) - len(rest)
            bare = rest
        dashed = bool(stack) and stack[-1][1] == "[]" and indent > stack[-1][0]
        found = pattern(_YAML_KEY).match(bare)
        if not found:
            if dashed and bare:
                path = tuple(key for _, key in stack[:-1])
                if listed is not None and listed.path == path and listed.last >= number - 3:
                    listed = listed._replace(
                        value=f"{listed.value}, {bare}"[:VALUE_LIMIT], last=number, end=_size(raw.rstrip())
                    )
                else:
                    if listed is not None:
                        yield listed
                    listed = _item(path, bare, number, raw)
            continue
        if listed is not None:
            yield listed
            listed = None
        while stack and stack[-1][0] >= indent and not (stack[-1][1] == "[]" and stack[-1][0] < indent):
            stack.pop()
        key, value = found["key"].strip("\"' "), (found["value"] or "").strip()
        path = (*(name for _, name in stack), key)
        if pattern(_BLOCK).match(value):
            block, value = indent, ""
        yield _item(path, value, number, raw)
        if not value and len(stack) < DEPTH_LIMIT:
            stack.append((indent, key))
    if listed is not None:
        yield listed


def _json(lines: list[str]) -> Iterator[_Item]:
    path: list[str] = []
    key, waiting, number = "", False, 1
    entries: list[tuple[list[str], int]] = []
    comment = False
    beyond = 0
    """levels below the deepest that is kept; what stands there belongs to that one"""
    for found in pattern(_JSON).finditer("\n".join(lines)):
        mark = found[0]
        if mark == "\n":
            number += 1
            continue
        if comment or mark.startswith("//"):
            comment = comment and not mark.endswith("*/")
            continue
        if mark == "/*":
            comment = True
        elif mark in "{[":
            if len(path) < DEPTH_LIMIT * 4:
                path.append(key if waiting else "[]")
                entries.append(([], number))
                if mark == "{":
                    yield _Item(tuple(path), "", number, number, 0, 0)
            else:
                beyond += 1
            key, waiting = "", False
        elif mark in "}]":
            if beyond:
                beyond -= 1
            elif path:
                texts, first = entries.pop()
                if mark == "]" and texts:
                    yield _item(tuple(path), ", ".join(texts)[:VALUE_LIMIT], first, lines[first - 1])._replace(
                        last=number
                    )
                path.pop()
            key, waiting = "", False
        elif mark == ":":
            waiting = True
        elif mark == ",":
            key, waiting = "", False
        elif waiting:
            yield _item((*path, key), mark, number, lines[number - 1])
            key, waiting = "", False
        else:
            key = mark.strip('"')
            if entries:
                entries[-1][0].append(mark)


def _pairs(lines: list[str]) -> Iterator[_Item]:
    """TOML, INI, properties, `.env`, and the directives of nginx and Apache."""
    section: tuple[str, ...] = ()
    blocks: list[str] = []
    opened: _Item | None = None
    for number, raw in enumerate(lines, 1):
        line = _without_comment(raw)
        bare = line.strip()
        if opened is not None:
            opened = opened._replace(value=f"{opened.value} {bare}"[:VALUE_LIMIT], last=number, end=_size(raw.rstrip()))
            if "]" in bare or number - opened.first > 500:
                yield opened
                opened = None
            continue
        if not bare or bare[0] in ";!":
            continue
        if bare.startswith("[") and bare.endswith("]"):
            section = (
                tuple(part.strip("\"' ") for part in bare.strip("[] ").split("."))
                if "." in bare
                else (bare.strip("[] "),)
            )
            yield _item(section, "", number, raw)
            continue
        if bare.startswith("</") or bare == "}":
            blocks = blocks[:-1]
            continue
        if (bare.startswith("<") and bare.endswith(">")) or bare.endswith("{"):
            blocks = [*blocks[: DEPTH_LIMIT - 1], bare.strip("<>{ ").split(" ")[0]]
            yield _item((*section, *blocks), "", number, raw)
            continue
        found = pattern(_PAIR).match(line)
        if found:
            item = _item(
                (*section, *blocks, *found["key"].strip("\"'").split(".")), found["value"].strip(), number, raw
            )
            if found["value"].strip().startswith("[") and "]" not in found["value"]:
                opened = item
            elif item.value:
                yield item
            continue
        found = pattern(_DIRECTIVE).match(line)
        if found:
            yield from _directive((*section, *blocks), found["key"], found["value"].rstrip(), number, raw)
    if opened is not None:
        yield opened


def _directive(above: tuple[str, ...], key: str, value: str, number: int, raw: str) -> Iterator[_Item]:
    words = value.split()
    if key.lower() in _HEADER_WORDS:
        while len(words) > 1 and words[0].lower() in ("always", "set", "append", "merge"):
            words = words[1:]
        if len(words) > 1:
            yield _item((*above, words[0]), " ".join(words[1:]).removesuffix(" always"), number, raw)
        return
    yield _item((*above, key), value, number, raw)


def _hcl(lines: list[str]) -> Iterator[_Item]:
    stack: list[str] = []
    opened: _Item | None = None
    for number, raw in enumerate(lines, 1):
        bare = _without_comment(raw).strip()
        if opened is not None:
            opened = opened._replace(value=f"{opened.value} {bare}"[:VALUE_LIMIT], last=number, end=_size(raw.rstrip()))
            if "]" in bare or number - opened.first > 500:
                yield opened
                opened = None
            continue
        for _ in range(8):  # blocks that stand on one line
            block = pattern(_HCL_BLOCK).match(bare)
            if not block:
                break
            if len(stack) < DEPTH_LIMIT:
                stack.append(" ".join(part.strip('"') for part in block["head"].split()).replace(" ", "."))
                yield _item(tuple(stack), "", number, raw)
            bare = block["rest"]
        closed = bare.count("}") - bare.count("{")
        pair = pattern(_HCL_PAIR).match(bare.rstrip("} "))
        if pair:
            item = _item((*stack, pair["key"].strip('"')), pair["value"].strip(), number, raw)
            if item.value.startswith("[") and "]" not in item.value:
                opened = item
            else:
                yield item
        if closed > 0:
            del stack[max(len(stack) - closed, 0) :]
    if opened is not None:
        yield opened


def _dockerfile(lines: list[str]) -> Iterator[_Item]:
    """Only the last USER counts, and only in the last stage: it is the one that the image runs as."""
    user: _Item | None = None
    for number, raw in enumerate(lines, 1):
        word, _, rest = raw.strip().partition(" ")
        if word.upper() == "FROM":
            user = None
        elif word.upper() == "USER" and rest.strip():
            user = _item(("USER",), rest.strip().split(":")[0], number, raw)
        elif word.upper() == "ENV":
            found = pattern(_PAIR).match(rest)
            if found:
                yield _item(("ENV", found["key"]), found["value"].strip(), number, raw)
    if user is not None:
        yield user


_READERS = {"yaml": _yaml, "json": _json, "hcl": _hcl, "dockerfile": _dockerfile}
