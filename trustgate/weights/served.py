"""What a model server says it serves, against a pin. All of it is the server's word: *declared*, never verified.

Answers as read in ollama fb30760 (`/api/tags`), TGI db931fc (`/info`), vLLM (`openai/models/serving.py`) and llama.cpp
(`/v1/models`, `/props`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from posixpath import basename
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from trustgate.errors import UsageError
from trustgate.transport import HttpStatus, Request, Transport, TransportError
from trustgate.weights.faults import NotFound
from trustgate.weights.pins import PinnedModel
from trustgate.weights.stores.ollama import parse_name
from trustgate.weights.verify import ModelResult

SIZE_LIMIT = 4 * 1024 * 1024
SECONDS = 10.0
_SNAPSHOT = re.compile(r"models--([^/]+)/snapshots/([0-9a-f]{40})")
_CLOUD = re.compile(r"[:-]cloud$")


class Offer(NamedTuple):
    """One model that a server says it has."""

    name: str
    manifest: str = ""
    """sha256 of an Ollama manifest"""
    commit: str = ""
    file: str = ""
    """name of the weights' file, where the server tells it"""
    path: str = ""
    elsewhere: str = ""
    """the server that really runs it (Ollama cloud)"""


class Server(NamedTuple):
    kind: str
    """ollama, tgi, vllm, llamacpp or openai"""
    offers: tuple[Offer, ...]


def ask(url: str, *, token: str = "", allow_hosts: tuple[str, ...] = ()) -> Server:
    """What the server at `url` declares. Raises UsageError for an address, TransportError where it does not answer."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(f"--served: not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query:
        raise UsageError("--served: not an address of a server", "for example http://127.0.0.1:11434")
    if allow_hosts and host not in allow_hosts and f"{host}:{port}" not in allow_hosts:
        raise UsageError(f"--served: {host} is not among the hosts that the lock allows")
    base = url.rstrip("/").removesuffix("/v1")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    with Transport(frozenset({host}), deadline=SECONDS, size_limit=SIZE_LIMIT) as transport:
        return _recognise(_Asking(transport, base, headers))


class _Asking:
    def __init__(self, transport: Transport, base: str, headers: Mapping[str, str]) -> None:
        self._transport, self._base, self._headers = transport, base, headers

    def json(self, path: str) -> dict[str, Any] | None:
        """The JSON object at a path; None where the server has none there. Raises TransportError without an answer."""
        try:
            answer = self._transport.send(Request(self._base + path, headers=self._headers))
        except HttpStatus:
            return None
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


def _recognise(ask_for: _Asking) -> Server:
    tags = ask_for.json("/api/tags")
    if tags is not None and "data" not in tags and isinstance(tags.get("models"), list):
        return Server("ollama", tuple(_ollama(row) for row in tags["models"] if isinstance(row, dict)))
    info = ask_for.json("/info")
    if info is not None and isinstance(info.get("model_id"), str):
        return Server("tgi", (Offer(_text(info, "model_id"), commit=_text(info, "model_sha")),))
    models = ask_for.json("/v1/models")
    rows = models.get("data") if models is not None else None
    if not isinstance(rows, list):
        raise TransportError(
            "the server answers as none that is known: Ollama, vLLM, TGI, llama.cpp, OpenAI-compatible"
        )
    rows = [row for row in rows if isinstance(row, dict)]
    owners = {_text(row, "owned_by") for row in rows}
    if "llamacpp" in owners:
        path = _text(ask_for.json("/props") or {}, "model_path")
        return Server("llamacpp", tuple(_by_path(_text(row, "id"), path or _text(row, "id")) for row in rows))
    kind = "vllm" if "vllm" in owners else "openai"
    return Server(kind, tuple(_by_path(_text(row, "id"), _text(row, "root")) for row in rows))


def _ollama(row: dict[str, Any]) -> Offer:
    name = _text(row, "model") or _text(row, "name")
    elsewhere = _text(row, "remote_host") or _text(row, "remote_model") or ("a cloud" if _CLOUD.search(name) else "")
    return Offer(name, manifest=_text(row, "digest").removeprefix("sha256:").lower(), elsewhere=elsewhere)


def _by_path(name: str, path: str) -> Offer:
    found = _SNAPSHOT.search(path)
    file = basename(path) if path.endswith((".gguf", ".safetensors")) else ""
    return Offer(name, commit=found[2] if found else "", file=file, path=path)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value[:500] if isinstance(value, str) else ""


def compare(model: PinnedModel, server: Server) -> ModelResult:
    """`declared` where what the server says agrees with the pin, `mismatch` where it does not, else `cannot-tell`."""
    if model.backends and server.kind not in model.backends:
        return _result(model, "mismatch", f"{server.kind} serves it, the lock allows {', '.join(model.backends)}")
    offer = _offer(model, server)
    if offer is None:
        names = ", ".join(item.name for item in server.offers[:8]) or "nothing"
        status = "cannot-tell" if server.kind in ("vllm", "openai") and model.source == "file" else "mismatch"
        return _result(model, status, f"{server.kind} does not declare it; it declares {names}")
    if offer.elsewhere and model.source != "api":
        return _result(
            model, "mismatch", f"{offer.name} looks local and runs on {offer.elsewhere}: the pin is of weights here"
        )
    for what, said, pinned in (
        ("manifest", offer.manifest, model.revision if model.source == "ollama" else ""),
        ("commit", offer.commit, model.revision if len(model.revision) == 40 else ""),
    ):
        if said and pinned:
            if said == pinned:
                return _result(model, "declared", f"{server.kind} declares {what} {said}; the bytes were not compared")
            return _result(model, "mismatch", f"{server.kind} declares {what} {said}, the pin is of {pinned}")
    if model.source == "ollama" or (server.kind == "tgi" and model.revision):
        return _result(model, "cannot-tell", f"{server.kind} declares {offer.name} without a digest or commit")
    named = f"file {offer.file}" if offer.file else f"the name {offer.name}"
    return _result(model, "declared", f"{server.kind} declares {named} and no digest; the bytes were not compared")


def _offer(model: PinnedModel, server: Server) -> Offer | None:
    wanted = {model.api.model} if model.api is not None else {model.ref, model.name}
    files = {basename(item.path) for item in model.files if item.role == "weights"}
    for offer in server.offers:
        if server.kind == "ollama":
            if _same_tag(model, offer.name):
                return offer
        elif offer.file:
            if offer.file in files:
                return offer
        elif wanted & {offer.name, offer.path, _repository(offer.path)} - {""}:
            return offer
    return None


def _same_tag(model: PinnedModel, name: str) -> bool:
    try:
        return parse_name(name) == parse_name(model.ref if model.source == "ollama" else model.name)
    except NotFound:
        return False


def _repository(path: str) -> str:
    found = _SNAPSHOT.search(path)
    return found[1].replace("--", "/", 1) if found else ""


def _result(model: PinnedModel, status: str, reason: str) -> ModelResult:
    return ModelResult(model.name, status, (), (reason,))
