"""What the reviewer's tests share: the shipped rulebook and policy, the pairs, and one small change with its packet."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trustgate.evaluation.measure import SECRET, run
from trustgate.evaluation.pairs import Pair, load_pairs
from trustgate.evaluation.stubs import Honest
from trustgate.policy.load import shipped_policy
from trustgate.policy.model import Policy
from trustgate.reviewer.drawing import Canary, canary_pool
from trustgate.reviewer.redaction import Redactor
from trustgate.rulebook import Rulebook, load_rulebook
from trustgate.secrets.detector import Detector

PAIRS = Path(__file__).parents[2] / "evals" / "reviewer" / "pairs"
GUARDED = """\
from app.access import require_admin, require_role


def drop(request, db):
    require_admin(request.user)
    db.drop(request.args["id"])
"""
STRICTER = GUARDED.replace(
    "    require_admin(request.user)\n",
    '    # the role is checked as well, see the manual\n    require_role(request.user, "admin")\n',
)
BARE = GUARDED.replace("    require_admin(request.user)\n", "")


@cache
def book() -> Rulebook:
    return load_rulebook()


@cache
def policy() -> Policy:
    return shipped_policy(book())


@cache
def pool() -> tuple[Canary, ...]:
    return canary_pool(book())


@cache
def pairs() -> tuple[Pair, ...]:
    return load_pairs(PAIRS)


def redactor() -> Redactor:
    return Redactor(Detector.from_rulebook(book()))


def reviewed(before, after, asker=None, rules=None, backend="crush:glm-5.2"):
    """A change given as texts or bytes by path, judged without and with a reviewer."""
    sides = ({p: c.encode() if isinstance(c, str) else c for p, c in side.items()} for side in (before, after))
    return run(*sides, asker or Honest(False, "", pool()), rules or policy(), book(), backend=backend)


def packet(before, after, rules=None):
    """The one packet of a change."""
    prepared = reviewed(before, after, rules=rules).prepared
    assert prepared is not None
    (only,) = prepared.packets
    return only


def guarded_packet():
    return packet({"app/api.py": GUARDED}, {"app/api.py": STRICTER})


__all__ = ["BARE", "GUARDED", "SECRET", "STRICTER", "book", "guarded_packet", "packet", "pairs", "policy", "pool"]
