"""The platform played for the whole command: events, checkouts, a forge on loopback, and what each run leaves behind."""

from __future__ import annotations

import json
import subprocess

import pytest
from played import BARE, OFF, SAFE, approving, pull

from trustgate.forge import comment


def page(platform, decision, *texts):
    """The job summary, which people read: its first line is the verdict."""
    text = platform.summary()
    assert text.startswith(f"## trustgate: {decision}\n"), text[:200]
    assert [part for part in texts if part not in text] == [], text[:3000]
    return text


def test_own_branch_is_blocked_with_annotation_summary_and_one_comment(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone()
    first = platform.run("pull_request", pull(platform, head))
    assert first.returncode == 1
    assert "::error file=app.py,line=5" in first.stdout
    assert platform.outputs()["decision"] == "block"
    page(platform, "block", "tls-verify-off", "app.py:5")
    assert "app.py:5" in platform.forge.comments[0]["body"]
    platform.run("pull_request", pull(platform, head))
    assert len(platform.forge.comments) == 1
    assert platform.forge.comments[0]["body"].startswith(comment.MARKER)


def test_a_removed_guard_is_escalated_and_shown_on_its_line(platform):
    head = platform.topic({"guard.py": BARE})
    platform.clone()
    assert platform.run("pull_request", pull(platform, head)).returncode == 4
    page(platform, "escalate", "guard.py:2", "removed")
    assert [(c["path"], c["line"], c["side"]) for c in platform.forge.line_comments] == [("guard.py", 2, "LEFT")]


def test_a_fork_without_rights_gets_the_same_verdict_without_a_comment(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone()
    platform.forge.refuse = [("POST", "/comments", 403, {})]
    done = platform.run("pull_request", pull(platform, head, fork=True))
    assert (done.returncode, platform.outputs()["decision"]) == (1, "block")
    assert "the comment could not be written" in done.stderr
    assert "answered 403" in done.stderr
    page(platform, "block", "tls-verify-off", "app.py:5")


def test_without_a_token_the_forge_is_never_asked(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone()
    assert platform.run("pull_request", pull(platform, head), token="").returncode == 1
    page(platform, "block", "tls-verify-off")
    assert platform.forge.asked == []


def test_a_dependency_robot_is_judged_like_a_fork(platform):
    head = platform.topic({"requirements.txt": "requests==2.32.3\n"})
    platform.clone()
    payload = pull(platform, head, sender={"login": "dependabot[bot]"})
    done = platform.run("pull_request", payload, token="", GITHUB_ACTOR="dependabot[bot]")
    assert done.returncode == 0, done.stdout
    assert "### block" not in page(platform, platform.outputs()["decision"], "1 file")


def test_the_merge_queue_judges_the_group_by_its_own_commits(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone()
    group = {"base_sha": platform.base, "head_sha": head, "base_ref": "refs/heads/main"}
    assert platform.run("merge_group", {"merge_group": group}).returncode == 1
    page(platform, "block", "tls-verify-off", f"trusted base `{platform.base}`", f"head `{head}`")
    assert platform.forge.asked == []


def test_a_force_push_changes_the_verdict_and_the_same_comment(platform):
    bad = platform.topic({"app.py": OFF})
    good = platform.topic({"app.py": SAFE.replace("5)", "9)")}, "again")
    platform.clone()
    platform.run("pull_request", pull(platform, bad))
    page(platform, "block", "tls-verify-off")
    (platform.root / "summary").unlink()
    assert platform.run("pull_request", pull(platform, good)).returncode == 0
    assert "tls-verify-off" not in page(platform, "allow", f"head `{good}`")
    assert len(platform.forge.comments) == 1
    assert "Nothing is left to say" in platform.forge.comments[0]["body"]


def test_a_push_is_judged_from_the_commit_before_it(platform):
    head = platform.server.commit({"app.py": OFF}, "direct")
    platform.clone()
    push = {"ref": "refs/heads/main", "before": platform.base, "after": head}
    assert platform.run("push", push).returncode == 1
    page(platform, "block", "tls-verify-off", f"diff base `{platform.base}`")


@pytest.mark.parametrize("branch", ["topic", "main"])
def test_what_a_shallow_checkout_lacks_is_fetched(platform, branch):
    head = platform.topic({"app.py": OFF})
    for number in range(3):
        platform.server.commit({"other.py": f"{number}\n"}, "later")
    moved = platform.server.head
    platform.server.git("notes", "--ref=ai", "add", "-m", "x", head)
    platform.clone("--depth=1", f"--branch={branch}")
    payload = pull(platform, head)
    payload["pull_request"]["base"]["sha"] = moved
    done = platform.run("pull_request", payload)
    assert (done.returncode, platform.outputs()["decision"]) == (1, "block"), done.stdout + done.stderr
    assert "::error file=app.py,line=5" in done.stdout
    report = json.loads((platform.temp / "trustgate.json").read_text())
    assert (report["diff_base"], report["trusted_base"], report["head"]) == (platform.base, moved, head)
    assert (platform.temp / "o+r.git" / "refs" / "notes" / "ai").is_file()


def test_a_full_checkout_asks_for_notes_only(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone()
    assert platform.run("pull_request", pull(platform, head)).returncode == 1
    assert platform.git_server.fetches == 0
    assert len(platform.git_server.asked) > 0


@pytest.mark.parametrize("case", ["no server", "no token", "base gone"])
def test_what_cannot_be_fetched_is_no_pass_and_says_what_to_do(platform, case):
    head = platform.topic({"app.py": OFF})
    platform.clone("--depth=1", "--branch=topic")
    payload, more = pull(platform, head), {}
    if case == "no server":
        more = {"GITHUB_SERVER_URL": "http://127.0.0.1:9"}
    elif case == "no token":
        platform.git_server.needs = "another"
    else:
        payload["pull_request"]["base"]["sha"] = "1" * 40
    done = platform.run("pull_request", payload, **more)
    assert (done.returncode, platform.outputs()["decision"]) == (3, "error")
    assert done.stdout.startswith("::error title=trustgate::no review took place: ")
    assert "could not be fetched" in done.stdout
    assert "fetch-depth: 0" in done.stdout
    assert "`token` input" in done.stdout


def test_a_private_repository_is_fetched_with_the_token(platform):
    platform.git_server.needs = "t"
    head = platform.topic({"app.py": OFF})
    platform.clone("--depth=1", "--branch=topic")
    done = platform.run("pull_request", pull(platform, head))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "tls-verify-off" in platform.summary()


def test_a_push_and_a_run_by_hand_are_judged_from_one_commit_of_checkout(platform):
    platform.server.commit({"README.md": "x\n"}, "between")
    head = platform.server.commit({"app.py": OFF}, "direct")
    platform.clone("--depth=1")
    push = {"ref": "refs/heads/main", "before": platform.base, "after": head}
    for kind, payload in (("push", push), ("workflow_dispatch", {"ref": "refs/heads/main"})):
        done = platform.run(kind, payload, GITHUB_SHA=head)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "app.py" in platform.summary()


def test_a_new_branch_is_compared_with_the_default_branch_of_the_forge(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone("--depth=1", "--branch=topic")
    push = {"ref": "refs/heads/topic", "before": "0" * 40, "after": head, "repository": {"default_branch": "main"}}
    assert platform.run("push", push).returncode == 1
    report = json.loads((platform.temp / "trustgate.json").read_text())
    assert report["diff_base"] == platform.base


def test_settings_of_the_checkout_are_not_obeyed(platform):
    head = platform.topic({"app.py": OFF})
    platform.clone("--depth=1", "--branch=topic")
    trap = platform.root / "trap"
    for name in ("core.fsmonitor", "core.sshCommand", "core.alternateRefsCommand", "uploadpack.packObjectsHook"):
        git_config(platform, name, f"touch {trap};")
    git_config(platform, "url.http://127.0.0.1:9/.insteadOf", platform.git_server.base)
    git_config(platform, "remote.origin.uploadpack", f"touch {trap};")
    git_config(platform, "remote.origin.url", "http://127.0.0.1:9/o/r")
    done = platform.run("pull_request", pull(platform, head))
    assert done.returncode == 1, done.stdout + done.stderr
    assert not trap.exists()


def git_config(platform, name, value):
    subprocess.run(["git", "-C", platform.checkout, "config", name, value], check=True)


def test_a_deleted_file_is_judged(platform):
    head = platform.topic({"guard.py": None})
    platform.clone()
    done = platform.run("pull_request", pull(platform, head))
    report = json.loads((platform.temp / "trustgate.json").read_text())
    assert report["coverage"]["files_seen"] == 1
    assert (done.returncode, report["exit_code"]) == (0, 0)  # the guard went with all that it guarded
    page(platform, "allow", "1 file")


def test_three_thousand_files_fit_every_channel(platform):
    head = platform.topic({f"src/m{n}.py": OFF.replace("ping", f"ping{n}") for n in range(3000)})
    platform.clone()
    done = platform.run("pull_request", pull(platform, head))
    assert done.returncode == 1
    assert done.stdout.count("::error ") <= 10
    assert len(platform.forge.comments[0]["body"]) <= comment.LIMIT
    assert len(platform.summary().encode()) < 2**20
    assert platform.outputs()["findings"] == "3000"
    page(platform, "block", "tls-verify-off", "more; the JSON report has all of them")
    report = json.loads((platform.temp / "trustgate.json").read_text())
    assert len(report["findings"]) >= 3000


def test_the_privileged_job_fetches_a_fork_and_checks_nothing_out(platform):
    head = platform.topic({"app.py": OFF})
    moved = platform.server.commit({"trustgate.toml": 'preset = "standard"\n'}, "policy")
    forge = platform.forge
    forge.objects["/repos/o/r/pulls/7"] = {
        "number": 7,
        "state": "open",
        "head": {"sha": head, "repo": {"full_name": "someone/r"}},
        "base": {"ref": "main", "repo": {"full_name": "o/r"}},
    }
    forge.objects["/repos/o/r/git/ref/heads/main"] = {"object": {"sha": moved}}
    forge.lists["/repos/o/r/pulls"] = [{"number": 7}]
    run = {
        "event": "pull_request", "head_sha": head, "head_branch": "topic", "pull_requests": [],
        "head_repository": {"owner": {"login": "someone"}},
    }  # fmt: skip
    done = platform.run("workflow_run", {"workflow_run": run})
    assert done.returncode == 1, done.stdout + done.stderr
    report = json.loads((platform.temp / "trustgate.json").read_text())
    assert (report["trusted_base"], report["head"]) == (moved, head)
    assert not platform.checkout.exists()
    assert not list(platform.temp.rglob("app.py"))
    page(platform, "block", "tls-verify-off", f"trusted base `{moved}`", f"head `{head}`")
    assert len(forge.comments) == 1


def test_an_approving_review_of_the_head_clears_what_waits(platform):
    head = platform.topic({"guard.py": BARE})
    platform.clone()
    approving(platform, head)
    done = platform.run("pull_request", pull(platform, head))
    assert done.returncode == 0, done.stdout
    assert "approved on the forge" in done.stdout


@pytest.mark.parametrize("case", ["earlier commit", "own change", "not readable"])
def test_an_approval_that_does_not_count_leaves_it_waiting(platform, case):
    head = platform.topic({"guard.py": BARE})
    platform.clone()
    approving(platform, platform.base if case == "earlier commit" else head, "author" if case == "own change" else "m")
    if case == "not readable":
        platform.forge.refuse = [("GET", "/reviews", 500, {})]
    done = platform.run("pull_request", pull(platform, head))
    assert done.returncode == 4
    assert "count" in done.stdout


def test_a_secret_is_not_cleared_by_an_approving_review(platform):
    from hook_samples import SECRET

    head = platform.topic(SECRET)
    platform.clone()
    approving(platform, head)
    assert platform.run("pull_request", pull(platform, head)).returncode == 1


@pytest.mark.parametrize(
    ("author", "committer", "signed", "trust"),
    [
        ("Bot", "dependabot[bot]", True, "forge"),
        ("Bot", "web-flow", True, "forge"),
        ("Bot", "web-flow", False, "declared"),
        ("User", "web-flow", True, "declared"),
        ("Bot", "mallory", True, "declared"),  # her own key is over a commit that she says the robot wrote
        ("Bot", None, True, "declared"),
    ],
)
def test_a_robot_counts_as_such_when_the_forge_verified_it(platform, author, committer, signed, trust):
    platform.server.git("checkout", "-q", "-b", "topic")
    platform.server.write({"requirements.txt": "requests==2.32.3\n"})
    platform.server.git("add", "-A")
    robot = {
        "GIT_AUTHOR_NAME": "dependabot[bot]",
        "GIT_AUTHOR_EMAIL": "49699333+dependabot[bot]@users.noreply.github.com",
    }
    platform.server.git("commit", "-q", "-m", "Bump", env=robot)
    head = platform.server.head
    platform.server.git("checkout", "-q", "main")
    platform.clone()
    platform.forge.lists["/repos/o/r/pulls/7/commits"] = [
        {
            "sha": head,
            "author": {"login": "dependabot[bot]", "type": author},
            "committer": committer and {"login": committer},
            "commit": {"verification": {"verified": signed}},
        }
    ]
    platform.run("pull_request", pull(platform, head))
    (origin,) = json.loads((platform.temp / "trustgate.json").read_text())["origins"]
    assert (origin["class"], origin["trust"]) == ("automation", trust)
