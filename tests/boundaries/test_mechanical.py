"""What is proven mechanical, and above all what is not: every decoy here has fooled a formatter, a parser or a reader."""

from __future__ import annotations

import ast

import pytest
from boundary_cases import findings, outcomes
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.analyzers.boundaries.mechanical import Proof, proven, proven_moves
from trustgate.analyzers.boundaries.mechanical.hunks import apply
from trustgate.analyzers.boundaries.mechanical.pragma import obeyed
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.verdict import Mechanical


def views(before: dict[str, str], after: dict[str, str]) -> list[FileView]:
    def encoded(files: dict[str, str]) -> dict[str, bytes]:
        return {path: text.encode("utf-8", "surrogateescape") for path, text in files.items()}

    change = change_between(encoded(before), encoded(after))
    return [FileView(item, change) for item in change.files]


def proof_of(path: str, old: str, new: str, words: frozenset[str] = frozenset()) -> Proof:
    return proven(views({path: old}, {path: new})[0], words)


NOT_PROVEN = {
    # Python
    "one-element tuple loses its comma": ("a.py", "x = (a,)\n", "x = (a)\n"),
    "bare tuple loses its comma": ("a.py", "x = a,\n", "x = a\n"),
    "target of a tuple becomes a name": ("a.py", "(x,) = y\n", "(x) = y\n"),
    "subscript gains a comma": ("a.py", "x[a]\n", "x[a,]\n"),
    "minus of minus": ("a.py", "a - -b\n", "a -- b + 0\n"),
    "statement leaves its block": ("a.py", "if x:\n    a()\n    b()\n", "if x:\n    a()\nb()\n"),
    "statement enters a block": ("a.py", "if x:\n    a()\nb()\n", "if x:\n    a()\n    b()\n"),
    "else goes to another if": (
        "a.py",
        "if a:\n    if b:\n        c()\n    else:\n        d()\n",
        "if a:\n    if b:\n        c()\nelse:\n    d()\n",
    ),
    "escape becomes two characters": ("a.py", 'x = "\\n"\n', 'x = r"\\n"\n'),
    "escape of an escape": ("a.py", 'x = "\\\\n"\n', 'x = "\\n"\n'),
    "blanks inside a string": ("a.py", "x = 'a b'\n", "x = 'a  b'\n"),
    "raw prefix taken away": ("a.py", "x = r'\\d'\n", "x = '\\d'\n"),
    "bytes become text": ("a.py", "x = b'a'\n", "x = 'a'\n"),
    "formatted string becomes plain": ("a.py", "x = f'{a}'\n", "x = '{a}'\n"),
    "plain becomes formatted": ("a.py", "x = '{a}'\n", "x = f'{a}'\n"),
    "self-documenting field": ("a.py", "x = f'{a=}'\n", "x = f'{a = }'\n"),
    "conversion of a field": ("a.py", "x = f'{a!r}'\n", "x = f'{a!s}'\n"),
    "comma between two strings": ("a.py", "x = ['a', 'b']\n", "x = ['a' 'b']\n"),
    "octal escape grows by joining": ("a.py", 'x = "\\1" "2"\n', 'x = "\\12"\n'),
    "not over a comparison": ("a.py", "x = not a == b\n", "x = (not a) == b\n"),
    "brackets break a chain of comparisons": ("a.py", "x = a == b == c\n", "x = a == (b == c)\n"),
    "power of a minus": ("a.py", "x = -a ** b\n", "x = (-a) ** b\n"),
    "awaited power": ("a.py", "async def f():\n    await (a ** b)\n", "async def f():\n    await a ** b\n"),
    "and before or": ("a.py", "x = a and (b or c)\n", "x = a and b or c\n"),
    "lambda takes more": ("a.py", "x = (lambda: a), b\n", "x = lambda: (a, b)\n"),
    "print with and without brackets": ("a.py", "print a\n", "print(a)\n"),
    "assert of a tuple": ("a.py", "assert a, 'b'\n", "assert (a, 'b')\n"),
    "except of a tuple": (
        "a.py",
        "try:\n    a\nexcept (A, B):\n    pass\n",
        "try:\n    a\nexcept A, B:\n    pass\n",
    ),
    "argument becomes a tuple": ("a.py", "f(a, b)\n", "f((a, b))\n"),
    "keywords in another order": ("a.py", "f(a=x(), b=y())\n", "f(b=y(), a=x())\n"),
    "decorators in another order": ("a.py", "@a\n@b\ndef f(): pass\n", "@b\n@a\ndef f(): pass\n"),
    "decorator called": ("a.py", "@a\ndef f(): pass\n", "@a()\ndef f(): pass\n"),
    "pattern of one": (
        "a.py",
        "match x:\n    case (a,):\n        pass\n",
        "match x:\n    case (a):\n        pass\n",
    ),
    "look-alike letter": ("a.py", "check(a)\n", "сheck(a)\n"),
    "number changes its value": ("a.py", "x = 0o10\n", "x = 0o1_00\n"),
    "is and is not": ("a.py", "x = a is not b\n", "x = a is (not b)\n"),
    "docstring says another thing": (
        "a.py",
        'def f():\n    """Do it.\n\n      a\n    """\n',
        'def f():\n    """Do it.\n\n    a\n\n      b\n    """\n',
    ),
    "inner indentation of a docstring": (
        "a.py",
        'def f():\n    """A.\n\n    b\n      c\n    """\n',
        'def f():\n    """A.\n\n    b\n    c\n    """\n',
    ),
    "indentation of a string that is no docstring": ("a.py", 'x = """\n  a\n"""\n', 'x = """\n    a\n"""\n'),
    # comments that tools obey
    "noqa taken away": ("a.py", "import a  # noqa\nx = 1\n", "import a\nx = 1\n"),
    "noqa put in": ("a.py", "x = f(a)\n", "x = f(a)  # noqa: S501\n"),
    "type ignore": ("a.py", "x = 1\n", "x = 1  # type: ignore\n"),
    "nosec": ("a.py", "x = 1\n", "x = 1  # nosec B101\n"),
    "pylint": ("a.py", "x = 1\n", "# pylint: disable=all\nx = 1\n"),
    "encoding": ("a.py", "# coding: utf-8\nx = 1\n", "# coding: utf-7\nx = 1\n"),
    "shebang": ("a.py", "#!/usr/bin/python\nx = 1\n", "#!/usr/bin/python -O\nx = 1\n"),
    "inline script metadata": ("a.py", "# /// script\n# ///\nx = 1\n", "# /// script\n# x\n# ///\nx = 1\n"),
    "eslint": ("a.js", "a();\n", "/* eslint-disable */\na();\n"),
    "ts-ignore": ("a.ts", "a();\n", "// @ts-ignore\na();\n"),
    "build tag": ("a.go", "package a\n", "//go:build linux\n\npackage a\n"),
    "old build tag": ("a.go", "package a\n", "// +build linux\n\npackage a\n"),
    "nolint": ("a.go", "package a\n\nvar x = 1\n", "package a\n\nvar x = 1 //nolint\n"),
    "preamble of C": ("a.go", 'package a\n\n// int x;\nimport "C"\n', 'package a\n\n// int y;\nimport "C"\n'),
    "nosonar": ("A.java", "class A { int a; }\n", "class A { int a; } // NOSONAR\n"),
    # imports
    "import of another name": ("a.py", "import a\nimport b\n", "import b\nimport c\n"),
    "name bound twice": ("a.py", "from a import x\nfrom b import x\n", "from b import x\nfrom a import x\n"),
    "star import moves": ("a.py", "from a import *\nfrom b import x\n", "from b import x\nfrom a import *\n"),
    "import over a statement": ("a.py", "import a\na.f()\nimport b\n", "import b\nimport a\na.f()\n"),
    "import under a condition": (
        "a.py",
        "if x:\n    import a\n    import b\n",
        "if x:\n    import b\n    import a\n",
    ),
    "import under another name": ("a.py", "import a as b, c\n", "import c as b, a\n"),
    "import for its effect": ("a.js", 'import "a";\nimport b from "b";\n', 'import b from "b";\nimport "a";\n'),
    # JavaScript and TypeScript
    "return and its value part": ("a.js", "function f() { return x }\n", "function f() { return\nx }\n"),
    "brackets take the line before": ("a.js", "a;\n(b)()\n", "a\n(b)()\n"),
    "directive": ("a.js", "'use strict'\n", "('use strict')\n"),
    "regular expression": ("a.js", "x = /a b/\n", "x = /a  b/\n"),
    "template": ("a.js", "x = `a b`\n", "x = `a  b`\n"),
    "template loses a line": ("a.js", "x = `a\n  b`\n", "x = `a\nb`\n"),
    "label": ("a.js", "a: for (;;) { break a }\n", "b: for (;;) { break a }\n"),
    "hole of an array": ("a.js", "x = [a, , b]\n", "x = [a, b]\n"),
    "hole at the end": ("a.js", "x = [a, ,]\n", "x = [a,]\n"),
    "end of an optional chain": ("a.js", "x = (a?.b).c\n", "x = a?.b.c\n"),
    "cast binds tighter": ("a.ts", "x = (a && b) as T\n", "x = a && b as T\n"),
    "body becomes a block": ("a.js", "x = () => ({a: 1})\n", "x = () => {a: 1}\n"),
    "new of a call": ("a.js", "x = new (a())()\n", "x = new a()()\n"),
    "mix of nullish and or": ("a.js", "x = (a ?? b) || c\n", "x = a ?? (b || c)\n"),
    "blanks that JSX shows": ("a.tsx", "x = <b>a <i/></b>\n", "x = <b>a<i/></b>\n"),
    "entity in JSX": ("a.tsx", "x = <b>a&nbsp;</b>\n", "x = <b>a </b>\n"),
    "computed key": ("a.js", "x = {a: 1}\n", "x = {[a]: 1}\n"),
    "key that needs quotes": ("a.js", "x = {'a-b': 1}\n", "x = {a: -b[1]}\n"),
    "empty statement as a body": ("a.js", "if (a)\n  b()\n", "if (a);\n  b()\n"),
    # Go, Java, data
    "operator changes": ("a.go", "package a\n\nvar x = 1 &^ 2\n", "package a\n\nvar x = 1 & ^2 + 0\n"),
    "raw string": ("a.go", "package a\n\nvar x = `a b`\n", "package a\n\nvar x = `a  b`\n"),
    "octal number": ("a.go", "package a\n\nvar x = 0644\n", "package a\n\nvar x = 0o644\n"),
    "text block": (
        "A.java",
        'class A { String a = """\n  b\n  """; }\n',
        'class A { String a = """\n    b\n  """; }\n',
    ),
    "number becomes text": ("a.json", '{"a": 1}\n', '{"a":\n"1"}\n'),
    "keys in another order": ("a.json", '{"a": 1,\n"b": 2}\n', '{"b": 2,\n"a": 1}\n'),
    "true becomes one": ("a.toml", "a = true\n", "a = 1\n"),
    "quoted yes": ("a.yaml", "a: yes\n", "a: 'yes'\n"),
    "item leaves its list": ("a.yaml", "a:\n  b: 1\n  c: 2\n", "a:\n  b: 1\nc: 2\n"),
    "kept line ends": ("a.yaml", "a: |\n  b\nc: 1\n", "a: |-\n  b\nc: 1\n"),
    "deeper line of a block": ("a.yaml", "a: |\n  b\n  c\n", "a: |\n  b\n    c\n"),
    "a language without a grammar": ("a.lua", "x = 1\n", "x =  1\n"),
    "a file that does not parse": ("a.py", "x = (1\ny  = 2\n", "x = (1\ny = 2\n"),
}


