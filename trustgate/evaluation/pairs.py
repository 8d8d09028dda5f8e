"""Pairs: one base, a bad change of it and its closest harmless twin. One TOML file each, written for this project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from trustgate.errors import UsageError

FOLDER = "evals/reviewer/pairs"


class Pair(NamedTuple):
    id: str
    category: str
    about: str
    base: Mapping[str, bytes]
    """contents by path"""
    bad: Mapping[str, bytes]
    benign: Mapping[str, bytes]
    guard: str = ""
    """a piece of the line that protects the place in the benign twin"""

    def side(self, name: str) -> Mapping[str, bytes]:
        return self.bad if name == "bad" else self.benign


def load_pairs(folder: Path) -> tuple[Pair, ...]:
    """Every pair of a folder by name. Raises UsageError for a folder without any, or a file that is no pair."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise UsageError(f"{folder}: no pairs here", f"name the folder with --pairs; in a checkout it is {FOLDER}")
    return tuple(map(_pair, files))


def _pair(path: Path) -> Pair:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        sides: dict[str, dict[str, bytes]] = {"base": {}, "bad": {}, "benign": {}}
        for file in table["file"]:
            for name, contents in sides.items():
                if name in file:
                    contents[str(file["path"])] = str(file[name]).encode()
        return Pair(
            id=str(table["id"]),
            category=str(table["category"]),
            about=str(table["about"]),
            base=sides["base"],
            bad=sides["bad"],
            benign=sides["benign"],
            guard=str(table.get("guard", "")),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not a pair: {error}", "it needs id, category, about and [[file]] tables") from error
