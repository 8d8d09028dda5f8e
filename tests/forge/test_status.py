"""The verdict as a commit status: written by the privileged job, read by the branch's rule."""

from __future__ import annotations

import pytest
from played import BARE, OFF, SAFE, approving, pull


def wait_for(platform, head, base="main", event="pull_request"):
    """A `workflow_run` after a first job, and the list that takes the statuses of `head`."""
    forge = platform.forge
    forge.objects["/repos/o/r/pulls/7"] = {
        "number": 7,
        "state": "open",
        "user": {"login": "author"},
        "head": {"sha": head, "repo": {"full_name": "someone/r"}},
        "base": {"ref": base, "repo": {"full_name": "o/r"}},
    }
    forge.objects[f"/repos/o/r/git/ref/heads/{base}"] = {"object": {"sha": platform.base}}
    forge.lists["/repos/o/r/pulls"] = [{"number": 7}]
    forge.lists[f"/repos/o/r/statuses/{head}"] = []
    who = {"owner": {"login": "someone"}}
    return {"workflow_run": {"event": event, "head_sha": head, "head_branch": "topic", "head_repository": who}}


def statuses(platform, head):
    return [item["state"] for item in platform.forge.lists[f"/repos/o/r/statuses/{head}"]]


@pytest.mark.parametrize(
    ("files", "code", "state"),
    [({"app.py": SAFE + "\n"}, 0, "success"), ({"app.py": OFF}, 1, "failure"), ({"guard.py": BARE}, 4, "pending")],
    ids=["allowed", "blocked", "waits for a person"],
)
def test_the_status_waits_while_it_looks_and_then_says_the_verdict(platform, files, code, state):
    head = platform.topic(files)
    done = platform.run("workflow_run", wait_for(platform, head), TRUSTGATE_STATUS="true", GITHUB_RUN_ID="42")
    assert done.returncode == code, done.stdout + done.stderr
    assert statuses(platform, head) == ["pending", state]
    last = platform.forge.lists[f"/repos/o/r/statuses/{head}"][-1]
    assert last["context"] == "trustgate / main"
    assert last["target_url"].endswith("/o/r/actions/runs/42")
    assert 0 < len(last["description"]) <= 140


def test_a_review_by_a_person_starts_it_again_and_opens_the_merge(platform):
    head = platform.topic({"guard.py": BARE})
    event = wait_for(platform, head, event="pull_request_review")
    kept = platform.forge.objects["/repos/o/r/pulls/7"]
    approving(platform, head)
    platform.forge.objects["/repos/o/r/pulls/7"] = kept
    done = platform.run("workflow_run", event, TRUSTGATE_STATUS="true")
    assert done.returncode == 0, done.stdout + done.stderr
    assert statuses(platform, head) == ["pending", "success"]


def test_a_status_earned_against_another_branch_has_another_name(platform):
    head = platform.topic({"app.py": SAFE + "\n"})
    platform.server.git("branch", "soft", platform.base)
    platform.run("workflow_run", wait_for(platform, head, base="soft"), TRUSTGATE_STATUS="true")
    names = {item["context"] for item in platform.forge.lists[f"/repos/o/r/statuses/{head}"]}
    assert names == {"trustgate / soft"}


def test_no_status_without_the_input(platform):
    head = platform.topic({"app.py": OFF})
    platform.run("workflow_run", wait_for(platform, head))
    assert statuses(platform, head) == []


def test_a_token_that_may_not_write_statuses_changes_no_verdict_and_is_said(platform):
    head = platform.topic({"app.py": OFF})
    event = wait_for(platform, head)
    platform.forge.refuse += [("POST", "/statuses/", 403, {})] * 2
    done = platform.run("workflow_run", event, TRUSTGATE_STATUS="true")
    assert done.returncode == 1
    assert "the status could not be written" in done.stderr
    assert statuses(platform, head) == []


def test_a_review_that_did_not_take_place_is_an_error_and_no_pass(platform):
    head = platform.topic({"app.py": OFF})
    event = wait_for(platform, head)
    platform.forge.objects["/repos/o/r/git/ref/heads/main"] = {"object": {"sha": "e" * 40}}
    done = platform.run("workflow_run", event, TRUSTGATE_STATUS="true")
    assert done.returncode == 3
    assert statuses(platform, head) == ["pending", "error"]


def test_a_merge_group_is_named_by_its_branch(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone()
    platform.forge.lists[f"/repos/o/r/statuses/{head}"] = []
    group = {"base_sha": platform.base, "head_sha": head, "base_ref": "refs/heads/main", "head_ref": "refs/heads/q"}
    done = platform.run("merge_group", {"merge_group": group}, TRUSTGATE_STATUS="true")
    assert done.returncode == 1
    assert statuses(platform, head) == ["pending", "failure"]
    assert platform.forge.lists[f"/repos/o/r/statuses/{head}"][0]["context"] == "trustgate / main"


def test_an_own_branch_is_not_the_privileged_job_and_says_nothing_without_being_asked(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone()
    platform.run("pull_request", pull(platform, head))
    assert not any("/statuses/" in path for _, path in platform.forge.asked)
