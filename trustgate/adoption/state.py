"""What an installation can do in a repository: versions, engines, ages of the data, hooks, policy, keys by name."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING

from trustgate import __version__
from trustgate.adoption import hooked, in_ci
from trustgate.adoption.line import Line
from trustgate.adoption.pre_commit import CONFIG, Entry
from trustgate.errors import TrustgateError
from trustgate.report.phrases import counted

if TYPE_CHECKING:
    from trustgate.changes.git import Git
    from trustgate.policy.model import Policy
    from trustgate.rulebook import Rulebook

OLD_DATA = 60
"""days after which a list of names is called old; the offline look-up stops using it then"""
KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "GITHUB_TOKEN", "TRUSTGATE_GITHUB_TOKEN")
"""variables whose presence is said; a value is never read further than `is it empty`"""


def look(git: Git, book: Rulebook, environ: Mapping[str, str], today: date) -> Iterator[Line]:
    """Everything, in the order in which it is shown."""
    from trustgate.policy.places import head_reader
    from trustgate.review import configuration

    entries = hooked.entries_of(git.place.top)
    try:
        policy, fault = configuration(head_reader(git), book)[0], ""
    except TrustgateError as error:
        policy, fault = None, error.message
    yield from _versions(git, book, entries)
    yield from _engines()
    yield from _data(today)
    yield from _repository(git, policy, fault)
    yield from hooked.look(git, entries)
    yield from in_ci.look(git, book, policy)
    yield from _evidence(git)
    yield from _keys(policy, environ)


def _versions(git: Git, book: Rulebook, entries: tuple[Entry, ...]) -> Iterator[Line]:
    yield Line("versions", "trustgate", "ok", f"{__version__}, rules {book.digest[:12]}")
    for entry in entries:
        if entry.version and entry.version != __version__:
            detail = f"{CONFIG} runs {entry.version}, here is {__version__}: `pre-commit autoupdate`, or edit it"
            yield Line("versions", entry.id, "differs", detail)
    yield Line("versions", "python", "ok", f"{platform.python_version()} on {platform.system()}")
    said = git.run("--version").decode("ascii", "replace").removeprefix("git version ").strip()
    numbers = [int(part) for part in said.split(".")[:2] if part.isdigit()]
    fine = numbers >= [2, 38]
    yield Line(
        "versions",
        "git",
        "ok" if fine else "wrong",
        said if fine else f"{said}: before 2.38 it cannot redo a merge, so merges are judged by their first parent",
    )


def _engines() -> Iterator[Line]:
    for name, module, does in (
        ("semgrep", "semgrep", "flaws by 102 rules"),
        ("bandit", "bandit", "flaws in Python"),
        ("pip-audit", "pip_audit", "advisories of pins"),
        ("grammars of the extra `languages`", "tree_sitter_rust", "thirteen more languages by syntax, not by lines"),
        ("model-signing keys", "cryptography", "signatures of model files"),
    ):
        there = find_spec(module) is not None
        extra = {"tree_sitter_rust": "languages", "cryptography": "signing"}.get(module, "deep")
        yield Line("engines", name, "ok" if there else "absent", does if there else f"{does}: extra `{extra}`")


def _data(today: date) -> Iterator[Line]:
    from trustgate.analyzers.dependencies.existence import pypi_names
    from trustgate.analyzers.dependencies.popularity import load_popular

    try:
        made = pypi_names().made
    except TrustgateError as error:
        yield Line("data", "names on PyPI", "wrong", error.message)
    else:
        age = (today - made).days
        fine = age <= OLD_DATA
        old = "" if fine else f", over {OLD_DATA}: the offline look-up is not used; install a newer trustgate"
        yield Line("data", "names on PyPI", "ok" if fine else "wrong", f"of {made}, {age} days old{old}")
    for ecosystem in ("pypi", "npm"):
        about = load_popular(ecosystem).about.lstrip("# ").strip()
        yield Line("data", f"popular names, {ecosystem}", "ok", about[:100])
    yield _advisories(today)


def _advisories(today: date) -> Line:
    from trustgate.advisories.database import OLD, UPDATE, open_database

    try:
        database = open_database()
    except TrustgateError as error:
        return Line("data", "advisories", "wrong", f"{error.message}; {error.hint}")
    if database is None:
        return Line("data", "advisories", "absent", f"no database on this machine: {UPDATE}")
    with database:
        age = (today - database.made).days
        old = "" if age <= OLD else f", over {OLD}: {UPDATE}"
        return Line("data", "advisories", "wrong" if old else "ok", f"{database.records}, {age} days old{old}")


def _repository(git: Git, policy: Policy | None, fault: str) -> Iterator[Line]:
    if policy is None:
        yield Line("repository", "policy at HEAD", "wrong", fault)
    elif policy.configured:
        said = f"preset {policy.preset}, {counted(len(policy.exceptions), 'exception')}"
        yield Line("repository", "policy at HEAD", "ok", said)
    else:
        said = f"no trustgate.toml is committed, so the shipped preset {policy.preset} holds: `trustgate init`"
        yield Line("repository", "policy at HEAD", "absent", said)
    if policy is not None:
        online = ", ".join(policy.online) or "no stage"
        yield Line("repository", "network", "ok", f"registries are asked at: {online}; never with --offline")
    if git.place.shallow:
        yield Line("repository", "history", "wrong", git.remedy())


def _keys(policy: Policy | None, environ: Mapping[str, str]) -> Iterator[Line]:
    lanes = policy.reviewer.lanes if policy is not None and policy.reviewer is not None else ()
    wanted = {lane.key_variable: lane.name for lane in lanes if lane.key_variable}
    for name, lane in wanted.items():
        there = bool(environ.get(name))
        detail = f"set, for lane {lane}" if there else f"not set: lane {lane} cannot be asked from here"
        yield Line("keys", name, "ok" if there else "absent", detail)
    for name in KEYS:
        if environ.get(name) and name not in wanted:
            yield Line("keys", name, "ok", "set")


def _evidence(git: Git) -> Iterator[Line]:
    remote = bool(git.user_setting("remote.origin.url"))
    for ref, what in (("refs/notes/trustgate", "attestations"), ("refs/notes/ai", "records of git-ai")):
        if git.ask_real("rev-parse", "--verify", "--quiet", ref).returncode == 0:
            yield Line("evidence", what, "ok", ref)
        elif remote:
            detail = f"none in this clone; if the remote has some: `git fetch origin {ref}:{ref}`"
            yield Line("evidence", what, "absent", detail)
