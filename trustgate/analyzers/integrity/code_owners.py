"""Who owns a path according to a CODEOWNERS file: the last line that matches decides."""

from __future__ import annotations

import re

MAX_LINES = 5000


def effective_owners(text: str, path: str) -> tuple[str, ...]:
    """Owners of `path`, empty where nobody owns it. Patterns as in gitignore(5), less `!` and `[]` (GitHub's rules)."""
    owners: tuple[str, ...] = ()
    for line in text.split("\n")[:MAX_LINES]:
        words = line.split("#", 1)[0].split()
        if words and not words[0].startswith("[") and _matches(words[0], path):
            owners = tuple(words[1:])
    return owners


def _matches(pattern: str, path: str) -> bool:
    anchored = "/" in pattern.rstrip("/")
    body = pattern.strip("/")
    if len(body) > 300 or body.count("*") > 12:
        return True  # a pattern this odd is taken to match: the owner changes, and a person looks
    expression = "".join(
        {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece, re.escape(piece))
        for piece in re.split(r"(\*\*/|\*\*|\*|\?)", body)
    )
    tail = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    if pattern.endswith("/*"):
        tail = ""
    head = "" if anchored else "(?:.*/)?"
    return re.fullmatch(head + expression + tail, path) is not None
