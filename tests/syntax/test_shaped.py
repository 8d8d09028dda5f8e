"""The further grammars: symbols, calls, early exits, settings and markers of each, and what stands in for an absent one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.syntax.grammars import GRAMMARS
from trustgate.syntax.outline import Outline, symbol
from trustgate.syntax.paths import LANGUAGES
from trustgate.syntax.reading import missing_grammars, outline_of

RUBY = """class Posts < Base
  before_action :check, only: [:show]

  def show(a)
    authenticate_user!
    raise Denied unless a.ok?
    if !a.owner?
      redirect_to root_path and return
    end
    Net::HTTP.get(a, verify: false)
    @secure = true
  end
end
"""
PHP = """<?php
use App\\Auth\\Gate as G;
#[Route('/x')]
class C extends D {
  private $secure = true;
  #[IsGranted("ADMIN")]
  public function show($a) {
    if (!$a) { throw new E("x"); }
    if (!$this->ok) abort(403);
    $this->deny->go($a, verify: false);
    G::check(1);
    $x = ["k" => md5($a)];
  }
}
"""
CSHARP = """using J = System.Json;
namespace A.B {
[Authorize(Roles = "x")]
public class C : D {
  [AllowAnonymous]
  public async Task<int> Show(string a) {
    if (a == null) throw new E("x");
    if (!ok) { return Forbid(); }
    var x = new Client { Verify = false };
    await J.G(1, name: 2);
  }
}
}
"""
RUST = """use a::{b, c::d as e};
use std::fs::File;
struct S;
impl S {
  #[cfg(test)]
  #[inline]
  pub fn show(&self) -> Result<u8> {
    if !ok { return Err(x); }
    let Some(u) = v else { return; };
    let t = S { danger: true };
    File::open("x")?;
    e::run(1);
    ensure!(self.ok, "no");
  }
}
"""
KOTLIN = """import c.D as E

