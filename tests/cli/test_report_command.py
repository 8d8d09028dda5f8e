"""`trustgate report`: a real history, summed up by who wrote it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from trustgate.ledger.book import Ledger
from trustgate.ledger.rows import Attempt, Scope
from trustgate.reviewer.queue import repository_id

OFF = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, verify=False)\n"


def history(repo):
    ids = [repo.commit({"a.py": "x = 1\n"}, "start")]
    ids.append(repo.commit({"fetch.py": OFF}, "fetch\n\nAssisted-by: Crush:glm-5.2"))
    ids.append(repo.commit({"a.py": "x = 2\ny = 3\n"}, "change"))
    return ids


def test_the_last_commits_by_who_wrote_them(repo, trustgate):
    history(repo)
    done = trustgate(repo.path)("report")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("3 commits, ") and lines[0].endswith(": 1 blocked, 2 allowed")
    assert [line.split("  ")[0] for line in lines[3:5]] == [
        "glm-5.2 through crush (assisted, raised)",
        "unknown",
    ]
    assert "rules: tls-verify-off 1" in lines


def test_json_of_a_range_says_the_same_with_exceptions_and_without_a_ledger(repo, trustgate, tmp_path):
    ids = history(repo)
    soon = datetime.now(UTC).date() + timedelta(days=5)
    entry = f'[[exception]]\nrule = "weak-cipher"\npath = "old/**"\nreason = "r"\nowner = "o"\nexpires = {soon}\n'
    repo.commit({".trustgate/exceptions.toml": entry}, "accept")
    program = trustgate(repo.path)
    done = program("report", f"{ids[0]}..HEAD", "--format", "json", TRUSTGATE_STATE_DIR=str(tmp_path / "state"))
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["commits"], said["not_judged"], said["reviews"]) == (3, [], None)
    assert said["decisions"]["block"] == 1
    (crush,) = [row for row in said["backends"] if row["agent"] == "crush"]
    assert (crush["model"], crush["commits"], crush["stopped"], crush["raised"]) == ("glm-5.2", 1, 1, True)
    assert crush["lines_added"] == len(OFF.splitlines()) and sum(crush["findings"].values()) >= 1
    assert said["exceptions"]["ending"] == [
        {"exception": "weak-cipher:old/**", "owner": "o", "expires": soon.isoformat()}
    ]


def attempt(repository, at, cost):
    return Attempt(
        at=at, scope=Scope(repository=repository), packet_id="p", vote=1, attempt=1, lane="main", api="anthropic",
        provider="anthropic", host="h.example", data_class="internal", requested_model="m", prompt_hash="", schema_hash="",
        max_output_tokens=1, outcome="answered" if cost else "timeout", cost_microdollars=cost,
    )  # fmt: skip


def test_money_is_of_this_repository_since_its_oldest_commit(repo, trustgate, tmp_path):
    history(repo)
    mine = repository_id(str(repo.path / ".git"))
    with Ledger(tmp_path / "state") as ledger:
        for whose, year, cost in ((mine, 2026, 1_500), (mine, 2026, None), (mine, 2020, 7), ("other", 2026, 7)):
            ledger.add(attempt(whose, f"{year}-11-20T10:00:00.000+00:00", cost))
    program = trustgate(repo.path)
    done = program("report", "--format", "json", TRUSTGATE_STATE_DIR=str(tmp_path / "state"))
    said = json.loads(done.stdout)["reviews"]
    assert said == {"attempts": 2, "answered": 1, "microdollars": 1_500, "of_unknown_cost": 1}


def test_last_is_how_many_commits(repo, trustgate):
    history(repo)
    assert trustgate(repo.path)("report", "--last", "1").stdout.startswith("1 commit, ")


def test_a_range_without_a_commit_is_a_wrong_use(repo, trustgate):
    history(repo)
    done = trustgate(repo.path)("report", "HEAD..HEAD")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no commit is in this range" in done.stderr


def test_a_commit_that_cannot_be_judged_is_named_and_makes_it_three(repo, trustgate):
    history(repo)
    repo.commit({"trustgate.toml": "preset = 1\n"}, "break")
    blind = repo.commit({"a.py": "x = 3\n"}, "under a broken policy")
    repo.commit({"trustgate.toml": 'preset = "standard"\n'}, "mend")
    done = trustgate(repo.path)("report", "--format", "json")
    assert done.returncode == 3
    said = json.loads(done.stdout)
    assert blind in said["not_judged"] and said["commits"] + len(said["not_judged"]) == 6
    assert f"{blind}: trustgate.toml" in done.stderr


def test_a_commit_that_was_seen_in_part_is_counted_so(repo, trustgate):
    ids = history(repo)
    blob = repo.git("rev-parse", f"{ids[1]}:fetch.py")
    (repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    done = trustgate(repo.path)("report")
    assert (done.returncode, "1 seen in part only" in done.stdout) == (0, True)
