"""Rules of a repository's own: what is taken, and what is refused with its file and field."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.analyzers.boundaries.rules import load_rules
from trustgate.errors import ConfigError
from trustgate.rulebook import Rulebook, describe, load_rulebook, parse_rule_file, rule_files, shipped_root, team_path
from trustgate.teamrules import KINDS, SIZE_LIMIT, check_rule, fault_of_pattern, team_table, with_team_rules

BOOK = load_rulebook()
HEAD = (
    'id = "pay"\nkind = "flaw"\nboundary = "auth"\nseverity = "high"\nconfidence = "high"\n'
    'title = "t"\nmessage = "m"\ntip = "p"\n'
)
RULE = HEAD + '[[match]]\ncall = ["pay.force"]\n'
GUARD = HEAD.replace("flaw", "weakening") + '[guard]\nverbs = ["check"]\nnouns = ["limit"]\n'
WORDS = HEAD.replace("flaw", "touch") + '[words]\nstrong = ["ledger"]\n'

TAKEN = {
    "a call": RULE,
    "a guard": GUARD,
    "words": WORDS,
    "a safe value": HEAD + '[[safe]]\nnames = ["cap"]\norder = "limit"\nfactor = 1.5\n',
    "a swap": HEAD.replace("flaw", "weakening") + '[[swap]]\nsafe = ["a.safe"]\nloose = ["a.load"]\n',
    "a line that is kept": HEAD.replace("flaw", "weakening") + '[[kept]]\nneedle = "x"\ntext = "x+"\n',
    "with examples": RULE
    + '[[flags]]\npath = "a.py"\nafter = "x"\n[[leaves_alone]]\nname = "n"\npath = "b"\nafter = ""\n',
}
REFUSED = {
    "no TOML": ("id = ", []),
    "not UTF-8": (b"id = '\xff'", []),
    "another id": (RULE.replace('"pay"', '"pax"'), ["id", "pay"]),
    "no title": (RULE.replace('title = "t"\n', ""), ["title"]),
    "an id that is a list": (RULE.replace('id = "pay"', "id = []"), ["id"]),
    "a title that moves the cursor": (RULE.replace('"t"', r'"\u001b[2J"'), ["title"]),
    "a kind of another analyzer": (RULE.replace('"flaw"', '"secret"'), ["kind", "secret"]),
    "an unknown boundary": (RULE.replace('"auth"', '"money"'), ["boundary", "money"]),
    "an unknown severity": (RULE.replace('severity = "high"', 'severity = "huge"'), ["severity", "huge"]),
    "nothing to look for": (HEAD, ["nothing"]),
    "a part nobody knows": (RULE + "[marks]\n", ["marks"]),
    "a part of another kind": (RULE.replace('"flaw"', '"touch"'), ["match", "touch"]),
    "words in a flaw": (WORDS.replace('"touch"', '"flaw"'), ["words", "flaw"]),
    "a table for a list": (HEAD + '[match]\ncall = ["x"]\n', ["match"]),
    "a list for a table": (GUARD.replace("[guard]", "[[guard]]"), ["[guard]"]),
    "a match of two ways": (RULE + 'text = "x"\n', ["[[match]] 1", "exactly one"]),
    "a match of no way": (HEAD + '[[match]]\nvalues = ["x"]\n', ["[[match]] 1", "exactly one"]),
    "a text for a list": (RULE.replace('["pay.force"]', '"pay.force"'), ["[[match]] 1", "call"]),
    "an unknown field": (RULE + 'kall = "x"\n', ["[[match]] 1", "kall"]),
    "an unknown confidence": (RULE + 'confidence = "sure"\n', ["confidence", "sure"]),
    "an unknown order": (TAKEN["a safe value"].replace("limit", "longest"), ["[[safe]]", "order"]),
    "a position of words": (TAKEN["a safe value"] + 'position = "first"\n', ["[[safe]] 1", "position"]),
    "a swap for nothing": (TAKEN["a swap"].replace('loose = ["a.load"]\n', ""), ["[[swap]] 1", "loose"]),
    "a broken pattern": (RULE + 'pattern = "("\n', ["[[match]] 1", "pattern", "regular expression"]),
    "a slow pattern": (RULE + "pattern = '(a+)+$'\n", ["[[match]] 1", "pattern", "repeats"]),
    "an endless pattern": (RULE + f"pattern = '{'a' * 2001}'\n", ["[[match]] 1", "pattern", "2000"]),
    "an example without a path": (RULE + '[[flags]]\nafter = "x"\n', ["[[flags]] 1", "path"]),
    "an example of numbers": (RULE + '[[flags]]\npath = "a"\nafter = 1\n', ["[[flags]] 1", "after"]),
    "too large": (RULE + "#" * SIZE_LIMIT, [str(SIZE_LIMIT)]),
    "too deep": ("id = " + "[" * 20_000, []),
}


def reader(text: str | bytes, name: str = "pay") -> Callable[[str], bytes | None]:
    return {team_path(name): text if isinstance(text, bytes) else text.encode()}.get


@pytest.mark.parametrize("name", TAKEN)
def test_takes(name: str) -> None:
    book = with_team_rules(BOOK, reader(TAKEN[name]), ["pay"])
    assert load_rules(book).named["pay"].boundary == "auth"
    assert "flags" not in book.family("boundaries")["pay"]


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_and_names_file_and_field(name: str) -> None:
    text, words = REFUSED[name]
    with pytest.raises(ConfigError) as caught:
        load_rules(with_team_rules(BOOK, reader(text), ["pay"]))
    assert caught.value.message.startswith(".trustgate/rules/boundaries/pay.toml")
    assert all(word in caught.value.message for word in words), caught.value.message
    assert caught.value.exit_code == 2


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match=r"\.trustgate/rules/boundaries/pay\.toml: not there"):
        with_team_rules(BOOK, lambda _path: None, ["pay"])


@pytest.mark.parametrize("name", ["tls-verify-off", "own-rules-changed"])
def test_no_rule_takes_the_place_of_a_shipped_one(name: str) -> None:
    with pytest.raises(ConfigError, match="has a rule of that id"):
        with_team_rules(BOOK, reader(RULE.replace('"pay"', f'"{name}"'), name), [name])


def test_the_rules_are_known_by_id_and_stand_behind_the_shipped_ones() -> None:
    book = with_team_rules(BOOK, reader(RULE), ["pay"])
    assert describe(book)["pay"].file == ".trustgate/rules/boundaries/pay.toml"
    assert list(book.family("boundaries"))[-1] == "pay"
    assert book.team == load_rules(book).team == ("pay",)
    assert describe(BOOK).items() < describe(book).items()


def test_the_digest_is_of_all_the_rules() -> None:
    def digest(text: str) -> str:
        return with_team_rules(BOOK, reader(text), ["pay"]).digest

    assert digest(RULE) == digest(RULE) != digest(RULE + "# read\n")
    assert digest(RULE) != BOOK.digest
    assert with_team_rules(BOOK, reader(RULE), []).digest != digest(RULE)


def test_the_examples_are_read_when_asked_for() -> None:
    assert team_table(reader(TAKEN["with examples"]), "pay")["flags"] == [{"path": "a.py", "after": "x"}]


def test_the_form_is_that_of_the_shipped_rules() -> None:
    seen, refused = set(), set()
    for name, data in rule_files(shipped_root()).items():
        table = parse_rule_file(name, data) if name.startswith("boundaries/") else {}
        if set(table) & set(KINDS):
            seen |= set(table) & set(KINDS)
            try:
                check_rule(name, table["id"], table)
            except ConfigError as error:
                assert "repeats" in error.message, error.message
                refused.add(table["id"])
    assert seen == set(KINDS)
    # Linear, as a person can see and the check can not: what a loop's turns begin with ends the turn before.
    assert refused <= {"loader-loosened", "remote-script-run"}


# ------------------------------------------------------------------ patterns

FINE = [
    r"\bpay\s*\(\s*True",
    r"(?:[A-Z]{1,5}\d,){0,20}x",
    r"(?:foo|bar){0,4}",
    r"(?:-\S+\s+){0,6}x",
    r"[(+*)]+",
    r"\(\+\)+",
    r"[]a+]*x",
    r"(?i)(?P<name>a+)?b",
    r"a{2}b{3,}",
    r"(?<!x)a*",
]
SLOW = [
    r"(a+)+",
    r"(a*)*b",
    r"(?:\w+\s?)*$",
    r"((ab*)c)+",
    r"(a{2,})+",
    r"(a{0,100}){0,100}",
    r"(a|ab)*c",
    r"(?:x(?:a|b)y)+",
    r"(\[+){3,}",
    r"(?:[^)]*)+",
]


@pytest.mark.parametrize("pattern", FINE)
def test_a_pattern_is_taken(pattern: str) -> None:
    assert fault_of_pattern(pattern) == ""


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_is_refused(pattern: str) -> None:
    assert "repeats" in fault_of_pattern(pattern)


@given(st.text(alphabet="ab(|)*+?{}1,[]\\^:#x", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_pattern_is_judged_and_what_is_taken_compiles(pattern: str) -> None:
    if fault_of_pattern(pattern) == "":
        re.compile(pattern)


def test_judging_a_pattern_is_quick() -> None:
    began = time.process_time()
    fault_of_pattern("(" * 99 + "a" + ")*" * 99)
    fault_of_pattern("[" * 2000)
    assert time.process_time() - began < 1


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode("utf-8", "replace")))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_rule_or_a_fault(data: bytes) -> None:
    try:
        book: Rulebook = with_team_rules(BOOK, reader(data), ["pay"])
    except ConfigError as error:
        assert error.message.startswith(".trustgate/rules/boundaries/pay.toml")
    else:
        assert tomllib.loads(data.decode())["id"] == book.team[0]
