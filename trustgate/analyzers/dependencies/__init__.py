"""Dependencies: what a change pulls in, from both sides of every manifest and lock file that it touches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from trustgate.analyzers.context import Context, Outcome

NAME = "dependencies"


def analyze(context: Context, today: date | None = None) -> Iterator[Outcome]:
    """Findings on new names, changed sources and loosened locks. Loads nothing where no manifest changed.

    `today` fixes the day to which the age of the bundled lists is counted; by default the UTC day.
    """
    from trustgate.manifests.formats import format_of, may_be_requirements

    if not any(format_of(view.path) or may_be_requirements(view.path) for view in context.files):
        return
    from datetime import UTC, datetime

    from trustgate.analyzers.dependencies.review import review

    yield from review(context, today or datetime.now(UTC).date())
