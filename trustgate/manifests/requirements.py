"""requirements.txt and constraint files, as pip reads them (pip documentation, "Requirements File Format")."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from trustgate.manifests.dependency import (
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    Problem,
    Setting,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.pep508 import BadRequirement, python_dependency
from trustgate.manifests.text import text_of

FORMAT = "requirements"
INCLUDE_DEPTH = 8
INCLUDE_COUNT = 64
LINE_LIMIT = 64 * 1024
"""characters of one entry, continuations joined"""
_VALUED = {
    "--index-url": "index-url",
    "--pypi-url": "index-url",
    "--extra-index-url": "extra-index-url",
    "--find-links": "find-links",
    "--trusted-host": "trusted-host",
    "--no-binary": "no-binary",
    "--only-binary": "",
    "--requirement": "-r",
    "--constraint": "-c",
    "--editable": "-e",
    "--use-feature": "",
    "--hash": "hash",
    "--config-settings": "config-settings",
    "--global-option": "global-option",
    "--install-option": "install-option",
}
_PLAIN = {
    "--no-index": "no-index",
    "--pre": "pre",
    "--prefer-binary": "",
    "--require-hashes": "",
    "--all-releases": "pre",
}
_SHORT = {"-i": "--index-url", "-f": "--find-links", "-r": "--requirement", "-c": "--constraint", "-e": "--editable"}
_KEPT = ("index-url", "extra-index-url", "find-links", "trusted-host", "no-index", "pre", "no-binary")
_CODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_ENCODINGS = ("utf-8", "utf8", "ascii", "us-ascii", "latin-1", "iso-8859-1")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Entries of the file and of what it includes, each with its own path and line. Raises ManifestError."""
    found = _Reader(open_file, path)
    group = "constraint" if "constraint" in posixpath.basename(path).lower() else _group(path)
    found.file(path, data, group, 0)
    return Manifest(
        path,
        FORMAT,
        tuple(found.dependencies),
        tuple(found.settings),
        tuple(found.problems),
        tuple(found.includes),
    )


def requirement_lines(path: str, text: str, line: int, open_file: OpenFile) -> Manifest:
    """Requirement text that stands inside another file (a conda environment, a script), at `line` of that file."""
    found = _Reader(open_file, path)
    for _, written in _logical_lines(text):
        try:
            found.line(_Place(path, line, "runtime", 0), written)
        except BadRequirement as error:
            found.problems.append(Problem(path, line, str(error), clean(written)))
    return Manifest(
        path, FORMAT, tuple(found.dependencies), tuple(found.settings), tuple(found.problems), tuple(found.includes)
    )


def looks_like_requirements(data: bytes) -> bool:
    """Whether a text file of any name is a requirements file: each line reads so, one has a pin or option."""
    if len(data) > 256 * 1024:
        return False
    marked = False
    for _, line in _logical_lines(data.decode("utf-8", "surrogateescape")):
        if line.startswith("-"):
            if not re.match(r"--?[a-z-]+([= ]\S+)?", line):
                return False
            marked = True
        elif re.match(
            r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[^\]]*\])?\s*(([=~<>!]=|[<>]=?|===)\s*[\w.*]+|@ *[a-z+]+:|;|$)", line
        ):
            marked = marked or "==" in line or ">=" in line or "--hash" in line
        else:
            return False
    return marked


def _group(path: str) -> str:
    name = path.lower()
    return "dev" if any(word in name for word in ("dev", "test", "lint", "doc")) else "runtime"


def _uncommented(line: str) -> str:
    """pip's rule: `#` opens a comment at the start of a line and after a blank."""
    at = line.find("#")
    while at >= 0:
        if at == 0 or line[at - 1].isspace():
            return line[:at].strip()
        at = line.find("#", at + 1)
    return line.strip()


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """(1-based first line, text): continuations joined, comments and blank lines left out.

    pip splits with `str.splitlines`, which knows more line ends than git does: a lone CR or U+2028 hides no entry here.
    """
    parts: list[str] = []
    start = 0
    for number, physical in enumerate(text.split("\n"), 1):
        for piece in physical.rstrip("\r").splitlines() or [""]:
            if not parts:
                start = number
            comment = piece.lstrip().startswith("#")
            if piece.endswith("\\") and not comment:
                parts.append(piece[:-1])
                continue
            parts.append(f" {piece}" if comment else piece)
            line = _uncommented("".join(parts))
            parts = []
            if line:
                yield start, line
    if parts:
        line = _uncommented("".join(parts))
        if line:
            yield start, line


