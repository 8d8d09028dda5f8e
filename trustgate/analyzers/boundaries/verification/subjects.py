"""Which code the change edits, and whether a test file tests it: by its name, its imports, or its package."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.rules import compiled
from trustgate.syntax.paths import PathKind

SOURCE_FOLDERS = frozenset(("src", "lib", "python", "main", "java", "kotlin", "source"))
TEST_WORDS = frozenset(("test", "tests", "spec", "specs", "it", "testcase", "e2e", "unit", "cy", "testing"))
COMMON_NAMES = frozenset(("index", "__init__", "main", "mod", "utils", "util", "helpers", "types", "common", "app"))
"""names that say nothing about what is inside"""
SPECIFIERS = r"""(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"]([^'"\n]{1,200})['"]"""
TYPED = frozenset(("java", "kotlin", "csharp", "scala", "groovy", "php", "swift"))
WORD = r"[A-Za-z_$][\w$]{3,}"
"""names of four characters and more"""
FRAMES = frozenset(("tests", "test", "__tests__", "spec", "specs"))


class Edited(NamedTuple):
    """A changed file of code."""

    path: str
    stem: str
    folder: str
    module: tuple[str, ...]
    """folders and stem, source folders at the beginning taken off; of a package's own file, the package"""
    language: str
    stays: bool


class Subjects:
    """The code side of a change."""

    def __init__(self, deltas: Sequence[FileDelta]) -> None:
        self._deltas = [delta for delta in deltas if delta.kind is PathKind.CODE and _changes_code(delta)]

    @cached_property
    def edited(self) -> tuple[Edited, ...]:
        return tuple(_edited(delta) for delta in self._deltas)

    @property
    def any(self) -> bool:
        return bool(self._deltas)

    @cached_property
    def gone_words(self) -> frozenset[str]:
        """Names and words in strings that the changed code had and has nowhere any more."""
        words = compiled(WORD)
        removed: set[str] = set()
        left: set[str] = set()
        for delta in self._deltas:
            if delta.old is not None:
                for number in delta.old.numbers:
                    removed.update(words.findall(delta.old.text.line(number)[:5000]))
            if delta.new is not None:
                left.update(words.findall(delta.new.text.text))
        for delta in self._deltas:  # a file that went, by its name
            if delta.new is None and delta.old is not None:
                removed.add(_edited(delta).stem)
        return frozenset(removed - left)

    def tested_by(self, test: FileDelta) -> str:
        """How the test file belongs to edited code that stays, in words; empty when nothing says so."""
        side = test.old or test.new
        if side is None:
            return ""
        imports: frozenset[str] | None = None
        for code in self.edited:
            if not code.stays:
                continue
            if _named_after(test.path, code):
                return f"beside the code it tests: named after {code.path}"
            if _same_place(test, code, side.text.text):
                return f"beside the code it tests: same package as {code.path}"
            if imports is None:
                imports = imported_by(test)
            if _imports(test.path, imports, code):
                return f"beside the code it tests: imports {code.path}"
        return ""

    def lost_subject(self, test: FileDelta) -> bool:
        """Whether the test file is named after code that the change deletes."""
        return any(not code.stays and _named_after(test.path, code) for code in self.edited)

    def named_for(self, test: FileDelta) -> tuple[Edited, ...]:
        """Edited code that the test file is named after."""
        return tuple(code for code in self.edited if code.stays and _named_after(test.path, code))

    def delta_of(self, code: Edited) -> FileDelta:
        return next(delta for delta in self._deltas if delta.path == code.path)


def _changes_code(delta: FileDelta) -> bool:
    return any(side.lines for side in delta.sides)


def _edited(delta: FileDelta) -> Edited:
    folder, name = posixpath.split(delta.path)
    stem = name.split(".")[0] if not name.startswith(".") else name
    parts = [part for part in folder.split("/") if part]
    while parts and parts[0] in SOURCE_FOLDERS:
        parts = parts[1:]
    if stem not in ("__init__", "index"):
        parts = [*parts, stem]
    return Edited(delta.path, stem, folder, tuple(parts), delta.language, delta.new is not None)


def _plain(path: str) -> str:
    """`tests/unit/test_http-server.py`, `HttpServerTests.java`, `http_server.spec.ts`: all `httpserver`."""
    stem = posixpath.basename(path).split(".")[0]
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", stem)
    return "".join(word.lower() for word in words if word.lower() not in TEST_WORDS)


def _named_after(test: str, code: Edited) -> bool:
    name = _plain(test)
    own = _plain(code.path)
    if not name or not own:
        return False
    if name == own and own not in COMMON_NAMES:
        return True
    if len(code.module) > 1:
        with_folder = _plain(code.module[-2]) + (own if code.stem not in ("__init__", "index") else "")
        if name == with_folder:
            return True
    return len(own) >= 5 and own not in COMMON_NAMES and name.startswith(own)


def _same_place(test: FileDelta, code: Edited, text: str) -> bool:
    folder = posixpath.dirname(test.path)
    if test.language == "go":
        return code.language == "go" and folder == code.folder
    if test.language in TYPED:
        return code.language in TYPED and re.search(rf"\b{re.escape(code.stem)}\b", text) is not None
    parts = folder.split("/")
    frames = [at for at, part in enumerate(parts) if part in FRAMES]
    if not frames or frames[-1] == 0 or code.language != test.language:
        return False
    home = "/".join(parts[: frames[-1]])
    return code.folder == home or posixpath.dirname(code.folder) == home


def imported_by(test: FileDelta) -> frozenset[str]:
    """Dotted names, or paths of modules as they are written."""
    side = test.new or test.old
    if side is None:
        return frozenset()
    if test.language == "python":
        return frozenset(side.outline.imports.values())
    return frozenset(compiled(SPECIFIERS).findall(side.text.text))


def _imports(test: str, imports: frozenset[str], code: Edited) -> bool:
    return any(is_module(test, name, code) for name in imports)


def is_module(test: str, name: str, code: Edited) -> bool:
    """Whether the name, as the test file writes it, leads to this file."""
    if code.language == "python":
        bare = name.lstrip(".")
        for cut in range(len(code.module)):
            if len(code.module) - cut < 2 and len(code.module) > 1 and not name.startswith("."):
                break
            dotted = ".".join(code.module[cut:])
            if bare == dotted or (bare.startswith(dotted + ".") and code.stem != "__init__"):
                return True
        return False
    target = posixpath.splitext(code.path)[0]
    options = {target, code.path}
    if code.stem == "index":
        options.add(code.folder)
    if name.startswith("."):
        found = posixpath.normpath(posixpath.join(posixpath.dirname(test), name))
        return found in options or posixpath.splitext(found)[0] in options or (found == "." and "" in options)
    tail = name.split("/", 1)[1] if name.startswith(("@/", "~/", "#/", "src/")) else ""
    return bool(tail) and any(option == tail or option.endswith("/" + tail) for option in options)
