"""The work tree against HEAD: staged, unstaged and untracked files, hidden index bits included.

Files are read by us (`disk.py`) and put into the private directory; a private copy of the index names them, so that
the comparison is the same as for a staged review.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from trustgate.changes.changeset import (
    ABSENT,
    MODE_EXEC,
    MODE_FILE,
    MODE_LINK,
    MODE_SUBMODULE,
    SIZE_LIMIT,
    ChangeSet,
    FileChange,
    Status,
)
from trustgate.changes.compare import compare_index
from trustgate.changes.diff import path_of
from trustgate.changes.disk import OnDisk, read_file
from trustgate.changes.git import Git
from trustgate.changes.merges import before_next_commit, other_side_note
from trustgate.changes.trees import Index, Tree
from trustgate.errors import CannotJudge, UsageError

UNTRACKED_LIMIT = 20_000
"""untracked files; more of them are a folder that somebody forgot to ignore"""
_SHOWN = 5
"""paths named in one note"""


class Entry(NamedTuple):
    """One path of the index. `hidden` is assume-unchanged or skip-worktree, or empty."""

    mode: int
    oid: str
    hidden: str = ""
    unmerged: bool = False


@dataclass(slots=True)
class Seen:
    """What the work tree holds that the index does not."""

    updates: dict[str, tuple[int, str]] = field(default_factory=dict)
    """mode and id by path; mode 0 for a file that is gone"""
    unread: dict[str, OnDisk] = field(default_factory=dict)
    """files that are there and could not be read"""
    hidden: list[str] = field(default_factory=list)
    """paths that differ behind an index bit"""
    notes: list[str] = field(default_factory=list)


class Settings(NamedTuple):
    """The few settings of the repository that say what its work tree can hold (git-config(1), core.*)."""

    file_mode: bool = True
    symlinks: bool = True
    excludes: str | None = None
    """core.excludesFile of the user's or the system's configuration; never of the repository's own"""


def read_worktree(git: Git) -> ChangeSet:
    """The work tree as it is on disk against HEAD, untracked files included unless git ignores them.

    Raises UsageError in a bare repository, CannotJudge for more than UNTRACKED_LIMIT untracked files.
    """
    if not git.place.top:
        raise UsageError("a bare repository has no work tree", "name a range with --diff")
    before = before_next_commit(git)
    base = git.place.head or git.empty_tree
    settings = _settings(git)
    entries = _entries(git)
    seen = Seen()
    _tracked(git, entries, settings, seen)
    _untracked(git, settings, seen)
    environment = _private_index(git, seen.updates)
    old, index = Tree(git, base), Index(git, environment)
    files, faults = _with_unread(compare_index(git, before.tree, environment), Tree(git, before.tree), seen.unread)

    def read(oid: str) -> bytes:
        if oid in faults:
            raise CannotJudge(faults[oid])
        return git.objects.read(oid)

    return ChangeSet(
        files=files,
        diff_base=base,
        trusted_base=base,
        head="worktree",
        read=read,
        base_file=old.file,
        notes=(*before.notes, *other_side_note(git, base, before, files), *_notes(entries, seen)),
        base_paths=old.paths,
        head_file=index.file,
        sniff=lambda oid: read(oid) if oid in faults else git.objects.sniff(oid),
    )


def uncommitted_count(git: Git) -> int:
    """How many tracked files differ from HEAD, staged or not; 0 in a bare repository. Untracked files do not count."""
    if not git.place.top or not git.place.head:
        return 0
    raw = git.run(
        "diff-index", "--cached", "--name-only", "-z", "--no-renames", git.place.head, env=git.index_environment
    )
    staged = {path_of(name) for name in raw.split(b"\0") if name}
    entries = _entries(git)
    settings = _settings(git)
    dirty = (path for path in _stat_dirty(git) if path not in staged)
    return len(staged) + sum(_difference(git, path, entries.get(path), settings) is not None for path in dirty)


def _work_environment(git: Git) -> dict[str, str]:
    return {**git.index_environment, "GIT_WORK_TREE": git.place.top}


