"""pip-audit's answers: what it found, what it skipped, and what is no answer. The program itself is behind `deep`."""

from __future__ import annotations

import json

import pytest

from trustgate.advisories.database import Pin
from trustgate.advisories.pip_audit import Audited, _read, audit, is_installed
from trustgate.errors import CannotJudge
from trustgate.process import Finished

PINS = [Pin("pypi", "flask", "0.5"), Pin("pypi", "otter", "1.0")]


def read(document: object, code: int = 1) -> Audited:
    return _read(Finished(code, json.dumps(document).encode(), b""), PINS, ())


def test_what_it_found() -> None:
    vulns = [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.0"], "description": "a\nb"}]
    both = [{"name": "Flask", "version": "0.5", "vulns": vulns}, {"name": "otter", "version": "1.0", "vulns": []}]
    done = read({"dependencies": both})
    assert [(pin, [one.id for one in found]) for pin, found in done.found.items()] == [(PINS[0], ["PYSEC-1"])]
    assert done.unread == ()


def test_what_it_skipped_is_not_checked_although_it_exits_with_0() -> None:
    done = read(
        {
            "dependencies": [
                {"name": "flask", "version": "0.5", "vulns": []},
                {"name": "otter", "skip_reason": "not found"},
            ]
        },
        0,
    )
    assert done.found == {}
    assert any("otter: not found" in reason for reason in done.unread)
    assert any("said nothing of otter 1.0" in reason for reason in done.unread)


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b"No known vulnerabilities"])
def test_no_answer_is_no_clean_bill(said: bytes) -> None:
    with pytest.raises(CannotJudge):
        _read(Finished(0, said, b"could not connect\n"), PINS, ())


def test_only_plain_pins_are_handed_over() -> None:
    done = audit([Pin("pypi", "-r/etc/passwd", "1"), Pin("pypi", "a", "1 ; os_name"), Pin("pypi", "./x", "1")])
    assert done.found == {}
    assert len(done.unread) == 3


@pytest.mark.deep
def test_without_a_network_it_is_not_checked() -> None:
    assert is_installed()
    done = audit([Pin("pypi", "flask", "0.5")])
    assert done.unread or done.found
