"""One run's questions: what is asked, what is kept, what is not known when the index misbehaves."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trustgate.analyzers.dependencies import lookup as module
from trustgate.analyzers.dependencies.existence import Presence
from trustgate.analyzers.dependencies.lookup import Lookup, registry_cache

TODAY = date(2026, 11, 21)


def ask(names: list[str], ecosystem: str = "pypi", **more: Any) -> tuple[dict[str, Presence], dict[str, set[str]]]:
    with Lookup(os.environ, Path.home(), offline=False, today=TODAY, **more) as one:
        return {name: found.presence for name, found in one.ask(ecosystem, names).items()}, one.reasons


def test_answers_are_kept_for_a_while(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = registry_cache()
    for _ in range(2):
        found, _ = ask(["flask", "absent-otter"], cache=cache)
        assert found == {"flask": Presence.PRESENT, "absent-otter": Presence.ABSENT}
    assert configured.asked == ["flask", "absent-otter"]
    with Lookup(os.environ, Path.home(), offline=False, today=TODAY, cache=cache) as one:
        facts = one.ask("pypi", ["flask"])["flask"].facts
    assert facts is not None
    assert facts.first == "2023-09-30"
    monkeypatch.setattr(module, "KEPT", -1)
    ask(["flask", "absent-otter"], cache=cache)
    assert configured.asked == ["flask", "absent-otter", "flask"]


def test_another_index_is_another_answer(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(["flask"], cache=registry_cache())
    monkeypatch.setenv("PIP_INDEX_URL", f"{configured.address}/none")
    assert ask(["flask"], cache=registry_cache())[0] == {"flask": Presence.ABSENT}


def test_a_cache_that_cannot_be_used_costs_nothing_but_time(configured: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert ask(["flask"], cache=tmp_path / "file")[0] == {"flask": Presence.PRESENT}


def test_the_limit_holds_over_ecosystems(configured: Any) -> None:
    with Lookup(os.environ, Path.home(), offline=False, today=TODAY, most=2) as one:
        one.ask("pypi", ["flask"])
        found = one.ask("npm", ["quiet-otter", "@scope/known"])
    assert found["@scope/known"].presence is Presence.UNKNOWN
    assert configured.asked == ["flask", "quiet-otter"]


def test_offline_asks_nothing(configured: Any) -> None:
    with Lookup(os.environ, Path.home(), offline=True, today=TODAY) as one:
        assert one.ask("npm", ["quiet-otter"])["quiet-otter"].presence is Presence.UNKNOWN
        assert one.online("npm", ["quiet-otter"]) == {}
    assert configured.asked == []


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        pytest.param({"status": 429}, "429", id="too many requests"),
        pytest.param({"status": 500}, "500", id="a fault of the server"),
        pytest.param({"truncated": True}, "unreachable", id="an answer cut short"),
        pytest.param({"redirect": "http://127.0.0.2:9/x"}, "redirects to another host", id="a redirect elsewhere"),
        pytest.param({"slow": 1.0}, "no complete answer", id="a byte now and then"),
    ],
)
def test_an_index_that_misbehaves_is_not_checked(
    switches: dict[str, Any], said: str, configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trustgate import transport

    monkeypatch.setattr(
        transport.Transport.__init__, "__kwdefaults__", {**transport.Transport.__init__.__kwdefaults__, "deadline": 1.5}
    )
    for name, value in switches.items():
        setattr(configured, name, value)
    found, reasons = ask(["quiet-otter", "@scope/known"], "npm")
    assert set(found.values()) == {Presence.UNKNOWN}
    assert any(said in reason for reason in reasons["npm"])
    assert len(set(configured.asked)) == 1


def test_a_document_that_is_too_large_is_still_there(configured: Any) -> None:
    configured.oversized = True
    assert ask(["quiet-otter"], "npm")[0] == {"quiet-otter": Presence.PRESENT}


@pytest.mark.network
def test_the_configured_real_index() -> None:
    """A well-known name and one that does not exist. `pytest -m network` with the user's own environment."""
    home = Path(os.environ.get("TRUSTGATE_REAL_HOME", str(Path.home())))
    with Lookup(os.environ, home, offline=False, today=TODAY) as one:
        found = one.ask("pypi", ["requests", "trustgate-quiet-otter-that-does-not-exist"])
    assert [item.presence for item in found.values()] == [Presence.PRESENT, Presence.ABSENT]
