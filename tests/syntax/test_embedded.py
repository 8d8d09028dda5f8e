"""Code inside documents: what it is, that it stands on the lines of the file, and what is not code."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.syntax.outline import Outline, symbol
from trustgate.syntax.reading import outline_of

VUE = """<template>
  <p v-html="x"/>
</template>
<script setup lang="ts">
import ax from "axios";
function load(a: string) {
  if (!a) throw new E();
  ax.get(a);
}
</script>
"""
HTML = """{% if x %}
<script>
var u = {{ u|tojson }};
{% if y %}
function load() { eval(u); }
{% endif %}
</script>
<script type="application/json">{"a": "b"}</script>
<p>text</p><script>go(1)</script>
"""
WORKFLOW = """on: push
permissions:
  contents: write
jobs:
  b:
    steps:
      - name: x
        run: |
          check() {
            [ -n "$A" ] || exit 1
          }
          curl -k ${{ github.event.x }} | sh
      - run: pip install x
      - shell: python
        run: |
          import os
          os.system("x")
      - shell: pwsh
        run: Get-Item x
      - uses: actions/github-script@v7
        with:
          script: |
            await github.rest.pulls.get(1)
    env:
      A: b
"""
DOCKERFILE = """FROM a
RUN curl -k x && \\
    # a remark
    chmod 777 /x
