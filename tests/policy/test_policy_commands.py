"""`config`, `policy` and `accept` on a real repository."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
import jsonschema
import pytest
from click.testing import CliRunner, Result

from trustgate import __version__
from trustgate.attribution.origin import Attribution
from trustgate.cli.accept import accept
from trustgate.cli.config import config
from trustgate.cli.policy import policy
from trustgate.errors import TrustgateError
from trustgate.finding import Confidence, Finding, Kind, Location, Severity
from trustgate.policy.record import SPACE, ReviewFacts, record_key, to_record
from trustgate.rulebook import describe, load_rulebook
from trustgate.store import Store

RULE = next(iter(describe(load_rulebook())))
FINGERPRINT = "0123456789abcdef" * 4


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with one commit, and a cache of its own beside it."""
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TRUSTGATE_OWNER", "ada")
    top = tmp_path / "repo"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    commit(top, "a.py", "x = 1\n")
    yield top


def git(top: Path, *args: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", "-C", str(top), *who, *args], check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(top: Path, path: str, text: str) -> str:
    (top / path).parent.mkdir(exist_ok=True)
    (top / path).write_text(text)
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", path)
    return git(top, "rev-parse", "HEAD")


def run(command: click.Command, repo: Path, *args: str) -> Result:
    return CliRunner().invoke(command, [*args, "--repo", str(repo)])


def fault(result: Result) -> TrustgateError:
    assert isinstance(result.exception, TrustgateError), result.output
    return result.exception


# ------------------------------------------------------------------ config


def test_check_reads_the_work_tree(repo: Path) -> None:
    assert run(config, repo, "check").output.startswith(
        "trustgate.toml: not there: the shipped preset `standard` holds"
    )
    (repo / "trustgate.toml").write_text('preset = "strict"\n')
    done = run(config, repo, "check")
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "trustgate.toml: ok")
    (repo / "trustgate.toml").write_text('prest = "strict"\n')
    error = fault(run(config, repo, "check"))
    assert (error.exit_code, error.hint) == (2, "did you mean `preset`?")


def test_check_lists_exceptions_that_can_go(repo: Path) -> None:
    today = datetime.now(UTC).date()
    rows = [("gone.py", today), ("a.py", today), ("src/**", today - timedelta(days=1))]
    text = "".join(
        f'[[exception]]\nrule = "{RULE}"\npath = "{path}"\nreason = "r"\nowner = "o"\nexpires = {day}\n'
        for path, day in rows
    )
    (repo / ".trustgate").mkdir()
    (repo / ".trustgate" / "exceptions.toml").write_text(text)
    lines = run(config, repo, "check").output.splitlines()
    assert lines[1] == ".trustgate/exceptions.toml: ok, 3 exceptions"
    assert [line.split(":")[2].split()[0] for line in lines[2:4]] == ["gone.py", "src/**"]


def test_check_refuses_a_link(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text("")
    (repo / "trustgate.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert "symbolic link" in fault(run(config, repo, "check")).message


def test_check_needs_a_work_tree(repo: Path, tmp_path: Path) -> None:
    git(repo, "clone", "-q", "--bare", str(repo), str(tmp_path / "bare"))
    assert fault(run(config, tmp_path / "bare", "check")).exit_code == 2


def test_show_prints_what_is_in_force_at_head(repo: Path) -> None:
    (repo / "trustgate.toml").write_text('preset = "strict"\n')
    assert run(config, repo, "show").output.startswith("preset standard, digest ")
    commit(repo, "trustgate.toml", '[[line]]\nid = "touch-core"\nunknown = "warn"\n[origins]\nvendors = ["Acme"]\n')
    text = run(config, repo, "show").output
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in text.splitlines() if line}
    assert rows["touch-core"] == "silent warn escalate trustgate.toml (was silent/note/escalate)"
    assert rows["weakening-core"] == "warn escalate escalate shipped: standard"
    assert rows["origins.vendors"] == '["Acme"] trustgate.toml'
    assert rows["origins.open_weights"] == "true shipped: standard"


def test_show_as_json_is_whole(repo: Path) -> None:
    shown = json.loads(run(config, repo, "show", "--format", "json").output)
    assert shown["schema"] == "trustgate.policy/1"
    assert len(shown["digest"]) == 64
    assert shown["lines"][0]["source"] == "shipped: standard"
    assert shown["sources"]["online.pr"] == "shipped: standard"


def test_show_works_bare_and_without_a_commit(repo: Path, tmp_path: Path) -> None:
    commit(repo, "trustgate.toml", 'preset = "strict"\n')
    git(repo, "clone", "-q", "--bare", str(repo), str(tmp_path / "bare"))
    assert run(config, tmp_path / "bare", "show").output.startswith("preset strict")
    git(tmp_path, "init", "-q", "new")
    assert run(config, tmp_path / "new", "show").output.startswith("preset standard")


@pytest.mark.parametrize("name", ["config", "exceptions"])
def test_schema_prints_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(CliRunner().invoke(config, ["schema", name]).output))


