"""Ollama's models: a manifest a tag, and blobs named by their sha256.

`manifests/<host>/<namespace>/<model>/<tag>` is a docker v2 manifest whose `config` and `layers` name blobs by digest;
`blobs/sha256-<hex>` holds the bytes. Read in ollama fb30760 (`server/manifest.go`, `types/model/name.go`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trustgate.weights.faults import Missing, NotFound, Unclear, Wrong
from trustgate.weights.opening import opened
from trustgate.weights.tree import Tree

LARGEST = 4 * 1024 * 1024
"""bytes of a manifest or a configuration blob"""
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?::[0-9]{1,5})?")
_DIGEST = re.compile(r"sha256[:-]([0-9a-f]{64})")
SYSTEM = Path("/usr/share/ollama/.ollama/models")
"""where the package's service keeps them"""


class Name(NamedTuple):
    host: str
    namespace: str
    model: str
    tag: str

    @property
    def path(self) -> str:
        return f"manifests/{self.host}/{self.namespace}/{self.model}/{self.tag}"


class Layer(NamedTuple):
    digest: str
    size: int
    media: str

    @property
    def path(self) -> str:
        return f"blobs/sha256-{self.digest}"


def models(root: Path | None, environ: Mapping[str, str]) -> Path:
    """The folder with `manifests/` and `blobs/`: as named, from OLLAMA_MODELS, the user's, or the service's."""
    if root is not None:
        return root
    if environ.get("OLLAMA_MODELS"):
        return Path(environ["OLLAMA_MODELS"])
    own = Path(environ.get("HOME") or "~").expanduser() / ".ollama" / "models"
    return SYSTEM if not own.is_dir() and SYSTEM.is_dir() else own


def parse_name(ref: str) -> Name:
    """`[host/][namespace/]model[:tag]` with Ollama's defaults. Raises NotFound."""
    head, _, last = ref.rpartition("/")
    model, _, tag = last.partition(":")
    parts = [part for part in head.split("/") if part]
    host = parts[0] if len(parts) > 1 else "registry.ollama.ai"
    namespace = parts[-1] if parts else "library"
    name = Name(host, namespace, model, tag or "latest")
    if len(parts) > 2 or not all(_PART.fullmatch(part) for part in name):
        raise NotFound(f"{ref!r} names no Ollama model", "write it as model:tag")
    return name


def locate(ref: str, root: Path) -> Tree:
    """Manifest and blobs of a tag. Raises NotFound, also for a manifest that cannot be understood."""
    name = parse_name(ref)
    data = _read(root, name.path)
    layers = read_manifest(data, name.path)
    media = tuple((layer.path, layer.media) for layer in layers)
    names = dict.fromkeys((name.path, *(layer.path for layer in layers)))
    digest = hashlib.sha256(data).hexdigest()
    return Tree(root, "", tuple(names), whole=False, revision=digest, followed=name.tag, media=media)


def read_manifest(data: bytes, where: str) -> tuple[Layer, ...]:
    """Configuration and layers. Raises NotFound for anything else."""
    try:
        found: Any = json.loads(data)
        rows = [found["config"], *(found["layers"] or [])]
        layers = []
        for row in rows:
            digest = _DIGEST.fullmatch(row["digest"])
            if digest is None or isinstance(row["size"], bool) or not isinstance(row["size"], int):
                raise ValueError("a layer without a sha256 digest or a size")
            layers.append(Layer(digest[1], row["size"], str(row.get("mediaType", ""))[:200]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotFound(f"{where} is no manifest: {error}"[:300]) from error
    return tuple(layers)


def runs_elsewhere(root: Path, ref: str) -> str:
    """The server that a cloud model is sent to, empty for one that runs here.

    The configuration blob of a cloud model has `remote_host` and `remote_model`.
    """
    layers = read_manifest(_read(root, parse_name(ref).path), ref)
    try:
        config: Any = json.loads(_read(root, layers[0].path))
    except (ValueError, RecursionError):
        return ""
    return str(config.get("remote_host") or config.get("remote_model") or "") if isinstance(config, dict) else ""


def _read(root: Path, path: str) -> bytes:
    try:
        with opened(root, path) as descriptor, open(descriptor, "rb", closefd=False) as file:
            data = file.read(LARGEST + 1)
    except Missing as error:
        raise NotFound(f"{root / path} is not there", "pull the model, or name the folder with --root DIR") from error
    except (Wrong, Unclear, OSError) as error:
        raise NotFound(f"{root / path} cannot be read: {error}") from error
    if len(data) > LARGEST:
        raise NotFound(f"{root / path}: over {LARGEST} bytes")
    return data
