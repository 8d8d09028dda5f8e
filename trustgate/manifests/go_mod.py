"""go.mod and go.work: require, replace, tool (Go Modules Reference). `exclude` and `retract` pull nothing in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.manifests.dependency import GOLANG, Dependency, Manifest, OpenFile, Problem, SourceKind, clean
from trustgate.manifests.text import text_of

FORMAT = "go.mod"
_WORD = re.compile(r'"(?:[^"\\]|\\.)*+"?|`[^`]*`?|//.*|[^\s"`(),]+|[(),]')
_BLOCKS = ("require", "replace", "exclude", "retract", "use", "tool", "godebug", "ignore")
_SINGLE = ("module", "go", "toolchain")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError over the size limit; a line that is not understood is a problem of its own."""
    del open_file
    text = text_of(path, data)
    found: list[Dependency] = []
    problems: list[Problem] = []
    own: tuple[str, ...] = ()
    replaced: dict[str, Dependency] = {}
    for number, verb, words, comment in _lines(text):
        plain = [_bare(word) for word in words]
        if verb == "module" and plain:
            own = (clean(plain[0]),)
        elif verb == "require" and len(plain) == 2 and plain[1] != "(":
            found.append(_entry(path, plain[0], plain[1], number, direct="indirect" not in comment))
        elif verb == "replace" and "=>" in plain:
            made = _replacement(path, plain, number)
            if made is None:
                problems.append(Problem(path, number, "a replace that is not understood", clean(" ".join(words))))
            else:
                replaced[plain[0]] = made
        elif verb == "require" or verb not in (*_BLOCKS, *_SINGLE):
            problems.append(Problem(path, number, "a line that is not understood", clean(" ".join([verb, *words]))))
    kept = [item for item in found if item.name not in replaced]
    direct = {item.name: item.direct for item in found}
    swapped = [item._replace(direct=direct.get(key, True)) for key, item in replaced.items()]
    return Manifest(path, FORMAT, (*kept, *swapped), (), tuple(problems), own=own)


def _lines(text: str) -> Iterator[tuple[int, str, list[str], str]]:
    """(line, verb, words, comment); lines of a block get its verb."""
    block = ""
    for number, line in enumerate(text.split("\n"), 1):
        words = _WORD.findall(line.strip())
        comment = words.pop() if words and words[-1].startswith("//") else ""
        if not words:
            continue
        if block and words == [")"]:
            block = ""
        elif block:
            yield number, block, words, comment
        elif len(words) == 2 and words[1] == "(":
            block = words[0]
        else:
            yield number, words[0], words[1:], comment


def _bare(word: str) -> str:
    return word[1:-1] if word[0] in '"`' and len(word) > 1 else word


def _entry(path: str, name: str, version: str, line: int, *, direct: bool) -> Dependency:
    return Dependency(GOLANG, clean(name), clean(name), clean(version), path, line, clean(version), direct=direct)


def _replacement(path: str, words: list[str], line: int) -> Dependency | None:
    """`old [version] => new [version]`: what is built is `new`, under the name of `old`."""
    at = words.index("=>")
    after = words[at + 1 :]
    if at not in (1, 2) or len(after) not in (1, 2):
        return None
    if len(after) == 1 or after[0].startswith(("./", "../", "/")):
        made = _entry(path, words[0], "", line, direct=True)
        return made._replace(source_kind=SourceKind.PATH, source=clean(after[0]))
    return _entry(path, after[0], after[1], line, direct=True)._replace(raw_name=clean(words[0]))
