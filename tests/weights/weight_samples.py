"""Small files of weights in their exact formats, and stores in their exact layouts on disk."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from pathlib import Path
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def safetensors(data: bytes = b"\1\2\3\4\5\6\7\10", **extra: Any) -> bytes:
    """A safetensors file of one tensor of bytes, `extra` going into its header."""
    table = {"weight": {"dtype": "U8", "shape": [len(data)], "data_offsets": [0, len(data)]}, **extra}
    header = json.dumps(table).encode()
    return struct.pack("<Q", len(header)) + header + data


def gguf(values: int = 32, *, version: int = 3, name: str = "sample", tail: bytes = b"") -> bytes:
    """A GGUF file of one float32 tensor."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    pairs = text("general.name") + struct.pack("<I", 8) + text(name)
    pairs += text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b")
    pairs += text("scores") + struct.pack("<IIQ", 9, 6, 2) + struct.pack("<ff", 1.0, 2.0)
    tensor = text("blk.0") + struct.pack("<IQIQ", 1, values, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", version, 1, 3) + pairs + tensor
    return head + b"\0" * (-len(head) % 32) + bytes(range(256)) * (values * 4 // 256) + bytes(values * 4 % 256) + tail


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def hub_cache(root: Path, files: dict[str, bytes], ref: str = "acme/bert", commit: str = COMMIT) -> Path:
    """A model as huggingface_hub lays it out: refs, snapshots of links, blobs named by sha256 or git id."""
    folder = root / ("models--" + ref.replace("/", "--"))
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text(commit)
    (folder / "blobs").mkdir(exist_ok=True)
    for name, data in files.items():
        large = name.endswith((".safetensors", ".gguf", ".bin"))
        blob = sha256(data) if large else hashlib.sha1(b"blob %d\0%s" % (len(data), data)).hexdigest()
        (folder / "blobs" / blob).write_bytes(data)
        link = folder / "snapshots" / commit / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(folder / "blobs" / blob, link.parent))
    return folder


MEDIA = "application/vnd.ollama.image."
HUB_FILES = {
    "config.json": b'{"model_type": "bert"}',
    "model.safetensors": safetensors(),
    "onnx/config.json": b"{}",
    "tokenizer.json": b'{"a": 1}',
}


def ollama_store(
    root: Path, ref: str = "registry.ollama.ai/library/smol/135m", config: dict[str, Any] | None = None
) -> str:
    """A model as Ollama lays it out; returns the digest of its manifest."""
    (root / "blobs").mkdir(parents=True, exist_ok=True)

    def blob(data: bytes) -> tuple[str, int]:
        (root / "blobs" / f"sha256-{sha256(data)}").write_bytes(data)
        return f"sha256:{sha256(data)}", len(data)

    def layer(media: str, data: bytes) -> dict[str, Any]:
        digest, size = blob(data)
        return {"mediaType": media, "digest": digest, "size": size}

    about = json.dumps(config or {"model_format": "gguf", "model_family": "llama"}).encode()
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": layer("application/vnd.docker.container.image.v1+json", about),
        "layers": [
            layer(MEDIA + "model", gguf()),
            layer(MEDIA + "template", b"{{ .Prompt }}"),
            layer(MEDIA + "system", b"You are kind."),
            layer(MEDIA + "params", b'{"stop":["x"]}'),
            layer(MEDIA + "license", b"Apache License"),
        ],
    }
    data = json.dumps(manifest, separators=(",", ":")).encode()
    place = root / "manifests" / ref
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return sha256(data)
