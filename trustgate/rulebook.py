"""The rules and lists shipped with us: where they are, their digest, and their tables without the examples.

Rules are data. Each room turns the tables it owns into its own types; nothing else reads `rules/` or `allowlists/`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from trustgate import __version__
from trustgate.digest import hex_digest
from trustgate.errors import ConfigError
from trustgate.record import NamedTuple

EXAMPLE_KEYS = ("flags", "leaves_alone")
"""keys of a rule that hold its proof: read by the rule walk only, left out of the compiled form"""
PROOF_KEYS = (*EXAMPLE_KEYS, "seen")
"""with the line a rule was seen in outside, and where: left out too"""


def shipped_root() -> Path:
    """The folder that holds `rules/` and `allowlists/`: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for root in (package / "_data", package.parent):
        if (root / "rules").is_dir():
            return root
    raise ConfigError("rules/ is missing from this installation", "install trustgate-review again")


LEAK_MESSAGE = "Whoever can read the repository, or any copy of it, can use the secret."
LEAK_TIP = "Take it out, revoke it where it was issued, and read the new one from the environment or a secret store."


class Rulebook(NamedTuple):
    """Tables of every rule file, by family (folder of `rules/`) and file stem, examples left out."""

    families: Mapping[str, Mapping[str, Mapping[str, Any]]]
    digest: str
    """hex sha256 over every rule file's path and bytes, 64 digits"""
    team: tuple[str, ...] = ()
    """stems of the boundary rules that are the repository's own; they stand behind the shipped ones"""

    def family(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        return self.families.get(name, {})


class RuleIds(Container[str]):
    """Ids of every rule of a rulebook, gathered when one is first asked for: most policies name none."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def __contains__(self, rule: object) -> bool:
        return rule in self._ids

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(str(entry["id"]) for _, _, entry in _rules(self._rulebook))


class Described(NamedTuple):
    """What a rule says of itself."""

    id: str
    family: str
    title: str
    severity: str
    confidence: str
    kind: str
    boundary: str
    message: str
    tip: str
    file: str
    """path below `rules/`; of a rule of the repository its path there"""


def describe(rulebook: Rulebook) -> dict[str, Described]:
    """Every rule of the rulebook by id. A file holds one rule, or a list of them (`[[pattern]]`)."""
    found: dict[str, Described] = {}
    for family, stem, entry in _rules(rulebook):
        secret = family == "secrets"
        team = family == "boundaries" and stem in rulebook.team
        found[entry["id"]] = Described(
            id=entry["id"],
            family=family,
            title=_without_slots(entry.get("title", "")),
            severity=str(entry.get("severity", "")),
            confidence=str(entry.get("confidence", "")),
            kind=str(entry.get("kind", family.rstrip("s"))),
            boundary=str(entry.get("boundary", "secrets" if secret else "")),
            message=_without_slots(entry.get("message", LEAK_MESSAGE if secret else "")),
            tip=_without_slots(entry.get("tip", LEAK_TIP if secret else "")),
            file=team_path(stem) if team else f"{family}/{stem}.toml",
        )
    return dict(sorted(found.items()))


def _rules(rulebook: Rulebook) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Family, file stem and table of every rule."""
    for family, stems in rulebook.families.items():
        if family not in ("policy", "attribution"):
            for stem, table in stems.items():
                for entry in _rules_in(table):
                    yield family, stem, entry


def team_path(name: str) -> str:
    """Where a repository keeps the boundary rule `name` of its own."""
    return f".trustgate/rules/boundaries/{name}.toml"


def _without_slots(text: object) -> str:
    """`{name}` is filled in when a finding is made; in a description it is an ellipsis."""
    import re

    return re.sub(r"\{\w+\}", "…", str(text))


def _rules_in(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "id" in table and "title" in table:
        yield table
    for value in table.values():
        if isinstance(value, list):
            yield from (item for item in value if isinstance(item, dict) and "id" in item and "title" in item)


def rule_files(root: Path) -> dict[str, bytes]:
    """Every rule file below `root/rules`, by path relative to it, in a fixed order."""
    rules = root / "rules"
    return {p.relative_to(rules).as_posix(): p.read_bytes() for p in sorted(rules.glob("*/*.toml"))}


def parse_rule_file(name: str, data: bytes) -> dict[str, Any]:
    """The tables of one rule file, examples included. Raises ConfigError naming the file."""
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, a number of thousands of digits, too deep
        raise ConfigError(f"rules/{name}: {error}") from error


def load_rulebook(root: Path | None = None, cache: Path | None = None) -> Rulebook:
    """The shipped rulebook; `cache` is a folder outside any repository where the compiled form is kept.

    The compiled form is found by the names, sizes and times of the rule files, and carries the digest of their bytes.
    """
    home = root or shipped_root()
    compiled = cache / f"rulebook-{_stamp(home)}.json" if cache else None
    found = _read_compiled(compiled)
    if found is not None:
        return found
    files = rule_files(home)
    parts = [__version__.encode()]
    patterns = {p.name: p.read_bytes() for p in sorted((home / "rules").glob("*/*.yaml"))}  # in Semgrep's syntax
    for name, data in (*files.items(), *patterns.items()):
        parts += (f"\0{name}\0{len(data)}\0".encode(), data)
    book = Rulebook(_compile(files), hex_digest("sha256", *parts))
    if compiled:
        _write_compiled(compiled, book)
    return book


def _stamp(root: Path) -> str:
    """Changes when a rule file does: 32 hex digits over path, size and modification time of each."""
    seen = []
    for folder in os.scandir(root / "rules"):
        if folder.is_dir():
            for entry in os.scandir(folder.path):
                status = entry.stat()
                seen.append(f"{folder.name}/{entry.name}:{status.st_size}:{status.st_mtime_ns}")
    text = "\n".join((__version__, str(root), *sorted(seen)))
    return hex_digest("sha256", text.encode("utf-8", "surrogateescape"))[:32]


def _compile(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    families: dict[str, dict[str, Any]] = {}
    for name, data in files.items():
        family, _, stem = name.removesuffix(".toml").partition("/")
        families.setdefault(family, {})[stem] = without_examples(parse_rule_file(name, data))
    return families


def without_examples(value: Any) -> Any:
    """A table without the keys that hold a rule's proof, at any depth."""
    if isinstance(value, dict):
        return {key: without_examples(item) for key, item in value.items() if key not in PROOF_KEYS}
    if isinstance(value, list):
        return [without_examples(item) for item in value]
    return value


def _read_compiled(path: Path | None) -> Rulebook | None:
    if path is None:
        return None
    try:
        loaded = json.loads(path.read_bytes())
        return Rulebook(loaded["families"], loaded["digest"])
    except (OSError, ValueError, TypeError, KeyError):
        return None  # absent or torn: compiled again from the rules themselves


def _write_compiled(path: Path, book: Rulebook) -> None:
    partial = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.write_text(json.dumps({"digest": book.digest, "families": book.families}))
        partial.replace(path)
    except OSError:  # a read-only cache costs time, nothing else
        with suppress(OSError):
            partial.unlink()
