"""Every table of rules/attribution carries its proof: what it must flag and what it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trustgate.attribution.backend import Backend
from trustgate.attribution.commit_text import claims_of
from trustgate.attribution.environment import attribute_environment
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.providers import parse_endpoint
from trustgate.attribution.reachable import reach
from trustgate.attribution.registry import Registry
from trustgate.changes.changeset import CommitInfo
from trustgate.rulebook import Rulebook, parse_rule_file, shipped_root

FOLDER = shipped_root() / "rules" / "attribution"
LISTS = {"marker", "agent", "model", "provider", "variable", "backend", "file"}


def tables() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.toml")):
        for kind, entries in parse_rule_file(f"attribution/{path.name}", Path(path).read_bytes()).items():
            if isinstance(entries, list) and kind in LISTS:
                for number, entry in enumerate(entries):
                    yield path.stem, kind, {**entry, "number": number}


ALL = list(tables())


def name_of(entry: dict[str, Any]) -> str:
    return str(entry.get("id") or entry.get("name") or entry.get("regex") or entry.get("agent"))


def of_kind(*kinds: str) -> list[Any]:
    return [pytest.param(entry, id=f"{file}: {name_of(entry)}") for file, kind, entry in ALL if kind in kinds]


@pytest.mark.parametrize(("file", "kind", "entry"), ALL, ids=[f"{f}: {name_of(e)}" for f, _, e in ALL])
def test_every_table_has_an_example_of_each(file: str, kind: str, entry: dict[str, Any]) -> None:
    assert entry.get("flags"), "no text that it must flag"
    assert entry.get("leaves_alone"), "no text that it must leave alone"


def test_every_list_of_tables_is_walked() -> None:
    named = {kind for file in FOLDER.glob("*.toml") for kind, v in parse_rule_file("", file.read_bytes()).items()
             if isinstance(v, list) and v and isinstance(v[0], dict)}  # fmt: skip
    assert named == LISTS


def test_ids_are_unique() -> None:
    ids = [(kind, entry["id"]) for _, kind, entry in ALL if "id" in entry]
    assert len(ids) == len(set(ids))


def rules_of(entry: dict[str, Any], text: str, registry: Registry) -> set[str]:
    fields = {"author_name": "Jane Doe", "author_email": "jane@mail.example"}
    fields |= {"committer_name": "Jane Doe", "committer_email": "jane@mail.example", "message": "Change one thing"}
    where = entry["where"]
    if where in ("author", "committer"):
        name, _, address = text.removesuffix(">").partition(" <")
        fields |= {f"{where}_name": name, f"{where}_email": address}
    else:
        fields["message"] = {"trailer": f"Change\n\nBecause.\n\n{text}\n", "footer": f"Change\n\n{text}\n"}.get(
            where, text
        )
    return {claim.rule for claim in claims_of(CommitInfo("1" * 40, (), **fields), registry)}


@pytest.mark.parametrize("entry", of_kind("marker"))
def test_a_marker_leaves_its_counterexamples_alone(entry: dict[str, Any], registry: Registry) -> None:
    for text in entry["leaves_alone"]:
        assert entry["id"] not in rules_of(entry, text, registry), text


@pytest.mark.parametrize("entry", of_kind("marker"))
def test_a_marker_flags_its_examples(entry: dict[str, Any], registry: Registry) -> None:
    for text in entry["flags"]:
        assert entry["id"] in rules_of(entry, text, registry), text


@pytest.mark.parametrize("entry", of_kind("marker"))
def test_a_marker_is_complete(entry: dict[str, Any]) -> None:
    assert all(needle == needle.lower() for needle in entry["needle"])
    assert entry["trust"].upper() in Trust.__members__
    assert entry["class"] == "by-key" or entry["class"] in set(OriginClass)
    assert any(key in entry for key in ("bots", "address", "name", "regex", "read"))


@pytest.mark.parametrize("entry", of_kind("agent"))
def test_an_agent_is_named_by_its_names_only(entry: dict[str, Any], registry: Registry) -> None:
    assert [text for text in entry["leaves_alone"] if registry.agents.whole(text) == entry["id"]] == []
    assert [text for text in entry["flags"] if registry.agents.whole(text) != entry["id"]] == []


def families(text: str, registry: Registry) -> set[int]:
    names = [stated.model or stated.family for stated in registry.models.explicit(text)]
    return {registry.models.table_of(name) for name in names}


@pytest.mark.parametrize("entry", of_kind("model"))
def test_a_model_table_holds_for_its_names_only(entry: dict[str, Any], registry: Registry) -> None:
    assert [text for text in entry["leaves_alone"] if entry["number"] in families(text, registry)] == []
    assert [text for text in entry["flags"] if entry["number"] not in families(text, registry)] == []


def provider_at(text: str, registry: Registry) -> str:
    endpoint = parse_endpoint(text)
    return registry.providers.at(endpoint).provider if endpoint else ""


@pytest.mark.parametrize("entry", of_kind("provider"))
def test_a_provider_answers_at_its_own_hosts_only(entry: dict[str, Any], registry: Registry) -> None:
    assert [text for text in entry["leaves_alone"] if provider_at(text, registry) == entry["id"]] == []
    assert [text for text in entry["flags"] if provider_at(text, registry) != entry["id"]] == []


@pytest.mark.parametrize("entry", of_kind("variable"))
def test_a_variable_tells_of_its_agent(entry: dict[str, Any], book: Rulebook) -> None:
    wanted = OriginClass.UNKNOWN if entry.get("strength") == "weak" else OriginClass.GENERATED
    for environ in entry["leaves_alone"]:
        assert attribute_environment(environ, None, book).default == ("o0",), environ
    for environ in entry["flags"]:
        (origin,) = attribute_environment(environ, None, book).origins
        assert origin.origin_class is wanted, environ
        assert origin.agent == entry.get("agent", origin.agent) != "", environ


@pytest.mark.parametrize("entry", of_kind("backend"))
def test_a_backend_is_read_from_its_settings(entry: dict[str, Any], book: Rulebook) -> None:
    for environ in entry["leaves_alone"]:
        for origin in attribute_environment(environ, None, book).origins:
            assert (origin.agent, origin.model, origin.provider) == (entry["agent"], "", ""), environ
    for environ in entry["flags"]:
        for origin in attribute_environment(environ, None, book).origins:
            assert origin.agent == entry["agent"], environ
            assert origin.model or origin.provider, environ


@pytest.mark.parametrize("entry", of_kind("file"))
def test_a_settings_file_names_a_backend(entry: dict[str, Any], book: Rulebook, tmp_path: Path) -> None:
    """Each example alone, where the agent would read it below a folder of ours; `behind`: pointed at a relay."""
    home, top = tmp_path / "home", tmp_path / "top"
    if entry["folder"].startswith("/"):
        entry = {**entry, "folder": "~"}
    base = top if entry["folder"] == "." else home / entry["folder"][2:]
    path = base / entry["name"].replace("*", "x" if entry["name"].endswith(".yaml") else "c")
    path.parent.mkdir(parents=True)
    registry = Registry(book)
    registry.tables = {**registry.tables, "settings": {"file": [entry]}}
    environ = {"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456"} if entry.get("behind") else {}
    before = set(reach(entry["agent"], environ, home, top, registry).backends)
    for text in entry["leaves_alone"]:
        path.write_text(text)
        found = reach(entry["agent"], environ, home, top, registry)
        assert (set(found.backends), found.unread) == (before, ()), text
    for text in entry["flags"]:
        path.write_text(text)
        found = reach(entry["agent"], environ, home, top, registry)
        assert set(found.backends) > before and found.unread == (), text


def test_routes_name_known_providers(registry: Registry) -> None:
    environment = registry.tables["environment"]
    named = {name for table in environment["backend"] for name in table.get("routes", {}).values()}
    named |= {name for name in environment["provider_names"].values() if name}
    assert {name for name in named if registry.providers.get(name) is None} == set()
    assert registry.backends("", explicit=True) == () != (Backend(),)
