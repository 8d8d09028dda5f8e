"""Records from end to end: hooks in real repositories, pushes and fetches, reviews of a clone."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOOKS = Path(__file__).resolve().parents[2] / "hooks"
REF = "refs/notes/trustgate"
AGENT = {
    "CLAUDECODE": "1",
    "ANTHROPIC_BASE_URL": "https://me:hunter2@api.z.ai/api/anthropic",
    "ANTHROPIC_AUTH_TOKEN": "hunter2",
    "ANTHROPIC_MODEL": "glm-5.2",
}
WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@b.example",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@b.example",
}
STRICT = 'preset = "standard"\n[attribution]\nrequire = true\ntrust_at_least = "signed"\n'


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    for name in ("known", "stranger"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)], check=True)
    return folder


def allowed(keys):
    return f"dev@example.com {(keys / 'known.pub').read_text()}"


class Developer:
    """A clone with the three hooks, and git as its developer calls it."""

    def __init__(self, repo, cache, key=None):
        self.repo, self.path = repo, repo.path
        self.env = {**os.environ, **WHO, "TRUSTGATE_CACHE_DIR": str(cache)}
        self.env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{self.env['PATH']}"
        (self.path / ".git" / "hooks").mkdir(exist_ok=True)
        for hook in (HOOKS / name for name in ("post-commit", "prepare-commit-msg", "pre-push")):
            shutil.copy(hook, self.path / ".git" / "hooks" / hook.name)
        if key:
            repo.git("config", "gpg.format", "ssh")
            repo.git("config", "user.signingkey", str(key))

    def git(self, *args, **environ):
        done = subprocess.run(
            ("git", *args), cwd=self.path, env={**self.env, **environ}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def commit(self, files, message="Change", **environ):
        self.repo.stage(files)
        return self.git("commit", "-q", "-m", message, **environ)

    def note(self, rev="HEAD"):
        return self.repo.git("notes", "--ref", REF, "show", rev, check=False)


@pytest.fixture
def hub(make_repo, tmp_path, keys):
    """`hub(name, key)` is a developer with a clone of one bare repository whose base allows the known key."""
    seed = make_repo("seed")
    seed.commit({"app.py": "a = 1\n", "trustgate.toml": STRICT, ".trustgate/allowed_signers": allowed(keys)})
    seed.git("clone", "-q", "--bare", ".", str(tmp_path / "hub.git"))

    def clone(name, key="known"):
        seed.git("clone", "-q", str(tmp_path / "hub.git"), str(tmp_path / name))
        return Developer(make_repo(name, "--existing"), tmp_path / "cache", keys / key if key else None)

    return clone


def statement(line):
    return json.loads(base64.b64decode(json.loads(line)["payload"]))


def review(trustgate, path, *args):
    return trustgate(path).review("--diff", "HEAD~1", *args)


def attestation(report):
    return [
        (origin["trust"], origin["model"], evidence["detail"])
        for origin in report["origins"]
        for evidence in origin["evidence"]
        if evidence["kind"] == "attestation"
    ]


class TestRecording:
    def test_the_hook_records_and_a_review_in_a_clone_verifies_it(self, hub, trustgate):
        dev = hub("dev")
        said = dev.commit({"app.py": "a = 2\n"}, **AGENT)
        assert "claude-code, 1 backend in reach; signed" in said
        dev.git("push", "-q", "origin", "main")
        other = hub("other", key=None)
        assert attestation(review(trustgate, other.path)) == []
        assert trustgate(other.path)("attest", "--fetch", "origin").returncode == 0
        report = review(trustgate, other.path)
        ((trust, model, detail),) = attestation(report)
        assert (trust, model) == ("signed", "glm-5.2")
        assert "signed by dev@example.com" in detail
        assert report["decision"] == "allow"

    def test_no_record_escalates_where_one_is_required(self, hub, trustgate):
        other = hub("other")
        other.repo.commit({"app.py": "a = 2\n"}, "Change", "--no-verify")
        other.repo.git("update-ref", "-d", REF, check=False)
        assert review(trustgate, other.path)["decision"] == "escalate"

    def test_nothing_secret_is_in_the_record(self, hub):
        dev = hub("dev")
        dev.commit({"app.py": "a = 2\n"}, **AGENT)
        made = statement(dev.note())
        assert "hunter2" not in json.dumps(made)
        assert {"kind": "environment", "trust": "recorded", "detail": "ANTHROPIC_AUTH_TOKEN is set"} in made[
            "predicate"
        ]["evidence"]
        assert made["subject"][1]["digest"]["gitTree"] == dev.repo.git("rev-parse", "HEAD^{tree}")

    def test_without_a_key_it_is_unsigned_and_said_so(self, hub, trustgate):
        dev = hub("dev", key=None)
        assert "not signed: gpg.format is not set" in dev.commit({"app.py": "a = 2\n"}, **AGENT)
        ((trust, _, detail),) = attestation(review(trustgate, dev.path))
        assert trust == "recorded" and "not signed" in detail

    def test_a_commit_is_made_whatever_happens_to_the_record(self, hub, tmp_path):
        dev = hub("dev")
        (dev.path / ".git" / "refs" / "notes").mkdir()
        (dev.path / ".git" / REF).write_text("nonsense\n")
        said = dev.commit({"app.py": "a = 2\n"}, **AGENT)
        assert "refs/notes/trustgate cannot be read" in said
        assert dev.repo.git("log", "-1", "--format=%s") == "Change"

    def test_settings_that_cannot_be_read_are_said(self, hub):
        dev = hub("dev")
        dev.repo.write({".claude/settings.local.json": "{"})
        said = dev.commit({"app.py": "a = 2\n"}, **AGENT)
        assert "./.claude/settings.local.json was not read: not valid json" in said
        assert statement(dev.note())["predicate"]["unread"]

    def test_a_rebased_commit_is_found_by_its_patch(self, hub, trustgate):
        dev = hub("dev")
        dev.git("checkout", "-q", "-b", "work")
        dev.commit({"new.py": "x = 1\n"}, **AGENT)
        old = dev.repo.head
        dev.git("checkout", "-q", "main")
        dev.commit({"app.py": "a = 3\n"})
        dev.repo.git("-c", f"core.hooksPath={os.devnull}", "rebase", "-q", "main", "work")
        assert dev.repo.head != old
        ((trust, model, _),) = attestation(review(trustgate, dev.path))
        assert (trust, model) == ("signed", "glm-5.2")

    def test_by_hand(self, hub, trustgate):
        dev = hub("dev")
        dev.repo.commit({"app.py": "a = 2\n"}, "Change", "--no-verify")
        run = trustgate(dev.path)
        assert run("attest", "--no-ai").stdout.startswith(f"trustgate: recorded {dev.repo.head[:12]}")
        report = review(trustgate, dev.path)
        assert [origin["class"] for origin in report["origins"]] == ["declared_no_ai"]
        assert run("attest", "--backend", "codex:gpt-5.5@openai").returncode == 0
        assert {o["agent"] for o in review(trustgate, dev.path)["origins"]} == {"", "codex"}
        assert run("attest", "--backend", "codex", "--no-ai").returncode == 2
        assert run("attest", "no-such-revision").returncode == 2
        assert run("attest", "--push", "origin", "HEAD").returncode == 2


class TestForged:
    def forge(self, dev, change):
        """Replaces the record of HEAD by one that `change` made of its envelope."""
        line = dev.note()
        dev.repo.git("update-ref", "-d", REF)
        dev.repo.git("notes", "--ref", REF, "add", "-m", change(json.loads(line)), "HEAD")

    def refused(self, trustgate, dev, reason):
        report = review(trustgate, dev.path)
        assert [trust for trust, _, _ in attestation(report)] == ["none"]
        assert report["decision"] == "escalate", "no record that counts, and the policy requires one"
        text = trustgate(dev.path)("review", "--diff", "HEAD~1", "--offline").stdout
        assert f"attestation of {dev.repo.head[:12]} refused: " in text and reason in text

    def test_another_tree(self, hub, trustgate):
        dev = hub("dev")
        dev.commit({"app.py": "a = 2\n"}, **AGENT)

        def change(envelope):
            made = json.loads(base64.b64decode(envelope["payload"]))
            made["subject"][1]["digest"]["gitTree"] = "1" * 40
            payload = base64.b64encode(json.dumps(made).encode()).decode()
            return json.dumps({**envelope, "payload": payload, "signatures": []})

        self.forge(dev, change)
        self.refused(trustgate, dev, "wrong tree")

    def test_another_backend_under_the_old_signature(self, hub, trustgate):
        dev = hub("dev")
        dev.commit({"app.py": "a = 2\n"}, **AGENT)

        def change(envelope):
            made = json.loads(base64.b64decode(envelope["payload"]))
            made["predicate"]["backends"][0]["modelRequested"] = "claude-opus-4-8"
            return json.dumps({**envelope, "payload": base64.b64encode(json.dumps(made).encode()).decode()})

        self.forge(dev, change)
        self.refused(trustgate, dev, "its signature is bad")

    def test_replayed_from_another_commit(self, hub, trustgate):
        dev = hub("dev")
        dev.commit({"app.py": "a = 2\n"}, **AGENT)
        old = dev.note()
        dev.commit({"app.py": "a = 666\n"}, **AGENT)
        self.forge(dev, lambda _: old)
        self.refused(trustgate, dev, "another change")

    def test_a_strangers_key(self, hub, trustgate):
        dev = hub("dev", key="stranger")
        dev.commit({"app.py": "a = 2\n"}, **AGENT)
        self.refused(trustgate, dev, "is not in .trustgate/allowed_signers of the trusted base")

    def test_a_key_that_the_change_itself_allows(self, hub, trustgate, keys):
        dev = hub("dev", key="stranger")
        mine = allowed(keys) + f"me@example.com {(keys / 'stranger.pub').read_text()}"
        dev.commit({"app.py": "a = 2\n", ".trustgate/allowed_signers": mine}, **AGENT)
        self.refused(trustgate, dev, "of the trusted base")
        report = review(trustgate, dev.path)
        assert "own-signers-changed" in {finding["rule"] for finding in report["findings"]}


class TestTravelling:
    def test_two_push_at_the_same_time_and_a_third_sees_both(self, hub, trustgate):
        a, b = hub("a"), hub("b")
        a.git("checkout", "-q", "-b", "one")
        b.git("checkout", "-q", "-b", "two")
        a.commit({"one.py": "1\n"}, **AGENT)
        b.commit({"two.py": "2\n"}, **AGENT)
        pushes = [
            subprocess.Popen(("git", "push", "-q", "origin", "HEAD"), cwd=dev.path, env=dev.env) for dev in (a, b)
        ]
        assert [push.wait() for push in pushes] == [0, 0]
        c = hub("c")
        trustgate(c.path)("attest", "--fetch", "origin")
        for branch, dev in (("one", a), ("two", b)):
            c.git("checkout", "-q", branch)
            assert c.repo.head == dev.repo.head
            assert [trust for trust, _, _ in attestation(review(trustgate, c.path))] == ["signed"]

    def test_a_push_of_records_that_fails_stops_no_push(self, hub, tmp_path):
        dev = hub("dev")
        update = tmp_path / "hub.git" / "hooks" / "update"
        update.parent.mkdir(exist_ok=True)
        update.write_text(f'#!/bin/sh\ntest "$1" != {REF}\n')
        update.chmod(0o755)
        dev.commit({"app.py": "a = 2\n"}, **AGENT)
        said = dev.git("push", "-q", "origin", "main")
        assert "refs/notes/trustgate could not be pushed" in said
        assert dev.repo.git("ls-remote", "origin", "refs/heads/main").split()[0] == dev.repo.head

    def test_ci_reads_records_that_a_step_before_fetched(self, hub, trustgate, tmp_path):
        dev = hub("dev")
        base = dev.repo.head
        dev.git("checkout", "-q", "-b", "work")
        dev.commit({"app.py": "a = 2\n"}, **AGENT)
        dev.git("push", "-q", "origin", "work")
        ci = hub("ci", key=None)
        ci.git("checkout", "-q", "work")
        ci.git("fetch", "-q", "origin", "refs/notes/*:refs/notes/*")
        (tmp_path / "temp").mkdir()
        event = {"pull_request": {"base": {"sha": base}, "head": {"sha": dev.repo.head}}}
        (tmp_path / "event.json").write_text(json.dumps(event))
        done = trustgate(ci.path)(
            "ci",
            GITHUB_EVENT_NAME="pull_request",
            GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
            GITHUB_WORKSPACE=str(ci.path),
            RUNNER_TEMP=str(tmp_path / "temp"),
            GITHUB_OUTPUT=str(tmp_path / "output"),
            GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
        )
        report = json.loads((tmp_path / "temp" / "trustgate.json").read_text())
        assert [trust for trust, _, _ in attestation(report)] == ["signed"], done.stderr


class TestTrailer:
    @pytest.fixture
    def dev(self, make_repo, tmp_path):
        repo = make_repo("trailers")
        repo.commit({"app.py": "a = 1\n", "trustgate.toml": "[attribution]\ntrailer = true\n"})
        return Developer(repo, tmp_path / "cache")

    def message(self, dev):
        return dev.repo.git("log", "-1", "--format=%B").rstrip("\n")

    def test_the_hook_adds_it_once(self, dev):
        dev.commit({"app.py": "a = 2\n"}, "Fix\n\nBecause.", **AGENT)
        assert self.message(dev) == "Fix\n\nBecause.\n\nAssisted-by: claude-code:glm-5.2"
        dev.git("commit", "-q", "--amend", "--no-edit", **AGENT)
        assert self.message(dev).count("Assisted-by") == 1

    def test_nobody_running_and_no_policy_add_nothing(self, dev):
        dev.commit({"app.py": "a = 2\n"}, "Fix")
        assert self.message(dev) == "Fix"
        dev.repo.commit({"trustgate.toml": ""}, "Off", "--no-verify")
        dev.commit({"app.py": "a = 3\n"}, "Fix", **AGENT)
        assert self.message(dev) == "Fix"

    def test_merges_squashes_and_cherry_picks_get_none(self, dev):
        dev.git("checkout", "-q", "-b", "side")
        dev.commit({"b.py": "1\n"}, "Side")
        side = dev.repo.head
        dev.git("checkout", "-q", "main")
        dev.commit({"c.py": "1\n"}, "Main")
        dev.git("merge", "-q", "--no-ff", "--no-edit", "side", **AGENT)
        assert "Assisted-by" not in self.message(dev)
        dev.git("reset", "-q", "--hard", "HEAD~1")
        dev.git("cherry-pick", side, **AGENT)
        assert "Assisted-by" not in self.message(dev)
        dev.git("reset", "-q", "--hard", "HEAD~1")
        dev.git("merge", "-q", "--squash", "side")
        dev.git("commit", "-q", "--no-edit", **AGENT)
        assert "Assisted-by" not in self.message(dev)

    def test_a_policy_that_cannot_be_read_stops_no_commit(self, dev):
        dev.repo.commit({"trustgate.toml": "nonsense"}, "Break", "--no-verify")
        said = dev.commit({"app.py": "a = 2\n"}, "Fix", **AGENT)
        assert "not valid TOML" in said
        assert self.message(dev) == "Fix"
