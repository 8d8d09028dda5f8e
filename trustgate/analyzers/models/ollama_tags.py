"""Ollama models by tag, in shell, container, Modelfile, YAML and code: `:latest` moves, `:cloud` is not local."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.models.place import at, confidence_at
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import FileView
from trustgate.finding import Confidence

_PROSE = (".md", ".rst", ".txt", ".mdx", ".adoc", ".po", ".lock", ".svg", ".html", ".css", ".snap", ".ipynb")
_COMMAND = re.compile(
    r"\bollama[\"']?,?\s{1,4}[\"']?(?:run|pull)[\"']?,?\s{1,4}[\"']?([a-z0-9][\w./-]{1,120}(?::[\w.-]{1,60})?)(?![\w$({/])"
)
_FROM = re.compile(r"^\s{0,8}FROM\s{1,8}([a-z0-9][\w./-]{1,120}(?::[\w.-]{1,60})?)\s*$", re.IGNORECASE)
_CLOUD = re.compile(r"[\"'\s=]([a-z][a-z0-9.-]{2,60}:(?:[a-z0-9.]{1,20}-)?cloud)(?=[\"'\s,]|$)")


def check(view: FileView, rules: RuleSet) -> Iterator[Outcome]:
    path = view.path.lower()
    if path.endswith(_PROSE):
        return
    modelfile = basename(path).startswith("modelfile") or path.endswith(".modelfile")
    for line in view.added():
        text = line.text[:20_000]
        if text.lstrip().startswith(("#", "//")):
            continue
        match = _COMMAND.search(text) or (_FROM.match(text) if modelfile else None)
        cloud = _CLOUD.search(text)
        if cloud and ("ollama" in text.lower() or match or modelfile or "ollama" in path):
            yield rules.finding(
                "cloud-model-tag", at(view, line, cloud.start(1), cloud.end(1)), cloud[1], model=cloud[1]
            )
        elif match and _moves(match[1]) and not match[1].startswith(("hf.co/", "./", "/")):
            plain = modelfile or path.endswith((".sh", ".yml", ".yaml", "dockerfile"))
            sure = confidence_at(view, None if plain else Confidence.MEDIUM)
            yield rules.finding(
                "movable-model-tag",
                at(view, line, match.start(1), match.end(1)),
                match[1],
                model=match[1],
                confidence=sure,
            )


def _moves(reference: str) -> bool:
    tag = reference.rpartition("/")[2].partition(":")[2]
    return tag in ("", "latest")
