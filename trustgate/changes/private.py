"""The private git directory: empty, with our configuration, borrowing the objects of the reviewed repository.

Made and removed without `tempfile` and `shutil`, whose imports cost as much as the whole staged comparison.
"""

from __future__ import annotations

import os
from pathlib import Path

from trustgate.changes.place import Place
from trustgate.errors import CannotJudge

_CONFIG = """\
[core]
	repositoryformatversion = {version}
	bare = true
	hooksPath = /dev/null
	attributesFile = /dev/null
	commitGraph = false
	bigFileThreshold = 32m
	logAllRefUpdates = false
[gc]
	auto = 0
[maintenance]
	auto = false
[protocol]
	allow = never
"""
"""commitGraph is off because a planted one could lie about parents, which objects cannot."""


def make_private(at: Place) -> str:
    """Makes the directory below the system's folder for temporary files; returns its absolute path.

    It holds what git asks of a git directory, and the way to the real objects (`objects/info/alternates`).
    """
    sha256 = at.object_format == "sha256"
    config = _CONFIG.format(version=1 if sha256 else 0)
    if sha256:
        config += "[extensions]\n\tobjectFormat = sha256\n"
    root = Path(_new_folder())
    (root / "objects" / "info").mkdir(parents=True)
    (root / "refs").mkdir()
    (root / "HEAD").write_text("ref: refs/heads/none\n")
    (root / "config").write_text(config)
    (root / "objects" / "info" / "alternates").write_bytes(quoted(at.objects) + b"\n")
    if at.shallow:
        (root / "shallow").write_bytes(Path(at.common_dir, "shallow").read_bytes())
    return str(root)


def remove(folder: str) -> None:
    """Removes a folder and what is in it; links are removed, not followed. What is gone already is no fault."""
    for root, folders, files in os.walk(folder, topdown=False):
        for name in files:
            Path(root, name).unlink(missing_ok=True)
        for name in folders:
            path = Path(root, name)
            if path.is_symlink():
                path.unlink()
            elif path.is_dir():
                path.rmdir()
    if Path(folder).is_dir():
        Path(folder).rmdir()


def _new_folder() -> str:
    """As `tempfile.mkdtemp`: a name that cannot be guessed, made by us or not at all, for nobody else to enter."""
    reason = ""
    for parent in (os.environ.get("TMPDIR"), "/tmp", "/var/tmp"):  # noqa: S108 - mkdir fails where the name is taken
        if not parent:
            continue
        path = str(Path(os.path.realpath(parent), f"trustgate-{os.urandom(8).hex()}"))
        try:
            os.mkdir(path, 0o700)  # noqa: PTH102 - Path.mkdir would do the same, slower
        except OSError as error:
            reason = f"{parent}: {error.strerror}"
        else:
            return path
    raise CannotJudge(f"no folder for temporary files ({reason})", "set TMPDIR to a folder that can be written to")


def quoted(path: str) -> bytes:
    """C-quoted, as `objects/info/alternates` allows: the path may hold a line break."""
    data = os.fsencode(path)
    return b'"' + data.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
