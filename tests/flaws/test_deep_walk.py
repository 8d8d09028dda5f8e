"""The flaw rules run by the engines themselves. Marked `deep`, and failing where the extra `deep` is not installed:
a walk that skips itself proves nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest
from flaw_cases import (
    BANDIT,
    EXAMPLES,
    FOLDER,
    RULES,
    SEMGREP,
    annotated,
    findings,
    outcomes,
    rules,
    sample_of,
    sample_path,
)

from trustgate.analyzers.flaws import semgrep
from trustgate.analyzers.flaws.engine import Hit, Subject
from trustgate.analyzers.flaws.semgrep import Call
from trustgate.analyzers.flaws.semgrep_calls import run_cli, run_core
from trustgate.facts import SideText
from trustgate.finding import Finding, NotChecked, Skip
from trustgate.process import run_tool, script_command
from trustgate.syntax.paths import language_of

pytestmark = pytest.mark.deep


def test_the_engines_are_here() -> None:
    missing = [engine for engine in ("bandit", "semgrep") if find_spec(engine) is None]
    assert missing == [], "the walk needs the extra `deep`: see docs or `make test-deep`"


@pytest.mark.parametrize(("rule", "key", "example"), EXAMPLES)
def test_example(rule: str, key: str, example: dict[str, Any]) -> None:
    path = example["path"]
    before = {path: example["before"]} if "before" in example else {}
    assert (rule in rules(before, {path: example["after"]})) is (key == "flags")


SAMPLES = [
    Subject(f"sample{number}", language_of(sample_of(rule).name), SideText(rule, rule, sample_of(rule).read_bytes()))
    for number, rule in enumerate(SEMGREP)
]
ALL = {rule: annotated(rule, "ruleid") for rule in SEMGREP}


@pytest.mark.parametrize("call", [run_core, run_cli])
def test_samples_are_flagged_where_they_say_and_nowhere_else_in_both_ways_to_call(call: Call) -> None:
    files, targets = semgrep.work(SAMPLES, [RULES[rule] for rule in SEMGREP])
    found: dict[str, set[int]] = {}
    for item in semgrep.read(call(files, targets), SAMPLES, [RULES[rule] for rule in SEMGREP]):
        assert isinstance(item, Hit), item
        if item.subject.text.path == item.rule.id:
            found.setdefault(item.rule.id, set()).add(item.line)
    assert found == ALL


def test_semgrep_s_own_test_mode_passes() -> None:
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".toml"}
    done = run_tool((*script_command("semgrep"), "test", "--experimental", "--json", "."), files=files, seconds=300)
    said = json.loads(done.stdout)
    checks = {rule: check for file in said["results"].values() for rule, check in file["checks"].items()}
    assert set(checks) == set(SEMGREP)
    assert {rule for rule, check in checks.items() if not check["passed"]} == set()
    assert said["config_with_errors"] == []


def samples(change: Callable[[str, str], str] = lambda path, text: text) -> dict[str, str]:
    return {sample_path(rule): change(sample_path(rule), sample_of(rule).read_text()) for rule in SEMGREP}


def test_each_sample_is_new_where_there_was_none() -> None:
    found: dict[str, set[int]] = {}
    for item in outcomes({}, samples()):
        assert isinstance(item, Finding), item
        if item.rule in SEMGREP and item.location.path == sample_path(item.rule):
            found.setdefault(item.rule, set()).add(item.location.line)
    assert found == ALL


def test_a_flaw_that_was_there_and_one_that_goes_are_silent() -> None:
    def below(path: str, text: str) -> str:
        return text + ("# below\n" if path.endswith(".py") else "// below\n")

    assert outcomes(samples(), samples(below)) == []
    assert outcomes(samples(), dict.fromkeys(samples(), "")) == []


GUARD = {
    "path": (
        """
from flask import request
from werkzeug.utils import secure_filename
def download():
    name = secure_filename(request.args["name"])
    return open("/srv/files/" + name).read()
""",
        'secure_filename(request.args["name"])',
        'request.args["name"]',
        "path-from-request",
    ),
    "redirect": (
        """
from flask import redirect, request
def after_login():
    target = request.args.get("next")
    target = safe_target(target)
    return redirect(target)
