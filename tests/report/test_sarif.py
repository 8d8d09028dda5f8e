"""SARIF: the official schema, GitHub's limits, and where each finding is shown."""

import json
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator
from report_samples import HOSTILE, VERDICTS, blind, hostile, judged, typical, verdict

from trustgate.finding import Location, NotChecked, Severity, Side, Skip
from trustgate.report import sarif
from trustgate.verdict import Action

OFFICIAL = Draft4Validator(json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0.json").read_bytes()))


def run_of(value, **options):
    document = json.loads(sarif.render(value, **options))
    OFFICIAL.validate(document)
    return document["runs"][0]


def check_github(run):
    """What GitHub asks for beyond the schema (code scanning documentation, "SARIF support")."""
    for rule in run["tool"]["driver"]["rules"]:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert len(rule["properties"]["tags"]) <= 20
        assert rule["properties"]["precision"] in ("low", "medium", "high")
    for result in run["results"]:
        assert result["message"]["text"]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert list(result["partialFingerprints"]) == ["primaryLocationLineHash"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert 1 <= region["startLine"] <= region["endLine"]
        assert region["startColumn"] >= 1
        assert region["endColumn"] > (region["startColumn"] if region["startLine"] == region["endLine"] else 0)


@pytest.mark.parametrize(
    "value", [typical(), blind(), hostile(), verdict()], ids=["typical", "blind", "hostile", "empty"]
)
def test_samples_are_valid(value):
    check_github(run_of(value))


@settings(max_examples=60)
@given(VERDICTS)
def test_any_verdict_is_valid(value):
    check_github(run_of(value))


def test_typical_places_and_levels():
    results = run_of(typical())["results"]
    assert [(r["ruleId"], r["level"]) for r in results] == [
        ("pin-mismatch", "error"),
        ("tls-verify-off", "error"),
        ("auth-guard-removed", "warning"),
        ("touch-auth", "note"),
        ("touch-auth", "note"),
        ("touch-auth", "note"),
    ]
    place = results[1]["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "app/client.py"
    assert place["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 30, "endLine": 12, "endColumn": 42}
    assert place["logicalLocations"] == [{"fullyQualifiedName": "Client.fetch"}]


def test_removed_line_is_shown_on_the_nearest_new_line():
    item = judged(location=Location("a.py", Side.OLD, 90, 91, 5, 9))
    key = f"{item.finding.fingerprint}@90"
    regions = [
        run_of(verdict(item, anchors=anchors))["results"][0]["locations"][0]["physicalLocation"]["region"]
        for anchors in ((), ((key, 7),), ((key, 0),))
    ]
    assert [region["startLine"] for region in regions] == [1, 7, 1]


def test_a_removed_line_of_a_renamed_file_stands_in_the_file_that_is_there():
    item = judged(location=Location("old.py", Side.OLD, 90, 90, 5, 9))
    place = run_of(verdict(item, renamed=(("old.py", "new.py"),)))["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "new.py"


def test_silent_findings_stay_out_and_accepted_ones_carry_their_suppression():
    run = run_of(
        verdict(judged(Action.SILENT, rule="s"), judged(Action.SILENT, rule="a", suppressed_by="x1"), judged())
    )
    assert [r["ruleId"] for r in run["results"]] == ["tls-verify-off", "a"]
    assert "suppressions" not in run["results"][0]
    assert run["results"][1]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "exception x1"}
    ]


def test_severity_is_the_worst_of_a_rule():
    run = run_of(verdict(judged(severity=Severity.LOW), judged(severity=Severity.CRITICAL, path="b.py")))
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["properties"]["security-severity"] == "9.5"
    assert rule["properties"]["tags"] == ["security", "flaw", "network"]


def test_rule_texts_come_from_the_catalogue_when_given():
    run = run_of(typical(), rules={"tls-verify-off": sarif.RuleText("Short.", "Full.", "Help.")})
    rule = next(r for r in run["tool"]["driver"]["rules"] if r["id"] == "tls-verify-off")
    assert (rule["shortDescription"], rule["fullDescription"], rule["help"]) == (
        {"text": "Short."}, {"text": "Full."}, {"text": "Help."},
    )  # fmt: skip


def test_same_finding_twice_has_two_fingerprints():
    run = run_of(verdict(judged(), judged()))
    hashes = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(set(hashes)) == 2


def test_incomplete_run_is_not_successful():
    value = verdict(
        complete=False,
        exit_code=3,
        skips=(Skip("flaws", "by choice", error=False), Skip("secrets", "too large", "b\udcff.bin")),
        not_checked=(NotChecked("bandit", "not installed"),),
    )
    (invocation,) = run_of(value)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    notes = invocation["toolExecutionNotifications"]
    assert [(n["level"], n["message"]["text"]) for n in notes] == [
        ("error", "secrets: too large"),
        ("note", "flaws: by choice"),
        ("note", "not checked: bandit (not installed)"),
    ]
    assert notes[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%FF.bin"


def test_caps_keep_the_worst():
    mild = [judged(Action.NOTE, rule="mild", path=f"a{n}.py", severity=Severity.LOW) for n in range(60)]
    run = run_of(verdict(*mild, judged(rule="worst", path="zzz.py")), limit=5)
    assert [r["ruleId"] for r in run["results"]] == ["worst", "mild", "mild", "mild", "mild"]
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"] == (
        "56 more findings are not in this file"
    )


def test_hostile_text():
    document = sarif.render(hostile())
    assert document.isascii()
    result = json.loads(document)["runs"][0]["results"][0]
    assert "](" not in result["message"]["text"]
    assert "\x1b" not in result["message"]["text"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == f"dir/{HOSTILE}.py".encode("utf-8", "surrogateescape")


def test_category_and_columns():
    run = run_of(typical())
    assert run["automationDetails"]["id"] == "trustgate/pr/"
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"]["trustedBase"] == "b" * 40
