"""Messages that claim less than the change does: which claims count, and against which edits."""

from __future__ import annotations

import pytest
from boundary_cases import BOOK, findings

from trustgate.analyzers.boundaries.claims import Claim, claim_of, find_mismatch
from trustgate.analyzers.boundaries.rules import load_rules
from trustgate.changes.changeset import CommitInfo
from trustgate.finding import Finding

NO_CLAIM = {
    "an edit": "Let everybody drop their own things",
    "a refactoring": "refactor: split the login",
    "a feature": "feat(style): let users choose a style",
    "documentation in passing": "Add a guard, and say so in the docs",
    "a word that begins like one": "Formatter for tokens",
    "style in mid-sentence": "Remove the style check",
    "a trailer's word in the body": "Add a guard\n\nThe type of this is nothing\nkind: feature",
    "empty": "",
}


@pytest.mark.parametrize("message", NO_CLAIM.values(), ids=NO_CLAIM)
def test_claim_leaves_alone(message: str) -> None:
    assert claim_of(message) is None


CLAIMS = {
    "conventional docs": ("docs: say how", True),
    "conventional style with a scope": ("style(auth)!: run black", True),
    "a ticket in front": ("[ABC-12] fix typo", True),
    "a typo": ("Fix a typo", True),
    "a formatter": ("Run black", True),
    "reformatting": ("Reformat all files", True),
    "lint": ("lint: unused names", True),
    "chore": ("chore: tidy", False),
    "bump": ("Bump foo from 1.0 to 1.1", False),
    "rename": ("rename: a to b", False),
    "small cleaning": ("minor cleanup", False),
    "a trailer": ("Look at the guard again\n\nChange-Type: formatting\n", True),
    "a mild trailer": ("Look at the guard again\n\nType: chore\n", False),
}


@pytest.mark.parametrize(("message", "nothing"), CLAIMS.values(), ids=CLAIMS)
def test_claim_is_heard(message: str, nothing: bool) -> None:
    claim = claim_of(message)
    assert isinstance(claim, Claim)
    assert claim.nothing is nothing


GUARDED = "def drop(request, db):\n    require_admin(request.user)\n    db.drop(1)\n"
OPEN = "def drop(request, db):\n    db.drop(1)\n"
LOGIN = "def login(request):\n    return check_password(request.user)\n"
LOGIN_2 = "def login(request):\n    return check_password(request.user, request.password, session_token)\n"


def mismatches(before: str, after: str, message: str) -> list[Finding]:
    found = findings({"app/api.py": before}, {"app/api.py": after}, message)
    return [finding for finding in found if finding.rule == "claim-mismatch"]


LEFT_ALONE = {
    "an honest message": (GUARDED, OPEN, "Let everybody drop"),
    "a refactoring": (GUARDED, OPEN, "refactor: drop"),
    "a formatter that formats": (
        GUARDED,
        GUARDED.replace("(request, db)", "(\n    request,\n    db,\n)"),
        "style: black",
    ),
    "a chore that touches": (LOGIN, LOGIN_2, "chore: log in with the session"),
    "documentation of nothing": ("x = 1\n", "x = 2\n", "docs: two"),
}


@pytest.mark.parametrize(("before", "after", "message"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_mismatch_leaves_alone(before: str, after: str, message: str) -> None:
    assert mismatches(before, after, message) == []


FLAGGED = {
    "documentation that takes a guard away": (GUARDED, OPEN, "docs: fix a typo"),
    "a chore that takes a guard away": (GUARDED, OPEN, "chore: tidy"),
    "a bump that switches a check off": (
        "import requests\n",
        "import requests\n\nrequests.get(u, verify=False)\n",
        "Bump requests",
    ),
    "a trailer": (GUARDED, OPEN, "Look again\n\nChange-Type: formatting"),
    "formatting beside the removal": (GUARDED, "def drop(\n    request, db\n):\n    db.drop(1)\n", "style: run black"),
}


@pytest.mark.parametrize(("before", "after", "message"), FLAGGED.values(), ids=FLAGGED)
def test_mismatch_flags(before: str, after: str, message: str) -> None:
    [found] = mismatches(before, after, message)
    assert found.boundary == "verification"
    assert found.evidence[0].startswith("message: ")


def commit(oid: str, message: str) -> CommitInfo:
    return CommitInfo(oid, (), "a", "a@example.org", "a", "a@example.org", message)


def test_mismatch_hears_the_commits_that_changed_the_file() -> None:
    rules = load_rules(BOOK)
    found = [f for f in findings({"a.py": GUARDED}, {"a.py": OPEN}) if f.kind == "weakening"]
    assert found
    commits = (commit("1", "docs: a typo"), commit("2", "Let everybody drop"))
    assert find_mismatch(commits, found, rules, {"a.py": ("1",)}) is not None
    assert find_mismatch(commits, found, rules, {"a.py": ("1", "2")}) is None
    assert find_mismatch(commits, found, rules) is None
    assert find_mismatch((), found, rules) is None


def test_long_messages_are_cut() -> None:
    assert claim_of("x\n\n" + "kind: " * 500_000) is None
