"""The order of a review: one fault is one skip, touches give way to what is certain, sources hold no secret."""

from __future__ import annotations

from datetime import date

import pytest

from trustgate.analyzers.context import Settings
from trustgate.attribution.origin import Attribution
from trustgate.changes.changeset import ChangeSet, Status
from trustgate.changes.memory import change_between
from trustgate.errors import CannotJudge
from trustgate.finding import Kind
from trustgate.gate import gather, judge
from trustgate.policy.load import load_policy
from trustgate.rulebook import describe, load_rulebook
from trustgate.verdict import Decision, Verdict

BOOK = load_rulebook()
TODAY = date(2026, 11, 21)


def review(change: ChangeSet, stage: str = "pr") -> Verdict:
    policy = load_policy(change.base_file, BOOK, describe(BOOK), today=TODAY)
    gathered = gather(change, BOOK, Settings())
    return judge(change, gathered, policy, Attribution(), BOOK, stage=stage, today=TODAY)


def test_a_file_that_cannot_be_read_is_one_skip_and_never_allow() -> None:
    def missing(oid: str) -> bytes:
        raise CannotJudge(f"object {oid[:7]} is missing")

    change = change_between({}, {"a.py": b"x = 1\n"})._replace(read=missing)
    verdict = review(change)
    assert [(skip.path, skip.error) for skip in verdict.skips] == [("a.py", True)]
    assert (verdict.complete, verdict.exit_code) == (False, 3)
    assert verdict.decision > Decision.ALLOW


def test_an_analyzer_that_fails_is_one_skip_and_the_others_go_on() -> None:
    def broken() -> frozenset[str]:
        raise RuntimeError("no tree")

    files = {"requirements.txt": b"requests==2.32.3\n", "a.py": b"eval(x)\n"}
    verdict = review(change_between({}, files)._replace(base_paths=broken))
    failed = [stage.name for stage in verdict.stages if stage.status == "failed"]
    assert failed
    assert {skip.analyzer for skip in verdict.skips} == set(failed)
    assert "dynamic-code" in {item.finding.rule for item in verdict.findings}
    assert verdict.exit_code == 3


def test_a_touch_gives_way_to_what_is_certain_of_the_same_boundary() -> None:
    change = change_between({}, {"a.py": b"import requests\n\nrequests.get(u, verify=False)\n"})
    kinds = {item.finding.kind for item in review(change).findings if item.finding.boundary == "network"}
    assert kinds == {Kind.FLAW}


def test_source_lines_hold_no_secret_and_no_user_of_an_address() -> None:
    text = b"import requests\n\nrequests.get('https://ada:pass-w0rd@x.example/', verify=False)\n"
    verdict = review(change_between({}, {"a.py": text}))
    assert verdict.sources
    assert "pass-w0rd" not in repr(verdict.sources)


@pytest.mark.parametrize("stage", ["commit", "push", "pr"])
def test_an_empty_change_is_allowed(stage: str) -> None:
    verdict = review(change_between({}, {}), stage)
    assert (verdict.decision, verdict.exit_code, verdict.files_seen) == (Decision.ALLOW, 0, 0)


def test_a_removed_line_has_an_anchor_on_the_new_side() -> None:
    old = b"x = 1\n\n\ndef drop(r):\n    require_admin(r)\n    go(r)\n"
    new = b"x = 1\n\n\ndef drop(r):\n    go(r)\n"
    verdict = review(change_between({"a.py": old}, {"a.py": new}))
    (item,) = [item for item in verdict.findings if item.finding.rule == "auth-guard-removed"]
    assert dict(verdict.anchors)[f"{item.finding.fingerprint}@5"] in (4, 5)


def test_a_removed_line_of_a_renamed_file_leads_to_its_new_name_and_other_renames_are_left_out() -> None:
    old = b"x = 1\n\n\ndef drop(r):\n    require_admin(r)\n    go(r)\n"
    new = b"x = 1\n\n\ndef drop(r):\n    go(r)\n"
    change = change_between({"a.py": old, "c.py": b"x = 1\n"}, {"a.py": new, "c.py": b"x = 2\n"})
    names = {"a.py": "b.py", "c.py": "d.py"}
    files = tuple(file._replace(path=names[file.path], status=Status.RENAMED) for file in change.files)
    assert review(change._replace(files=files)).renamed == (("a.py", "b.py"),)


def test_a_patch_without_its_blobs_says_that_it_saw_only_hunks() -> None:
    change = change_between({"a.py": b"x = 1\n"}, {"a.py": b"x = 2\n"})
    assert review(change).notes == ()
    assert review(change._replace(partial=frozenset({"a.py"}))).notes == (
        "only the hunks are known, and nothing round them: a.py",
    )
