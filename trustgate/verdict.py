"""The frozen result of one review. Made by the gate, read by reports, the ledger and the exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from trustgate.attribution.origin import Attribution, Origin
from trustgate.finding import Finding, NotChecked, Skip
from trustgate.record import NamedTuple

if TYPE_CHECKING:
    from trustgate.opinion import Review


class Action(IntEnum):
    """What policy does with one finding, mildest first."""

    SILENT = 0
    NOTE = 1
    WARN = 2
    ESCALATE = 3
    BLOCK = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Decision(IntEnum):
    ALLOW = 0
    WARN = 1
    ESCALATE = 2
    BLOCK = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Judged(NamedTuple):
    """A finding with what policy made of it."""

    finding: Finding
    action: Action
    policy_line: str
    """id of the policy line that decided, as `trustgate config show` prints it"""
    origin: str = "o0"
    """Origin.id of the strictest origin of the line"""
    clearable: str = ""
    """who may clear it: empty (nobody), `person`, or `reviewer` (a reviewer or a person)"""
    suppressed_by: str = ""
    """id of the exception that accepted it"""
    cleared_by: str = ""
    """id of the review that cleared it, with quotes that were found in the change"""


class Reason(NamedTuple):
    """Why the decision is what it is: a finding at `warn` or above, or the change as a whole."""

    finding: str
    """fingerprint; empty for a reason about the whole change"""
    policy_line: str
    action: Action
    why: str
    """the policy line's own sentence"""
    origin: str = ""
    """Origin.id"""
    clearable: str = ""


class OriginShare(NamedTuple):
    origin: Origin
    raised: bool
    lines_added: int = 0
    lines_removed: int = 0


class StageRun(NamedTuple):
    name: str
    status: str
    """ran, skipped or failed"""
    seconds: float = 0.0
    detail: str = ""


class NotAnalysed(NamedTuple):
    path: str
    reason: str


class Mechanical(NamedTuple):
    """A span proven to be a mechanical change, with the proof in words."""

    path: str
    line: int
    end_line: int
    proof: str


class Source(NamedTuple):
    """Lines round a finding, for display: 1-based number of the first, and the texts as they stand in the blob."""

    first: int
    lines: tuple[str, ...]


class DiffRow(NamedTuple):
    """One line of a change as a page shows it, secrets redacted. A gap between hunks has both numbers 0."""

    old: int
    """1-based, 0 for a line that only the new side has"""
    new: int
    text: str
    origin: str = ""
    """Origin.id of the strictest origin of a changed line"""


class DiffFile(NamedTuple):
    """One file of a change as a page shows it."""

    path: str
    old_path: str
    rows: tuple[DiffRow, ...]
    cut: int = 0
    """changed lines that are not among the rows"""
    about: tuple[str, ...] = ()
    """what there is besides lines: `deleted`, `binary`, `mode 100644 -> 100755`"""
    added: int = 0
    removed: int = 0
    """changed lines of each side, those that were cut included"""


class Verdict(NamedTuple):
    stage: str
    """commit, push or pr"""
    diff_base: str
    trusted_base: str
    head: str
    policy_digest: str
    rules_digest: str
    preset: str
    decision: Decision
    exit_code: int
    complete: bool
    """False when any skip is an error: the gate was blind somewhere"""
    findings: tuple[Judged, ...]
    """worst action first, then severity, confidence, path, line"""
    attribution: Attribution
    origins: tuple[OriginShare, ...]
    reasons: tuple[Reason, ...] = ()
    """worst action first"""
    skips: tuple[Skip, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    mechanical: tuple[Mechanical, ...] = ()
    stages: tuple[StageRun, ...] = ()
    files_seen: int = 0
    files_analysed: int = 0
    not_analysed: tuple[NotAnalysed, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[tuple[str, Source], ...] = ()
    """by finding fingerprint and position (`fingerprint@line`); secrets already redacted"""
    anchors: tuple[tuple[str, int], ...] = ()
    """by `fingerprint@line` of a finding on a removed line: the nearest line of the new side"""
    renamed: tuple[tuple[str, str], ...] = ()
    """old and new path of the renamed files that have a finding on a removed line"""
    would_have: int = 0
    """the exit code before the `advise` preset turned it into 0"""
    diff: tuple[DiffFile, ...] = ()
    """the change itself, where a page was asked for"""
    reviews: tuple[Review, ...] = ()
    """what went to reviewers and what came back, one entry a packet"""
