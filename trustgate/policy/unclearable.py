"""What no model may clear, whatever a policy says: the reviewer reads the change, and these are about trust itself.

A person still may, where the policy line says so.
"""

from __future__ import annotations

from trustgate.finding import Finding, Kind

NEVER_BY_MODEL = {
    "secret": (),
    "known bad": ("dependency-known-bad",),
    "absent or invented package": ("dependency-absent", "dependency-look-alike", "dependency-not-listed"),
    "hidden text": (
        "hidden-unicode",
        "confusable-identifier",
        "source-encoding",
        "folded-identifier",
        "git-like-path",
        "bare-carriage-return",
        "binary-source",
        "padded-statement",
    ),
    "workflow rights": (
        "workflow-privileged-checkout",
        "workflow-permissions-widened",
        "workflow-permissions-requested",
        "workflow-expression-injection",
    ),
    "pin mismatch": (
        "lock-integrity-changed",
        "lock-integrity-gone",
        "lock-new-host",
        "dependency-hash-dropped",
        "dependency-source-changed",
        "dependency-index-added",
        "model-silent-swap",
        "model-lock-changed",
    ),
    "own configuration": ("code-owners-changed", "first-adoption", "attribution-silenced"),
    "injection marker": ("agent-instructions-bypass", "suppression-added", "reviewer-addressed"),
}
"""rule ids by reason; secrets go by kind, rules that begin with `own-` are our own configuration, and what a reviewer
found is not a reviewer's to clear"""
_REASON = {rule: reason for reason, rules in NEVER_BY_MODEL.items() for rule in rules}


def never_by_model(finding: Finding) -> str:
    """Why no model may clear this finding; empty where a policy line can allow it."""
    if finding.kind is Kind.SECRET or finding.analyzer == "secrets":
        return "secret"
    if finding.analyzer == "reviewer":
        return "found by a reviewer"
    if finding.rule.startswith("own-"):
        return "own configuration"
    return _REASON.get(finding.rule, "")
