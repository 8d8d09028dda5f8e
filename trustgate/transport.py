"""The only file that opens a connection: bounded in time and size, TLS except on loopback, hosts by list.

A redirect is followed on the same host only. Nothing from the environment is used (no proxy, no `.netrc`) unless
`trust_env` asks for it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Self, cast

from trustgate.errors import CannotJudge

if TYPE_CHECKING:
    import httpx

SIZE_LIMIT = 16 * 1024 * 1024
"""bytes of one answer, after decompression"""
REDIRECT_LIMIT = 3
_CHUNK = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)


class TransportError(CannotJudge):
    """A request that brought no usable answer."""


class Offline(TransportError):
    """The run was asked not to use the network."""


class Unreachable(TransportError):
    """No connection, no answer in time, a broken answer, or a host that is not on the list."""


class TimedOut(Unreachable):
    """The connection stood, and no whole answer came in time: the request may have been read."""


class NotConnected(Unreachable):
    """No connection: not a byte of the request left this machine."""


class Forbidden(NotConnected):
    """An address that may not be asked: another host, or not encrypted."""


class NotTrusted(NotConnected):
    """The other side could not prove with its certificate that it is who was asked for."""


class TooLarge(TransportError):
    """The answer is larger than was asked for."""


class HttpStatus(TransportError):
    """The answer has a status that the caller did not ask for. `status` holds it, `retry_after` seconds where given."""

    def __init__(self, message: str, status: int, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    """names in lower case"""
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    auth: tuple[str, str] | None = field(default=None, repr=False)
    """user and password for HTTP basic authentication"""
    accept: tuple[int, ...] = (200,)
    """statuses that are an answer; any other raises HttpStatus"""
    body: bool = True
    """False: the caller wants status and headers only; the connection is closed without reading on"""
    deadline: float | None = None
    """seconds for this request as a whole, where they are fewer than the client's"""


