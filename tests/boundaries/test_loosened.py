"""Safe arguments and settings that got looser, and edits that only look like it."""

from __future__ import annotations

import pytest
from boundary_cases import findings

from trustgate.finding import Confidence, Finding, Kind, Side

RULES = frozenset(
    (
        *("tls-check-loosened", "cookie-flag-loosened", "token-check-loosened", "crypto-strength-lowered"),
        *("loader-loosened", "network-limit-loosened", "injection-guard-loosened", "file-mode-loosened"),
        *("container-hardening-removed", "framework-protection-removed", "data-protection-removed"),
    )
)


def loosened(before: dict[str, str], after: dict[str, str]) -> list[Finding]:
    return [finding for finding in findings(before, after) if finding.rule in RULES]


COOKIE = 'def f(r):\n    r.set_cookie("s", 1, httponly=True)\n'

LEFT_ALONE = {
    "the function goes with its argument": (
        {"a.py": COOKIE + "\ndef g():\n    return 1\n"},
        {"a.py": "def g():\n    return 1\n"},
    ),
    "the call moves inside its function": (
        {"a.py": 'def f(r):\n    r.set_cookie("s", 1, httponly=True)\n    go()\n'},
        {"a.py": 'def f(r):\n    go()\n    r.set_cookie("s", 1, httponly=True)\n'},
    ),
    "the options come from elsewhere now": (
        {"a.py": COOKIE},
        {"a.py": 'def f(r):\n    r.set_cookie("s", 1, **OPTIONS)\n'},
    ),
    "the argument moves into a dictionary that is handed over": (
        {"a.py": COOKIE},
        {"a.py": 'def f(r):\n    options = {"httponly": True}\n    r.set_cookie("s", 1, **options)\n'},
    ),
    "something loose is added where nothing was": (
        {"a.py": 'def f(r):\n    r.set_cookie("s", 1)\n'},
        {"a.py": 'def f(r):\n    r.set_cookie("s", 1, samesite="none")\n'},
    ),
    "a second call without the argument": (
        {"a.py": COOKIE},
        {"a.py": COOKIE.replace("\n", "\n", 1) + '    r.set_cookie("lang", 2)\n'},
    ),
    "a test": ({"tests/test_a.py": COOKIE}, {"tests/test_a.py": COOKIE.replace(", httponly=True", "")}),
    "a comment": (
        {"a.py": "def f(r):\n    # httponly=True\n    return r\n"},
        {"a.py": "def f(r):\n    # httponly=False\n    return r\n"},
    ),
    "a list entry put before a safe one in a configuration file": (
        {"a.yaml": "spec:\n  containers:\n    - name: a\n      securityContext:\n        runAsNonRoot: true\n"},
        {
            "a.yaml": "spec:\n  containers:\n    - name: b\n      image: x\n    - name: a\n      securityContext:\n        runAsNonRoot: true\n"
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert loosened(before, after) == []


FLAGGED = {
    "a keyword argument": ("cookie-flag-loosened", {"a.py": COOKIE}, {"a.py": COOKIE.replace("True", "False")}),
    "a keyword argument that is gone": (
        "cookie-flag-loosened",
        {"a.py": COOKIE},
        {"a.py": COOKIE.replace(", httponly=True", "")},
    ),
    "in a function that is renamed on the way": (
        "cookie-flag-loosened",
        {"a.py": COOKIE},
        {"a.py": COOKIE.replace("def f", "def g").replace("True", "False")},
    ),
    "the default of a parameter": (
        "tls-check-loosened",
        {"a.py": "def f(url, check_hostname=True):\n    return url\n"},
        {"a.py": "def f(url, check_hostname=False):\n    return url\n"},
    ),
    "an attribute": (
        "tls-check-loosened",
        {"a.py": "def f(c):\n    c.verify_mode = ssl.CERT_REQUIRED\n"},
        {"a.py": "def f(c):\n    c.verify_mode = ssl.CERT_NONE\n"},
    ),
    "an entry of a list that spans lines": (
        "token-check-loosened",
        {"a.py": 'def f(t, k):\n    return jwt.decode(\n        t, k,\n        algorithms=[\n            "RS256",\n        ],\n    )\n'},
        {"a.py": 'def f(t, k):\n    return jwt.decode(\n        t, k,\n        algorithms=[\n            "RS256",\n            "HS256",\n        ],\n    )\n'},
    ),
    "an object of TypeScript": (
        "injection-guard-loosened",
        {"a.ts": "export const w = new BrowserWindow({ webPreferences: { contextIsolation: true } });\n"},
        {"a.ts": "export const w = new BrowserWindow({ webPreferences: { contextIsolation: false } });\n"},
    ),
    "a setter of Java": (
        "cookie-flag-loosened",
        {"A.java": "class A {\n  void f(Cookie cookie) {\n    cookie.setHttpOnly(true);\n  }\n}\n"},
        {"A.java": "class A {\n  void f(Cookie cookie) {\n    cookie.setHttpOnly(false);\n  }\n}\n"},
    ),
    "a positional argument of Go": (
        "crypto-strength-lowered",
        {"a.go": 'package a\n\nimport "crypto/rsa"\n\nfunc F() {\n\trsa.GenerateKey(r, 4096)\n}\n'},
        {"a.go": 'package a\n\nimport "crypto/rsa"\n\nfunc F() {\n\trsa.GenerateKey(r, 1024)\n}\n'},
    ),
    "a setting of a Ruby file": (
        "network-limit-loosened",
        {"a.rb": "Rails.application.configure do\n  config.force_ssl = true\nend\n"},
        {"a.rb": "Rails.application.configure do\n  config.force_ssl = false\nend\n"},
    ),
    "a key of a JSON file": (
        "tls-check-loosened",
        {"a.json": '{\n  "ldap": {\n    "rejectUnauthorized": true\n  }\n}\n'},
        {"a.json": '{\n  "ldap": {\n    "rejectUnauthorized": false\n  }\n}\n'},
    ),
    "the user of an image": (
        "container-hardening-removed",
        {"Dockerfile": "FROM a\nUSER app\n"},
        {"Dockerfile": "FROM a\nUSER root\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags(rule: str, before: dict[str, str], after: dict[str, str]) -> None:
    assert {finding.rule for finding in loosened(before, after)} == {rule}


def test_the_finding_says_what_was_there_and_what_is_there_now() -> None:
    (finding,) = loosened({"a.py": COOKIE}, {"a.py": "X = 1\n" + COOKIE.replace("True", "False")})
    assert (finding.kind, finding.confidence) == (Kind.WEAKENING, Confidence.HIGH)
    assert finding.message == "`httponly` of `r.set_cookie` was `True` and is now `False`."
    assert finding.evidence == (
        'was: a.py:2 r.set_cookie("s", 1, httponly=True)',
        'now: a.py:3 r.set_cookie("s", 1, httponly=False)',
    )
    assert (finding.location.side, finding.location.line) == (Side.NEW, 3)


def test_what_is_gone_is_shown_at_the_old_place() -> None:
    (finding,) = loosened({"a.py": COOKIE}, {"a.py": COOKIE.replace(", httponly=True", "")})
    assert (finding.location.side, finding.location.line) == (Side.OLD, 2)
    assert finding.message.endswith("was `True` and is gone.")


def test_several_pairs_are_no_certain_pair() -> None:
    two = 'def f(r):\n    r.set_cookie("s", 1, httponly=True)\n    r.set_cookie("t", 1, httponly=True)\n'
    found = loosened({"a.py": two}, {"a.py": two.replace("True", "False")})
    assert [finding.confidence for finding in found] == [Confidence.MEDIUM, Confidence.MEDIUM]


def test_what_turns_up_elsewhere_is_a_hint_only() -> None:
    after = {"a.py": COOKIE.replace(", httponly=True", ""), "b.py": "HTTPONLY = True\n"}
    (finding,) = loosened({"a.py": COOKIE, "b.py": "X = 1\n"}, after)
    assert finding.confidence is Confidence.LOW


def test_a_name_in_place_of_a_literal_is_less_sure() -> None:
    before = {"a.py": "def f(s, u):\n    return s.get(u, verify=s.bundle)\n"}
    (finding,) = loosened(before, {"a.py": "def f(s, u):\n    return s.get(u, verify=False)\n"})
    assert finding.confidence is Confidence.MEDIUM
