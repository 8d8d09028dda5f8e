"""Who serves a model, from an address or from the start of a model name (rules/attribution/providers.toml).

Hosts are compared as parsed hosts, label by label. A loopback address is not proof of local inference: without a known
port it is a relay, and Ollama's `:cloud` models leave the machine. An unknown host is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trustgate.attribution.backend import Served, Stated
from trustgate.attribution.origin import Hosting

UNRECOGNISED = Served(provider="unknown")
"""An address was given and nobody knows who answers there; an empty provider means that nothing was said."""
RELAY = Served(provider="unknown", hosting=Hosting.RELAY)
"""A program on this machine or network that may forward anywhere."""
_HOST = r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?"
_ADDRESS_LIMIT = 2048
_PRIVATE_NAMES = (".local", ".internal", ".svc", ".lan", ".home.arpa")


class Endpoint(NamedTuple):
    """An address as far as it may be kept: no userinfo, no query, no fragment."""

    scheme: str
    host: str
    """lower case, no brackets, no dot at the end"""
    port: int | None
    path: str

    @property
    def shown(self) -> str:
        """Scheme, host and port: what may be printed and stored."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port is not None else "")


def parse_endpoint(text: str) -> Endpoint | None:
    """The address in a setting (`https://host/path`, `host:port`), None when it is none we can be sure to read the way
    a client does: control characters, blanks, backslashes, non-ASCII hosts."""
    text = text.strip()
    if not text or len(text) > _ADDRESS_LIMIT or not text.isascii() or not text.isprintable():
        return None
    if "\\" in text or " " in text:
        return None
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    if not scheme.isalnum():
        return None
    authority, _, path = rest.partition("#")[0].partition("?")[0].partition("/")
    host, port_text = _host_and_port(authority.rpartition("@")[2].lower())
    if host is None or (port_text and not (port_text.isdecimal() and 0 < int(port_text[:6]) < 65536)):
        return None
    return Endpoint(scheme.lower(), host, int(port_text) if port_text else None, "/" + path)


def _host_and_port(netloc: str) -> tuple[str | None, str]:
    if netloc.startswith("["):
        host, closed, after = netloc[1:].partition("]")
        good = closed and re.fullmatch(r"[0-9a-f:.]{2,45}", host) and (not after or after.startswith(":"))
        return (host if good else None), after[1:]
    host, _, port = netloc.partition(":")
    host = host.removesuffix(".")
    return (host if re.fullmatch(_HOST, host) and ".." not in host else None), port


class Provider(NamedTuple):
    id: str
    served: Served
    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    path: str
    routes: tuple[str, ...]
    litellm: tuple[str, ...]

    def may_answer_at(self, host: str) -> bool:
        """Whether an address with this host can be this provider's, whatever its port and path."""
        if _is_loopback(host):
            return bool(self.ports)
        labels = host.split(".")
        return any(_matches(pattern, labels) for pattern in self.hosts)


class Providers:
    def __init__(self, tables: Sequence[Mapping[str, Any]]) -> None:
        self._all = tuple(_provider(table) for table in tables)
        self._by_id = {provider.id: provider for provider in self._all}

    def get(self, name: str) -> Provider | None:
        return self._by_id.get(name)

    def at(self, endpoint: Endpoint) -> Served:
        """Who answers there; a host nobody knows gives UNRECOGNISED. Raises nothing."""
        if _is_loopback(endpoint.host):
            for provider in self._all:
                if endpoint.port in provider.ports:
                    return provider.served
            return RELAY
        labels = endpoint.host.split(".")
        for provider in self._all:
            if any(_matches(pattern, labels) for pattern in provider.hosts):
                if provider.ports and endpoint.port not in provider.ports:
                    continue
                if not provider.path or (endpoint.path + "/").startswith(provider.path + "/"):
                    return provider.served
        return RELAY if _is_private(endpoint.host) else UNRECOGNISED

    def route(self, text: str, *, litellm: bool) -> Served:
        """The provider that the start of a model text names; `litellm`: the text is a litellm name."""
        text = text.lower().lstrip(" [(\"'`")
        best, length = Served(), 0
        for provider in self._all:
            for start in (*provider.routes, *(provider.litellm if litellm else ())):
                if len(start) > length and text.startswith(start):
                    best, length = provider.served, len(start)
        return best

    def serve(self, stated: Stated, served: Served) -> Served:
        """Who serves this model behind this address, after the model's own suffixes are heard."""
        ollama = self._by_id.get("ollama-cloud")
        if stated.cloud and ollama and (served.provider in ("", "ollama-local") or served == RELAY):
            served = ollama.served
        if stated.free:
            served = Served(served.provider, Hosting.FREE, served.jurisdiction)
        return served


def _provider(table: Mapping[str, Any]) -> Provider:
    return Provider(
        id=table["id"],
        served=Served(table["id"], Hosting(table["hosting"]), table["jurisdiction"]),
        hosts=tuple(table.get("hosts", ())),
        ports=tuple(table.get("loopback_ports", ())),
        path=table.get("path", ""),
        routes=tuple(table.get("routes", ())),
        litellm=tuple(table.get("litellm", ())),
    )


def _matches(pattern: str, labels: Sequence[str]) -> bool:
    wanted = pattern.split(".")
    return len(wanted) == len(labels) and all(_label(want, have) for want, have in zip(wanted, labels, strict=True))


def _label(want: str, have: str) -> bool:
    if want == "*":
        return True
    if want.startswith("*"):
        return len(have) >= len(want) and have.endswith(want[1:])
    return want == have


def _is_loopback(host: str) -> bool:
    if host in ("localhost", "::1", "0.0.0.0", "::") or host.endswith(".localhost"):  # noqa: S104 - compared, not bound
        return True
    return bool(re.fullmatch(r"127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3}", host))


def _is_private(host: str) -> bool:
    if host.endswith(_PRIVATE_NAMES) or "." not in host:
        return True
    if re.match(r"f[cd][0-9a-f]{2}:", host):
        return True
    numbers = re.fullmatch(r"(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}", host)
    if not numbers:
        return False
    one, two = int(numbers[1]), int(numbers[2])
    return one == 10 or (one == 172 and 16 <= two <= 31) or (one == 192 and two == 168) or (one == 169 and two == 254)
