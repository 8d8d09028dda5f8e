"""Plain git hooks: our file in git's hook folder, with whatever stood there kept and run first."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.adoption.hook_place import HookPlace, hook_place
from trustgate.adoption.plan import Advice, Removal, Step, read, within
from trustgate.rulebook import shipped_root

if TYPE_CHECKING:
    from trustgate.changes.git import Git

MARK = b"# trustgate: "
"""second line of every hook of ours"""
CALLS = {
    "pre-commit": "trustgate review --staged",
    "prepare-commit-msg": 'trustgate hook prepare-commit-msg "$@"',
    "post-commit": "trustgate hook post-commit",
    "pre-push": 'TRUSTGATE_PUSHED="$(head -n 100)" trustgate hook pre-push "$@"',
}
"""what each hook calls, for a file that is not ours"""
_SHELLS = ("sh", "bash", "dash", "ash", "zsh", "ksh")


def steps(git: Git, names: tuple[str, ...]) -> Iterator[Step | Advice]:
    """One step a hook. A hook that calls trustgate already is left alone."""
    place = hook_place(git)
    for name in names:
        path = place.folder / name
        if place.owner == "shared":
            yield Advice(f"the {name} hook", _shared(place, name))
        elif place.manager in ("lefthook", "overcommit"):
            yield Advice(f"the {name} hook", f"{place.manager} writes the hooks here: let it run\n    {CALLS[name]}")
        elif place.owner == "team":
            yield _team_step(Path(git.place.top), path, name)
        elif path.is_symlink():
            yield Advice(
                f"the {name} hook", f"{path} is a symbolic link: call this from the file behind it\n    {CALLS[name]}"
            )
        else:
            yield _own_step(path, name)


def removals(git: Git, names: tuple[str, ...]) -> Iterator[Removal | Advice]:
    """How each hook of ours goes away again, with the one that it replaced put back."""
    place = hook_place(git)
    for name in names:
        path = place.folder / name
        text = contents(path) or b""
        kept = path.with_name(f"{name}.before-trustgate")
        if MARK in text and place.owner == "clone":
            yield Removal(path, kept if kept.is_file() else None, f"the {name} hook")
        elif b"trustgate" in text:
            yield Advice(f"the {name} hook", f"take the lines that call trustgate out of {path}")


def text_of(name: str) -> bytes:
    """Our hook, with the command of this installation in it."""
    text = (shipped_root() / "hooks" / name).read_text(encoding="utf-8")
    for call in ("exec", "command -v"):
        text = text.replace(f"{call} trustgate ", f"{call} {program()} ")
    return text.encode()


def program() -> str:
    """The command of this installation, quoted for a shell: a hook has no virtual environment of its own."""
    beside = Path(sys.executable).with_name("trustgate")
    return shlex.quote(str(beside)) if beside.exists() else "trustgate"


def calls_us(path: Path) -> bool:
    """True where the hook calls trustgate, also through what the pre-commit framework moved out of its way."""
    return any(b"trustgate" in (contents(file) or b"") for file in (path, path.with_name(f"{path.name}.legacy")))


def contents(path: Path) -> bytes | None:
    """The first 100,000 bytes of a hook, through links; None where there is no file that can be read."""
    try:
        with path.open("rb") as file:
            return file.read(100_000)
    except OSError:
        return None


def _own_step(path: Path, name: str) -> Step | Advice:
    before = read(path)
    what = f"the {name} hook"
    if before is None or MARK in before:
        return Step(path, before, text_of(name), what, 0o755)
    if calls_us(path):
        return Step(path, before, before, what)
    kept = path.with_name(f"{name}.before-trustgate")
    if kept.exists() or kept.is_symlink():
        return Advice(what, f"{path} and {kept} are both not ours: call this from the first\n    {CALLS[name]}")
    return Step(path, before, text_of(name), what, 0o755, keep_as=kept)


def _team_step(top: Path, path: Path, name: str) -> Step | Advice:
    """A committed hook runs on other machines: it names no path of this one, and goes on where trustgate is absent."""
    within(top, path)
    before = read(path)
    what = f"the {name} hook in {path.parent.relative_to(top).as_posix()}, which the team shares"
    if before is not None and b"trustgate" in before:
        return Step(path, before, before, what)
    text = (before or b"#!/bin/sh\n").decode("utf-8", "surrogateescape")
    first = text.partition("\n")[0]
    shell = not first.startswith("#!") or first.split()[-1].rpartition("/")[2] in _SHELLS
    ends = any(line.startswith(("exec ", "exit")) for line in text.splitlines())
    if not shell or ends or "\r\n" in text:
        return Advice(
            what, f"{path} is not a script that lines can be put at the end of: call this from it\n    {CALLS[name]}"
        )
    added = f"""\
# trustgate: added by `trustgate init`
if command -v trustgate >/dev/null; then
    {CALLS[name]}
else
    echo "trustgate: not on PATH, so nothing was looked at here; the check of the pull request will" >&2
fi
"""
    joined = text + ("" if text.endswith("\n") else "\n") + added
    return Step(path, before, joined.encode("utf-8", "surrogateescape"), what, 0o755)


def _shared(place: HookPlace, name: str) -> str:
    return (
        f"{place.why}: a hook there would run in all your repositories, so it was left alone.\n"
        "    For this repository only: git config core.hooksPath .git/hooks, and run `trustgate init` again\n"
        f"    For all of them: call `{CALLS[name]}` from {place.folder / name}"
    )
