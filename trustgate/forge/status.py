"""A commit status with the verdict, which a branch can require: the one thing of the privileged job that opens a merge.

Its name holds the branch that the change goes to. A status hangs on a commit, so one that was earned against a branch
with a softer policy must not open another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from trustgate.errors import EXIT_FOUND, EXIT_OK, EXIT_PENDING
from trustgate.forge.api import Api
from trustgate.forge.event import Event

LONGEST = 140
"""characters of a description that GitHub takes"""
_STATES = {EXIT_OK: "success", EXIT_FOUND: "failure", EXIT_PENDING: "pending"}
_BRANCH = "refs/heads/"


def name_of(event: Event) -> str:
    """`trustgate / main`: what the branch's rule has to require."""
    return f"trustgate / {event.base_ref.removeprefix(_BRANCH)}"[:255]


def publish(api: Api, environ: Mapping[str, str], event: Event, code: int | None, said: str) -> str:
    """Say on the head commit what came of it; returns what was done, for the log.

    `code` is the exit code of the review, None before it: `pending`, so that no older status counts meanwhile. Raises
    ApiError and the errors of `transport`.
    """
    owner, _, name = environ.get("GITHUB_REPOSITORY", "").partition("/")
    state = "pending" if code is None else _STATES.get(code, "error")
    body = {"state": state, "context": name_of(event), "description": said[:LONGEST]}
    run = environ.get("GITHUB_RUN_ID", "")
    if re.fullmatch(r"[0-9]{1,20}", run):
        body["target_url"] = (
            f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{owner}/{name}/actions/runs/{run}"
        )
    api.post("repos", owner, name, "statuses", event.head, body=body)
    return f"status {state} written as `{name_of(event)}`"
