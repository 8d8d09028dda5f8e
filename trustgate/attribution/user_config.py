"""Files in which agents keep their settings (rules/attribution/settings.toml): found and read, none of them believed.

A file that is not there says nothing. One that is there and cannot be read is named, so that nobody takes its silence
for an answer.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FILE_LIMIT = 1024 * 1024
"""bytes of a file that are read; a larger one counts as unreadable"""
YAML_LIMIT = 64 * 1024
"""bytes of a YAML file: its parser is slow"""
FILES_LIMIT = 20
"""files that one pattern may stand for"""
PROJECT = "project"

Table = Mapping[str, Any]


class Document(NamedTuple):
    """One file's contents."""

    shown: str
    """the file as messages call it: with `~` and `./`, never the whole path"""
    table: Table
    """its table of settings.toml"""
    value: Mapping[str, Any]


class Unread(NamedTuple):
    shown: str
    reason: str


def documents(
    agent: str, tables: Sequence[Table], environ: Mapping[str, str], home: Path | None, top: Path | None
) -> Iterator[Document | Unread]:
    """The settings of an agent in its order of precedence, the file that wins first; and those that cannot be read."""
    for table in tables:
        if table["agent"] != agent:
            continue
        for path, shown in _paths(table, environ, home, top):
            found = _document(path, shown, table)
            if found is not None:
                yield found


def parse(data: bytes, form: str) -> Mapping[str, Any]:
    """Contents of a settings file. Raises ValueError with a reason for people."""
    if len(data) > (YAML_LIMIT if form == "yaml" else FILE_LIMIT):
        raise ValueError("too large")
    try:
        value = _FORMS[form](data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"not valid {form}") from error
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise ValueError("not a table")
    return value


def _paths(table: Table, environ: Mapping[str, str], home: Path | None, top: Path | None) -> Iterator[tuple[Path, str]]:
    name, folder = table["name"], table["folder"]
    moved = environ.get(table.get("moved_by", ""), "")
    if moved:
        base, shown = Path(moved), f"${table['moved_by']}"
    elif folder == "." or folder.startswith("~"):
        root = top if folder == "." else home
        if root is None:
            return
        base, shown = root / folder[2:], folder
    else:
        base, shown = Path(folder), folder
    if not base.is_absolute() or "\0" in str(base):
        return
    if "*" not in name:
        yield base / name, f"{shown}/{name}"
        return
    parent, _, pattern = name.rpartition("/")
    try:
        found = sorted(path for path in (base / parent).glob(pattern) if not path.name.endswith(("~", ".bak", ".lock")))
    except OSError:
        return  # no such folder for us: no file of it can be read, by us or by an agent of this user
    for path in found[:FILES_LIMIT]:
        yield path, f"{shown}/{parent}{'/' if parent else ''}{path.name[:80]}"


def _document(path: Path, shown: str, table: Table) -> Document | Unread | None:
    try:
        if not path.exists():
            return None
        if not path.is_file():
            return Unread(shown, "not a file")
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        return Unread(shown, getattr(error, "strerror", None) or "cannot be opened")
    try:
        return Document(shown, table, parse(data, table["form"]))
    except ValueError as error:
        return Unread(shown, str(error))


def _yaml(text: str) -> Any:
    """Texts, lists and tables only: the base loader gives no tag a meaning."""
    import yaml

    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts, lists and tables
    except yaml.YAMLError as error:
        raise ValueError("not YAML") from error


def _env(text: str) -> dict[str, str]:
    """`NAME=value` lines, `export` before them, quotes round the value, a comment behind it (python-dotenv, dotenv)."""
    values = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name.isidentifier():
            continue
        if value[:1] in ("'", '"') and value.find(value[0], 1) > 0:
            value = value[1 : value.find(value[0], 1)]
        else:
            value = value.partition(" #")[0].strip()
        values[name] = value
    return values


def _json(text: str) -> Any:
    """JSON, with the comments and trailing commas that agents' own readers take."""
    try:
        return json.loads(text)
    except ValueError:
        return json.loads(_plain(text))


def _plain(text: str) -> str:
    """`text` without `//` and `/* */` comments and commas before a closing bracket; texts are left alone. Linear."""
    out: list[str] = []
    at, comma = 0, -1
    while at < len(text):
        char = text[at]
        if char == '"':
            end = at + 1
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            out.append(text[at : end + 1])
            at, comma = end + 1, -1
        elif text.startswith("//", at):
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif text.startswith("/*", at):
            end = text.find("*/", at + 2)
            at = len(text) if end < 0 else end + 2
        else:
            if char == ",":
                comma = len(out)
            elif char in "]}" and comma >= 0:
                out[comma] = ""
            if not char.isspace() and char != ",":
                comma = -1
            out.append(char)
            at += 1
    return "".join(out)


_FORMS: Mapping[str, Callable[[str], Any]] = {"json": _json, "toml": tomllib.loads, "yaml": _yaml, "env": _env}
