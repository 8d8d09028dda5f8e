"""The flaw rules run by the engines themselves. Marked `long`, and failing where the extra `deep` is not installed:
a walk that skips itself proves nothing."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest
from flaw_cases import BANDIT, EXAMPLES, RULES, SEMGREP, annotated, outcomes, rules, sample_of

from trustgate.analyzers.flaws.engine import SUFFIXES, Hit, Subject
from trustgate.analyzers.flaws.rules import FlawRule
from trustgate.facts import SideText
from trustgate.finding import Finding, NotChecked, Skip
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


def test_samples_are_flagged_where_they_say_and_nowhere_else() -> None:
    from trustgate.analyzers.flaws import semgrep

    def subject(stem: str) -> Subject:
        path = sample_of(stem)
        return Subject(stem, language_of(path.name), SideText(path.name, stem, path.read_bytes()))

    found: dict[str, set[int]] = {}
    subjects = [subject(stem) for stem in SEMGREP]
    ours: list[FlawRule] = [RULES[stem] for stem in SEMGREP]
    for item in semgrep.scan(subjects, ours):
        assert isinstance(item, Hit), item
        if item.subject.name == item.rule.id + SUFFIXES[item.subject.language]:
            found.setdefault(item.rule.id, set()).add(item.line)
    assert found == {stem: annotated(stem, "ruleid") for stem in SEMGREP}


def test_every_test_of_the_installed_bandit_is_decided_on() -> None:
    from bandit.core.extension_loader import MANAGER

    known = {*MANAGER.plugins_by_id, *MANAGER.blacklist_by_id}
    decided = {table["code"] for table in BANDIT["rule"]} | set(BANDIT["covered"]) | set(BANDIT["left_out"])
    assert known - decided == set()
    assert {table["code"] for table in BANDIT["rule"]} <= known


def test_no_marker_is_obeyed() -> None:
    after = "import tempfile\nfrom flask import redirect, request\n\n\ndef f():\n    tempfile.mktemp()  # nosec B306\n    return redirect(request.args['x'])  # nosemgrep\n"
    assert rules({}, {"a.py": after}) == {"temporary-name-race", "redirect-from-request"}
    beside = {
        ".bandit": "[bandit]\nskips: B306\n",
        "pyproject.toml": "[tool.bandit]\nskips = ['B306']\n",
        ".semgrepignore": "*\n",
    }
    assert rules({}, {"a.py": after, **beside}) == {"temporary-name-race", "redirect-from-request"}


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