class Transport:
    """A client for a fixed list of hosts. Use as a context manager; safe to use from several threads."""

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        offline: bool = False,
        deadline: float = 10.0,
        connect: float = 3.0,
        read: float = 5.0,
        size_limit: int = SIZE_LIMIT,
        ca_file: str | None = None,
        trust_env: bool = False,
    ) -> None:
        """`hosts` in lower case, without port. `deadline` (for a whole request), `connect` and `read` in seconds.

        `ca_file` is a file of certificate authorities in place of the bundled ones.
        """
        self._hosts = hosts
        self._offline = offline
        self._deadline, self._connect, self._read = deadline, connect, read
        self._size_limit = size_limit
        self._ca_file = ca_file
        self._trust_env = trust_env
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()

    def send(self, request: Request) -> Response:
        """One answer. Raises Offline, Unreachable, TooLarge or HttpStatus; their messages name scheme and host only."""
        if self._offline:
            raise Offline(f"not asked: {_place(request.url)} (offline)")
        outcome: list[Response | Exception] = []
        seconds = self._deadline if request.deadline is None else min(self._deadline, request.deadline)
        stop = time.monotonic() + seconds

        def work() -> None:
            try:
                outcome.append(self._follow(request, stop))
            except Exception as error:  # noqa: BLE001 - raised again below, in the caller's thread
                outcome.append(error)

        # A server that sends a byte now and then keeps every single timeout happy, so the whole runs against a clock.
        thread = threading.Thread(target=work, daemon=True, name="trustgate-transport")
        thread.start()
        thread.join(seconds + 0.5)
        if not outcome:
            raise TimedOut(f"{_place(request.url)}: no complete answer in {seconds:g} s")
        answer = outcome[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _follow(self, request: Request, stop: float) -> Response:
        url = request.url
        for _ in range(REDIRECT_LIMIT + 1):
            self._check(url)
            response = self._once(request, url, stop)
            if response.status not in _REDIRECTS or response.status in request.accept:
                break
            url = _redirect(url, response.headers.get("location", ""))
        if response.status not in request.accept:
            wait = response.headers.get("retry-after", "")
            raise HttpStatus(
                f"{_place(request.url)} answered {response.status}",
                response.status,
                float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 8 else 0.0,
            )
        return response

    def _check(self, url: str) -> None:
        """Raises Forbidden where the host is not on the list, or the connection would not be encrypted."""
        scheme, host = _scheme_and_host(url)
        if host not in self._hosts:
            raise Forbidden(f"{_place(url)} is not a host that may be asked")
        if scheme != "https" and not (scheme == "http" and is_loopback(host)):
            raise Forbidden(f"{_place(url)} would not be encrypted")

    def _once(self, request: Request, url: str, stop: float) -> Response:
        client = self._open()
        import httpx

        headers = {"accept-encoding": "gzip", "user-agent": "trustgate", **request.headers}
        left = max(stop - time.monotonic(), 0.01)
        timeout = httpx.Timeout(min(self._read, left), connect=min(self._connect, left))
        try:
            with client.stream(
                request.method, url, headers=headers, content=request.content, auth=request.auth, timeout=timeout
            ) as answer:
                names = {name.lower(): value for name, value in answer.headers.items()}
                wanted = request.body and answer.status_code in request.accept
                body = self._body(url, answer, names, stop) if wanted else b""
                return Response(answer.status_code, names, body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise _fault(url, error) from error

    def _body(self, url: str, answer: httpx.Response, headers: Mapping[str, str], stop: float) -> bytes:
        """The body, decompressed here: a small answer must not unpack into all of memory."""
        import zlib

        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip"):
            raise Unreachable(f"{_place(url)}: content encoding {encoding[:20]} was not asked for")
        unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
        parts: list[bytes] = []
        size = received = 0
        for chunk in _chunks(answer, stop, url):
            received += len(chunk)  # what is behind the end of the compressed part, or unpacks into nothing
            if received > self._size_limit:
                raise TooLarge(f"{_place(url)}: the answer is over {self._size_limit} bytes")
            try:
                piece = unpack.decompress(chunk, self._size_limit - size + 1) if unpack else chunk
            except zlib.error as error:
                raise Unreachable(f"{_place(url)}: the answer is not valid gzip") from error
            size += len(piece)
            if size > self._size_limit:
                raise TooLarge(f"{_place(url)}: the answer is over {self._size_limit} bytes")
            parts.append(piece)
        if unpack is not None and size and not unpack.eof:
            raise Unreachable(f"{_place(url)}: the answer is cut short")
        return b"".join(parts)

    def _open(self) -> httpx.Client:
        _load_library()
        import httpx

        with self._lock:
            if self._client is None:
                verify: object = True
                if self._ca_file:
                    import ssl

                    try:
                        verify = ssl.create_default_context(cafile=self._ca_file)
                    except OSError as error:
                        raise Unreachable(f"the certificate file {self._ca_file} cannot be used ({error})") from error
                self._client = httpx.Client(
                    verify=verify,  # type: ignore[arg-type]
                    trust_env=self._trust_env,
                    follow_redirects=False,
                    limits=httpx.Limits(max_connections=8),
                )
            return self._client


_COMMAND = "httpx._main"
_loading = threading.Lock()


def _load_library() -> None:
    """httpx without its command line, which it imports by itself where click and rich are installed: that is half of
    its 0.2 s. What `sys.modules` holds as None cannot be imported, and httpx goes on without."""
    with _loading:
        absent = _COMMAND not in sys.modules
        if absent:
            sys.modules[_COMMAND] = cast("ModuleType", None)
        try:
            import httpx  # noqa: F401
        finally:
            if absent:
                del sys.modules[_COMMAND]


def _fault(url: str, error: Exception) -> Unreachable:
    """What a fault of the client library means for the caller."""
    import ssl

    import httpx

    if isinstance(error, httpx.LocalProtocolError):  # its text quotes the header at fault, which may hold a key
        return NotConnected(f"{_place(url)}: the request can not be sent as it is")
    reason = str(error).partition("\n")[0][:200] or type(error).__name__
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        return (NotTrusted if cause is not None else NotConnected)(f"{_place(url)}: {reason}")
    if isinstance(error, httpx.TimeoutException):
        return TimedOut(f"{_place(url)}: {reason}")
    return Unreachable(f"{_place(url)}: {reason}")


def _chunks(answer: httpx.Response, stop: float, url: str) -> Iterator[bytes]:
    for chunk in answer.iter_raw(_CHUNK):
        if time.monotonic() > stop:
            raise TimedOut(f"{_place(url)}: no complete answer in time")
        yield chunk


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its literal address, or the reserved name (RFC 6761)."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _scheme_and_host(url: str) -> tuple[str, str]:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        return parts.scheme.lower(), (parts.hostname or "").lower()
    except ValueError:
        return "", ""


def _redirect(url: str, location: str) -> str:
    """The next address, on the same host only. Raises Unreachable."""
    from urllib.parse import urljoin

    target = urljoin(url, location)
    if not location or _place(target) != _place(url):
        raise Unreachable(f"{_place(url)} redirects to another host")
    return target


def _place(url: str) -> str:
    """Scheme, host and port of an address: what may be printed of it."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or '?'}{port}"
    except ValueError:
        return "an address that cannot be read"
