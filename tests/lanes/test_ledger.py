"""The ledger: every way of tampering is seen, money is never promised twice, and no two runs disturb each other."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trustgate.errors import ConfigError
from trustgate.ledger.book import FILE, Ledger, Limits, OverBudget
from trustgate.ledger.export import exported
from trustgate.ledger.rows import Attempt, Judgement, Scope
from trustgate.prices import Tokens
from trustgate.store import StoreError, state_dir

SCOPE = Scope("run", "repo#1", "r" * 64, "c" * 40)


def attempt(number: int = 1, cost: int | None = 100) -> Attempt:
    return Attempt(
        at="2026-11-21T12:00:00.000+00:00",
        scope=SCOPE,
        packet_id="ab" * 16,
        vote=1,
        attempt=number,
        lane="main",
        api="anthropic",
        provider="anthropic",
        host="api.anthropic.com",
        data_class="internal",
        requested_model="claude-opus-4-7",
        prompt_hash="p" * 64,
        schema_hash="s" * 64,
        max_output_tokens=1000,
        outcome="answered",
        response_model="claude-opus-4-7",
        response_id="msg_1",
        stop_reason="end_turn",
        http_status=200,
        tokens=Tokens(100, 40, 10, 5, 20),
        cost_microdollars=cost,
        cost_source="list",
    )


JUDGED = Judgement("2026-11-21T12:00:01.000+00:00", SCOPE, "ab" * 16, "main", "claude-opus-4-7", "allow", 3, 2, 0, 1)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    with Ledger(tmp_path) as ledger:
        for number in range(1, 6):
            ledger.add(attempt(number))
    return tmp_path


def test_an_untouched_ledger_is_intact(written: Path) -> None:
    with Ledger(written, make=False) as ledger:
        checked = ledger.verify()
        assert (checked.rows, checked.fault) == (5, None)
        ledger.add(JUDGED)
        assert ledger.verify(contains=checked.ending).fault is None
        assert [row["attempt"] for row in ledger.rows() if row["kind"] == "attempt"] == [1, 2, 3, 4, 5]
        assert [row["seq"] for row in ledger.rows(last=2)] == [5, 6]


TAMPERED = {
    "a row changed": ("UPDATE rows SET body = replace(body, 'answered', 'refused') WHERE seq = 3", 3),
    "a row taken out": ("DELETE FROM rows WHERE seq = 3", 3),
    "two rows changed about": (
        "UPDATE rows SET body = (SELECT body FROM rows AS o WHERE o.seq = 7 - rows.seq) WHERE seq IN (3, 4)",
        3,
    ),
    "the end cut off": ("DELETE FROM rows WHERE seq > 3", 4),
    "a row put in": ("INSERT INTO rows VALUES (6, '{}', 'x')", 6),
    "the first row taken out": ("DELETE FROM rows WHERE seq = 1", 1),
    "a body that is no text": ("UPDATE rows SET body = x'ff00' WHERE seq = 2", 2),
    "the end cut off, and its record with it": ("DELETE FROM rows; DELETE FROM ending", 0),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_seen_at_its_place(name: str, written: Path) -> None:
    statements, place = TAMPERED[name]
    with Ledger(written) as ledger:
        last = ledger.verify().ending
    raw = sqlite3.connect(written / FILE)
    with raw:
        raw.executescript(statements)
    raw.close()
    with Ledger(written, make=False) as ledger:
        fault = ledger.verify(contains=last).fault
        assert fault is not None
        assert fault.seq == place
        ledger.rows()  # and can still be looked at


def test_a_ledger_that_is_not_there_is_not_intact(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no ledger"):
        Ledger(tmp_path / "nowhere", make=False)


@pytest.mark.parametrize("data", [b"", b"noise" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_an_error_and_stays_where_it_is(data: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(data)
    if not data:  # an empty file is a new database to SQLite
        assert Ledger(tmp_path).verify().rows == 0
        return
    with pytest.raises(StoreError, match="ledger"):
        Ledger(tmp_path)
    assert (tmp_path / FILE).read_bytes() == data


def test_a_ledger_of_a_newer_version_is_not_touched(written: Path) -> None:
    raw = sqlite3.connect(written / FILE)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreError, match="newer"):
        Ledger(written)


# ------------------------------------------------------------------ money


def test_money_is_set_aside_settled_and_counted_per_scope(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        limits = Limits(run=1000, pull_request=1500, day=10_000)
        first = ledger.reserve(900, SCOPE, limits, "2026-11-21")
        assert isinstance(first, int)
        refused = ledger.reserve(900, SCOPE, limits, "2026-11-21")
        assert isinstance(refused, OverBudget)
        assert "this run" in refused.reason
        ledger.settle(first, attempt(cost=100))
        assert isinstance(ledger.reserve(900, SCOPE, limits, "2026-11-21"), int)
        other = Scope("run 2", "repo#1")
        refused = ledger.reserve(900, other, limits, "2026-11-21")
        assert isinstance(refused, OverBudget)
        assert "pull request" in refused.reason
        assert isinstance(ledger.reserve(900, Scope("run 2", "repo#2"), limits, "2026-11-21"), int)
        assert ledger.spent("day", "2026-11-21") == 100 + 900 + 900
        assert ledger.spent("day", "2026-11-22") == 0


def test_a_limit_can_be_reached_and_not_passed(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        assert isinstance(ledger.reserve(1000, SCOPE, Limits(run=1000), "d"), int)
        assert isinstance(ledger.reserve(1, SCOPE, Limits(run=1000), "d"), OverBudget)
        assert isinstance(ledger.reserve(0, SCOPE, Limits(run=1000), "d"), int)


def test_a_cost_that_is_not_known_stays_set_aside(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        number = ledger.reserve(700, SCOPE, Limits(), "d")
        assert isinstance(number, int)
        ledger.settle(number, attempt(cost=None))
        assert ledger.spent("run", "run") == 700


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_ledger import SCOPE, attempt
from trustgate.ledger.book import Ledger, Limits, OverBudget
with Ledger(Path(sys.argv[1])) as ledger:
    for number in range(5):
        got = ledger.reserve(100, SCOPE, Limits(run=2000), "d")
        if isinstance(got, OverBudget):
            print("over")
        else:
            ledger.settle(got, attempt(number, cost=100))
"""


