"""The text of a manifest, and where its entries stand: line numbers for TOML and JSON, whose parsers give none."""

from __future__ import annotations

import re
from typing import Any

from trustgate.manifests.dependency import ManifestError

HAND_WRITTEN_LIMIT = 2 * 1024 * 1024
"""bytes; nobody writes a larger manifest, and parse time stays bounded"""
LOCK_LIMIT = 32 * 1024 * 1024
TOML_LOCK_LIMIT = 8 * 1024 * 1024
"""bytes; tomllib reads about 1 MB a second, and the largest lock files of real projects are a quarter of this"""
DOT_LIMIT = 500
"""a line; tomllib takes quadratic time for a key of many parts"""
FEW_DOTS = 20
DOT_WORK = 20_000_000
"""squares of the dots of lines, added up: half a second of tomllib"""
_LOOK_AHEAD = 50
"""lines between two strings of an array (comments, blanks); one that is written with escapes is not found at all"""
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def text_of(path: str, data: bytes, limit: int = HAND_WRITTEN_LIMIT) -> str:
    """The text, byte order mark removed. Raises ManifestError over `limit` bytes."""
    if len(data) > limit:
        raise ManifestError(path, f"{len(data) // 2**20} MiB is over the limit of {limit // 2**20} MiB for this format")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if encoding != "utf-8" and path.endswith((".toml", ".lock")):
                raise ManifestError(path, "not UTF-8, as TOML has to be")
            return data[len(mark) :].decode(encoding, "replace" if encoding != "utf-8" else "surrogateescape")
    return data.decode("utf-8", "surrogateescape")


def load_toml(path: str, text: str) -> dict[str, Any]:
    """The document. Raises ManifestError with the position that the parser names."""
    import tomllib

    dots = [_dots(line) for line in text.split("\n") if line.count(".") > FEW_DOTS]
    if max(dots, default=0) > DOT_LIMIT:
        raise ManifestError(path, f"a line with over {DOT_LIMIT} dots")
    if sum(count * count for count in dots) > DOT_WORK:
        raise ManifestError(path, "too many keys of many parts")
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(path, f"not valid TOML: {error}") from error
    except (ValueError, RecursionError) as error:  # dates out of range, huge integers, nesting
        raise ManifestError(path, f"not readable as TOML: {type(error).__name__}") from error


def _dots(line: str) -> int:
    """Dots of a line outside quoted strings."""
    return re.sub(r"\"[^\"]*\"|'[^']*'", "", line).count(".")


def load_json(path: str, text: str, twice: list[str] | None = None) -> dict[str, Any]:
    """The top-level object. `twice` gets each key that stands more than once in its object.

    Raises ManifestError with the line that the parser names.
    """
    import json

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs) and twice is not None:
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    twice.append(key)
                seen.add(key)
        return made

    try:
        document = json.loads(text) if twice is None else json.loads(text, object_pairs_hook=keep)
    except json.JSONDecodeError as error:
        raise ManifestError(path, f"not valid JSON: {error.msg}, column {error.colno}", error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise ManifestError(path, f"not readable as JSON: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise ManifestError(path, "not a JSON object", 1)
    return document


class TomlLines:
    """Finds the line of a key or of a string in a table. Text search: right for files as tools write them."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.tables: dict[str, int] = {"": 0}
        self._keys: dict[tuple[str, str], int] = {}
        table = ""
        for number, line in enumerate(self.lines):
            stripped = line.strip()
            if stripped.startswith("[") and "]" in stripped:
                name = stripped.partition("#")[0].strip().strip("[]").replace('"', "").replace("'", "").replace(" ", "")
                if name and "," not in name:
                    table = name
                    self.tables.setdefault(table, number)
            elif "=" in stripped:
                left = stripped.partition("=")[0].strip().strip("\"'")
                self._keys.setdefault((table, left), number)
                self._keys.setdefault((table, left.rpartition(".")[2]), number)

    def key(self, table: str, key: str) -> int:
        """1-based line of `key = …` in `table`; the table's first line when the key is written another way."""
        number = self._keys.get((table, key))
        return (self.tables.get(table, 0) if number is None else number) + 1

    def string(self, table: str, key: str, value: str) -> int:
        """1-based line of the string `value` at or behind `key` in `table`."""
        return self.strings(table, key, [value])[0]

    def strings(self, table: str, key: str, values: list[str]) -> list[int]:
        """1-based line of each string of the array `key` of `table`, in order; the last one found where one is not."""
        number = self.key(table, key) - 1
        found: list[int] = []
        at = 0
        for value in values:
            line, position = number, at
            while line < len(self.lines):
                position = self.lines[line].find(value, position)
                if position >= 0:
                    number, at = line, position + len(value)
                    break
                line, position = line + 1, 0
                if line - number > _LOOK_AHEAD:
                    break
            found.append(number + 1)
        return found


def json_key_lines(text: str, depth: int = 3) -> dict[tuple[str, ...], list[int]]:
    """1-based lines of every object key down to `depth`, by path; more than one line means a duplicate key.

    The text has been parsed before; nesting is walked with a list, not with recursion.
    """
    import json

    found: dict[tuple[str, ...], list[int]] = {}
    path: list[str] = []
    closers: list[str] = []
    line, pending = 1, ""
    for match in re.finditer(r'\n|"(?:[^"\\]|\\.)*"|[{}\[\]:,]', text):
        mark = match.group()
        if mark == "\n":
            line += 1
        elif mark[0] == '"':
            pending = mark
        elif mark == ":":
            if closers and closers[-1] == "}" and len(closers) <= depth:
                key = json.loads(pending, strict=False)
                del path[len(closers) - 1 :]
                path.append(key)
                found.setdefault(tuple(path), []).append(line)
        elif mark in "{[":
            closers.append("}" if mark == "{" else "]")
            if mark == "[" and len(closers) <= depth:
                path.append("")
        elif mark in "}]" and closers:
            closers.pop()
            del path[len(closers) :]
    return found
