"""What every store gives: where a model's files lie, and how they may be opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trustgate.weights.faults import NotFound
from trustgate.weights.opening import kind_of

MOST = 100_000
"""entries of one model's folder"""
DEPTH = 40


class Tree(NamedTuple):
    base: Path
    """the folder that nothing may lead out of"""
    inside: str
    """folder of the files below `base`; empty: `base` itself"""
    names: tuple[str, ...]
    """what lies there (or, in a shared store, belongs to the model), relative to `inside`, sorted"""
    whole: bool = True
    """False: other files lie there by right, so none is an extra"""
    blobs: str = ""
    """folder below `base` that one link may lead into"""
    revision: str = ""
    followed: str = ""
    media: tuple[tuple[str, str], ...] = ()
    """name and media type"""

    def at(self, name: str) -> str:
        """The path of a file below `base`."""
        return f"{self.inside}/{name}" if self.inside else name


def names_below(folder: Path) -> tuple[str, ...]:
    """Everything that is no folder, at any depth, links not followed, hidden files included; sorted.

    Raises NotFound where the folder is not there, cannot be listed, or is larger or deeper than a model's.
    """
    found = sorted(_walk(folder, ""))
    if len(found) > MOST:
        raise NotFound(f"{folder}: more than {MOST} files", "name the folder of one model")
    return tuple(found)


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    todo, count = [(folder, prefix)], 0
    while todo:
        here, before = todo.pop()
        if before.count("/") > DEPTH:
            raise NotFound(f"{folder}: folders nested deeper than {DEPTH}")
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    count += 1
                    if count > MOST:
                        raise NotFound(f"{folder}: more than {MOST} entries", "name the folder of one model")
                    if entry.is_dir(follow_symlinks=False):
                        todo.append((Path(entry.path), f"{before}{entry.name}/"))
                    else:
                        yield before + entry.name
        except OSError as error:
            raise NotFound(f"{here}: cannot be listed: {error.strerror}") from error


def kind_at(tree: Tree, name: str) -> str:
    """`a file`, `a link`, `a pipe`… for a message."""
    try:
        mode = os.lstat(tree.base / tree.at(name)).st_mode
    except OSError:
        return "gone again"
    return "a file" if stat.S_ISREG(mode) else kind_of(mode)
