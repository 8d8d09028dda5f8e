"""The transport against a real server on loopback: limits, refusals and typed errors."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from trustgate.transport import (
    Forbidden,
    HttpStatus,
    NotConnected,
    Offline,
    Request,
    Response,
    TimedOut,
    TooLarge,
    Transport,
    Unreachable,
    is_loopback,
)

HOSTS = frozenset({"127.0.0.1"})
BOMB = gzip.compress(b"\0" * 5_000_000)


class Handler(BaseHTTPRequestHandler):
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        type(self).seen.append((self.command, self.path, dict(self.headers), self.rfile.read(size)))
        getattr(self, "answer_" + self.path.strip("/").partition("?")[0])()

    do_POST = do_GET

    def _plain(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_ok(self) -> None:
        self._plain(200, b"hello", X_Note="yes")

    def answer_tail(self) -> None:
        """A whole gzip answer, and megabytes behind its end."""
        self._plain(200, gzip.compress(b"hello") + b"\0" * 3_000_000, Content_Encoding="gzip")

    def answer_hollow(self) -> None:
        """Gzip that unpacks into nothing for as long as one cares to read: empty stored blocks."""
        self._plain(200, gzip.compress(b"")[:10] + b"\0\0\0\xff\xff" * 500_000, Content_Encoding="gzip")

    def answer_gone(self) -> None:
        self._plain(404, b"no")

    def answer_busy(self) -> None:
        self._plain(429, b"", Retry_After="7")

    def answer_big(self) -> None:
        self._plain(200, b"x" * 5000)

    def answer_bomb(self) -> None:
        self._plain(200, BOMB, Content_Encoding="gzip")

    def answer_packed(self) -> None:
        self._plain(200, gzip.compress(b"hello"), Content_Encoding="gzip")

    def answer_cut(self) -> None:
        self._plain(200, gzip.compress(b"hello" * 100)[:20], Content_Encoding="gzip")

    def answer_odd(self) -> None:
        self._plain(200, b"?", Content_Encoding="br")

    def answer_short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x")

    def answer_here(self) -> None:
        self._plain(302, b"", Location="/ok")

    def answer_away(self) -> None:
        self._plain(302, b"", Location="http://localhost:1/ok")

    def answer_loop(self) -> None:
        self._plain(302, b"", Location="/loop")

    def answer_slow(self) -> None:
        time.sleep(4)
        self._plain(200, b"late")

    def answer_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return  # the client hung up, which several tests are about


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    handler = type("Fresh", (Handler,), {"seen": []})
    made = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def address(server: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/{path}"


def send(server: ThreadingHTTPServer, path: str, transport: Transport | None = None, **options: object) -> Response:
    with transport or Transport(HOSTS) as client:
        return client.send(Request(address(server, path), **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("ok", b"hello", id="a plain answer"),
        pytest.param("packed", b"hello", id="a compressed answer"),
        pytest.param("here", b"hello", id="a redirect on the same host"),
    ],
)
def test_answers(server: ThreadingHTTPServer, path: str, body: bytes) -> None:
    assert send(server, path).body == body


def test_status_and_headers_are_enough_when_the_body_is_not_wanted(server: ThreadingHTTPServer) -> None:
    response = send(server, "ok", body=False)
    assert (response.status, response.headers["x-note"], response.body) == (200, "yes", b"")


def test_an_expected_status_is_an_answer(server: ThreadingHTTPServer) -> None:
    assert send(server, "gone", accept=(200, 404)).status == 404


def test_content_and_credentials_are_sent(server: ThreadingHTTPServer) -> None:
    send(server, "ok", method="POST", content=b"{}", headers={"x-key": "1"}, auth=("user", "word"))
    method, _, headers, body = server.RequestHandlerClass.seen[0]  # type: ignore[attr-defined]
    assert (method, body, headers["x-key"]) == ("POST", b"{}", "1")
    assert headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        pytest.param("gone", HttpStatus, id="a status that was not expected"),
        pytest.param("big", TooLarge, id="over the size limit"),
        pytest.param("bomb", TooLarge, id="small on the wire, large when unpacked"),
        pytest.param("tail", TooLarge, id="much behind the end of what is compressed"),
        pytest.param("hollow", TooLarge, id="compressed and never coming to anything"),
        pytest.param("cut", Unreachable, id="compressed and cut short"),
        pytest.param("odd", Unreachable, id="an encoding that was not asked for"),
        pytest.param("short", Unreachable, id="shorter than promised"),
        pytest.param("away", Unreachable, id="a redirect to another host"),
        pytest.param("loop", HttpStatus, id="a redirect in a circle"),
    ],
)
def test_refusals(server: ThreadingHTTPServer, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        send(server, path, Transport(HOSTS, size_limit=1000))


@pytest.mark.parametrize(
    ("path", "limits"),
    [
        pytest.param("slow", {"read": 0.3}, id="no answer in time"),
        pytest.param("slow", {"deadline": 0.3}, id="no answer within the deadline"),
        pytest.param("drip", {"deadline": 0.5, "read": 0.4}, id="a byte now and then"),
    ],
)
def test_time_is_bounded(server: ThreadingHTTPServer, path: str, limits: dict[str, float]) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable):
        send(server, path, Transport(HOSTS, **limits))
    assert time.monotonic() - began < 3


def test_the_wait_that_a_server_asks_for_is_kept(server: ThreadingHTTPServer) -> None:
    with pytest.raises(HttpStatus) as caught:
        send(server, "busy")
    assert (caught.value.status, caught.value.retry_after) == (429, 7.0)


def test_offline_asks_nobody(server: ThreadingHTTPServer) -> None:
    with pytest.raises(Offline):
        send(server, "ok", Transport(HOSTS, offline=True))
    assert server.RequestHandlerClass.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://elsewhere.example/x", id="a host that is not on the list"),
        pytest.param("http://plain.example/x", id="not encrypted"),
        pytest.param("file:///etc/passwd", id="no address of the web"),
        pytest.param("https://[::1", id="not an address at all"),
        pytest.param("http://127.0.0.1:1/x", id="nobody listens"),
    ],
)
def test_addresses_that_are_not_asked(url: str) -> None:
    with pytest.raises(Unreachable), Transport(HOSTS | {"plain.example"}, deadline=2) as client:
        client.send(Request(url))


def test_messages_hold_no_credentials_and_no_query(server: ThreadingHTTPServer) -> None:
    url = address(server, "gone?token=abc123").replace("http://", "http://user:word@")
    with pytest.raises(HttpStatus) as caught, Transport(HOSTS) as client:
        client.send(Request(url))
    assert "word" not in caught.value.message
    assert "abc123" not in caught.value.message


def test_a_proxy_of_the_environment_is_not_used(server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert send(server, "ok").status == 200


def test_a_certificate_file_that_is_missing_is_said(server: ThreadingHTTPServer) -> None:
    with pytest.raises(Unreachable, match="certificate"):
        send(server, "ok", Transport(HOSTS, ca_file="/nowhere/ca.pem"))


@pytest.mark.parametrize(
    ("host", "expected"), [("localhost", True), ("127.8.0.1", True), ("::1", True), ("10.0.0.1", False), ("a.b", False)]
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("url", "error"),
    [
        pytest.param("https://elsewhere.example/x", Forbidden, id="a host that is not on the list"),
        pytest.param("http://plain.example/x", Forbidden, id="not encrypted"),
        pytest.param("http://127.0.0.1:1/x", NotConnected, id="nobody listens"),
    ],
)
def test_it_is_known_that_nothing_was_sent(url: str, error: type[Exception]) -> None:
    with pytest.raises(NotConnected) as caught, Transport(HOSTS | {"plain.example"}, deadline=2) as client:
        client.send(Request(url))
    assert type(caught.value) is error


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_a_request_can_have_less_time_than_its_client(server: ThreadingHTTPServer, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        send(server, path, deadline=0.3)
    assert time.monotonic() - began < 2


def test_a_header_that_can_not_be_sent_is_not_quoted(server: ThreadingHTTPServer) -> None:
    with pytest.raises(NotConnected) as caught:
        send(server, "ok", headers={"x-key": "sk-secret\nX-Evil: 1"})
    assert "sk-secret" not in caught.value.message


def test_httpx_is_loaded_without_its_command_line() -> None:
    """Its own command imports click, rich and pygments: half of the first request's CPU before the certificates."""
    code = (
        "import sys\nfrom trustgate.transport import Request, Transport, Unreachable\n"
        "try:\n    with Transport(frozenset({'127.0.0.1'})) as transport:\n"
        "        transport.send(Request('http://127.0.0.1:9/'))\n"
        "except Unreachable:\n    print('asked')\n"
        "print(*sorted({'httpx', 'rich', 'click', 'pygments', 'httpx._main'} & set(sys.modules)))\n"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["asked", "httpx"]
