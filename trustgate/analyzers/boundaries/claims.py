"""Messages that say less than the change does. A message is a claim: it can raise a question, never answer one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trustgate.analyzers.boundaries.rules import Rules
from trustgate.changes.changeset import CommitInfo
from trustgate.finding import CORE_BOUNDARIES, Confidence, Finding, Kind

HARMLESS = (
    r"(?i)^(?:(?:docs?|style|typos?|comments?|format(?:ting)?|fmt|lint|whitespace|spelling|changelog|readme)\b"
    r"|(?:fix|correct)\s+(?:an?\s+|some\s+)?(?:typos?|spelling|whitespace|formatting|comments?|docs?)\b"
    r"|(?:update|improve|edit)\s+(?:the\s+)?(?:docs?|documentation|readme|comments?|changelog)\b)"
)
TELLING = 70
"""score of a touch that such a message should have spoken of"""


def find_mismatch(commits: Sequence[CommitInfo], findings: Sequence[Finding], rules: Rules) -> Finding | None:
    """A finding at the most telling boundary edit, when every message of the range claims to be harmless."""
    if not commits or not all(re.match(HARMLESS, commit.message.lstrip()[:200]) for commit in commits):
        return None
    telling = [
        finding
        for finding in findings
        if finding.boundary in CORE_BOUNDARIES
        and (finding.kind is not Kind.TOUCH or finding.score >= TELLING)
        and finding.confidence > Confidence.LOW
    ]
    if not telling:
        return None
    worst = max(telling, key=lambda finding: (finding.kind is not Kind.TOUCH, finding.severity, finding.score))
    subject = commits[0].message.lstrip().split("\n", 1)[0][:80]
    return rules.named["claim-mismatch"].finding(
        worst.location, worst.symbol, worst.fingerprint, (f"message: {subject}", f"edit: {worst.rule}")
    )
