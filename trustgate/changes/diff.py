"""Pure parser of git's raw and patch output, and of unified diffs from anywhere else.

Formats: git-diff(1), "RAW OUTPUT FORMAT" and "GENERATING PATCH TEXT WITH -P"; POSIX diff, "Diff -u Output Format".
Lines are counted within hunk lengths, so that a removed line `-- x` (shown as `--- x`) is never taken for a header.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from trustgate.changes.changeset import ABSENT, Hunk, Status
from trustgate.errors import CannotJudge
from trustgate.record import NamedTuple


class DiffError(CannotJudge):
    """A diff that cannot be parsed; the message says where."""


class RawEntry(NamedTuple):
    """One changed path of `--raw -z`. Absent sides have the id ABSENT, whatever the length of the repository's ids."""

    status: Status
    old_mode: int
    new_mode: int
    old_id: str
    new_id: str
    old_path: str
    path: str


class Section:
    """One file of a patch, as its headers name it: bytes without prefixes, None for /dev/null or not given.

    A plain class: the staged hook loads it, and `dataclasses` alone would cost that 7 ms.
    """

    __slots__ = (
        *("old_path", "new_path", "old_mode", "new_mode", "old_id", "new_id", "added", "deleted", "renamed", "copied"),
        *("binary", "hunks", "bodies"),
    )

    def __init__(self, old_path: bytes | None = None, new_path: bytes | None = None) -> None:
        self.old_path = old_path
        self.new_path = new_path
        self.old_mode: int | None = None
        self.new_mode: int | None = None
        self.old_id = ""
        """from the `index` line: often abbreviated, or empty"""
        self.new_id = ""
        self.added = False
        self.deleted = False
        self.renamed = False
        self.copied = False
        self.binary = False
        """the patch says that the file differs and does not show how, or shows it as base85"""
        self.hunks: list[Hunk] = []
        """without context"""
        self.bodies: list[Body] = []
        """the lines themselves, where they were asked for"""


class Body(NamedTuple):
    """One hunk as written, context included."""

    old_first: int
    """1-based number of the first old line, or of the line that would stand there"""
    old_count: int
    lines: tuple[tuple[int, bytes], ...]
    """(kind, text) with kind CONTEXT, REMOVED or ADDED; the text has its LF unless the file ends without one"""


CONTEXT, REMOVED, ADDED, REMARK = b" -+\\"
"""First bytes of the lines of a hunk; REMARK says that the line before it has no LF."""

_RAW = re.compile(rb":([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([ACDMRTUXB])(\d*)")
_HUNK = re.compile(rb"@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@")
_INDEX = rb"index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]{6}))?\s*$"
_MODE = rb"([0-7]{6})\s*$"
_HEADERS = (
    *(b"index ", b"old mode ", b"new mode ", b"new file mode ", b"deleted file mode ", b"--- "),
    *(b"similarity index ", b"rename from ", b"rename to ", b"copy from ", b"copy to ", b"dissimilarity index "),
    *(b"Binary files ", b"GIT binary patch"),
)
_PREFIXES = tuple(b"%c/" % letter for letter in b"abciwo12")
"""a/ and b/, and those of diff.mnemonicPrefix"""
_ESCAPES = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))


def path_of(name: bytes) -> str:
    """A path as everything above git spells it: UTF-8, with surrogates for other bytes, so that it round-trips."""
    return name.decode("utf-8", "surrogateescape")


def unquote(raw: bytes) -> tuple[bytes, bytes]:
    """A C-quoted name, from its first quote, and what follows it (git-config(1), core.quotePath). Raises DiffError."""
    name = bytearray()
    at = 1
    while at < len(raw) and raw[at] != ord('"'):
        if raw[at] != ord("\\"):
            name.append(raw[at])
            at += 1
        elif (octal := raw[at + 1 : at + 4]) and re.fullmatch(rb"[0-3][0-7]{2}", octal):
            name.append(int(octal, 8))
            at += 4
        elif raw[at + 1 : at + 2] and raw[at + 1] in _ESCAPES:
            name.append(_ESCAPES[raw[at + 1]])
            at += 2
        else:
            raise DiffError("a quoted file name that cannot be read")
    if at >= len(raw):
        raise DiffError("a quoted file name without its end")
    return bytes(name), raw[at + 1 :]


