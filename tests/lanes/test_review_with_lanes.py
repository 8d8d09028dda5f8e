"""The whole way: `trustgate review --review require` with a lane, from the change to the decision."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from local_model import MODEL, local_model, missing
from stub_lanes import KEY, Stub, lane_toml

from trustgate.evaluation.stubs import Honest
from trustgate.reviewer.asking import Prompt
from trustgate.reviewer.drawing import canary_pool
from trustgate.rulebook import load_rulebook

GUARDED = """\
from app.access import require_admin, require_role


def drop(request, db):
    require_admin(request.user)
    db.drop(request.args["id"])
"""
STRICTER = GUARDED.replace("    require_admin(request.user)\n", '    require_role(request.user, "admin")\n')
BARE = GUARDED.replace("    require_admin(request.user)\n", "")
POOL = canary_pool(load_rulebook())


def truthful(bad: bool, guard: str) -> Callable[[dict[str, Any]], str]:
    """What a model would say that reads the packet and nothing else."""

    def answer(body: dict[str, Any]) -> str:
        system = body.get("system") or body["messages"][0]["content"]
        prompt = Prompt(system, body["messages"][-1]["content"], "answer", {}, 1000, "")
        reply = Honest(bad, guard, POOL).ask(prompt, data_class="internal", exclude_families=frozenset())
        return json.dumps(reply.answer)

    return answer


@pytest.fixture
def reviewing(repo: Any, tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    """`reviewing(toml, head)`: exit code and report of a change from the guarded file to `head`."""

    def run(toml: str, head: str, *args: str) -> tuple[int, dict[str, Any]]:
        if not (repo.path / "trustgate.toml").exists():
            repo.commit({"app/api.py": GUARDED, "trustgate.toml": toml}, "start")
            repo.commit({"app/api.py": head}, "change")
        return program(repo.path, tmp_path, "review", "--diff", "HEAD~1", "--format", "json", *args)

    return run


def program(cwd: Path, state: Path, *args: str) -> tuple[int, Any]:
    environ = {
        **os.environ,
        "TRUSTGATE_STATE_DIR": str(state / "state"),
        "TRUSTGATE_CACHE_DIR": str(state / "cache"),
        "REVIEW_KEY": KEY,
    }
    done = subprocess.run(
        (sys.executable, "-m", "trustgate", *args),
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert KEY not in done.stdout + done.stderr
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("api", ["anthropic", "openai"])
def test_a_truthful_answer_clears_with_quotes(api: str, start: Callable[..., Stub], reviewing: Any) -> None:
    stub = start(api, text=truthful(False, "require_role"))
    code, report = reviewing(lane_toml("main", stub), STRICTER, "--review", "require")
    assert (code, report["decision"]) == (0, "allow"), report["reviews"]
    (review,) = report["reviews"]
    assert (review["lane"], review["outcome"]) == ("main", "answered")
    assert any(quote["text"].strip() for flag in review["flags"] for quote in flag["quotes"])
    assert len(stub.seen) == 2  # a high flag is asked about twice


def test_a_truthful_answer_confirms_what_is_bad(start: Callable[..., Stub], reviewing: Any) -> None:
    stub = start(text=truthful(True, ""))
    code, report = reviewing(lane_toml("main", stub), BARE, "--review", "require")
    assert (code, report["decision"]) == (1, "block")


@pytest.mark.parametrize(
    "behave", ["failing", "refusal", "prose", "bad_shape", "injected", "cut", "empty", "wrong_model", "half", "bomb"]
)
def test_no_hostile_answer_lets_it_pass(behave: str, start: Callable[..., Stub], reviewing: Any) -> None:
    code, report = reviewing(lane_toml("main", start("anthropic", behave)), STRICTER)
    assert (code, report["decision"]) == (4, "escalate")


def test_what_no_lane_answered_is_finished_later(
    start: Callable[..., Stub], reviewing: Any, repo: Any, tmp_path: Path
) -> None:
    stub = start("anthropic", "failing", text=truthful(False, "require_role"))
    assert reviewing(lane_toml("main", stub), STRICTER)[0] == 4
    code, listed = program(repo.path, tmp_path, "queue", "list", "--format", "json")
    assert [entry["outcome"] for entry in listed["entries"]] == ["http_error"]
    code, said = program(repo.path, tmp_path, "queue", "run")
    assert (code, "still waiting" in said) == (4, True)
    stub.behave = "good"
    code, said = program(repo.path, tmp_path, "queue", "run")
    assert (code, "allow" in said) == (0, True), said
    assert program(repo.path, tmp_path, "queue", "list")[1] == "0 waiting\n"
    assert program(repo.path, tmp_path, "ledger", "verify")[0] == 0


def test_a_packet_that_was_answered_is_not_paid_for_twice(start: Callable[..., Stub], reviewing: Any) -> None:
    stub = start(text=truthful(True, ""))
    toml = lane_toml("main", stub)
    first = reviewing(toml, BARE)
    asked = len(stub.seen)
    assert reviewing(toml, BARE)[0] == first[0] == 1
    assert len(stub.seen) == asked


@pytest.mark.localmodel
@pytest.mark.skipif(bool(missing()), reason=missing() or "-")
def test_a_real_model_runs_the_whole_way_and_is_not_believed(reviewing: Any, tmp_path: Path, repo: Any) -> None:
    """It judges nothing: whatever it says, the flag of a removed guard is not cleared by a quote that is not there."""
    with local_model(context=8192) as address:
        home = "self_hosted = true\nallow_below_class = true\ndeadline = 240\nmax_output_tokens = 64"
        toml = lane_toml("local", Stub("openai", url=address), home, MODEL)
        toml = toml.replace('key_variable = "REVIEW_KEY"\n', "")
        code, report = reviewing(toml, BARE, "--review", "require")
    assert (code, report["decision"]) in ((4, "escalate"), (1, "block"))
    (review,) = report["reviews"]
    assert (review["lane"], review["sent"], review["below_class"]) == ("local", True, True), review
    assert review["input_tokens"] > 300
    assert "intact" in program(repo.path, tmp_path, "ledger", "verify")[1]
