"""A forge on loopback: the few REST routes that the gate uses, with switches for its bad days."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from played import Platform

TOKEN = "t0ken"


class Forge:
    """State of one repository `o/r`. `lists` and `objects` are by route; `refuse` holds (method, part of a route, status,
    headers) that are answered once."""

    def __init__(self) -> None:
        self.lists: dict[str, list] = {"/repos/o/r/issues/7/comments": [], "/repos/o/r/pulls/7/comments": []}
        self.objects: dict[str, object] = {}
        self.refuse: list[tuple[str, str, int, dict]] = []
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[dict] = []
        self.tokens: set[str] = set()
        forge = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                forge.answer(self, "GET", None)

            def do_POST(self):
                forge.answer(self, "POST", self.rfile.read(int(self.headers["content-length"])))

            do_PATCH = lambda self: forge.answer(self, "PATCH", self.rfile.read(int(self.headers["content-length"])))  # noqa: E731

            def log_message(self, *_):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler, method, data):
        parts = urlsplit(handler.path)
        self.asked.append((method, handler.path))
        self.tokens.add(handler.headers.get("authorization", ""))
        for number, (verb, part, status, headers) in enumerate(self.refuse):
            if verb == method and part in handler.path:
                del self.refuse[number]
                return self.reply(handler, status, {"message": "refused"}, headers)
        if method == "GET" and parts.path in self.lists:
            query = parse_qs(parts.query)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return self.reply(handler, 200, self.lists[parts.path][(page - 1) * size : page * size])
        if method == "GET" and parts.path in self.objects:
            return self.reply(handler, 200, self.objects[parts.path])
        if method == "GET":
            return self.reply(handler, 404, {"message": "Not Found"})
        body = json.loads(data)
        self.bodies.append(body)
        if len(body.get("body", "")) > 65536:
            return self.reply(handler, 422, {"message": "body is too long"})
        if method == "POST" and parts.path in self.lists:
            comment = {"id": len(self.bodies), "user": {"login": "github-actions[bot]"}, **body}
            self.lists[parts.path].append(comment)
            return self.reply(handler, 201, comment)
        if method == "PATCH":
            wanted = int(parts.path.rpartition("/")[2])
            comment = next(c for c in self.lists["/repos/o/r/issues/7/comments"] if c["id"] == wanted)
            comment.update(body)
            return self.reply(handler, 200, comment)
        return self.reply(handler, 404, {"message": "Not Found"})

    def reply(self, handler, status, value, headers=None):
        data = json.dumps(value).encode()
        handler.send_response(status)
        for name, text in {
            "content-type": "application/json",
            "content-length": str(len(data)),
            **(headers or {}),
        }.items():
            handler.send_header(name, text)
        handler.end_headers()
        handler.wfile.write(data)

    @property
    def comments(self) -> list[dict]:
        return self.lists["/repos/o/r/issues/7/comments"]

    @property
    def line_comments(self) -> list[dict]:
        return self.lists["/repos/o/r/pulls/7/comments"]


class GitServer:
    """git over HTTP on loopback (git-http-backend(1)): every repository below a folder, with switches for bad days."""

    def __init__(self, root) -> None:
        self.root = root
        self.needs = ""
        """the token that is asked for, none when empty"""
        self.redirect = ""
        """where every request is sent instead"""
        self.drip = False
        """answers a fetch with one byte a second"""
        self.asked: list[str] = []
        self.authorizations: set[str] = set()
        self.fetches = 0
        self.stopped = threading.Event()
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                served.answer(self, b"")

            def do_POST(self):
                served.fetches += b"want " in (body := self.rfile.read(int(self.headers["content-length"])))
                served.answer(self, body)

            def log_message(self, *_):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler, body):
        path, _, query = handler.path.partition("?")
        said = handler.headers.get("authorization", "")
        self.asked.append(handler.path)
        self.authorizations.add(said)
        if self.redirect:
            return self.reply(handler, 302, {"location": self.redirect + handler.path}, b"")
        if self.needs and said != "Basic " + base64.b64encode(f"x-access-token:{self.needs}".encode()).decode():
            return self.reply(handler, 401, {"www-authenticate": 'Basic realm="forge"'}, b"")
        environ = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": handler.command,
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": handler.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": handler.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": handler.headers.get("git-protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=environ, check=False)
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200 OK").split()[0])
        if self.drip and handler.command == "POST":
            handler.send_response(status)
            handler.end_headers()
            while not self.stopped.wait(1.0):
                handler.wfile.write(data[:1])
            return None
        return self.reply(handler, status, headers, data)

    def reply(self, handler, status, headers, data):
        handler.send_response(status)
        for name, text in {**headers, "content-length": str(len(data))}.items():
            handler.send_header(name, text)
        handler.end_headers()
        handler.wfile.write(data)

    def close(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def git_server(tmp_path):
    """Serves `tmp_path / "srv"`; put links to repositories there."""
    (tmp_path / "srv" / "o").mkdir(parents=True)
    made = GitServer(tmp_path / "srv")
    yield made
    made.close()


@pytest.fixture
def forge():
    made = Forge()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def api(forge):
    from trustgate.forge.api import Api

    with Api(forge.base, TOKEN, wait=1.5) as made:
        yield made


@pytest.fixture
def platform(make_repo, forge, git_server, tmp_path):
    return Platform(make_repo, forge, git_server, tmp_path)
