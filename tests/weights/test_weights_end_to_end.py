"""From pin to refusal through the command, on made-up Hugging Face and Ollama stores and servers that serve them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from weight_samples import COMMIT, HUB_FILES, hub_cache, ollama_store

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def models(tmp_path: Path) -> Run:
    """Exit code and all text of `trustgate models`, with both stores named by the environment of their own programs."""
    (tmp_path / "repo").mkdir()
    environ = {
        **os.environ, "CI": "", "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache"),
        "HF_HUB_CACHE": str(tmp_path / "hub"), "OLLAMA_MODELS": str(tmp_path / "ollama"),
    }  # fmt: skip

    def run(*args: str) -> tuple[int, str]:
        command = (sys.executable, "-m", "trustgate", "models", *args)
        done = subprocess.run(
            command, cwd=tmp_path / "repo", env=environ, capture_output=True, text=True, check=False, timeout=120
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    return run


@contextmanager
def serving(path: str, answer: dict[str, Any]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200 if self.path == path else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def flip(place: Path) -> None:
    data = place.read_bytes()
    place.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def test_a_hugging_face_cache(tmp_path: Path, models: Run) -> None:
    repo = hub_cache(tmp_path / "hub", HUB_FILES)
    assert models("pin", "bert", "--from", "hf:acme/bert@main")[0] == 0
    assert models("verify") == (0, "bert: verified, 4 files\n")
    with serving("/info", {"model_id": "acme/bert", "model_sha": COMMIT}) as url:
        code, text = models("verify", "--served", url)
        assert (code, text.startswith("bert: declared")) == (3, True)
        assert models("verify", "--served", url, "--allow-declared")[0] == 0
    with serving("/info", {"model_id": "acme/bert", "model_sha": "f" * 40}) as url:
        assert models("verify", "--served", url, "--allow-declared")[0] == 1
    flip(next(place for place in (repo / "blobs").iterdir() if len(place.name) == 64))
    code, text = models("verify")
    assert (code, "mismatch: model.safetensors" in text) == (1, True)


def test_an_ollama_store(tmp_path: Path, models: Run) -> None:
    digest = ollama_store(tmp_path / "ollama")
    assert models("pin", "smol", "--from", "ollama:smol:135m", "--backend", "ollama")[0] == 0
    assert models("verify") == (0, "smol: verified, 7 files\n")
    row = {"name": "smol:135m", "model": "smol:135m", "digest": digest}
    with serving("/api/tags", {"models": [row]}) as url:
        code, text = models("verify", "--served", url)
        assert (code, "declares manifest" in text) == (3, True)
    with serving("/api/tags", {"models": [{**row, "remote_host": "https://cloud.example.com"}]}) as url:
        code, text = models("verify", "--served", url, "--allow-declared")
        assert (code, "looks local and runs on" in text) == (1, True)
    lock = (tmp_path / "repo" / "models.lock").read_text()
    weights = next(line for line in lock.splitlines() if 'role = "weights"' in line).split('"')[1]
    flip(tmp_path / "ollama" / weights)
    code, text = models("verify")
    assert (code, f"mismatch: {weights}" in text) == (1, True)


def test_a_cloud_model_cannot_be_pinned_as_one_that_is_here(tmp_path: Path, models: Run) -> None:
    ollama_store(tmp_path / "ollama", config={"remote_host": "https://cloud.example.com", "remote_model": "big"})
    code, text = models("pin", "smol", "--from", "ollama:smol:135m")
    assert (code, "no weights here to pin" in text) == (2, True)
    assert not (tmp_path / "repo" / "models.lock").exists()
