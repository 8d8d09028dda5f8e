"""What an installation can do in a repository: versions, engines, ages of the data, hooks, policy, keys by name."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from trustgate import __version__
from trustgate.errors import TrustgateError

if TYPE_CHECKING:
    from trustgate.changes.git import Git
    from trustgate.rulebook import Rulebook

OLD_DATA = 60
"""days after which a list of names is called old; the offline look-up stops using it then"""
KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "GITHUB_TOKEN", "TRUSTGATE_GITHUB_TOKEN")
"""variables whose presence is said; a value is never read further than `is it empty`"""


class Line(NamedTuple):
    """One thing looked at. `state` is `ok`, `absent` (by choice, or not set up yet) or `wrong`."""

    group: str
    what: str
    state: str
    detail: str


def look(git: Git, book: Rulebook, environ: Mapping[str, str], today: date) -> Iterator[Line]:
    """Everything, in the order in which it is shown."""
    yield from _versions(git, book)
    yield from _engines()
    yield from _data(today)
    yield from _repository(git, book)
    yield from _evidence(git)
    for name in KEYS:
        if environ.get(name):
            yield Line("keys", name, "ok", "set")


def _versions(git: Git, book: Rulebook) -> Iterator[Line]:
    yield Line("versions", "trustgate", "ok", f"{__version__}, rules {book.digest[:12]}")
    yield Line("versions", "python", "ok", f"{platform.python_version()} on {platform.system()}")
    said = git.run("--version").decode("ascii", "replace").removeprefix("git version ").strip()
    numbers = [int(part) for part in said.split(".")[:2] if part.isdigit()]
    fine = numbers >= [2, 38]
    yield Line(
        "versions", "git", "ok" if fine else "wrong", said if fine else f"{said}; 2.38 or later merges by itself"
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
        yield Line("data", "names on PyPI", "ok" if age <= OLD_DATA else "wrong", f"of {made}, {age} days old")
    for ecosystem in ("pypi", "npm"):
        about = load_popular(ecosystem).about.lstrip("# ").strip()
        yield Line("data", f"popular names, {ecosystem}", "ok", about[:100])


def _repository(git: Git, book: Rulebook) -> Iterator[Line]:
    from trustgate.adoption.hook_place import hook_place
    from trustgate.policy.places import head_reader
    from trustgate.review import configuration

    try:
        policy, _ = configuration(head_reader(git), book)
    except TrustgateError as error:
        yield Line("repository", "policy at HEAD", "wrong", error.message)
    else:
        said = f"preset {policy.preset}, {len(policy.exceptions)} exceptions"
        yield Line("repository", "policy at HEAD", "ok" if policy.configured else "absent", said)
        online = ", ".join(policy.online) or "no stage"
        yield Line("repository", "network", "ok", f"registries are asked at: {online}; never with --offline")
    hook = hook_place(git).folder / "pre-commit"
    text = hook.read_bytes()[:100_000] if hook.is_file() else b""
    if b"trustgate" in text:
        runs = os.access(hook, os.X_OK)
        yield Line("repository", "commit hook", "ok" if runs else "wrong", str(hook) if runs else f"{hook} may not run")
    elif b"pre-commit" in text or b"pre_commit" in text:
        from trustgate.adoption.pre_commit import CONFIG

        listed = git.place.top and b"trustgate" in _read(git.place.top, CONFIG)
        yield Line(
            "repository",
            "commit hook",
            "ok" if listed else "absent",
            f"the pre-commit framework, {'with' if listed else 'without'} trustgate in {CONFIG}",
        )
    else:
        yield Line("repository", "commit hook", "absent", "`trustgate init` installs it")
    if git.place.shallow:
        yield Line("repository", "history", "wrong", git.remedy())


def _read(top: str, name: str) -> bytes:
    from pathlib import Path

    path = Path(top, name)
    return path.read_bytes()[:1_000_000] if path.is_file() and not path.is_symlink() else b""


def _evidence(git: Git) -> Iterator[Line]:
    for ref, what in (("refs/notes/trustgate", "attestations"), ("refs/notes/ai", "records of git-ai")):
        there = git.ask_real("rev-parse", "--verify", "--quiet", ref).returncode == 0
        detail = (
            f"{ref}" if there else f"no {ref} in this clone: `git fetch origin {ref}:{ref}`, where the remote has it"
        )
        yield Line("evidence", what, "ok" if there else "absent", detail)
