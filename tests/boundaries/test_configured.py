"""Loose settings in configuration files, by key path."""

from __future__ import annotations

import pytest
from boundary_cases import findings, rules

from trustgate.finding import Kind

LEFT_ALONE = {
    "it was there already": ({"a.yml": "s:\n  privileged: true\n"}, {"a.yml": "s:\n  privileged: true\n  x: 1\n"}),
    "the same in another format of quotes": (
        {"a.yml": "s:\n  privileged: true\n"},
        {"a.yml": 's:\n  privileged: "true"\n'},
    ),
    "switched back": ({"a.yml": "s:\n  privileged: true\n"}, {"a.yml": "s:\n  privileged: false\n"}),
    "a value that is not known here": ({"a.yml": "s:\n  x: 1\n"}, {"a.yml": "s:\n  privileged: ${P}\n"}),
    "it goes": ({"a.yml": "s:\n  privileged: true\n  x: 1\n"}, {"a.yml": "s:\n  x: 1\n"}),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert "container-rights-widened" not in {finding.rule for finding in findings(before, after)}


FLAGGED = {
    "anew": ({"a.yml": "s:\n  x: 1\n"}, {"a.yml": "s:\n  x: 1\n  privileged: true\n"}),
    "in a safe value's place": ({"a.yml": "s:\n  privileged: false\n"}, {"a.yml": "s:\n  privileged: true\n"}),
    "in a new file": ({}, {"k8s/a.yml": "spec:\n  hostNetwork: true\n"}),
    "in an entry of a list": (
        {"a.yml": "cap_add:\n  - NET_BIND_SERVICE\n"},
        {"a.yml": "cap_add:\n  - NET_BIND_SERVICE\n  - SYS_ADMIN\n"},
    ),
}


@pytest.mark.parametrize(("before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags(before: dict[str, str], after: dict[str, str]) -> None:
    found = [finding for finding in findings(before, after) if finding.rule == "container-rights-widened"]
    assert [finding.kind for finding in found] == [Kind.FLAW]
    assert found[0].evidence[-1].startswith("now: ")


def test_a_setting_far_along_a_line_is_read() -> None:
    filler = ", ".join(f'"key{number}": {number}' for number in range(400))
    before = f'{{{filler}, "spec": {{"containers": [{{"securityContext": {{"privileged": false}}}}]}}}}\n'
    after = before.replace('"privileged": false', '"privileged": true')
    assert "container-rights-widened" in rules({"deploy/pod.json": before}, {"deploy/pod.json": after})
