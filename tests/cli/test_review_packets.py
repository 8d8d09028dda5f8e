"""`trustgate review --review … --show-packet` from the outside, and reviews with a reviewer handed in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from trustgate.errors import UsageError
from trustgate.evaluation.stubs import Honest, Says
from trustgate.report import render
from trustgate.report.schema import schema
from trustgate.review import Request, review, show_packets
from trustgate.reviewer.asking import Outcome, Reply
from trustgate.reviewer.drawing import canary_pool
from trustgate.rulebook import load_rulebook

GUARDED = "def drop(request, db):\n    require_admin(request.user)\n    db.drop(request.args['id'])\n"
STRICTER = GUARDED.replace("require_admin(request.user)", "require_role(request.user, 'admin')")
SAFE = "def add(a, b):\n    return a + b\n"


@pytest.fixture
def project(repo):
    repo.commit({"app/api.py": GUARDED, "app/sum.py": SAFE}, "start")
    repo.commit({"app/api.py": STRICTER}, "an unusual zanzibar message")
    return repo


def asked(project, asker, **changes):
    request = Request(repo=str(project.path), diff="HEAD~1", offline=True)._replace(**changes)
    return review(request, asker=asker)


def honest(bad=False):
    return Honest(bad, "require_role(", canary_pool(load_rulebook()))


def test_prints_exactly_what_would_leave(project, trustgate):
    done = trustgate(project.path)("review", "--diff", "HEAD~1", "--offline", "--show-packet")
    assert done.returncode == 4
    asker = honest()
    _, text = show_packets(Request(repo=str(project.path), diff="HEAD~1", offline=True))
    asked(project, asker)
    first = asker.prompts[0]
    assert text.split("--- system ---\n")[1] == f"{first.system}--- user ---\n{first.user}"
    assert "require_role(request.user, 'admin')" in done.stdout
    assert "zanzibar" not in done.stdout


def test_prints_the_same_again(project, trustgate):
    run = trustgate(project.path)
    first, second = (run("review", "--diff", "HEAD~1", "--offline", "--show-packet").stdout for _ in range(2))
    assert first == second


def test_says_that_nothing_would_leave(project, trustgate):
    project.commit({"app/sum.py": SAFE.replace("a + b", "b + a")}, "turn round")
    done = trustgate(project.path)("review", "--diff", "HEAD~1", "--offline", "--show-packet")
    assert (done.returncode, done.stdout) == (0, "trustgate: nothing waits for a reviewer, so nothing would leave\n")


@pytest.mark.parametrize("flags", [(), ("--offline",), ("--stage", "commit")])
def test_require_without_a_lane_is_a_usage_error(project, trustgate, flags):
    done = trustgate(project.path)("review", "--diff", "HEAD~1", "--review", "require", *flags)
    assert done.returncode == 2
    assert "--review require" in done.stderr


def test_an_honest_reviewer_clears_with_quotes_in_every_report(project):
    verdict = asked(project, honest())
    assert (verdict.decision.label, verdict.exit_code) == ("allow", 0)
    report = json.loads(render("json", verdict))
    jsonschema.validate(report, json.loads(schema("report")))
    (entry,) = [item for item in report["reviews"] if item["outcome"] == "answered"]
    assert [(flag["standing"], flag["quotes"][0]["sign"]) for flag in entry["flags"]] == [("cleared", "-")]
    assert [f["cleared_by"] for f in report["findings"] if f["rule"] == "auth-guard-removed"] == [entry["id"]]
    for name in ("text", "html", "sarif"):
        text = render(name, verdict)
        assert "cleared" in text.lower()
        assert "require_role(request.user" in text
    assert "stub-honest" in render("markdown", verdict)


def test_a_confirmed_flag_blocks(project):
    verdict = asked(project, honest(bad=True))
    assert (verdict.decision.label, verdict.exit_code) == ("block", 1)


def test_never_asks_nobody(project):
    asker = honest()
    assert asked(project, asker, review="never").exit_code == 4
    assert asker.prompts == []


def test_nothing_leaves_at_the_commit_stage(project):
    asker = honest()
    assert asked(project, asker, stage="commit").exit_code == 0
    assert asker.prompts == []


def test_a_provider_that_is_down_leaves_it_pending(project):
    verdict = asked(project, Says(lambda _seen: Outcome.UNREACHABLE))
    assert (verdict.decision.label, verdict.exit_code) == ("escalate", 4)
    assert "unreachable" in render("text", verdict)


def test_a_weaker_model_is_named_in_every_report(project):
    class Weak(Honest):
        def ask(self, prompt, *, data_class, exclude_families):
            done = super().ask(prompt, data_class=data_class, exclude_families=exclude_families)
            return Reply(done.outcome, done.answer, lane="small", model="tiny-1", below_class=True)

    verdict = asked(project, Weak(False, "require_role(", canary_pool(load_rulebook())))
    for name in ("text", "markdown", "html"):
        assert "reviewed by a model below the required class" in render(name, verdict)
    assert json.loads(render("json", verdict))["reviews"][0]["below_class"] is True


def test_text_of_a_model_is_escaped_everywhere(project):
    class Loud(Honest):
        def ask(self, prompt, *, data_class, exclude_families):
            done = super().ask(prompt, data_class=data_class, exclude_families=exclude_families)
            hostile = "\x1b[2J</p><script>x</script> @team ![a](http://evil.example)"
            extra = {"category": "auth", "severity": "high", "file": 1, "line": 2, "quote": hostile}
            answer = dict(done.answer) | {"additions": [*done.answer["additions"], extra]}
            return Reply(done.outcome, answer, lane=hostile, model=hostile, detail=hostile)

    verdict = asked(project, Loud(False, "require_role(", canary_pool(load_rulebook())))
    for name in ("text", "markdown", "html", "github"):
        text = render(name, verdict)
        assert "\x1b" not in text
        assert name in ("text", "github") or "<script>" not in text
    (said,) = [item for item in verdict.findings if item.finding.rule == "reviewer-unverified"]
    assert said.action.label == "note"


def test_families_that_wrote_the_change_are_left_out(project):
    seen = []

    class Notes(Honest):
        def ask(self, prompt, *, data_class, exclude_families):
            seen.append((data_class, exclude_families))
            return super().ask(prompt, data_class=data_class, exclude_families=exclude_families)

    asked(project, Notes(False, "require_role(", canary_pool(load_rulebook())), backend="crush:glm-5.2")
    assert seen and all(item == ("internal", frozenset({"glm"})) for item in seen)


def test_the_data_classes_of_the_trusted_base_count(project):
    project.commit({"trustgate.toml": '[data]\nprivate = ["app/**"]\n', "app/api.py": GUARDED}, "private")
    project.commit({"app/api.py": STRICTER, "trustgate.toml": "[data]\n"}, "open it")
    asker = honest()
    classes = []

    class Notes:
        def ask(self, prompt, *, data_class, exclude_families):
            classes.append(data_class)
            return asker.ask(prompt, data_class=data_class, exclude_families=exclude_families)

    asked(project, Notes())
    assert set(classes) == {"private"}


@pytest.mark.parametrize("edit", [{"app/sum.py": SAFE.replace("a + b", "b + a")}, {"app/api.py": GUARDED}])
def test_no_part_of_the_reviewer_is_loaded_without_a_lane_or_without_need(project, edit):
    project.commit(edit, "edit")
    code = (
        "import sys\nsys.argv = ['trustgate', 'review', '--offline', '--diff', 'HEAD~1']\n"
        "from trustgate.__main__ import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sorted(sys.modules))"
    )
    done = subprocess.run((sys.executable, "-c", code), cwd=project.path, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.partition("LOADED ")[2].split())
    assert "trustgate.review" in loaded
    assert [name for name in loaded if name.startswith(("trustgate.reviewer", "pydantic", "httpx"))] == []


def test_the_shipped_pairs_come_out_right(trustgate):
    done = trustgate(Path(__file__).parents[2])("eval", "run")
    assert "with the reviewer 30/30" in done.stdout
    assert "wrong clears: 0 changes, 0 flags" in done.stdout


def test_eval_with_a_lane_needs_one(trustgate):
    done = trustgate(Path(__file__).parents[2])("eval", "run", "--reviewer", "lane")
    assert done.returncode == 2


def test_require_is_refused_at_the_commit_stage(project):
    with pytest.raises(UsageError, match="commit stage"):
        asked(project, honest(), review="require", stage="commit", offline=False)
