"""An event to review, and how its payload is read: untrusted JSON in which every field is checked where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trustgate.changes.place import is_oid, is_zero
from trustgate.errors import CannotJudge

FETCH = "check out with `fetch-depth: 0`, and see docs/ci.md for the events that are reviewed"


@dataclass(frozen=True, slots=True)
class Event:
    """What to review. Ids are checked hex or built by us; every other text is hostile until escaped."""

    kind: str
    """pull_request, pull_request_target, merge_group, push, workflow_dispatch or workflow_run"""
    trusted_base: str
    """where policy, rules and exceptions come from"""
    diff_base: str
    """empty: the merge base of `trusted_base` and `head`"""
    head: str
    base_ref: str = ""
    """branch that the change goes to, for display"""
    fork: bool = False
    number: int = 0
    """of the pull request, 0 where there is none"""
    actor: str = ""
    """login of the sender, for display"""
    body: str = ""
    """text of the pull request: whatever its author wrote"""

    @property
    def stage(self) -> str:
        return "push" if self.kind in ("push", "workflow_dispatch") else "pr"


def value_at(payload: Any, path: str) -> Any:
    """What stands at `a.b.c`, or None."""
    for key in path.split("."):
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload


def text_at(payload: Any, path: str) -> str:
    """The string at `a.b.c`, or the empty one."""
    value = value_at(payload, path)
    return value if isinstance(value, str) else ""


def commit_at(payload: Any, path: str, zero: str = "") -> str:
    """A full object id. Raises CannotJudge: an empty base would compare the head with itself and find nothing."""
    value = text_at(payload, path)
    if is_zero(value):
        raise CannotJudge(zero or f"the event has no commit at {path}", FETCH)
    if not is_id(value):
        raise CannotJudge(f"the event has no commit id at {path}", FETCH)
    return value


def is_id(text: str) -> bool:
    """SHA-1 or SHA-256 in lower-case hex, and not the zero id."""
    return is_oid(text) and not is_zero(text)
