"""Objects of a repository by id, through one `git cat-file` process that lives as long as the review."""

from __future__ import annotations

import os
import select
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from subprocess import Popen

from trustgate.changes.changeset import BINARY_PROBE, SIZE_LIMIT
from trustgate.digest import hex_digest
from trustgate.errors import CannotJudge
from trustgate.record import NamedTuple

CACHE_LIMIT = 64 * 1024 * 1024
"""bytes of contents kept for the next reader of the same object"""
MANY_LIMIT = 256 * 1024
"""bytes of one object that is read among many"""
_ALONE = b"larger than MANY_LIMIT"
"""stands for the contents of an object that is to be read by itself; compared by identity"""
_ROUND = 100
"""requests written before their answers are read: both fit in the smallest pipe (16 KiB)"""

Spawn = Callable[[Sequence[str]], "Popen[bytes]"]


class ObjectInfo(NamedTuple):
    oid: str
    kind: str
    """blob, tree, commit or tag"""
    size: int
    """bytes"""


class Ended(CannotJudge):
    """The process closed its output: it refused its arguments, or it was killed."""

    def __init__(self) -> None:
        super().__init__("git cat-file ended without an answer", "try `git fsck`")


class Pipe:
    """One git process that answers requests; `seconds` is the time it has for each answer."""

    def __init__(self, process: Popen[bytes], seconds: float) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        self._seconds = seconds
        self._deadline = 0.0
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN | select.POLLHUP)
        self._buffer = bytearray()

    def write(self, data: bytes) -> None:
        self._deadline = time.monotonic() + self._seconds
        try:
            while data:
                data = data[os.write(self._in, data) :]
        except BrokenPipeError as error:
            raise Ended from error

    def line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill(1 << 16)
        found = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return found

    def exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._fill(min(1 << 20, max(1 << 16, count - len(self._buffer))))
        found = bytes(self._buffer[:count])
        del self._buffer[:count]
        return found

    def _fill(self, count: int) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0 or not self._poll.poll(left * 1000):
            self.close()
            raise CannotJudge(f"git cat-file gave no answer within {self._seconds:.0f} s")
        data = os.read(self._out, count)
        if not data:
            raise Ended
        self._buffer += data

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        if self._process.poll() is None:
            self._process.kill()  # it only reads
        self._process.wait()


