"""trustgate.report/1: the object of the contract, its schema, and its bytes."""

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from report_samples import HOSTILE, VERDICTS, blind, hostile, judged, typical, verdict

from trustgate import __version__
from trustgate.finding import NotChecked, Skip
from trustgate.report import json as report
from trustgate.report.schema import names, schema
from trustgate.verdict import Action, StageRun

VALIDATOR = Draft202012Validator(json.loads(schema("report")))
# The key lists below are the published contract, written out here so that a change to either is seen.
TOP = (
    "complete coverage decision diff_base exit_code findings head mechanical not_checked origins policy_digest reasons"
)
TOP += " reviews rules_digest schema skips stage stages tool trusted_base"
FINDING = (
    "action analyzer boundary clearable cleared_by column confidence end_column end_line evidence fingerprint kind line"
)
FINDING += " message origin path rule score severity side suppressed_by symbol tip title"
ORIGIN = "agent class commits evidence hosting id jurisdiction lines_added lines_removed model provider raised trust"


def test_schema_is_a_schema():
    Draft202012Validator.check_schema(json.loads(schema("report")))
    assert "report" in names()


def test_schema_of_an_unknown_name():
    with pytest.raises(KeyError):
        schema("../report")


@pytest.mark.parametrize(
    "value", [typical(), blind(), hostile(), verdict()], ids=["typical", "blind", "hostile", "empty"]
)
def test_samples_pass_the_schema(value):
    VALIDATOR.validate(json.loads(report.render(value)))


@settings(max_examples=100)
@given(VERDICTS)
def test_any_verdict_passes_the_schema(value):
    text = report.render(value)
    assert text.isascii()
    VALIDATOR.validate(json.loads(text))
    assert json.loads(report.line(value)) == json.loads(text)
    assert "\n" not in report.line(value)


@pytest.mark.parametrize("where", [(), ("findings", 0), ("origins", 0), ("coverage",), ("tool",), ("reasons", 0)])
def test_schema_is_strict(where):
    document = json.loads(report.render(typical()))
    place = document
    for key in where:
        place = place[key]
    place["surprise"] = 1
    assert not VALIDATOR.is_valid(document)
    del place["surprise"]
    place.pop(next(iter(place)))
    assert not VALIDATOR.is_valid(document)


def test_keys_of_the_contract():
    document = json.loads(report.render(typical()))
    assert sorted(document) == TOP.split()
    assert sorted(document["findings"][0]) == sorted(FINDING.split())
    assert sorted(document["origins"][0]) == ORIGIN.split()
    assert document["schema"] == "trustgate.report/1"
    assert document["tool"] == {"name": "trustgate", "version": __version__}
    assert document["coverage"] == {"files_seen": 5, "files_analysed": 5, "files_not_analysed": []}
    assert document["origins"][0]["class"] == "generated"
    assert document["origins"][0]["evidence"][0]["kind"] == "trailer"


def test_values_of_a_finding():
    document = json.loads(report.render(typical()))
    found = document["findings"][1]
    assert (found["path"], found["side"], found["line"], found["column"], found["end_column"]) == (
        "app/client.py", "new", 12, 30, 42,
    )  # fmt: skip
    assert (found["severity"], found["confidence"], found["action"], found["origin"]) == ("high", "high", "block", "o1")
    assert document["findings"][0]["line"] == 0


def test_reasons_are_the_findings_that_decided():
    items = [judged(action, f"line-{action.label}", rule=f"r{action.value}") for action in reversed(Action)]
    accepted = judged(rule="accepted", suppressed_by="x1")
    document = json.loads(report.render(verdict(*items, accepted)))
    assert [(r["policy_line"], r["action"]) for r in document["reasons"]] == [
        ("line-block", "block"),
        ("line-escalate", "escalate"),
        ("line-warn", "warn"),
    ]
    assert document["reasons"][0]["finding"] == items[0].finding.fingerprint
    assert len(document["findings"]) == 6


def test_same_verdict_same_bytes_in_any_order_of_its_skips():
    skips = (Skip("a", "x", "p"), Skip("a", "x", "q"), Skip("b", "y", error=False))
    gaps = (NotChecked("bandit", "absent"), NotChecked("npm", "offline"), NotChecked("aaa", "z"))
    texts = {
        report.render(verdict(skips=s, not_checked=n, complete=False))
        for s in permutations(skips)
        for n in permutations(gaps)
    }
    assert len(texts) == 1


def test_only_seconds_differ_between_runs():
    first = json.loads(report.render(typical()._replace(stages=(StageRun("read", "ran", 0.123456789),))))
    second = json.loads(report.render(typical()._replace(stages=(StageRun("read", "ran", 9.0),))))
    assert first["stages"][0].pop("seconds") == 0.123457
    assert second["stages"][0].pop("seconds") == 9.0
    assert first == second


def test_bytes_that_are_not_text_come_back():
    path = b"bad\xff\xfe/\x1b.py".decode("utf-8", "surrogateescape")
    text = report.render(verdict(judged(path=path, title=HOSTILE)))
    assert "\\udcff\\udcfe" in text
    found = json.loads(text)["findings"][0]
    assert found["path"].encode("utf-8", "surrogateescape") == b"bad\xff\xfe/\x1b.py"
    assert found["title"] == HOSTILE
