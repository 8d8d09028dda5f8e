"""Format of a file by its first bytes, and the role of a file by its name."""

from __future__ import annotations

import os
from posixpath import basename

SUFFIXES = {
    ".safetensors": "safetensors",
    ".gguf": "gguf",
    ".onnx": "onnx",
    **dict.fromkeys((".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt", ".joblib", ".nemo", ".dill", ".pt2"), "pickle"),
    ".npy": "npy",
    ".npz": "npy",
    **dict.fromkeys((".h5", ".hdf5", ".keras"), "hdf5"),
}
"""what a name promises; `.bin` is a pickle where its bytes are one"""
RUNS_CODE = ("pickle", "npy", "hdf5")
"""formats whose usual loader can run what is in the file"""
_TEMPLATES = ("chat_template.jinja", "chat_template.json", "modelfile")
_TOKENIZER = ("tokenizer", "vocab", "merges", "special_tokens_map", "added_tokens", "spiece", "sentencepiece")
_LICENSE = ("license", "licence", "copying", "notice")
_CODE = (".py", ".pyc", ".so", ".sh", ".js", ".ipynb", ".dll", ".dylib")
_MEDIA = {
    "model": "weights",
    "adapter": "weights",
    "projector": "weights",
    "tensor": "weights",
    "template": "template",
    "system": "template",
    "messages": "template",
    "prompt": "template",
    "params": "config",
    "license": "license",
}
"""last word of `application/vnd.ollama.image.<word>`"""


def format_of(descriptor: int) -> str:
    """`safetensors`, `gguf`, `pickle`, `npy`, `hdf5`, or empty, from the first bytes. OSError where reading fails."""
    head = os.pread(descriptor, 16, 0)
    if head[:4] == b"GGUF":
        return "gguf"
    if head[:6] == b"\x93NUMPY":
        return "npy"
    if head[:8] == b"\x89HDF\r\n\x1a\n":
        return "hdf5"
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "pickle"
    if head[:4] == b"PK\x03\x04":
        return "zip"
    if head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 100_000_000:
        return "safetensors"
    return ""


def promised(path: str) -> str:
    """The format that a name promises; empty where it promises none."""
    name = basename(path).lower()
    return next((found for suffix, found in SUFFIXES.items() if name.endswith(suffix)), "")


def agree(path: str, found: str) -> bool:
    """Whether bytes of format `found` may lie under this name.

    A name of a format that runs nothing must not hide one that does; a zip is how torch and numpy pack theirs.
    """
    said = promised(path)
    if said in ("safetensors", "gguf"):
        return found == said
    return not (said == "onnx" and found in (*RUNS_CODE, "zip"))


def role_of(path: str, media: str = "") -> str:
    """One of the lock's roles, from the media type of a layer or the file's name."""
    if media.startswith("application/vnd.ollama.image."):
        return _MEDIA.get(media.rpartition(".")[2], "other")
    if media:
        return "config" if "container.image" in media else "other"
    name = basename(path).lower()
    if name.endswith(_CODE):
        return "code"
    if promised(path) or name.endswith((".index.json", ".msgpack", ".tflite", ".ot")):
        return "weights"
    if name.startswith(_LICENSE):
        return "license"
    if name in _TEMPLATES or name.endswith(".jinja"):
        return "template"
    if name.startswith(_TOKENIZER):
        return "tokenizer"
    return "config" if name.endswith((".json", ".yaml", ".yml", ".toml", ".ini")) else "other"
