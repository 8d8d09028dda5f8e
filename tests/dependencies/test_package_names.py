"""The verdict on one name."""

from __future__ import annotations

import pytest

from trustgate.analyzers.dependencies.existence import Existence, Presence
from trustgate.analyzers.dependencies.names import judge_name, needs_asking

HERE = Existence(Presence.PRESENT, "there")
GONE = Existence(Presence.ABSENT, "asked, not there")
UNLISTED = Existence(Presence.NOT_LISTED, "not in the list of 2026-11-01")


@pytest.mark.parametrize(
    ("ecosystem", "name", "existence", "verdict", "signals", "target"),
    [
        pytest.param("pypi", "Requests", None, "pass", [], "", id="a popular name, spelt another way"),
        pytest.param("pypi", "quiet-otter-calendar", HERE, "pass", [], "", id="a name of its own that exists"),
        pytest.param("npm", "quiet-otter-calendar", None, "unknown", [], "", id="nothing known of its existence"),
        pytest.param("pypi", "reqeusts", HERE, "warn", ["similar-strong"], "requests", id="a look-alike that exists"),
        pytest.param("pypi", "reqeusts", GONE, "block", ["similar-strong", "absent"], "requests", id="a look-alike that does not"),
        pytest.param("pypi", "quiet-otter-calendar", GONE, "block", ["absent"], "", id="absent, asked"),
        pytest.param("pypi", "quiet-otter-calendar", UNLISTED, "warn", ["absent"], "", id="absent from the bundled list"),
        pytest.param("pypi", "textwrap2", HERE, "note", ["similar-weak"], "textwrap3", id="weakly similar"),
        pytest.param("pypi", "cv2", UNLISTED, "warn", ["import-map", "absent"], "opencv-python", id="an import name"),
        pytest.param("npm", "flatmap-stream", None, "block", ["malicious"], "", id="known to be malicious"),
        pytest.param("pypi", "acme-reqeusts", None, "pass", [], "", id="a private name"),
        pytest.param("pypi", "nunpy", None, "pass", [], "", id="trusted by the team"),
    ],
)  # fmt: skip
def test_verdicts(
    ecosystem: str, name: str, existence: Existence | None, verdict: str, signals: list[str], target: str
) -> None:
    found = judge_name(ecosystem, name, existence=existence, private=("acme-*",), trusted=("pypi:nunpy",))
    assert (found.verdict, [one.id for one in found.signals], found.target) == (verdict, signals, target)
    assert not set(found.checked) & set(found.not_checked)
    assert set(found.checked) | set(found.not_checked) <= {"name", "existence", "age", "malware", "advisories"}


def test_existence_is_checked_only_where_something_was_learnt() -> None:
    open_question = Existence(Presence.UNKNOWN, "unreachable")
    checked = [judge_name("npm", "otter9", existence=one).checked for one in (HERE, GONE, open_question, None)]
    assert ["existence" in names for names in checked] == [True, True, False, False]


def test_a_bad_version_is_known_by_its_version_only() -> None:
    assert judge_name("pypi", "litellm", version="1.82.8").verdict == "block"
    assert judge_name("pypi", "litellm", version="1.83.0").verdict == "pass"


@pytest.mark.parametrize(
    ("ecosystem", "name", "expected"),
    [
        ("pypi", "requests", False),
        ("pypi", "acme-x", False),
        ("npm", "@acme/x", False),
        ("pypi", "otter9", True),
        ("gem", "x", False),
    ],
)
def test_who_is_asked_for(ecosystem: str, name: str, expected: bool) -> None:
    assert needs_asking(ecosystem, name, ("acme-*", "@acme/*"), ()) is expected
