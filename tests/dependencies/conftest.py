"""A package index on loopback with real requests going through it, and change sets held in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from package_index import PackageIndex

from trustgate.advisories.database import write_database
from trustgate.advisories.osv import read_record
from trustgate.analyzers.context import Context, Outcome, Settings
from trustgate.analyzers.dependencies import analyze
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.rulebook import load_rulebook

TODAY = date(2026, 11, 21)
RECORDS = tuple(path.read_bytes() for path in sorted((Path(__file__).parent / "advisories").glob("*.json")))


@pytest.fixture
def index() -> Iterator[PackageIndex]:
    made = PackageIndex(RECORDS)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def configured(
    index: PackageIndex, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> PackageIndex:
    """The user's own environment names the index on loopback, and nothing else."""
    bare_environment(monkeypatch, str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("PIP_INDEX_URL", f"{index.address}/simple")
    monkeypatch.setenv("npm_config_registry", f"{index.address}/npm/")
    monkeypatch.setenv("TRUSTGATE_OSV", index.address)
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    return index


def bare_environment(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    import os

    for name in list(os.environ):
        if name.lower().startswith(("pip_", "uv_", "npm_")) or name == "NODE_EXTRA_CA_CERTS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("XDG_CONFIG_HOME", f"{home}/.config")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")


@pytest.fixture
def advised(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An advisory database of this machine, made from the records beside this file."""
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", str(tmp_path_factory.mktemp("advised")))
    write_database((one for data in RECORDS for one in read_record(data)), TODAY)


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
