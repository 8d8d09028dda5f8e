"""Messages that say less than the change does. A message is a claim: it can raise a question, never answer one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from trustgate.analyzers.boundaries.rules import Rules
from trustgate.changes.changeset import CommitInfo
from trustgate.finding import CORE_BOUNDARIES, Confidence, Finding, Kind
from trustgate.record import NamedTuple
from trustgate.syntax.paths import PathKind, path_kind

NOTHING_DONE = (
    r"(?i)^(?:\[[^\]\n]{1,30}\]\s*)?(?:(?:docs?|style|typos?|comments?|format(?:ting)?|fmt|lint(?:ing|er)?|whitespace|"
    r"spelling|changelog|readme|prettier|black|isort|gofmt|reformat)\b(?:\([^)\n]{1,40}\))?!?(?::|\s|$)"
    r"|(?:fix|correct|apply|run|ran|minor)\s+(?:an?\s+|some\s+|the\s+|minor\s+|code\s+)?(?:typos?|spelling|whitespace|"
    r"format(?:ting|ter)?|comments?|docs?|lint(?:ing|er)?|style|indentation|prettier|black|isort|gofmt|ruff)\b"
    r"|(?:update|improve|edit|clarify)\s+(?:the\s+)?(?:docs?|documentation|docstrings?|readme|comments?|changelog)\b"
    r"|re-?format(?:ted)?\b|re-?indent(?:ed)?\b)"
)
"""says that nothing a program does is different"""
BESIDE_THE_POINT = (
    r"(?i)^(?:(?:chore|bump|rename|deps|build\(deps[^)\n]{0,20}\)|release|ci)\b(?:\([^)\n]{1,40}\))?!?(?::|\s|$)"
    r"|(?:bump|upgrade|rename|move)\s|minor\s+(?:fix|change|cleanup|tweak|update)|clean\s?up\b|housekeeping)"
)
"""says that no behaviour is meant to change; real edits under such a heading are common, lost guards are not"""
TRAILER = (
    r"(?im)^(?:change-?(?:type|kind)|type(?:-of-change)?|kind|category|commit-?type)\s*:\s*"
    r"(?P<kind>format(?:ting)?|style|lint|typo|docs?|documentation|whitespace|chore|rename|bump|mechanical|no-?op|trivial)"
    r"\s*$"
)
MILD = ("chore", "rename", "bump", "trivial")
TELLING = 70
"""score of a touch that a message of the first kind should have spoken of"""
LOOKED_AT = 20_000
"""characters of a message"""


class Claim(NamedTuple):
    """What a message says of the change."""

    text: str
    """subject or trailer"""
    nothing: bool
    """that nothing is done at all, against: that nothing is meant to behave differently"""


@lru_cache(maxsize=4)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def claim_of(message: str) -> Claim | None:
    """The harmless-sounding claim of a message, by its subject or by a trailer of its last paragraph, or None."""
    text = message.strip()[:LOOKED_AT]
    subject = text.split("\n", 1)[0][:80]
    if _compiled(NOTHING_DONE).match(subject):
        return Claim(subject, True)
    trailer = _compiled(TRAILER).search(text.rsplit("\n\n", 1)[-1]) if "\n\n" in text else None
    if trailer is not None:
        return Claim(trailer[0].strip()[:80], trailer["kind"].lower() not in MILD)
    if _compiled(BESIDE_THE_POINT).match(subject):
        return Claim(subject, False)
    return None


def find_mismatch(
    commits: Sequence[CommitInfo],
    findings: Sequence[Finding],
    rules: Rules,
    touched: Mapping[str, Sequence[str]] | None = None,
) -> Finding | None:
    """A finding at the most telling boundary edit whose file was changed under harmless messages only.

    `touched` holds, by path, the ids of the commits that changed it; without it every message of the range counts.
    """
    telling = [finding for finding in findings if _telling(finding)] if commits else []
    if not telling:
        return None
    claims = {commit.id: claim_of(commit.message) for commit in commits}
    hits: list[tuple[Finding, Claim]] = []
    for finding in telling:
        ids = (touched or {}).get(finding.location.path) or tuple(claims)
        said = [claims.get(oid) for oid in ids]
        mildest = next((claim for claim in said if claim is not None and not claim.nothing), said[0])
        if None in said or mildest is None or (finding.kind is Kind.TOUCH and not mildest.nothing):
            continue
        hits.append((finding, mildest))
    if not hits:
        return None
    worst, claim = max(hits, key=lambda hit: (hit[0].kind is not Kind.TOUCH, hit[0].severity, hit[0].score))
    return rules.named["claim-mismatch"].finding(
        worst.location, worst.symbol, worst.fingerprint, (f"message: {claim.text}", f"edit: {worst.rule}")
    )


def _telling(finding: Finding) -> bool:
    """A lost guard or an unsafe call on the core five, or a touch of code of high score. Proven lines are neither."""
    if finding.boundary not in CORE_BOUNDARIES or finding.confidence <= Confidence.LOW:
        return False
    if finding.kind is not Kind.TOUCH:
        return True
    return finding.score >= TELLING and path_kind(finding.location.path) is PathKind.CODE