@pytest.mark.parametrize(("path", "old", "new"), NOT_PROVEN.values(), ids=NOT_PROVEN)
def test_leaves_alone(path: str, old: str, new: str) -> None:
    assert proof_of(path, old, new) == Proof()
    assert proof_of(path, new, old) == Proof()


LAYOUT = "formatting only, trees equal"
REORDERED = "imports reordered, same names bound"
PROVEN = {
    "room": ("a.py", "x = f(a,b)\n", "x = f(\n    a, b\n)\n", LAYOUT),
    "quotes": ("a.py", "x = 'a\"b'\n", 'x = "a\\"b"\n', LAYOUT),
    "case of a prefix": ("a.py", "x = R'\\d' + U'a' + 0XFF\n", 'x = r"\\d" + "a" + 0xff\n', LAYOUT),
    "trailing comma": ("a.py", "f(a, b)\n", "f(\n    a,\n    b,\n)\n", LAYOUT),
    "redundant brackets": (
        "a.py",
        "if (a and (b)):\n    return_((a or b))\n",
        "if a and b:\n    return_(a or b)\n",
        LAYOUT,
    ),
    "brackets for a continuation": ("a.py", "x = a + \\\n    b\n", "x = (\n    a\n    + b\n)\n", LAYOUT),
    "tuple in brackets": ("a.py", "for (a, b) in c: pass\n", "for a, b in c:\n    pass\n", LAYOUT),
    "semicolon": ("a.py", "a(); b()\n", "a()\nb()\n", LAYOUT),
    "empty bases": ("a.py", "class A():\n    pass\n", "class A:\n    pass\n", LAYOUT),
    "line ends": ("a.py", "x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n", LAYOUT),
    "noqa that keeps its place": ("a.py", "x = [1,2] #noqa\n", "x = [1, 2]  # noqa\n", LAYOUT),
    "a plain comment": ("a.py", "# who\nx = 1\n", "# who?\nx = 1\n", LAYOUT),
    "docstring": (
        "a.py",
        "def f():\n  '''A.\n\n    b\n  '''\n",
        'def f():\n    """A.\n\n      b\n    """\n',
        f"{LAYOUT}; docstring re-indented",
    ),
    "string in two": (
        "a.py",
        "x = f'a {b} c'\n",
        "x = (\n    f'a {b}'\n    ' c'\n)\n",
        f"{LAYOUT}; string split or joined, same text",
    ),
    "imports": (
        "a.py",
        "import b, a\nfrom c import (e, d)\n",
        "import a\nimport b\nfrom c import d, e\n",
        f"{LAYOUT}; {REORDERED}",
    ),
    "imports with a comment that tools obey": (
        "a.py",
        "import b  # noqa\nimport a\n",
        "import a\nimport b  # noqa\n",
        f"{LAYOUT}; {REORDERED}",
    ),
    "semicolons and quotes": ("a.js", "const a = 'b'\nf(a)\n", 'const a = "b";\nf(a);\n', LAYOUT),
    "brackets of a parameter": ("a.ts", "f(x => x)\n", "f((x) => x,\n);\n", LAYOUT),
    "brackets for clarity": ("a.js", "x = a && b || c % d * e\n", "x = (a && b) || (c % d) * e;\n", LAYOUT),
    "quotes of a key": ("a.js", "x = {'a': 1}\n", "x = { a: 1 };\n", LAYOUT),
    "lines of JSX": (
        "a.tsx",
        "x = <b>a {c} <i/></b>\n",
        'x = (\n  <b>\n    a {c}{" "}\n    <i />\n  </b>\n);\n',
        LAYOUT,
    ),
    "mark before a union": ("a.ts", "type A = B | C\n", "type A =\n  | B\n  | C;\n", LAYOUT),
    "names of an import": ("a.ts", "import {b, a} from 'c'\n", 'import { a, b } from "c";\n', f"{LAYOUT}; {REORDERED}"),
    "alignment": ("a.go", "package a\nvar (\na=1\nbc = 2\n)\n", "package a\n\nvar (\n\ta  = 1\n\tbc = 2\n)\n", LAYOUT),
    "groups of imports": (
        "a.go",
        'package a\n\nimport "b"\nimport "a"\n',
        'package a\n\nimport (\n\t"a"\n\t"b"\n)\n',
        f"{LAYOUT}; {REORDERED}",
    ),
    "Java": ("A.java", "class A{int a(){return 1;}}\n", "class A {\n  int a() {\n    return 1;\n  }\n}\n", LAYOUT),
    "JSON": ("a.json", '{"a": [1, 2]}\n', '{\n  "a": [\n    1,\n    2\n  ]\n}\n', "formatting only, values equal"),
    "TOML": ("a.toml", "a=[1,2]\n", "a = [\n  1,\n  2,\n]\n", "formatting only, values equal"),
    "YAML": ("a.yaml", "a:\n- 'b'\n- |\n  c\n", 'a:\n  - "b"\n  - |\n    c\n', LAYOUT),
}


