"""Install commands in shell scripts, Makefiles and Dockerfiles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from trustgate.manifests.dependency import Manifest, OpenFile
from trustgate.manifests.installs import HINT, installs
from trustgate.manifests.text import text_of

FORMAT = "script"
_INSTRUCTION = re.compile(r"\s*(?:ONBUILD\s+)?(RUN|ENV|ARG|CMD|ENTRYPOINT)\s+(.*)$", re.IGNORECASE)
_FLAGS = re.compile(r"^(?:--[a-z]+(?:=\S*)?\s+)+")
_HEREDOC = re.compile(r"<<-?[\"']?(\w{1,40})[\"']?")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError over the size limit."""
    del open_file
    text = text_of(path, data)
    if not HINT.search(data):
        return Manifest(path, FORMAT)
    lines = list(enumerate(text.replace("\r\n", "\n").split("\n"), 1))
    name = path.rpartition("/")[2].lower()
    docker = "dockerfile" in name or "containerfile" in name
    found = installs(path, _docker(lines) if docker else _plain(lines))
    return Manifest(path, FORMAT, tuple(found.dependencies), tuple(found.settings), tuple(found.problems))


def _plain(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        # a recipe of a Makefile may begin with @, - or +
        yield number, line.lstrip("\t").lstrip("@+-") if line.startswith("\t") else line


def _docker(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Shell text of RUN, CMD and ENTRYPOINT, and the assignments of ENV and ARG, at their lines."""
    waiting = ""
    running = False
    for number, line in lines:
        if waiting:
            waiting = "" if line.strip() == waiting else waiting
            if waiting:
                yield number, line
            continue
        match = None if running else _INSTRUCTION.match(line)
        if match is None and not running:
            continue
        body = line
        if match is not None:
            verb, body = match[1].upper(), _FLAGS.sub("", match[2], count=1)
            if verb in ("ENV", "ARG"):
                body = f"{verb} {body if '=' in body else body.replace(' ', '=', 1)}"
            elif body.startswith("["):
                body = _listed(body)
            heredoc = _HEREDOC.match(body)
            if heredoc:
                waiting = heredoc[1]
                continue
        if running and (not line.strip() or line.lstrip().startswith("#")):
            body = "\\"  # Docker leaves comments and empty lines between continued ones out
        running = body.rstrip().endswith("\\")
        yield number, body


def _listed(body: str) -> str:
    """The words of the JSON form as shell text."""
    try:
        words = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(words, list):
        return ""
    plain = [word for word in words if isinstance(word, str)]
    if len(plain) == 3 and plain[0].rpartition("/")[2] in ("sh", "bash") and plain[1].startswith("-"):
        return plain[2]
    return " ".join("'" + word.replace("'", "") + "'" for word in plain)
