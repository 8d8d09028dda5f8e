"""A package index on loopback with real requests going through it, and change sets held in memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from trustgate.analyzers.context import Context, Outcome, Settings
from trustgate.analyzers.dependencies import analyze
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.rulebook import load_rulebook

TODAY = date(2026, 11, 21)
LISTED = ("some-honest-tail-package", "@scope/known", "quiet-otter")


class Index:
    """Answers like a PEP 691 index and an npm registry for the names in LISTED; `status` overrides every answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 0
        self.content_type = "application/vnd.pypi.simple.v1+json"
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                from urllib.parse import unquote

                name = unquote(self.path).removeprefix("/simple/").removeprefix("/npm/").strip("/")
                index.asked.append(name)
                status = index.status or (200 if name in LISTED else 404)
                body = json.dumps({"name": name, "files": []}).encode()
                self.send_response(status)
                self.send_header("Content-Type", index.content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet: the tests look at `asked`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def index() -> Iterator[Index]:
    made = Index()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def configured(index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The user's own environment names the index on loopback, and nothing else."""
    bare_environment(monkeypatch, str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("PIP_INDEX_URL", f"{index.address}/simple")
    monkeypatch.setenv("npm_config_registry", f"{index.address}/npm/")
    return index


def bare_environment(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    import os

    for name in list(os.environ):
        if name.lower().startswith(("pip_", "uv_", "npm_")) or name == "NODE_EXTRA_CA_CERTS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("XDG_CONFIG_HOME", f"{home}/.config")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")


Run = Callable[..., list[Outcome]]


@pytest.fixture(scope="session")
def run() -> Run:
    """Outcomes of the analyzer for a change from one set of files to another."""
    rulebook = load_rulebook()

    def outcomes(
        before: Mapping[str, str], after: Mapping[str, str], *, offline: bool = True, **settings: tuple[str, ...]
    ) -> list[Outcome]:
        sides = [{path: text.encode() for path, text in files.items()} for files in (before, after)]
        change = change_between(*sides)
        views = tuple(FileView(item, change) for item in change.files)
        context = Context(change, views, rulebook, Settings(offline=offline, **settings))  # type: ignore[arg-type]
        return list(analyze(context, TODAY))

    return outcomes