def parse_raw(data: bytes) -> list[RawEntry]:
    """Entries of `--raw -z --no-abbrev`. Raises CannotJudge for an unmerged path, DiffError for what it cannot read."""
    if not data:
        return []
    parts = data.split(b"\0")
    if parts.pop() != b"":
        raise DiffError("git's list of changed files is cut short")
    entries = []
    fields = iter(parts)
    for head in fields:
        match = _RAW.fullmatch(head)
        if not match:
            raise DiffError("git's list of changed files cannot be read")
        old_mode, new_mode, old_id, new_id, letter, _score = match.groups()
        names = list(islice(fields, 2 if letter in b"RC" else 1))
        if not all(names) or len(names) < (2 if letter in b"RC" else 1):
            raise DiffError("git's list of changed files is cut short")
        path = path_of(names[-1])
        if letter == b"U":
            raise CannotJudge(f"{path}: not merged yet", "resolve the conflict and `git add` the file")
        if letter in b"XB":
            raise DiffError(f"{path}: git reports a change of an unknown kind ({letter.decode()})")
        entries.append(
            RawEntry(
                Status(letter.decode()),
                int(old_mode, 8),
                int(new_mode, 8),
                _id(old_id),
                _id(new_id),
                path_of(names[0]),
                path,
            )
        )
    return entries


def _id(raw: bytes) -> str:
    return raw.decode() if raw.strip(b"0") else ABSENT


def parse_patch(source: bytes | Iterable[bytes], *, keep: bool = False) -> Iterator[Section]:
    """Sections of a patch, one a file, in order. `keep` keeps the lines too (for a patch from elsewhere).

    `source` is the patch, or its lines with their LF. Without `keep` the hunks must have no context (`-U0`). Text
    between sections (a mail's head and signature) is passed over. Raises DiffError.
    """
    lines = io.BytesIO(source) if isinstance(source, bytes) else source  # splitlines() would split at CR and more
    return _Reader(iter(lines), keep).sections()


