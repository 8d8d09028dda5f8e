"""Switch-offs that are added, and those that were there before."""

from __future__ import annotations

import pytest
from boundary_cases import findings, rules

from trustgate.finding import Confidence

OFF = "import requests\n\n\ndef get(url):\n    return requests.get(url, verify=False)\n"
ON = "import requests\n\n\ndef get(url):\n    return requests.get(url)\n"

LEFT_ALONE = {
    "the file moves": ({"a.py": OFF}, {"b.py": OFF}),
    "the function moves to another file": (
        {"a.py": OFF, "b.py": "X = 1\n"},
        {"a.py": "import requests\n", "b.py": "X = 1\n" + OFF},
    ),
    "the line is edited beside it": ({"a.py": OFF}, {"a.py": OFF.replace("url, verify", "url, timeout=1, verify")}),
    "it is switched on again": ({"a.py": OFF}, {"a.py": ON}),
    "a comment speaks of it": ({"a.py": ON}, {"a.py": ON + "# requests.get(url, verify=False)\n"}),
    "a docstring speaks of it": (
        {"a.py": ON},
        {"a.py": ON.replace("(url):", '(url):\n    """requests.get(u, verify=False)"""')},
    ),
    "prose speaks of it": ({}, {"README.md": "requests.get(url, verify=False)\n"}),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert rules(before, after) == set()


FLAGGED = {
    "an aliased import": {"a.py": "import requests as r\n\nr.get(u, verify=False)\n"},
    "a session's method": {"a.py": "def f(s, u):\n    return s.post(u, verify=False)\n"},
    "over several lines": {"a.py": "import requests\n\nrequests.get(\n    u,\n    verify=False,\n)\n"},
    "a vendored file": {"vendor/x/a.py": OFF},
    "another scanner's marker beside it": {"a.py": OFF.replace("False)", "False)  # nosec  # noqa: S501")},
    "an environment file": {"deploy/.env": "NODE_TLS_REJECT_UNAUTHORIZED=0\n"},
    "a syntax error above it": {"a.py": "def broken(:\n\n" + OFF},
}


@pytest.mark.parametrize("after", FLAGGED.values(), ids=FLAGGED)
def test_flags(after: dict[str, str]) -> None:
    assert rules({}, after) == {"tls-verify-off"}


def test_a_second_one_beside_an_old_one_is_new() -> None:
    assert rules({"a.py": OFF}, {"a.py": OFF + "\n\ndef put(url):\n    return requests.put(url, verify=False)\n"})


def test_an_edited_one_does_not_hide_a_copy_elsewhere() -> None:
    edited = OFF.replace("url, verify", "url, timeout=1, verify")
    assert rules({"a.py": OFF, "b.py": "X = 1\n"}, {"a.py": edited, "b.py": OFF})


def test_the_span_is_the_argument() -> None:
    (found,) = [f for f in findings({"a.py": ON}, {"a.py": OFF}) if f.rule == "tls-verify-off"]
    line = OFF.splitlines()[found.location.line - 1]
    assert line[found.location.column - 1 : found.location.end_column - 1] == "verify=False"
    assert found.confidence is Confidence.HIGH


def test_in_a_test_it_is_less_certain() -> None:
    (found,) = [f for f in findings({}, {"tests/test_a.py": OFF}) if f.rule == "tls-verify-off"]
    assert found.confidence is Confidence.LOW


def test_a_line_too_long_to_be_read_is_not_clean() -> None:
    from boundary_cases import outcomes

    from trustgate.finding import Skip

    long = "x = 1; " * 20_000 + "eval(y)\n"
    shorter = "x = 1; " * 6_000 + "eval(y)\n"
    for path, error in (("a.rb", True), ("data/points.json", False), ("vendor/a.rb", False)):
        skips = [item for item in outcomes({}, {path: long}) if isinstance(item, Skip)]
        assert [(item.path, item.error) for item in skips] == [(path, error)]
    assert "dynamic-code" in rules({}, {"a.py": shorter})
