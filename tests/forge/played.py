"""The platform played for tests: a repository on a server, a job's checkout of it, and the command as the action starts it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

SAFE = "import requests\n\n\ndef ping(url):\n    return requests.get(url, timeout=5)\n"
OFF = SAFE.replace("timeout=5", "timeout=5, verify=False")
GUARDED = "def drop(request, db):\n    require_admin(request.user)\n    db.drop(1)\n"
BARE = GUARDED.replace("    require_admin(request.user)\n", "")


class Platform:
    """A repository `o/r` on a server, a job's checkout of it, and `trustgate ci` as the action starts it."""

    def __init__(self, make_repo, forge, git_server, root: Path) -> None:
        self.server, self.forge, self.git_server, self.root = make_repo(), forge, git_server, root
        (git_server.root / "o" / "r").symlink_to(self.server.path)
        self.base = self.server.commit({"app.py": SAFE, "guard.py": GUARDED}, "start")
        self.checkout, self.temp = root / "checkout", root / "temp"
        self.temp.mkdir()

    def topic(self, files, name="topic"):
        """A branch from the first commit; the checkout is left on main."""
        self.server.git("checkout", "-q", "-b", name, self.base)
        head = self.server.commit(files, "change")
        self.server.git("checkout", "-q", "main")
        return head

    def clone(self, *options):
        subprocess.run(
            ["git", "clone", "-q", *options, f"file://{self.server.path}", self.checkout],
            check=True,
            capture_output=True,
        )

    def run(self, kind, payload, token="t", **environ):
        event = self.root / "event.json"
        event.write_text(json.dumps(payload))
        done = subprocess.run(
            [sys.executable, "-I", "-m", "trustgate", "ci", "--report-dir", self.temp],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_EVENT_NAME": kind,
                "GITHUB_EVENT_PATH": str(event),
                "GITHUB_WORKSPACE": str(self.checkout),
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_SERVER_URL": self.git_server.base,
                "GITHUB_API_URL": self.forge.base,
                "GITHUB_OUTPUT": str(self.root / "output"),
                "GITHUB_STEP_SUMMARY": str(self.root / "summary"),
                "RUNNER_TEMP": str(self.temp),
                "TRUSTGATE_GITHUB_TOKEN": token,
                "TRUSTGATE_CACHE_DIR": str(self.root / "cache"),
                **environ,
            },
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def outputs(self):
        text = (self.root / "output").read_text()
        return {n: v for n, _, v in re.findall(r"^(\S+)<<(\S+)\n(.*?)\n\2$", text, re.DOTALL | re.MULTILINE)}

    def summary(self):
        return (self.root / "summary").read_text()


def pull(platform, head, fork=False, **more):
    repo = {"full_name": "someone/r" if fork else "o/r"}
    base = {"sha": platform.base, "ref": "main", "repo": {"full_name": "o/r"}}
    return {"pull_request": {"number": 7, "base": base, "head": {"sha": head, "ref": "topic", "repo": repo}}, **more}


def approving(platform, head, login="maintainer"):
    forge = platform.forge
    forge.objects["/repos/o/r/pulls/7"] = {"user": {"login": "author"}, "head": {"sha": head}}
    forge.lists["/repos/o/r/pulls/7/commits"] = []
    forge.lists["/repos/o/r/issues/7/events"] = []
    forge.objects[f"/repos/o/r/collaborators/{login}/permission"] = {"permission": "write"}
    review = {"user": {"login": login, "type": "User"}, "state": "APPROVED", "commit_id": head}
    forge.lists["/repos/o/r/pulls/7/reviews"] = [review]
