"""The types of `models.lock`: one pinned model, its files, and how firmly a pin holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

SOURCES = ("hf", "ollama", "modelscope", "oci", "file", "api")
ROLES = ("weights", "config", "tokenizer", "template", "code", "license", "other")
FORMATS = ("safetensors", "gguf", "onnx", "pickle", "npy", "hdf5", "other")


class Strength(IntEnum):
    """What a pin holds on to, from the weakest."""

    NAME = 1
    TAG = 2
    COMMIT = 3
    MANIFEST = 4
    BYTES = 5

    @property
    def label(self) -> str:
        return self.name.lower()


class PinnedFile(NamedTuple):
    path: str
    """relative to the model's root, POSIX, NFC, no `..`; for Ollama relative to the folder of all models"""
    size: int
    """bytes"""
    sha256: str
    """64 lower-case hex digits of the content"""
    role: str = "other"
    media: str = ""
    """media type of an Ollama or OCI layer"""


class Signature(NamedTuple):
    """Which OpenSSF model-signing bundle vouches for the model, and whose it has to be."""

    bundle: str
    """path beside the lock"""
    key_sha256: str = ""
    """sha256 of the PEM file of the public key (the bundle's own key hint)"""
    identity: str = ""
    issuer: str = ""


class License(NamedTuple):
    spdx: str
    sha256: str = ""
    """of the licence file, where there is one"""


class Api(NamedTuple):
    provider: str
    host: str
    model: str
    dated: bool


class PinnedModel(NamedTuple):
    name: str
    """unique without regard to case"""
    source: str
    """one of SOURCES"""
    ref: str
    """`owner/name` (hf, modelscope), `model:tag` (ollama), `host/repository` (oci), a path (file), empty (api)"""
    revision: str = ""
    """40 hex digits of a commit (hf, modelscope) or 64 of a manifest (ollama, oci)"""
    followed: str = ""
    """branch or tag at the time of the pin; advice only"""
    format: str = ""
    license: License | None = None
    backends: tuple[str, ...] = ()
    """programs that may serve it; empty: any. `local` among them forbids a cloud model"""
    remote_code: tuple[str, ...] | None = None
    """None: denied; else the files of code that may run"""
    ignore: tuple[str, ...] = ()
    """globs of files that need no pin; nothing else is overlooked"""
    seen: bool = True
    """False: digests were taken from somebody's list, the bytes were not read"""
    root: str = ""
    """as `root_of` gives it; empty for api"""
    files: tuple[PinnedFile, ...] = ()
    signature: Signature | None = None
    api: Api | None = None

    @property
    def strength(self) -> Strength:
        if self.files:
            return Strength.BYTES
        if len(self.revision) == 64:
            return Strength.MANIFEST
        if len(self.revision) == 40:
            return Strength.COMMIT
        if self.api is not None and self.api.dated:
            return Strength.TAG
        return Strength.TAG if self.followed else Strength.NAME

    @property
    def root_holds(self) -> bool:
        """Whether the stored root is that of the files listed; false after an edit by hand."""
        return self.source == "api" or self.root == root_of(self.files)


class LockPolicy(NamedTuple):
    min_pin: tuple[tuple[str, Strength], ...] = ()
    """source and the weakest pin that is allowed for it"""
    allow_formats: tuple[str, ...] = ()
    """empty: all but the pickle family"""
    allow_hosts: tuple[str, ...] = ()


class Lock(NamedTuple):
    models: tuple[PinnedModel, ...] = ()
    """sorted by name without regard to case"""
    policy: LockPolicy = LockPolicy()
    seal: str = "intact"
    """`intact`, `absent` or `broken`: whether the file's own digest is that of its bytes"""

    def find(self, name: str) -> PinnedModel | None:
        key = name.casefold()
        return next((model for model in self.models if model.name.casefold() == key), None)


def root_of(files: Iterable[PinnedFile]) -> str:
    """Identity of a set of files: sha256 over sorted lines of path NUL size NUL sha256 LF. Binds names and sizes."""
    lines = sorted(f"{item.path}\0{item.size}\0{item.sha256}\n".encode() for item in files)
    return hashlib.sha256(b"".join(lines)).hexdigest()
