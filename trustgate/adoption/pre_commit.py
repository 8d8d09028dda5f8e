"""An entry in .pre-commit-config.yaml, where a repository uses that framework.

The file is the team's, with its comments and its layout, so it is not parsed and written again: the entry is put at the
end of the text, and counts only if the parsed file then holds what it held before and the entry. Otherwise, and where
it cannot be parsed, it is left to a person.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trustgate import __version__
from trustgate.adoption.plan import Advice, Step, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trustgate.changes.git import Git

CONFIG = ".pre-commit-config.yaml"
_ITEM = re.compile(r"^( *)- *(?:#[^\n]*)?\n? *[\"']?(?:repo|hooks|rev)[\"']?\s*:", re.MULTILINE)
ENTRY = f"""\
- repo: local
  hooks:
    - id: trustgate
      name: trustgate
      entry: trustgate review --staged
      language: python
      additional_dependencies: ["trustgate-review=={__version__}"]
      pass_filenames: false
      always_run: true
      require_serial: true
      verbose: true
"""
WHAT = "the hook's entry in .pre-commit-config.yaml"


def step(top: Path) -> Step | Advice:
    """The entry, nothing to do, or the lines for a person to put in."""
    path = top / CONFIG
    before = read(path) or b""
    if any(hook.reviews for hook in hooks_of(before)):
        return Step(path, before, before, WHAT)
    after = _with_entry(before)
    return Step(path, before, after, WHAT) if after else Advice(WHAT, ENTRY)


def installed(git: Git) -> Iterator[Advice]:
    """The framework runs nothing until its own hook is in git's folder."""
    from trustgate.adoption.git_hooks import contents
    from trustgate.adoption.hook_place import hook_place

    place = hook_place(git)
    if place.owner == "team" and place.manager == "husky":
        yield Advice("the framework's hook", f"{place.why}: call `pre-commit run` from {place.folder}/pre-commit")
    elif b"pre-commit" not in (contents(place.folder / "pre-commit") or b""):
        yield Advice("the framework's hook", "pre-commit install")


class Entry(NamedTuple):
    """A hook of ours in a configuration."""

    id: str
    version: str
    """what it pins, `rev` or the package's version; empty where it names none"""
    reviews: bool
    """it is one that reviews what is committed"""


def hooks_of(data: bytes) -> Iterator[Entry]:
    """Our hooks in a configuration, in its order; none where it cannot be parsed."""
    parsed = _parsed(data)
    repos = parsed.get("repos") if isinstance(parsed, dict) else None
    for repo in repos if isinstance(repos, list) else ():
        hooks = repo.get("hooks") if isinstance(repo, dict) else None
        for hook in hooks if isinstance(hooks, list) else ():
            if isinstance(hook, dict):
                name, runs = str(hook.get("id", "")), str(hook.get("entry", ""))
                reviews = name in ("trustgate", "trustgate-deep") or "trustgate review" in runs
                if reviews or name.startswith("trustgate-") or "trustgate " in runs:
                    yield Entry(name, _version(repo, hook), reviews)


def _version(repo: dict[str, Any], hook: dict[str, Any]) -> str:
    pinned = re.search(r"trustgate-review(?:\[[^\]]*\])?==([^\s\"';,]+)", str(hook.get("additional_dependencies", "")))
    if pinned:
        return pinned[1]
    return str(repo.get("rev") or "").removeprefix("v")


def _parsed(data: bytes) -> object:
    import yaml

    try:
        return yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date that is none
        return None


def _with_entry(before: bytes) -> bytes:
    """The text with the entry at its end; empty where that would not do."""
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError:
        return b""
    item = _ITEM.search(text.replace("\r\n", "\n"))
    old = _parsed(before)
    if item is None or not isinstance(old, dict) or not isinstance(old.get("repos"), list):
        return b""
    end = "\r\n" if "\r\n" in text else "\n"
    entry = "".join(f"{item[1]}{line}{end}" for line in ENTRY.splitlines())
    after = (text.rstrip("\r\n") + end + entry).encode()
    return after if _parsed(after) == {**old, "repos": [*old["repos"], *_entries()]} else b""


def _entries() -> list[object]:
    entries = _parsed(ENTRY.encode())
    return entries if isinstance(entries, list) else []