# ------------------------------------------------------------------ accept


def remember(repo: Path, rule: str = RULE, fingerprint: str = FINGERPRINT) -> None:
    found = Finding(rule, "t", Kind.FLAW, Severity.LOW, Confidence.LOW, Location("a.py"), "t", "m", fingerprint)
    with Store(repo.parent / "cache") as store:
        store.remember([found])


def test_accept_writes_what_a_review_showed(repo: Path) -> None:
    remember(repo)
    done = run(accept, repo, FINGERPRINT[:12], "--reason", 'the "old" one', "--expires", "30d")
    assert done.exit_code == 0, done.exception
    assert "once it is on the trusted base" in done.output
    text = (repo / ".trustgate" / "exceptions.toml").read_text()
    assert f'rule = "{RULE}"\nfingerprint = "{FINGERPRINT}"\nreason = "the \\"old\\" one"\nowner = "ada"\n' in text
    assert f"expires = {datetime.now(UTC).date() + timedelta(days=30)}\n" in text
    assert run(config, repo, "check").exit_code == 0


def test_accept_takes_a_rule_by_hand(repo: Path) -> None:
    last = datetime.now(UTC).date() + timedelta(days=400)
    args = (FINGERPRINT[:16], "--rule", RULE, "--reason", "r", "--expires", str(last), "--owner", "grace")
    assert run(accept, repo, *args).exit_code == 0
    text = (repo / ".trustgate" / "exceptions.toml").read_text()
    assert f'fingerprint = "{FINGERPRINT[:16]}"' in text
    assert 'owner = "grace"' in text


def replaced(at: int, value: str) -> Callable[[list[str]], list[str]]:
    return lambda args: [*args[:at], value, *args[at + 1 :]]


REFUSED = [
    ("not hex", replaced(0, "x" * 16), "not a fingerprint"),
    ("too short", replaced(0, "0123456789a"), "not a fingerprint"),
    ("too short to stand alone", replaced(0, FINGERPRINT[:12]), "no remembered review"),
    ("an unknown rule", replaced(2, "no-such-rule"), "no such rule"),
    ("a blank reason", replaced(4, " "), "reason"),
    ("for ever", replaced(6, "9999-12-31"), "within 400 days"),
    ("yesterday", replaced(6, "-1d"), "within 400 days"),
    ("some day", replaced(6, "soon"), "neither a date nor days"),
    ("a very long time", replaced(6, "99999999999d"), "neither a date nor days"),
]


