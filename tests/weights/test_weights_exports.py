"""Exports, each judged by the official schema or tool."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from weight_samples import HUB_FILES, hub_cache, safetensors, write

from trustgate.errors import UsageError
from trustgate.weights.exports import cyclonedx, oms_statement, sha256sum
from trustgate.weights.pinning import Wish, pin
from trustgate.weights.pins import Api, License, PinnedModel
from trustgate.weights.run import Run
from trustgate.weights.stores import folder, hf

FILES = {
    "config.json": b"{}",
    "a \\ b.txt": b"x",
    "sub/model.safetensors": safetensors(),
    "sub.txt": b"1",
    "sub-a": b"2",
}
HOSTED = PinnedModel("hosted", "api", "", api=Api("anthropic", "api.example.com", "m-20250929", True))


def test_a_list_is_accepted_by_sha256sum_and_notices_a_change(tmp_path: Path) -> None:
    files = {path: data for path, data in FILES.items() if "\\" not in path}
    place = write(tmp_path / "m", files)
    text = sha256sum(pin(Wish("m", "file", "m"), folder.at(place), Run()))
    command = ("sha256sum", "--check", "--strict", "--quiet", "-")
    assert subprocess.run(command, cwd=place, input=text.encode(), check=False).returncode == 0
    (place / "sub.txt").write_bytes(b"3")
    assert subprocess.run(command, cwd=place, input=text.encode(), capture_output=True, check=False).returncode == 1


def test_a_bill_of_materials_is_valid_by_the_official_schema(tmp_path: Path) -> None:
    validator = pytest.importorskip("cyclonedx.validation.json", reason="needs the extra dev")
    schema = pytest.importorskip("cyclonedx.schema")
    hub_cache(tmp_path, HUB_FILES)
    model = pin(Wish("bert", "hf", "acme/bert", license="Apache-2.0"), hf.resolve("acme/bert", "", tmp_path), Run())
    model = model._replace(license=License("Apache-2.0"))
    text = cyclonedx((model, HOSTED))
    strict = validator.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert strict.validate_str(text) is None
    assert strict.validate_str(text.replace("machine-learning-model", "brain")) is not None
    first = json.loads(text)["components"][0]
    assert first["purl"] == f"pkg:huggingface/acme/bert@{model.revision}"
    assert {file["name"] for file in first["components"]} == set(HUB_FILES)
    assert cyclonedx((model, HOSTED)) == text


def test_a_statement_is_the_one_that_the_official_tool_signed() -> None:
    """`data/oms/model.sig` holds what model_signing 1.1.1 made of the same folder."""
    import base64

    data = Path(__file__).parent / "data" / "oms"
    model = pin(Wish("model", "file", "model"), folder.at(data / "model"), Run())
    official = json.loads(base64.b64decode(json.loads((data / "model.sig").read_bytes())["dsseEnvelope"]["payload"]))
    ours = json.loads(oms_statement(model))
    official["predicate"]["serialization"]["ignore_paths"] = []
    assert ours == official


def test_a_statement_is_read_by_the_official_package() -> None:
    """Runs where the package is installed; it brings 35 others, so the extra `dev` leaves it out."""
    signing = pytest.importorskip("model_signing._signing.signing", reason="needs model-signing 1.1 and pyopenssl")
    data = Path(__file__).parent / "data" / "oms"
    model = pin(Wish("model", "file", "model"), folder.at(data / "model"), Run())
    manifest = signing.dsse_payload_to_manifest(json.loads(oms_statement(model)))
    found = {item.identifier: item.digest.digest_hex for item in manifest.resource_descriptors()}
    assert found == {item.path: item.sha256 for item in model.files}


def test_a_model_without_files_has_nothing_to_export() -> None:
    for export in (sha256sum, oms_statement):
        with pytest.raises(UsageError, match="no files"):
            export(HOSTED)