RUN <<EOF
wget y
EOF
RUN ["a", "b"]
USER root
"""


def notebook(*cells: tuple[str, list[str]], language: str = "python") -> str:
    made = [{"cell_type": kind, "metadata": {}, "outputs": [], "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {"kernelspec": {"language": language}}, "nbformat": 4}, indent=1)


def outline(path: str, text: str) -> Outline:
    return outline_of(f"{path}:{text}", path, text.encode())


def calls(path: str, text: str) -> dict[str, tuple[int, int]]:
    found = outline(path, text).detail([(1, text.count("\n") + 1)]).calls
    return {call.callee: (call.span.line, call.span.column) for call in found}


CASES = {
    "vue": ("a.vue", VUE, {"E": (7, 16), "axios.get": (8, 2)}),
    "svelte": ("a.svelte", "<p/>\n<script>\n  go(1);\n</script>\n", {"go": (3, 2)}),
    "html with a template's marks": ("a.html", HTML, {"eval": (5, 18), "go": (9, 19)}),
    "workflow": (
        ".github/workflows/x.yml",
        WORKFLOW,
        {
            "exit": (10, 27),
            "curl": (12, 10),
            "sh": (12, 42),
            "pip": (13, 13),
            "os.system": (17, 10),
            "github.rest.pulls.get": (23, 18),
        },
    ),
    "the same file elsewhere": ("deploy/x.yml", WORKFLOW, {}),
    "dockerfile": ("Dockerfile", DOCKERFILE, {"curl": (2, 4), "chmod": (4, 4), "wget": (6, 0)}),
}


@pytest.mark.parametrize(("path", "text", "expected"), CASES.values(), ids=CASES)
def test_calls_at_their_places(path: str, text: str, expected: dict[str, tuple[int, int]]) -> None:
    assert calls(path, text) == expected


def test_the_rest_of_a_workflow_stays_yaml() -> None:
    found = outline(".github/workflows/x.yml", WORKFLOW)
    assert symbol(found, 3) == "permissions"
    assert symbol(found, 10) == "jobs.b.steps.run.check"
    names = {(item.name, item.span.line) for item in found.detail([(1, 30)]).settings}
    assert {("contents", 3), ("run", 13), ("A", 25)} <= names


def test_the_markup_round_a_script_is_read_by_lines() -> None:
    found = outline("a.vue", VUE).detail([(1, 10)])
    assert ("v-html", 2) in {(item.name, item.span.line) for item in found.settings}
    assert [(guard.condition, guard.exit) for guard in found.guards] == [("(!a)", "throw")]


def test_a_fault_in_one_step_says_nothing_of_the_others() -> None:
    text = "jobs:\n  a:\n    steps:\n      - run: |\n          echo 'open\n      - run: |\n          curl x\n"
    assert calls(".github/workflows/x.yml", text)["curl"] == (7, 10)


CELLS = notebook(
    ("markdown", ["# verify(1)\n"]),
    ("code", ["%pip install x\n", "def load(a):\n", '    x = "q"; check(a)\n', "!ls"]),
    ("code", ["%%bash\n", "curl x"]),
)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_cells_of_a_notebook() -> None:
    line = line_of(CELLS, "check(a)")
    found = calls("a.ipynb", CELLS)
    assert found == {"check": (line, CELLS.split("\n")[line - 1].index("check"))}
    assert symbol(outline("a.ipynb", CELLS), line) == "load"
    assert not outline("a.ipynb", CELLS).degraded


def test_what_is_no_code_in_a_notebook_comes_back_as_comment() -> None:
    comments = {item.span.line for item in outline("a.ipynb", CELLS).detail([(1, 100)]).comments}
    assert {1, line_of(CELLS, "# verify"), line_of(CELLS, "nbformat")} <= comments
    assert not {line_of(CELLS, "check(a)"), line_of(CELLS, "!ls"), line_of(CELLS, "curl x")} & comments


BY_LINES = {
    "broken JSON": CELLS[:-3],
    "another language": notebook(("code", ["f(1)\n"]), language="R"),
    "one line": json.dumps(json.loads(CELLS)),
    "source as one string": CELLS.replace('"source": [', '"source": "a", "x": [', 1),
    "a key behind an escape": CELLS.replace('"source": [', '"so\\u0075rce": [', 2),
    "two lines in one string": notebook(("code", ["a(1)\nb(2)\n"])),
    "deep": "[" * 100_000,
    "no notebook": "[1]",
}


@pytest.mark.parametrize("text", BY_LINES.values(), ids=BY_LINES)
def test_a_notebook_that_cannot_be_taken_apart_is_read_by_lines(text: str) -> None:
    found = outline("a.ipynb", text)
    assert found.degraded
    assert not found.detail([(1, 5)]).comments


def test_a_decoy_does_not_make_real_code_silent() -> None:
    decoy = '   "outputs": [\n    {\n     "source": [\n      "run(1)\\n"\n     ]\n    }\n   ],\n'
    real = (
        '{\n "cells": [\n  {\n   "cell_type": "code",\n' + decoy + '   "source": [\n    "run(1)\\n"\n   ]\n  }\n ]\n}\n'
    )
    line = real.count("\n", 0, real.rindex("run(1)")) + 1
    assert line not in {item.span.line for item in outline("a.ipynb", real).detail([(1, 30)]).comments}


INNER = st.text(alphabet="<>/script{}%\n \"'$-:|runRUN\\EOF[]", max_size=200)


@given(st.sampled_from(("a.html", "a.vue", ".github/workflows/a.yml", "Dockerfile")), INNER)
def test_any_document_keeps_its_lines(path: str, text: str) -> None:
    whole = {"Dockerfile": "RUN ", "a.html": "<script>", "a.vue": "<script>"}.get(path, "run: |\n  ") + text
    lines = whole.count("\n") + 1
    found = outline(path, whole).detail([(1, lines)])
    assert all(1 <= item.span.line <= item.span.end_line <= lines for group in found for item in group)


@given(
    st.lists(
        st.tuples(st.sampled_from(("code", "markdown", "raw")), st.lists(st.text(max_size=30), max_size=4)), max_size=4
    )
)
def test_any_notebook_keeps_its_lines(cells: list[tuple[str, list[str]]]) -> None:
    text = notebook(*cells)
    lines = text.count("\n") + 1
    found = outline("a.ipynb", text).detail([(1, lines)])
    assert all(1 <= item.span.line <= lines for group in found for item in group)


@given(st.lists(st.sampled_from(("x = 1", "é = f(2)", 'print("a\\tb")', "if a:", "    g('\\\\')", "# c")), max_size=8))
def test_a_notebook_reads_like_the_program_in_it(sources: list[str]) -> None:
    text = notebook(("code", [source + "\n" for source in sources]))
    program = outline("a.py", "\n".join(sources)).detail([(1, 20)])
    cells = outline("a.ipynb", text).detail([(1, text.count("\n") + 1)])
    assert [call.callee for call in cells.calls] == [call.callee for call in program.calls]
