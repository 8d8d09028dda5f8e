"""Workflow commands: what the runner reads, line by line."""

import re

from hypothesis import given, settings
from report_samples import HOSTILE, VERDICTS, blind, hostile, judged, typical, verdict

from trustgate.finding import Location, Side
from trustgate.report import github
from trustgate.verdict import Action

COMMAND = re.compile(r"::(error|warning) ((?:[A-Za-z]+=[^,:\n]*)(?:,[A-Za-z]+=[^,:\n]*)*)::([^\n]*)")


def read(text):
    """Commands as (level, properties, message), and the plain lines, the way the runner splits them."""
    commands, plain = [], []
    for line in text.splitlines():
        found = COMMAND.fullmatch(line)
        if found:
            commands.append((found[1], dict(pair.split("=", 1) for pair in found[2].split(",")), found[3]))
        else:
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
            plain.append(line)
    return commands, plain


def test_typical():
    commands, plain = read(github.render(typical()))
    assert [(level, p["file"], p["line"]) for level, p, _ in commands] == [
        ("error", "models/m.safetensors", "1"),
        ("error", "app/client.py", "12"),
        ("warning", "app/api.py", "1"),
    ]
    assert commands[1][1] | {"title": ""} == {
        "file": "app/client.py", "line": "12", "endLine": "12", "col": "30", "endColumn": "42", "title": "",
    }  # fmt: skip
    assert commands[1][1]["title"] == "trustgate%3A block[tls-verify-off]"
    assert commands[1][2].startswith("TLS certificate check switched off%0AThe connection accepts")
    assert commands[2][1]["title"] == "trustgate%3A escalate[auth-guard-removed] (removed line 7)"
    assert plain == [
        "trustgate: block (exit 1): 2 block, 1 escalate, 3 notes; 5 files, 5 analysed, 1 proven mechanical"
    ]


def test_removed_line_goes_where_it_is_said_to_go():
    item = judged(location=Location("a.py", Side.OLD, 90, 90, 5, 9))
    commands, _ = read(github.render(verdict(item, anchors=((f"{item.finding.fingerprint}@90", 7),))))
    assert commands[0][1]["line"] == "7"


def test_a_removed_line_of_a_renamed_file_stands_in_the_file_that_is_there():
    item = judged(location=Location("old.py", Side.OLD, 90, 90, 5, 9))
    commands, _ = read(github.render(verdict(item, renamed=(("old.py", "new.py"),))))
    assert (commands[0][1]["file"], commands[0][1]["line"]) == ("new.py", "1")


def test_several_lines_have_no_columns():
    commands, _ = read(github.render(verdict(judged(location=Location("a.py", Side.NEW, 3, 9, 5, 2)))))
    assert {key: commands[0][1].get(key) for key in ("line", "endLine", "col")} == {
        "line": "3", "endLine": "9", "col": None,
    }  # fmt: skip


def test_caps_of_a_step_keep_the_worst():
    mild = [judged(Action.WARN, rule="mild", path=f"a{n:02}.py") for n in range(30)]
    escalated = judged(Action.ESCALATE, rule="middle", path="yyy.py")
    worst = [judged(rule="worst", path=f"z{n:02}.py") for n in range(12)]
    commands, plain = read(github.render(verdict(*mild, *worst, escalated)))
    assert [level for level, _, _ in commands].count("error") == 10
    assert [level for level, _, _ in commands].count("warning") == 10
    assert any("middle" in p["title"] for _, p, _ in commands)
    assert plain[0] == "trustgate: not annotated: 2 block, 21 warn; the job summary has them"


def test_blind_run_is_an_error_of_its_own():
    commands, _ = read(github.render(blind()))
    assert commands[0] == (
        "error", {"title": "trustgate"}, "no full review took place: 2 things could not be judged",
    )  # fmt: skip


def test_hostile_text_starts_no_command():
    commands, plain = read(github.render(hostile()))
    assert [level for level, _, _ in commands] == ["error", "error"]
    assert len(plain) == 1
    assert "%250A" in commands[1][2]


@settings(max_examples=80)
@given(VERDICTS)
def test_any_verdict_is_commands_and_a_summary(value):
    commands, plain = read(github.render(value))
    assert len(commands) <= 20
    assert plain[-1].startswith(f"trustgate: {value.decision.label}")


def test_guarded_text_cannot_switch_commands_on():
    first, *middle, last = github.guarded(f"::error::x\n{HOSTILE}").split("\n")[:-1]
    token = first.removeprefix("::stop-commands::")
    assert last == f"::{token}::"
    assert len(token) > 30
    assert token not in "\n".join(middle)
    assert github.guarded("x") != github.guarded("x")


def test_failure_is_one_command():
    commands, plain = read(github.failure("no commit at a,b:c\n::x", "fetch it"))
    assert commands == [("error", {"title": "trustgate"}, "no review took place: no commit at a,b:c%0A::x%0Afetch it")]
    assert plain == []
