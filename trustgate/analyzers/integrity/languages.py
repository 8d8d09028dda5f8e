"""What kind of text a path holds, as far as invisible characters go: in prose many of them are at home."""

from __future__ import annotations

from posixpath import basename, splitext

_PROSE_ENDS = frozenset(
    (".md", ".mdx", ".rst", ".adoc", ".txt", ".po", ".pot", ".xlf", ".xliff", ".html", ".htm", ".svg", ".xml", ".csv",
     ".tsv", ".tex", ".ipynb", ".resx", ".strings", ".arb", ".ftl", ".srt", ".vtt", ".eml", ".ics", ".rtf", ".snap",
     ".css", ".scss", ".ambr", ".webmanifest", ".json5", ".log", ".bib", ".org", ".wiki", ".textile", ".lock", ".map")
)  # fmt: skip
_LOCALE_PARTS = frozenset(
    ("locale", "locales", "i18n", "l10n", "lang", "langs", "translations", "messages", "intl", "_locales", "cldr")
)
_PROSE_NAMES = frozenset(("authors", "contributors", "license", "changelog", "news", "thanks", ".mailmap", "notice"))
_AGENT_NAMES = frozenset(
    ("claude.md", "claude.local.md", "agents.md", "agents.override.md", "agent.md", "gemini.md", "crush.md", "qwen.md",
     "opencode.md", "warp.md", ".cursorrules", ".windsurfrules", ".clinerules", ".roorules", ".goosehints", ".roomodes",
     "copilot-instructions.md", "skill.md", "conventions.md.agent")
)  # fmt: skip
_AGENT_PARTS = (
    ".cursor/rules/", ".claude/agents/", ".claude/commands/", ".claude/skills/", ".claude/rules/", ".windsurf/rules/",
    ".clinerules/", ".roo/rules", ".roo/commands/", ".github/instructions/", ".github/prompts/", ".github/agents/",
    ".gemini/commands/", ".gemini/skills/", ".codex/prompts/", ".codex/skills/", ".agents/", ".opencode/agent",
    ".opencode/command", ".continue/rules/", ".continue/prompts/", ".amazonq/rules/", ".junie/", ".kiro/steering/",
    ".aider.conventions",
)  # fmt: skip


def is_agent_instructions(path: str) -> bool:
    """True for files that coding agents read as instructions (`data` and names as the tools document them)."""
    lowered = "/" + path.lower()
    name = basename(lowered)
    if name in _AGENT_NAMES:
        return True
    return any("/" + part in lowered for part in _AGENT_PARTS) and splitext(name)[1] in (
        ".md",
        ".mdc",
        ".mdx",
        ".txt",
        "",
    )


def is_prose(path: str) -> bool:
    """True for text that people write for people, translations and data; agent instructions are not prose here."""
    lowered = path.lower()
    name = basename(lowered)
    stem, end = splitext(name)
    if is_agent_instructions(path):
        return False
    return (
        end in _PROSE_ENDS
        or stem in _PROSE_NAMES
        or not _LOCALE_PARTS.isdisjoint(lowered.split("/")[:-1])
        or ".min." in name
    )


def is_python(path: str) -> bool:
    return path.endswith((".py", ".pyi", ".pyw"))
