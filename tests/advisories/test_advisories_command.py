"""`trustgate advisories` as a program."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trustgate.cli.advisories import advisories
from trustgate.errors import CannotJudge, UsageError

RECORD = {"id": "GHSA-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "flask"}, "versions": ["0.5"]}]}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def exports() -> Iterator[str]:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(RECORD))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/PyPI/all.zip" else 404)
            self.send_header("Content-Length", str(len(data.getvalue())))
            self.end_headers()
            self.wfile.write(data.getvalue())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def run(*args: str) -> Result:
    return CliRunner().invoke(advisories, args)


def test_update_from_a_file_and_status(tmp_path: Path) -> None:
    assert isinstance(run("status").exception, CannotJudge)
    (tmp_path / "r.json").write_text(json.dumps(RECORD))
    assert run("update", "--from", str(tmp_path / "r.json")).exit_code == 0
    assert run("status").stdout.startswith("1 advisories of 20")


def test_update_over_the_network(exports: str) -> None:
    assert run("update", "--ecosystem", "pypi", "--url", exports).exit_code == 0
    assert "1 advisories" in run("status").stdout


def test_an_export_that_is_not_there(exports: str) -> None:
    assert isinstance(run("update", "--url", exports).exception, CannotJudge)
    assert isinstance(run("status").exception, CannotJudge)


def test_wrong_usage(tmp_path: Path) -> None:
    assert isinstance(run("update", "--from", str(tmp_path / "missing")).exception, UsageError)
    assert isinstance(run("update", "--from", str(tmp_path), "--ecosystem", "npm").exception, UsageError)
