"""Files that are there to run code at installation or start: build.rs, binding.gyp, and `.pth` files that import."""

from __future__ import annotations

from trustgate.manifests.dependency import Hook, Manifest, OpenFile, clean
from trustgate.manifests.text import text_of

FORMAT = "install hook"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Of a `.pth` file each line that Python's `site` module would run; of the others the fact that they are there.

    Raises ManifestError over the size limit.
    """
    del open_file
    name = path.rpartition("/")[2]
    if not name.endswith(".pth"):
        what = "Cargo runs it before it builds" if name == "build.rs" else "npm builds it at installation"
        return Manifest(path, FORMAT, hooks=(Hook(name, what, path, 1),))
    lines = text_of(path, data).splitlines()
    hooks = [
        Hook("pth", clean(line), path, number)
        for number, line in enumerate(lines, 1)
        if line.startswith(("import ", "import\t"))
    ]
    return Manifest(path, FORMAT, hooks=tuple(hooks))
