"""Writing a record of one commit: what `trustgate attest` and the post-commit hook share."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from trustgate.attribution.statement import Binding, Record
    from trustgate.changes.git import Git

MESSAGE = "Record who or what wrote a commit"


class Recorded(NamedTuple):
    commit: str
    agents: tuple[str, ...]
    backends: int
    unread: tuple[str, ...]
    signed: bool
    reason: str
    """why it is not signed"""

    @property
    def line(self) -> str:
        who = ", ".join(self.agents) or "no agent seen"
        many = f", {self.backends} backend{'s' * (self.backends != 1)} in reach" if self.backends else ""
        return f"recorded {self.commit[:12]}: {who}{many}; " + (
            "signed" if self.signed else f"not signed: {self.reason}"
        )


def record_commit(git: Git, rev: str, *, backend: str | None = None, no_ai: bool = False) -> Recorded:
    """Records a commit under refs/notes/trustgate, signed with the user's key where that asks for nothing.

    Raises UsageError for a revision or a backend that is none, CannotJudge when the repository cannot be written.
    """
    from trustgate.attribution.binding import REF, binding_of, patch_key
    from trustgate.attribution.statement import line_of, payload_of, signed_bytes
    from trustgate.changes.notes_adding import add_notes
    from trustgate.changes.revisions import resolve
    from trustgate.signing import key_name, sign

    commit = resolve(git, rev)
    binding = binding_of(git, commit)
    records = _records(git, binding, backend, no_ai)
    lines, signed, reason = [], True, ""
    for record in records:
        payload = payload_of(record)
        signature = sign(signed_bytes(payload), lambda name: setting(git, name))
        signed, reason = bool(signature.data), signature.reason
        lines.append(line_of(payload, [(key_name(signature.data), signature.data)] if signed else []))
    text = b"".join(line + b"\n" for line in lines)
    notes = {commit: text} | ({patch_key(git, binding.patch): text} if binding.patch else {})
    add_notes(git, REF, notes, MESSAGE)
    return Recorded(
        commit,
        tuple(record.agent for record in records if record.agent),
        sum(len(record.backends) for record in records),
        tuple(dict.fromkeys(item for record in records for item in record.unread)),
        signed,
        reason,
    )


def setting(git: Git, name: str) -> str:
    """A git setting of the user, `~` expanded where it may be a path."""
    return git.user_setting(name, *(("--type=path",) if name == "user.signingkey" else ()))


def home() -> Path | None:
    folder = os.environ.get("HOME", "")
    return Path(folder) if folder and Path(folder).is_absolute() else None


def _records(git: Git, binding: Binding, backend: str | None, no_ai: bool) -> tuple[Record, ...]:
    from trustgate import __version__
    from trustgate.attribution.attesting import record_declared, record_no_ai, records_seen
    from trustgate.attribution.environment import running_agents
    from trustgate.review import rulebook

    now = int(time.time())
    if no_ai:
        return (record_no_ai(binding, version=__version__, now=now),)
    book = rulebook(git.place.top or git.place.git_dir)
    top = Path(git.place.top) if git.place.top else None
    running = running_agents(os.environ, home(), book, top)
    seen = records_seen(binding, running, os.environ, version=__version__, now=now)
    if not backend:
        return seen
    from trustgate.attribution.resolve import declared

    said = record_declared(binding, declared(backend, book), version=__version__, now=now)
    return (*(record for record in seen if record.agent), said)