def _settings(git: Git) -> Settings:
    done = git.ask_real("config", "-z", "--show-scope", "--get-regexp", r"^core\.(filemode|symlinks|excludesfile)$")
    found = Settings()
    words = os.fsdecode(done.stdout).split("\0")
    for scope, item in zip(words[::2], words[1::2], strict=False):
        key, _, value = item.partition("\n")
        if key == "core.filemode":
            found = found._replace(file_mode=value != "false")
        elif key == "core.symlinks":
            found = found._replace(symlinks=value != "false")
        elif scope in ("global", "system"):
            found = found._replace(excludes=str(Path(value).expanduser()))
    return found


def _entries(git: Git) -> dict[str, Entry]:
    """The index by path, from `ls-files -s -v -z`: a tag (lower case: assume-unchanged, S: skip-worktree), then -s."""
    found: dict[str, Entry] = {}
    for line in git.run("ls-files", "-s", "-v", "-z", env=git.index_environment).split(b"\0"):
        head, tab, name = line.partition(b"\t")
        words = head.split()
        if not tab or len(words) != 4:
            continue
        tag, mode, oid, stage = words
        hidden = "assume-unchanged" if tag.islower() else "skip-worktree" if tag == b"S" else ""
        found[path_of(name)] = Entry(int(mode, 8), oid.decode(), hidden, stage != b"0")
    return found


def _stat_dirty(git: Git) -> list[str]:
    """Paths whose file looks different from what the index remembers of it; touched files among them."""
    args = ("diff-files", "--name-only", "-z", "--no-renames", "--ignore-submodules=dirty")
    raw = git.run(*args, env=_work_environment(git), cwd=git.place.top)
    return list(dict.fromkeys(path_of(name) for name in raw.split(b"\0") if name))


def _tracked(git: Git, entries: Mapping[str, Entry], settings: Settings, seen: Seen) -> None:
    dirty = dict.fromkeys(_stat_dirty(git))
    hidden = [path for path, entry in entries.items() if entry.hidden]
    unmerged = [path for path, entry in entries.items() if entry.unmerged]
    for path in dict.fromkeys((*dirty, *hidden, *unmerged)):
        entry = entries.get(path)
        found = _difference(git, path, entry, settings)
        if found is None or entry is None:
            continue
        if entry.hidden:
            if not found.mode and not found.special:
                continue  # a sparse checkout leaves files out
            seen.hidden.append(path)
        _record(git, path, found, seen)
    if unmerged:
        seen.notes.append(f"not merged yet, judged as it stands on disk: {_listed(unmerged)}")


def _difference(git: Git, path: str, entry: Entry | None, settings: Settings) -> OnDisk | None:
    """What stands at a tracked path, as it is to be judged; None where it says the same as the index."""
    if entry is None:
        return None
    if entry.mode == MODE_SUBMODULE and not entry.unmerged:
        return _submodule(git, path, entry)
    found = read_file(git.place.top, path)
    if found.fault or not found.mode:
        return found
    if not settings.symlinks and entry.mode == MODE_LINK and found.mode == MODE_FILE:
        found = found._replace(mode=MODE_LINK)
    if not settings.file_mode and {entry.mode, found.mode} == {MODE_FILE, MODE_EXEC}:
        found = found._replace(mode=entry.mode)
    if entry.unmerged:
        return found
    if git.objects.id_of("blob", found.data) == entry.oid:
        return None if found.mode == entry.mode else found
    if found.mode in (MODE_FILE, MODE_EXEC) and b"\r\n" in found.data and _has_lf_only(git, entry):
        data = found.data.replace(b"\r\n", b"\n")  # git checked it out for another system
        found = found._replace(data=data, size=len(data))
        if git.objects.id_of("blob", data) == entry.oid and found.mode == entry.mode:
            return None
    return found


def _has_lf_only(git: Git, entry: Entry) -> bool:
    info = git.objects.info(entry.oid)
    return bool(info and info.size <= SIZE_LIMIT and b"\r\n" not in git.objects.read(entry.oid))


