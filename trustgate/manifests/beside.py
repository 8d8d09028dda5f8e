"""What the manifest beside a lock file asks for: roots of a lock that does not name them itself."""

from __future__ import annotations

import posixpath

from trustgate.errors import CannotJudge
from trustgate.manifests.dependency import OpenFile


def roots_beside(lock: str, name: str, module: str, open_file: OpenFile) -> tuple[str, ...]:
    """Names that the manifest `name` in the lock's folder asks for, read by `module`; empty where it cannot be read.

    The manifest is judged on its own when it changes, so a fault of it is not told here.
    """
    from importlib import import_module

    path = posixpath.join(posixpath.dirname(lock), name)
    data = open_file(path)
    if data is None:
        return ()
    try:
        read = import_module(f"trustgate.manifests.{module}").read
        manifest = read(path, data, lambda _path: None)
    except CannotJudge:
        return ()
    return tuple(sorted({item.name for item in manifest.dependencies if item.direct}))
