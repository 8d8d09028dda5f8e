"""Reviews that may ask: age, maintainers, cool-down and advisories, against an index on this machine."""

from __future__ import annotations

from typing import Any

import pytest
from package_index import Package

from trustgate.finding import Confidence, Finding, NotChecked

OLD = Package({"1.0.0": "2019-01-01", "1.1.0": "2020-01-01", "1.2.0": "2021-01-01"})
NEW = Package({"1.0.0": "2026-11-16"})


def told(outcomes: list[Any]) -> list[tuple[str, Confidence]]:
    return [(one.rule, one.confidence) for one in outcomes if isinstance(one, Finding)]


@pytest.mark.parametrize(
    ("package", "rule", "sure"),
    [
        pytest.param(NEW, "dependency-look-alike", Confidence.HIGH, id="days old: taken for an imitation"),
        pytest.param(OLD, "dependency-weak-look-alike", Confidence.MEDIUM, id="years old: a note"),
        pytest.param(
            Package({"1.0.0": "2019-01-01"}), "dependency-look-alike", Confidence.MEDIUM, id="old, with one release"
        ),
    ],
)
def test_age_decides_on_a_look_alike(package: Package, rule: str, sure: Confidence, run: Any, configured: Any) -> None:
    configured.packages["nunpy"] = package
    found = told(run({}, {"requirements.txt": "nunpy\n"}, offline=False))
    assert [name for name, _ in found] == [rule]
    if rule == "dependency-look-alike":
        assert found == [(rule, sure)]


def test_the_targets_maintainer_may_publish_a_similar_name(run: Any, configured: Any) -> None:
    configured.packages["lodash"] = Package({"4.17.21": "2015-01-01"}, ("ann",))
    configured.packages["lodahs"] = Package({"1.0.0": "2026-11-16"}, ("ann",))
    after = {"package.json": '{"dependencies": {"lodahs": "1.0.0"}}'}
    assert ("dependency-look-alike", Confidence.HIGH) not in told(run({}, after, offline=False))
    configured.packages["lodsah"] = Package({"1.0.0": "2026-11-16"}, ("eve",), "lodash/lodash")
    assert ("dependency-look-alike", Confidence.HIGH) in told(
        run({}, {"package.json": after["package.json"].replace("lodahs", "lodsah")}, offline=False)
    )


PIN = ({"requirements.txt": "flask==3.0.0\n"}, {"requirements.txt": "flask==3.9.9\n"})


def test_a_young_version_is_a_warning(run: Any, configured: Any) -> None:
    assert [name for name, _ in told(run(*PIN, offline=False))] == ["dependency-young"]


@pytest.mark.parametrize(
    "settings",
    [
        {"cooldown_days": 0},
        {"cooldown_exclude": ("flask",)},
        {"trusted_packages": ("pypi:flask",)},
        {"private_names": ("flask*",)},
    ],
)
def test_the_wait_can_be_waived(settings: dict[str, Any], run: Any, configured: Any) -> None:
    assert told(run(*PIN, offline=False, **settings)) == []
    assert "flask" not in configured.asked


def test_a_bump_that_leaves_an_advisory_need_not_wait(
    run: Any, configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustgate.advisories.pip_audit.is_installed", lambda: False)
    configured.packages["jinja2"] = Package({"3.1.2": "2022-04-28", "3.1.6": "2026-11-20", "3.1.7": "2026-11-20"})
    before = {"requirements.txt": "jinja2==3.1.2\n"}
    assert [name for name, _ in told(run(before, {"requirements.txt": "jinja2==3.1.6\n"}, offline=False))] == [
        "dependency-advisory-left"
    ]
    before = {"requirements.txt": "jinja2==3.1.6\n"}
    assert [name for name, _ in told(run(before, {"requirements.txt": "jinja2==3.1.7\n"}, offline=False))] == [
        "dependency-young"
    ]


def test_osv_is_asked_for_changed_pins_only(run: Any, configured: Any) -> None:
    before = {"requirements.txt": "jinja2==3.1.1\nrequests==2.0.0\n"}
    after = {"requirements.txt": "jinja2==3.1.2\nrequests==2.0.0\n"}
    found = run(before, after, offline=False, cooldown_days=0)
    assert told(found) == [("dependency-vulnerable", Confidence.MEDIUM)]
    assert configured.asked == ["v1/querybatch", "v1/vulns/GHSA-h5c8-rqwp-cp95"]
    configured.asked.clear()
    fresh = run({}, {"requirements.txt": "jinja2==3.1.2\n"}, offline=False, cooldown_days=0)
    assert ("dependency-vulnerable", Confidence.HIGH) in told(fresh)


def test_a_malicious_version_is_known_bad(run: Any, configured: Any) -> None:
    before, after = (
        {"package.json": f'{{"dependencies": {{"quiet-heron": "{version}"}}}}'} for version in ("2.0.0", "2.0.1")
    )
    assert told(run(before, after, offline=False, cooldown_days=0)) == [("dependency-known-bad", Confidence.HIGH)]


@pytest.mark.parametrize("switch", [{"status": 500}, {"truncated": True}, {"status": 404}])
def test_an_osv_that_does_not_answer_is_not_checked(switch: dict[str, Any], run: Any, configured: Any) -> None:
    for name, value in switch.items():
        setattr(configured, name, value)
    found = run(*PIN, offline=False, cooldown_days=0)
    assert told(found) == []
    assert [one.what for one in found if isinstance(one, NotChecked)] == ["advisories"]


def test_no_more_than_fifty_are_asked(run: Any, configured: Any) -> None:
    before, after = ({"requirements.txt": "".join(f"p{n}==1.{version}\n" for n in range(70))} for version in (0, 1))
    configured.packages.update({f"p{n}": OLD for n in range(70)})
    found = run(before, after, offline=False)
    assert len([name for name in configured.asked if not name.startswith("v1/")]) == 50
    assert any(one.what == "metadata" and "more packages" in one.reason for one in found if isinstance(one, NotChecked))
