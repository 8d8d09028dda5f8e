"""GitHub workflow and action files: what runs, with which rights, on whose text. Read line by line, by indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.own_workflow import is_workflow
from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import ChangedLine, SideText
from trustgate.finding import Confidence

_USES = re.compile(r"^\s*(?:-\s+)?[\"']?uses[\"']?\s*:\s*[\"']?([^\s\"'#]{1,300})")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_PRIVILEGED = re.compile(r"\b(pull_request_target|workflow_run|issue_comment)\b")
_UNTRUSTED_REF = re.compile(
    r"github\.event\.pull_request\.(?:head|merge_commit_sha|number)|github\.head_ref|github\.event\.workflow_run\.head|"
    r"github\.event\.issue\.number|refs/pull/|\bgh\s+pr\s+checkout\b"
)
_CHECKOUT = re.compile(r"actions/checkout|git\s+(?:fetch|checkout|pull|clone)|gh\s+pr\s+checkout")
_EXPRESSION = re.compile(r"\$\{\{(.{1,400}?)\}\}")
_UNTRUSTED = re.compile(
    r"github\.head_ref\b|github\.event\.(?:issue|pull_request|comment|review|review_comment|discussion)\.(?:title|body)\b|"
    r"github\.event\.pull_request\.head\.(?:ref|label|repo\.default_branch)\b|"
    r"github\.event\.workflow_run\.(?:head_branch|display_title|head_commit\.(?:message|author\.\w+)|head_repository\.description)\b|"
    r"github\.event\.(?:head_commit|commits(?:\[\d+\]|\.\*)?)\.(?:message|author\.(?:email|name))|github\.event\.pages\b"
)
_SAFE_CALL = re.compile(r"(?:contains|startsWith|endsWith|hashFiles)\s*\(")
_BLOCK = re.compile(r"^(\s*(?:-\s+)?)(?:run|script)\s*:")
_RIGHT = re.compile(
    r"^\s*(contents|packages|id-token|actions|deployments|pull-requests|security-events|statuses|checks|issues|pages|attestations)"
    r"\s*:\s*[\"']?write\b"
)
_STRONG_RIGHTS = frozenset(("contents", "packages", "id-token", "actions", "deployments", "pages"))
_ALL = re.compile(r"^\s*permissions\s*:\s*[\"']?write-all\b")


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None or not (is_workflow(subject.path) or subject.name in ("action.yml", "action.yaml")):
        return
    added = {line.number: line for line in subject.file.added()}
    yield from _unpinned(subject, added)
    yield from _injection(subject, new, added)
    if is_workflow(subject.path):
        yield from _privileged(subject, new, added)
        yield from _rights(subject, added)


def _is_pinned(reference: str) -> bool:
    if reference.startswith(("./", "../")):
        return True
    if reference.startswith("docker://"):
        return "@sha256:" in reference
    return bool(_SHA.match(reference.partition("@")[2]))


def _unpinned(subject: Subject, added: dict[int, ChangedLine]) -> Iterator[Outcome]:
    old_text = subject.texts()[0]
    loose = {
        match[1].partition("@")[0]
        for line in old_text.split("\n")
        if (match := _USES.match(line)) and not _is_pinned(match[1])
    }
    for line in added.values():
        match = _USES.match(line.text)
        if match and "${{" not in match[1] and not _is_pinned(match[1]) and match[1].partition("@")[0] not in loose:
            loose.add(match[1].partition("@")[0])
            yield subject.rules.finding(
                "unpinned-action", subject.at(line, match.start(1), match.end(1)), match[1], action=match[1]
            )


def _injection(subject: Subject, new: SideText, added: dict[int, ChangedLine]) -> Iterator[Outcome]:
    """Text of an event written into a script: it is code by the time the shell or the script engine reads it."""
    block = -1
    for number, text in enumerate(new.lines, 1):
        indent = len(text) - len(text.lstrip())
        if text.strip() and block >= 0 and indent <= block:
            block = -1
        start = _BLOCK.match(text)
        if start:
            block = len(start[1])
        if block < 0 or number not in added:
            continue
        for match in _EXPRESSION.finditer(text[:20_000]):
            if _UNTRUSTED.search(match[1]) and not _SAFE_CALL.search(match[1]):
                yield subject.rules.finding(
                    "workflow-expression-injection", subject.at(added[number], match.start(), match.end()), match[0],
                    expression=match[1].strip()[:100],
                )  # fmt: skip


def _privileged(subject: Subject, new: SideText, added: dict[int, ChangedLine]) -> Iterator[Outcome]:
    text = "\n".join(line.split(" #")[0] for line in new.lines if not line.lstrip().startswith("#"))
    trigger = _PRIVILEGED.search(text)
    if trigger is None or not _CHECKOUT.search(text):
        return
    risky = [
        number
        for number, line in enumerate(new.lines, 1)
        if not line.lstrip().startswith("#") and _fetches_untrusted(line, new.lines[max(0, number - 8) : number])
    ]
    if not risky:
        return
    triggers = {number for number, line in enumerate(new.lines, 1) if _PRIVILEGED.search(line)}
    line = next((added[number] for number in [*risky, *sorted(triggers)] if number in added), None)
    if line is not None:
        sure = Confidence.MEDIUM if trigger[1] == "issue_comment" else Confidence.HIGH
        yield subject.rules.finding(
            "workflow-privileged-checkout", subject.at(line), line.text, confidence=sure, trigger=trigger[1]
        )


def _fetches_untrusted(line: str, before: list[str]) -> bool:
    """A checkout's `ref:` or `repository:`, or a git command, that names the head of somebody else's change."""
    if not _UNTRUSTED_REF.search(line):
        return False
    if re.match(r"\s*(?:ref|repository)\s*:", line):
        return any("actions/checkout" in other for other in before)
    return re.search(r"\bgit\s+(?:fetch|checkout|pull|clone)\b|\bgh\s+pr\s+checkout\b", line) is not None


def _rights(subject: Subject, added: dict[int, ChangedLine]) -> Iterator[Outcome]:
    old_text = subject.texts()[0]
    had = {match[1] for line in old_text.split("\n") if (match := _RIGHT.match(line))}
    had_all = any(_ALL.match(line) for line in old_text.split("\n"))
    for line in added.values():
        if _ALL.match(line.text) and not had_all:
            yield subject.rules.finding(
                "workflow-permissions-widened", subject.at(line), "write-all", right="write-all"
            )
            continue
        match = _RIGHT.match(line.text)
        if match and match[1] not in had and not had_all:
            had.add(match[1])
            # A new workflow has to ask for what it needs; an old one that gets a strong right is another matter.
            strong = old_text != "" and match[1] in _STRONG_RIGHTS
            rule = "workflow-permissions-widened" if strong else "workflow-permissions-requested"
            yield subject.rules.finding(rule, subject.at(line), match[1], right=f"{match[1]}: write")
    yield from _limits_gone(subject, added)


def _limits_gone(subject: Subject, added: dict[int, ChangedLine]) -> Iterator[Outcome]:
    """`permissions:` was there and is not any more: the repository's default applies, often write."""
    old_text, new_text = subject.texts()
    pattern = re.compile(r"^\s*permissions\s*:", re.MULTILINE)
    if old_text and pattern.search(old_text) and not pattern.search(new_text):
        removed = next((line for line in subject.file.removed() if pattern.match(line.text)), None)
        if removed is not None:
            yield subject.rules.finding(
                "workflow-permissions-widened", subject.at(removed), "no permissions", confidence=Confidence.MEDIUM,
                right="whatever the repository's default is",
            )  # fmt: skip