class Objects:
    """Sizes and contents of objects. Contents are checked against their id and kept up to CACHE_LIMIT bytes."""

    def __init__(self, spawn: Spawn, object_format: str, remedy: Callable[[], str], seconds: float) -> None:
        self._spawn = spawn
        self._format = object_format
        self._remedy = remedy
        self._seconds = seconds
        self._pipes: dict[str, Pipe] = {}
        self._two_processes = False
        self._infos: dict[str, ObjectInfo | None] = {}
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._cached = 0

    def infos(self, oids: Iterable[str]) -> dict[str, ObjectInfo | None]:
        """Kind and size of each object; None for one that is not there. Unambiguous abbreviated ids are resolved."""
        wanted = list(dict.fromkeys(oids))
        new = [oid for oid in wanted if oid not in self._infos and _may_be_id(oid)]
        for start in range(0, len(new), _ROUND):
            batch = new[start : start + _ROUND]
            pipe = self._ask("info", batch)
            for oid in batch:
                self._infos[oid] = _parse_info(pipe.line())
        return {oid: self._infos.get(oid) for oid in wanted}

    def info(self, oid: str) -> ObjectInfo | None:
        return self.infos((oid,))[oid]

    def read(self, oid: str, limit: int = SIZE_LIMIT) -> bytes:
        """Contents of an object. Raises CannotJudge when it is missing, damaged or larger than `limit` bytes."""
        kept = self._cache.get(oid)
        if kept is not None:
            self._cache.move_to_end(oid)
            return kept
        info = self.info(oid)
        if info is None:
            raise self.missing(oid)
        if info.size > limit:
            raise CannotJudge(f"object {oid} has {info.size} bytes, over the limit of {limit}")
        pipe = self._ask("contents", (info.oid,))
        if _parse_info(pipe.line()) != info:
            raise CannotJudge(f"object {oid} cannot be read", "try `git fsck`")
        data = pipe.exactly(info.size)
        pipe.exactly(1)
        if self.id_of(info.kind, data) != info.oid:
            raise _damaged(oid)
        self._keep(oid, data)
        return data

    def read_many(self, kind: str, oids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Each object of that kind and its contents, in order; None for one that is missing or of another kind.

        For thousands of small objects: one round trip for _ROUND of them; one over MANY_LIMIT bytes is read by itself,
        as `read` does. Raises CannotJudge for a damaged object.
        """
        wanted = list(oids)
        for start in range(0, len(wanted), _ROUND):
            batch = wanted[start : start + _ROUND]
            found = self._round(kind, batch)
            for oid in batch:
                yield oid, self.read(oid) if found[oid] is _ALONE else found[oid]

    def _round(self, kind: str, batch: Sequence[str]) -> dict[str, bytes | None]:
        found: dict[str, bytes | None] = dict.fromkeys(batch)
        asked = [oid for oid in found if _may_be_id(oid)]
        pipe = self._ask("contents", asked)
        for oid in asked:
            info = _parse_info(pipe.line())
            if info is None:
                continue
            if info.size > MANY_LIMIT:
                for done in range(0, info.size, MANY_LIMIT):
                    pipe.exactly(min(MANY_LIMIT, info.size - done))
                data = _ALONE
            else:
                data = pipe.exactly(info.size)
                if self.id_of(info.kind, data) != info.oid:
                    raise _damaged(oid)
            pipe.exactly(1)
            if info.kind == kind:
                found[oid] = data
        return found

    def sniff(self, oid: str) -> bytes:
        """The first BINARY_PROBE bytes of a blob of any size."""
        info = self.info(oid)
        if info is None:
            raise self.missing(oid)
        if info.size <= SIZE_LIMIT:
            return self.read(oid)[:BINARY_PROBE]
        pipe = Pipe(self._spawn(("cat-file", "blob", info.oid)), self._seconds)
        try:
            pipe.write(b"")
            return pipe.exactly(BINARY_PROBE)
        finally:
            pipe.close()

    def id_of(self, kind: str, data: bytes) -> str:
        """Object id of `data`, as git computes it: hash of kind, size and contents."""
        name = "sha256" if self._format == "sha256" else "sha1"
        return hex_digest(name, b"%s %d\0" % (kind.encode(), len(data)), data)

    def missing(self, oid: str) -> CannotJudge:
        return CannotJudge(f"object {oid} is not in this clone", self._remedy())

    def forget(self) -> None:
        """To be called when objects were added: what was missing is looked for again."""
        self._infos = {oid: info for oid, info in self._infos.items() if info}

    def close(self) -> None:
        for pipe in {id(p): p for p in self._pipes.values()}.values():
            pipe.close()
        self._pipes.clear()

    def _ask(self, command: str, oids: Sequence[str]) -> Pipe:
        """Writes the requests; the caller reads one answer for each."""
        pipe = self._pipes.get(command) or self._start(command)
        prefix = "" if self._two_processes else f"{command} "
        pipe.write("".join(f"{prefix}{oid}\n" for oid in oids).encode())
        return pipe

    def _start(self, command: str) -> Pipe:
        """`--batch-command` answers both questions and came with git 2.36; an older git gets a process for each."""
        if not self._two_processes:
            pipe = Pipe(self._spawn(("cat-file", "--batch-command")), self._seconds)
            try:
                pipe.write(b"info %s\n" % self.id_of("tree", b"").encode())
                pipe.line()
            except Ended:
                pipe.close()
                self._two_processes = True
            else:
                self._pipes = {"info": pipe, "contents": pipe}
                return pipe
        batch = "--batch-check" if command == "info" else "--batch"
        pipe = self._pipes[command] = Pipe(self._spawn(("cat-file", batch)), self._seconds)
        return pipe

    def _keep(self, oid: str, data: bytes) -> None:
        if len(data) > CACHE_LIMIT // 4:
            return
        self._cache[oid] = data
        self._cached += len(data)
        while self._cached > CACHE_LIMIT:
            _, dropped = self._cache.popitem(last=False)
            self._cached -= len(dropped)


def _damaged(oid: str) -> CannotJudge:
    return CannotJudge(f"object {oid} does not match its id: the repository is damaged", "try `git fsck`")


def _may_be_id(text: str) -> bool:
    """A full or abbreviated object id: nothing that git would take for a name or an option."""
    return 4 <= len(text) <= 64 and not text.strip("0123456789abcdef")


def _parse_info(line: bytes) -> ObjectInfo | None:
    """`<oid> <kind> <size>`, or `<name> missing` and `<name> ambiguous` (git-cat-file, "BATCH OUTPUT")."""
    parts = line.split()
    if len(parts) != 3 or not parts[2].isdigit():
        return None
    return ObjectInfo(parts[0].decode(), parts[1].decode(), int(parts[2]))
