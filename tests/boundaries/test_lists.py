"""Entries of lists that decide what may pass."""

from __future__ import annotations

import pytest
from boundary_cases import findings

from trustgate.finding import Confidence, Finding, Kind

DENY = 'UNSAFE_GLOBALS = {\n    "os": "*",\n    "runpy": "*",\n    "builtins.eval": "*",\n}\n'
ALLOW = 'ALLOWED_LOGIN_HOSTS = [\n    "intra.example",\n    "login.example",\n]\n'


def told(before: str, after: str, path: str) -> list[Finding]:
    found = findings({path: before}, {path: after})
    return [f for f in found if f.kind is Kind.WEAKENING and f.confidence > Confidence.LOW]


LEFT_ALONE = {
    "an entry more on a deny-list": (DENY, DENY.replace("}", '    "shutil": "*",\n}'), "pickle/scanner.py"),
    "an entry less on an allow-list": (ALLOW, ALLOW.replace('    "intra.example",\n', ""), "auth/hosts.py"),
    "entries in another order": (
        DENY,
        DENY.replace('    "os": "*",\n', "").replace("}", '    "os": "*",\n}'),
        "pickle/scanner.py",
    ),
    "a list of something else": (
        'COLOURS = [\n    "red",\n    "blue",\n]\n',
        'COLOURS = [\n    "red",\n]\n',
        "auth/page.py",
    ),
    "a message": (
        'def deny(request):\n    raise Denied(\n        "you may not log in from here today"\n    )\n',
        "def deny(request):\n    raise Denied(\n        TEXT\n    )\n",
        "auth/page.py",
    ),
}


@pytest.mark.parametrize(("before", "after", "path"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: str, after: str, path: str) -> None:
    assert told(before, after, path) == []


FLAGGED = {
    "taken off a deny-list": (
        "was taken off UNSAFE_GLOBALS",
        DENY,
        DENY.replace('    "runpy": "*",\n', ""),
        "pickle/scanner.py",
    ),
    "put on an allow-list": (
        "was put on ALLOWED_LOGIN_HOSTS",
        ALLOW,
        ALLOW.replace("]", '    "evil.example",\n]'),
        "auth/hosts.py",
    ),
    "taken out of the middleware": (
        "of MIDDLEWARE is gone",
        'MIDDLEWARE = [\n    "a.CommonMiddleware",\n    "a.CsrfViewMiddleware",\n]\n',
        'MIDDLEWARE = [\n    "a.CommonMiddleware",\n]\n',
        "shop/settings.py",
    ),
}


@pytest.mark.parametrize(("said", "before", "after", "path"), FLAGGED.values(), ids=FLAGGED)
def test_flags(said: str, before: str, after: str, path: str) -> None:
    assert any(said in finding.message for finding in told(before, after, path))
