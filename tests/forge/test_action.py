"""The composite action: its shape, and its steps played on one pull_request event of a real repository."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
BASE = "import requests\n\n\ndef ping(url):\n    return requests.get(url, timeout=5)\n"
SAFE = BASE + "\n\ndef pong(url):\n    return requests.get(url, timeout=9)\n"
UNSAFE = BASE + "\n\ndef pong(url):\n    return requests.get(url, timeout=9, verify=False)\n"
TRAP = "import pathlib\npathlib.Path(__file__).with_suffix('.imported').touch()\nraise SystemExit(0)\n"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["name"])
def test_every_step_is_a_strict_shell_without_expressions(step):
    assert step["shell"] == "bash"
    assert step["run"].startswith("set -euo pipefail\n")
    assert "${{" not in step["run"]
    assert "uses" not in step


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["name"])
def test_python_never_imports_from_the_working_directory(step):
    calls = re.findall(r'(?:python3|"\$python"|/bin/python") (\S+)', step["run"])
    assert calls
    assert set(calls) == {"-I"}


def test_packages_are_hash_locked_and_nothing_else_is_fetched():
    pip = re.findall(r"-m pip install (.*?[^\\])\n", STEPS[0]["run"], re.DOTALL)
    assert len(pip) == 2
    assert all("--require-hashes" in call or "--no-index" in call for call in pip)


def test_inputs_reach_the_steps_through_the_environment_only():
    assert sorted(ACTION["inputs"]) == ["models", "repository", "reviewer-key", "status", "token"]
    assert STEPS[1]["env"] == {
        "TRUSTGATE_REPOSITORY": "${{ inputs.repository }}",
        "TRUSTGATE_GITHUB_TOKEN": "${{ inputs.token }}",
        "TRUSTGATE_REVIEWER_KEY": "${{ inputs.reviewer-key }}",
        "TRUSTGATE_STATUS": "${{ inputs.status }}",
    }
    assert STEPS[2]["env"] == {
        "TRUSTGATE_REPOSITORY": "${{ inputs.repository }}",
        "TRUSTGATE_MODELS": "${{ inputs.models }}",
    }
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.review.outputs.{name} }}}}"


class Runner:
    """What a hosted runner lays out for a job: a checkout of the merge commit, an event, temporary files."""

    def __init__(self, root, after):
        self.root, self.repo, self.temp = root, root / "checkout", root / "temp"
        for folder in (self.repo, self.temp, root / "home"):
            folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        base = self.commit({"app/client.py": BASE, "README.md": "one\n"}, "Start")
        self.git("checkout", "--quiet", "-b", "topic")
        head = self.commit(
            {"app/client.py": after, "click.py": TRAP, "trustgate.py": TRAP, "json.py": TRAP}, "Add pong"
        )
        self.git("checkout", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "-m", "Merge", "topic")
        payload = {
            "pull_request": {
                "number": 7,
                "base": {"sha": base, "ref": "main", "repo": {"full_name": "o/r"}},
                "head": {"sha": head, "ref": "topic", "repo": {"full_name": "o/r"}},
            },
            "sender": {"login": "someone"},
        }
        (root / "event.json").write_text(json.dumps(payload))
        self.head = head

    def git(self, *words):
        call = ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", *words]
        return subprocess.run(
            call, cwd=self.repo, check=True, capture_output=True, text=True, env=self.environ()
        ).stdout.strip()

    def commit(self, files, message):
        for name, text in files.items():
            (self.repo / name).parent.mkdir(exist_ok=True)
            (self.repo / name).write_text(text)
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", message)
        return self.git("rev-parse", "HEAD")

    def environ(self, **more):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "LANG": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(self.root / "event.json"),
            "GITHUB_WORKSPACE": str(self.repo),
            "GITHUB_OUTPUT": str(self.root / "output"),
            "GITHUB_STEP_SUMMARY": str(self.root / "summary"),
            "RUNNER_TEMP": str(self.temp),
            **more,
        }

    def use_this_python(self):
        """What the install step leaves behind, made of the interpreter that runs the tests."""
        python = self.temp / "trustgate" / "venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(python.stat().st_mode | stat.S_IXUSR)

    def step(self, number, **inputs):
        """As the runner runs a composite step with `shell: bash`."""
        script = self.root / f"step{number}.sh"
        script.write_text(STEPS[number]["run"])
        given = {key: str(value) for key, value in STEPS[number].get("env", {}).items() if "${{" not in str(value)}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.repo,
            env=self.environ(**{"TRUSTGATE_REPOSITORY": "", **given, **inputs}),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def outputs(self):
        found = re.findall(r"^(\S+)<<(\S+)\n(.*?)\n\2$", (self.root / "output").read_text(), re.DOTALL | re.MULTILINE)
        return {name: value for name, _, value in found}

    def trapped(self):
        return sorted(file.name for file in self.repo.glob("*.imported"))


def check_blocked(runner, result):
    assert result.returncode == 1, result.stdout + result.stderr
    assert re.search(r"^::error file=app/client\.py,line=9,.*title=trustgate%3A block", result.stdout, re.MULTILINE)
    outputs = runner.outputs()
    assert outputs["decision"] == "block"
    assert outputs["exit-code"] == "1"
    assert int(outputs["findings"]) >= 1
    report = json.loads(Path(outputs["report"]).read_text())
    assert report["head"] == runner.head
    assert report["stage"] == "pr"
    assert json.loads(Path(outputs["sarif"]).read_text())["version"] == "2.1.0"
    assert (runner.root / "summary").read_text().startswith("## trustgate: block\n")
    assert runner.trapped() == []
    assert runner.git("status", "--porcelain") == ""


def test_an_unsafe_pull_request_is_blocked(tmp_path):
    runner = Runner(tmp_path, UNSAFE)
    runner.use_this_python()
    check_blocked(runner, runner.step(1))


def test_its_safe_twin_is_not(tmp_path):
    runner = Runner(tmp_path, SAFE)
    runner.use_this_python()
    result = runner.step(1)
    assert result.returncode == 0, result.stdout + result.stderr
    assert runner.outputs()["decision"] in ("allow", "warn")
    assert runner.outputs()["complete"] == "true"
    assert "::error" not in result.stdout
    assert runner.trapped() == []


def test_a_shallow_checkout_is_not_a_pass(tmp_path):
    runner = Runner(tmp_path, UNSAFE)
    runner.use_this_python()
    shallow = tmp_path / "shallow"
    runner.git("clone", "--quiet", "--depth", "1", f"file://{runner.repo}", str(shallow))
    shutil.rmtree(runner.repo)
    shallow.rename(runner.repo)
    result = runner.step(1)
    assert result.returncode == 3, result.stdout + result.stderr
    assert result.stdout.startswith("::error title=trustgate::no review took place")
    assert runner.outputs()["decision"] == "error"


def test_weights_are_verified_where_the_workflow_asks_for_it(tmp_path):
    assert STEPS[2]["if"] == "${{ !cancelled() && inputs.models != '' }}"
    runner = Runner(tmp_path, SAFE)
    runner.use_this_python()
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "a.onnx").write_bytes(b"x")
    pin = ["-m", "trustgate", "models", "pin", "a", "--from", str(weights), "--lock", str(runner.repo / "models.lock")]
    subprocess.run([sys.executable, *pin], check=True, capture_output=True)
    good = runner.step(2, TRUSTGATE_MODELS=str(weights))
    assert (good.returncode, good.stdout) == (0, "a: verified, 1 files\n"), good.stderr
    (weights / "a.onnx").write_bytes(b"y")
    assert runner.step(2, TRUSTGATE_MODELS=str(weights)).returncode == 1
    assert runner.step(2, TRUSTGATE_MODELS="true").returncode == 3
    assert runner.trapped() == []


@pytest.mark.long
@pytest.mark.network
def test_the_install_step_makes_a_working_gate(tmp_path):
    runner = Runner(tmp_path, UNSAFE)
    installed = runner.step(0)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    check_blocked(runner, runner.step(1))
