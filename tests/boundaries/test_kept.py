"""Lines of set-up that protect an application, and that are gone."""

from __future__ import annotations

import pytest
from boundary_cases import findings

from trustgate.finding import Confidence, Finding, Side

SERVER = 'const helmet = require("helmet");\napp.use(helmet());\napp.listen(80);\n'


def lost(before: dict[str, str], after: dict[str, str]) -> list[Finding]:
    return [finding for finding in findings(before, after) if finding.rule == "framework-protection-removed"]


LEFT_ALONE = {
    "the line moves": ({"a.js": SERVER}, {"a.js": 'const helmet = require("helmet");\napp.listen(80);\napp.use(helmet());\n'}),
    "the file goes": ({"a.js": SERVER}, {}),
    "another line goes": ({"a.js": SERVER}, {"a.js": SERVER.replace("app.listen(80);\n", "")}),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert lost(before, after) == []


def test_a_line_that_goes_is_flagged_at_its_old_place() -> None:
    (finding,) = lost({"a.js": SERVER}, {"a.js": "app.listen(80);\n"})
    assert (finding.location.side, finding.location.line) == (Side.OLD, 2)
    assert (finding.confidence, finding.evidence) == (Confidence.HIGH, ("was: a.js:2 app.use(helmet());",))


def test_a_line_that_becomes_a_comment_is_gone() -> None:
    assert lost({"a.js": SERVER}, {"a.js": SERVER.replace("app.use", "// app.use")})


def test_a_line_that_turns_up_in_another_file_is_a_hint_only() -> None:
    after = {"a.js": "app.listen(80);\n", "b.js": "app.use(helmet());\n"}
    (finding,) = lost({"a.js": SERVER, "b.js": "const x = 1;\n"}, after)
    assert finding.confidence is Confidence.LOW