def test_many_processes_write_at_once_and_none_spends_what_another_has(tmp_path: Path) -> None:
    """8 runs want 100 five times each, 4,000 in all, of a budget of 2,000."""
    command = (sys.executable, "-c", WRITER, str(tmp_path), str(Path(__file__).parent))
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    outputs = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 8
    assert "".join(outputs).count("over") == 20
    with Ledger(tmp_path) as ledger:
        assert ledger.spent("run", "run") == 2000
        assert ledger.verify()[::2] == (20, None)


# ------------------------------------------------------------------ where it lies, and what leaves it


def test_the_ledger_lies_outside_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTGATE_STATE_DIR", str(tmp_path / "repo" / "state"))
    with pytest.raises(ConfigError, match="inside the repository"):
        state_dir(tmp_path / "repo")
    assert state_dir(tmp_path / "other") == tmp_path / "repo" / "state"
    monkeypatch.setenv("TRUSTGATE_STATE_DIR", "state")
    with pytest.raises(ConfigError, match="absolute"):
        state_dir()
    monkeypatch.delenv("TRUSTGATE_STATE_DIR")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "mine"))
    assert state_dir() == tmp_path / "mine" / "trustgate"


def test_a_folder_that_others_can_write_in_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(StoreError, match="other users"):
        Ledger(tmp_path / "open")


def test_an_exported_row_has_the_names_of_the_conventions(written: Path) -> None:
    with Ledger(written) as ledger:
        ledger.add(JUDGED)
        rows = [exported(row) for row in ledger.rows()]
    assert len({tuple(sorted(row)) for row in rows}) == 1
    call, judged = rows[0], rows[-1]
    assert (call["gen_ai.request.model"], call["gen_ai.response.finish_reasons"]) == ("claude-opus-4-7", ["end_turn"])
    assert (call["gen_ai.usage.input_tokens"], call["gen_ai.usage.cache_creation.input_tokens"]) == (155, 15)
    assert (call["error.type"], call["trustgate.cost_microdollars"], call["trustgate.verdict"]) == (None, 100, None)
    assert (judged["trustgate.kind"], judged["trustgate.cleared"], judged["trustgate.tokens"]) == ("judgement", 2, None)


# ------------------------------------------------------------------ the commands


def test_show_verify_and_export(written: Path, trustgate: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    with Ledger(written) as ledger:
        ledger.add(JUDGED)
        ledger.add(attempt(6, cost=None))
        ending = ledger.verify().ending
    shown = trustgate("ledger", "show", "--last", "2")
    assert shown.returncode == 0
    assert "main (claude-opus-4-7): 6 attempts, 6 answered, $0.0005, and 1 of unknown cost" in shown.stdout
    assert "cleared 2 of 3" in shown.stdout
    checked = trustgate("ledger", "verify")
    assert (checked.returncode, checked.stdout) == (0, f"intact: 7 rows, ending with {ending}\n")
    assert trustgate("ledger", "verify", "--contains", ending).returncode == 0
    assert trustgate("ledger", "verify", "--contains", "0f" * 32).returncode == 1
    lines = trustgate("ledger", "export").stdout.splitlines()
    assert [json.loads(line)["trustgate.seq"] for line in lines] == list(range(1, 8))
    raw = sqlite3.connect(written / FILE)
    with raw:
        raw.execute("DELETE FROM rows WHERE seq = 2")
    raw.close()
    checked = trustgate("ledger", "verify")
    assert (checked.returncode, "row 2 is missing" in checked.stdout) == (1, True)


def test_the_commands_want_a_ledger(tmp_path: Path, trustgate: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    for command in ("show", "verify", "export"):
        done = trustgate("ledger", command)
        assert (done.returncode, "no ledger" in done.stderr) == (3, True), command
