"""GitHub's REST API, as little of it as a gate needs: pages of lists, one object, and writing a comment.

Routes, paging and rate limits as in GitHub's "REST API" documentation, version 2022-11-28. Answers are hostile: sizes
are capped, and every field is checked where it is used. The token is sent to one host and is never printed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

from trustgate.errors import CannotJudge, UsageError
from trustgate.transport import Request, Transport

PAGES = 30
"""of a list, 100 entries each; a longer list is an error, never a part taken for the whole"""
WAIT = 20.0
"""seconds that a rate limit may ask for before we give up"""
SECONDS = 120.0
"""for everything that is asked of the forge over one connection: a job's own time limit would end the verdict too"""
_ANSWERS = (200, 201, 202, 400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503)


class ApiError(CannotJudge):
    """GitHub did not do what was asked. `status` is the HTTP status."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message, "the job's token needs the permissions that docs/ci.md names")
        self.status = status


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    value: Any


class Api:
    """One forge and one token. Use as a context manager."""

    def __init__(self, base: str, token: str, *, wait: float = WAIT, seconds: float = SECONDS) -> None:
        """`base` is the address of the API without a slash at its end. Raises UsageError where it is no address."""
        host = urlsplit(base).hostname
        if not host or not token or not token.isprintable() or " " in token:
            raise UsageError("the forge's address or token is not usable", "set GITHUB_API_URL and the `token` input")
        self._base = base.rstrip("/")
        self._token = token
        self._wait = wait
        self._ends = time.monotonic() + seconds
        self._transport = Transport(frozenset((host.lower(),)), deadline=30.0, size_limit=8 * 1024 * 1024)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Api | None:
        """None without a token: then nothing is read from the forge and nothing is written to it."""
        token = environ.get("TRUSTGATE_GITHUB_TOKEN", "")
        return cls(environ.get("GITHUB_API_URL") or "https://api.github.com", token) if token else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.__exit__(kind, error, trace)

    def get(self, *route: str, **query: str | int) -> Any:
        """The object at a route. Raises ApiError, and the errors of `transport`."""
        return self._ask("GET", route, query).value

    def pages(self, *route: str, **query: str | int) -> Iterator[dict[str, Any]]:
        """Every object of a list. Raises ApiError, also where the list goes on beyond `PAGES`."""
        for page in range(1, PAGES + 1):
            found = self._ask("GET", route, {**query, "per_page": 100, "page": page}).value
            if not isinstance(found, list):
                raise ApiError(f"{_shown(route)}: a list was expected")
            yield from (item for item in found if isinstance(item, dict))
            if len(found) < 100:
                return
        raise ApiError(f"{_shown(route)}: more than {PAGES * 100} entries")

    def post(self, *route: str, body: Mapping[str, object]) -> Any:
        return self._ask("POST", route, {}, body).value

    def patch(self, *route: str, body: Mapping[str, object]) -> Any:
        return self._ask("PATCH", route, {}, body).value

    def _ask(
        self,
        method: str,
        route: tuple[str, ...],
        query: Mapping[str, str | int],
        body: Mapping[str, object] | None = None,
    ) -> _Answer:
        address = "/".join((self._base, *(quote(part, safe="") for part in route)))
        if query:
            address += "?" + "&".join(f"{quote(name)}={quote(str(value), safe='')}" for name, value in query.items())
        answer = self._once(method, address, body)
        pause = _pause(answer)
        if pause is not None:
            if pause > min(self._wait, self._ends - time.monotonic()):
                raise ApiError(f"{_shown(route)}: the rate limit ends in {pause:.0f} s", answer.status)
            time.sleep(pause)
            answer = self._once(method, address, body)
        if answer.status >= 300:
            said = answer.value.get("message") if isinstance(answer.value, dict) else ""
            reason = f" ({said[:200]})" if isinstance(said, str) and said else ""
            raise ApiError(f"{method} {_shown(route)}: answered {answer.status}{reason}", answer.status)
        return answer

    def _once(self, method: str, address: str, body: Mapping[str, object] | None) -> _Answer:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise ApiError("the forge took too long over what it was asked before")
        response = self._transport.send(
            Request(
                address,
                method=method,
                headers={
                    "authorization": f"Bearer {self._token}",
                    "accept": "application/vnd.github+json",
                    "x-github-api-version": "2022-11-28",
                    "content-type": "application/json",
                },
                content=None if body is None else json.dumps(body).encode(),
                accept=_ANSWERS,
                deadline=left,
            )
        )
        try:
            value = json.loads(response.body) if response.body else None
        except (ValueError, RecursionError) as error:
            raise ApiError("the forge's answer is not JSON", response.status) from error
        return _Answer(response.status, response.headers, value)


def _pause(answer: _Answer) -> float | None:
    """Seconds to wait before asking again, or None where the answer stands. Reading and our two writes may be repeated:
    a refused request did nothing."""
    if answer.status not in (403, 429, 502, 503):
        return None
    wait = answer.headers.get("retry-after", "")
    if wait.isascii() and wait.isdigit() and len(wait) < 8:
        return float(wait)
    if answer.headers.get("x-ratelimit-remaining") == "0":
        reset = answer.headers.get("x-ratelimit-reset", "")
        return max(0.0, int(reset) - time.time()) if reset.isascii() and reset.isdigit() and len(reset) < 12 else 60.0
    return 1.0 if answer.status in (502, 503) else None


def _shown(route: tuple[str, ...]) -> str:
    return "/".join(route)[:200]
