"""The cache of huggingface_hub, which llama.cpp and others write too.

`models--<owner>--<name>/` holds `refs/<branch>` (a commit), `snapshots/<commit>/` (links) and `blobs/` (the bytes).
Layout and environment as in huggingface_hub 2.4 (`constants.py`, `file_download.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from trustgate.weights.faults import NotFound, Unclear, Wrong
from trustgate.weights.opening import opened
from trustgate.weights.tree import Tree, names_below

_COMMIT = re.compile(r"[0-9a-f]{40}")
_REF = re.compile(r"[A-Za-z0-9._-]{1,96}(?:/[A-Za-z0-9._-]{1,96})?")


def cache(root: Path | None, environ: Mapping[str, str]) -> Path:
    """The folder of all models: as the user named it, else by the environment, else the default."""
    if root is not None:
        return root
    for name, tail in (("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", ""), ("HF_HOME", "hub")):
        if environ.get(name):
            return Path(environ[name]).expanduser() / tail
    home = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(home).expanduser() / "huggingface" / "hub"


def resolve(ref: str, revision: str, root: Path) -> Tree:
    """The snapshot that a branch, tag or commit stands for in the cache; `followed` is set where it moved by name."""
    folder = _folder(ref, root)
    if _COMMIT.fullmatch(revision):
        return locate(ref, revision, root)
    wanted = revision or "main"
    place = f"refs/{wanted}"
    if ".." in wanted.split("/") or wanted.startswith("/"):
        raise NotFound(f"{wanted!r} is no revision")
    try:
        with opened(folder, place) as descriptor:
            commit = os.read(descriptor, 64).decode("ascii", "replace").strip()
    except (Wrong, Unclear, OSError) as error:
        raise NotFound(f"{folder / place} cannot be read: {error}", "name a commit that is in the cache") from error
    if not _COMMIT.fullmatch(commit):
        raise NotFound(f"{folder / place} holds no commit")
    return locate(ref, commit, root)._replace(followed=wanted)


def locate(ref: str, revision: str, root: Path) -> Tree:
    """The snapshot of one commit. Raises NotFound."""
    folder = _folder(ref, root)
    if not _COMMIT.fullmatch(revision):
        raise NotFound(f"{ref}: no commit is pinned, so no snapshot can be found", "pin it again")
    inside = f"snapshots/{revision}"
    if not (folder / inside).is_dir():
        raise NotFound(f"{folder} has no snapshot of {revision[:12]}", f"download {ref} at revision {revision}")
    return Tree(folder, inside, names_below(folder / inside), blobs="blobs", revision=revision)


def _folder(ref: str, root: Path) -> Path:
    if not _REF.fullmatch(ref) or ".." in ref:
        raise NotFound(f"{ref!r} names no model of the Hub", "write it as owner/name")
    name = "models--" + ref.replace("/", "--")
    if root.name == name:
        return root
    folder = root / name
    if folder.is_symlink() or not folder.is_dir():
        raise NotFound(f"{ref} is not in {root}", "name the cache folder with --root DIR, or download the model")
    return folder
