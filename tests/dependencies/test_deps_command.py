"""`trustgate deps` as a program."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from trustgate.cli.deps import deps
from trustgate.errors import UsageError


def run(*args: str, stdin: str = "") -> Result:
    return CliRunner().invoke(deps, args, input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("names", "verdicts", "code"),
    [
        pytest.param(["requests", "Flask"], ["pass", "pass"], 0, id="popular names"),
        pytest.param(["reqeusts"], ["warn"], 0, id="a look-alike is no proof"),
    ],
)
def test_check_offline(names: list[str], verdicts: list[str], code: int) -> None:
    result = run("check", "--ecosystem", "pypi", "--offline", *names)
    assert [one["verdict"] for one in lines(result)] == verdicts
    assert [one["name"] for one in lines(result)] == names
    assert result.exit_code == code


def test_check_reads_names_and_gives_sorted_keys() -> None:
    result = run("check", "--ecosystem", "npm", "--offline", "-", stdin="lodahs\n\nflatmap-stream\r\n")
    assert [(one["name"], one["verdict"], one["target"]) for one in lines(result)] == [
        ("lodahs", "warn", "lodash"),
        ("flatmap-stream", "block", None),
    ]
    assert result.exit_code == 1
    first = result.stdout.splitlines()[0]
    assert first == json.dumps(json.loads(first), sort_keys=True)


def test_check_online(configured: Any) -> None:
    result = run("check", "--ecosystem", "pypi", "some-honest-tail-package", "absent-otter", "requests")
    assert [one["verdict"] for one in lines(result)] == ["pass", "block", "pass"]
    assert configured.asked == ["some-honest-tail-package", "absent-otter"]
    assert result.exit_code == 1


def test_check_with_an_index_that_does_not_answer(configured: Any) -> None:
    configured.status = 500
    result = run("check", "--ecosystem", "npm", "quiet-otter")
    assert [one["verdict"] for one in lines(result)] == ["unknown"]
    assert result.exit_code == 3
    assert "unreachable" in result.stderr


@pytest.mark.parametrize("names", [[], ["-"], ["x" * 400]], ids=["none", "none on standard input", "no name"])
def test_check_of_nothing_is_wrong_usage(names: list[str]) -> None:
    assert isinstance(run("check", "--ecosystem", "pypi", "--offline", *names).exception, UsageError)


def commit(repo: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (repo / name).write_text(text)
    identity = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
    for args in (["add", "-A"], [*identity, "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(repo), *args], check=True)


def test_diff_of_a_real_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    commit(tmp_path, {"requirements.txt": "a==1\n"})
    commit(tmp_path, {"requirements.txt": "a==2\nnunpy\n"})
    result = run("diff", "--repo", str(tmp_path), "--diff", "HEAD~1")
    assert result.exit_code == 0
    assert [(one["name"], one["from"], one["to"], one["line"], one["direct"]) for one in json.loads(result.stdout)] == [
        ("a", "1", "2", 1, True),
        ("nunpy", None, "", 2, True),
    ]
    commit(tmp_path, {"package.json": "{"})
    blind = run("diff", "--repo", str(tmp_path), "--diff", "HEAD~1")
    assert (blind.exit_code, json.loads(blind.stdout)) == (3, [])
    assert "package.json:1" in blind.stderr