""",
        "    target = safe_target(target)\n",
        "",
        "redirect-from-request",
    ),
}


@pytest.mark.parametrize(("safe", "guard", "bare", "rule"), GUARD.values(), ids=GUARD)
def test_what_made_it_safe_goes(safe: str, guard: str, bare: str, rule: str) -> None:
    loose = safe.replace(guard, bare)
    assert rules({"a.py": safe}, {"a.py": loose}) == {rule}
    assert rules({"a.py": loose}, {"a.py": safe}) == set()
    assert rules({"a.py": loose}, {"a.py": loose.replace("request.args", "request.form")}) == set()


def test_every_test_of_the_installed_bandit_is_decided_on() -> None:
    from bandit.core.extension_loader import MANAGER

    known = {*MANAGER.plugins_by_id, *MANAGER.blacklist_by_id}
    decided = {table["code"] for table in BANDIT["rule"]} | set(BANDIT["covered"]) | set(BANDIT["left_out"])
    assert known - decided == set()
    assert {table["code"] for table in BANDIT["rule"]} <= known


MARKERS = {
    "a.py": (
        (
            "from flask import redirect, request\nimport tempfile\ndef f():\n    {0}return redirect(request.args['x']){1}\n"
            "def g():\n    {0}return tempfile.mktemp(){1}\n"
        ),
        {"redirect-from-request", "temporary-name-race"},
        "#",
    ),
    "a.js": ("function f(req, res) {{\n  {0}res.redirect(req.query.to);{1}\n}}\n", {"redirect-from-request-js"}, "//"),
    "a.tsx": ("function f(req, res) {{\n  {0}res.redirect(req.query.to);{1}\n}}\n", {"redirect-from-request-js"}, "//"),
    "a.go": (
        (
            'package a\nimport "net/http"\nfunc f(w http.ResponseWriter, r *http.Request) {{\n'
            '\t{0}http.Redirect(w, r, r.FormValue("to"), 302){1}\n}}\n'
        ),
        {"redirect-from-request-go"},
        "//",
    ),
    "a.java": (
        (
            "import javax.servlet.http.*;\nclass A {{ void f(HttpServletRequest in, HttpServletResponse out) {{\n"
            '  {0}out.sendRedirect(in.getParameter("to"));{1}\n}} }}\n'
        ),
        {"redirect-from-request-java"},
        "//",
    ),
}
WORDS = (
    *("nosemgrep", "nosemgrep: RULE", "nosem", "noqa", "noqa: S306", "nosec", "nosec B306", "#nosec G110", "NOSONAR"),
    *(
        "nolint:gosec",
        "eslint-disable-line",
        "ts-ignore",
        "type: ignore",
        "lgtm",
        "skipcq",
        "codeql[py/x]",
        "noinspection",
    ),
)


@pytest.mark.parametrize("word", WORDS)
def test_no_marker_is_obeyed(word: str) -> None:
    files, wanted = {}, {}
    for path, (text, flagged, comment) in MARKERS.items():
        for place in ("behind", "above"):
            for rule in sorted(flagged):
                name = f"{place}-{rule}/{path}"
                marker = f"{comment} {word.replace('RULE', rule)}"
                filled = text.format("", f"  {marker}") if place == "behind" else _above(text, marker)
                files[name], wanted[name] = filled, flagged
    found: dict[str, set[str]] = {}
    for item in findings({}, files):
        found.setdefault(item.location.path, set()).add(item.rule)
    assert found == wanted


def _above(text: str, marker: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        f"{line[: len(line) - len(line.lstrip())]}{marker}\n{line}" if "{0}" in line else line for line in lines
    ).format("", "")


@pytest.mark.parametrize("call", [run_core, run_cli])
def test_no_marker_is_obeyed_in_either_way_to_call(call: Call) -> None:
    subjects, asked = [], set()
    for number, (path, (text, flagged, comment)) in enumerate(MARKERS.items()):
        for word in ("nosemgrep", "nosem", "nosemgrep: RULE"):
            rule = next(name for name in sorted(flagged) if name in SEMGREP)
            data = text.format("", f"  {comment} {word.replace('RULE', rule)}").encode()
            subjects.append(Subject(f"new{number}{len(subjects)}", language_of(path), SideText(path, "oid", data)))
            asked.add(rule)
    chosen = [RULES[rule] for rule in sorted(asked)]
    files, targets = semgrep.work(subjects, chosen)
    found = [
        item.subject.name for item in semgrep.read(call(files, targets), subjects, chosen) if isinstance(item, Hit)
    ]
    assert sorted(found) == sorted(subject.name for subject in subjects)


def test_no_settings_of_the_repository_are_obeyed() -> None:
    after = MARKERS["a.py"][0].format("", "")
    beside = {
        ".bandit": "[bandit]\nskips: B306\nexclude: /\n",
        "bandit.yaml": "skips: ['B306']\n",
        "pyproject.toml": "[tool.bandit]\nskips = ['B306']\nexclude_dirs = ['.']\n",
        "setup.cfg": "[bandit]\nskips: B306\n",
        "tox.ini": "[bandit]\nskips: B306\n",
        ".semgrepignore": "*\n",
        ".gitignore": "*\n",
        ".semgrep.yml": "rules: []\n",
    }
    assert rules({}, {"a.py": after, **beside}) == MARKERS["a.py"][1]


def test_hostile_files_end_in_a_sentence_and_leave_the_others_judged() -> None:
    flaw = "import tempfile\ntempfile.mktemp()\n"
    found = outcomes(
        {},
        {
            "-r\n$(x).py": flaw,
            "deep.py": flaw + "x = " + "(" * 3000 + ")" * 3000 + "\n",
            "minus.py": flaw + "x = " + "-" * 200_000 + "1\n",
            "broken.py": flaw + "def f(:\n",
            "bytes.py": b"# \xff\xfe\n" + flaw.encode(),
        },
    )
    flagged = {item.location.path for item in found if isinstance(item, Finding)}
    skipped = {item.path for item in found if isinstance(item, Skip)}
    unparsed = {item.reason.partition(":")[0] for item in found if isinstance(item, NotChecked)}
    assert flagged == {"-r\n$(x).py"}
    assert skipped == {"minus.py"}
    assert unparsed == {"broken.py", "bytes.py", "deep.py"}
