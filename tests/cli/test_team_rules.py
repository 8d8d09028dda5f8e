"""A repository's own places and rules, with the real program: read from the trusted base, and known to every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RULE_PATH = ".trustgate/rules/boundaries/payments-guard.toml"
CONFIG = '[rules]\nboundaries = ["payments-guard"]\n'
PAY = "def pay(order):\n    require_approval(order)\n    send(order)\n"
UNASKED = PAY.replace("    require_approval(order)\n", "")
RULE = f"""
id = "payments-guard"
kind = "weakening"
boundary = "auth"
severity = "high"
confidence = "high"
title = "An approval is gone"
message = "A check of what may be paid stood here and is gone."
tip = "Say where it stands now."

[guard]
verbs = ["require"]
nouns = ["approval"]

[[flags]]
name = "approval taken out"
path = "pay.py"
before = '''{PAY}'''
after = '''{UNASKED}'''

[[leaves_alone]]
path = "pay.py"
before = '''{PAY}'''
after = '''{PAY}    log(order)
'''
"""


@pytest.fixture
def project(repo):
    repo.commit({"trustgate.toml": CONFIG, RULE_PATH: RULE, "pay.py": PAY}, "start")
    return repo


def flagged(report) -> set[tuple[str, str]]:
    return {(item["rule"], item["action"]) for item in report["findings"]}


def test_without_the_name_the_file_is_no_rule(project, trustgate):
    project.commit({"trustgate.toml": 'preset = "standard"\n'}, "no rules")
    project.commit({"pay.py": UNASKED}, "simplify")
    assert "payments-guard" not in {rule for rule, _ in flagged(trustgate(project.path).review("--diff", "HEAD~1"))}


def test_a_rule_of_the_base_flags_and_is_part_of_the_digest(project, trustgate):
    plain = trustgate(project.path).review("--diff", "HEAD", "--config", str(outside(project.path)))
    project.commit({"pay.py": UNASKED}, "simplify")
    report = trustgate(project.path).review("--diff", "HEAD~1")
    assert ("payments-guard", "escalate") in flagged(report)
    assert report["rules_digest"] != plain["rules_digest"]


def outside(path: Path) -> Path:
    other = path.parent / "other.toml"
    other.write_text('preset = "standard"\n')
    return other


def test_the_hook_knows_it_too(project, trustgate):
    project.stage({"pay.py": UNASKED})
    assert "payments-guard" in trustgate(project.path)("review", "--staged").stdout


def test_a_change_does_not_choose_its_own_rules_and_the_edit_is_a_finding(project, trustgate):
    soft = RULE.replace('nouns = ["approval"]', 'nouns = ["nothing"]')
    project.commit({RULE_PATH: soft, "pay.py": UNASKED}, "simplify")
    found = flagged(trustgate(project.path).review("--diff", "HEAD~1"))
    assert {("payments-guard", "escalate"), ("own-rules-changed", "escalate")} <= found


def test_a_rule_that_goes_with_its_name_is_still_in_force_and_a_finding(project, trustgate):
    project.git("rm", "-q", RULE_PATH)
    project.commit({"trustgate.toml": 'preset = "standard"\n', "pay.py": UNASKED}, "simplify")
    found = {rule for rule, _ in flagged(trustgate(project.path).review("--diff", "HEAD~1"))}
    assert {"payments-guard", "own-rules-changed", "own-policy-changed"} <= found


BROKEN = {
    "not there": (None, "not there"),
    "not whole": (RULE.replace('kind = "weakening"', 'kind = "flaw"'), "guard"),
    "not TOML": ("id = ", "payments-guard.toml"),
    "a link out of the tree": (Path("/etc/hostname"), "payments-guard.toml"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_no_review(name, repo, trustgate):
    text, word = BROKEN[name]
    files = {"trustgate.toml": CONFIG, "a.py": "x = 1\n"} | ({RULE_PATH: text} if text is not None else {})
    if isinstance(text, Path):
        del files[RULE_PATH]
        (repo.path / RULE_PATH).parent.mkdir(parents=True)
        (repo.path / RULE_PATH).symlink_to(text)
    repo.commit(files, "start")
    repo.commit({"a.py": "x = 2\n"}, "edit")
    for command in (("review", "--diff", "HEAD~1"), ("review", "--staged"), ("config", "check"), ("config", "show")):
        done = trustgate(repo.path)(*command)
        assert done.returncode == 2, (command, done.stdout, done.stderr)
        assert RULE_PATH in done.stderr
        assert word in done.stderr


def test_check_runs_the_examples(project, trustgate):
    done = trustgate(project.path)("config", "check")
    assert done.returncode == 0, done.stderr
    assert f"{RULE_PATH}: ok, 2 examples hold\n" in done.stdout
    project.write({RULE_PATH: RULE.replace('nouns = ["approval"]', 'nouns = ["nothing"]')})
    done = trustgate(project.path)("config", "check")
    assert done.returncode == 2
    assert f"{RULE_PATH}: [[flags]] 1 ('approval taken out'): is not flagged" in done.stderr
    assert trustgate(project.path)("review", "--worktree").returncode != 2


def test_list_and_explain_know_the_rules_of_the_repository(project, trustgate, tmp_path):
    program = trustgate(project.path)
    assert any(line.startswith("payments-guard ") for line in program("rules", "list").stdout.splitlines())
    rows = json.loads(program("rules", "list", "--format", "json").stdout)["rules"]
    assert [row["file"] for row in rows if row["id"] == "payments-guard"] == [RULE_PATH]
    said = program("explain", "payments-guard").stdout
    assert "An approval is gone" in said
    assert "    -     require_approval(order)" in said
    (tmp_path / "elsewhere").mkdir()
    away = trustgate(tmp_path / "elsewhere")
    assert "payments-guard" not in away("rules", "list").stdout
    assert away("explain", "payments-guard").returncode == 2
    assert away("explain", "payments-guard", "--repo", str(project.path)).returncode == 0


def test_an_exception_and_a_line_can_name_it(project, trustgate):
    line = '[[line]]\nid = "pay"\nmatch = { rule = ["payments-guard"] }\nwhy = "Money."\n'
    project.commit({"trustgate.toml": f'{CONFIG}{line}commit = "block"\nunknown = "block"\nraised = "block"\n'}, "line")
    project.commit({"pay.py": UNASKED}, "simplify")
    report = trustgate(project.path).review("--diff", "HEAD~1")
    assert ("payments-guard", "block") in flagged(report)
    (found,) = [item for item in report["findings"] if item["rule"] == "payments-guard"]
    done = trustgate(project.path)("accept", found["fingerprint"], "--reason", "r", "--expires", "9d", "--owner", "ada")
    assert done.returncode == 0, done.stderr
    assert trustgate(project.path)("config", "check").returncode == 0


def test_replay_finds_what_audit_kept(project, trustgate):
    project.commit({"pay.py": UNASKED}, "simplify")
    program = trustgate(project.path)
    kept = json.loads(program("audit", "HEAD~1..HEAD").stdout)["findings"]
    assert "payments-guard" in {row["rule"] for row in kept}
    project.write({"trustgate.toml": CONFIG + '[[line]]\nid = "weakening-core"\nunknown = "warn"\n'})
    done = program("policy", "replay", "HEAD~1..HEAD")
    assert done.returncode == 0, done.stderr
    assert "1 altered, 0 the same, 0 not cached" in done.stdout


def test_listed_places_of_the_base_are_touches(repo, trustgate):
    places = '[boundaries.data-deletion]\npaths = ["src/ledger/**"]\nsymbols = ["charge_*"]\n'
    calm = {"src/ledger/a.py": "x = 1\n", "b.py": "def charge_card(n):\n    return n\n"}
    repo.commit({"trustgate.toml": places, **calm}, "start")
    repo.commit(
        {path: text.replace("1", "2").replace("return n", "return n * 2") for path, text in calm.items()}, "edit"
    )
    report = trustgate(repo.path).review("--diff", "HEAD~1")
    found = {item["path"]: item for item in report["findings"] if item["rule"] == "touch-data-deletion"}
    assert {path: item["score"] >= 0.8 for path, item in found.items()} == dict.fromkeys(calm, True)
    shown = json.loads(trustgate(repo.path)("config", "show", "--format", "json").stdout)
    assert shown["boundaries"] == {"data-deletion": {"paths": ["src/ledger/**"], "symbols": ["charge_*"]}}
    assert shown["sources"]["boundaries.data-deletion"] == "trustgate.toml"
    assert "boundaries.data-deletion.paths" in trustgate(repo.path)("config", "show").stdout


def test_nothing_of_it_is_loaded_without_it(repo):
    import subprocess
    import sys

    repo.commit({"trustgate.toml": 'preset = "standard"\n', "a.py": "x = 1\n"}, "start")
    repo.stage({"a.py": "x = 2\n"})
    code = (
        "import sys\nsys.argv = ['trustgate', 'review', '--staged']\nfrom trustgate.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\nprint('\\n'.join(sorted(sys.modules)))"
    )
    done = subprocess.run((sys.executable, "-c", code), cwd=repo.path, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "trustgate.analyzers.boundaries.touch" in loaded
    ours = {"teamrules", "policy.listing", "analyzers.boundaries.listed", "analyzers.boundaries.examples"}
    assert {f"trustgate.{name}" for name in ours} & loaded == set()
