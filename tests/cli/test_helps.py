"""Every help as a newcomer reads it: grouped, each flag explained, and examples that run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from trustgate.cli.grouped import Commands, Grouped
from trustgate.cli.helps import EXAMPLES, GROUPS
from trustgate.cli.root import COMMANDS, SECTIONS, cli

MANY = 5
"""options from which on a help needs groups"""
LEFT_OUT = {
    'eval "$(trustgate completion bash)"': "changes the shell it is run in",
    "trustgate approve --diff HEAD~1 --all": "needs a signing key; tests/cli/test_approve.py runs it",
    "trustgate queue show 0123456789abcdef": "names an entry of one machine",
    "trustgate eval run --pairs evals/reviewer/pairs --verbose": "takes minutes",
}
"""beginnings of examples that are parsed and not run, and why"""


def leaves(command=cli, words=()):
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from leaves(command.get_command(context, name), (*words, name))
    else:
        yield pytest.param(" ".join(words), command, id=" ".join(words))


ALL = list(leaves())


def test_each_command_stands_in_one_section():
    listed = [name for names in SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(COMMANDS)


def test_no_entry_is_about_a_command_that_is_not_there():
    assert set(EXAMPLES) == {param.id for param in ALL}
    assert set(GROUPS) <= set(EXAMPLES)


@pytest.mark.parametrize(("words", "command"), ALL)
def test_each_help(words, command):
    assert isinstance(command, Grouped)
    context = click.Context(command, info_name=f"trustgate {words}")
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    assert [param.name for param in options if not (param.help or "").strip()] == []
    assert re.match(r"[A-Z].*\.( |$)", " ".join(command.help.split("\n\n")[0].split())), "begins with one sentence"
    grouped = [name for names in GROUPS.get(words, {}).values() for name in names]
    assert set(grouped) <= {param.name for param in command.params}
    assert len(grouped) == len(set(grouped))
    if len(options) > MANY:
        assert {param.name for param in options} == set(grouped)
    assert 1 <= len(EXAMPLES[words]) <= 2
    assert all(f"trustgate {words}" in line for line in EXAMPLES[words])
    assert "Example" in context.get_help()


@pytest.mark.parametrize(
    ("given", "near"),
    [
        (("reveiw",), "review"),
        (("models", "verfy"), "verify"),
        (("review", "--stagd"), "--staged"),
        (("config", "shwo"), "show"),
        (("review", "--stage", "comit"), "'commit'"),
    ],
)
def test_a_wrong_word_is_answered_with_the_near_one(trustgate, tmp_path, given, near):
    done = trustgate(tmp_path)(*given)
    assert done.returncode == 2
    assert near in done.stderr.splitlines()[-1]


def test_a_word_near_to_nothing_is_answered_without_a_guess(trustgate, tmp_path):
    done = trustgate(tmp_path)("zzzzzzzz")
    assert done.returncode == 2
    assert "Did you mean" not in done.stderr


def test_groups_of_commands_are_all_of_ours():
    context = click.Context(cli)
    groups = [cli.get_command(context, name) for name in COMMANDS]
    assert all(isinstance(item, Commands | Grouped) for item in groups)


@pytest.fixture
def project(repo, tmp_path):
    repo.commit({"app.py": "x = 1\n", "requirements.txt": "requests==2.32.3\n", ".gitignore": "out\n"})
    repo.commit({"app.py": "x = 2\n"})
    (repo.path / "weights").mkdir()
    (repo.path / "weights" / "a.txt").write_text("weights\n")
    (repo.path / "osv").mkdir()
    record = {"id": "PYSEC-2099-1", "modified": "2026-01-01T00:00:00Z", "affected": []}
    (repo.path / "osv" / "a.json").write_text(json.dumps(record))
    case = (
        '[[case]]\nname = "n"\nfinding = { rule = "crypto-check-removed", kind = "weakening", boundary = "crypto" }\n'
    )
    (repo.path / "cases.toml").write_text(f'{case}stage = "pr"\nexpect = "note"\n')
    (repo.path / ".git" / "COMMIT_EDITMSG").write_text("change\n")
    about = {"default_branch": "main"}
    event = {
        "repository": about,
        "before": repo.git("rev-parse", "HEAD~1"),
        "after": repo.head,
        "ref": "refs/heads/main",
    }
    (repo.path / "event.json").write_text(json.dumps(event))
    return repo


def test_every_example_runs(project, tmp_path):
    """In one repository, in the order of the table. No usage error, no crash; findings are no failure."""
    environ = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache"),
        "TRUSTGATE_STATE_DIR": str(tmp_path / "state"),
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_WORKSPACE": str(project.path),
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
    }
    (tmp_path / "temp").mkdir()
    wrong = {}
    for line in (line for lines in EXAMPLES.values() for line in lines):
        if line.startswith(tuple(LEFT_OUT)):
            continue
        done = subprocess.run(
            ("sh", "-c", line), cwd=project.path, env=environ, capture_output=True, text=True, check=False, timeout=120
        )
        allowed = (0, 2) if line == "trustgate agent-hook generic" else (0, 1, 3, 4)
        if done.returncode not in allowed or "internal error" in done.stderr or "Traceback" in done.stderr:
            wrong[line] = (done.returncode, (done.stderr or done.stdout)[-300:])
    assert not wrong, "\n".join(f"{line}: {said}" for line, said in wrong.items())
