"""Whether a name exists on its registry: offline by the bundled list of PyPI names, online by the user's index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trustgate.analyzers.dependencies.bloom import Bloom, read
from trustgate.errors import CannotJudge
from trustgate.rulebook import shipped_root

if TYPE_CHECKING:
    from trustgate.analyzers.dependencies.metadata import PackageFacts
    from trustgate.analyzers.dependencies.registries import Registry
    from trustgate.transport import Transport

LIST_AGE_LIMIT = 60
"""days after which a name missing from the bundled list says nothing any more"""
NAMES_ASKED = 50
"""names asked of a registry in one run"""
TIME_LIMIT = 30.0
"""seconds for all of them"""
_PYPI_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_NPM_ACCEPT = "application/json"
"""the whole document: the short one (`application/vnd.npm.install-v1+json`) has no dates"""


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    """asked online: the index has no such name"""
    NOT_LISTED = "not-listed"
    """offline: not in the bundled list of a stated date"""
    UNKNOWN = "unknown"


class Existence(NamedTuple):
    presence: Presence
    detail: str
    """what was looked at, in words"""
    facts: PackageFacts | None = None
    """what the index says of it beyond that, where it was asked and says it"""


@lru_cache(maxsize=2)
def pypi_names(folder: Path | None = None) -> Bloom:
    """The bundled filter, read once. Raises CannotJudge."""
    return read((folder or shipped_root() / "allowlists") / "pypi-names.bloom")


def offline_existence(ecosystem: str, name: str, today: date, names: Bloom | None = None) -> Existence:
    """What the bundled data says. npm has no complete list, so it is never `absent` there."""
    if ecosystem != "pypi":
        return Existence(Presence.UNKNOWN, f"{ecosystem}: no complete offline list")
    known = names or pypi_names()
    if name in known:
        return Existence(Presence.PRESENT, f"in the list of PyPI names of {known.made}")
    age = (today - known.made).days
    if age > LIST_AGE_LIMIT:
        return Existence(Presence.UNKNOWN, f"the list of PyPI names is {age} days old")
    return Existence(Presence.NOT_LISTED, f"not in the list of PyPI names of {known.made}")


def online_existence(
    names: Iterable[str], registry: Registry, transport: Transport, most: int = NAMES_ASKED
) -> Iterator[tuple[str, Existence]]:
    """Asks one name after the other. Stops at the first failure to reach the registry, and says so of the rest."""
    import time

    failed = ""
    stop = time.monotonic() + TIME_LIMIT
    for asked, name in enumerate(names):
        if not failed and asked >= most:
            failed = f"only {NAMES_ASKED} names are asked in one run"
        if not failed and time.monotonic() > stop:
            failed = f"{TIME_LIMIT:g} s for asking the registry are used up"
        if failed:
            yield name, Existence(Presence.UNKNOWN, failed)
            continue
        try:
            answer = _ask(name, registry, transport)
        except CannotJudge as error:
            failed = f"registry unreachable: {error.message}"
            answer = Existence(Presence.UNKNOWN, failed)
        yield name, answer


def _ask(name: str, registry: Registry, transport: Transport) -> Existence:
    addresses = registry.addresses
    scope = name[1:].partition("/")[0] if name.startswith("@") else ""
    if scope in registry.scopes:
        addresses = (registry.scopes[scope],)
    for address in addresses:
        found = _at(name, address, registry.ecosystem, transport)
        if found is not None:
            return found
    from trustgate.analyzers.dependencies.registries import in_folder

    if any(in_folder(name, folder) for folder in registry.folders):
        return Existence(Presence.PRESENT, "in a configured directory of this machine")
    if registry.unasked:
        return Existence(Presence.UNKNOWN, "not on the configured index, and a further source cannot be asked")
    return Existence(Presence.ABSENT, "not on the configured index")


def _at(name: str, address: str, ecosystem: str, transport: Transport) -> Existence | None:
    """What one index says of a name: PEP 691 for PyPI, the npm registry's package document. None for its 404.

    A document that is too large is that of a package with thousands of versions: present, and its facts unread.
    """
    from urllib.parse import quote

    from trustgate.analyzers.dependencies.metadata import read_document
    from trustgate.transport import Request, TooLarge, Unreachable

    base, auth = split_credentials(address)
    pypi = ecosystem == "pypi"
    path = f"{quote(name, safe='')}/" if pypi else quote(name, safe="@")
    headers = {"accept": _PYPI_ACCEPT if pypi else _NPM_ACCEPT}
    url = f"{base.rstrip('/')}/{path}"
    try:
        response = transport.send(Request(url, headers=headers, auth=auth, accept=(200, 404)))
    except TooLarge:
        return Existence(Presence.PRESENT, "on the configured index")
    if response.status == 404:
        return None
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.endswith("json"):
        return Existence(Presence.PRESENT, "on the configured index", read_document(ecosystem, response.body))
    if pypi and kind in ("text/html", "application/vnd.pypi.simple.v1+html"):
        return Existence(Presence.PRESENT, "on the configured index")
    raise Unreachable("the index answered with something that is no package page")


def split_credentials(address: str) -> tuple[str, tuple[str, str] | None]:
    """An address without its user part, and that part."""
    from urllib.parse import unquote, urlsplit, urlunsplit

    parts = urlsplit(address)
    if "@" not in parts.netloc:
        return address, None
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=host)), (unquote(name), unquote(password))


def hosts_of(registry: Registry) -> frozenset[str]:
    """The hosts that asking this registry needs."""
    from urllib.parse import urlsplit

    found: Mapping[str, str] = registry.scopes
    every = (*registry.addresses, *found.values())
    return frozenset((urlsplit(address).hostname or "").lower() for address in every) - {""}
