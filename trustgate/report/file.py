"""Writes a report to a file: whole or not at all, and never through a link that a repository laid out."""

from __future__ import annotations

import os
from pathlib import Path

from trustgate.errors import UsageError


def write_report(target: Path, text: str, *, repository: Path | None = None, inside: bool = True) -> Path:
    """Write `text` (UTF-8) to `target` and return its real path; the folder must exist.

    The text goes to a new file beside the target, which then takes its name. `repository` is the work tree under
    review; with `inside` False nothing is written there. Raises UsageError when the target is a link or not a plain
    file, or a folder on the way to it inside the current folder or the repository is a link; OSError when it cannot be
    written.
    """
    roots = [Path.cwd(), *([repository.absolute()] if repository else [])]
    for place in (target, *target.absolute().parents):
        within = place is target or any(place.is_relative_to(root) and place != root for root in roots)
        if within and place.is_symlink():
            raise UsageError(f"{place} is a symbolic link; a report is not written through one", "name another file")
    folder = target.absolute().parent.resolve(strict=True)
    real = folder / target.name
    if real.exists() and not real.is_file():
        raise UsageError(f"{target} is not a plain file", "name another file")
    if repository is not None and not inside and real.is_relative_to(repository.resolve()):
        raise UsageError(f"{target} lies inside the repository under review", "name a folder outside of it")
    partial = folder / f".{target.name[:100]}.{os.urandom(8).hex()}.tmp"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        partial.replace(real)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return real
