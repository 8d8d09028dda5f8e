"""The privileged half of a review: a `workflow_run` after the unprivileged job, with a token and secrets.

Nothing that the first job wrote is read. The event names a head commit; the pull request is looked up from it, its head
must still be that commit, and the trusted base is the tip of the branch that it goes to, asked of the forge now. Where
one head has several pull requests, the one to the default branch is meant: nobody can hide it behind one to a branch of
their choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trustgate.errors import CannotJudge
from trustgate.forge.api import Api
from trustgate.forge.event import Event, commit_at, text_at, value_at

EVENTS = ("pull_request", "pull_request_target", "pull_request_review")
"""of the first run: the change itself, or what a person said of it"""
CANDIDATES = 100
"""open pull requests of one branch that are looked at"""


def resolve(api: Api, payload: dict[str, Any], environ: Mapping[str, str]) -> Event:
    """The event to review. Raises CannotJudge where no open pull request has this head, and ApiError."""
    if text_at(payload, "workflow_run.event") not in EVENTS:
        raise CannotJudge(
            "the workflow run was not started by a pull request",
            "start the privileged job on `workflow_run` of the job that runs on `pull_request`",
        )
    head = commit_at(payload, "workflow_run.head_sha")
    repository = environ.get("GITHUB_REPOSITORY") or text_at(payload, "repository.full_name")
    owner, _, name = repository.partition("/")
    if not owner or not name:
        raise CannotJudge("GITHUB_REPOSITORY does not name a repository")
    pull = _pull(api, (owner, name), head, payload)
    branch = text_at(pull, "base.ref")
    tip = api.get("repos", owner, name, "git", "ref", "heads", *branch.split("/"))
    number = value_at(pull, "number")
    return Event(
        kind="workflow_run",
        trusted_base=commit_at(tip, "object.sha"),
        diff_base="",
        head=head,
        base_ref=branch,
        fork=text_at(pull, "head.repo.full_name").lower() != repository.lower(),
        number=number if type(number) is int else 0,
        body=text_at(pull, "body"),
    )


def _pull(api: Api, repository: tuple[str, str], head: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The open pull request of this head: the one to the default branch, else the oldest. Raises CannotJudge."""
    default, found = text_at(payload, "repository.default_branch"), []
    for number in sorted(set(_numbers(api, *repository, payload))):
        pull = api.get("repos", *repository, "pulls", str(number))
        here = text_at(pull, "base.repo.full_name").lower() == "/".join(repository).lower()
        if here and text_at(pull, "head.sha") == head and text_at(pull, "state") == "open":
            found.append(pull)
    if not found:
        raise CannotJudge(
            f"no open pull request has the head {head[:12]} any more",
            "a later push has a run of its own; nothing is lost",
        )
    return next((pull for pull in found if text_at(pull, "base.ref") == default), found[0])


def _numbers(api: Api, owner: str, name: str, payload: dict[str, Any]) -> Iterator[int]:
    """Numbers of pull requests that may be meant: named by the event, else (a fork) open ones of the head branch."""
    named = value_at(payload, "workflow_run.pull_requests")
    found = [item.get("number") for item in named if isinstance(item, dict)] if isinstance(named, list) else []
    if not found:
        who, branch = (
            text_at(payload, "workflow_run.head_repository.owner.login"),
            text_at(payload, "workflow_run.head_branch"),
        )
        if who and branch:
            listed = api.pages("repos", owner, name, "pulls", state="open", head=f"{who}:{branch}")
            found = [item.get("number") for item in listed]
    yield from (number for number in found[:CANDIDATES] if type(number) is int and number > 0)
