"""The workflow that runs the gate: each way to make it run less, or judge less, is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.subject import Subject
from trustgate.changes.changeset import Status
from trustgate.facts import ChangedLine
from trustgate.finding import Location

_USES = re.compile(r"uses\s*:\s*[\"']?([^\s\"'@#]{1,200})@([^\s\"'#]{1,200})", re.IGNORECASE)
_SHA = re.compile(r"[0-9a-f]{40}\Z")
_ADDED = (
    (re.compile(r"^\s*-?\s*if\s*:\s*(?:\$\{\{\s*)?[\"']?(?:false|0)\b", re.I), "switched off with `if: false`"),
    (re.compile(r"^\s*-?\s*if\s*:", re.I), "a condition decides whether it runs"),
    (re.compile(r"continue-on-error\s*:\s*[\"']?(?!false)", re.I), "failing does not matter (`continue-on-error`)"),
    (re.compile(r"\|\|\s*(?:true|:|exit\s+0)(?:\s|$)"), "its exit code is thrown away (`|| true`)"),
    (re.compile(r"\bset\s+\+e\b"), "its exit code is thrown away (`set +e`)"),
    (re.compile(r"^\s*(?:paths|branches|tags)-ignore\s*:", re.I), "some changes are left out (`…-ignore`)"),
    (re.compile(r"^\s*paths\s*:", re.I), "only some paths start it (`paths`)"),
    (re.compile(r"permissions\s*:\s*write-all", re.I), "gets every right (`write-all`)"),
    (re.compile(r"^\s*(?:contents|actions|packages|id-token|checks)\s*:\s*write", re.I), "gets the right to write"),
    (re.compile(r"\bpull_request_target\b"), "runs with the base's secrets (`pull_request_target`)"),
    (re.compile(r"--(?:config|policy|preset|no-verify|exit-zero)\b"), "is told to judge by other rules"),
    (re.compile(r"\bTRUSTGATE_\w+\s*:"), "a TRUSTGATE_ variable is set"),
)
_REMOVED = (
    (re.compile(r"^\s*-?\s*[\"']?merge_group\b"), "the merge queue does not run it any more (`merge_group`)"),
    (re.compile(r"^\s*-?\s*[\"']?pull_request\b"), "pull requests do not start it any more"),
    (re.compile(r"^\s*permissions\s*:"), "its permissions are not limited any more"),
    (re.compile(r"persist-credentials\s*:\s*false"), "the checkout keeps its credentials"),
)
_DEPTH = re.compile(r"^\s*fetch-depth\s*:")


def is_workflow(path: str) -> bool:
    return path.startswith((".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/")) and path.endswith(
        (".yml", ".yaml")
    )


def check(subject: Subject, *, adopted: bool) -> Iterator[Outcome]:
    old_text, new_text = subject.texts()
    added, removed = list(subject.file.added()), list(subject.file.removed())
    change = subject.file.change
    if "trustgate" not in old_text.lower():
        if not adopted:
            yield _finding(subject, "first-adoption", added, ("the workflow is added",))
        return
    if change.status is Status.DELETED or "trustgate" not in new_text.lower():
        yield _finding(subject, "own-workflow-changed", removed, ("the gate does not run in it any more",))
        return
    if not added and not removed:
        return
    bump = _version_bump(added, removed)
    if bump:
        yield _finding(subject, "own-version-bump", added, (bump,))
        return
    reasons = tuple(dict.fromkeys(_weaker(added, removed, new_text)))
    if reasons:
        yield _finding(subject, "own-workflow-changed", added or removed, reasons)
    else:
        yield _finding(subject, "own-workflow-edited", added or removed, ("edited",))


def _version_bump(added: list[ChangedLine], removed: list[ChangedLine]) -> str:
    """`old -> new` when the pinned commit of our own action is all that changed."""
    if len(added) != 1 or len(removed) != 1:
        return ""
    new, old = _USES.search(added[0].text), _USES.search(removed[0].text)
    if not new or not old or new[1] != old[1] or "trustgate" not in new[1].lower():
        return ""
    rest = [_USES.sub("", line.text.split(" #")[0]).strip() for line in (added[0], removed[0])]
    return f"{old[2]} -> {new[2]}" if _SHA.match(new[2]) and rest[0] == rest[1] else ""


def _weaker(added: list[ChangedLine], removed: list[ChangedLine], new_text: str) -> Iterator[str]:
    gone = {line.text.strip() for line in removed}
    come = {line.text.strip() for line in added}
    for line in added:
        if line.text.strip() in gone:
            continue
        yield from (reason for pattern, reason in _ADDED if pattern.search(line.text))
        uses = _USES.search(line.text)
        if uses and "trustgate" in uses[1].lower() and not _SHA.match(uses[2]):
            yield f"the gate is taken from `{uses[2][:60]}`, which can move, not from a commit"
        if _DEPTH.match(line.text):
            yield "the depth of the checkout changes (`fetch-depth`): the base may be missing"
    for line in removed:
        if line.text.strip() in come:
            continue
        yield from (
            reason for pattern, reason in _REMOVED if pattern.search(line.text) and not pattern.search("\n".join(come))
        )
        uses = _USES.search(line.text)
        if uses and "trustgate" in uses[1].lower() and uses[1].lower() not in new_text.lower():
            yield "the step that runs the gate is gone"
        if "trustgate" in line.text.lower() and re.search(r"\brun\s*:|^\s*trustgate\b", line.text):
            yield "the command that runs the gate changes"
        if _DEPTH.match(line.text):
            yield "the depth of the checkout changes (`fetch-depth`): the base may be missing"


def _finding(subject: Subject, rule: str, lines: list[ChangedLine], reasons: tuple[str, ...]) -> Outcome:
    location: Location = subject.at(lines[0]) if lines else subject.whole
    return subject.rules.finding(
        rule, location, subject.file.change.new_id, evidence=reasons, reasons="; ".join(reasons)
    )
