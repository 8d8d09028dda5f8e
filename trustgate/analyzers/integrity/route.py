"""Which families look at a file: cheap tests on its path and text, so that a family's patterns load when needed."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from trustgate.analyzers.integrity.subject import Check, Subject

_MARKS = (
    "nosec", "nosemgrep", "noqa", "eslint-disable", "gitleaks:", "trufflehog:", "trivy:", "checkov:", "tfsec:",
    "nosonar", "allowlist secret", "zizmor:", "trustgate:", "codeql[", "lgtm[", "ggignore", "kics-scan", "nolint",
)  # fmt: skip
"""pieces of the suppression markers that `markers.py` knows, lower case"""
_OWN = ("trustgate", ".pre-commit", "codeowners", "allowlists/", "rules/", "workflows/")
_AGENT_PIECES = (
    "claude", "agent", "gemini", "cursor", "copilot", "windsurf", "cline", "roo", "goose", "crush", "qwen", "opencode",
    "codex", "warp.md", "skill.md", "mcp", "aider", "continue", "amazonq", "junie", "kiro", "factory", "vscode",
    "devcontainer", "code-workspace", ".env", "mise.toml", "workflows/", ".github/", "conventions",
)  # fmt: skip
_BLANKS = (" " * 100, "\t" * 100, "\u00a0" * 100, "\u3000" * 100)


def checks(subject: Subject) -> Iterator[Check]:
    lowered = subject.path.lower()
    from trustgate.analyzers.integrity import tree

    yield tree.check
    if any(piece in lowered for piece in _OWN):
        from trustgate.analyzers.integrity import own_files

        yield own_files.check
    if basename(lowered) in (".gitmodules", ".gitattributes"):
        from trustgate.analyzers.integrity import git_files

        yield git_files.check
    if any(piece in lowered for piece in _AGENT_PIECES):
        from trustgate.analyzers.integrity import agent_instructions, agent_settings

        yield agent_instructions.check
        yield agent_settings.check
    if "workflows/" in lowered or lowered.endswith(("action.yml", "action.yaml")):
        from trustgate.analyzers.integrity import workflows

        yield workflows.check
    yield from _by_text(subject)


def _by_text(subject: Subject) -> Iterator[Check]:
    new = subject.file.new
    if new is None or not subject.file.change.hunks:
        return
    spans = (new.lines[hunk.new_start - 1 : hunk.new_start - 1 + hunk.new_count] for hunk in subject.file.change.hunks)
    added = "\n".join(line for span in spans for line in span)
    if not added.isascii():
        from trustgate.analyzers.integrity import hidden, spelling

        yield hidden.check
        yield spelling.check
    if "\r" in added or "coding" in added[:2000] or any(blanks in added for blanks in _BLANKS):
        from trustgate.analyzers.integrity import layout

        yield layout.check
    lowered = added.lower()
    if any(mark in lowered for mark in _MARKS):
        from trustgate.analyzers.integrity import markers

        yield markers.check
    from trustgate.analyzers.integrity import damage

    yield from damage.checks(subject, lowered)
