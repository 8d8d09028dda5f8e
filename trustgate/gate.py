"""The order of a review, and nothing else: views, analyzers, policy, verdict. The only file that knows all of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, cast

from trustgate.analyzers import ANALYZERS
from trustgate.analyzers.context import Analyzer, Context, Settings
from trustgate.attribution.origin import Attribution
from trustgate.changes.changeset import ChangeSet
from trustgate.facts import FileView, halves
from trustgate.finding import Finding, Kind, NotChecked, Side, Skip
from trustgate.policy.decide import Judgement, decide
from trustgate.policy.model import Policy
from trustgate.record import NamedTuple
from trustgate.rulebook import Rulebook
from trustgate.verdict import Action, DiffFile, Mechanical, NotAnalysed, OriginShare, Source, StageRun, Verdict

if TYPE_CHECKING:
    from trustgate.opinion import Reviewed

SOURCE_CONTEXT = 1
"""lines shown before and after a finding"""


class Gathered(NamedTuple):
    """What the analyzers found, before policy is asked."""

    findings: tuple[Finding, ...]
    skips: tuple[Skip, ...]
    not_checked: tuple[NotChecked, ...]
    mechanical: tuple[Mechanical, ...]
    stages: tuple[StageRun, ...]
    files: tuple[FileView, ...]


def gather(
    change: ChangeSet, rulebook: Rulebook, settings: Settings, progress: Callable[[str], None] | None = None
) -> Gathered:
    """Run every analyzer over the change set. One that fails becomes one Skip; the others go on."""
    files = tuple(FileView(item, change) for item in change.files)
    seen = tuple(half for view in files for half in halves(view, change))
    context = Context(change, seen, rulebook, settings)
    skips = [Skip("gate", view.problem, view.path) for view in files if view.unreadable]
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    mechanical: list[Mechanical] = []
    stages: list[StageRun] = []
    for name in ANALYZERS:
        if progress:
            progress(name)
        began = _cpu()
        status, detail = "ran", ""
        try:
            analyzer = cast("Analyzer", import_module(f"trustgate.analyzers.{name}"))
            for outcome in analyzer.analyze(context):
                if isinstance(outcome, Finding):
                    findings.append(outcome)
                elif isinstance(outcome, Skip):
                    skips.append(outcome)
                elif isinstance(outcome, NotChecked):
                    not_checked.append(outcome)
                else:
                    mechanical.append(outcome)
        except Exception as error:  # noqa: BLE001 - the stage border: whatever happened, the verdict says `incomplete`
            status, detail = "failed", f"{type(error).__name__}: {error}"[:300]
            skips.append(Skip(name, f"the analyzer failed: {detail}"))
        stages.append(StageRun(name, status, round(_cpu() - began, 4), detail))
    return Gathered(
        _redacted(_without_covered_touches(findings), rulebook),
        tuple(dict.fromkeys(skips)),
        tuple(dict.fromkeys(not_checked)),
        tuple(mechanical),
        tuple(stages),
        files,
    )


def _cpu() -> float:
    """CPU seconds of this process and of the programs that it started and that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _without_covered_touches(findings: list[Finding]) -> tuple[Finding, ...]:
    """A touch says nothing new where something certain is said of the same boundary in the same file."""
    certain = {(f.location.path, f.boundary) for f in findings if f.kind is not Kind.TOUCH}
    return tuple(f for f in findings if f.kind is not Kind.TOUCH or (f.location.path, f.boundary) not in certain)


def _redacted(findings: tuple[Finding, ...], rulebook: Rulebook) -> tuple[Finding, ...]:
    """What findings quote, with secrets taken out: a line may hold a fault and a key at once."""
    if all(f.kind is Kind.TOUCH for f in findings):
        return findings  # a touch quotes words of our own lists
    from trustgate.secrets.detector import Detector

    redact = Detector.from_rulebook(rulebook).redact

    def clean(f: Finding) -> Finding:
        if f.kind is Kind.TOUCH:
            return f
        return f._replace(title=redact(f.title), message=redact(f.message), evidence=tuple(map(redact, f.evidence)))

    return tuple(map(clean, findings))


def judge(
    change: ChangeSet,
    gathered: Gathered,
    policy: Policy,
    attribution: Attribution,
    rulebook: Rulebook,
    *,
    stage: str,
    today: date,
    has_lane: bool = False,
    with_diff: bool = False,
    reviewed: Reviewed | None = None,
) -> Verdict:
    """Policy over what was gathered, frozen as a verdict; over what reviewers said of it too, where they were asked."""
    judgement = decide(
        policy,
        gathered.findings if reviewed is None else (*gathered.findings, *reviewed.additions),
        attribution,
        stage,
        today=today,
        has_lane=has_lane,
        skips=(*gathered.skips, *unread(attribution)),
        not_checked=gathered.not_checked,
        anything_changed=bool(change.files),
        opinions=reviewed.opinions if reviewed else {},
        about_change=reviewed.about_change if reviewed else {},
    )
    missed = tuple(NotAnalysed(view.path, view.problem) for view in gathered.files if view.problem)
    return Verdict(
        stage=stage,
        diff_base=change.diff_base,
        trusted_base=change.trusted_base,
        head=change.head,
        policy_digest=policy.digest,
        rules_digest=rulebook.digest,
        preset=policy.preset,
        decision=judgement.decision,
        exit_code=judgement.exit_code,
        complete=judgement.complete,
        findings=judgement.judged,
        reasons=judgement.reasons,
        attribution=attribution,
        origins=_shares(gathered.files, attribution, judgement),
        skips=judgement.skips,
        not_checked=gathered.not_checked,
        mechanical=gathered.mechanical,
        stages=gathered.stages,
        files_seen=len(change.files),
        files_analysed=len(change.files) - len(missed),
        not_analysed=missed,
        notes=(
            *change.notes,
            *attribution.refused,
            *(reviewed.notes if reviewed else ()),
            *_hunks_only(gathered.files),
            *judgement.notes,
        ),
        sources=_sources(judgement, gathered.files, rulebook),
        anchors=_anchors(judgement, gathered.files),
        renamed=_renamed(judgement, gathered.files),
        would_have=judgement.would_have,
        diff=_diff(gathered.files, attribution, rulebook, judgement) if with_diff else (),
        reviews=reviewed.reviews if reviewed else (),
    )