@Secured("ADMIN")
class C(val x: Int) : B() {
  val secure = true
  @GetMapping("/x")
  fun show(a: String): Int {
    if (!ok) throw F("x")
    val u = a ?: return 1
    require(a) { "m" }
    client.verify = false
    E.go(a, strict = false)
  }
}
"""
SWIFT = """import Foundation
@objc class C: B {
  @available(iOS 13, *)
  func show(a: String) throws -> Int {
    guard a.ok else { throw E.x }
    if !ok { return 3 }
    client.verify = false
    self.b.go(a, strict: false)
  }
}
"""
SCALA = """import c.{D => E, F}
@Secured("x")
class C(x: Int) extends B {
  @deprecated("a")
  def show(a: String): Int = {
    if (!ok) throw new X("x")
    client.verify = false
    E.go(a, strict = false)
  }
}
"""
C = """#include <x.h>
#define LIMIT 3
static char *show(char *a) {
  if (!a) return -1;
  if (bad(a)) { abort(); }
  ctx->verify = 0;
  struct s t = { .strict = 0 };
  SSL_set(a, 0);
}
"""
CPP = """namespace n {
class C : public B {
  bool secure = true;
  [[nodiscard]] int show(int a) {
    if (!a) throw std::runtime_error("x");
    this->b->go(a, false);
    auto x = new D(1);
  }
};
int C::other() { return 1; }
}
"""
BASH = """show() {
  if [ -z "$1" ]; then
    echo no >&2
    exit 1
  fi
  [ -n "$2" ] || return 3
  export MODE="x"
  curl -k "https://$x" | sh
}
"""
SYMBOLS = {
    "ruby": ("a.rb", RUBY, 5, "Posts.show"),
    "php": ("a.php", PHP, 8, "C.show"),
    "c#": ("a.cs", CSHARP, 7, "C.Show"),
    "rust": ("a.rs", RUST, 8, "S.show"),
    "kotlin": ("a.kt", KOTLIN, 8, "C.show"),
    "swift": ("a.swift", SWIFT, 5, "C.show"),
    "scala": ("a.scala", SCALA, 6, "C.show"),
    "c": ("a.c", C, 4, "show"),
    "c++": ("a.cpp", CPP, 5, "n.C.show"),
    "c++ outside its class": ("a.cpp", CPP, 10, "n.C.other"),
    "bash": ("a.sh", BASH, 4, "show"),
    "yaml": ("a.yml", "permissions:\n  contents: write\n", 2, "permissions"),
    "yaml list": ("a.yml", "on:\n  push:\n    branches:\n      - a\n      - b\n", 4, "on.push.branches"),
    "toml": ("a.toml", '[tool."a.b"]\nx = 1\n\n[[tool.c]]\ny = [\n  2,\n]\n', 6, "tool.c.y"),
    "json": ("a.json", '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}\n', 4, "a.b"),
    "hcl": ("a.tf", 'resource "s3" "b" {\n  rule {\n    acl = "x"\n  }\n}\n', 3, "resource.s3.b.rule"),
    "dockerfile stage": ("Dockerfile", "FROM a AS build\nUSER x\nFROM b\nUSER root\n", 2, "build"),
    "dockerfile last stage": ("Dockerfile", "FROM a AS build\nUSER x\nFROM b\nUSER root\n", 4, "b"),
}
CALLS = {
    "ruby": ("a.rb", RUBY, {"before_action", "authenticate_user!", "Net.HTTP.get", "redirect_to"}),
    "php": ("a.php", PHP, {"$this.deny.go", "App.Auth.Gate.check", "md5", "E"}),
    "c#": ("a.cs", CSHARP, {"System.Json.G", "Client", "Forbid"}),
    "rust": ("a.rs", RUST, {"std.fs.File.open", "a.c.d.run", "ensure"}),
    "kotlin": ("a.kt", KOTLIN, {"c.D.go", "require"}),
    "swift": ("a.swift", SWIFT, {"self.b.go"}),
    "scala": ("a.scala", SCALA, {"c.D.go", "X"}),
    "c": ("a.c", C, {"SSL_set", "bad"}),
    "c++": ("a.cpp", CPP, {"this.b.go", "D", "std.runtime_error"}),
    "bash": ("a.sh", BASH, {"curl", "sh", "exit"}),
    "hcl": ("a.tf", 'x = file("a")\n', {"file"}),
}
GUARDS = {
    "ruby": ("a.rb", RUBY, [("a.ok?", "raise"), ("!a.owner?", "return")]),
    "php": ("a.php", PHP, [("(!$a)", "throw"), ("(!$this->ok)", "abort")]),
    "c#": ("a.cs", CSHARP, [("a == null", "throw"), ("!ok", "return")]),
    "rust": ("a.rs", RUST, [("!ok", "return"), ("v", "return")]),
    "kotlin": ("a.kt", KOTLIN, [("!ok", "throw"), ("a", "return")]),
    "swift": ("a.swift", SWIFT, [("a.ok", "throw"), ("!ok", "return")]),
    "scala": ("a.scala", SCALA, [("(!ok)", "throw")]),
    "c": ("a.c", C, [("(!a)", "return"), ("(bad(a))", "abort")]),
    "c++": ("a.cpp", CPP, [("(!a)", "throw")]),
    "bash": ("a.sh", BASH, [('[ -z "$1" ]', "exit"), ('[ -n "$2" ]', "return")]),
}
NO_GUARDS = {
    "ruby, work in the branch": ("a.rb", "def f\n  if a\n    save(a)\n  end\nend\n"),
    "php, work in the branch": ("a.php", "<?php\nif ($a) { save($a); }\n"),
    "kotlin, both branches give a value": ("a.kt", "val x = if (a) 1 else 2\n"),
    "swift, work in the branch": ("a.swift", "if a { save(a) }\n"),
    "rust, work in the branch": ("a.rs", "fn f() {\n    if a {\n        save(a);\n    }\n}\n"),
    "bash, a chain of work": ("a.sh", "mkdir x && cd x\n"),
}
SETTINGS = {
    "ruby": ("a.rb", RUBY, ("secure", "true")),
    "php": ("a.php", PHP, ("secure", "true")),
    "php array": ("a.php", PHP, ("k", "md5($a)")),
    "c# initializer": ("a.cs", CSHARP, ("Verify", "false")),
    "rust field": ("a.rs", RUST, ("danger", "true")),
    "kotlin": ("a.kt", KOTLIN, ("client.verify", "false")),
    "swift": ("a.swift", SWIFT, ("client.verify", "false")),
    "scala": ("a.scala", SCALA, ("client.verify", "false")),
    "c": ("a.c", C, ("ctx.verify", "0")),
    "c designated": ("a.c", C, ("strict", "0")),
    "c macro": ("a.c", C, ("LIMIT", "3")),
    "c++ field": ("a.cpp", CPP, ("secure", "true")),
    "bash": ("a.sh", BASH, ("MODE", '"x"')),
    "yaml": ("a.yml", "permissions:\n  contents: write\n", ("contents", "write")),
    "yaml flow": ("a.yml", "with: {verify: false}\n", ("verify", "false")),
    "toml": ("a.toml", "[t]\nb.c = [1]\n", ("b.c", "[1]")),
    "json": ("a.json", '{"a": {"secure": false}}\n', ("secure", "false")),
    "hcl": ("a.tf", 'x {\n  acl = "public-read"\n}\n', ("acl", '"public-read"')),
    "dockerfile user": ("Dockerfile", "FROM a\nUSER root\n", ("USER", "root")),
    "dockerfile environment": ("Dockerfile", "FROM a\nENV A=b C=d\n", ("C", "d")),
}
ARGUMENTS = {
    "ruby": ("a.rb", RUBY, "Net.HTTP.get", ("verify", "false")),
    "php": ("a.php", PHP, "$this.deny.go", ("verify", "false")),
    "c#": ("a.cs", CSHARP, "System.Json.G", ("name", "2")),
    "kotlin": ("a.kt", KOTLIN, "c.D.go", ("strict", "false")),
    "swift": ("a.swift", SWIFT, "self.b.go", ("strict", "false")),
    "scala": ("a.scala", SCALA, "c.D.go", ("strict", "false")),
    "c": ("a.c", C, "SSL_set", ("", "0")),
    "bash": ("a.sh", BASH, "curl", ("", "-k")),
}
MARKERS = {
    "php": ("a.php", PHP, {"show": ["IsGranted"], "C": ["Route"]}),
    "c#": ("a.cs", CSHARP, {"Show": ["AllowAnonymous"], "C": ["Authorize"]}),
    "rust": ("a.rs", RUST, {"show": ["cfg", "inline"]}),
    "kotlin": ("a.kt", KOTLIN, {"show": ["GetMapping"], "C": ["Secured"]}),
    "swift": ("a.swift", SWIFT, {"show": ["available"], "C": ["objc"]}),
    "scala": ("a.scala", SCALA, {"show": ["deprecated"], "C": ["Secured"]}),
    "c++": ("a.cpp", CPP, {"show": ["nodiscard"]}),
}


def outline(path: str, text: str) -> Outline:
    return outline_of(f"{path}:{text}", path, text.encode())


@pytest.mark.parametrize(("path", "text"), NO_GUARDS.values(), ids=NO_GUARDS)
def test_no_early_exit(path: str, text: str) -> None:
    found = outline(path, text)
    assert (found.degraded, found.detail([(1, 20)]).guards) == (False, ())


@pytest.mark.parametrize(("path", "text", "line", "name"), SYMBOLS.values(), ids=SYMBOLS)
def test_enclosing_symbols_by_tree(path: str, text: str, line: int, name: str) -> None:
    found = outline(path, text)
    assert (found.degraded, symbol(found, line)) == (False, name)


@pytest.mark.parametrize(("path", "text", "callees"), CALLS.values(), ids=CALLS)
def test_callees(path: str, text: str, callees: set[str]) -> None:
    assert callees <= {call.callee for call in outline(path, text).detail([(1, 50)]).calls}


@pytest.mark.parametrize(("path", "text", "guards"), GUARDS.values(), ids=GUARDS)
def test_guards_by_tree(path: str, text: str, guards: list[tuple[str, str]]) -> None:
    found = outline(path, text).detail([(1, 50)]).guards
    assert [(guard.condition, guard.exit) for guard in found] == guards


@pytest.mark.parametrize(("path", "text", "setting"), SETTINGS.values(), ids=SETTINGS)
def test_settings(path: str, text: str, setting: tuple[str, str]) -> None:
    assert setting in {(item.name, item.value) for item in outline(path, text).detail([(1, 50)]).settings}


@pytest.mark.parametrize(("path", "text", "callee", "argument"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments(path: str, text: str, callee: str, argument: tuple[str, str]) -> None:
    calls = [call for call in outline(path, text).detail([(1, 50)]).calls if call.callee == callee]
    assert argument in {(item.name, item.value) for call in calls for item in call.arguments}


@pytest.mark.parametrize(("path", "text", "markers"), MARKERS.values(), ids=MARKERS)
def test_markers(path: str, text: str, markers: dict[str, list[str]]) -> None:
    found = {scope.name: [mark.name for mark in scope.markers] for scope in outline(path, text).scopes if scope.markers}
    assert found == markers


def test_a_comment_and_an_import_are_told_apart_from_code() -> None:
    found = outline("a.rb", 'require "x"\n# verify(1)\nrun(1)\n')
    assert found.import_lines == {1}
    assert [item.span.line for item in found.detail([(1, 3)]).comments] == [2]


PATHS = [suffixes[0].join(("a", "")) for suffixes in LANGUAGES.values()] + ["Dockerfile", "a.vue", "a.h", "a.hpp"]


@given(st.sampled_from(PATHS), st.binary(max_size=300))
def test_any_bytes_in_any_language(path: str, data: bytes) -> None:
    found = outline_of(f"{path}:{data!r}", path, data)
    lines = data.count(b"\n") + 1
    detail = found.detail([(1, lines)])
    assert all(1 <= scope.start <= scope.end <= lines + 1 for scope in found.scopes)
    assert all(1 <= item.span.line <= lines for group in detail for item in group)


PIECES = (
    "{",
    "}",
    "(",
    ")",
    ":",
    "=",
    "\n",
    "  ",
    '"',
    "'",
    "if ",
    "x",
    "def ",
    "fn ",
    "#[",
    "@a ",
    "::",
    "->",
    "|",
    "$",
    "<<EOF",
    "[",
)


@given(st.sampled_from(PATHS), st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_heap_of_tokens(path: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    assert outline(path, text).detail([(1, text.count("\n") + 1)]) is not None


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> str:
    """A language whose wheel is not there: a row that names a module nobody has."""
    monkeypatch.setitem(GRAMMARS, "elixir", GRAMMARS["ruby"]._replace(title="Elixir", module="tree_sitter_not_there"))
    return "a.ex"


def test_an_absent_grammar_is_read_by_lines_and_said(absent: str) -> None:
    found = outline(absent, "def show(a) do\n  verify(a)\nend\n")
    assert found.degraded
    assert {"verify"} <= {call.callee for call in found.detail([(1, 3)]).calls}
    assert missing_grammars([absent, "a.py", "a.rb", "a.lua"]) == ("Elixir",)


def test_a_tree_with_faults_is_read_by_lines_where_they_are() -> None:
    found = outline("a.rb", "def good\n  verify(1)\n  x = 2\nend\ndef )( {{ check(3)\n" + "y = 1\n" * 20)
    assert found.degraded
    assert {"verify", "check"} <= {call.callee for call in found.detail([(1, 30)]).calls}
    assert found.scopes[0].name == "good"


def test_a_deep_heap_of_brackets_ends() -> None:
    for path in ("a.json", "a.rb", "a.tf", "a.kt", "a.yml", "a.rs"):
        assert outline(path, "[{(\n" * 3000).detail([(1, 3000)]) is not None


TOWERS = {
    "yaml by indentation": ("a.yml", "".join(" " * n + "a:\n" for n in range(300))),
    "yaml by dashes": ("a.yml", "- " * 300 + "a"),
    "yaml by question marks": ("a.yml", "? " * 300 + "a: b"),
    "yaml in a workflow": (".github/workflows/a.yml", "- " * 300 + "a"),
    "swift comments": ("a.swift", "/*" * 2000),
}


@pytest.mark.parametrize(("path", "text"), TOWERS.values(), ids=TOWERS)
def test_a_text_that_kills_a_grammar_is_read_by_lines(path: str, text: str) -> None:
    """tree-sitter-yaml 0.7.2 ends the process on these, tree-sitter-swift 0.7.4 does not come back."""
    assert outline(path, text).degraded
