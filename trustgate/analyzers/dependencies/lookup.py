"""Looks names up: online where that is allowed and configured, else in the bundled data; says what it could not ask."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from trustgate.analyzers.dependencies.existence import (
    NAMES_ASKED,
    Existence,
    Presence,
    hosts_of,
    offline_existence,
    online_existence,
)
from trustgate.errors import CannotJudge, ConfigError

if TYPE_CHECKING:
    from trustgate.analyzers.dependencies.registries import Registry
    from trustgate.store import Store
    from trustgate.transport import Transport

SPACE = "registry"
KEPT, KEPT_ABSENT = 6 * 3600, 600
"""seconds for which an answer is used again; a name that was absent may be registered any minute"""


class Lookup:
    """One run's questions. Use as a context manager; connections and the cache are opened when first needed."""

    def __init__(
        self,
        env: Mapping[str, str],
        home: Path,
        *,
        offline: bool,
        today: date,
        most: int = NAMES_ASKED,
        cache: Path | None = None,
    ) -> None:
        """`cache` is the folder of the store, None for none."""
        self._env, self._home, self._offline, self._today = env, home, offline, today
        self._left = most
        self._cache = cache
        self._stack = ExitStack()
        self._store: Store | None = None
        self._open: dict[str, tuple[Registry, Transport]] = {}
        self._failed: dict[str, str] = {}
        self.reasons: dict[str, set[str]] = {}
        """by ecosystem, why a name could not be looked up"""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def ask(self, ecosystem: str, names: Sequence[str]) -> dict[str, Existence]:
        """What is known of each name. Without an answer the bundled data counts: online never knows less."""
        asked = {} if self._offline else self.online(ecosystem, names)
        found: dict[str, Existence] = {}
        reasons = self.reasons.setdefault(ecosystem, set())
        for name in names:
            one = asked.get(name)
            if one is not None and one.presence is not Presence.UNKNOWN:
                found[name] = one
                continue
            if one is not None:
                reasons.add(one.detail)
            found[name] = self._bundled(ecosystem, name)
            if one is None and found[name].presence is Presence.UNKNOWN:
                reasons.add(found[name].detail)
        return found

    def online(self, ecosystem: str, names: Sequence[str]) -> dict[str, Existence]:
        """Answers of the index, kept ones first. UNKNOWN with the reason for a name that was not answered."""
        if self._offline:
            return {}
        registry, transport = self._registry(ecosystem)
        if not registry.addresses and not registry.scopes:
            return {name: Existence(Presence.UNKNOWN, f"{ecosystem} registry address not configured") for name in names}
        found: dict[str, Existence] = {}
        for name in names:
            kept = self._kept(registry, name)
            if kept is not None:
                found[name] = kept
        wanted = [name for name in dict.fromkeys(names) if name not in found]
        if ecosystem in self._failed:
            return found | {name: Existence(Presence.UNKNOWN, self._failed[ecosystem]) for name in wanted}
        for name, one in online_existence(wanted, registry, transport, self._left):
            found[name] = one
            if one.presence is not Presence.UNKNOWN:
                self._left -= 1
                self._keep(registry, name, one)
            elif "unreachable" in one.detail:
                self._failed.setdefault(ecosystem, one.detail)
        return found

    def _registry(self, ecosystem: str) -> tuple[Registry, Transport]:
        if ecosystem not in self._open:
            from trustgate.analyzers.dependencies.registries import npm_registry, pypi_registry
            from trustgate.transport import Transport

            read = pypi_registry if ecosystem == "pypi" else npm_registry
            registry = read(self._env, self._home)
            transport = self._stack.enter_context(Transport(hosts_of(registry), ca_file=registry.ca_file))
            self._open[ecosystem] = registry, transport
        return self._open[ecosystem]

    def _bundled(self, ecosystem: str, name: str) -> Existence:
        try:
            return offline_existence(ecosystem, name, self._today)
        except CannotJudge as error:
            return Existence(Presence.UNKNOWN, error.message)

    # ------------------------------------------------------------------ answers of earlier runs

    def _opened(self) -> Store | None:
        """The store, None where it cannot be used: a cache only saves time."""
        if self._cache is not None and self._store is None:
            from trustgate.store import Store, StoreError

            try:
                self._store = self._stack.enter_context(Store(self._cache))
            except (StoreError, ConfigError):
                self._cache = None
        return self._store

    def _kept(self, registry: Registry, name: str) -> Existence | None:
        store = self._opened()
        value: Any = store.get(SPACE, _key(registry, name)) if store else None
        if not isinstance(value, dict) or not isinstance(value.get("at"), int | float):
            return None
        age = time.time() - value["at"]
        present = value.get("present") is True
        if not 0 <= age <= (KEPT if present else KEPT_ABSENT):
            return None
        from trustgate.analyzers.dependencies.metadata import PackageFacts

        facts = PackageFacts.from_json(value.get("facts"))
        presence = Presence.PRESENT if present else Presence.ABSENT
        return Existence(presence, "on the configured index" if present else "not on the configured index", facts)

    def _keep(self, registry: Registry, name: str, one: Existence) -> None:
        store = self._opened()
        if store is not None:
            facts = one.facts.as_json() if one.facts else None
            store.put(
                SPACE,
                _key(registry, name),
                {"at": time.time(), "present": one.presence is Presence.PRESENT, "facts": facts},
            )


def _key(registry: Registry, name: str) -> str:
    """By the addresses asked, which may hold credentials: kept as a digest."""
    asked = "\n".join((registry.ecosystem, *registry.addresses, *sorted(registry.scopes.values()), name))
    return hashlib.sha256(asked.encode("utf-8", "surrogateescape")).hexdigest()


def registry_cache() -> Path | None:
    """The folder of the cache, None where the user's setting of it cannot be used."""
    from trustgate.store import cache_dir

    try:
        return cache_dir()
    except ConfigError:
        return None