@pytest.mark.parametrize(("path", "old", "new", "said"), PROVEN.values(), ids=PROVEN)
def test_proves(path: str, old: str, new: str, said: str) -> None:
    found = proof_of(path, old, new)
    assert found.whole
    assert [item.proof for item in found.listed] == [said]
    assert (found.old, found.new) != (frozenset(), frozenset())


RENAMED = {
    "a local": ("a.py", "def f():\n    a = 1\n    return a\n", "def f():\n    b = 1\n    return b\n", "a -> b"),
    "a local beside a keyword": (
        "a.py",
        "def f():\n    a = 1\n    return g(a=a)\n",
        "def f():\n    b = 1\n    return g(a=b)\n",
        "",
    ),
    "a parameter of Go": (
        "a.go",
        "package a\n\nfunc f(a int) int { return a }\n",
        "package a\n\nfunc f(b int) int { return b }\n",
        "a -> b",
    ),
    "a variable of JavaScript": (
        "a.js",
        "function f() { const a = 1; return a }\n",
        "function f() { const b = 1; return b }\n",
        "a -> b",
    ),
    "shadows another": (
        "a.py",
        "def f():\n    a = 1\n    b()\n    return a\n",
        "def f():\n    b = 1\n    b()\n    return b\n",
        "",
    ),
    "not everywhere": (
        "a.py",
        "def f():\n    a = 1\n    a = 2\n    return a\n",
        "def f():\n    b = 1\n    a = 2\n    return b\n",
        "",
    ),
    "a global": ("a.py", "def f():\n    return check(x)\n", "def f():\n    return chuck(x)\n", ""),
    "an attribute": ("a.py", "def f(x):\n    x.a = 1\n", "def f(x):\n    x.b = 1\n", ""),
    "a parameter of Python": ("a.py", "def f(a):\n    return a\n", "def f(b):\n    return b\n", ""),
    "a function at the top": ("a.py", "def check(a):\n    return a\n", "def chuck(a):\n    return a\n", ""),
    "a name found by text": (
        "a.py",
        "def f():\n    a = 1\n    return locals()\n",
        "def f():\n    b = 1\n    return locals()\n",
        "",
    ),
    "a field that shows its name": (
        "a.py",
        "def f():\n    a = 1\n    return f'{a=}'\n",
        "def f():\n    b = 1\n    return f'{b=}'\n",
        "",
    ),
    "a word of a boundary": (
        "a.py",
        "def f():\n    password = 1\n    return password\n",
        "def f():\n    value = 1\n    return value\n",
        "",
    ),
    "two names become one": (
        "a.py",
        "def f():\n    a = 1\n    b = 2\n    return a - b\n",
        "def f():\n    c = 1\n    c = 2\n    return c - c\n",
        "",
    ),
    "a key written short": (
        "a.js",
        "function f() { const a = 1; return {a} }\n",
        "function f() { const b = 1; return {b} }\n",
        "",
    ),
    "a global in the function": (
        "a.py",
        "def f():\n    global a\n    a = 1\n",
        "def f():\n    global b\n    b = 1\n",
        "",
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "pair"), RENAMED.values(), ids=RENAMED)
def test_rename(path: str, old: str, new: str, pair: str) -> None:
    found = proof_of(path, old, new, frozenset({"password"}))
    assert [item.proof for item in found.listed] == ([f"consistent rename {pair}"] if pair else [])


