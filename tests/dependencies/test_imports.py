"""Imports that lines add, and whether they have to succeed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.dependencies.imports import added_imports, package_of
from trustgate.analyzers.dependencies.python_context import needed
from trustgate.changes.memory import change_between
from trustgate.facts import FileView


def roots(path: str, before: str, after: str) -> list[tuple[str, int]]:
    change = change_between({path: before.encode()}, {path: after.encode()})
    return [(one.root, one.line) for item in change.files for one in added_imports(FileView(item, change))]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("import os, sys", [], id="the standard library"),
        pytest.param("import urllib2, ConfigParser", [], id="the standard library of Python 2"),
        pytest.param("from . import x", [], id="relative"),
        pytest.param("from .x import y", [], id="relative with a name"),
        pytest.param("# import pandas", [], id="a comment"),
        pytest.param("print('import pandas')", [], id="a text"),
        pytest.param("important = 1", [], id="another word"),
        pytest.param("import pandas as pd, numpy", ["pandas", "numpy"], id="two and an alias"),
        pytest.param("    from a.b.c import d", ["a"], id="indented, dotted"),
        pytest.param("x = 1; import evil", ["evil"], id="behind a semicolon"),
        pytest.param("if y: import evil", ["evil"], id="behind a colon"),
    ],
)  # fmt: skip
def test_python(line: str, found: list[str]) -> None:
    assert [name for name, _ in roots("a.py", "", f"{line}\n")] == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param('import fs from "node:fs";', [], id="a built-in with its scheme"),
        pytest.param('const fs = require("fs/promises")', [], id="a built-in"),
        pytest.param('import x from "./x";', [], id="relative"),
        pytest.param('import x from "@/x";', [], id="an alias of a build"),
        pytest.param('import x from "#x";', [], id="an import map of the package"),
        pytest.param('import x from "https://cdn.example/x.js";', [], id="an address"),
        pytest.param('import type { X } from "x";', [], id="a type"),
        pytest.param("// import x from 'x'", [], id="a comment"),
        pytest.param('import x from "lodash/fp";', ["lodash"], id="a part of a package"),
        pytest.param("} from '@scope/name/deep'", ["@scope/name"], id="the end of a statement, scoped"),
        pytest.param("import 'side-effect'", ["side-effect"], id="for its effect"),
        pytest.param("const a = await import('a'), b = require('b')", ["a", "b"], id="by call"),
    ],
)  # fmt: skip
def test_javascript(line: str, found: list[str]) -> None:
    assert [name for name, _ in roots("a.ts", "", f"{line}\n")] == found


def test_what_the_old_side_imports_is_not_new() -> None:
    assert roots("a.py", "import pandas\n", "import numpy\nfrom pandas import x\n") == [("numpy", 1)]


def test_other_files_are_not_read() -> None:
    assert roots("a.rb", "", "import pandas\n") == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("import a\n", True, id="plain"),
        pytest.param("def f():\n    import a\n", True, id="in a function"),
        pytest.param("try:\n    import a\nexcept ImportError:\n    a = None\n", False, id="optional"),
        pytest.param(
            "try:\n    import b\nexcept (ValueError, ModuleNotFoundError):\n    import a\n", False, id="the fall-back"
        ),
        pytest.param("try:\n    import a\nexcept ValueError:\n    pass\n", True, id="another error is caught"),
        pytest.param("try:\n    pass\nexcept ImportError:\n    pass\nimport a\n", True, id="after a try"),
        pytest.param(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n", False, id="for the type checker"
        ),
        pytest.param(
            "import typing\nif typing.TYPE_CHECKING:\n    pass\nelse:\n    import a\n", True, id="when it runs"
        ),
        pytest.param("import sys\nif sys.version_info < (3, 11):\n    import a\n", False, id="for an old Python"),
        pytest.param(
            "from contextlib import suppress\nwith suppress(ImportError):\n    import a\n", False, id="suppressed"
        ),
        pytest.param("X = '''\nimport a\n'''\n", False, id="in a text"),
        pytest.param("print 'x'\nimport a\n", True, id="a file of Python 2"),
        pytest.param("print 'x'\ntry:\n    import a\nexcept:\n    pass\n", False, id="optional in Python 2"),
    ],
)
def test_needed(text: str, answer: bool) -> None:
    assert needed(text.encode(), "a") is answer


@given(st.binary(max_size=400))
def test_any_bytes_are_taken(data: bytes) -> None:
    assert needed(data, "a") in (True, False)


def test_deep_nesting_is_taken() -> None:
    for text in (
        "(" * 5000,
        "x = " + "a + " * 20_000 + "a\nimport a\n",
        "if a:\n" * 200,
        "if " + "not " * 5000 + "x:\n    import a\n",
    ):
        assert needed(text.encode(), "a") in (True, False)


@given(st.text(max_size=40))
def test_any_specifier_is_taken(text: str) -> None:
    assert isinstance(package_of(text), str)
