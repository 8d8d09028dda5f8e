"""Guards that still stand and stop less, and edits that only look like it."""

from __future__ import annotations

import pytest
from boundary_cases import findings

from trustgate.finding import Confidence, Finding, Kind

VIEW = """
def drop(request, db):
    require_admin(request.user)
    db.drop(request.args["id"])
    return done(request)
"""
EXIT = """
def drop(request, db):
    if not request.user.is_admin:
        raise Denied()
    db.drop(request.args["id"])
    return done(request)
"""
CHECK = """
def verify_session(request, store):
    session = store.find(request.cookies["sid"])
    if session.expired():
        return False
    return compare_digest(session.key, request.key)
"""
ROUTE = """
from shop import app, login_required

@app.route("/orders")
@login_required
def orders():
    return listing()
"""


def weakenings(before: str, after: str, path: str = "a.py") -> list[Finding]:
    found = findings({path: before}, {path: after})
    return [f for f in found if f.kind is Kind.WEAKENING and f.confidence > Confidence.LOW]


LEFT_ALONE = {
    "a log above the guard": (VIEW, VIEW.replace("    require", '    log.info("drop")\n    require')),
    "work that nothing did before stands above the guard": (
        VIEW,
        VIEW.replace("    require_admin", "    db.open()\n    require_admin"),
    ),
    "a stricter condition": (EXIT, EXIT.replace("is_admin:", "is_admin or request.user.locked:")),
    "a denial above the guard": (
        VIEW,
        VIEW.replace("    require", "    if not request.user:\n        return forbidden(request)\n    require"),
    ),
    "a check that is rewritten and still checks": (
        CHECK,
        CHECK.replace("session.expired()", "session.expired(now())"),
    ),
    "a guard that is extracted, and called": (
        EXIT,
        "def allowed_to_drop(request):\n    if not request.user.is_admin:\n        raise Denied()\n\n\n"
        + EXIT.lstrip().replace(
            "    if not request.user.is_admin:\n        raise Denied()\n", "    allowed_to_drop(request)\n"
        ),
    ),
    "a handler that raises again": (
        VIEW,
        VIEW.replace(
            "    require_admin(request.user)\n",
            "    try:\n        require_admin(request.user)\n    except Denied as fault:\n        raise Forbidden() from fault\n",
        ),
    ),
    "a decorator between route and guard": (
        ROUTE,
        ROUTE.replace("@login_required\n", "@cached\n@login_required\n"),
    ),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: str, after: str) -> None:
    assert weakenings(before, after) == []


FLAGGED = {
    "the deed comes first": (
        "comes after",
        VIEW,
        VIEW.replace("    require_admin(request.user)\n", "").replace(
            "    return", "    require_admin(request.user)\n    return"
        ),
    ),
    "one more term that is never true": ("stops less", EXIT, EXIT.replace("is_admin:", "is_admin and False:")),
    "a switch in the condition": ("stops less", EXIT, EXIT.replace("is_admin:", "is_admin and not settings.DEBUG:")),
    "a term of an or is gone": (
        "stops less",
        EXIT.replace("is_admin:", "is_admin or request.user.locked:"),
        EXIT,
    ),
    "a way round": (
        "not reached when",
        VIEW,
        VIEW.replace("    require", "    if request.args.get('fast'):\n        return run(request, db)\n    require"),
    ),
    "under a condition that is never true": (
        "is gone",
        VIEW,
        VIEW.replace("    require_admin(request.user)", "    if False:\n        require_admin(request.user)"),
    ),
    "after a return": (
        "is gone",
        "def f(user):\n    require_admin(user)\n    run(user)\n    return 1\n",
        "def f(user):\n    run(user)\n    return 1\n    require_admin(user)\n",
    ),
    "a check with nothing left in it": (
        "nothing left in it",
        CHECK,
        "def verify_session(request, store):\n    return True\n",
    ),
    "a handler that keeps quiet": (
        "without a word",
        VIEW,
        VIEW.replace(
            "    require_admin(request.user)\n",
            "    try:\n        require_admin(request.user)\n    except Exception:\n        pass\n",
        ),
    ),
    "the guard above the route": (
        "above the route",
        ROUTE,
        ROUTE.replace('@app.route("/orders")\n@login_required\n', '@login_required\n@app.route("/orders")\n'),
    ),
    "another function by the same name": (
        "another function",
        "from shop.auth import require_admin\n\n\ndef f(user):\n    require_admin(user)\n    run(user)\n",
        "from shop.compat import require_admin\n\n\ndef f(user):\n    require_admin(user)\n    run(user, 1)\n",
    ),
    "a raise that became a log": (
        "is gone",
        EXIT,
        EXIT.replace("raise Denied()", 'log.warning("not an admin")'),
    ),
    "under a new name, without its guard": (
        "is gone",
        VIEW + "    print(1)\n    audit(request)\n",
        VIEW.replace("def drop", "def remove").replace("    require_admin(request.user)\n", "")
        + "    print(1)\n    audit(request)\n",
    ),
}


@pytest.mark.parametrize(("said", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags(said: str, before: str, after: str) -> None:
    assert any(said in finding.message for finding in weakenings(before, after))


def test_a_guard_that_a_router_is_not_handed_any_more() -> None:
    before = 'router.delete("/users/:id", requireAdmin, (req, res) => drop(req, res));\n'
    found = weakenings(before, before.replace("requireAdmin, ", ""), "routes.js")
    assert ["requireAdmin" in finding.message for finding in found] == [True]


def test_a_filter_that_a_controller_does_not_run_any_more() -> None:
    before = "class Orders < Base\n  before_action :require_login\n\n  def drop\n    go\n  end\nend\n"
    found = weakenings(before, before.replace("  before_action :require_login\n", ""), "orders.rb")
    assert any("require_login" in finding.message for finding in found)


def test_both_places_are_named() -> None:
    (found,) = weakenings(EXIT, EXIT.replace("is_admin:", "is_admin and False:"))
    assert found.evidence == (
        "was: a.py:2 not request.user.is_admin",
        "now: a.py:2 not request.user.is_admin and False",
    )
    assert found.confidence is Confidence.HIGH