def _submodule(git: Git, path: str, entry: Entry) -> OnDisk | None:
    """A submodule's checked-out commit, as the id in `data`; one that is not checked out is unchanged."""
    folder = str(Path(git.place.top, path))
    if not read_file(git.place.top, path).folder or not Path(folder, ".git").exists():
        return None
    head = git.head_of(folder)
    return None if not head or head == entry.oid else OnDisk(MODE_SUBMODULE, head.encode())


def _record(git: Git, path: str, found: OnDisk, seen: Seen) -> None:
    if found.fault:
        seen.unread[path] = found
    elif found.mode == MODE_SUBMODULE:
        seen.updates[path] = (MODE_SUBMODULE, found.data.decode())
    elif found.mode:
        seen.updates[path] = (found.mode, git.write("blob", found.data))
    else:
        seen.updates[path] = (0, ABSENT)
        if found.special:
            seen.notes.append(f"{path} is {found.special} on disk: judged as deleted")


def _untracked(git: Git, settings: Settings, seen: Seen) -> None:
    args = ["ls-files", "-o", "-z", "--exclude-standard"]
    exclude = Path(git.place.common_dir, "info", "exclude")
    if exclude.is_file():
        args.append(f"--exclude-from={exclude}")
    if settings.excludes is not None:
        args[:0] = ("-c", f"core.excludesFile={settings.excludes}")
    raw = git.run(*args, env=_work_environment(git), cwd=git.place.top)
    paths = [path_of(name) for name in raw.split(b"\0") if name]
    if len(paths) > UNTRACKED_LIMIT:
        raise CannotJudge(
            f"{len(paths)} untracked files are over the limit of {UNTRACKED_LIMIT}",
            "ignore what does not belong to the project (.gitignore), or review with --staged or --diff",
        )
    nested = [path for path in paths if path.endswith("/")]
    if nested:
        seen.notes.append(f"repositories inside this one are not read: {_listed(nested)}")
    for path in paths:
        if not path.endswith("/"):
            _record(git, path, read_file(git.place.top, path), seen)


def _private_index(git: Git, updates: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    """A copy of the index with the updates in it (git-update-index(1), --index-info)."""
    copy = Path(git.private, "worktree-index")
    environment = {**git.index_environment, "GIT_INDEX_FILE": str(copy)}
    if Path(git.index).is_file():
        shutil.copyfile(git.index, copy)
    lines = b"".join(b"%o %s\t%s\0" % (mode, oid.encode(), os.fsencode(path)) for path, (mode, oid) in updates.items())
    if lines:
        git.objects.forget()
        git.run("update-index", "-z", "--index-info", stdin=lines, env=environment)
    return environment


def _with_unread(
    files: Iterable[FileChange], old: Tree, unread: Mapping[str, OnDisk]
) -> tuple[tuple[FileChange, ...], dict[str, str]]:
    """The changes with the unread files among them, each under an id of its own, and why each cannot be read."""
    kept = {change.path: change for change in files if change.path not in unread}
    faults = {}
    for number, (path, found) in enumerate(unread.items()):
        mode, oid = old.entry(path) or (0, ABSENT)
        unique = f"{number:08x}".rjust(len(ABSENT), "f")
        faults[unique] = f"{path}: {found.fault}"
        kept[path] = FileChange(
            path=path,
            status=Status.MODIFIED if mode else Status.ADDED,
            old_path=path,
            old_mode=mode,
            new_mode=found.mode,
            old_id=oid,
            new_id=unique,
            new_size=found.size,
        )
    return tuple(kept[path] for path in sorted(kept)), faults


def _notes(entries: Mapping[str, Entry], seen: Seen) -> Iterator[str]:
    yield from seen.notes
    for bit in ("assume-unchanged", "skip-worktree"):
        paths = [path for path in seen.hidden if entries[path].hidden == bit]
        if paths:
            yield f"marked {bit} and different on disk: {_listed(paths)}"


def _listed(paths: list[str]) -> str:
    more = len(paths) - _SHOWN
    return ", ".join(paths[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
