"""Builds a small repository whose last commit plants five faults, and reviews it.

    python examples/planted_faults.py [FOLDER]

The commit says that it adds a user export, and was written by GLM through OpenRouter: it drops an authorization check,
adds a look-alike dependency, loads an unpinned model with code of its own, and leaves a key in a settings file.
Names, dates and contents are fixed, so the commit ids and the verdict are the same everywhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

BEFORE = {
    "app/api.py": """\
from app.auth import require_admin


def delete_user(request, db):
    require_admin(request.user)
    db.delete(request.args["id"])
    return "deleted"
""",
    "app/auth.py": """\
def require_admin(user):
    if not user.is_admin:
        raise PermissionError("admin only")
    return True
""",
    "requirements.txt": "requests==2.32.3\nflask==3.0.3\n",
}
AFTER = {
    "app/api.py": """\
import requests


def delete_user(request, db):
    db.delete(request.args["id"])
    return "deleted"


def export_users(db, url):
    return requests.post(url, json=db.users(), verify=False, timeout=10)
""",
    "app/summary.py": """\
from transformers import AutoModel

model = AutoModel.from_pretrained("acme-labs/summary-7b", trust_remote_code=True)
""",
    # put together here, so that no scanner takes this file for a leak; the key belongs to nobody
    "deploy/settings.env": "REGION=eu-central-1\nAWS_ACCESS_KEY_ID=" + "AKIA" + "QX3TN7WZKD5LMR2H" + "\n",
    "requirements.txt": "requests==2.32.3\nflask==3.0.3\npython-dateutils==2.9.0\n",
}
MESSAGE = """\
Add a user export

Assisted-by: Crush:openrouter/z-ai/glm-5.2
"""
IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-11-02T09:00:00+00:00",
    "GIT_COMMITTER_DATE": "2026-11-02T09:00:00+00:00",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


COMMITS = ((BEFORE, "Start\n"), (AFTER, MESSAGE))


def build(folder: Path, commits: tuple[tuple[dict[str, str], str], ...] = COMMITS) -> None:
    """Make the repository in an empty folder: files and message of each commit."""

    def git(*args: str) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(["git", "-C", str(folder), *args], check=True, env={**environ, **IDENTITY})

    git("init", "--quiet", "--initial-branch=main")
    for files, message in commits:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git("add", "--all")
        git("commit", "--quiet", "--no-verify", "--message", message)


def main(
    doc: str = __doc__ or "", commits: tuple[tuple[dict[str, str], str], ...] = COMMITS, base: str = "HEAD~1"
) -> int:
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        if sys.argv[1].startswith("-") or (folder.exists() and any(folder.iterdir())):
            print(doc.strip(), "FOLDER must be new or empty.", sep="\n\n", file=sys.stderr)
            return 2
        folder.mkdir(parents=True, exist_ok=True)
        return review(folder, commits, base)
    with tempfile.TemporaryDirectory() as temporary:
        return review(Path(temporary), commits, base)


def review(folder: Path, commits: tuple[tuple[dict[str, str], str], ...], base: str) -> int:
    build(folder, commits)
    command = [sys.executable, "-m", "trustgate", "review", "--offline", "--repo", str(folder), "--diff", base]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
