"""Plain folders and single files."""

from __future__ import annotations

from pathlib import Path
from posixpath import basename, dirname

from trustgate.weights.faults import NotFound
from trustgate.weights.tree import Tree, names_below


def at(place: Path) -> Tree:
    """A folder with everything in it, or one file. Raises NotFound."""
    if place.is_dir():
        return Tree(place, "", names_below(place))
    if place.exists() or place.is_symlink():
        return Tree(place.parent, "", (place.name,), whole=False)
    raise NotFound(f"{place} is not there", "name the folder of the model with --root DIR")


def under(ref: str, root: Path) -> Tree:
    """`ref` below a folder that the user named, or that folder itself where it is the model's."""
    if (root / ref).exists():
        return beside(ref, root)
    if not root.is_dir():
        return at(root)
    return Tree(root, "", (basename(ref),), whole=False) if (root / basename(ref)).is_file() else at(root)


def beside(ref: str, folder: Path) -> Tree:
    """`ref` below the folder of the lock; no part of it may be a link. Raises NotFound."""
    place = folder
    for part in ref.split("/"):
        place = place / part
        if place.is_symlink():
            raise NotFound(f"{place} is a link", "name the folder it leads to with --root DIR, if that is meant")
    if place.is_dir():
        return Tree(folder, ref, names_below(place))
    if not place.exists():
        raise NotFound(f"{place} is not there", "name the folder of the model with --root DIR")
    return Tree(folder, dirname(ref), (basename(ref),), whole=False)
