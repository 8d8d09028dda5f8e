"""Adding notes to the repository itself, and merging another clone's: the only thing that trustgate writes into it.

Nobody's configuration takes part: objects are made by a git that reads ours alone and only its object folder is the
repository's, and the ref is moved from the id that was read to the new one, or not at all. A note is a set of lines:
adding and merging keep every line of both sides, sorted, once (`cat_sort_uniq`, git-notes(1)), so that two clones
that add at the same time lose nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from trustgate.changes.changeset import MODE_FILE
from trustgate.changes.git import Git
from trustgate.changes.notes import NOTE_LIMIT, TREE, Entries, check_ref, notes_tip, parse_entries
from trustgate.changes.place import is_oid, last_line
from trustgate.changes.trees import tree_of
from trustgate.errors import CannotJudge

TRIES = 20
"""times that a ref is read again because somebody else moved it meanwhile"""
_IDENTITY = "trustgate <trustgate@localhost>"
"""author of the commits on a notes ref: who wrote the records is in the records"""


def add_notes(git: Git, ref: str, lines: Mapping[str, bytes], message: str) -> str:
    """Adds lines to the notes of objects (full ids); returns the id of the notes commit.

    Raises UsageError for a ref outside `refs/notes/`, CannotJudge when the repository cannot be written.
    """
    for oid in lines:
        if not is_oid(oid):
            raise ValueError(f"not an object id: {oid}")

    def grown(tip: str) -> str:
        before = tree_of(git, tip) if tip else ""
        tree = _with_lines(git, before, lines)
        return tip if tree == before else _commit(git, tree, tip, message)

    return _move(git, ref, grown)


def merge_notes(git: Git, ref: str, theirs: str) -> str:
    """Merges the notes commit `theirs` into `ref`, keeping the lines of both; returns the id that `ref` then has."""
    if not is_oid(theirs):
        raise ValueError(f"not an object id: {theirs}")
    return _move(git, ref, lambda tip: _merged(git, ref, tip, theirs) if tip else theirs)


def union(*texts: bytes) -> bytes:
    """The lines of all, sorted, each once, blank ones left out: git's `cat_sort_uniq`."""
    lines = {line for text in texts for line in text.split(b"\n") if line.strip()}
    return b"".join(line + b"\n" for line in sorted(lines))


def _move(git: Git, ref: str, make: Callable[[str], str]) -> str:
    """Moves `ref` from the tip that it has to the one made from it; again when somebody else moved it meanwhile."""
    check_ref(ref)
    said = ""
    for _ in range(TRIES):
        tip = notes_tip(git, ref)
        new = make(tip)
        if new == tip:
            return tip
        done = git.ask_real("update-ref", "-m", "trustgate", ref, new, tip or "0" * len(new))
        if done.returncode == 0:
            return new
        said = os.fsdecode(done.stderr)
    raise CannotJudge(
        f"{ref} could not be moved: {last_line(said)}", "is another git process running in this repository?"
    )


def _merged(git: Git, ref: str, tip: str, theirs: str) -> str:
    """git's own merge of notes, in the private directory, its objects put where the repository keeps them."""
    if tip == theirs:
        return tip
    env = _writing(git)
    other = f"{ref}-theirs"
    for name, oid in ((ref, tip), (other, theirs)):
        git.objects.forget()
        if git.objects.info(oid) is None:
            raise git.objects.missing(oid)
        git.run("update-ref", name, oid, env=env)
    git.run("notes", f"--ref={ref}", "merge", "-q", "-s", "cat_sort_uniq", other, env=env)
    return git.run("rev-parse", "--verify", ref, env=env).decode("ascii").strip()


def _with_lines(git: Git, root: str, lines: Mapping[str, bytes]) -> str:
    """The tree `root` with lines added, at one level of fan-out; a note that stood at the top moves there. One that git
    put deeper stays where it is: readers join the two."""
    entries = _entries(git, root)
    for oid, added in lines.items():
        name = oid.encode()
        folder, rest = name[:2], name[2:]
        kept = [_take(git, entries, name)]
        below = entries.get(folder)
        if below is None or below[0] == TREE:
            inner = _entries(git, below[1] if below else "")
            kept.append(_take(git, inner, rest))
            inner[rest] = MODE_FILE, _note(git, union(*kept, added))
            entries[folder] = TREE, _tree(git, inner)
        else:  # a file of that name, which is not ours to remove
            entries[name] = MODE_FILE, _note(git, union(*kept, added))
    return _tree(git, entries)


def _take(git: Git, entries: Entries, name: bytes) -> bytes:
    """The text of a note, which is taken out; nothing where there is none, or no file of that name."""
    found = entries.get(name)
    if found is None or found[0] != MODE_FILE:
        return b""
    del entries[name]
    return git.objects.read(found[1], NOTE_LIMIT)


def _entries(git: Git, oid: str) -> Entries:
    return parse_entries(git.objects.read(oid), len(oid) // 2) if oid else {}


def _note(git: Git, text: bytes) -> str:
    if len(text) > NOTE_LIMIT:
        raise CannotJudge(
            f"the note would be over {NOTE_LIMIT // 1024} KiB", "are there too many records of one commit?"
        )
    return _write(git, "blob", text)


def _tree(git: Git, entries: Entries) -> str:
    """git sorts folders as if their names ended in a slash (`base_name_compare`)."""
    ordered = sorted(entries.items(), key=lambda item: item[0] + (b"/" if item[1][0] == TREE else b""))
    data = b"".join(b"%o %s\0" % (mode, name) + bytes.fromhex(oid) for name, (mode, oid) in ordered)
    return _write(git, "tree", data)


def _commit(git: Git, tree: str, parent: str, message: str) -> str:
    now = f"{int(datetime.now(UTC).timestamp())} +0000"
    head = f"tree {tree}\n" + (f"parent {parent}\n" if parent else "")
    return _write(git, "commit", f"{head}author {_IDENTITY} {now}\ncommitter {_IDENTITY} {now}\n\n{message}\n".encode())


def _write(git: Git, kind: str, data: bytes) -> str:
    """Puts an object into the repository; returns its id."""
    done = git.ask("hash-object", "-w", "-t", kind, "--stdin", stdin=data, env=_writing(git))
    oid = os.fsdecode(done.stdout).strip()
    if done.returncode != 0 or oid != git.objects.id_of(kind, data):
        raise CannotJudge(f"the repository cannot be written: {last_line(os.fsdecode(done.stderr))}")
    git.objects.forget()
    return oid


def _writing(git: Git) -> dict[str, str]:
    name, _, address = _IDENTITY.removesuffix(">").partition(" <")
    return {
        "GIT_OBJECT_DIRECTORY": git.place.objects,
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": address,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": address,
    }
