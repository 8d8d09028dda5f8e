"""Signed approvals end to end: a real key, real notes, and what a review makes of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hook_samples import TOKEN

from trustgate.people.approval import REF, Approval, line_of, read_line, read_statement, statement

GUARDED = "def drop(request, db):\n    require_admin(request.user)\n    db.drop(1)\n"
BARE = GUARDED.replace("    require_admin(request.user)\n", "")


def key(folder: Path, name: str) -> tuple[Path, str]:
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path], check=True)
    return path, path.with_suffix(".pub").read_text().strip()


class Team:
    """A repository whose base allows ada's key, and a change of somebody else that drops a guard."""

    def __init__(self, repo, trustgate, folder):
        self.repo, self.run = repo, trustgate(repo.path)
        self.keys = {name: key(folder, name) for name in ("ada", "eve")}
        signers = f"ada@example.com {self.keys['ada'][1]}\nauthor@example.com {self.keys['eve'][1]}\n"
        self.base = repo.commit({"app.py": GUARDED, ".trustgate/allowed_signers": signers, **self.policy()}, "start")
        repo.commit({"app.py": BARE}, "open")
        self.sign_as("ada")

    def policy(self):
        return {"trustgate.toml": 'preset = "standard"\n'}

    def sign_as(self, name):
        self.repo.git("config", "gpg.format", "ssh")
        self.repo.git("config", "user.signingkey", str(self.keys[name][0]))

    def approve(self, *words, diff="HEAD~1"):
        return self.run("approve", "--diff", diff, "--reason", "the route is gone", "--expires", "30d", *words)

    def review(self, diff="HEAD~1"):
        return self.run.review("--diff", diff)


@pytest.fixture
def team(repo, trustgate, tmp_path):
    return Team(repo, trustgate, tmp_path)


def notes_of(done):
    return done["reviews"]


def test_what_waits_is_allowed_after_a_person_signed(team):
    assert team.review()["exit_code"] == 4
    done = team.approve("--all")
    assert done.returncode == 0, done.stderr
    after = team.review()
    assert (after["decision"], after["exit_code"]) == ("allow", 0)
    (found,) = [f for f in after["findings"] if f["rule"] == "auth-guard-removed"]
    assert (found["action"], found["cleared_by"]) == ("note", "person:ada@example.com")
    assert "approved by ada@example.com until" in after["reviews"][0]["detail"]


def test_one_finding_is_approved_by_its_fingerprint(team):
    (found,) = [f for f in team.review()["findings"] if f["rule"] == "auth-guard-removed"]
    assert team.approve(found["fingerprint"][:16]).returncode == 0
    assert team.review()["exit_code"] == 0
    assert team.approve("0" * 16).returncode == 2


def test_a_later_commit_is_not_approved(team):
    team.approve("--all")
    team.repo.commit({"other.py": "x = 1\n"}, "more")
    assert team.review(diff="HEAD~2")["exit_code"] == 4


def refused(team):
    done = team.run("review", "--offline", "--diff", "HEAD~1")
    assert done.returncode == 4, done.stdout
    return done.stdout


def test_a_key_that_the_base_does_not_allow_approves_nothing(team, tmp_path):
    path, _ = key(tmp_path, "mallory")
    team.repo.git("config", "user.signingkey", str(path))
    assert team.approve("--all").returncode == 0
    assert "an approval does not count: unknown key" in refused(team)


def test_a_key_that_the_change_itself_allows_approves_nothing(team, tmp_path):
    path, public = key(tmp_path, "mallory")
    team.repo.git("reset", "-q", "--hard", team.base)
    team.repo.commit(
        {"app.py": BARE, ".trustgate/allowed_signers": f"mallory@example.com {public}\n"}, "open, and let me in"
    )
    team.repo.git("config", "user.signingkey", str(path))
    team.approve("--all")
    assert "unknown key" in refused(team)


