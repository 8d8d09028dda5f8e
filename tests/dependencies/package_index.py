"""A package index, an npm registry and an OSV server in one, on loopback: real requests go through it.

`packages` says what it has; the switches make it slow, silent, wrong or endless.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote

from trustgate.advisories.osv import read_record


class Package(NamedTuple):
    """One package: version to the day it was published."""

    versions: Mapping[str, str] = {"1.0.0": "2020-01-01", "1.1.0": "2021-01-01", "2.0.0": "2022-01-01"}
    maintainers: tuple[str, ...] = ()
    repository: str = ""
    installs: bool = False
    deprecated: str = ""


PACKAGES = {
    "some-honest-tail-package": Package(),
    "@scope/known": Package(),
    "quiet-otter": Package(),
    "flask": Package({"3.0.0": "2023-09-30", "3.1.0": "2024-11-13", "3.9.9": "2026-11-20"}),
    "young-otter": Package({"0.1": "2026-11-15"}),
}


class PackageIndex:
    """Answers like a PEP 691 index (`/simple/`), an npm registry (`/npm/`) and OSV (`/v1/`)."""

    def __init__(self, records: tuple[bytes, ...] = ()) -> None:
        self.packages = dict(PACKAGES)
        self.records = records
        self.asked: list[str] = []
        self.status = 0
        """answers everything with this status"""
        self.content_type = "application/vnd.pypi.simple.v1+json"
        self.slow = 0.0
        """seconds between the bytes of an answer"""
        self.truncated = False
        self.oversized = False
        self.redirect = ""
        """answers everything with a redirect to this address"""
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.answer(self, b"")

            def do_POST(self) -> None:
                index.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_: object) -> None:
                """Quiet: the tests look at `asked`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        path = unquote(handler.path)
        name = path.removeprefix("/simple/").removeprefix("/npm/").strip("/")
        self.asked.append(name)
        body = self._body(path, name, content)
        status = self.status or (200 if body is not None else 404)
        data = b"x" * (20 * 1024 * 1024) if self.oversized else json.dumps(body).encode()
        if self.redirect:
            handler.send_response(302)
            handler.send_header("Location", self.redirect)
            data = b""
        else:
            handler.send_response(status)
        handler.send_header("Content-Type", self.content_type)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        data = data[: len(data) // 2] if self.truncated else data
        try:
            for start in range(0, len(data), 1 if self.slow else len(data) or 1):
                handler.wfile.write(data[start : start + (1 if self.slow else len(data))])
                handler.wfile.flush()
                time.sleep(self.slow)
        except OSError:
            return  # the client has seen enough, which is what the test is about

    def _body(self, path: str, name: str, content: bytes) -> dict[str, Any] | None:
        if path.startswith("/v1/"):
            return self._osv(path, content)
        package = self.packages.get(name)
        if package is None:
            return None
        return _pypi(name, package) if path.startswith("/simple/") else _npm(name, package)

    def _osv(self, path: str, content: bytes) -> dict[str, Any] | None:
        if path != "/v1/querybatch":
            wanted = path.removeprefix("/v1/vulns/")
            return next((record for record in map(json.loads, self.records) if record["id"] == wanted), None)
        results = []
        for query in json.loads(content)["queries"]:
            hits = []
            for data in self.records:
                for ecosystem, name, made in read_record(data):
                    asked = query["package"]
                    if name == asked["name"].lower() and ecosystem == asked["ecosystem"].lower():
                        hits += [{"id": made.id}] if made.affects(ecosystem, query["version"]) else []
            results.append({"vulns": hits} if hits else {})
        return {"results": results}


def _pypi(name: str, package: Package) -> dict[str, Any]:
    files = [
        {
            "filename": f"{name.replace('-', '_')}-{version}-py3-none-any.whl",
            "url": "https://files.example/x.whl",
            "hashes": {},
            "upload-time": f"{day}T12:00:00.000000Z",
        }
        for version, day in package.versions.items()
    ]
    return {"meta": {"api-version": "1.1"}, "name": name, "versions": list(package.versions), "files": files}


def _npm(name: str, package: Package) -> dict[str, Any]:
    latest = list(package.versions)[-1]
    versions: dict[str, Any] = {version: {"name": name, "version": version} for version in package.versions}
    if package.installs:
        versions[latest]["scripts"] = {"postinstall": "node setup.js"}
    if package.deprecated:
        versions[latest]["deprecated"] = package.deprecated
    times = {version: f"{day}T12:00:00.000Z" for version, day in package.versions.items()}
    return {
        "name": name,
        "dist-tags": {"latest": latest},
        "versions": versions,
        "time": {
            "created": f"{min(package.versions.values())}T00:00:00.000Z",
            "modified": "2026-11-01T00:00:00Z",
            **times,
        },
        "maintainers": [{"name": one, "email": f"{one}@mail.example"} for one in package.maintainers],
        "repository": {"type": "git", "url": f"git+https://github.com/{package.repository}.git"}
        if package.repository
        else None,
    }