class _Reader:
    def __init__(self, open_file: OpenFile, path: str) -> None:
        self.open_file = open_file
        self.dependencies: list[Dependency] = []
        self.settings: list[Setting] = []
        self.problems: list[Problem] = []
        self.includes: list[str] = []
        self.seen = {path}

    def file(self, path: str, data: bytes, group: str, depth: int) -> None:
        text = text_of(path, data)
        for line in text.split("\n", 2)[:2]:
            coding = _CODING.match(line)
            if coding and coding[1].lower().replace("_", "-") not in _ENCODINGS:
                raise ManifestError(path, f"declares the encoding {clean(coding[1])}, which is not read", 1)
        for number, line in _logical_lines(text):
            try:
                self.line(_Place(path, number, group, depth), line)
            except BadRequirement as error:
                self.problems.append(Problem(path, number, str(error), clean(line)))

    def line(self, place: _Place, line: str) -> None:
        if len(line) > LINE_LIMIT:
            raise BadRequirement(f"a line of over {LINE_LIMIT} characters")
        head, options = _split(line)
        hashes = []
        editable = ""
        for name, value in options:
            kind = _VALUED.get(name, "") or _PLAIN.get(name, "")
            if kind in ("-r", "-c"):
                self.include(place, value, "constraint" if kind == "-c" else place.group)
            elif kind == "-e":
                editable = value
            elif kind == "hash":
                hashes.append(clean(value))
            elif kind in _KEPT:
                shown = clean(bare_address(value))
                self.settings.append(Setting(kind, shown, clean(_host(kind, value)), place.path, place.number))
        text = head or editable
        if text:
            made = python_dependency(text, place.path, place.number, place.group)
            self.dependencies.append(made._replace(hashes=tuple(hashes)))

    def include(self, place: _Place, value: str, group: str) -> None:
        if "://" in value:
            shown = clean(bare_address(value))
            self.settings.append(Setting("find-links", shown, clean(host_of(value)), place.path, place.number))
            raise BadRequirement("includes a file from an address, which is not fetched")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(place.path), value))
        if target.startswith(("../", "/")) or target == "..":
            raise BadRequirement("includes a file outside the repository")
        self.includes.append(clean(target))
        if target in self.seen:
            return
        if place.depth >= INCLUDE_DEPTH or len(self.seen) >= INCLUDE_COUNT:
            raise BadRequirement("includes too many files, or too deep")
        self.seen.add(target)
        data = self.open_file(target)
        if data is None:
            raise BadRequirement(f"includes {clean(target)}, which is not there")
        self.file(target, data, group, place.depth + 1)


class _Place(NamedTuple):
    path: str
    number: int
    group: str
    depth: int
    """files that include one another on the way here"""


def _host(kind: str, value: str) -> str:
    return value.partition(":")[0] if kind == "trusted-host" else host_of(value)


def _split(line: str) -> tuple[str, list[tuple[str, str]]]:
    """The requirement part and the options of a logical line. Raises BadRequirement."""
    words = _words(line)
    head: list[str] = []
    while words and not words[0].startswith("-"):
        head.append(words.pop(0))
    options: list[tuple[str, str]] = []
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if not name.startswith("--"):
            short, value, equals = name[:2], word[2:].removeprefix("="), "=" if len(word) > 2 else ""
            if short not in _SHORT:
                raise BadRequirement(f"option {clean(short)} is not known")
            name = _SHORT[short]
        name = _full_name(name)
        if name in _VALUED and not equals:
            if not words:
                raise BadRequirement(f"option {name} has no value")
            value = words.pop(0)
        options.append((name, value))
    return " ".join(head), options


def _full_name(name: str) -> str:
    """optparse, which pip uses, takes any unambiguous beginning of an option."""
    known = [*_VALUED, *_PLAIN]
    if name in known:
        return name
    fits = [option for option in known if option.startswith(name)]
    if len(fits) != 1:
        raise BadRequirement(f"option {clean(name)} is not known")
    return fits[0]


def _words(line: str) -> list[str]:
    if "'" not in line and '"' not in line:
        return line.split()
    if " -" not in line and not line.startswith("-"):
        return [line]  # quotes of a marker
    before, dash, after = line.partition(" -")
    if not line.startswith("-") and ("'" in before or '"' in before):
        return [before, *_words(dash.strip() + after)]
    import shlex

    try:
        return shlex.split(line)
    except ValueError as error:
        raise BadRequirement(f"unbalanced quotes ({error})") from error
