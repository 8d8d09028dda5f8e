""".pre-commit-config.yaml: the repositories of hooks and their additional dependencies (pre-commit documentation)."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import (
    GENERIC,
    GITHUB,
    Dependency,
    Manifest,
    OpenFile,
    Problem,
    SourceKind,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.npm_spec import npm_dependency
from trustgate.manifests.pep508 import BadRequirement, python_dependency
from trustgate.manifests.text import text_of
from trustgate.manifests.yaml_text import Node, load_yaml

FORMAT = "pre-commit"
_OTHER = (
    "golang",
    "rust",
    "ruby",
    "r",
    "dotnet",
    "lua",
    "perl",
    "conda",
    "dart",
    "swift",
    "haskell",
    "coursier",
    "julia",
)
_NODE = re.compile(r"(?:@[\w.~-]+/)?[\w.~-]+(?:@[^/\s]+)?$")
_NODE_HOOKS = ("eslint", "prettier", "stylelint", "markdownlint", "commitlint", "textlint", "pyright", "svgo", "biome")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    found: list[Dependency] = []
    problems: list[Problem] = []
    for entry in load_yaml(path, text_of(path, data))[0].at("repos").items:
        repo, rev = entry.at("repo"), entry.at("rev").text
        if repo.text and repo.text not in ("local", "meta"):
            found.append(_repository(path, repo, rev))
        for hook in entry.at("hooks").items:
            node = hook.at("language").text == "node" or _by_name(repo.text, hook.at("id").text)
            for item in hook.at("additional_dependencies").items:
                _additional(path, item, hook.at("language").text, node, found, problems)
    return Manifest(path, FORMAT, tuple(found), (), tuple(problems))


def _by_name(repo: str, hook: str) -> bool:
    """Whether a hook whose language is told elsewhere is one of the well-known ones written for Node."""
    return any(word in f"{repo.rpartition('/')[2]} {hook}".lower() for word in _NODE_HOOKS)


def _repository(path: str, repo: Node, rev: str) -> Dependency:
    address = bare_address(repo.text).removesuffix(".git").rstrip("/")
    host = host_of(repo.text)
    place = address.partition("://")[2] or address
    name = clean(place.partition("/")[2].lower() if host == "github.com" else place)
    return Dependency(
        ecosystem=GITHUB if host == "github.com" else GENERIC,
        name=name,
        raw_name=name,
        spec=clean(rev),
        manifest=path,
        line=repo.line,
        version=clean(rev),
        source_kind=SourceKind.GIT,
        source=clean(f"{address}#{rev}"),
        host=clean(host),
        group="dev",
    )


def _additional(
    path: str, item: Node, language: str, node: bool, found: list[Dependency], problems: list[Problem]
) -> None:
    text = item.text
    if language in _OTHER or not text or text.startswith((".", "/")):
        return
    if node or text.startswith("@"):
        if _NODE.match(text):
            at = text.find("@", 1)
            name, spec = (text[:at], text[at + 1 :]) if at > 0 else (text, "")
            found.append(npm_dependency(name, spec, path, item.line, "dev"))
        return
    try:
        found.append(python_dependency(text, path, item.line, "dev"))
    except BadRequirement as error:
        problems.append(Problem(path, item.line, str(error), clean(text)))
