"""Edit damage: how sure each rule is, where it looks, and what hostile text does to it. Examples run in test_integrity."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_walk import between

from trustgate.analyzers import integrity as analyzer
from trustgate.analyzers.integrity.damage.elision import remark_of
from trustgate.finding import Confidence, Finding, Kind

RULES = frozenset(
    ("elision-placeholder", "edit-marker-left", "model-tag-leaked", "prose-in-source", "definition-duplicated",
     "file-truncated")
)  # fmt: skip
BASE = """import os


def charge(order):
    total = order.sum()
    audit(order, total)
    return total


def refund(order):
    check(order)
    return -order.sum()
"""
CONFLICT = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> main\n"


def damage(path: str, before: str | None, after: str) -> list[Finding]:
    old = {} if before is None else {path: before.encode()}
    return [item for item in between(analyzer, old, {path: after.encode()}) if item.rule in RULES]


def said(path: str, before: str | None, after: str) -> list[tuple[str, Confidence]]:
    return [(item.rule, item.confidence) for item in damage(path, before, after)]


CUT = BASE[: BASE.index("def refund")] + "# ... rest of the code remains unchanged ...\n"
HALF = BASE[: BASE.index("-order.sum()")] + "sum(\n"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("docs/guide.md", BASE, CUT, id="a document"),
        pytest.param("notes.txt", "a\n", CONFLICT, id="a text"),
        pytest.param("vendor/pay.py", BASE, CUT, id="vendored code"),
        pytest.param("api/pay_pb2.py", BASE, HALF, id="generated code"),
        pytest.param("data/pay.unknown", BASE, CONFLICT, id="no language"),
        pytest.param("locale/en.json", '{"a": 1}\n', '{"a": 1,\n', id="translations"),
        pytest.param("shop/pay.py", BASE, "", id="an emptied file"),
        pytest.param("shop/pay.py", BASE, BASE[: BASE.index("def refund")], id="an honest deletion"),
        pytest.param("shop/pay.py", BASE, BASE.replace("audit(order, total)", "# as before"), id="one line less"),
        pytest.param(
            "shop/pay.py", BASE, BASE.replace("    check(order)\n", "    # existing code path\n    check(order)\n"),
            id="a remark that says more",
        ),
        pytest.param("shop/pay.py", BASE, BASE + "\n\n# the rest of the code\n", id="a remark behind the end"),
        pytest.param("shop/pay.js", "a(1)\n", "const a = [...rest]\nb(...existing)\n", id="spread"),
        pytest.param("shop/pay.py", None, "def a(x): ...\n\n\ndef b(x): ...\n", id="stubs"),
        pytest.param("web/a.ts", "a\n", "function a(x: string): void\nfunction a(x: number): void\n", id="overloads"),
        pytest.param("shop/a.py", "=======\nA\n", "=======\nB\n", id="a rule of equal signs"),
        pytest.param("a.c", "int a;\n", "#ifdef A\nint f(int x) {\n  g();\n  return x;\n}\n#else\nint f(int x) {\n  g();\n"
                     "  return x;\n}\n#endif\n", id="preprocessor"),
        pytest.param("a.sh", "a\n", "if true; then\n", id="shell, whose brackets stand alone"),
    ],
)  # fmt: skip
def test_leaves_alone(path: str, before: str | None, after: str) -> None:
    assert said(path, before, after) == []


@pytest.mark.parametrize(
    ("path", "before", "after", "rule", "confidence"),
    [
        pytest.param("shop/pay.py", BASE, CUT, "elision-placeholder", Confidence.HIGH, id="code behind a remark"),
        pytest.param("tests/test_pay.py", BASE, CUT, "elision-placeholder", Confidence.MEDIUM, id="in a test"),
        pytest.param(
            "shop/pay.py", "import os\n", "import os\n\n# ... existing code ...\n", "elision-placeholder",
            Confidence.LOW, id="nothing was there",
        ),
        pytest.param(
            "shop/pay.py", BASE, BASE[: BASE.index("def refund")] + "# unchanged\n", "elision-placeholder",
            Confidence.MEDIUM, id="a word that people write too",
        ),
        pytest.param("shop/a.py", "a = 0\n", CONFLICT, "edit-marker-left", Confidence.HIGH, id="a conflict"),
        pytest.param("tests/a_test.go", "package a\n", CONFLICT, "edit-marker-left", Confidence.MEDIUM,
                     id="a conflict in a test"),
        pytest.param("shop/a.py", "a = 0\n", '"""Says\n\n' + CONFLICT + '"""\n', "edit-marker-left", Confidence.MEDIUM,
                     id="a conflict in a docstring"),
        pytest.param("shop/a.lua", "a = 0\n", CONFLICT, "edit-marker-left", Confidence.HIGH, id="no grammar, whole"),
        pytest.param("shop/a.lua", "a = 0\n", "a = 0\n>>>>>>> main\n", "edit-marker-left", Confidence.MEDIUM,
                     id="no grammar, a piece"),
        pytest.param("shop/a.lua", "a = 0\n", "```lua\na = 0\n```\n", "prose-in-source", Confidence.HIGH,
                     id="no grammar, a fence at the edge"),
        pytest.param("shop/a.lua", "a = 0\n", "a = 0\n</think>\n", "model-tag-leaked", Confidence.HIGH,
                     id="no grammar, a tag at the edge"),
        pytest.param("shop/pay.py", BASE, HALF, "file-truncated", Confidence.HIGH, id="cut off"),
        pytest.param("shop/pay.py", None, HALF, "file-truncated", Confidence.MEDIUM, id="a new file, cut off"),
        pytest.param("a.json", '{"a": [1, 2]}\n', '{"a": [1,\n', "file-truncated", Confidence.HIGH, id="JSON, cut off"),
        pytest.param(
            "shop/pay.py", BASE, BASE + BASE[BASE.index("\n\ndef refund") :], "definition-duplicated", Confidence.HIGH,
            id="the same twice",
        ),
    ],
)  # fmt: skip
def test_flags(path: str, before: str | None, after: str, rule: str, confidence: Confidence) -> None:
    assert said(path, before, after) == [(rule, confidence)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  # ... existing code ...", ("existing code", False, True)),
        ("// rest of file", ("rest of file", False, False)),
        ("{/* same as before */}", ("same as before", False, False)),
        ("<!-- unchanged -->", ("unchanged", False, False)),
        ("...  # rest of the method", ("rest of the method", False, True)),
        ("... (rest of file)", ("rest of file", True, True)),
        ("[existing code]", ("existing code", True, False)),
        ("{# existing code #}", ("existing code", False, False)),
        ("# …", ("", False, True)),
        ("#", None),
        ("x = 1  # existing code", None),
        ("passenger = 1", None),
        ("returned(...)", None),
    ],
)
def test_the_words_of_a_remark(text: str, words: tuple[str, bool, bool] | None) -> None:
    assert remark_of(text) == words


def test_a_finding_says_what_is_gone_and_where() -> None:
    (found,) = damage("shop/pay.py", BASE, CUT)
    assert (found.kind, found.location.line) == (Kind.INTEGRITY, CUT.count("\n"))
    assert "3 lines of code that base had there are gone" in found.message
    (cut,) = damage("shop/pay.py", BASE, HALF)
    assert "`(` of line 12 is never closed" in cut.message


def test_code_that_went_to_another_file_is_not_lost() -> None:
    body = "    first = call(1)\n    second = call(2)\n    third = call(3)\n"
    before = {"a.py": f"def a():\n{body}".encode(), "b.py": b"def b():\n    pass\n"}
    after = {"a.py": b"def a():\n    # unchanged\n    return b()\n", "b.py": f"def b():\n{body}".encode()}
    assert [item.rule for item in between(analyzer, before, after) if item.rule in RULES] == []


def test_one_finding_for_all_the_marks_of_a_file() -> None:
    (found,) = damage("shop/a.py", "a = 0\n", CONFLICT * 30)
    assert found.location.line == 1
    assert len(found.evidence) == 6


def test_damage_that_was_there_is_not_new() -> None:
    text = CONFLICT + "```\n" + BASE
    assert said("shop/pay.py", text, text.replace("audit(order, total)", "audit(order)")) == []


@pytest.mark.parametrize(
    "line",
    [
        "# " + "keep the existing " * 10,
        "# " + "rest of the code " * 11,
        "# existing code" + " here" * 35 + " x",
        "here is " + "the updated " * 30 + "\u2028",
        "<|" * 190,
        "@@ -" + "1" * 380,
        "(" * 50,
        "def a(x):\n    y = x\n    return y\n",
        "existing = 1  # unchanged",
    ],
    ids=["keep", "rest", "here", "prose", "pipes", "hunk", "brackets", "definitions", "remarks"],
)
def test_a_hostile_line_costs_little(line: str) -> None:
    text = "\n".join([line] * 200) + "\n"
    started = time.process_time()
    damage("shop/pay.py", "a = 1\n", text)
    assert time.process_time() - started < 5


@settings(max_examples=60, deadline=None)
@given(
    before=st.none() | st.binary(max_size=200),
    pieces=st.lists(
        st.sampled_from((*CONFLICT.splitlines(True), *BASE.splitlines(True), "# ... existing code ...\n", "```\n", "<think>\n",
                         "Certainly! Yes\n", "</invoke>\n", "'''\n", "{", "(\n", "\udcff\n", "\r", "\0")),
        max_size=12,
    ),
    path=st.sampled_from(("a.py", "a.ts", "a.yml", "a.rs", "a.lua", "a.json", "a.html", "a.css", "tests/a.py")),
)  # fmt: skip
def test_any_bytes_are_read(before: bytes | None, pieces: list[str], path: str) -> None:
    new = "".join(pieces).encode("utf-8", "surrogateescape")
    for item in between(analyzer, {} if before is None else {path: before}, {path: new}):
        assert item.rule not in RULES or item.location.path == path
