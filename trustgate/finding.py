"""Findings and skips: the values that every analyzer makes and every report shows. No I/O."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from trustgate.digest import hex_digest
from trustgate.record import NamedTuple

CORE_BOUNDARIES = ("auth", "crypto", "secrets", "deserialization", "network")
OTHER_BOUNDARIES = ("injection", "data-deletion", "deploy", "agent-config", "verification")
BOUNDARIES = CORE_BOUNDARIES + OTHER_BOUNDARIES


class Severity(IntEnum):
    """How bad a finding is if it is true."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure we are that a finding is true. Never folded into severity."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Kind(StrEnum):
    TOUCH = "touch"
    WEAKENING = "weakening"
    FLAW = "flaw"
    SECRET = "secret"  # noqa: S105 - the name of a kind, not a credential
    DEPENDENCY = "dependency"
    MODEL = "model"
    INTEGRITY = "integrity"


class Side(StrEnum):
    OLD = "old"
    NEW = "new"


STANDING = {Confidence.LOW: 35, Confidence.MEDIUM: 75, Confidence.HIGH: 95}
"""hundredths: where a finding without a score of its own stands among touches"""


class Location(NamedTuple):
    """A span of one side of one file.

    Lines and columns are 1-based; a line ends at LF only, as git counts; columns count Unicode characters and
    `end_column` is exclusive. `line` 0 means the file as a whole.
    """

    path: str
    side: Side = Side.NEW
    line: int = 0
    end_line: int = 0
    column: int = 1
    end_column: int = 1


class Finding(NamedTuple):
    """One place where a rule holds. Text fields may quote the diff: hostile until escaped, secrets already redacted."""

    rule: str
    """kebab-case id, as `trustgate explain` takes it"""
    analyzer: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    location: Location
    title: str
    """one line, no full stop"""
    message: str
    fingerprint: str
    """64 hex digits from `fingerprint()` or `secret_fingerprint()`"""
    boundary: str = ""
    """one of BOUNDARIES, or empty"""
    score: int = 0
    """of a touch, 0-100, hundredths of the score that reports show; policy reads it of touches only"""
    symbol: str = ""
    """dotted chain of enclosing symbols"""
    tip: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def rank(self) -> float:
        """Between 0 and 1, to order findings by: a touch's score, and what the confidence is worth elsewhere."""
        return (self.score or STANDING[self.confidence]) / 100


class Skip(NamedTuple):
    """Something that should have been looked at and was not: with `error`, the verdict can not be allow."""

    analyzer: str
    reason: str
    path: str = ""
    error: bool = True


class NotChecked(NamedTuple):
    """A check that is not installed, not configured or off by choice: an error only where policy requires it."""

    what: str
    reason: str


def fingerprint(rule: str, path: str, symbol: str, matched: str) -> str:
    """Identity of a finding that survives moves inside a file, squash and rebase: no line numbers, no commit ids.

    Blanks in `matched` are folded.
    """
    folded = " ".join(matched.split())
    text = "\0".join((rule, path, symbol, folded))
    return hex_digest("sha256", text.encode("utf-8", "surrogateescape"))


def secret_fingerprint(rule: str, path: str, secret: str) -> str:
    """Fingerprint of a finding about `secret`, which goes in through scrypt (RFC 7914, N=4096, r=8, p=1, about 10 ms).

    A report must not become an oracle for short secrets, so a plain hash will not do.
    """
    import hashlib

    salt = f"trustgate fingerprint\0{rule}\0{path}".encode("utf-8", "surrogateescape")
    digest = hashlib.scrypt(secret.encode("utf-8", "surrogateescape"), salt=salt, n=4096, r=8, p=1, dklen=32)
    return digest.hex()
