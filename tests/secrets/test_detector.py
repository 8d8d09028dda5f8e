"""The detector against the examples of every pattern, and redaction."""

from __future__ import annotations

import tomllib
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.finding import Confidence
from trustgate.rulebook import load_rulebook, shipped_root
from trustgate.secrets.detector import Detector

DETECTOR = Detector.from_rulebook(load_rulebook())


def tables() -> list[dict[str, Any]]:
    folder = shipped_root() / "rules" / "secrets"
    return [table for file in sorted(folder.glob("*.toml")) for table in tomllib.loads(file.read_text())["pattern"]]


def rows(key: str) -> list[Any]:
    return [
        pytest.param(table["id"], line, id=f"{table['id']} {number}")
        for table in tables()
        for number, line in enumerate(table[key], 1)
    ]


def path_for(pattern: str) -> str:
    return "app/service.conf" if pattern == "secret-setting" else "app/service.py"


def test_every_pattern_has_examples_of_both_kinds_and_a_name_of_its_own() -> None:
    assert [table["id"] for table in tables() if not table.get("flags") or not table.get("leaves_alone")] == []
    assert len({table["id"] for table in tables()}) == len(tables()) == len(DETECTOR.patterns) >= 60


@pytest.mark.parametrize(("pattern", "line"), rows("leaves_alone"))
def test_leaves_alone(pattern: str, line: str) -> None:
    sure = [hit.pattern.id for hit in DETECTOR.scan_line(line, path_for(pattern)) if hit.confidence > Confidence.LOW]
    assert sure == []


@pytest.mark.parametrize(("pattern", "line"), rows("flags"))
def test_flags_and_redacts(pattern: str, line: str) -> None:
    hits = [hit for hit in DETECTOR.scan_line(line, path_for(pattern)) if hit.pattern.id == pattern]
    assert [hit.confidence for hit in hits] == [hits[0].pattern.confidence] if hits else False
    redacted = DETECTOR.redact(line)
    for hit in hits:
        assert hit.secret not in redacted
        assert hit.secret[-6:] not in redacted
        assert f"[redacted {pattern}]" in redacted


@pytest.mark.parametrize("table", [pytest.param(table, id=table["id"]) for table in tables()])
def test_every_pattern_was_seen_in_the_world(table: dict[str, Any]) -> None:
    seen = table["seen"]
    assert set(seen) == {"line", "source"}
    hits = [hit for hit in DETECTOR.scan_line(seen["line"], path_for(table["id"])) if hit.pattern.id == table["id"]]
    assert [hit.confidence for hit in hits] == [hits[0].pattern.confidence] if hits else False
    assert DETECTOR.redact(seen["line"]).count(f"[redacted {table['id']}]") == 1


@pytest.mark.parametrize("table", [pytest.param(table, id=table["id"]) for table in tables()])
def test_the_source_is_a_page_and_no_registry(table: dict[str, Any]) -> None:
    source = urlsplit(table["seen"]["source"])
    assert source.scheme == "https" and "." in (source.hostname or "") and not source.username
    for registry in ("npm", "pypi", "crates", "rubygems"):
        assert registry not in (source.hostname or "")


TOKEN = next(table for table in tables() if table["id"] == "github-token")["flags"][0].partition("=")[2]


