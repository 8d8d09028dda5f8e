"""`trustgate models` as a user runs it: exit codes, words, and what is left on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

OMS = Path(__file__).parents[1] / "weights" / "data" / "oms"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    place = tmp_path / "repo"
    (place / "w").mkdir(parents=True)
    (place / "w" / "model.onnx").write_bytes(b"weights")
    (place / "w" / "config.json").write_bytes(b"{}")
    return place


@pytest.fixture
def models(here: Path, trustgate: Callable[[Path], Any]) -> Run:
    program = trustgate(here)
    return lambda *args, **environ: program("models", *args, **{"CI": "", **environ})


def test_pin_and_verify(here: Path, models: Run) -> None:
    assert models("pin", "m", "--from", "w").stdout == "pinned m by bytes: 2 files, 9 bytes\n"
    before = (here / "models.lock").read_bytes()
    done = models("verify")
    assert (done.returncode, done.stdout) == (0, "m: verified, 2 files\n")
    assert models("pin", "m", "--from", "w").returncode == 2
    assert models("pin", "m", "--from", "w", "--update").returncode == 0
    assert (here / "models.lock").read_bytes() == before


def test_other_bytes_are_1_and_named(here: Path, models: Run) -> None:
    models("pin", "m", "--from", "w")
    (here / "w" / "model.onnx").write_bytes(b"weightz")
    done = models("verify", "m")
    assert done.returncode == 1
    assert "mismatch: model.onnx: other bytes than were pinned" in done.stdout


def test_what_is_not_here_is_3(here: Path, models: Run) -> None:
    models("pin", "m", "--from", "w")
    (here / "w").rename(here / "elsewhere")
    done = models("verify")
    assert (done.returncode, "cannot-tell" in done.stdout, "--root" in done.stdout) == (3, True, True)
    assert models("verify", "--root", "elsewhere").returncode == 0


def test_quick_is_0_only_because_it_was_asked_for_and_says_so(models: Run) -> None:
    models("pin", "m", "--from", "w")
    done = models("verify", "--quick")
    assert (done.returncode, "NOT VERIFIED" in done.stdout) == (0, True)
    assert json.loads(models("verify", "--quick", "--format", "json").stdout)["status"] == "not-verified"


def test_cached_is_0_only_where_it_is_asked_for_and_never_in_ci(models: Run) -> None:
    models("pin", "m", "--from", "w")
    time.sleep(2.1)  # the cache trusts no state younger than two seconds
    assert models("verify").stdout.startswith("m: verified")
    done = models("verify", "--cached")
    assert (done.returncode, "m: cached" in done.stdout, "hashed on 20" in done.stdout) == (0, True, True)
    in_ci = models("verify", "--cached", CI="true")
    assert (in_ci.stdout, "CI is set" in in_ci.stderr) == ("m: verified, 2 files\n", True)
    assert models("verify").stdout == "m: verified, 2 files\n"


def test_a_lock_changed_by_hand_is_1_until_it_is_sealed(here: Path, models: Run) -> None:
    models("pin", "m", "--from", "w")
    lock = here / "models.lock"
    lock.write_text(lock.read_text().replace("\n\n[[model]]", '\n\n[policy]\nallow_formats = ["onnx"]\n\n[[model]]'))
    done = models("verify")
    assert (done.returncode, "changed by hand" in done.stdout) == (1, True)
    assert models("pin", "n", "--from", "w").returncode == 2
    assert models("export", "--sha256sum").returncode == 2
    assert models("pin", "--reseal").returncode == 0
    assert models("verify").returncode == 0
    assert "allow_formats" in lock.read_text()


def test_the_policy_of_the_lock_holds_at_the_pin_too(here: Path, models: Run) -> None:
    (here / "models.lock").write_text('version = 1\n[policy]\nallow_formats = ["gguf"]\nmin_pin = { api = "commit" }\n')
    assert models("pin", "--reseal").returncode == 0
    done = models("pin", "m", "--from", "w")
    assert (done.returncode, "not among those that the lock allows" in done.stderr) == (2, True)
    done = models("pin", "a", "--from", "api:anthropic/m-20250929@api.example.com")
    assert (done.returncode, "asks for commit" in done.stderr) == (2, True)


def test_an_update_keeps_what_was_not_said_again(here: Path, models: Run) -> None:
    (here / "w" / "README.md").write_text("x")
    models("pin", "m", "--from", "w", "--ignore", "*.md", "--backend", "vllm", "--license", "MIT", "--allow-code")
    before = (here / "models.lock").read_text()
    assert "remote_code = []" in before
    assert models("pin", "m", "--from", "w", "--update").returncode == 0
    after = (here / "models.lock").read_text()
    assert [word in after for word in ("*.md", "vllm", "MIT")] == [True] * 3
    assert 'remote_code = "deny"' in after


def test_reseal_does_not_make_a_broken_root_whole(here: Path, models: Run) -> None:
    models("pin", "m", "--from", "w")
    lock = here / "models.lock"
    lock.write_text(lock.read_text().replace("size = 7", "size = 8"))
    assert models("pin", "--reseal").returncode == 2
    done = models("verify")
    assert (done.returncode, "root in the lock" in done.stdout) == (1, True)


@pytest.mark.parametrize(
    "args",
    [
        ("verify",), ("list",), ("pin",), ("pin", "m"), ("pin", "m", "--from", "api:x"), ("pin", "m", "--from", "oms:x"),
        ("pin", "m", "--from", "sums:none"), ("pin", "--reseal", "m"), ("export",), ("diff", "none", "none"),
        ("verify", "--served", "http://127.0.0.1:9", "--quick"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_2(models: Run, args: tuple[str, ...]) -> None:
    done = models(*args)
    assert done.returncode == 2, done.stdout
    assert done.stderr


def test_a_lock_that_is_none_is_2_with_the_key_named(here: Path, models: Run) -> None:
    (here / "models.lock").write_text("version = 1\nmodles = 1\n")
    done = models("verify")
    assert (done.returncode, "modles" in done.stderr) == (2, True)


@pytest.mark.parametrize("path", ["../../etc/hostname", "/etc/hostname"])
def test_a_lock_that_points_outside_is_refused_before_any_open(here: Path, models: Run, path: str) -> None:
    models("pin", "m", "--from", "w")
    lock = here / "models.lock"
    lock.write_text(lock.read_text().replace('"config.json"', f'"{path}"'))
    done = models("verify")
    assert (done.returncode, "path" in done.stderr) == (2, True)


def test_a_model_that_is_not_there_to_pin_is_3(models: Run) -> None:
    assert models("pin", "m", "--from", "none").returncode == 3
    assert models("pin", "m", "--from", "hf:acme/none", "--root", ".").returncode == 3
    assert models("pin", "m", "--from", "ollama:none:1", "--root", ".").returncode == 3


def test_a_hosted_model_is_pinned_by_name_and_left_out_of_a_local_check(here: Path, models: Run) -> None:
    assert "by tag" in models("pin", "a", "--from", "api:anthropic/m-20250929@api.example.com").stdout
    undated = models("pin", "b", "--from", "api:anthropic/m-latest@api.example.com")
    assert "may move it" in undated.stderr
    assert models("verify").returncode == 3
    models("pin", "m", "--from", "w")
    done = models("verify")
    assert (done.returncode, "2 hosted models" in done.stderr) == (0, True)
    assert models("verify", "a").returncode == 3


def test_nobody_serving_is_3(models: Run) -> None:
    models("pin", "m", "--from", "w")
    assert models("verify", "--served", "http://127.0.0.1:9", "--allow-declared").returncode == 3


def test_a_pickle_is_pinned_with_a_warning_and_walked_where_asked(here: Path, models: Run) -> None:
    import pickle

    (here / "w" / "model.onnx").unlink()
    (here / "w" / "model.bin").write_bytes(pickle.dumps({"a": 1}))
    done = models("pin", "m", "--from", "w", "--walk-pickles")
    assert (done.returncode, "can run code" in done.stderr) == (0, True)
    assert models("verify", "--walk-pickles").returncode == 0
    (here / "w" / "model.bin").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    refused = models("pin", "n", "--from", "w", "--walk-pickles")
    assert (refused.returncode, "os system" in refused.stderr) == (2, True)
    models("pin", "n", "--from", "w")
    walked = models("verify", "n", "--walk-pickles")
    assert (walked.returncode, "it would import os system" in walked.stdout) == (1, True)


def test_a_signed_bundle_is_pinned_and_verified_with_its_key(here: Path, models: Run) -> None:
    pytest.importorskip("cryptography", reason="needs the extra signing")
    import shutil

    shutil.copytree(OMS, here / "oms")
    args = ("--from", "oms:oms/model.sig", "--root", "oms/model")
    assert models("pin", "s", *args).returncode == 2
    assert models("pin", "s", *args, "--key", "oms/key.pub").returncode == 0
    blind = models("verify")
    assert (blind.returncode, "signature not verified" in blind.stdout) == (3, True)
    assert models("verify", "--key", "oms/key.pub").stdout == "s: verified, 3 files\n"
    shutil.copy(here / "oms" / "key.pub", here / "oms" / "model.sig.pub")
    assert models("verify").returncode == 0
    assert "signed" in models("list").stdout
    assert models("pin", "s", "--from", "oms/model", "--update").returncode == 2
    (here / "oms" / "model.sig").rename(here / "oms" / "kept.sig")
    os.mkfifo(here / "oms" / "model.sig")
    waiting = models("verify")
    assert (waiting.returncode, "a pipe" in waiting.stdout) == (3, True)
    (here / "oms" / "model.sig").unlink()
    (here / "oms" / "model.sig").write_text("{}")
    assert models("verify").returncode == 1


def test_a_list_of_sha256sum_is_pinned(here: Path, models: Run) -> None:
    models("pin", "m", "--from", "w")
    (here / "w" / "SUMS").write_text(models("export", "--sha256sum").stdout)
    assert models("pin", "n", "--from", "sums:w/SUMS").returncode == 0
    assert '"SUMS"' in (here / "models.lock").read_text()
    assert models("verify", "n").returncode == 0
    (here / "w" / "config.json").write_bytes(b"[]")
    done = models("pin", "o", "--from", "sums:w/SUMS")
    assert (done.returncode, "config.json" in done.stderr) == (2, True)


def test_exports_say_what_is_pinned(models: Run) -> None:
    models("pin", "m", "--from", "w")
    assert json.loads(models("export", "--cyclonedx").stdout)["components"][0]["bom-ref"] == "model:m"
    assert json.loads(models("export", "--oms-manifest").stdout)["subject"][0]["name"] == "m"


def test_text_from_names_is_escaped(here: Path, models: Run) -> None:
    models("pin", "m", "--from", "w")
    (here / "w" / "a\x1b[31m\u202e").write_bytes(b"x")
    done = models("verify")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout


def test_an_interrupted_run_goes_on_where_it_stopped(here: Path, tmp_path: Path, models: Run) -> None:
    """A real SIGINT. The first file is small and done at once, the second is large enough to be caught in."""
    big = here / "w" / "zz.onnx"
    big.touch()
    os.truncate(big, 256 << 20)
    models("pin", "m", "--from", "w")
    time.sleep(2.1)
    environ = {**os.environ, "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache"), "CI": ""}
    program = [sys.executable, "-m", "trustgate", "models", "verify", "--jobs", "1"]
    process = subprocess.Popen(program, cwd=here, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    store = tmp_path / "cache" / "store.sqlite3"
    until = time.monotonic() + 60
    while not (store.exists() and _kept(store) >= 2) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b""), err
    assert b"goes on from there" in err
    done = models("verify", "--cached", "--format", "json")
    statuses = {file["path"]: file["status"] for file in json.loads(done.stdout)["files"]}
    assert statuses == {"config.json": "cached", "model.onnx": "cached", "zz.onnx": "verified"}


def _kept(store: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM entries WHERE space = 'weights/1'").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_a_terminal_shows_bytes_a_second_and_time_left(here: Path, tmp_path: Path, models: Run) -> None:
    import pty

    (here / "w" / "zz.onnx").touch()
    os.truncate(here / "w" / "zz.onnx", 256 << 20)
    models("pin", "m", "--from", "w")
    ours, theirs = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache")}
    program = [sys.executable, "-m", "trustgate", "models", "verify"]
    process = subprocess.Popen(program, cwd=here, env=environ, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 1 << 16):
            shown += piece
    except OSError:
        pass  # the other end of a pseudo terminal closes with EIO
    assert process.communicate(timeout=60)[0].startswith(b"m: verified, 3 files\n")
    os.close(ours)
    assert b"verifying" in shown and b"B/s" in shown and b"0:00:0" in shown