def _diff(
    files: Iterable[FileView], attribution: Attribution, rulebook: Rulebook, judgement: Judgement
) -> tuple[DiffFile, ...]:
    from trustgate.diffview import view_of
    from trustgate.secrets.detector import Detector

    told = [judged.finding.location for judged in judgement.judged if judged.action >= Action.NOTE]
    return view_of(files, attribution, Detector.from_rulebook(rulebook).redact, told)


def unread(attribution: Attribution) -> tuple[Skip, ...]:
    """Records of who wrote the change that are there and could not be read."""
    return tuple(Skip("attribution", problem) for problem in attribution.problems)


def _hunks_only(files: Iterable[FileView]) -> tuple[str, ...]:
    """A line for the files of a patch whose surroundings are not known."""
    paths = [view.path for view in files if view.degraded]
    if not paths:
        return ()
    many = paths[0] if len(paths) == 1 else f"{len(paths)} files, the first of them {paths[0]}"
    return (f"only the hunks are known, and nothing round them: {many}",)


def _shares(files: Iterable[FileView], attribution: Attribution, judgement: Judgement) -> tuple[OriginShare, ...]:
    """Changed lines per origin. A line, or a file without line evidence, of several origins counts for each of them."""
    added: dict[str, int] = {}
    removed: dict[str, int] = {}
    for view in files:
        minus = sum(hunk.old_count for hunk in view.change.hunks)
        for name, plus in attribution.counts(view.path, [hunk.new_lines for hunk in view.change.hunks]).items():
            added[name] = added.get(name, 0) + plus
        for origin in attribution.of(view.path, 0):
            removed[origin.id] = removed.get(origin.id, 0) + minus
    return tuple(
        OriginShare(origin, origin.id in judgement.raised, added.get(origin.id, 0), removed.get(origin.id, 0))
        for origin in attribution.origins
    )


def _sources(judgement: Judgement, files: Iterable[FileView], rulebook: Rulebook) -> tuple[tuple[str, Source], ...]:
    """The lines round every finding that a report may show, with secrets taken out."""
    views = {view.path: view for view in files}
    redact: Callable[[str], str] | None = None
    sources = []
    for judged in judgement.judged:
        at = judged.finding.location
        view = views.get(at.path) or next((v for v in views.values() if v.change.old_path == at.path), None)
        if judged.action < Action.NOTE or at.line < 1 or view is None:
            continue
        side = view.old if at.side is Side.OLD else view.new
        if side is None:
            continue
        if redact is None:
            from trustgate.secrets.detector import Detector

            redact = Detector.from_rulebook(rulebook).redact
        first = max(at.line - SOURCE_CONTEXT, 1)
        last = min(max(at.end_line, at.line) + SOURCE_CONTEXT, len(side.lines), at.line + 8)
        text = redact("\n".join(side.lines[first - 1 : last]))
        sources.append((f"{judged.finding.fingerprint}@{at.line}", Source(first, tuple(text.split("\n")))))
    return tuple(sources)


def _anchors(judgement: Judgement, files: Iterable[FileView]) -> tuple[tuple[str, int], ...]:
    """Where a finding on a removed line can be shown: the new side's line that stands where it stood."""
    views = {view.change.old_path: view for view in files}
    anchors = []
    for judged in judgement.judged:
        at = judged.finding.location
        view = views.get(at.path)
        if at.side is Side.OLD and view is not None and view.new is not None:
            line = _new_line(view, at.line)
            anchors.append((f"{judged.finding.fingerprint}@{at.line}", max(1, min(line, len(view.new.lines)))))
    return tuple(anchors)


def _renamed(judgement: Judgement, files: Iterable[FileView]) -> tuple[tuple[str, str], ...]:
    """A finding on a removed line names the old path, and a forge shows only the new one."""
    gone = {judged.finding.location.path for judged in judgement.judged if judged.finding.location.side is Side.OLD}
    moved = ((view.change.old_path, view.path) for view in files if view.renamed)
    return tuple((old, new) for old, new in moved if old in gone)


def _new_line(view: FileView, old_line: int) -> int:
    shift = 0
    for hunk in view.change.hunks:
        if hunk.old_start > old_line:
            break
        if old_line in hunk.old_lines:
            return hunk.new_start + min(old_line - hunk.old_start, max(hunk.new_count - 1, 0))
        shift += hunk.new_count - hunk.old_count
    return old_line + shift