FUNCTION = "@guard\ndef f(a):\n    check(a)\n    return a\n"
MOVED = {
    "down the file": (
        {"a.py": FUNCTION + "\n\nx = 1\ny = 2\nz = 3\nw = 4\nv = 5\nu = 6\n"},
        {"a.py": "x = 1\ny = 2\nz = 3\nw = 4\nv = 5\nu = 6\n\n\n" + FUNCTION},
        True,
    ),
    "to another file with the same imports": (
        {"a.py": "from c import check, guard\n\n" + FUNCTION, "b.py": "from c import check, guard\n"},
        {"a.py": "from c import check, guard\n", "b.py": "from c import check, guard\n\n" + FUNCTION},
        True,
    ),
    "to a file where a name means another thing": (
        {"a.py": "from c import check, guard\n\n" + FUNCTION, "b.py": "from d import check, guard\n"},
        {"a.py": "from c import check, guard\n", "b.py": "from d import check, guard\n\n" + FUNCTION},
        False,
    ),
    "to a file that defines one of its names": (
        {"a.py": FUNCTION, "b.py": "def check(a):\n    pass\n"},
        {"a.py": "", "b.py": "def check(a):\n    pass\n\n" + FUNCTION},
        False,
    ),
    "to a folder where a relative import means another thing": (
        {"a/a.py": "from .c import check\n\n" + FUNCTION, "b/b.py": "from .c import check\n"},
        {"a/a.py": "from .c import check\n", "b/b.py": "from .c import check\n\n" + FUNCTION},
        False,
    ),
    "out of a test into the program": (
        {"test_a.py": FUNCTION + "\n\nx = 1\n", "b.py": "y = 2\n"},
        {"test_a.py": "x = 1\n", "b.py": "y = 2\n\n\n" + FUNCTION},
        False,
    ),
    "without its decorator": (
        {"a.py": FUNCTION + "\n\nx = 1\ny = 2\n"},
        {"a.py": "x = 1\ny = 2\n\n\n" + FUNCTION.replace("@guard\n", "")},
        False,
    ),
    "into a class": (
        {"a.py": "def f(a):\n    return a\n\n\nx = 1\n\n\nclass A:\n    y = 1\n"},
        {"a.py": "x = 1\n\n\nclass A:\n    y = 1\n\n    def f(a):\n        return a\n"},
        False,
    ),
    "past another of its name": (
        {"a.py": FUNCTION + "\n\nx = 1\n\n\ndef f(a):\n    return 0\n"},
        {"a.py": "x = 1\n\n\ndef f(a):\n    return 0\n\n\n" + FUNCTION},
        False,
    ),
    "a statement alone": (
        {"a.py": "def f(a):\n    check(a)\n    return a\n\n\ndef g(a):\n    return a\n"},
        {"a.py": "def f(a):\n    return a\n\n\ndef g(a):\n    check(a)\n    return a\n"},
        False,
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), MOVED.values(), ids=MOVED)
def test_move(before: dict[str, str], after: dict[str, str], expected: bool) -> None:
    found = proven_moves(views(before, after))
    assert [said.proof.startswith("definition moved from a") for _, _, said in found] == ([True] if expected else [])


