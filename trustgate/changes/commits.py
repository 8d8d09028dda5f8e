"""Commit objects of a range: who says to have written them, and the message. All of it is the author's claim.

GitPython reads the objects, on the private directory and through our own `cat-file`; its diffs, configuration, remotes
and free commands are not used. What it cannot read exactly (other encodings, malformed headers, SHA-256) we parse
from the bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from trustgate.changes.changeset import CommitInfo
from trustgate.changes.git import Git
from trustgate.errors import CannotJudge

if TYPE_CHECKING:
    from git import Repo

_PLAIN = re.compile(
    rb"tree [0-9a-f]{40}\n(?:parent [0-9a-f]{40}\n)*"
    rb"author [^\n<>]*<[^\n<>]*> \d{1,12} [+-]\d{4}\ncommitter [^\n<>]*<[^\n<>]*> \d{1,12} [+-]\d{4}\n"
)
"""A head that GitPython and git read the same way."""
BULK = 200
"""of more commits than this, the bytes are parsed by us"""
_PERSON = re.compile(r"(.*?)\s*<([^>]*)>?(?:\s+(-?\d{1,18}))?", re.DOTALL)


def commits_of(git: Git, base: str, head: str) -> tuple[CommitInfo, ...]:
    """Commits that `head` has and `base` has not, oldest first. Raises CannotJudge when one is missing."""
    without = () if base == git.empty_tree else (f"^{base}",)
    return read_commits(git, git.run("rev-list", "--reverse", "--topo-order", head, *without).decode().split())


def touched_paths(git: Git, oids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which of these commits changed a path, against their first parent; merges are left out of it."""
    if len(oids) < 2:
        return {}
    said = git.run("diff-tree", "--stdin", "-r", "-z", "--root", "--name-only", stdin="\n".join(oids).encode() + b"\n")
    touched: dict[str, list[str]] = {}
    known, current = set(oids), ""
    for piece in os.fsdecode(said).split("\0"):
        name = piece.rstrip("\n")
        if name in known:
            current = name
        elif name and current:
            touched.setdefault(name, []).append(current)
    return {path: tuple(found) for path, found in touched.items()}


def commit_info(git: Git, oid: str) -> CommitInfo:
    return read_commits(git, (oid,))[0]


def read_commits(git: Git, oids: Iterable[str]) -> tuple[CommitInfo, ...]:
    """Each commit by its full id, in the order given. Raises CannotJudge when one is missing."""
    oids = tuple(oids)
    if len(oids) > BULK:
        return tuple(_found(git, oid, commit) for oid, commit in stream_commits(git, oids))
    repo: Repo | None = None
    found = []
    try:
        for oid in oids:
            raw = _raw_commit(git, oid)
            if git.place.object_format == "sha1" and _PLAIN.match(raw) and _is_plain_utf8(raw):
                repo = repo or _open(git)
                found.append(_through_gitpython(repo, oid))
            else:
                found.append(parse_commit(oid, raw))
    finally:
        if repo:
            repo.close()
    return tuple(found)


def stream_commits(git: Git, oids: Iterable[str]) -> Iterator[tuple[str, CommitInfo | None]]:
    """Each commit by its full id as it is read, None for one that is not there: for more than fit in memory at once.

    Parsed by us: for thousands of commits GitPython takes most of the time (4.5 ms each with it, 0.4 ms without).
    """
    for oid, raw in git.objects.read_many("commit", oids):
        yield oid, None if raw is None else parse_commit(oid, raw)


def _found(git: Git, oid: str, commit: CommitInfo | None) -> CommitInfo:
    return commit if commit is not None else commit_info(git, oid)  # which says what is wrong with it


