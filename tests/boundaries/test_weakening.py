"""Guards that are lost, and edits that only look like it."""

from __future__ import annotations

import pytest
from boundary_cases import findings, rules

from trustgate.finding import Confidence, Side

GUARDED = """
def drop(request, db):
    require_admin(request.user)
    db.drop(request.args["id"])
"""
BARE = """
def drop(request, db):
    db.drop(request.args["id"])
"""

LEFT_ALONE = {
    "the whole function goes": (
        {"a.py": GUARDED + "\ndef other():\n    return 1\n"},
        {"a.py": "def other():\n    return 1\n"},
    ),
    "the function moves to another file with its guard": (
        {"a.py": GUARDED + "\nX = 1\n", "b.py": "Y = 2\n"},
        {"a.py": "X = 1\n", "b.py": "Y = 2\n" + GUARDED},
    ),
    "the guard is indented into a with block": (
        {"a.py": GUARDED},
        {
            "a.py": 'def drop(request, db):\n    with db:\n        require_admin(request.user)\n        db.drop(request.args["id"])\n'
        },
    ),
    "the guard becomes a decorator-free condition of the same kind": (
        {"a.py": GUARDED},
        {
            "a.py": "def drop(request, db):\n    if not request.user.is_admin:\n        raise Denied(admin=True)\n    check_admin(request.user)\n    db.drop(1)\n"
        },
    ),
    "a guard in a test goes": ({"tests/test_a.py": GUARDED}, {"tests/test_a.py": BARE}),
    "a call that is no guard goes": (
        {"a.py": "def f(x):\n    log_user(x)\n    return x\n"},
        {"a.py": "def f(x):\n    return x\n"},
    ),
    "an early exit about something else goes": (
        {"a.py": "def f(x):\n    if not x.ready:\n        raise NotReady()\n    return x\n"},
        {"a.py": "def f(x):\n    return x\n"},
    ),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert rules(before, after) == set()


FLAGGED = {
    "a guard call": ("auth-guard-removed", {"a.py": GUARDED}, {"a.py": BARE}),
    "a guard that moves to a function nobody calls": (
        "auth-guard-removed",
        {"a.py": GUARDED},
        {"a.py": BARE + "\n\ndef unused(request):\n    require_admin(request.user)\n"},
    ),
    "a decorator": (
        "auth-guard-removed",
        {"a.py": "@permission_required('x')\ndef v(r):\n    return r\n"},
        {"a.py": "def v(r):\n    return r\n"},
    ),
    "a guard in a language without a grammar": (
        "auth-guard-removed",
        {"a.rb": "class X\n  def drop\n    raise Denied unless user.is_admin\n    go\n  end\nend\n"},
        {"a.rb": "class X\n  def drop\n    go\n  end\nend\n"},
    ),
    "a guard in Go": (
        "crypto-check-removed",
        {
            "a.go": "package a\n\nfunc F(m, k []byte) error {\n\tif !verifySignature(m, k) {\n\t\treturn errBad\n\t}\n\treturn run(m)\n}\n"
        },
        {"a.go": "package a\n\nfunc F(m, k []byte) error {\n\treturn run(m)\n}\n"},
    ),
    "a guard in TypeScript": (
        "auth-guard-removed",
        {"a.ts": "export class C {\n  @UseGuards(AuthGuard)\n  drop(id: string): void { this.s.drop(id); }\n}\n"},
        {"a.ts": "export class C {\n  drop(id: string): void { this.s.drop(id); }\n}\n"},
    ),
}


@pytest.mark.parametrize(("rule", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags(rule: str, before: dict[str, str], after: dict[str, str]) -> None:
    assert rule in rules(before, after)


def test_the_finding_points_at_the_removed_line_and_says_what_went() -> None:
    (found,) = [f for f in findings({"a.py": GUARDED}, {"a.py": BARE}) if f.rule == "auth-guard-removed"]
    assert (found.location.side, found.location.line, found.symbol) == (Side.OLD, 2, "drop")
    assert found.confidence is Confidence.HIGH
    assert "require_admin(request.user)" in found.message


def test_adding_a_guard_is_no_weakening() -> None:
    assert rules({"a.py": BARE}, {"a.py": GUARDED}) == set()


def test_a_guard_in_a_method_of_another_class_is_no_replacement() -> None:
    real = "class Users:\n    def drop(self, r):\n        require_admin(r)\n        self.db.drop(r)\n"
    decoy = "\n\nclass Old:\n    def drop(self, r):\n        require_admin(r)\n"
    after = real.replace("        require_admin(r)\n", "") + decoy
    assert "auth-guard-removed" in rules({"a.py": real}, {"a.py": after})


def test_a_guard_in_a_function_inside_that_nobody_calls_is_no_replacement() -> None:
    after = GUARDED.replace(
        "    require_admin(request.user)\n", "    def guard():\n        require_admin(request.user)\n"
    )
    assert "auth-guard-removed" in rules({"a.py": GUARDED}, {"a.py": after})
