"""Markers that silence another scanner. They silence nothing here; adding one beside new code is worth a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.subject import Subject

_MARKER = re.compile(
    r"(?i)(?:#|//|/\*|--|<!--|;|\*)[^\n]{0,200}?("
    r"\bnosec\b|\bnosemgrep\b|\bnoqa:\s{0,3}(?:[A-Z]{1,5}\d+,\s{0,3}){0,20}?S\d{2,4}\b|"
    r"eslint-disable(?:-next-line|-line)?[^\n]{0,80}?(?:security/|no-eval|no-implied-eval|no-new-func|no-unsanitized|no-danger)|"
    r"gitleaks:allow|trufflehog:ignore|trivy:ignore|checkov:skip|tfsec:ignore|\bNOSONAR\b|pragma: allowlist secret|"
    r"zizmor: ignore|trustgate:\s?ignore|codeql\[[\w/-]+\]|lgtm\[[\w/-]+\]|\bggignore\b|kics-scan ignore|"
    r"nolint:[\w,]{0,80}?gosec)"
)
MAX_FINDINGS = 20


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None:
        return
    moved = {line.text.strip() for line in subject.file.removed()}
    had = sum(1 for text in moved if _MARKER.search(text))
    count = 0
    for line in subject.file.added():
        match = _MARKER.search(line.text) if len(line.text) < 5000 else None
        if not match or line.text.strip() in moved:
            continue
        if had > 0:
            had -= 1  # the line was edited and kept its marker
            continue
        count += 1
        if count <= MAX_FINDINGS:
            location = subject.at(line, match.start(1), match.end(1))
            yield subject.rules.finding("suppression-added", location, line.text, marker=match[1][:60])
