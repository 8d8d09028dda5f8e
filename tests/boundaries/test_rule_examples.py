"""The examples inside a rule: those that do not hold are said by number and name."""

from __future__ import annotations

from trustgate.analyzers.boundaries.examples import wrong_examples
from trustgate.rulebook import load_rulebook, team_path
from trustgate.teamrules import team_table, with_team_rules

RULE = """
id = "pay"
kind = "flaw"
boundary = "auth"
severity = "high"
confidence = "high"
title = "t"
message = "m"
tip = "p"
[[match]]
call = ["pay.force"]
"""
FORCED = 'path = "a.py"\nbefore = "import pay\\n"\nafter = "import pay\\n\\npay.force(1)\\n"\n'
PLAIN = 'path = "a.py"\nbefore = "import pay\\n"\nafter = "import pay\\n\\npay.once(1)\\n"\n'


def wrong(text: str) -> list[str]:
    read = {team_path("pay"): text.encode()}.get
    return list(wrong_examples(team_table(read, "pay"), with_team_rules(load_rulebook(), read, ["pay"])))


def test_examples_that_hold_are_not_said() -> None:
    assert wrong(f"{RULE}[[flags]]\n{FORCED}[[leaves_alone]]\n{PLAIN}") == []


def test_the_other_way_round_both_are_said() -> None:
    assert wrong(f'{RULE}[[leaves_alone]]\nname = "forced"\n{FORCED}[[flags]]\n{FORCED}[[flags]]\n{PLAIN}') == [
        "[[flags]] 2: is not flagged",
        "[[leaves_alone]] 1 ('forced'): is flagged",
    ]


def test_a_rule_without_examples_is_said() -> None:
    assert [said.split(":")[0] for said in wrong(RULE)] == ["has no [[flags]]", "has no [[leaves_alone]]"]
