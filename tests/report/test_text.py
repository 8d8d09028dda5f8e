"""The text report: whole outputs as a reader sees them, then what hostile or huge input does to it."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from report_samples import GLM, LINE, VERDICTS, blind, hostile, judged, source, typical, verdict

from trustgate.finding import Kind, Location, Side, Skip
from trustgate.report import text
from trustgate.verdict import Action, Decision, OriginShare, Reason

TYPICAL = """\
block[pin-mismatch] Weights differ from their pin
 --> models/m.safetensors   (critical severity, high confidence)
  = origin: glm-5.2 through Claude Code, raised
  = policy: pin-mismatch -> block
  = accept: trustgate accept FP0 --reason … --expires …

block[tls-verify-off] TLS certificate check switched off
  --> app/client.py:12:30  in Client.fetch   (high severity, high confidence, network)
   |
12 |     return requests.get(url, verify=False)
   |                              ^^^^^^^^^^^^
   = origin: glm-5.2 through Claude Code, raised
   = policy: switch-off-core -> block
   = why: The connection accepts any certificate, so anyone on the way can read and change it.
   = tip: Leave verify at its default, or name the CA bundle of the server.
   = accept: trustgate accept FP1 --reason … --expires …

escalate[auth-guard-removed] Authorization check removed
 --> app/api.py:7:5  removed in delete_user   (high severity, high confidence, auth)
  |
7 -     require_admin(request.user)
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = origin: glm-5.2 through Claude Code, raised
  = policy: weakening-core -> escalate
  = why: delete_user no longer calls require_admin.
  = accept: trustgate accept FP2 --reason … --expires …

note[touch-auth] Auth code touched, 3 times: app/client.py:3,4,5

