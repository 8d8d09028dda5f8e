"""GitLab's Code Quality report: required keys, unique fingerprints, and a place on the new side."""

import json

from hypothesis import given, settings
from report_samples import HOSTILE, VERDICTS, judged, typical, verdict

from trustgate.finding import Location, Side
from trustgate.report import gitlab
from trustgate.verdict import Action

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


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


def test_what_an_exception_accepted_is_left_out():
    assert entries(verdict(judged(suppressed_by="x"))) == []


def test_hostile_text_is_made_visible():
    (said,) = entries(verdict(judged(title=HOSTILE, path="a\x1b[2J.py")))
    assert "\x1b" not in json.dumps(said, ensure_ascii=False)


@settings(max_examples=40, deadline=None)
@given(VERDICTS)
def test_any_verdict_has_the_keys_that_gitlab_needs(result):
    for entry in entries(result):
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= entry.keys()
        assert entry["severity"] in SEVERITIES
        assert entry["location"]["lines"]["begin"] >= 1
