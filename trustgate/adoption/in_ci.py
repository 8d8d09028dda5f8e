"""What the check of a pull request does otherwise than the hook here: policy, network, engines, version, exit codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trustgate import __version__
from trustgate.adoption.line import Line
from trustgate.errors import TrustgateError

if TYPE_CHECKING:
    from trustgate.changes.git import Git
    from trustgate.policy.model import Policy
    from trustgate.rulebook import Rulebook

GROUP = "in CI"
WORKFLOWS = ".github/workflows"
FILES, SIZE = 200, 500_000
"""workflow files that are read, and bytes of one"""
_PINNED = re.compile(r"trustgate-review(\[[a-z,]+\])?==([\w.+!-]+)")
_ACTION = re.compile(r"\b[\w.-]+/[\w.-]*trustgate[\w.-]*@")
_CALL = re.compile(r"\btrustgate\b[^\n]*\bci\b")


class Job(NamedTuple):
    """A job of a workflow that runs us."""

    path: str
    name: str
    events: tuple[str, ...]
    skippable: str
    """why the job may pass without having judged; empty where it may not"""
    version: str
    """of the package that it installs; empty where it does not name one"""
    deep: bool


def look(git: Git, book: Rulebook, policy: Policy | None) -> Iterator[Line]:
    """`policy` is the one at HEAD, None where it cannot be read."""
    jobs = jobs_of(Path(git.place.top)) if git.place.top else []
    yield from _workflow(jobs)
    yield from _policy(git, book, policy)
    if policy is not None:
        yield from _decisions(policy)
    yield from _engines(jobs)


def jobs_of(top: Path) -> list[Job]:
    """Jobs that run trustgate in the workflow files of the work tree, links passed over."""
    folder = top / WORKFLOWS
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix in (".yml", ".yaml"))[:FILES]
    found: list[Job] = []
    for path in files:
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= SIZE:
            text = path.read_text(encoding="utf-8", errors="replace")
            if "trustgate" in text:
                found += _jobs(f"{WORKFLOWS}/{path.name}", text)
    return found


def _jobs(path: str, text: str) -> Iterator[Job]:
    import yaml

    try:
        whole = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    if not isinstance(whole, dict) or not isinstance(whole.get("jobs"), dict):
        return
    on = whole.get("on", whole.get(True))  # YAML 1.1 reads the key `on` as true
    events = (on,) if isinstance(on, str) else tuple(map(str, on)) if isinstance(on, dict | list) else ()
    for name, job in whole["jobs"].items():
        steps = [step for step in job.get("steps") or () if isinstance(step, dict)] if isinstance(job, dict) else []
        said = "\n".join(f"{step.get('uses', '')}\n{step.get('run', '')}" for step in steps)
        if _ACTION.search(said) or _CALL.search(said):
            pinned = _PINNED.search(said)
            deep = "deep" in (pinned[1] or "") if pinned else "semgrep" in said
            yield Job(path, str(name), events, _skippable(job, steps), pinned[2] if pinned else "", deep)


def _skippable(job: dict[str, Any], steps: list[dict[str, Any]]) -> str:
    if job.get("if") is not None:
        return "has an `if:`, and GitHub counts a skipped job as passed"
    if job.get("continue-on-error") or any(
        step.get("continue-on-error") and "trustgate" in f"{step.get('uses')}{step.get('run')}" for step in steps
    ):
        return "has `continue-on-error`, so it passes whatever is found"
    return ""


def _workflow(jobs: list[Job]) -> Iterator[Line]:
    if not jobs:
        yield Line(GROUP, "workflow", "absent", f"no job in {WORKFLOWS} runs trustgate: `trustgate init --workflow`")
        return
    for job in jobs:
        name = f"{job.path}, job {job.name}"
        if job.skippable:
            yield Line(GROUP, "workflow", "wrong", f"{name} {job.skippable}")
        elif "pull_request" in job.events and "merge_group" not in job.events:
            yield Line(
                GROUP, "workflow", "absent", f"{name} does not run on `merge_group`: a merge queue would wait for it"
            )
        else:
            yield Line(GROUP, "workflow", "ok", f"{name}; make it a required check: only the forge knows whether it is")
        if job.version and job.version != __version__:
            yield Line(GROUP, "version", "differs", f"{job.path} installs {job.version}, here is {__version__}")


def _policy(git: Git, book: Rulebook, policy: Policy | None) -> Iterator[Line]:
    """CI reads policy and exceptions from the tip of the target branch; the hook reads them from HEAD."""
    from trustgate.changes.trees import Tree
    from trustgate.policy.exceptions import EXCEPTIONS_PATH
    from trustgate.policy.load import CONFIG_PATH
    from trustgate.review import configuration

    ignored = [name for name in _listed(git) if name.endswith(f"/{CONFIG_PATH}")]
    for name in ignored[:3]:
        yield Line(GROUP, name, "differs", f"not read: only {CONFIG_PATH} at the top of the repository counts")
    branch, oid = _target(git)
    if not oid:
        yield Line(GROUP, "policy", "absent", "this clone knows no target branch: CI reads the policy at its tip")
        return
    if git.place.top:
        head = Tree(git, git.place.head) if git.place.head else None
        for name in (CONFIG_PATH, EXCEPTIONS_PATH):
            path = Path(git.place.top, name)
            disk = path.read_bytes() if path.is_file() and not path.is_symlink() else None
            if head is not None and disk != head.file(name):
                yield Line(
                    GROUP, name, "differs", "edited here and not committed: neither the hook nor CI reads that yet"
                )
    try:
        other, _ = configuration(Tree(git, oid).file, book)
    except TrustgateError as error:
        yield Line(GROUP, "policy", "wrong", f"{branch}: {error.message}")
        return
    if policy is None:
        return
    here = {item.id for item in policy.exceptions} - {item.id for item in other.exceptions}
    if here:
        some = ", ".join(sorted(here)[:3])
        yield Line(
            GROUP, "exceptions", "differs", f"{len(here)} at HEAD that {branch} lacks count for nothing there: {some}"
        )
    if policy.digest != other.digest:
        detail = f"preset {other.preset} of {branch}; the hook reads HEAD, preset {policy.preset}"
        yield Line(GROUP, "policy", "differs", detail)
    else:
        yield Line(GROUP, "policy", "ok", f"{branch} has the same as HEAD")


def _listed(git: Git) -> list[str]:
    from trustgate.changes.trees import Tree

    return sorted(Tree(git, git.place.head).paths()) if git.place.head else []


def _target(git: Git) -> tuple[str, str]:
    """Name and tip of the branch that pull requests go to, as far as this clone knows it."""
    for ref in ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master"):
        done = git.ask_real("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if done.returncode == 0:
            return ref.removeprefix("refs/remotes/"), done.stdout.decode("ascii", "replace").strip()
    return "", ""


def _decisions(policy: Policy) -> Iterator[Line]:
    if policy.advise:
        yield Line(GROUP, "decisions", "ok", "preset advise: whatever is found, exit 0 here and there")
    else:
        yield Line(
            GROUP, "decisions", "differs", "stage pr: what is escalated exits 4 there until somebody looked, 0 here"
        )
        lines = [line.id for line in policy.lines if line.unknown > line.commit]
        yield Line(
            GROUP, "policy lines", "differs", f"{len(lines)} of {len(policy.lines)} are stricter there than at a commit"
        )
    if policy.may_ask("pr") != policy.may_ask("commit"):
        yield Line(GROUP, "network", "differs", "package registries and advisories are asked there, not at a commit")


def _engines(jobs: list[Job]) -> Iterator[Line]:
    deep = any(job.deep for job in jobs)
    for name in ("semgrep", "bandit") if jobs else ():
        here = find_spec(name) is not None
        if here and not deep:
            yield Line(GROUP, name, "differs", "runs here and not there: the workflow installs no extra `deep`")
        elif deep and not here:
            yield Line(GROUP, name, "differs", "runs there and not here: extra `deep`")