def parse_commit(oid: str, raw: bytes) -> CommitInfo:
    """A commit object's own bytes (git-hash-object(1); the `encoding` header names a codec). Never raises."""
    head, _, message = raw.partition(b"\n\n")
    fields: dict[bytes, bytes] = {}
    parents = []
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        if key == b"parent":
            parents.append(value.decode("ascii", "replace"))
        elif key and not line.startswith(b" "):
            fields.setdefault(key, value)
    codec = fields.get(b"encoding", b"utf-8").decode("ascii", "replace")
    author_name, author_email, _ = _person(fields.get(b"author", b""), codec)
    committer_name, committer_email, time = _person(fields.get(b"committer", b""), codec)
    return CommitInfo(
        id=oid,
        parents=tuple(parents),
        author_name=author_name,
        author_email=author_email,
        committer_name=committer_name,
        committer_email=committer_email,
        message=_text(message, codec),
        time=time,
    )


def _raw_commit(git: Git, oid: str) -> bytes:
    info = git.objects.info(oid)
    if info is None:
        raise git.objects.missing(oid)
    if info.kind != "commit":
        raise CannotJudge(f"object {oid} is a {info.kind}, not a commit")
    return git.objects.read(oid)


def _is_plain_utf8(raw: bytes) -> bool:
    if b"\nencoding " in raw.partition(b"\n\n")[0]:
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _person(raw: bytes, codec: str) -> tuple[str, str, int]:
    """Name, address and seconds of an `author` or `committer` line; what is not there is empty."""
    text = _text(raw, codec)
    match = _PERSON.match(text)
    if not match:
        return text.strip(), "", 0
    return match[1].strip(), match[2].strip(), int(match[3] or 0)


_SAFE_CODEC = re.compile(
    r"(?i)utf-?8|us-ascii|ascii|latin-?1|iso-?8859-?\d{1,2}|(?:windows|cp)-?(?:125\d|437|850|852|866|874|932|936|949|950)|"
    r"koi8-?[ru]|gbk?|gb2312|gb18030|big5|euc-?(?:jp|kr)|shift[-_]?jis"
)
"""Text codecs in which ASCII bytes are ASCII. Python also knows EBCDIC, `zip`, `idna`, `unicode_escape` by name."""


def _text(raw: bytes, codec: str) -> str:
    if _SAFE_CODEC.fullmatch(codec):
        try:
            return raw.decode(codec)
        except (LookupError, UnicodeDecodeError):
            pass  # not what it says: the bytes as they are
    return raw.decode("utf-8", "surrogateescape")


def _through_gitpython(repo: Repo, oid: str) -> CommitInfo:
    from git import Commit

    commit = Commit(repo, bytes.fromhex(oid))
    message = commit.message
    return CommitInfo(
        id=oid,
        parents=tuple(parent.hexsha for parent in commit.parents),
        author_name=(commit.author.name or "").strip(),
        author_email=(commit.author.email or "").strip(),
        committer_name=(commit.committer.name or "").strip(),
        committer_email=(commit.committer.email or "").strip(),
        message=message if isinstance(message, str) else message.decode("utf-8", "surrogateescape"),
        time=commit.committed_date,
    )


def _open(git: Git) -> Repo:
    """GitPython on the private directory, with our objects instead of a git process of its own."""
    with _clean_environment(git):
        from git import Repo
        from git.db import GitCmdObjectDB
        from gitdb.base import OInfo, OStream  # type: ignore[import-untyped]

        class Door(GitCmdObjectDB):
            def info(self, binsha: bytes) -> OInfo:
                info = git.objects.info(binsha.hex())
                if info is None:
                    raise git.objects.missing(binsha.hex())
                return OInfo(binsha, info.kind.encode(), info.size)

            def stream(self, binsha: bytes) -> OStream:
                info = self.info(binsha)
                return OStream(binsha, info.type, info.size, BytesIO(git.objects.read(binsha.hex())))

        return Repo(git.private, odbt=Door, expand_vars=False)


@contextmanager
def _clean_environment(git: Git) -> Iterator[None]:
    """GitPython looks for git when it is imported, and reads GIT_* when it opens a repository."""
    kept: dict[str, Any] = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = git.executable
    try:
        yield
    finally:
        del os.environ["GIT_PYTHON_GIT_EXECUTABLE"]
        os.environ.update(kept)
