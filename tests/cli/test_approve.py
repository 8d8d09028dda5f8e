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


OWN = {
    "a second name of the key": "eve@work.example,author@example.com {key}",
    "a second line of the key": "eve@work.example {key}\nauthor@example.com {key}",
    "a second line for git alone": 'eve@work.example {key}\nauthor@example.com namespaces="git" {key}',
    "a pattern that she fits": "*@example.com {key}",
    "other case and a tag": "Author+sign@Example.COM {key}",
    "no mail address": "eve {key}",
}


def allow(team, signers, **more):
    """A base with these allowed signers, and the change on it."""
    team.repo.git("reset", "-q", "--hard", team.base)
    team.base = team.repo.commit({".trustgate/allowed_signers": signers + "\n", **more}, "keys")
    return team.repo.commit({"app.py": BARE}, "open")


@pytest.mark.parametrize("signers", OWN.values(), ids=OWN)
def test_who_wrote_the_change_does_not_approve_it_under_another_name(team, signers):
    allow(team, signers.format(key=team.keys["eve"][1]))
    team.sign_as("eve")
    assert team.approve("--all").returncode == 0
    said = refused(team)
    assert "its signer wrote part of the change" in said or "by no mail address" in said


@pytest.mark.parametrize("signers", ["ada@example.com,ada@work.example {key}", "*@reviewers.example {key}"])
def test_names_that_did_not_write_it_are_left_alone(team, signers):
    allow(team, signers.format(key=team.keys["ada"][1]))
    assert team.approve("--all").returncode == 0
    assert team.review()["exit_code"] == 0


def test_a_co_author_does_not_approve(team):
    team.repo.git("commit", "-q", "--amend", "-m", "open\n\nCo-authored-by: A\n  <ADA+x@example.com>\n\nmore")
    team.approve("--all")
    assert "its signer wrote part of the change" in refused(team)


@pytest.mark.parametrize("what", ["commit", "record"])
def test_the_key_that_signed_the_change_does_not_approve_it(team, what):
    """Under whatever address the commit was written: a mail address is anybody's to type."""
    sign = ("-S",) if what == "commit" else ()
    team.repo.git("commit", "-q", "--amend", "--no-edit", "--author", "Bob <bob@work.example>", *sign)
    if what == "record":
        assert "signed" in team.run("attest").stdout
    assert team.approve("--all").returncode == 0
    assert "its key signed part of the change" in refused(team)


def put(team, *lines):
    team.repo.git("notes", "--ref", REF, "add", "-f", "-F", "-", team.repo.head, stdin=b"\n".join(lines))


def signed_by_ada(team, **changes):
    """A line as `trustgate approve` writes it, with other things in it."""
    from trustgate.people.approval import NAMESPACE
    from trustgate.signing import sign

    assert team.approve("--all").returncode == 0
    payload, _ = read_line(team.repo.raw("notes", "--ref", REF, "show", team.repo.head).strip())
    payload = statement(read_statement(payload)._replace(**changes))
    config = {"gpg.format": "ssh", "user.signingkey": str(team.keys["ada"][0])}
    return line_of(payload, sign(payload, lambda name: config.get(name, ""), namespace=NAMESPACE).data)


def test_an_approval_lasts_no_longer_than_policy_allows(team):
    from datetime import date

    put(team, signed_by_ada(team, expires=date(9999, 12, 31)))
    assert "for longer than the 400 days" in refused(team)


def test_an_approval_of_the_same_tree_on_another_base_does_not_count(team):
    put(team, signed_by_ada(team, base="1" * 40))
    assert "it is about another change" in refused(team)


def test_a_flood_of_lines_is_told_and_is_short(team):
    good = signed_by_ada(team)
    put(team, *(b"junk %d" % n for n in range(300)), good)
    said = refused(team)
    assert "this commit has 301 approvals, 100 of them were read" in said
    assert said.count("not one that can be read") == 1


def test_approvals_that_cannot_be_read_are_told(team):
    team.approve("--all")
    head = team.repo.head
    tree = team.repo.git(
        "mktree", stdin=f"120000 blob {team.repo.git('hash-object', '-w', '--stdin', stdin='x')}\t{head}\n"
    )
    tip = team.repo.git("commit-tree", tree, "-m", "m")
    team.repo.git("update-ref", REF, tip)
    assert "the approvals of this commit could not be read: the note is not a file" in refused(team)


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
