"""Every record about the commits of a range that lies in the repository: notes of git-ai, and Agent Trace in its head.

All of them are anyone's to write who can push; what they are worth is in `recorded.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from trustgate.attribution import agent_trace, git_ai
from trustgate.attribution.claim import Claim, cut
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.recorded import Recorded, from_git_ai, merged, of_commit
from trustgate.attribution.registry import Registry
from trustgate.changes.added import Added
from trustgate.changes.changeset import CommitInfo
from trustgate.changes.history import History
from trustgate.errors import CannotJudge, TrustgateError

GIT_AI_REFS = ("refs/notes/ai", "refs/notes/ai-remote")
"""where git-ai writes, and where it keeps what it fetched"""

NAMED_LIMIT = 500
"""newest commits for which a file of Agent Trace with their name is looked for"""


class Records(NamedTuple):
    by_commit: Mapping[str, Recorded] = {}
    problems: tuple[str, ...] = ()
    """what should have been read and could not, in sentences"""


def read_records(history: History, commits: Sequence[CommitInfo], registry: Registry) -> Records:
    """The records of these commits, those of the range's head tree among them. Never raises for what they hold."""
    problems: list[str] = []
    notes, unread = _notes(history, commits, problems)
    traces = _traces(history, commits, problems)
    wanted = [commit for commit in commits if commit.id in notes or traces]
    added: Mapping[str, Added] = {}
    try:
        added = history.added([commit.id for commit in wanted])
    except CannotJudge as error:
        problems.append(f"lines that the commits added, to hold records against: {error.message}")
    found: dict[str, Recorded] = {}
    for commit in wanted:
        lines = added.get(commit.id, {})
        parts = [from_git_ai(git_ai.parse_note(text), lines, registry, ref) for ref, text in notes.get(commit.id, ())]
        if traces and lines:
            parts.append(agent_trace.from_traces(traces, commit, lines, _reader(history, commit.id), registry))
        record = merged(parts)
        if record.claims:
            found[commit.id] = record
    for oid, claim in unread.items():
        found[oid] = merged((found.get(oid, Recorded()), of_commit(claim)))
    return Records(found, tuple(problems))


def _notes(
    history: History, commits: Sequence[CommitInfo], problems: list[str]
) -> tuple[dict[str, list[tuple[str, bytes]]], dict[str, Claim]]:
    """Notes by commit, with their ref; and a claim that says nothing for each one that could not be read."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    unread: dict[str, Claim] = {}
    ids = [commit.id for commit in commits]
    for ref in history.note_refs(*GIT_AI_REFS):
        try:
            notes = history.notes(ref, ids)
        except TrustgateError as error:
            problems.append(f"notes of {ref}: {error.message}")
            continue
        for oid, text in notes.texts.items():
            found.setdefault(oid, []).append((ref, text))
        for oid, why in notes.problems:
            problems.append(f"the note of {ref} on {oid[:12]}: {why}")
            shown = cut(f"{ref}: not read: {why}")
            unread[oid] = Claim("git-ai-unread", "note", shown, OriginClass.UNKNOWN, Trust.NONE)
    return found, unread


def _traces(history: History, commits: Sequence[CommitInfo], problems: list[str]) -> tuple[agent_trace.Trace, ...]:
    """Records in the head tree: one file of them, and a file for a commit or the parent it was written on."""
    newest = commits[-NAMED_LIMIT:]
    names = {name for commit in newest for name in (commit.id, *commit.parents)}
    found: list[agent_trace.Trace] = []
    try:
        if not history.has_folder(agent_trace.FOLDER):
            return ()
        for path in (agent_trace.FILE, *(f"{agent_trace.FOLDER}/{name}.json" for name in sorted(names))):
            data = history.file_at(history.head, path)
            if data is not None:
                found += agent_trace.parse_traces(data)
    except CannotJudge as error:
        problems.append(f"records in {agent_trace.FOLDER}: {error.message}")
    return tuple(found)


def _reader(history: History, oid: str) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        try:
            return history.file_at(oid, path)
        except CannotJudge:
            return None  # without the text no hash fits: the record is weak

    return read
