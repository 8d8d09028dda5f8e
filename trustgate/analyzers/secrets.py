"""Secrets in the lines that a change adds. What it removes is no finding, what it moves between files is one."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.context import Context, Outcome
from trustgate.facts import FileView, SideText
from trustgate.finding import Finding, Kind, Location, NotChecked, secret_fingerprint
from trustgate.rulebook import LEAK_TIP
from trustgate.secrets.detector import Detector, Located

NAME = "secrets"
MAX_FINDINGS = 40
"""findings of one rule in one file; the rest is one more finding with their number (a fingerprint takes 10 ms)"""


def analyze(context: Context) -> Iterator[Outcome]:
    """One finding for each secret of each file; a secret that the old side of the same file held already is not new."""
    detector = Detector.from_rulebook(context.rulebook)
    if len(context.change.commits) > 1:
        yield NotChecked(
            "secrets:history", "only what is left at the end of the range is looked at, not each commit of it"
        )
    for view in context.files:
        if view.new is not None and view.behind_nul:
            yield from _behind_nul(detector, view, view.new)
        elif view.new is not None:
            yield from _findings(detector, view, view.new)


def _behind_nul(detector: Detector, view: FileView, new: SideText) -> Iterator[Finding]:
    """Every line, with the NULs taken out: ASCII in UTF-16 is itself with NULs between, and has lines of its own."""
    bare = SideText(view.path, new.oid, new.data.replace(b"\0", b""))
    before = view.old.data.replace(b"\0", b"").decode("utf-8", "surrogateescape") if view.old is not None else ""
    located = detector.scan_lines(bare.text, bare.lines, range(1, len(bare.lines) + 1), view.path)
    yield from _reported([item for item in located if not _held(before, item)], view.path)


def _findings(detector: Detector, view: FileView, new: SideText) -> Iterator[Finding]:
    numbers = [line.number for line in view.added()]
    if not numbers:
        return
    known = [number for number in numbers if number <= len(new.lines)]
    located = detector.scan_lines(new.text, new.lines, known, view.path)
    before = view.old.text if located and view.old is not None else ""
    yield from _reported([item for item in located if not _held(before, item)], view.path)


def _reported(located: list[Located], path: str) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Located]] = {}
    for item in located:
        groups.setdefault((item.hit.pattern.id, item.hit.secret), []).append(item)
    made: dict[str, int] = {}
    rest: dict[str, list[Located]] = {}
    for (rule, _secret), items in groups.items():
        made[rule] = made.get(rule, 0) + 1
        if made[rule] <= MAX_FINDINGS:
            yield _finding(items, path)
        else:
            rest.setdefault(rule, []).extend(items)
    for items in rest.values():
        yield _aggregate(items, path)


def _held(before: str, item: Located) -> bool:
    """The same secret on the old side of this file: moved or re-indented, not leaked by this change."""
    if item.hit.pattern.form == "pem":
        from trustgate.secrets.pem import key_blocks

        return any(block.body == item.hit.secret for block in key_blocks(before))
    return item.hit.secret in before


def _finding(items: list[Located], path: str) -> Finding:
    item = items[0]
    hit, pattern = item.hit, item.hit.pattern
    evidence = [hit.redacted]
    if hit.why:
        evidence.append(hit.why)
    if len(items) > 1:
        evidence.append("also on line " + ", ".join(str(other.line) for other in items[1:20]))
    return Finding(
        rule=pattern.id,
        analyzer=NAME,
        kind=Kind.SECRET,
        severity=pattern.severity,
        confidence=hit.confidence,
        location=Location(path, line=item.line, end_line=item.end_line, column=item.column, end_column=item.end_column),
        title=pattern.title + (f" ({hit.why})" if hit.why else ""),
        message=f"This change adds {_article(pattern.title)}: {hit.redacted}. "
        "Whoever can read the repository, or any copy of it, can use it.",
        fingerprint=secret_fingerprint(pattern.id, path, hit.secret),
        boundary="secrets",
        tip=pattern.tip or LEAK_TIP,
        evidence=tuple(evidence),
    )


def _aggregate(items: list[Located], path: str) -> Finding:
    surest = max(items, key=lambda item: item.hit.confidence)
    pattern = surest.hit.pattern
    together = "\0".join(sorted(item.hit.secret for item in items))
    return Finding(
        rule=pattern.id,
        analyzer=NAME,
        kind=Kind.SECRET,
        severity=pattern.severity,
        confidence=surest.hit.confidence,
        location=Location(path, line=surest.line, end_line=surest.end_line),
        title=f"{pattern.title}: {len(items)} more in this file",
        message=f"Beside the {MAX_FINDINGS} listed, this change adds {len(items)} more of this kind to the file.",
        fingerprint=secret_fingerprint(pattern.id, path, together),
        boundary="secrets",
        tip=pattern.tip or LEAK_TIP,
    )


def _article(title: str) -> str:
    return f"{'an' if title[0] in 'AEIOaeio' else 'a'} {title}"