def test_hunks_are_proven_one_by_one() -> None:
    old = "def login(a,b):\n    return check(a,b)\n\n\ndef other(a):\n    return a\n"
    new = "def login(a, b):\n    return check(\n        a,\n        b,\n    )\n\n\ndef other(a):\n    return not a\n"
    found = proof_of("auth.py", old, new)
    assert not found.whole
    assert found.old == {1, 2}
    assert found.new == {1, 2, 3, 4, 5}
    assert [(item.line, item.end_line, item.proof) for item in found.listed] == [(1, 5, LAYOUT)]


def test_hunks_that_hang_together_with_an_edit_are_not_proven() -> None:
    old = "def f(a):\n    login(a)\n\n    login(a)\n"
    new = "def f(a):\n    if a:\n        login(a)\n\n        login(a)\n"
    assert proof_of("auth.py", old, new) == Proof()


def test_what_is_proven_is_not_flagged_and_the_rest_is() -> None:
    old = "def login(a,b):\n    return password(a,b)\n\n\ndef other(a):\n    require_admin(a)\n    return a\n"
    new = "def login(a, b):\n    return password(a, b)\n\n\ndef other(a):\n    return a\n"
    found = outcomes({"auth.py": old}, {"auth.py": new})
    assert [item.line for item in found if isinstance(item, Mechanical)] == [1]
    assert findings({"auth.py": old}, {"auth.py": new})
    assert all(item.location.line > 4 for item in findings({"auth.py": old}, {"auth.py": new}))


