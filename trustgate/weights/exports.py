"""Pins in the forms of others: unsigned model-signing statement, CycloneDX 1.6 ML-BOM, lines for `sha256sum -c`."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from trustgate import __version__
from trustgate.errors import UsageError
from trustgate.weights.oms import PREDICATE, STATEMENT
from trustgate.weights.pins import PinnedModel
from trustgate.weights.stores.sums import write_sums


def sha256sum(model: PinnedModel) -> str:
    """Lines that `sha256sum --check --strict` takes in the model's folder."""
    return write_sums([(item.path, item.sha256) for item in _files(model)])


def oms_statement(model: PinnedModel) -> str:
    """The statement that model_signing 1.x would sign, for its owner to sign: files by sha256, no links."""
    files = sorted(_files(model), key=lambda item: item.path)
    root = hashlib.sha256(b"".join(bytes.fromhex(item.sha256) for item in files)).hexdigest()
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": model.name, "digest": {"sha256": root}}],
        "predicateType": PREDICATE,
        "predicate": {
            "resources": [{"algorithm": "sha256", "digest": item.sha256, "name": item.path} for item in files],
            "serialization": {
                "ignore_paths": list(model.ignore),
                "allow_symlinks": False,
                "method": "files",
                "hash_type": "sha256",
            },
        },
    }
    return json.dumps(statement, indent=2) + "\n"


def cyclonedx(models: tuple[PinnedModel, ...]) -> str:
    """A bill of materials of all pinned models (CycloneDX 1.6). No time stamp: equal pins give equal bytes."""
    components = [_component(model) for model in models]
    body: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"tools": {"components": [{"type": "application", "name": "trustgate", "version": __version__}]}},
        "components": components,
    }
    text = json.dumps(body, sort_keys=True)
    body["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, text)}"
    return json.dumps(body, indent=2, sort_keys=True) + "\n"


def _component(model: PinnedModel) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": f"model:{model.name}",
        "name": model.ref or (model.api.model if model.api else model.name),
        "modelCard": {"bom-ref": f"card:{model.name}", "modelParameters": {}},
        "properties": [{"name": "trustgate:source", "value": model.source}],
    }
    if model.revision:
        found["version"] = model.revision
    if model.root:
        found["properties"].append({"name": "trustgate:root", "value": model.root})
    if model.source == "hf":
        found["purl"] = f"pkg:huggingface/{model.ref}" + (f"@{model.revision}" if model.revision else "")
    if model.license is not None:
        found["licenses"] = [{"license": {"name": model.license.spdx}}]
    if model.api is not None:
        found["publisher"] = model.api.provider
    if model.files:
        found["components"] = [
            {
                "type": "file",
                "bom-ref": f"model:{model.name}/{item.path}",
                "name": item.path,
                "hashes": [{"alg": "SHA-256", "content": item.sha256}],
                "properties": [
                    {"name": "trustgate:role", "value": item.role},
                    {"name": "trustgate:size", "value": str(item.size)},
                ],
            }
            for item in model.files
        ]
    return found


def _files(model: PinnedModel) -> tuple[Any, ...]:
    if not model.files:
        raise UsageError(f"model {model.name} has no files in the lock", "only pins by bytes can be exported so")
    return model.files
