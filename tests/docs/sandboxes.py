"""A small real place for the commands of each page: what the page supposes is there, and what its reader does between them."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doc_pages import ROOT, blocks
from weight_samples import HUB_FILES, hub_cache, ollama_store, safetensors, write

TOOLS = Path(sys.executable).parent
NOBODY = "http://127.0.0.1:1"
"""an address at which nobody listens: no index and no lane answers"""
OFFLINE = "[online]\npush = false\npr = false\n"
GUARDED = 'def drop(request, db):\n    require_admin(request.user)\n    db.drop(request.args["id"])\n'
BARE = GUARDED.replace("    require_admin(request.user)\n", "")
PING = "import requests\n\n\ndef ping(url):\n    return requests.get(url, timeout=5)\n"
OFF = PING.replace("timeout=5", "verify=False, timeout=5")


@dataclass
class Box:
    folder: Path
    make_repo: Callable[..., Any]
    cwd: Path = Path()
    environ: dict[str, str] = field(default_factory=dict)
    words: dict[str, str | Callable[[], str]] = field(default_factory=dict)
    """what stands here for a placeholder of the page"""
    codes: dict[str, int] = field(default_factory=dict)
    """exit code that the page leads to expect, where it is not 0, by the beginning of the command"""
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    """what the reader does before a command, by its beginning"""

    def __post_init__(self) -> None:
        home = self.folder / "home"
        home.mkdir()
        (home / ".gitconfig").write_text("[user]\n\tname = Reader\n\temail = reader@example.com\n")
        self.environ = {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "USER": "ada",
            "PATH": f"{TOOLS}:{os.environ['PATH']}",
            "TRUSTGATE_CACHE_DIR": str(self.folder / "cache"),
            "TRUSTGATE_STATE_DIR": str(self.folder / "state"),
            "TRUSTGATE_OSV": NOBODY,
            "PIP_INDEX_URL": f"{NOBODY}/simple",
            "npm_config_registry": NOBODY,
        }

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Runs a line as the reader's shell would; a `cd` in it holds for the next."""
        for start, deed in self.before.items():
            if command.startswith(start):
                deed()
        for word, instead in self.words.items():
            if word in command:
                command = command.replace(word, instead if isinstance(instead, str) else instead())
        end = self.folder / "cwd"
        done = subprocess.run(
            ["bash", "-c", f"{command}\ncode=$?\npwd > {end}\nexit $code"],
            cwd=self.cwd, env={**os.environ, **self.environ}, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.cwd = Path(end.read_text().strip()) if end.exists() else self.cwd
        return done

    def expected(self, command: str) -> int:
        return next((code for start, code in self.codes.items() if command.startswith(start)), 0)

    def planted(self, *, base: dict[str, str]) -> Any:
        """The five faults of examples/planted_faults.py on `topic`, by Ada; `main` holds `base` besides; `origin` is bare."""
        demo = runpy.run_path(str(ROOT / "examples/planted_faults.py"))
        folder = self.folder / "repo"
        folder.mkdir()
        demo["build"](folder, (({**demo["BEFORE"], **base}, "Start\n"), (demo["AFTER"], demo["MESSAGE"])))
        repo = self.make_repo("repo", "--existing")
        repo.git("branch", "-m", "topic")
        repo.git("branch", "main", "HEAD~1")
        return self._stands(repo)

    def changed(self, base: dict[str, str], head: dict[str, str]) -> Any:
        repo = self.make_repo("repo")
        repo.commit(base, "Start")
        repo.branch("topic")
        repo.commit(head, "Change")
        return self._stands(repo)

    def _stands(self, repo: Any) -> Any:
        origin = self.make_repo("origin.git", "--bare")
        repo.git("remote", "add", "origin", str(origin.path))
        repo.git("push", "-q", "origin", "main")
        repo.git("fetch", "-q", "origin")
        self.cwd = repo.path
        return repo

    def signs(self) -> str:
        """A git signing key in the usual place; returns its public half."""
        key = Path(self.environ["HOME"]) / ".ssh" / "id_ed25519"
        key.parent.mkdir(mode=0o700)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "reader", "-f", key], check=True)
        (key.parents[1] / ".gitconfig").open("a").write(f"[gpg]\n\tformat = ssh\n[user]\n\tsigningkey = {key}\n")
        return key.with_suffix(".pub").read_text().strip()


def clone(box: Box) -> None:
    """A source to clone with what `make review` needs, set up already, and a repository of the reader beside it."""
    source = box.make_repo("source")
    for name in ("Makefile", "pyproject.toml", "requirements/install.txt", "requirements/set-up.sh"):
        source.write({name: (ROOT / name).read_text()})
    source.git("add", "-A")
    source.commit(message="Start")
    source.commit({"NEWS": "nothing new\n"}, "Say so")
    installed = box.folder / "venv"
    (installed / "bin").mkdir(parents=True)
    (installed / "bin" / "trustgate").symlink_to(TOOLS / "trustgate")
    (installed / ".installed").touch()
    os.utime(installed / ".installed", (time.time() + 3600,) * 2)  # newer than what the clone brings
    yours = box.make_repo("yours")
    yours.commit({"app.py": PING}, "Start")
    yours.branch("topic")
    yours.commit({"app.py": PING.replace("timeout=5", "timeout=9")}, "Wait longer")
    box.cwd = box.folder
    box.environ["VENV"] = str(installed)
    box.words["ADDRESS"] = str(source.path)