origin: Claude Code, glm-5.2 (open weights, CN), declared by trailer 1a2b3c4; +20 -3 lines, raised
not checked: bandit (not installed), npm existence (offline)
pending a review before merge; ways out: put right what is escalated, name a reviewer lane, `trustgate approve`, \
an approving review of the head commit, or accept it on the target branch with `trustgate accept FINGERPRINT --reason … --expires …`
trustgate: block (exit 1): 2 block, 1 escalate, 3 notes; 5 files, 5 analysed, 1 proven mechanical; 0.09 s
"""


def test_typical():
    shown = text.render(typical(), seconds=0.09)
    fingerprints = list(dict.fromkeys(re.findall(r"accept ([0-9a-f]{16}) ", shown)))
    for number, value in enumerate(fingerprints):
        shown = shown.replace(value, f"FP{number}")
    assert shown == TYPICAL


@pytest.mark.parametrize(
    "items",
    [
        pytest.param((), id="no findings"),
        pytest.param((judged(Action.NOTE),), id="a note"),
        pytest.param((judged(Action.SILENT),), id="a silent finding"),
        pytest.param((judged(Action.BLOCK, suppressed_by="x1"),), id="an accepted finding"),
    ],
)
def test_commit_stage_is_silent_when_there_is_nothing_to_say(items):
    assert text.render(verdict(*items, stage="commit", notes=("first commit",)), seconds=0.1) == ""


def test_commit_stage_leaves_notes_and_origins_out():
    shown = text.render(verdict(judged(), judged(Action.NOTE, rule="touch-auth"), stage="commit"))
    assert "block[tls-verify-off]" in shown
    assert "note[" not in shown
    assert "\norigin:" not in shown
    assert shown.endswith("trustgate: block (exit 1): 1 block, 1 note; 5 files, 5 analysed\n")


def test_nothing_found_is_one_line_at_pull_request_stage():
    assert text.render(verdict(origins=())) == "trustgate: allow (exit 0): no findings; 5 files, 5 analysed\n"


def test_first_line_of_a_run_that_could_not_judge():
    assert text.render(blind(origins=())).splitlines() == [
        "trustgate: no full review took place: 2 things could not be judged",
        "  could not judge: app/a.py: blob 1234 is missing; fetch the full history (boundaries)",
        "  could not judge: late (secrets)",
        "",
        "trustgate: escalate (exit 3): no findings; 5 files, 5 analysed, 2 could not be judged",
    ]


def test_a_blind_run_speaks_at_the_commit_stage():
    shown = text.render(blind(stage="commit"))
    assert shown.startswith("trustgate: no full review took place")


@pytest.mark.parametrize(
    ("would", "line"),
    [
        (1, "trustgate: advice only: this change would have been blocked (exit 1); nothing is enforced"),
        (
            4,
            "trustgate: advice only: this change would have been left pending for a review (exit 4); nothing is enforced",
        ),
        (0, "trustgate: advice only: this change would have passed"),
    ],
)
def test_advise_says_first_what_would_have_happened(would, line):
    shown = text.render(verdict(judged(), preset="advise", exit_code=0, would_have=would))
    assert shown.splitlines()[0] == line


def test_advise_summary_names_both_codes():
    shown = text.render(verdict(judged(), preset="advise", exit_code=0, would_have=1))
    assert "trustgate: block (exit 0, would have been 1): 1 block" in shown


def test_advise_and_blind_share_the_first_line():
    first = text.render(blind(preset="advise")).splitlines()[0]
    assert first.startswith("trustgate: no full review took place: 2 things could not be judged; advice only:")


def test_escalation_at_commit_stage_says_that_it_waits():
    shown = text.render(verdict(judged(Action.ESCALATE), stage="commit", exit_code=0))
    assert "escalated findings do not stop a commit; before merge: put right what is escalated" in shown


def test_accepted_findings_are_counted_not_shown():
    shown = text.render(verdict(judged(suppressed_by="x1"), origins=()))
    assert shown == "trustgate: allow (exit 0): no findings, 1 accepted; 5 files, 5 analysed\n"


def test_a_reason_about_the_whole_change():
    reason = Reason("", "every-raised-change", Action.ESCALATE, "Every change gets a second look.", "o1")
    shown = text.render(verdict(reasons=(reason,), origins=(OriginShare(GLM, True),), decision=Decision.ESCALATE))
    assert shown.splitlines()[:2] == [
        "escalate[every-raised-change] Every change gets a second look.",
        "  = origin: glm-5.2 through Claude Code, raised",
    ]
    assert "\npending a review before merge" in shown
    assert ": 1 escalate; 5 files" in shown


def test_worst_first_and_the_mildest_are_cut():
    mild = [judged(Action.WARN, rule=f"mild-{n}", path=f"a{n:03}.py") for n in range(60)]
    worst = judged(Action.BLOCK, rule="worst", path="zzz.py")
    notes = [judged(Action.NOTE, rule=f"note-{n}", path=f"n{n}.py") for n in range(25)]
    shown = text.render(verdict(*mild, *notes, worst))
    assert shown.startswith("block[worst]")
    assert shown.count("\nwarn[mild-") == 49
    assert "… and 11 warn more; `--format json` has all of them" in shown
    assert shown.count("\nnote[") == 10
    assert "… and 15 more notes" in shown
    assert "1 block, 60 warn, 25 notes" in shown


def test_evidence_that_is_on_the_screen_already_is_not_said_again():
    item = judged(path="a.toml", line=3, evidence=("now: a.toml:3 x = 1", "before: b.toml:9 y = 2"))
    shown = text.render(verdict(item, sources=(source(item, "  x = 1"),)))
    assert "= seen: before: b.toml:9 y = 2\n" in shown


def test_forty_findings_of_one_rule_are_one_thing_to_read():
    items = [judged(Action.ESCALATE, rule="own-rules-changed", path=f"rules/{n}.toml", line=0) for n in range(41)]
    shown = text.render(verdict(*items))
    assert shown.count("escalate[own-rules-changed]") == 1
    also = next(line for line in shown.splitlines() if "= also:" in line)
    assert also.startswith("  = also: 40 more own-rules-changed: rules/1.toml, rules/10.toml, ")
    assert also.endswith(" and 30 more (each in full: `--verbose`)")
    assert "41 escalate" in shown
    assert text.render(verdict(*items), verbose=True).count("escalate[own-rules-changed]") == 41


def test_notes_of_one_rule_are_one_line_and_keep_titles_that_differ():
    notes = [judged(Action.NOTE, rule="dependency-new", path="p.json", line=n, title=f"New {n}") for n in (1, 2)]
    shown = text.render(verdict(*notes))
    assert "note[dependency-new] 2 times: p.json:1 New 1; p.json:2 New 2\n" in shown


def test_other_lists_are_capped():
    skips = tuple(Skip("secrets", "over the limit", f"f{n}") for n in range(30))
    assert "  … and 20 more that could not be judged" in text.render(blind()._replace(skips=skips))


def test_unknown_origin():
    shown = text.render(verdict(judged(origin="o0"), origins=()))
    assert "\n  = origin: unknown\n" in shown


def test_the_span_far_to_the_right_is_kept_in_view():
    line = "x = 1;" + " " * 5000 + "eval(data)" + "y" * 5000
    item = judged(location=Location("a.py", Side.NEW, 3, 3, 5007, 5017))
    shown = text.render(verdict(item, sources=(source(item, line),))).splitlines()
    assert shown[1].startswith(" --> a.py:3:5007")
    row, marks = shown[3], shown[4]
    assert len(row) < 140
    assert row.startswith("3 | …")
    assert row.endswith("…")
    assert row[marks.index("^") : marks.rindex("^") + 1] == "eval(data)"


def test_marks_stand_under_wide_and_tabbed_text():
    line = "\tx = '世界' + evil()"
    start = line.index("evil") + 1
    item = judged(location=Location("a.py", Side.NEW, 3, 3, start, start + 6))
    row, marks = text.render(verdict(item, sources=(source(item, line),))).splitlines()[3:5]
    assert row == "3 |     x = '世界' + evil()"
    assert marks == "  |                  ^^^^^^"
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row[: row.index("evil")])
    assert width == marks.index("^")


def test_several_lines_are_marked_at_the_side_and_capped():
    item = judged(location=Location("a.py", Side.OLD, 98, 110, 1, 5), kind=Kind.WEAKENING)
    shown = text.render(verdict(item, sources=(source(item, *[f"line {n}" for n in range(90, 120)], first=90),)))
    assert " 98 - line 98\n" in shown
    assert "105 - line 105\n" in shown
    assert "106" not in shown
    assert "… 5 more lines" in shown


def test_source_that_does_not_hold_the_line_is_left_out():
    item = judged()
    shown = text.render(verdict(item, sources=(source(item, LINE, first=90),)))
    assert "12 |" not in shown
    assert "app/client.py:12:30" in shown


def test_colour_only_when_asked():
    assert "\x1b" not in text.render(typical())
    painted = text.render(typical(), color=True)
    assert "\x1b[1;31mblock[tls-verify-off]\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == text.render(typical())


@pytest.mark.parametrize("color", [False, True])
def test_hostile_text_is_visible(color):
    shown = text.render(hostile(), color=color)
    own = re.sub(r"\x1b\[[0-9;]+m", "", shown) if color else shown
    assert not [c for c in own if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
    assert "##[add-mask]" not in own
    assert not re.search(r"^::", own, re.MULTILINE)
    own.encode("utf-8")


@settings(max_examples=60)
@given(VERDICTS)
def test_any_verdict_is_shown_or_silent(value):
    shown = text.render(value)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
    if not shown:
        assert value.stage == "commit"
        assert value.decision is Decision.ALLOW
        assert value.complete
    else:
        assert shown.splitlines()[-1].startswith(f"trustgate: {value.decision.label} (exit {value.exit_code}")


def test_origin_with_every_part():
    origin = GLM._replace(provider="OpenRouter")
    shown = text.render(verdict(origins=(OriginShare(origin, False, 1, 0),)))
    assert "glm-5.2 (open weights, CN) served by OpenRouter, declared by trailer 1a2b3c4; +1 -0 lines\n" in shown