class _Reader:
    """Walks the lines with one line of foresight."""

    def __init__(self, lines: Iterator[bytes], keep: bool) -> None:
        self._lines = lines
        self._keep = keep
        self._number = 0
        self._line: bytes | None = None
        self._old_end = 0
        """first old line that the section's next hunk may touch"""
        self._shift = 0
        """lines added less lines removed by the section's hunks so far"""
        self._advance()

    def _advance(self) -> bytes:
        self._line = next(self._lines, None)
        self._number += 1
        return self._line or b""

    def _fault(self, what: str) -> DiffError:
        return DiffError(f"patch line {self._number}: {what}")

    def sections(self) -> Iterator[Section]:
        section: Section | None = None
        while (line := self._line) is not None:
            started = None
            if line.startswith(b"diff --git "):
                started = self._git_section(line)
            elif line.startswith(b"--- ") and self._keep:
                started = self._plain_section(line)
            elif line.startswith(b"@@ "):
                if section is None or section.binary:
                    raise self._fault("a hunk without a file")
                self._hunk(section, line)
            elif line.startswith((b"diff --cc ", b"diff --combined ", b"@@@")):
                raise self._fault("a combined diff of a merge; make it against one parent")
            elif line.rstrip() == b"***************":
                raise self._fault("a context diff; make a unified one (`diff -u`)")
            elif self._keep:
                self._advance()
            else:
                raise self._fault("neither header nor hunk")
            if started:
                if section:
                    yield section
                section, self._old_end, self._shift = started, 0, 0
        if section:
            yield section

    def _git_section(self, line: bytes) -> Section:
        """Extended headers up to the first hunk."""
        section = Section()
        strip = self._names_of_both(section, line[len(b"diff --git ") :].rstrip(b"\r\n"))
        line = self._advance()
        while key := next((key for key in _HEADERS if line.startswith(key)), None):
            value = line[len(key) :]
            if not self._keep and key != b"--- ":
                pass  # our own comparison: names and hunks are all there is to know
            elif key.endswith(b"mode "):
                self._mode(section, key, value)
            elif key in (b"rename from ", b"copy from "):
                section.old_path = self._name(value, 0)
                section.renamed, section.copied = key == b"rename from ", key == b"copy from "
            elif key in (b"rename to ", b"copy to "):
                section.new_path = self._name(value, 0)
            elif key == b"index ":
                self._index(section, line)
            elif key == b"--- ":
                self._named(section, value, strip)
                break
            elif key in (b"Binary files ", b"GIT binary patch"):
                section.binary = True
            line = self._advance()
        section.old_path = None if section.added else section.old_path
        section.new_path = None if section.deleted else section.new_path
        if section.old_path is None and section.new_path is None:
            raise self._fault("a file without a name")
        return section

    def _names_of_both(self, section: Section, rest: bytes) -> int:
        """Names from `diff --git a/x b/x`, which later headers overrule; returns how many folders are prefix.

        Without quotes the line is ambiguous: it counts only where both names are the same, as in git's own reader.
        """
        if rest.startswith(b'"') or rest.endswith(b'"'):
            left, right = self._quoted_pair(rest)
        else:
            half = len(rest) // 2
            left, right = rest[:half], rest[half + 1 :]
        strip = 1 if left != right and left.startswith(_PREFIXES) and right.startswith(_PREFIXES) else 0
        old, new = (left[2:], right[2:]) if strip else (left, right)
        if old == new and old:
            section.old_path = section.new_path = old
        elif not strip and not rest.endswith(b'"') and b" b/" in rest:
            strip = 1  # names of different length: a rename, or one that was not detected
        return strip

    def _quoted_pair(self, rest: bytes) -> tuple[bytes, bytes]:
        if rest.startswith(b'"'):
            left, rest = self._unquote(rest)
            rest = rest.removeprefix(b" ")
            return left, self._unquote(rest)[0] if rest.startswith(b'"') else rest
        left, _, rest = rest.partition(b' "')
        return left, self._unquote(b'"' + rest)[0]

    def _named(self, section: Section, old: bytes, strip: int) -> None:
        """The `---` and `+++` lines: where they are, their names count."""
        line = self._advance()
        if not line.startswith(b"+++ "):
            raise self._fault("`---` without `+++`")
        old_name, new_name = self._name(old, strip), self._name(line[4:], strip)
        if not (section.renamed or section.copied):
            section.old_path, section.new_path = old_name, new_name
        section.added, section.deleted = section.added or old_name is None, section.deleted or new_name is None
        self._advance()

    def _plain_section(self, line: bytes) -> Section | None:
        """`--- old`, `+++ new`, as diff(1) writes them; None when the next line shows that this was prose."""
        after = self._advance()
        if not after.startswith(b"+++ "):
            return None
        old, new = self._name(line[4:], 0), self._name(after[4:], 0)
        if (old is None or old.startswith(b"a/")) and (new is None or new.startswith(b"b/")):
            old, new = old and old[2:], new and new[2:]
        self._advance()
        if not (old or new) or b"" in (old, new):
            raise self._fault("a file without a name")
        section = Section(old, new)
        section.added, section.deleted = old is None, new is None
        return section

    def _name(self, raw: bytes, strip: int) -> bytes | None:
        """A header's file name: C-quoted, or up to a tab (diff(1) puts the time there); None for /dev/null."""
        name = self._unquote(raw)[0] if raw.startswith(b'"') else raw.rstrip(b"\r\n").split(b"\t")[0]
        if name == b"/dev/null":
            return None
        if strip:
            name = name.partition(b"/")[2] or name
        if not name or b"\0" in name:
            raise self._fault("a file name that cannot be read")
        return name

    def _unquote(self, raw: bytes) -> tuple[bytes, bytes]:
        try:
            return unquote(raw)
        except DiffError as error:
            raise self._fault(error.message) from error

    def _mode(self, section: Section, key: bytes, value: bytes) -> None:
        match = re.match(_MODE, value)
        if not match:
            raise self._fault("a file mode that cannot be read")
        if key in (b"old mode ", b"deleted file mode "):
            section.old_mode = int(match[1], 8)
        else:
            section.new_mode = int(match[1], 8)
        section.deleted = section.deleted or key == b"deleted file mode "
        section.added = section.added or key == b"new file mode "

    def _index(self, section: Section, line: bytes) -> None:
        match = re.match(_INDEX, line)
        if not match:
            raise self._fault("object ids that cannot be read")
        section.old_id, section.new_id = match[1].decode(), match[2].decode()
        if match[3]:
            section.old_mode = section.new_mode = int(match[3], 8)

    def _hunk(self, section: Section, line: bytes) -> None:
        match = _HUNK.match(line)
        if not match:
            raise self._fault("a hunk header that cannot be read")
        old_start, old_count, new_start, new_count = (1 if g is None else int(g) for g in match.groups())
        first = old_start + (old_count == 0)
        if first < self._old_end:
            raise self._fault("hunks overlap or are out of order")
        self._old_end = first + old_count
        self._advance()
        if self._keep:
            self._body(section, first, old_count, new_count)
        else:
            section.hunks.append(Hunk(old_start, old_count, new_start, new_count))
            self._run(b"-", old_count)
            self._run(b"+", new_count)

    def _run(self, sign: bytes, count: int) -> None:
        """Passes over `count` lines of one sign, and over the remark that the last one has no LF."""
        for _ in range(count):
            if self._line is None or not self._line.startswith(sign):
                raise self._fault("a hunk is cut short")
            self._line = next(self._lines, None)
        self._number += count
        if count and self._line is not None and self._line.startswith(b"\\"):
            self._advance()

    def _body(self, section: Section, first: int, old_count: int, new_count: int) -> None:
        """A hunk with its lines. New line numbers follow from the old ones: the header's may be off after editing."""
        lines: list[tuple[int, bytes]] = []
        hunks: list[Hunk] = []
        old, new = first, first + self._shift
        removed = added = 0
        old_end, new_end = first + old_count, new + new_count

        def flush() -> None:
            if removed or added:
                old_at, new_at = old - removed, new - added
                hunks.append(Hunk(old_at - (not removed), removed, new_at - (not added), added))

        while old < old_end or new < new_end:
            line = self._line
            if line is None:
                raise self._fault("a hunk is cut short")
            kind = line[0]
            if line in (b"\n", b"\r\n"):  # a blank context line whose one blank a mailer took
                kind, line = CONTEXT, b" " + line
            if kind == REMARK:
                self._without_end(lines)
                continue
            if kind == CONTEXT:
                flush()
                removed = added = 0
            elif kind == REMOVED:
                removed += 1
            elif kind == ADDED:
                added += 1
            else:
                raise self._fault("a line that belongs to no hunk")
            old, new = old + (kind != ADDED), new + (kind != REMOVED)
            if old > old_end or new > new_end:
                raise self._fault("a hunk is longer than its header says")
            lines.append((kind, line[1:] if line.endswith(b"\n") else line[1:] + b"\n"))
            self._advance()
        if self._line is not None and self._line.startswith(b"\\"):
            self._without_end(lines)
        after = self._line or b""
        if after.startswith((b"+", b"-")) and not after.startswith((b"--- ", b"-- \n", b"--\n")):
            raise self._fault("a hunk is longer than its header says")
        flush()
        self._shift += new_count - old_count
        section.hunks += hunks
        section.bodies.append(Body(first, old_count, tuple(lines)))

    def _without_end(self, lines: list[tuple[int, bytes]]) -> None:
        if not lines or not lines[-1][1].endswith(b"\n"):
            raise self._fault("a remark about a line that is not there")
        kind, text = lines[-1]
        lines[-1] = (kind, text[:-1])
        self._advance()
