"""The one check of a file's own header, by its format."""

from __future__ import annotations

from trustgate.weights.faults import Unclear, Wrong
from trustgate.weights.formats.sniff import agree, format_of, promised


def check_header(descriptor: int, path: str) -> str:
    """The format found. Raises Wrong where name, header and size disagree, Unclear where that cannot be read."""
    try:
        found = format_of(descriptor)
    except OSError as error:
        raise Unclear(f"it cannot be read: {error.strerror}") from error
    if not agree(path, found):
        raise Wrong(
            f"it is named as {promised(path)} and does not begin like one" + (f" but like {found}" * bool(found))
        )
    if found == "gguf":
        from trustgate.weights.formats.gguf import check_gguf

        check_gguf(descriptor)
    elif found == "safetensors":
        from trustgate.weights.formats.safetensors import check_safetensors

        check_safetensors(descriptor)
    if found == "zip":
        return "pickle" if promised(path) == "pickle" else promised(path)
    return found or ("" if promised(path) in ("safetensors", "gguf") else promised(path))
