"""The fault table: what is wrong with files on disk, and what is said of each."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from weight_samples import HUB_FILES, gguf, hub_cache, safetensors, write

from trustgate.errors import CannotJudge
from trustgate.weights import hashing
from trustgate.weights.faults import Missing, NotFound, Unclear, Wrong
from trustgate.weights.lockfile import load, save
from trustgate.weights.memory import Memory, allowed
from trustgate.weights.opening import opened
from trustgate.weights.pinning import PinRefused, Wish, pin
from trustgate.weights.pins import Lock, LockPolicy, PinnedModel, Strength
from trustgate.weights.run import Run
from trustgate.weights.stores import folder, hf, locate
from trustgate.weights.verify import FileResult, ModelResult, verify_model

FILES = {"config.json": b"{}", "model.safetensors": safetensors(b"12345678")}
WISH = Wish("bert", "file", "bert")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return write(tmp_path / "bert", FILES)


@pytest.fixture
def pinned(weights: Path) -> PinnedModel:
    return pin(WISH, folder.at(weights), Run())


def check(model: PinnedModel, place: Path, **how: Any) -> ModelResult:
    return verify_model(model, folder.at(place), Run(**how), LockPolicy())


def one(result: ModelResult, path: str = "model.safetensors") -> FileResult:
    return next(item for item in result.files if item.path == path)


def test_what_was_pinned_is_verified_in_full(weights: Path, pinned: PinnedModel) -> None:
    result = check(pinned, weights)
    assert result.status == "verified"
    assert {item.status for item in result.files} == {"verified"}
    assert all(item.expected == item.found for item in result.files)


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_the_number_of_readers_makes_no_difference(weights: Path, pinned: PinnedModel, jobs: int) -> None:
    assert check(pinned, weights, jobs=jobs) == check(pinned, weights)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_single_byte_change_of_a_pinned_file_is_noticed(
    weights: Path, pinned: PinnedModel, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = FILES[name]
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(1, 255))
    (weights / name).write_bytes(content[:place] + bytes([content[place] ^ byte]) + content[place + 1 :])
    try:
        result = check(pinned, weights)
    finally:
        (weights / name).write_bytes(content)
    assert result.status == "mismatch"
    assert one(result, name).status == "mismatch"


def test_truncated_is_told_by_size_with_both_sizes_and_without_hashing(weights: Path, pinned: PinnedModel) -> None:
    size = len(FILES["model.safetensors"])
    os.truncate(weights / "model.safetensors", size - 3)
    totals: list[int] = []
    result = check(pinned, weights, began=totals.append)
    assert one(result).status == "mismatch"
    assert f"{size - 3} bytes in place of {size}" in one(result).reason
    assert totals == [len(FILES["config.json"])]


def test_grown_is_told_by_size(weights: Path, pinned: PinnedModel) -> None:
    with (weights / "model.safetensors").open("ab") as file:
        file.write(b"x")
    assert one(check(pinned, weights)).reason.startswith("longer")


def replaced(place: Path) -> None:
    other = place.with_name("other")
    other.write_bytes(place.read_bytes())
    other.replace(place)


def rewritten(place: Path) -> None:
    with place.open("r+b") as file:
        file.write(b"\0")


def rewritten_with_its_time_set_back(place: Path) -> None:
    before = place.stat()
    rewritten(place)
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


def grown(place: Path) -> None:
    with place.open("ab") as file:
        file.write(b"more")


def cut(place: Path) -> None:
    os.truncate(place, place.stat().st_size // 2)


def removed(place: Path) -> None:
    place.unlink()


@pytest.mark.parametrize(
    "change",
    [replaced, rewritten, rewritten_with_its_time_set_back, grown, cut, removed],
    ids=lambda item: item.__name__,
)
def test_a_file_that_changes_while_it_is_hashed_is_never_verified(
    tmp_path: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "CHUNK", 1 << 12)
    place = write(tmp_path / "m", {"big.onnx": b"\7" * (1 << 18)}) / "big.onnx"
    model = pin(Wish("m", "file", "m"), folder.at(place.parent), Run())
    steps: list[int] = []

    def step(count: int) -> None:
        steps.append(count)
        if len(steps) == 2:
            change(place)

    result = check(model, place.parent, step=step)
    assert len(steps) >= 2
    assert result.status == "mismatch"
    assert one(result, "big.onnx").status in ("mismatch", "missing")


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside", "config.json", "model.safetensors"])
def test_a_link_is_refused_wherever_it_leads(tmp_path: Path, weights: Path, pinned: PinnedModel, target: str) -> None:
    write(tmp_path, {"outside": FILES["model.safetensors"]})
    (weights / "model.safetensors").unlink()
    (weights / "model.safetensors").symlink_to(target)
    found = one(check(pinned, weights))
    assert (found.status, found.found) == ("mismatch", "")
    assert "link" in found.reason


def test_a_folder_that_became_a_link_is_refused(tmp_path: Path) -> None:
    place = write(tmp_path / "m", {"sub/a.txt": b"a"})
    model = pin(Wish("m", "file", "m"), folder.at(place), Run())
    (place / "sub").rename(tmp_path / "elsewhere")
    (place / "sub").symlink_to(tmp_path / "elsewhere")
    result = check(model, place)
    assert {item.status for item in result.files} == {"mismatch", "extra"}


@pytest.mark.parametrize(
    "target", ["../../../blobs/../../secret", "../../../secret", "/etc/hostname", "../../blobs", "../../blobs/x/y"]
)
def test_a_snapshot_link_may_only_lead_into_the_blobs_of_its_model(tmp_path: Path, target: str) -> None:
    repo = hub_cache(tmp_path, HUB_FILES)
    write(tmp_path, {"secret": HUB_FILES["model.safetensors"], "models--acme--bert/secret": b"x"})
    tree = hf.resolve("acme/bert", "", tmp_path)
    model = pin(Wish("bert", "hf", "acme/bert"), tree, Run())
    link = repo / tree.inside / "model.safetensors"
    link.unlink()
    link.symlink_to(target)
    found = one(verify_model(model, hf.locate("acme/bert", model.revision, tmp_path), Run(), LockPolicy()))
    assert found.status in ("mismatch", "missing")
    assert found.found == ""


def test_a_blob_that_is_itself_a_link_is_refused(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path, HUB_FILES)
    model = pin(Wish("bert", "hf", "acme/bert"), hf.resolve("acme/bert", "main", tmp_path), Run())
    blob = next(place for place in (repo / "blobs").iterdir() if len(place.name) == 64)
    blob.rename(tmp_path / "moved")
    blob.symlink_to(tmp_path / "moved")
    result = verify_model(model, hf.locate("acme/bert", model.revision, tmp_path), Run(), LockPolicy())
    assert one(result).status == "mismatch"


def pipe(place: Path) -> None:
    os.mkfifo(place)


def listening(place: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # a socket's path may have 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(place.name)
    finally:
        os.chdir(here)


def subfolder(place: Path) -> None:
    place.mkdir()


def loop(place: Path) -> None:
    place.symlink_to(place.name)


@pytest.mark.parametrize("make", [pipe, listening, subfolder, loop], ids=lambda item: item.__name__)
def test_what_is_no_regular_file_is_refused_without_waiting(
    weights: Path, pinned: PinnedModel, make: Callable[[Path], None]
) -> None:
    (weights / "model.safetensors").unlink()
    make(weights / "model.safetensors")
    answers: list[ModelResult] = []
    worker = threading.Thread(target=lambda: answers.append(check(pinned, weights)), daemon=True)
    worker.start()
    worker.join(20)
    assert answers, "it hangs"
    assert one(answers[0]).status == "mismatch"


def test_a_device_is_no_file() -> None:
    with pytest.raises(Wrong, match="device"), opened(Path("/dev"), "null"):
        pass


def test_a_sparse_file_of_the_wrong_size_costs_nothing_and_one_of_the_right_size_warns(tmp_path: Path) -> None:
    place = tmp_path / "m"
    place.mkdir()
    (place / "big.onnx").touch()
    os.truncate(place / "big.onnx", 64 << 20)
    model = pin(Wish("m", "file", "m"), folder.at(place), Run())
    result = check(model, place)
    assert result.status == "verified"
    assert result.warnings == ("big.onnx: sparse, most of it is not on disk",)
    os.truncate(place / "big.onnx", 20 << 30)
    totals: list[int] = []
    assert check(model, place, began=totals.append).status == "mismatch"
    assert totals == [0]


def test_a_missing_file_is_a_mismatch(weights: Path, pinned: PinnedModel) -> None:
    (weights / "config.json").unlink()
    result = check(pinned, weights)
    assert result.status == "mismatch"
    assert one(result, "config.json").status == "missing"
    assert one(result).status == "verified"


def test_extra_files_are_mismatches_those_that_run_first(weights: Path, pinned: PinnedModel) -> None:
    write(weights, {"a.txt": b"x", ".git/hooks/x": b"x", "modeling_a.py": b"x", "old.pt": b"x", "b.index.json": b"{}"})
    result = check(pinned, weights)
    extras = [item.path for item in result.files if item.status == "extra"]
    assert result.status == "mismatch"
    assert extras == ["b.index.json", "modeling_a.py", "old.pt", ".git/hooks/x", "a.txt"]


def test_only_the_lock_says_what_may_lie_there_unpinned(weights: Path) -> None:
    model = pin(WISH._replace(ignore=("*.md", ".cache/**")), folder.at(weights), Run())
    write(weights, {"README.md": b"x", ".cache/a/b": b"x"})
    assert check(model, weights).status == "verified"
    write(weights, {"sub/README.md": b"x"})
    assert check(model, weights).status == "mismatch"


def test_a_missing_shard_is_refused_at_the_pin(tmp_path: Path) -> None:
    shards = {f"model-{n:05}-of-00003.safetensors": safetensors() for n in (1, 3)}
    with pytest.raises(PinRefused, match="00002-of-00003"):
        pin(WISH, folder.at(write(tmp_path / "m", shards)), Run())


@pytest.mark.parametrize(
    ("index", "says"),
    [
        (b'{"weight_map": {"a": "model-00009.safetensors"}}', "is not there"),
        (b"{}", "no index"),
        (b"[" * 100_000, "cannot be read"),
        (b"\xff", "cannot be read"),
    ],
)
def test_an_index_that_does_not_agree_is_refused_at_the_pin(tmp_path: Path, index: bytes, says: str) -> None:
    place = write(tmp_path / "m", {**FILES, "model.safetensors.index.json": index})
    with pytest.raises(PinRefused, match=says):
        pin(WISH, folder.at(place), Run())


def test_a_whole_set_of_shards_with_its_index_is_pinned(tmp_path: Path) -> None:
    shards = {f"sub/model-{n:05}-of-00002.safetensors": safetensors() for n in (1, 2)}
    index = b'{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}'
    place = write(tmp_path / "m", {**shards, "sub/model.safetensors.index.json": index})
    model = pin(WISH, folder.at(place), Run())
    assert [item.role for item in model.files] == ["weights"] * 3
    assert check(model, place).status == "verified"


@pytest.mark.parametrize(("one_name", "other"), [("Model.txt", "model.txt"), ("\u00e9.txt", "\u00c9.txt")])
def test_twins_by_case_are_refused_at_the_pin(tmp_path: Path, one_name: str, other: str) -> None:
    with pytest.raises(PinRefused, match="only by case"):
        pin(WISH, folder.at(write(tmp_path / "m", {one_name: b"a", other: b"b"})), Run())


def test_a_name_in_another_unicode_form_is_refused_at_the_pin_and_an_extra_later(tmp_path: Path) -> None:
    place = write(tmp_path / "m", {"e\u0301.txt": b"a"})
    with pytest.raises(PinRefused, match="NFC"):
        pin(WISH, folder.at(place), Run())
    (place / "e\u0301.txt").rename(place / "\u00e9.txt")
    model = pin(WISH, folder.at(place), Run())
    write(place, {"e\u0301.txt": b"a"})
    twin = next(item for item in check(model, place).files if item.status == "extra")
    assert "only by case or Unicode form" in twin.reason


def test_a_name_that_is_no_text_is_refused_at_the_pin_and_an_extra_later(weights: Path, pinned: PinnedModel) -> None:
    Path(os.fsdecode(bytes(weights) + b"/\xff.txt")).write_bytes(b"x")
    assert check(pinned, weights).status == "mismatch"
    with pytest.raises(PinRefused):
        pin(WISH, folder.at(weights), Run())


def test_an_unreadable_file_cannot_be_told_and_the_others_go_on(
    weights: Path, pinned: PinnedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a fault of `os.open`, as root may read everything."""
    real = os.open

    def refusing(path: Any, *args: Any, **named: Any) -> int:
        if path == "model.safetensors":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *args, **named)

    monkeypatch.setattr(os, "open", refusing)
    result = check(pinned, weights)
    assert result.status == "cannot-tell"
    assert one(result).status == "cannot-tell"
    assert one(result, "config.json").status == "verified"
    with pytest.raises(CannotJudge, match="Permission denied"):
        pin(WISH, folder.at(weights), Run())


