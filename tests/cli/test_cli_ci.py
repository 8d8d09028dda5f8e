"""`trustgate ci` with a fake review: what it asks for, what it writes, and that display never changes the verdict."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from trustgate.attribution.origin import Attribution
from trustgate.cli.ci import ci, review_event
from trustgate.errors import CannotJudge, ConfigError
from trustgate.finding import Confidence, Finding, Kind, Location, Severity
from trustgate.verdict import Action, Decision, Judged, Verdict

A, B = "a" * 40, "b" * 40
EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""git's empty tree, which every repository knows"""
FOUND = Finding(
    "tls-verify-off", "boundaries", Kind.FLAW, Severity.HIGH, Confidence.HIGH, Location("a.py", line=3, end_line=3),
    "Check off\n::error::forged", "EOF\nNAME=x", "f" * 64,
)  # fmt: skip
BLOCK = Verdict(
    "pr",
    A,
    A,
    B,
    "p",
    "r",
    "standard",
    Decision.BLOCK,
    1,
    True,
    (Judged(FOUND, Action.BLOCK, "line"),),
    Attribution(),
    (),
)


@dataclass
class Runner:
    """A runner's folders and files, and a review that gives one verdict or raises."""

    root: Path
    result: Verdict | Exception = BLOCK
    asked: list = field(default_factory=list)

    def __post_init__(self):
        for name in ("temp", "checkout"):
            (self.root / name).mkdir()

        def run(*arguments):
            who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
            call = ["git", "-C", self.root / "checkout", *who, *arguments]
            return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()

        run("init", "--quiet")
        self.base = run("commit-tree", EMPTY, "-m", "base")
        self.head = run("commit-tree", EMPTY, "-p", self.base, "-m", "head")
        payload = {"pull_request": {"base": {"sha": self.base}, "head": {"sha": self.head}}}
        (self.root / "event.json").write_text(json.dumps(payload))
        self.environ = {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(self.root / "event.json"),
            "GITHUB_WORKSPACE": str(self.root / "checkout"),
            "RUNNER_TEMP": str(self.root / "temp"),
            "GITHUB_OUTPUT": str(self.root / "output"),
            "GITHUB_STEP_SUMMARY": str(self.root / "summary"),
        }

    def review(self, **asked):
        self.asked.append(asked)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def go(self, **options):
        return review_event(self.environ, self.review, **options)

    def outputs(self):
        lines = (self.root / "output").read_text().split("\n")
        return {name.split("<<")[0]: value for name, value in zip(lines[0::3], lines[1::3], strict=False) if name}


@pytest.fixture
def runner(tmp_path):
    return Runner(tmp_path)


def test_what_it_asks_for(runner):
    assert runner.go() == 1
    assert runner.asked == [
        {
            "repo": str(runner.root / "temp" / "own.git"),
            "diff_base": "",
            "trusted_base": runner.base,
            "head": runner.head,
            "stage": "pr",
            "offline": False,
        }
    ]


def test_what_it_writes(runner, capsys):
    runner.go()
    out, err = capsys.readouterr()
    assert "written" not in err
    assert out.startswith("::error file=a.py,line=3,endLine=3,col=1,endColumn=1,title=trustgate%3A block")
    assert "\n::error::forged" not in out
    assert out.count("::stop-commands::") == 1
    assert "block[tls-verify-off]" in out
    assert (runner.root / "summary").read_text().startswith("## trustgate: block\n")
    outputs = runner.outputs()
    temp = (runner.root / "temp").resolve()
    assert outputs == {
        "decision": "block",
        "findings": "1",
        "complete": "true",
        "exit-code": "1",
        "number": "0",
        "report": str(temp / "trustgate.json"),
        "sarif": str(temp / "trustgate.sarif"),
    }
    assert json.loads(Path(outputs["report"]).read_text())["decision"] == "block"
    assert json.loads(Path(outputs["sarif"]).read_text())["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"decision": Decision.ALLOW, "exit_code": 0, "findings": ()}, 0),
        ({"decision": Decision.ESCALATE, "exit_code": 4}, 4),
        ({"complete": False, "exit_code": 3}, 3),
    ],
)
def test_exit_code_is_the_verdicts(runner, changes, code):
    runner.result = BLOCK._replace(**changes)
    assert runner.go() == code
    assert runner.outputs()["exit-code"] == str(code)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"GITHUB_STEP_SUMMARY": "/nowhere/summary"}, id="no summary"),
        pytest.param({"GITHUB_OUTPUT": "/nowhere/output"}, id="no outputs"),
    ],
)
@pytest.mark.parametrize("code", [0, 1, 4])
def test_a_display_that_fails_changes_nothing(runner, capsys, broken, code):
    runner.environ |= broken
    runner.result = BLOCK._replace(exit_code=code)
    assert runner.go() == code
    assert "could not be written: FileNotFoundError" in capsys.readouterr().err
    assert (runner.root / "temp" / "trustgate.json").is_file()


def test_a_report_that_cannot_be_rendered_changes_nothing(runner, capsys):
    runner.result = BLOCK._replace(policy_digest=object())
    assert runner.go() == 1
    assert "the JSON report could not be written: TypeError" in capsys.readouterr().err
    assert "report" not in runner.outputs()
    assert runner.outputs()["decision"] == "block"


def test_a_link_in_the_report_folder_is_not_followed(runner, capsys):
    target = runner.root / "checkout" / "trustgate.toml"
    target.write_text("kept")
    (runner.root / "temp" / "trustgate.json").symlink_to(target)
    assert runner.go() == 1
    assert target.read_text() == "kept"
    assert "symbolic link" in capsys.readouterr().err
    assert "report" not in runner.outputs()


@pytest.mark.parametrize(
    ("error", "code"), [(CannotJudge("the base a..b is missing", "fetch-depth: 0"), 3), (ConfigError("bad key x"), 2)]
)
def test_a_review_that_did_not_take_place(runner, capsys, error, code):
    runner.result = error
    assert runner.go() == code
    out = capsys.readouterr().out
    assert out.startswith(f"::error title=trustgate::no review took place: {error.message}")
    assert runner.outputs() == {"decision": "error", "findings": "0", "complete": "false", "exit-code": str(code)}


def test_an_event_without_a_base_is_not_reviewed(runner, capsys):
    Path(runner.environ["GITHUB_EVENT_PATH"]).write_text(json.dumps({"pull_request": {"base": {"sha": ""}}}))
    assert runner.go() == 3
    assert runner.asked == []
    assert "no review took place" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["checkout", "checkout/reports", "absent"])
def test_reports_never_go_into_the_repository(runner, capsys, folder):
    (runner.root / "checkout" / "reports").mkdir()
    assert runner.go(report_dir=str(runner.root / folder)) == 2
    assert runner.asked == []
    assert "no review took place" in capsys.readouterr().out


def test_no_report_folder_at_all(runner):
    del runner.environ["RUNNER_TEMP"]
    assert runner.go() == 2


def test_a_crash_of_the_review_is_not_hidden(runner, capsys):
    runner.result = ZeroDivisionError("\n::error::forged")
    with pytest.raises(ZeroDivisionError):
        runner.go()
    assert capsys.readouterr().out.startswith("::error title=trustgate::no review took place: internal error%0A")
    assert runner.outputs()["decision"] == "error"
    assert runner.outputs()["exit-code"] == "3"


def test_there_is_no_flag_that_loosens():
    assert sorted(option for parameter in ci.params for option in parameter.opts) == ["--repo", "--report-dir"]