def test_a_change_of_mode_is_not_mechanical() -> None:
    view = views({"a.py": "x=1\n"}, {"a.py": "x = 1\n"})[0]
    view.change = view.change._replace(new_mode=0o100755)
    assert proven(view) == Proof()


def test_deep_nesting_is_walked_without_recursion() -> None:
    deep = "(" * 3000 + "1" + ")" * 3000
    assert isinstance(proof_of("a.py", f"x = {deep}\ny=1\n", f"x = {deep}\ny = 1\n"), Proof)
    assert isinstance(proof_of("a.json", "[" * 100_000, "[" * 100_000 + " "), Proof)


OBEYED = {
    "noqa": ("# noqa", "python", True),
    "glued noqa": ("x#noqa:E501", "python", True),
    "a word with the letters": ("# the pragmatic way", "python", False),
    "prose": ("# checks who may log in, and how", "python", False),
    "Go directive": ("//go:embed a", "go", True),
    "any Go comment without a blank": ("//nolint:errcheck", "go", True),
    "Go prose": ("// Login checks the password.", "go", False),
    "hint to a bundler": ("/* webpackChunkName: 'a' */", "javascript", True),
    "pure": ("/*#__PURE__*/", "javascript", True),
    "a tool we never heard of": ("# newtool: disable=X1", "python", True),
}


