"""`trustgate audit`: one verdict a commit, in input order, faults named and not fatal; and the replay it feeds."""

from __future__ import annotations

import json

import jsonschema
import pytest

from trustgate.report.schema import schema

OFF = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, verify=False)\n"
GUARDED = "def drop(r, db):\n    require_admin(r.user)\n    db.drop(r)\n"


@pytest.fixture
def history(repo):
    ids = [repo.commit({"a.py": "x = 1\n"}, "start")]
    ids.append(repo.commit({"fetch.py": OFF}, "fetch"))
    ids.append(repo.commit({"api.py": GUARDED}, "guard"))
    ids.append(repo.commit({"api.py": "def drop(r, db):\n    db.drop(r)\n"}, "simplify"))
    return repo, ids


def reports(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_commit_has_one_verdict_in_order(history, trustgate):
    repo, ids = history
    done = trustgate(repo.path)("audit", f"{ids[0]}..HEAD")
    assert done.returncode == 0, done.stderr
    assert [report["head"] for report in reports(done)] == ids[1:]
    assert [report["decision"] for report in reports(done)] == ["block", "allow", "escalate"]
    for report in reports(done):
        jsonschema.validate(report, json.loads(schema("report")))


def test_jobs_change_nothing_but_the_time(history, trustgate):
    repo, _ = history

    def without_times(done):
        return [{**report, "stages": [s["name"] for s in report["stages"]]} for report in reports(done)]

    program = trustgate(repo.path)
    assert without_times(program("audit", "HEAD~3..HEAD")) == without_times(
        program("audit", "--jobs", "2", "HEAD~3..HEAD")
    )


def test_commits_from_a_list_first_commit_too(history, trustgate):
    repo, ids = history
    done = trustgate(repo.path)("audit", "--commits", "-", stdin="\n".join([ids[0], ids[3]]).encode())
    assert [report["decision"] for report in reports(done)] == ["allow", "escalate"]


def test_a_commit_that_is_not_there_is_named_and_the_others_are_judged(history, trustgate):
    repo, ids = history
    done = trustgate(repo.path)("audit", "--commits", "-", stdin=f"{ids[1]}\n{'f' * 40}\n{ids[3]}\n".encode())
    assert done.returncode == 3
    assert [report["head"] for report in reports(done)] == [ids[1], ids[3]]
    assert "f" * 40 in done.stderr


def test_a_bare_clone_without_a_configuration(history, trustgate, tmp_path):
    repo, ids = history
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare"))
    (tmp_path / "bare" / "config").unlink()
    done = trustgate(tmp_path / "bare")("audit", f"{ids[0]}..{ids[3]}")
    assert [report["decision"] for report in reports(done)] == ["block", "allow", "escalate"]


def test_a_merge_is_judged_by_its_own_resolution(history, trustgate):
    repo, ids = history
    repo.branch("side", ids[2])
    repo.commit({"other.py": OFF}, "side work")
    repo.checkout("main")
    clean = repo.merge("side")
    done = trustgate(repo.path)("audit", "--commits", "-", stdin=clean.encode())
    (report,) = reports(done)
    assert (report["decision"], report["coverage"]["files_seen"]) == ("allow", 0)


def test_a_merge_that_drops_a_guard_is_found(repo, trustgate):
    repo.commit({"api.py": GUARDED, "b.py": "x = 1\n"}, "start")
    repo.branch("side")
    repo.commit({"b.py": "x = 2\n"}, "side work")
    repo.checkout("main")
    repo.commit({"c.py": "y = 1\n"}, "main work")
    evil = repo.merge("side", {"api.py": "def drop(r, db):\n    db.drop(r)\n"})
    (report,) = reports(trustgate(repo.path)("audit", "--commits", "-", stdin=evil.encode()))
    assert (report["decision"], [r["rule"] for r in report["findings"] if r["action"] == "escalate"]) == (
        "escalate",
        ["auth-guard-removed"],
    )


def test_replay_shows_what_a_policy_change_would_alter(history, trustgate, tmp_path):
    repo, ids = history
    program = trustgate(repo.path)
    program("audit", f"{ids[0]}..HEAD")
    softer = tmp_path / "softer.toml"
    softer.write_text('[[line]]\nid = "weakening-core"\nunknown = "note"\n')
    done = program("policy", "replay", f"{ids[0]}..HEAD", "--policy", str(softer), "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    altered = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["commit"], row["before"], row["after"]) for row in altered if "commit" in row] == [
        (ids[3], "escalate (exit 4)", "allow (exit 0)")
    ]


def test_replay_says_what_it_does_not_know(history, trustgate):
    repo, ids = history
    done = trustgate(repo.path)("policy", "replay", f"{ids[0]}..HEAD")
    assert done.returncode == 3
    assert "trustgate audit" in done.stdout + done.stderr