def test_an_input_output_error_cannot_be_told(
    weights: Path, pinned: PinnedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_args: Any) -> str:
        raise Unclear("reading failed at byte 0: Input/output error")

    monkeypatch.setattr(hashing, "digest_of", failing)
    assert check(pinned, weights).status == "cannot-tell"


@pytest.fixture
def aged(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 10_000_000_000)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def remembered(model: PinnedModel, place: Path, *, read: bool = True) -> ModelResult:
    memory = Memory(Path("/nowhere"), read=read)
    try:
        return check(model, place, memory=memory)
    finally:
        memory.close()


def test_digests_of_an_earlier_run_are_cached_never_verified(
    weights: Path, pinned: PinnedModel, cache: Path, aged: None
) -> None:
    assert remembered(pinned, weights).status == "verified"
    again = remembered(pinned, weights)
    assert again.status == "cached"
    assert one(again).reason.startswith("hashed on 20")
    assert remembered(pinned, weights, read=False).status == "verified"


def test_a_cached_digest_that_is_not_the_pinned_one_is_a_mismatch(
    weights: Path, pinned: PinnedModel, cache: Path, aged: None
) -> None:
    write(weights, {"model.safetensors": safetensors(b"87654321")})
    assert remembered(pinned, weights).status == "mismatch"
    assert remembered(pinned, weights).status == "mismatch"