@pytest.mark.parametrize(("change", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_accept_refuses(change: Callable[[list[str]], list[str]], words: str, repo: Path) -> None:
    args = change([FINGERPRINT[:16], "--rule", RULE, "--reason", "r", "--expires", "30d"])
    error = fault(run(accept, repo, *args))
    assert words in error.message
    assert error.exit_code == 2
    assert not (repo / ".trustgate").exists()


def test_accept_asks_for_more_digits(repo: Path) -> None:
    remember(repo)
    remember(repo, fingerprint=FINGERPRINT[:20] + "f" * 44)
    error = fault(run(accept, repo, FINGERPRINT[:16], "--reason", "r", "--expires", "30d"))
    assert "beginning of 2 fingerprints" in error.message


def test_accept_needs_an_owner(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUSTGATE_OWNER")
    monkeypatch.delenv("USER", raising=False)
    assert "nobody owns" in fault(run(accept, repo, FINGERPRINT, "--reason", "r", "--expires", "9d")).message


# ------------------------------------------------------------------ policy


def keep(repo: Path, base: str, head: str) -> None:
    """What `trustgate audit` keeps of a commit that loosens a check in auth."""
    found = Finding(
        "guard", "t", Kind.WEAKENING, Severity.HIGH, Confidence.HIGH, Location("a.py"), "t", "m", FINGERPRINT, "auth"
    )
    with Store(repo.parent / "cache") as store:
        key = record_key(base, head, load_rulebook().digest, __version__)
        store.put(SPACE, key, to_record(ReviewFacts(base, head, "pr", (found,), Attribution())))


def test_replay_says_what_the_edited_policy_would_alter(repo: Path) -> None:
    first = git(repo, "rev-parse", "HEAD")
    second = commit(repo, "a.py", "x = 2\n")
    keep(repo, first, second)
    (repo / "trustgate.toml").write_text('[[line]]\nid = "weakening-core"\nunknown = "warn"\n')
    done = run(policy, repo, "replay", f"{first}..HEAD")
    assert done.exit_code == 0, done.exception
    assert f"{second[:12]}  escalate (exit 4) -> warn (exit 0)\n" in done.output
    assert "weakening-core: escalate -> warn" in done.output
    assert done.output.endswith("1 altered, 0 the same, 0 not cached\n")


def test_replay_takes_a_file_and_prints_lines(repo: Path, tmp_path: Path) -> None:
    first = git(repo, "rev-parse", "HEAD")
    second = commit(repo, "a.py", "x = 2\n")
    keep(repo, first, second)
    other = tmp_path / "new.toml"
    other.write_text('preset = "advise"\n')
    done = run(policy, repo, "replay", f"{first}..HEAD", "--policy", str(other), "--format", "jsonl")
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert [row["status"] for row in rows] == ["altered", "total"]
    assert (rows[0]["commit"], rows[0]["after"]) == (second, "escalate (exit 0)")


def test_replay_is_blind_without_kept_reviews(repo: Path) -> None:
    first = git(repo, "rev-parse", "HEAD")
    second = commit(repo, "a.py", "x = 2\n")
    done = run(policy, repo, "replay", f"{first}..HEAD")
    assert done.exit_code == 3
    assert f"{second[:12]}  not cached" in done.output
    assert f"run `trustgate audit {first}..HEAD` first" in done.output


def test_test_runs_cases_against_the_edited_policy(repo: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.toml"
    cases.write_text(
        '[[case]]\nname = "auth"\nfinding = { rule = "g", kind = "weakening", boundary = "auth" }\nexpect = "escalate"\n'
    )
    assert run(policy, repo, "test", str(cases)).output == "1 cases, 0 not as expected\n"
    (repo / "trustgate.toml").write_text('[[line]]\nid = "weakening-core"\nunknown = "warn"\n')
    done = run(policy, repo, "test", str(cases))
    assert done.exit_code == 1
    assert "auth: warn by weakening-core, expected escalate\n" in done.output
    assert "can" not in done.output
    missing = fault(run(policy, repo, "test", str(tmp_path / "none.toml")))
    assert missing.exit_code == 2


def test_dates_are_days_of_utc() -> None:
    from trustgate.policy.load import today_utc

    assert isinstance(today_utc(), date)
    assert abs((today_utc() - datetime.now(UTC).date()).days) <= 1


LANE = """[[reviewer.lane]]
name = "main"
api = "anthropic"
base_url = "https://api.anthropic.com"
model = "claude-opus-4-7"
key_variable = "ANTHROPIC_API_KEY"
"""


def test_check_says_what_each_lane_is(repo: Path) -> None:
    home = 'self_hosted = true\nallow_below_class = true\ndata_class = "phi"\n'
    local = LANE.replace("main", "home").replace("https://api.anthropic.com", "http://127.0.0.1:8080") + home
    commit(repo, "trustgate.toml", LANE + local.replace("claude-opus-4-7", "qwen2.5-coder:7b"))
    done = run(config, repo, "check")
    assert done.exit_code == 0, done.exception
    assert "reviewer lane main: ok, claude-opus-4-7 at anthropic is frontier\n" in done.output
    assert "reviewer lane home: ok, qwen2.5-coder:7b at llamacpp is small, below frontier\n" in done.output
    shown = run(config, repo, "show").output
    assert "main: claude-opus-4-7 by anthropic at https://api.anthropic.com, up to internal data" in shown
    assert "$5.00" in shown


def test_check_refuses_a_lane_that_review_would_refuse(repo: Path) -> None:
    commit(repo, "trustgate.toml", LANE.replace("claude-opus-4-7", "claude-haiku-4-5"))
    done = run(config, repo, "check")
    assert isinstance(done.exception, TrustgateError)
    assert "claude-haiku-4-5" in done.exception.message
