"""A signed approval: which findings of which change a person accepts, until when, and why.

One line of JSON in the notes of the head commit, under refs/notes/trustgate-approvals: the statement, base64, and an
SSHSIG signature over it in a namespace of its own. It is bound to the diff base, the tree of the head and the digest of
the policy, so a push, a rebase or another policy voids it.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date
from typing import NamedTuple

REF = "refs/notes/trustgate-approvals"
NAMESPACE = "trustgate-approval"
TYPE = "trustgate.approval/1"
LINE_LIMIT = 64 * 1024
FINDINGS = 500
LINES = 100
"""approvals of one commit that are read"""
REASON = 500
"""characters of a reason"""


class Approval(NamedTuple):
    base: str
    """diff base, the id of a commit"""
    tree: str
    """of the head"""
    policy: str
    """hex digest of the effective policy"""
    findings: tuple[str, ...]
    """fingerprints, whole"""
    reason: str
    expires: date
    """the last day on which it counts"""


def statement(approval: Approval) -> bytes:
    """The bytes that are signed."""
    value = {**approval._asdict(), "_type": TYPE, "expires": approval.expires.isoformat()}
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def line_of(payload: bytes, signature: bytes) -> bytes:
    parts = {"payload": base64.b64encode(payload).decode(), "signature": base64.b64encode(signature).decode()}
    return json.dumps(parts, sort_keys=True).encode()


def read_line(line: bytes) -> tuple[bytes, bytes] | None:
    """Payload and signature of a line, None where it is none."""
    if len(line) > LINE_LIMIT:
        return None
    try:
        value = json.loads(line)
        parts = tuple(base64.b64decode(value[key], validate=True) for key in ("payload", "signature"))
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
        return None
    return parts[0], parts[1]


def read_statement(payload: bytes) -> Approval | None:
    """The approval in a payload whose signature was checked, None where it is none."""
    try:
        value = json.loads(payload)
        if not isinstance(value, dict) or value.pop("_type", None) != TYPE or value.keys() != set(Approval._fields):
            return None
        texts = [value[key] for key in ("base", "tree", "policy", "reason")]
        findings, expires = value["findings"], date.fromisoformat(value["expires"])
    except (ValueError, TypeError, RecursionError):
        return None
    if not all(isinstance(text, str) for text in texts) or not _fingerprints(findings):
        return None
    return Approval(texts[0], texts[1], texts[2], tuple(findings), texts[3][:REASON], expires)


def _fingerprints(findings: object) -> bool:
    return isinstance(findings, list) and 0 < len(findings) <= FINDINGS and all(map(_is_fingerprint, findings))


def _is_fingerprint(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and not text.strip("0123456789abcdef")


def lines(text: bytes) -> list[bytes]:
    return [line for line in text.split(b"\n") if line.strip()]
