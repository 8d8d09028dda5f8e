"""GitLab's Code Quality report: required keys, unique fingerprints, and a place on the new side."""

import json

import jsonschema
from hypothesis import given, settings
from report_samples import HOSTILE, VERDICTS, judged, typical, verdict

from trustgate.finding import Location, Side
from trustgate.report import gitlab
from trustgate.verdict import Action


def entries(result):
    return json.loads(gitlab.render(result))


def test_typical_worst_first():
    said = entries(typical())
    assert said[0]["severity"] == "blocker"
    assert len({entry["fingerprint"] for entry in said}) == len(said)


def test_nothing_found_is_an_empty_list():
    assert entries(verdict()) == []


def test_a_removed_guard_stands_on_the_nearest_line_that_is_left():
    item = judged(Action.ESCALATE, location=Location("a.py", Side.OLD, 40, 40, 1, 9))
    (said,) = entries(verdict(item, anchors=((f"{item.finding.fingerprint}@40", 12),)))
    assert said["location"] == {"path": "a.py", "lines": {"begin": 12}}
    assert "(removed line 40)" in said["description"]


def test_a_removed_guard_of_a_renamed_file_stands_in_the_file_that_is_there():
    item = judged(Action.ESCALATE, location=Location("old.py", Side.OLD, 40, 40, 1, 9))
    (said,) = entries(verdict(item, anchors=((f"{item.finding.fingerprint}@40", 3),), renamed=(("old.py", "new.py"),)))
    assert said["location"] == {"path": "new.py", "lines": {"begin": 3}}


def test_a_finding_that_only_moved_keeps_its_fingerprint_and_two_alike_have_two():
    def fingerprints(*lines):
        return [e["fingerprint"] for e in entries(verdict(*(judged(line=n, fingerprint="a" * 64) for n in lines)))]

    assert fingerprints(3, 9) == fingerprints(5, 70)
    assert len(set(fingerprints(3, 9))) == 2


def test_what_an_exception_accepted_is_left_out():
    assert entries(verdict(judged(suppressed_by="x"))) == []


def test_hostile_text_is_made_visible():
    (said,) = entries(verdict(judged(title=HOSTILE, path="a\x1b[2J.py")))
    assert "\x1b" not in json.dumps(said, ensure_ascii=False)


CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": "^\\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""keys and values of the table under Code Quality report format in the documentation of GitLab"""


@settings(max_examples=40, deadline=None)
@given(VERDICTS)
def test_any_verdict_is_what_gitlab_documents(result):
    said = entries(result)
    jsonschema.validate(said, CODE_QUALITY)
    assert len({entry["fingerprint"] for entry in said}) == len(said)
