"""Models as Hugging Face, Ollama and sha256sum lay them out on disk."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weight_samples import COMMIT, HUB_FILES, hub_cache, ollama_store, write

from trustgate.errors import UsageError
from trustgate.weights.faults import NotFound
from trustgate.weights.lock import read_lock, write_lock
from trustgate.weights.lockfile import load
from trustgate.weights.pinning import PinRefused, Wish, pin
from trustgate.weights.pins import Lock, LockPolicy, PinnedModel, Strength
from trustgate.weights.run import Run
from trustgate.weights.stores import folder, hf, locate, ollama
from trustgate.weights.stores.sums import read_sums, write_sums
from trustgate.weights.verify import verify_model

HERE = Path("/")


def verified(model: PinnedModel, root: Path) -> str:
    return verify_model(model, locate(model, root, HERE, {}), Run(), LockPolicy()).status


def test_a_hub_model_is_pinned_by_commit_and_bytes(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path, HUB_FILES)
    model = pin(Wish("bert", "hf", "acme/bert"), hf.resolve("acme/bert", "main", tmp_path), Run())
    assert (model.revision, model.followed, model.strength) == (COMMIT, "main", Strength.BYTES)
    assert {item.path: item.role for item in model.files} == {
        "config.json": "config",
        "model.safetensors": "weights",
        "onnx/config.json": "config",
        "tokenizer.json": "tokenizer",
    }
    assert read_lock(write_lock(Lock((model,)))).models == (model,)
    assert verified(model, tmp_path) == "verified"
    assert verified(model, repo) == "verified"


def test_a_hub_model_is_found_through_the_environment(tmp_path: Path) -> None:
    assert hf.cache(None, {"HF_HUB_CACHE": "/a"}) == Path("/a")
    assert hf.cache(None, {"HF_HOME": "/b"}) == Path("/b/hub")
    assert hf.cache(None, {"XDG_CACHE_HOME": "/c"}) == Path("/c/huggingface/hub")
    assert hf.cache(tmp_path, {"HF_HOME": "/b"}) == tmp_path


def test_the_branch_may_move_and_the_pinned_commit_is_still_verified(tmp_path: Path) -> None:
    hub_cache(tmp_path, HUB_FILES)
    model = pin(Wish("bert", "hf", "acme/bert"), hf.resolve("acme/bert", "main", tmp_path), Run())
    hub_cache(tmp_path, {**HUB_FILES, "config.json": b'{"other": 1}'}, commit="f" * 40)
    assert hf.resolve("acme/bert", "main", tmp_path).revision == "f" * 40
    assert verified(model, tmp_path) == "verified"


def test_a_blob_changed_under_its_name_is_noticed(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path, HUB_FILES)
    model = pin(Wish("bert", "hf", "acme/bert"), hf.resolve("acme/bert", "main", tmp_path), Run())
    blob = next(place for place in (repo / "blobs").iterdir() if len(place.name) == 64)
    blob.write_bytes(blob.read_bytes()[:-1] + b"\0")
    assert verified(model, tmp_path) == "mismatch"


@pytest.mark.parametrize(
    ("ref", "revision"),
    [
        ("acme/none", ""),
        ("acme/bert", "v9"),
        ("acme/bert", "../refs/main"),
        ("../acme/bert", ""),
        ("acme/bert", "a" * 40),
    ],
)
def test_a_hub_model_or_revision_that_is_not_there(tmp_path: Path, ref: str, revision: str) -> None:
    hub_cache(tmp_path, HUB_FILES)
    with pytest.raises(NotFound):
        hf.resolve(ref, revision, tmp_path)


def test_a_pipe_where_a_ref_or_a_lock_should_be_is_not_waited_for(tmp_path: Path) -> None:
    branch = hub_cache(tmp_path, HUB_FILES) / "refs" / "main"
    branch.unlink()
    os.mkfifo(branch)
    with pytest.raises(NotFound, match="pipe"):
        hf.resolve("acme/bert", "main", tmp_path)
    os.mkfifo(tmp_path / "models.lock")
    with pytest.raises(UsageError, match="pipe"):
        load(tmp_path / "models.lock")


def test_a_ref_that_is_no_commit_is_not_followed(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path, HUB_FILES)
    (repo / "refs" / "main").write_text("../../..")
    with pytest.raises(NotFound, match="no commit"):
        hf.resolve("acme/bert", "main", tmp_path)


def test_an_ollama_model_is_pinned_with_its_manifest_template_and_system_prompt(tmp_path: Path) -> None:
    digest = ollama_store(tmp_path)
    model = pin(Wish("smol", "ollama", "smol:135m"), ollama.locate("smol:135m", tmp_path), Run())
    assert (model.revision, model.format) == (digest, "gguf")
    roles = sorted(item.role for item in model.files)
    assert roles == ["config", "config", "config", "license", "template", "template", "weights"]
    assert {item.media.rpartition(".")[2] for item in model.files if item.role == "template"} == {"template", "system"}
    assert read_lock(write_lock(Lock((model,)))).models == (model,)
    assert verified(model, tmp_path) == "verified"


def test_another_ollama_model_beside_it_is_no_extra(tmp_path: Path) -> None:
    ollama_store(tmp_path)
    model = pin(Wish("smol", "ollama", "smol:135m"), ollama.locate("smol:135m", tmp_path), Run())
    ollama_store(tmp_path, "example.com/me/other/latest", {"model_format": "gguf", "x": 1})
    assert verified(model, tmp_path) == "verified"


def test_a_tag_that_moved_to_another_manifest_is_a_mismatch(tmp_path: Path) -> None:
    ollama_store(tmp_path)
    model = pin(Wish("smol", "ollama", "smol:135m"), ollama.locate("smol:135m", tmp_path), Run())
    ollama_store(tmp_path, config={"model_format": "gguf", "moved": True})
    result = verify_model(model, locate(model, tmp_path, HERE, {}), Run(), LockPolicy())
    wrong = [item.path for item in result.files if item.status == "mismatch"]
    assert wrong == ["manifests/registry.ollama.ai/library/smol/135m"]


def test_a_changed_system_prompt_is_a_mismatch(tmp_path: Path) -> None:
    ollama_store(tmp_path)
    model = pin(Wish("smol", "ollama", "smol:135m"), ollama.locate("smol:135m", tmp_path), Run())
    place = next(item.path for item in model.files if item.media.endswith("system"))
    (tmp_path / place).write_bytes(b"You are evil.")
    assert verified(model, tmp_path) == "mismatch"


def test_a_cloud_model_says_where_it_runs(tmp_path: Path) -> None:
    ollama_store(tmp_path, config={"remote_host": "https://cloud.example.com", "remote_model": "big"})
    assert ollama.runs_elsewhere(tmp_path, "smol:135m") == "https://cloud.example.com"
    ollama_store(tmp_path, "registry.ollama.ai/library/here/1")
    assert ollama.runs_elsewhere(tmp_path, "here:1") == ""


@pytest.mark.parametrize(
    ("ref", "path"),
    [
        ("smol", "manifests/registry.ollama.ai/library/smol/latest"),
        ("smol:135m", "manifests/registry.ollama.ai/library/smol/135m"),
        ("me/smol:1", "manifests/registry.ollama.ai/me/smol/1"),
        ("hf.co/acme/bert:Q4_K_M", "manifests/hf.co/acme/bert/Q4_K_M"),
    ],
)
def test_ollama_names_have_their_defaults(ref: str, path: str) -> None:
    assert ollama.parse_name(ref).path == path


@pytest.mark.parametrize("ref", ["", "../x", "a/b/c/d:1", "a:b:c", "x/../y:1", "a b"])
def test_what_is_no_ollama_name_is_refused(ref: str) -> None:
    with pytest.raises(NotFound):
        ollama.parse_name(ref)


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["config", "layers", "digest", "size"]), x),
    ).map(lambda x: json.dumps(x).encode())
)
def test_any_bytes_are_a_manifest_or_not_found(data: bytes) -> None:
    try:
        layers = ollama.read_manifest(data, "x")
    except NotFound as error:
        assert error.message
    else:
        assert all(len(layer.digest) == 64 for layer in layers)


def test_a_manifest_whose_digest_leads_out_is_refused(tmp_path: Path) -> None:
    row = {"mediaType": "x", "digest": "sha256:../../../etc/passwd", "size": 1}
    with pytest.raises(NotFound):
        ollama.read_manifest(json.dumps({"config": row, "layers": []}).encode(), "x")


def test_a_list_of_sha256sum_is_compared_and_pinned(tmp_path: Path) -> None:
    place = write(tmp_path / "m", {"a.txt": b"a", "sub/b \\ c.txt": b"b"})
    for flags in ([], ["--tag"], ["-b"]):
        said = subprocess.run(
            ["sha256sum", *flags, "a.txt", "sub/b \\ c.txt"], cwd=place, capture_output=True, check=True
        )
        expected = read_sums(said.stdout, "SUMS")
        assert set(expected) == {"a.txt", "sub/b \\ c.txt"}
    (place / "sub" / "b \\ c.txt").unlink()
    model = pin(Wish("m", "file", "m", expected={"a.txt": expected["a.txt"]}), folder.at(place), Run())
    assert len(model.files) == 1


@pytest.mark.parametrize(
    ("expected", "says"),
    [({"a.txt": "0" * 64}, "its digest is"), ({"a.txt": "", "b": "0" * 64}, "not there"), ({}, "not on the list")],
)
def test_a_list_that_does_not_hold_is_refused(tmp_path: Path, expected: dict[str, str], says: str) -> None:
    place = write(tmp_path / "m", {"a.txt": b"a"})
    expected = {
        path: digest or "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
        for path, digest in expected.items()
    }
    with pytest.raises(PinRefused, match=says):
        pin(Wish("m", "file", "m", expected=expected), folder.at(place), Run())


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=20).filter(lambda t: not t.startswith("./") and t.isprintable())
        | st.just("a\nb\\n\r"),
        st.binary(min_size=32, max_size=32).map(bytes.hex),
        min_size=1,
        max_size=4,
    )
)
def test_a_written_list_reads_back(rows: dict[str, str]) -> None:
    assert read_sums(write_sums(sorted(rows.items())).encode("utf-8", "surrogateescape"), "x") == rows


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_usage_error(data: bytes) -> None:
    try:
        assert read_sums(data, "x")
    except UsageError as error:
        assert error.message
