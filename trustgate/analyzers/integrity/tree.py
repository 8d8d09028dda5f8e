"""What a change does to the tree itself: links, submodules, names that are taken for something else."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.subject import Subject
from trustgate.changes.changeset import MODE_LINK, MODE_SUBMODULE, Status
from trustgate.errors import CannotJudge
from trustgate.finding import Confidence, Skip
from trustgate.syntax.paths import language_of

_STARTUP_NAMES = frozenset(("sitecustomize.py", "usercustomize.py"))
_RUNS = frozenset(
    ("python", "javascript", "typescript", "tsx", "go", "java", "bash", "ruby", "php", "csharp", "rust", "kotlin", "c",
     "cpp", "objc", "swift", "scala", "perl", "lua", "elixir", "groovy", "powershell", "sql", "yaml", "json", "toml",
     "dockerfile")
)  # fmt: skip
_IGNORABLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0x2060, 0xFEFF])
"""code points that HFS+ ignores in names (git's `utf8.c`, `next_hfs_char`)"""


def check(subject: Subject) -> Iterator[Outcome]:
    change = subject.file.change
    if change.status is Status.DELETED:
        return
    yield from _links(subject)
    yield from _submodule(subject)
    yield from _names(subject)
    yield from _startup(subject)
    yield from _binary_source(subject)


def _links(subject: Subject) -> Iterator[Outcome]:
    change = subject.file.change
    if change.new_mode != MODE_LINK:
        return
    try:
        target = subject.context.change.read(change.new_id).decode("utf-8", "surrogateescape")
    except CannotJudge as error:
        yield Skip("integrity", f"the link's target cannot be read: {error.message}", change.path)
        return
    if change.old_mode not in (0, MODE_LINK):
        yield subject.rules.finding(
            "file-became-symlink", subject.whole, target, target=target, evidence=(f"-> {target}",)
        )
    elif leaves_tree(change.path, target):
        yield subject.rules.finding(
            "symlink-leaves-tree", subject.whole, target, target=target, evidence=(f"-> {target}",)
        )


def leaves_tree(path: str, target: str) -> bool:
    """True when a link at `path` with this text leads out of the repository, or into its `.git`."""
    if target.startswith(("/", "~")) or "\0" in target or target[1:3] == ":\\":
        return True
    resolved = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return resolved == ".." or resolved.startswith("../") or ".git" in resolved.split("/")


def _submodule(subject: Subject) -> Iterator[Outcome]:
    change = subject.file.change
    if change.new_mode != MODE_SUBMODULE or change.old_id == change.new_id:
        return
    before = change.old_id if change.old_mode == MODE_SUBMODULE else "nothing"
    yield subject.rules.finding(
        "submodule-moved", subject.whole, change.new_id, before=before, after=change.new_id,
        evidence=(f"{before} -> {change.new_id}",),
    )  # fmt: skip


def _names(subject: Subject) -> Iterator[Outcome]:
    change = subject.file.change
    if change.status not in (Status.ADDED, Status.RENAMED, Status.COPIED):
        return
    if any(_git_like(part) for part in change.path.split("/")):
        yield subject.rules.finding("git-like-path", subject.whole, change.path)
        return
    twins = subject.names.twins(change.path)
    if twins:
        yield subject.rules.finding(
            "case-collision", subject.whole, change.path, twin=twins[0], evidence=tuple(twins[:5])
        )


def _git_like(part: str) -> bool:
    """A part that some file system reads as `.git`, or that leaves its folder (git's `verify_path`)."""
    plain = part.translate(_IGNORABLE).rstrip(". ").casefold().partition(":")[0]
    return part in ("", ".", "..") or plain in (".git", "git~1") or (plain == "" and part.strip(".") == "")


def _startup(subject: Subject) -> Iterator[Outcome]:
    """Files that Python's `site` runs at every start; a `.pth` does when it is text with an import line."""
    new = subject.file.new
    if new is None:
        return
    runs = subject.name in _STARTUP_NAMES or (
        subject.name.endswith(".pth")
        and any(line.text.startswith(("import ", "import\t")) for line in subject.file.added())
    )
    if runs:
        yield subject.rules.finding("interpreter-startup-file", subject.whole, subject.path, name=subject.name)


def _binary_source(subject: Subject) -> Iterator[Outcome]:
    """Code by name with a NUL in it: what a viewer calls binary, an interpreter or a compiler may still run."""
    change, new = subject.file.change, subject.file.new
    if new is None or not subject.file.behind_nul or language_of(subject.path) not in _RUNS:
        return
    wide = new.data[:2] in (b"\xff\xfe", b"\xfe\xff")
    yield subject.rules.finding(
        "binary-source", subject.whole, change.new_id, confidence=Confidence.MEDIUM if wide else None, name=subject.name
    )
