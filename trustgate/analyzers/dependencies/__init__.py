"""Dependencies: what a change pulls in, from both sides of every manifest and lock file that it touches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from trustgate.analyzers.context import Context, Outcome
    from trustgate.facts import FileView

NAME = "dependencies"


def analyze(context: Context, today: date | None = None) -> Iterator[Outcome]:
    """Findings on new names, changed sources and loosened locks. Loads nothing where no manifest changed.

    `today` fixes the day to which the age of the bundled lists is counted; by default the UTC day.
    """
    if not any(_is_manifest(view) for view in context.files):
        return
    from datetime import UTC, datetime

    from trustgate.analyzers.dependencies.review import review

    yield from review(context, today or datetime.now(UTC).date())


def _is_manifest(view: FileView) -> bool:
    from trustgate.manifests.formats import format_by_text, format_of, may_hold

    if format_of(view.path) or (view.renamed and format_of(view.change.old_path)):
        return True
    sides = (view.new, view.old) if may_hold(view.path) else ()
    return any(side is not None and format_by_text(side.path, side.data) is not None for side in sides)
