"""GitHub: the event that started a workflow, and the files through which a step speaks to the runner.

The event file is untrusted JSON: its texts belong to whoever opened the pull request. Payloads as in GitHub's
"Webhook events and payloads" and "Events that trigger workflows".
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustgate import escape
from trustgate.changes.place import is_zero
from trustgate.errors import CannotJudge
from trustgate.forge.event import FETCH, Event, commit_at, is_id, text_at, value_at

if TYPE_CHECKING:
    from trustgate.forge.api import Api

SIZE_LIMIT = 25 * 1024 * 1024
"""bytes of an event file: GitHub's own cap for a webhook payload"""
OUTPUT_LIMIT = 1_000_000
"""bytes of a step's outputs, all together"""


def read_event(environ: Mapping[str, str], api: Api | None = None) -> Event:
    """The event of this workflow run; `workflow_run` is looked up through `api`.

    Raises CannotJudge when there is none, or its base or head cannot be told.
    """
    kind = environ.get("GITHUB_EVENT_NAME", "")
    if not kind:
        raise CannotJudge(
            "GITHUB_EVENT_NAME is not set", "`trustgate ci` runs in a GitHub workflow; elsewhere use `trustgate review`"
        )
    if kind == "workflow_run":
        if api is None:
            raise CannotJudge(
                "a workflow_run names no pull request: the forge must be asked for it",
                "give the action its `token` input: ${{ github.token }}",
            )
        from trustgate.forge.workflow_run import resolve

        return resolve(api, _payload(environ.get("GITHUB_EVENT_PATH", "")), environ)
    read = _KINDS.get(kind)
    if read is None:
        raise CannotJudge(
            f"the event {escape.visible(kind)[:80]!r} is not one that can be reviewed",
            f"run the gate on {', '.join((*_KINDS, 'workflow_run'))}",
        )
    event = read(kind, _payload(environ.get("GITHUB_EVENT_PATH", "")), environ)
    if event.trusted_base == event.head:
        raise CannotJudge("the event's base and head are the same commit: there is nothing to compare")
    return event


def _payload(path: str) -> dict[str, Any]:
    if not path:
        raise CannotJudge("GITHUB_EVENT_PATH is not set", "run the gate as a step of a GitHub workflow")
    try:
        with Path(path).open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise CannotJudge(f"the event file cannot be read: {error.strerror}") from error
    if len(data) > SIZE_LIMIT:
        raise CannotJudge(f"the event file is over the limit of {SIZE_LIMIT // 2**20} MiB")
    try:
        payload = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CannotJudge("the event file is not valid JSON") from error
    if not isinstance(payload, dict):
        raise CannotJudge("the event file does not hold an object")
    return payload


def _pull_request(kind: str, payload: dict[str, Any], environ: Mapping[str, str]) -> Event:
    base_repo = text_at(payload, "pull_request.base.repo.full_name")
    head_repo = text_at(payload, "pull_request.head.repo.full_name")
    number = value_at(payload, "pull_request.number")
    return Event(
        kind=kind,
        trusted_base=commit_at(payload, "pull_request.base.sha"),
        diff_base="",
        head=commit_at(payload, "pull_request.head.sha"),
        base_ref=text_at(payload, "pull_request.base.ref"),
        fork=not head_repo or head_repo != base_repo,  # a deleted head repository is null, and was no branch of ours
        number=number if type(number) is int and number > 0 else 0,
        actor=_actor(payload, environ),
        body=text_at(payload, "pull_request.body"),
    )


def _merge_group(kind: str, payload: dict[str, Any], environ: Mapping[str, str]) -> Event:
    base = commit_at(payload, "merge_group.base_sha")
    return Event(
        kind=kind,
        trusted_base=base,
        diff_base=base,
        head=commit_at(payload, "merge_group.head_sha"),
        base_ref=text_at(payload, "merge_group.base_ref"),
        actor=_actor(payload, environ),
    )


def _push(kind: str, payload: dict[str, Any], environ: Mapping[str, str]) -> Event:
    ref = text_at(payload, "ref")
    head = commit_at(payload, "after", zero="the push deletes a branch: there is nothing to review")
    if is_zero(text_at(payload, "before")):
        trusted, base = _default_branch(payload, ref), ""
    else:
        trusted = base = commit_at(payload, "before")
    return Event(kind, trusted, base, head, base_ref=ref, actor=_actor(payload, environ))


def _default_branch(payload: dict[str, Any], ref: str) -> str:
    """The base of a new branch. Raises CannotJudge when the new branch is the default branch itself."""
    name = text_at(payload, "repository.default_branch")
    safe = re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}", name) and ".." not in name and "//" not in name
    if not safe or name.endswith(("/", ".", ".lock")) or ref == f"refs/heads/{name}":
        raise CannotJudge("a first push has no commit to compare with", "review it with `trustgate review --diff BASE`")
    return f"refs/heads/{name}"


def _manual(kind: str, payload: dict[str, Any], environ: Mapping[str, str]) -> Event:
    head = environ.get("GITHUB_SHA", "")
    if not is_id(head):
        raise CannotJudge("GITHUB_SHA is not the id of a commit", FETCH)
    ref = text_at(payload, "ref")
    return Event(kind, f"{head}~1", f"{head}~1", head, base_ref=ref, actor=_actor(payload, environ))


_KINDS = {
    "pull_request": _pull_request,
    "pull_request_target": _pull_request,
    "merge_group": _merge_group,
    "push": _push,
    "workflow_dispatch": _manual,
}


def _actor(payload: dict[str, Any], environ: Mapping[str, str]) -> str:
    login = text_at(payload, "sender.login") or environ.get("GITHUB_ACTOR", "")
    return login if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?", login) else ""


def write_outputs(environ: Mapping[str, str], values: Mapping[str, str]) -> None:
    """Set the outputs of the step; nothing happens outside a runner.

    Raises OSError when the file cannot be written, ValueError when a name is not one or the values are over the limit.
    """
    text = "".join(escape.environment_value(name, value) for name, value in values.items())
    if len(text.encode("utf-8")) > OUTPUT_LIMIT:
        raise ValueError(f"the outputs are over {OUTPUT_LIMIT} bytes")
    _append(environ.get("GITHUB_OUTPUT", ""), text)


def write_summary(environ: Mapping[str, str], markdown: str) -> None:
    """Add to the job summary; nothing happens outside a runner. Raises OSError when the file cannot be written."""
    _append(environ.get("GITHUB_STEP_SUMMARY", ""), markdown)


def _append(path: str, text: str) -> None:
    if not path:
        return
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "ab") as file:
        file.write(text.encode("utf-8", "backslashreplace"))