@pytest.mark.parametrize(
    ("line", "path", "found"),
    [
        pytest.param(f"t = '{TOKEN[:-1]}{'a' if TOKEN[-1] != 'a' else 'b'}'", "app/x.py", {"github-token": 2}, id="checksum off: a maybe"),
        pytest.param("t = 'ghp_" + "ab12" * 9 + "'", "app/x.py", {"github-token": 1}, id="repeats: looks made up"),
        pytest.param("key = 'AKIA0189018901890189'", "app/x.py", {"aws-access-key-id": 1}, id="no base 32 and repeating"),
        pytest.param("key = 'AKIA8QZ1LM0VKC9RB1XN'", "app/x.py", {"aws-access-key-id": 2}, id="no base 32: a maybe"),
        pytest.param(f"t = '{TOKEN}'", "tests/test_x.py", {"github-token": 3}, id="a proven token is sure in tests too"),
        pytest.param("password = 'tR7!vQ2m#Lx9Zp4w'", "tests/test_x.py", {"secret-literal": 1}, id="a guess is doubtful in tests"),
        pytest.param("password = 'tR7!vQ2m#Lx9Zp4w'", "locale/de.po", {}, id="a guess is nothing in translations"),
        pytest.param("token = generate2FaToken9x", "app/x.py", {}, id="a name is no setting in code"),
        pytest.param(r'"see:\n' + TOKEN + '"', "app/x.py", {"github-token": 3}, id="behind an escaped line end"),
        pytest.param(f"x{TOKEN}", "app/x.py", {}, id="inside a longer word"),
    ],
)  # fmt: skip
def test_confidence_follows_proof_and_place(line: str, path: str, found: dict[str, int]) -> None:
    assert {hit.pattern.id: int(hit.confidence) for hit in DETECTOR.scan_line(line, path)} == found


def test_of_two_that_overlap_the_surer_one_stays() -> None:
    hits = DETECTOR.scan_line(f'github_token = "{TOKEN}"', "app/x.py")
    assert [hit.pattern.id for hit in hits] == ["github-token"]


def test_doubtful_values_do_not_shield_a_sure_one() -> None:
    decoys = " ".join(f"'ghp_{'ab12' * 9}'" for _ in range(500))
    hits = DETECTOR.scan_line(f"{decoys} '{TOKEN}'", "app/x.py")
    assert hits[-1].secret == TOKEN
    assert hits[-1].confidence is Confidence.HIGH


def test_public_use_of_a_key_softens_it() -> None:
    key = next(table for table in tables() if table["id"] == "google-api-key")["flags"][0].split('"')[1]
    alone = f"k = '{key}'"
    firebase = f"{alone}\nauthDomain = 'x.firebaseapp.com'"
    assert [item.hit.confidence for item in DETECTOR.scan_lines(alone, alone.split("\n"), [1], "a.js")] == [3]
    assert [item.hit.confidence for item in DETECTOR.scan_lines(firebase, firebase.split("\n"), [1], "a.js")] == [2]


def test_only_the_given_lines_count_and_columns_are_one_based() -> None:
    text = f"a = 1\n  t = '{TOKEN}'\nu = '{TOKEN}'"
    located = DETECTOR.scan_lines(text, text.split("\n"), [1, 2], "a.py")
    assert [(item.line, item.column, item.end_column) for item in located] == [(2, 8, 8 + len(TOKEN))]


def test_redaction_keeps_the_rest_and_shows_only_the_prefix() -> None:
    text = f"first\nAuthorization: {TOKEN}\nlast"
    assert DETECTOR.redact(text) == "first\nAuthorization: ghp_…[redacted github-token]\nlast"


def test_redaction_takes_a_key_over_several_lines_out() -> None:
    table = next(table for table in tables() if table["id"] == "private-key")
    block = table["flags"][1]
    redacted = DETECTOR.redact(f"before\n{block}\nafter {TOKEN}")
    assert redacted.startswith("before\n") and redacted.endswith("after ghp_…[redacted github-token]")
    assert "b3BlbnNzaC1" not in redacted


@given(st.text(max_size=400))
def test_any_text_is_scanned_and_redacted(text: str) -> None:
    for hit in DETECTOR.scan_line(text):
        assert text[hit.start : hit.end] == hit.secret or hit.pattern.id == "private-key"
    assert isinstance(DETECTOR.redact(text), str)


@pytest.mark.parametrize(
    "unit", ['pwd="', "token = ", "sk-proj-", "eyJ.eyJ", "-----BEGIN PRIVATE KEY-----", "://a:b", "password"]
)
def test_hostile_lines_take_linear_time(unit: str) -> None:
    import time

    started = time.process_time()
    DETECTOR.scan_line(unit * (200_000 // len(unit)), "app/x.conf")
    assert time.process_time() - started < 5
