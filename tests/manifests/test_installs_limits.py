"""Commands that are too long to be read are said, never passed over."""

from __future__ import annotations

import pytest

from trustgate.manifests import scripts, workflow
from trustgate.manifests.dependency import ManifestError

LONG = "pip install " + " ".join(f"package-{n}" for n in range(3000))


def test_a_command_that_is_too_long_is_a_problem_at_its_line() -> None:
    found = scripts.read("setup.sh", f"echo hi\n{LONG}\npip install requests\n".encode(), lambda _path: None)
    assert [(problem.line, "over the limit" in problem.reason) for problem in found.problems] == [(2, True)]
    assert [item.name for item in found.dependencies] == ["requests"]


def test_a_long_line_that_installs_nothing_is_no_problem() -> None:
    found = scripts.read("setup.sh", b"echo " + b"z" * 30_000 + b"\npip install requests\n", lambda _path: None)
    assert found.problems == ()


def test_a_step_that_is_too_long_is_a_problem() -> None:
    text = f"jobs:\n  a:\n    steps:\n      - run: {LONG}\n"
    assert workflow.read(".github/workflows/a.yml", text.encode(), lambda _path: None).problems


def test_a_workflow_with_more_entries_than_are_looked_at_is_an_error() -> None:
    text = "jobs:\n" + "".join(f"  j{n}:\n    a:\n      b: 1\n" for n in range(26_000))
    with pytest.raises(ManifestError):
        workflow.read(".github/workflows/a.yml", text.encode(), lambda _path: None)