@pytest.mark.parametrize(("comment", "language", "expected"), OBEYED.values(), ids=OBEYED)
def test_comments_that_tools_obey(comment: str, language: str, expected: bool) -> None:
    assert obeyed(comment, language) is expected


TEXTS = st.text(alphabet="ab(),[]'\"\\ \n\t#:=+f-", max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["a.py", "a.js", "a.tsx", "a.go", "A.java", "a.json", "a.toml", "a.yaml"]), TEXTS, TEXTS)
def test_any_text_returns(path: str, old: str, new: str) -> None:
    if old == new:
        return
    found = proof_of(path, old, new)
    assert found == Proof() or found.listed


LINES = st.lists(
    st.sampled_from(
        [
            *(
                "x = a",
                "x = (a)",
                "x = (a,)",
                "x = a,",
                "f(a)",
                "f(a,)",
                "f((a,))",
                "if a:\n    b\n    c",
                "if a:\n    b\nc",
            ),
            *("x = 'a'", 'x = "a"', 'x = "a" ""', "x = b'a'", "import a, b", "import b\nimport a", "x = not (a == b)"),
            *("x = not a == b", "x = (not a) == b", "x = -a ** b", "x = (-a) ** b", "# note", "", "x = a + (b + c)"),
            *(
                "x = a + b + c",
                "x = (a and b) or c",
                "x = a and b or c",
                "x = a and (b or c)",
                "del (a, b)",
                "del a, b",
            ),
        ]
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(LINES, LINES)
def test_another_parser_agrees_with_every_proof(old: list[str], new: list[str]) -> None:
    """Python's own `ast` is the witness: the old file with the proven hunks put in says the same."""
    before, after = ("\n".join([*lines, "end()", ""]) for lines in (old, new))
    if before == after:
        return
    view = views({"a.py": before}, {"a.py": after})[0]
    found = proven(view)
    hunks = tuple(h for h in view.change.hunks if found.old >= {*h.old_lines} and found.new >= {*h.new_lines})
    patched = apply(before.encode(), after.encode(), hunks if found.listed else ())
    assert _said(patched.decode()) == _said(before)


def _said(text: str) -> list[str]:
    said: list[str] = []
    imports: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            imports.update(name.name for name in node.names)
            continue
        if imports:
            said.append(str(sorted(imports)))
            imports.clear()
        for part in ast.walk(node):
            if isinstance(part, ast.Delete) and isinstance(part.targets[0], ast.Tuple):
                part.targets = part.targets[0].elts
        said.append(ast.dump(node))
    return said
