"""Links that leave `docs/` (README, examples) are plain names on built pages; one that leads nowhere is an error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[([^\]\n]+)\]\(((?:\.\./)+[^)\s#]+)(?:#[^)\s]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Called by MkDocs for each page. Raises ValueError for a link to a file that is not there."""
    folder = (ROOT / "docs" / page.file.src_uri).parent

    def name(match: re.Match[str]) -> str:
        target = (folder / match[2]).resolve()
        if target.is_relative_to(ROOT / "docs"):
            return match[0]
        if not target.is_relative_to(ROOT) or not target.exists():
            raise ValueError(f"{page.file.src_uri}: {match[2]} is not there")
        return match[1]

    return LINK.sub(name, markdown)
