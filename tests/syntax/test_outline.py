"""Outlines by tree and by lines: symbols, calls resolved through imports, guards, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.syntax.outline import Outline, chain, symbol
from trustgate.syntax.reading import outline_of

PATHS = ("a.py", "a.js", "a.ts", "a.tsx", "a.go", "a.java", "a.rb", "a.yml", "a.sh", "Dockerfile", "a.unknown", "a.sql")


def outline(path: str, text: str) -> Outline:
    return outline_of(f"{path}:{text}", path, text.encode())


@given(st.sampled_from(PATHS), st.binary(max_size=400))
def test_any_bytes_have_an_outline(path: str, data: bytes) -> None:
    found = outline_of(f"{path}:{data!r}", path, data)
    lines = data.count(b"\n") + 1
    detail = found.detail([(1, lines)])
    assert all(1 <= scope.start <= scope.end <= lines + 1 for scope in found.scopes)
    assert all(1 <= item.span.line <= lines for group in detail for item in group)


RESOLVED = {
    "python alias": ("a.py", "import requests as r\nr.get(1)\n", "requests.get"),
    "python from": ("a.py", "from os import system as s\ns(1)\n", "os.system"),
    "python inside a function": ("a.py", "def f():\n    import pickle as p\n    p.loads(1)\n", "pickle.loads"),
    "javascript default": ("a.js", "import ax from 'axios';\nax.get(1);\n", "axios.get"),
    "javascript named": ("a.js", "import { exec as e } from 'child_process';\ne(1);\n", "child_process.exec"),
    "javascript require": ("a.js", "const { exec } = require('child_process');\nexec(1);\n", "child_process.exec"),
    "typescript namespace": ("a.ts", "import * as c from 'crypto';\nc.createHash('md5');\n", "crypto.createHash"),
    "go alias": ("a.go", 'package a\nimport t "crypto/tls"\nfunc f() { t.Dial(1) }\n', "crypto/tls.Dial"),
    "java type": (
        "A.java",
        "import java.security.MessageDigest;\nclass A { void f() { MessageDigest.isEqual(a, b); } }\n",
        "java.security.MessageDigest.isEqual",
    ),
}


@pytest.mark.parametrize(("path", "text", "callee"), RESOLVED.values(), ids=RESOLVED)
def test_callees_are_resolved_through_imports(path: str, text: str, callee: str) -> None:
    calls = outline(path, text).detail([(1, 10)]).calls
    assert callee in {call.callee for call in calls}


SYMBOLS = {
    "python": ("a.py", "class A:\n    def f(self):\n        return 1\n", 3, "A.f"),
    "python decorator line": ("a.py", "@x\ndef f():\n    pass\n", 1, "f"),
    "javascript arrow": ("a.js", "const f = (a) => {\n  return a;\n};\n", 2, "f"),
    "go method": ("a.go", "package a\nfunc (s *Store) Get() int {\n\treturn 1\n}\n", 3, "Store.Get"),
    "java": ("A.java", "class A {\n  int f() {\n    return 1;\n  }\n}\n", 3, "A.f"),
    "ruby": ("a.rb", "class A\n  def f\n    1\n  end\nend\n", 3, "A.f"),
    "rust": ("a.rs", "impl A {\n    pub fn f(&self) -> u8 {\n        1\n    }\n}\n", 3, "A.f"),
    "yaml": ("a.yml", "jobs:\n  build:\n    runs-on: x\n", 3, "jobs.build"),
}


@pytest.mark.parametrize(("path", "text", "line", "name"), SYMBOLS.values(), ids=SYMBOLS)
def test_enclosing_symbols(path: str, text: str, line: int, name: str) -> None:
    assert symbol(outline(path, text), line) == name


GUARDS = {
    "python raise": ("a.py", "def f(a):\n    if not a.ok:\n        raise X\n", "not a.ok", "raise"),
    "python assert": ("a.py", "def f(a):\n    assert a.ok\n", "assert a.ok", "assert"),
    "javascript throw": ("a.js", "function f(a) {\n  if (!a.ok) throw new E();\n}\n", "(!a.ok)", "throw"),
    "javascript status": (
        "a.js",
        "function f(a, res) {\n  if (!a) {\n    res.sendStatus(403);\n  }\n}\n",
        "(!a)",
        "sendStatus",
    ),
    "go with an initializer": (
        "a.go",
        "package a\nfunc f() error {\n\tif err := check(); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}\n",
        "err := check(); err != nil",
        "return",
    ),
    "ruby postfix": ("a.rb", "def f\n  raise X unless ok\nend\n", "ok", "raise"),
    "php": ("a.php", "<?php\nfunction f($a) {\n  if (!$a) {\n    throw new E();\n  }\n}\n", "(!$a)", "throw"),
}


@pytest.mark.parametrize(("path", "text", "condition", "leave"), GUARDS.values(), ids=GUARDS)
def test_early_exits(path: str, text: str, condition: str, leave: str) -> None:
    found = outline(path, text).detail([(1, 10)]).guards
    assert [(guard.condition, guard.exit) for guard in found] == [(condition, leave)]


def test_a_broken_file_is_degraded_and_not_blind() -> None:
    found = outline("a.py", "def f(:\n    verify(1)\n\ndef g():\n    check(2)\n")
    assert found.degraded
    assert {"check"} <= {call.callee for call in found.detail([(1, 6)]).calls}
    assert chain(found, 5)[-1].name == "g"
