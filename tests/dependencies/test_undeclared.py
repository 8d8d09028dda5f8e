"""Undeclared imports end to end; the plain cases are in the rules' own examples."""

from __future__ import annotations

from typing import Any

import pytest

from trustgate.finding import Confidence, Finding, NotChecked

MANIFEST = {"requirements.txt": "requests==2.32.3\n"}


def found(outcomes: list[Any]) -> list[tuple[str, str, int]]:
    return [(one.rule, one.location.path, one.location.line) for one in outcomes if isinstance(one, Finding)]


@pytest.mark.parametrize(
    ("beside", "path", "text"),
    [
        pytest.param({"requirements.txt": "djangorestframework\n"}, "a.py", "import rest_framework\n", id="a name inside a declared one"),
        pytest.param({"requirements.txt": "google-cloud-storage\n"}, "a.py", "import google.cloud\n", id="a shared namespace"),
        pytest.param({"requirements.txt": "opencv-python\n"}, "a.py", "import cv2\n", id="by the import map"),
        pytest.param({**MANIFEST, "uv.lock": 'version = 1\n[[package]]\nname = "pandas"\nversion = "2.0"\n'}, "a.py", "import pandas\n", id="in a lock only"),
        pytest.param({**MANIFEST, "tox.ini": "[testenv]\ndeps = pandas\n"}, "a.py", "import pandas\n", id="by the test runner"),
        pytest.param(MANIFEST, "tests/test_a.py", "import pandas\n", id="a well-known package in a test"),
        pytest.param(MANIFEST, "vendor/x/a.py", "import quiet_otter\n", id="somebody else's code"),
        pytest.param({}, "a.py", "import quiet_otter\n", id="no manifest at all"),
        pytest.param({"package.json": "{}"}, "a.py", "import quiet_otter\n", id="a manifest of another language"),
        pytest.param({"package.json": '{"name": "otter-app", "workspaces": ["x"]}', "x/package.json": '{"name": "otter-x"}'}, "a.js", 'import "otter-x"; import "otter-app/y";\n', id="a member of the workspace"),
        pytest.param({"package.json": '{"devDependencies": {"@types/estree-x": "*"}}'}, "a.js", 'import "estree-x";\n', id="types only"),
        pytest.param({"package.json": "{}", "lib/otter.js": ""}, "a.js", 'import "otter/x";\n', id="a file of the repository"),
        pytest.param({"package.json": "{}"}, "a.js", 'try {\n  require("quiet-otter")\n} catch (e) {}\n', id="optional in JavaScript"),
        pytest.param({"package.json": "{}"}, "a.js", "const sql = `\nselect * from 'otters'\n`;\n", id="SQL in a text"),
        pytest.param({"package.json": "{}"}, "a.ts", 'import * as vscode from "vscode";\n', id="provided by the host"),
    ],
)  # fmt: skip
def test_left_alone(beside: dict[str, str], path: str, text: str, run: Any) -> None:
    assert found(run(beside, {**beside, path: text})) == []


def test_an_invented_import_in_a_test_is_told(run: Any) -> None:
    after = {**MANIFEST, "tests/test_a.py": "import quiet_otter_calendar\n"}
    assert found(run(MANIFEST, after)) == [("import-suspect", "tests/test_a.py", 1)]


def test_one_finding_a_package(run: Any) -> None:
    after = {**MANIFEST, "a.py": "import os\nimport quiet_otter_calendar\n", "b.py": "import quiet_otter_calendar.x\n"}
    assert found(run(MANIFEST, after)) == [("import-suspect", "a.py", 2)]


def test_asked_online_it_is_sure(run: Any, configured: Any) -> None:
    outcomes = run(MANIFEST, {**MANIFEST, "a.py": "import quiet_otter_calendar\n"}, offline=False)
    assert [one.confidence for one in outcomes if isinstance(one, Finding)] == [Confidence.HIGH]
    assert configured.asked == ["quiet-otter-calendar"]


def test_private_names_are_never_asked_for(run: Any, configured: Any) -> None:
    outcomes = run(MANIFEST, {**MANIFEST, "a.py": "import acme_x\n"}, offline=False, private_names=("acme-*",))
    assert found(outcomes) == []
    assert configured.asked == []


def test_a_manifest_that_cannot_be_read_leaves_it_open(run: Any) -> None:
    before = {**MANIFEST, "pyproject.toml": "[project"}
    outcomes = run(before, {**before, "a.py": "import quiet_otter_calendar\n"})
    assert found(outcomes) == []
    assert [one.what for one in outcomes if isinstance(one, NotChecked)] == ["undeclared-imports"]


def test_one_line_may_hold_a_local_import_and_another(run: Any) -> None:
    before = {"package.json": "{}"}
    after = {**before, "a.js": 'import a from "./a"; import e from "expresss";\n'}
    assert found(run(before, after)) == [("import-suspect", "a.js", 1)]
    after = {**MANIFEST, "a.py": "from . import a; import quiet_otter_calendar\n"}
    assert found(run(MANIFEST, after)) == [("import-suspect", "a.py", 1)]


def test_a_hostile_file_is_read_in_time(run: Any) -> None:
    import time

    long = "import " + "a, " * 5000 + "\n" + "\n" * 50_000 + "from " * 5000 + "\n" + "import x" + " " * 20_000 + ",\n"
    before = {**MANIFEST, "b.py": long}
    start = time.process_time()
    run(before, {**before, "a.py": "import quiet_otter_calendar\n" + long, "c.js": long + "require(" * 5000})
    assert time.process_time() - start < 10
