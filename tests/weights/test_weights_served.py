"""What servers say of themselves, over HTTP on loopback: declared, never verified."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from weight_samples import COMMIT

from trustgate.errors import UsageError
from trustgate.transport import TransportError
from trustgate.weights.pins import Api, PinnedFile, PinnedModel
from trustgate.weights.served import Server, ask, compare

MANIFEST = "ab" * 32
OLLAMA = PinnedModel("smol", "ollama", "smol:135m", MANIFEST)
HUB = PinnedModel("bert", "hf", "acme/bert", COMMIT)
FILE = PinnedModel("local", "file", "w", files=(PinnedFile("a.Q4.gguf", 1, MANIFEST, "weights"),))
HOSTED = PinnedModel("hosted", "api", "", api=Api("anthropic", "127.0.0.1", "m-20250929", True))

Serve = Callable[[dict[str, Any]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve({path: answer})` is the address of a server; an answer is JSON, bytes, or a status."""
    servers: list[ThreadingHTTPServer] = []

    def start(answers: dict[str, Any]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = answers.get(self.path, 404)
                status = answer if isinstance(answer, int) else 200
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def tags(**row: Any) -> dict[str, Any]:
    return {
        "/api/tags": {"models": [{"name": "smol:135m", "model": "smol:135m", "digest": MANIFEST, "size": 1, **row}]}
    }


def listed(owner: str, *rows: dict[str, Any]) -> dict[str, Any]:
    return {"/v1/models": {"object": "list", "data": [{"owned_by": owner, **row} for row in rows]}}


CPP = {"/api/tags": {"models": [{"name": "x", "digest": ""}], "data": []}, "/props": {"model_path": "/m/a.Q4.gguf"}}
CASES = {
    "ollama agrees": (OLLAMA, tags(), "ollama", "declared"),
    "ollama with a prefix": (OLLAMA, tags(digest="sha256:" + MANIFEST), "ollama", "declared"),
    "ollama serves another manifest": (OLLAMA, tags(digest="cd" * 32), "ollama", "mismatch"),
    "ollama serves another model": (OLLAMA, tags(model="big:1"), "ollama", "mismatch"),
    "ollama sends it to a cloud": (OLLAMA, tags(remote_host="https://cloud.example.com"), "ollama", "mismatch"),
    "ollama by a name of clouds": (
        OLLAMA._replace(ref="smol:135m-cloud"), tags(model="smol:135m-cloud"), "ollama", "mismatch"),
    "ollama without a digest": (OLLAMA, tags(digest=""), "ollama", "cannot-tell"),
    "tgi agrees": (HUB, {"/info": {"model_id": "acme/bert", "model_sha": COMMIT}}, "tgi", "declared"),
    "tgi at another commit": (HUB, {"/info": {"model_id": "acme/bert", "model_sha": "f" * 40}}, "tgi", "mismatch"),
    "tgi without a commit": (HUB, {"/info": {"model_id": "acme/bert", "model_sha": None}}, "tgi", "cannot-tell"),
    "tgi serves another model": (HUB, {"/info": {"model_id": "acme/evil", "model_sha": COMMIT}}, "tgi", "mismatch"),
    "vllm by name": (HUB, listed("vllm", {"id": "acme/bert", "root": "acme/bert"}), "vllm", "declared"),
    "vllm from a snapshot": (
        HUB, listed("vllm", {"id": "x", "root": f"/c/models--acme--bert/snapshots/{COMMIT}"}), "vllm", "declared"),
    "vllm from another snapshot": (
        HUB, listed("vllm", {"id": "x", "root": f"/c/models--acme--bert/snapshots/{'f' * 40}"}), "vllm", "mismatch"),
    "vllm serves another model": (HUB, listed("vllm", {"id": "acme/evil", "root": "acme/evil"}), "vllm", "mismatch"),
    "llama.cpp by file": (FILE, {**CPP, **listed("llamacpp", {"id": "x"})}, "llamacpp", "declared"),
    "llama.cpp with another file": (
        FILE, {**listed("llamacpp", {"id": "x"}), "/props": {"model_path": "/m/b.gguf"}}, "llamacpp", "mismatch"),
    "hosted by its dated name": (HOSTED, listed("system", {"id": "m-20250929"}), "openai", "declared"),
    "hosted without it": (HOSTED, listed("system", {"id": "m-latest"}), "openai", "mismatch"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_server_declares(serve: Serve, case: str) -> None:
    model, answers, kind, status = CASES[case]
    server = ask(serve(answers))
    assert server.kind == kind
    result = compare(model, server)
    assert result.status == status
    assert result.reasons


def test_no_answer_of_any_server_is_ever_verified(serve: Serve) -> None:
    for model, answers, _kind, _status in CASES.values():
        assert compare(model, ask(serve(answers))).status in ("declared", "mismatch", "cannot-tell")


def test_a_backend_that_the_lock_does_not_allow(serve: Serve) -> None:
    result = compare(OLLAMA._replace(backends=("vllm",)), ask(serve(tags())))
    assert (result.status, "vllm" in result.reasons[0]) == ("mismatch", True)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"/api/tags": b"\xff", "/info": 500, "/v1/models": []},
        {"/v1/models": {"data": 1}},
        {"/api/tags": b"[" * 100_000},
    ],
)
def test_a_server_that_is_none_of_them_cannot_be_told(serve: Serve, answers: dict[str, Any]) -> None:
    with pytest.raises(TransportError):
        ask(serve(answers))


def test_answers_of_the_wrong_types_are_no_crash(serve: Serve) -> None:
    assert ask(serve({"/api/tags": {"models": [1, {"model": 1, "digest": []}]}})).offers[0].name == ""
    assert ask(serve({"/v1/models": {"data": [1, {"id": [], "owned_by": {}}]}})) == Server(
        "openai", (ask(serve(listed("", {}))).offers[0],)
    )


def test_nobody_there_cannot_be_told() -> None:
    with pytest.raises(TransportError):
        ask("http://127.0.0.1:9")


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "http://user:pass@127.0.0.1", "127.0.0.1:11434", "http://[::1", "http://127.0.0.1/?a=b"]
)
def test_what_is_no_address_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageError):
        ask(url)


def test_another_machine_is_asked_with_encryption_only() -> None:
    with pytest.raises(TransportError, match="encrypted"):
        ask("http://models.example.com")


def test_hosts_are_those_that_the_lock_allows(serve: Serve) -> None:
    address = serve(tags())
    with pytest.raises(UsageError, match="not among"):
        ask(address, allow_hosts=("hub.example.com",))
    assert ask(address, allow_hosts=("127.0.0.1",)).kind == "ollama"