@pytest.mark.parametrize(
    "change", [replaced, rewritten, rewritten_with_its_time_set_back], ids=lambda item: item.__name__
)
def test_a_file_in_another_state_is_hashed_again(
    weights: Path, pinned: PinnedModel, cache: Path, aged: None, change: Callable[[Path], None]
) -> None:
    remembered(pinned, weights)
    change(weights / "model.safetensors")
    assert one(remembered(pinned, weights)).status in ("verified", "mismatch")


def test_a_young_file_is_not_kept(weights: Path, pinned: PinnedModel, cache: Path) -> None:
    remembered(pinned, weights)
    assert remembered(pinned, weights).status == "verified"


def test_a_pin_hashes_whatever_is_remembered(weights: Path, pinned: PinnedModel, cache: Path, aged: None) -> None:
    remembered(pinned, weights)
    totals: list[int] = []
    memory = Memory(Path("/nowhere"), read=True)
    assert pin(WISH, folder.at(weights), Run(memory=memory, began=totals.append)) == pinned
    memory.close()
    assert totals == [sum(map(len, FILES.values()))]


@pytest.mark.parametrize(
    ("value", "may"), [("true", False), ("1", False), ("yes", False), ("false", True), ("0", True), ("", True)]
)
def test_earlier_digests_are_off_in_ci(value: str, may: bool) -> None:
    assert allowed({"CI": value}) is may
    assert allowed({}) is True