def test_who_wrote_the_change_does_not_approve_it(team):
    team.sign_as("eve")  # the base names her author@example.com
    assert team.approve("--all").returncode == 0
    assert "the approval of author@example.com does not count: its signer wrote part of the change" in refused(team)


def test_a_team_of_one_may_say_so_in_its_policy(team):
    team.repo.git("reset", "-q", "--hard", team.base)
    team.repo.commit({"trustgate.toml": 'preset = "standard"\n[people]\nallow_self_approval = true\n'}, "alone")
    team.repo.commit({"app.py": BARE}, "open")
    team.sign_as("eve")
    team.approve("--all")
    after = team.review()
    assert after["exit_code"] == 0
    assert after["reviews"][0]["detail"].startswith("self-approved by author@example.com")


def test_another_policy_voids_an_approval(team):
    team.approve("--all")
    team.repo.git("checkout", "-q", "-b", "moved", team.base)
    moved = team.repo.commit({"trustgate.toml": 'preset = "standard"\n[limits]\ntouch_threshold = 60\n'}, "policy")
    done = team.run("review", "--offline", "--diff", f"{moved}...main")
    assert done.returncode == 4
    assert "the policy is another one now" in done.stdout


def test_a_changed_statement_or_signature_approves_nothing(team):
    team.approve("--all")
    head = team.repo.git("rev-parse", "HEAD")
    note = team.repo.raw("notes", "--ref", REF, "show", head).strip()
    payload, signature = read_line(note)
    for forged in (
        line_of(payload.replace(b"route", b"ROUTE"), signature),
        line_of(payload, signature[:-1] + bytes([signature[-1] ^ 1])),
        b"{}",
    ):
        team.repo.git("notes", "--ref", REF, "add", "-f", "-F", "-", head, stdin=forged)
        assert "does not count" in refused(team) or "cannot be read" in refused(team) or "not one that" in refused(team)


def test_a_secret_is_never_approved(team):
    team.repo.commit({"conf.py": f'TOKEN = "{TOKEN}"\n'}, "key")
    assert team.review()["exit_code"] == 1
    assert team.approve("--all").returncode == 2


def test_an_unsigned_approval_is_refused_at_once(team):
    team.repo.git("config", "--unset", "gpg.format")
    done = team.approve("--all")
    assert done.returncode == 2
    assert "has to be signed" in done.stderr


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"payload": 1}', b"{" * 1000, b'{"payload": "!", "signature": ""}'], ids=repr
)
def test_a_line_that_is_none(data):
    assert read_line(data) is None


@pytest.mark.parametrize(
    "change", [{"expires": "soon"}, {"findings": []}, {"findings": ["x"]}, {"_type": "other"}, {"more": 1}, {"base": 1}], ids=repr
)  # fmt: skip
def test_a_statement_that_is_none(change):
    from datetime import date

    good = json.loads(statement(Approval("a" * 40, "b" * 40, "c" * 64, ("d" * 64,), "fine", date(2027, 1, 1))))
    assert read_statement(json.dumps(good).encode()) is not None
    assert read_statement(json.dumps({**good, **change}).encode()) is None


def test_ci_counts_approvals_that_a_step_before_fetched(team, trustgate, tmp_path):
    team.approve("--all")
    checkout, temp = tmp_path / "checkout", tmp_path / "temp"
    temp.mkdir()
    subprocess.run(["git", "clone", "-q", f"file://{team.repo.path}", checkout], check=True)
    notes = ["git", "-C", checkout, "fetch", "-q", "origin", "refs/notes/*:refs/notes/*"]
    subprocess.run(notes, check=True)
    head = team.repo.git("rev-parse", "HEAD")
    event = {"pull_request": {"number": 7, "base": {"sha": team.base}, "head": {"sha": head}}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    done = trustgate(tmp_path)(
        "ci", "--report-dir", str(temp), GITHUB_EVENT_NAME="pull_request", GITHUB_WORKSPACE=str(checkout),
        GITHUB_EVENT_PATH=str(tmp_path / "event.json"), GITHUB_OUTPUT=str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "approved by ada@example.com" in done.stdout