def quickstart(box: Box) -> None:
    clone(box)
    yours = box.folder / "yours"

    def into() -> None:
        box.cwd = yours

    def switch_off() -> None:
        (yours / "app.py").write_text(OFF)

    box.before = {"trustgate init": into, "git add app.py": switch_off}


def approvals(box: Box) -> None:
    signers = f"reader@example.com {box.signs()}\n"
    box.planted(base={".trustgate/allowed_signers": signers, "trustgate.toml": OFFLINE})


def attestation(box: Box) -> None:
    box.signs()
    box.changed({"app.py": PING}, {"app.py": PING + "\n"})


def attribution(box: Box) -> None:
    repo = box.make_repo("repo")
    repo.commit({"src/a.py": PING}, "Start")
    repo.git("tag", "v1.0")
    repo.commit({"src/a.py": PING + "\nX = 1\n"}, "More\n\nAssisted-by: Crush:openrouter/z-ai/glm-5.2\n")
    repo.git("tag", "v1.1")
    repo.branch("topic")
    repo.commit({"b.py": "a = 1\n"}, "One\n\nAssisted-by: Crush:glm-5.2\n")
    repo.commit({"c.py": "a = 1\n"}, "Two\n\nCo-authored-by: Codex (gpt-5.5) <noreply@openai.com>\n")
    repo.commit({"d.py": "a = 1\n"}, "Three")
    box.cwd = repo.path


def policy(box: Box) -> None:
    repo = box.planted(base={"trustgate.toml": OFFLINE})
    named = {"# policy-cases.toml\n": "policy-cases.toml"}
    for block in blocks("docs/policy.md"):
        for first, name in named.items():
            if block.text.startswith(first):
                repo.write({name: block.text})
    box.run("trustgate review --diff main > /dev/null")

    def spoil() -> None:
        repo.commit({"trustgate.toml": '[[line]]\nid = "touch-core"\nunknown = "block"\nraised = "escalate"\n'})

    box.words = {"main~200..main": "main..topic"}
    box.codes = {"trustgate review": 2}  # a broken policy: the page shows what is said then
    box.before = {"trustgate review": spoil, "trustgate accept": lambda: repo.git("reset", "-q", "--hard", "HEAD~1")}


def lanes(box: Box) -> None:
    lane = f'[[reviewer.lane]]\nname = "home"\napi = "openai"\nbase_url = "{NOBODY}/v1"\nmodel = "qwen3-coder:30b"\n'
    box.changed(
        {"app/api.py": GUARDED, "trustgate.toml": f"{lane}self_hosted = true\nallow_below_class = true\n"},
        {"app/api.py": BARE},
    )
    assert box.run("trustgate review --diff main").returncode == 4

    def ending() -> str:
        return box.run("trustgate ledger verify").stdout.split()[-1]

    box.words = {"5b0f…": ending, "3f8a": lambda: box.run("trustgate queue list").stdout[:4]}
    box.codes = {"trustgate queue run": 4}  # the lane is still down


def anywhere(box: Box) -> None:
    box.cwd = box.folder


def reviewer(box: Box) -> None:
    box.changed({"app/api.py": GUARDED}, {"app/api.py": BARE})
    box.codes = {"trustgate review --diff main --show-packet": 4}


def ci(box: Box) -> None:
    box.changed({"app/api.py": GUARDED}, {"app/api.py": BARE})
    box.codes = {"trustgate review": 4}


def models(box: Box) -> None:
    hub_cache(box.folder / "hub", HUB_FILES)
    ollama_store(box.folder / "ollama", "registry.ollama.ai/library/smollm2/135m")
    box.environ |= {"HF_HUB_CACHE": str(box.folder / "hub"), "OLLAMA_MODELS": str(box.folder / "ollama")}
    box.cwd = box.make_repo("repo").path
    write(box.cwd / "models" / "mine", {"model.safetensors": safetensors()})


def dependencies(box: Box) -> None:
    records = box.folder / "records"
    records.mkdir()
    (records / "one.json").write_text(
        '{"id": "GHSA-0000-0000-0001", "modified": "2026-11-01T00:00:00Z", "affected":'
        ' [{"package": {"ecosystem": "PyPI", "name": "flask"}, "versions": ["0.1"]}]}'
    )
    box.cwd = box.folder
    box.words = {"PATH": str(records)}


def lists(box: Box) -> None:
    box.cwd = box.folder
    (box.folder / "allowlists").mkdir()
    for script in (ROOT / "allowlists").glob("build_*.py"):
        shutil.copy(script, box.folder / "allowlists")
    (box.folder / "names").write_text("name\nflask\n")
    (box.folder / "table").write_text("name\tversion\tdownloads\tsummary\nsome-package\t1.0.0\t12\tx\n")
    box.words = {"NAMES": "names", "TABLE": "table", "YYYY-MM-DD": "2026-11-01"}


SANDBOXES = {
    "README.md": clone,
    "allowlists/README.md": lists,
    "docs/approvals.md": approvals,
    "docs/attestation.md": attestation,
    "docs/attribution.md": attribution,
    "docs/ci.md": ci,
    "docs/dependencies.md": dependencies,
    "docs/lanes.md": lanes,
    "docs/models.md": models,
    "docs/policy.md": policy,
    "docs/quickstart.md": quickstart,
    "docs/report.md": attribution,
    "docs/reviewer.md": reviewer,
    "docs/secret-patterns.md": anywhere,
}
