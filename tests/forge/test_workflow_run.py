"""The privileged job: which pull request a workflow run belongs to."""

import json

import pytest

from trustgate.errors import CannotJudge
from trustgate.forge.github import read_event

BASE, HEAD = "a" * 40, "b" * 40


def event(tmp_path, **changes):
    run = {
        "event": "pull_request",
        "head_sha": HEAD,
        "head_branch": "topic",
        "head_repository": {"owner": {"login": "fork"}},
        "pull_requests": [],
    }
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"workflow_run": run | changes, "repository": {"default_branch": "main"}}))
    return {"GITHUB_EVENT_NAME": "workflow_run", "GITHUB_EVENT_PATH": str(path), "GITHUB_REPOSITORY": "o/r"}


@pytest.fixture
def pulls(forge):
    forge.objects["/repos/o/r/pulls/7"] = {
        "state": "open",
        "number": 7,
        "head": {"sha": HEAD, "repo": {"full_name": "fork/r"}},
        "base": {"ref": "release/1", "sha": "c" * 40, "repo": {"full_name": "o/r"}},
    }
    forge.objects["/repos/o/r/git/ref/heads/release/1"] = {"object": {"sha": BASE}}
    forge.lists["/repos/o/r/pulls"] = [{"number": 7}]
    return forge


def test_a_fork_is_found_by_its_branch_and_judged_from_the_tip_of_the_target(pulls, api, tmp_path):
    found = read_event(event(tmp_path), api)
    assert (found.number, found.trusted_base, found.head, found.fork, found.stage) == (7, BASE, HEAD, True, "pr")
    assert "head=fork%3Atopic" in next(path for _, path in pulls.asked if "pulls?" in path)


def test_a_branch_of_the_same_repository_is_named_by_the_event(pulls, api, tmp_path):
    found = read_event(event(tmp_path, pull_requests=[{"number": 7}]), api)
    assert found.number == 7
    assert not any("pulls?" in path for _, path in pulls.asked)


@pytest.mark.parametrize(
    ("where", "value"),
    [("head", {"sha": "d" * 40}), ("state", "closed"), ("base", {"ref": "main", "repo": {"full_name": "else/where"}})],
    ids=["force push since", "closed since", "pull request of another repository"],
)
def test_a_pull_request_that_has_moved_on_is_not_judged(pulls, api, tmp_path, where, value):
    pulls.objects["/repos/o/r/pulls/7"][where] = value
    with pytest.raises(CannotJudge, match="no open pull request"):
        read_event(event(tmp_path), api)


def test_a_second_pull_request_to_a_branch_of_ones_choice_hides_nothing(pulls, api, tmp_path):
    pulls.objects["/repos/o/r/pulls/7"]["base"]["ref"] = "main"
    pulls.objects["/repos/o/r/git/ref/heads/main"] = {"object": {"sha": BASE}}
    other = {**pulls.objects["/repos/o/r/pulls/7"], "number": 6, "base": {"ref": "soft", "repo": {"full_name": "o/r"}}}
    pulls.objects["/repos/o/r/pulls/6"] = other
    pulls.objects["/repos/o/r/pulls/9"] = {**other, "number": 9}
    pulls.objects["/repos/o/r/git/ref/heads/soft"] = {"object": {"sha": "e" * 40}}
    pulls.lists["/repos/o/r/pulls"] = [{"number": 9}, {"number": 7}, {"number": 6}]
    found = read_event(event(tmp_path), api)
    assert (found.number, found.trusted_base) == (7, BASE)


def test_a_run_of_another_event_is_refused(pulls, api, tmp_path):
    with pytest.raises(CannotJudge, match="not started by a pull request"):
        read_event(event(tmp_path, event="push"), api)


def test_without_a_token_it_says_what_is_needed(tmp_path):
    with pytest.raises(CannotJudge, match="must be asked") as caught:
        read_event(event(tmp_path))
    assert "token" in caught.value.hint