def test_an_interrupted_run_keeps_what_it_finished(weights: Path, cache: Path, aged: None) -> None:
    place = write(weights, {f"f{n}.txt": bytes([n]) * 10 for n in range(8)})
    model = pin(WISH, folder.at(place), Run())
    memory = Memory(Path("/nowhere"), read=True)
    done: list[int] = []

    def step(count: int) -> None:
        done.append(count)
        if len(done) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(model, place, memory=memory, step=step)
    memory.close()
    totals: list[int] = []
    memory = Memory(Path("/nowhere"), read=True)
    result = check(model, place, memory=memory, began=totals.append)
    memory.close()
    assert result.status == "cached"
    assert {"cached", "verified"} == {item.status for item in result.files}
    assert 0 < totals[0] < sum(item.size for item in model.files)


def test_no_cache_is_a_note_and_no_failure(weights: Path, pinned: PinnedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", "/proc/nowhere")
    memory = Memory(Path("/nowhere"), read=True)
    assert check(pinned, weights, memory=memory).status == "verified"
    memory.close()
    assert memory.notes and "not kept" in memory.notes[0]


def test_a_cache_inside_the_repository_is_not_used(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", str(weights / "cache"))
    memory = Memory(weights, read=True)
    assert memory.notes
    assert not (weights / "cache").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_the_old_lock(tmp_path: Path, pinned: PinnedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "models.lock"
    save(place, Lock((pinned,)))
    before = place.read_bytes()
    real = os.open

    def full(path: Any, *args: Any, **named: Any) -> int:
        return real("/dev/full", os.O_WRONLY) if str(path).endswith(".tmp") else real(path, *args, **named)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(CannotJudge, match="as it was"):
        save(place, Lock((pinned._replace(name="other"),)))
    assert place.read_bytes() == before
    assert load(place).models == (pinned,)


def test_a_pin_by_less_than_the_lock_asks_for_is_a_mismatch(weights: Path, pinned: PinnedModel) -> None:
    policy = LockPolicy((("file", Strength.BYTES),), ("gguf",))
    result = verify_model(pinned, folder.at(weights), Run(), policy)
    assert result.status == "mismatch"
    assert "safetensors" in result.reasons[0]


def test_a_root_that_does_not_hold_is_a_mismatch(weights: Path, pinned: PinnedModel) -> None:
    assert check(pinned._replace(root="0" * 64), weights).status == "mismatch"


def test_quick_looks_at_sizes_and_headers_and_says_so(weights: Path, pinned: PinnedModel) -> None:
    content = FILES["model.safetensors"]
    (weights / "model.safetensors").write_bytes(content[:-1] + b"\0")
    assert check(pinned, weights, quick=True).status == "not-verified"
    (weights / "model.safetensors").write_bytes(b"\0" * 8 + content[8:])
    assert check(pinned, weights, quick=True).status == "mismatch"


def test_a_model_that_is_not_here_is_named(tmp_path: Path, pinned: PinnedModel) -> None:
    with pytest.raises(NotFound, match="not there"):
        locate(pinned, None, tmp_path / "elsewhere", {})
    with pytest.raises(Missing), opened(tmp_path, "nothing"):
        pass


def test_a_folder_on_the_way_that_is_a_link_is_refused_without_a_root(
    tmp_path: Path, weights: Path, pinned: PinnedModel
) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "bert").symlink_to(weights)
    with pytest.raises(NotFound, match="link"):
        locate(pinned, None, tmp_path / "repo", {})
    assert (
        verify_model(pinned, locate(pinned, weights, tmp_path / "repo", {}), Run(), LockPolicy()).status == "verified"
    )


def test_one_file_is_pinned_alone(tmp_path: Path) -> None:
    place = write(tmp_path, {"a.gguf": gguf(), "other": b"x"})
    model = pin(Wish("a", "file", "a.gguf"), folder.at(place / "a.gguf"), Run())
    assert (model.format, len(model.files)) == ("gguf", 1)
    assert verify_model(model, locate(model, None, tmp_path, {}), Run(), LockPolicy()).status == "verified"
