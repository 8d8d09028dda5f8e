"""Where each kind of source keeps its files on this machine. No network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trustgate.weights.faults import NotFound
from trustgate.weights.pins import PinnedModel
from trustgate.weights.tree import Tree


def locate(model: PinnedModel, root: Path | None, beside: Path, environ: Mapping[str, str]) -> Tree:
    """The files of a pinned model. `root` is the folder that the user named, `beside` that of the lock.

    Raises NotFound where the model is not on this machine.
    """
    from trustgate.weights.stores import folder, hf, ollama

    if model.source == "hf":
        return hf.locate(model.ref, model.revision, hf.cache(root, environ))
    if model.source == "ollama":
        return ollama.locate(model.ref, ollama.models(root, environ))
    if model.source == "file":
        return folder.beside(model.ref, beside) if root is None else folder.under(model.ref, root)
    if root is not None:
        return folder.at(root)
    raise NotFound(f"model {model.name}: where {model.source} keeps its files is not known", "name it with --root DIR")
