"""Dependencies: what a change pulls in, from both sides of every manifest and lock file that it touches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from trustgate.analyzers.context import Context, Outcome
    from trustgate.facts import FileView

NAME = "dependencies"
_IMPORTING = (
    ".py",
    ".pyw",
    ".ipynb",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".vue",
    ".svelte",
    ".astro",
)


def analyze(context: Context, today: date | None = None) -> Iterator[Outcome]:
    """Findings on new names, changed sources and loosened locks. Loads nothing where no manifest changed.

    `today` fixes the day to which the age of the bundled lists is counted; by default the UTC day.
    """
    manifests = any(_is_manifest(view) for view in context.files)
    if not manifests:
        if not any(_may_import(view) for view in context.files):
            return
        from trustgate.analyzers.dependencies.imports import new_packages

        if not any(True for _ in new_packages(context.files)):
            return
        from trustgate.analyzers.dependencies.undeclared import taken_on

        found, missed = taken_on(context)
        if not found:  # what most imports come to: the parts that judge names are not loaded for them
            yield from missed
            return
    from datetime import UTC, datetime

    from trustgate.analyzers.dependencies.review import review

    yield from review(context, today or datetime.now(UTC).date())


def _may_import(view: FileView) -> bool:
    """Whether an added line could import a package: a look without patterns, since most changes end here."""
    if not view.path.endswith(_IMPORTING) or view.new is None or view.degraded:
        return False
    return any(
        ("import" in line.text or "require" in line.text) and not _stays_inside(line.text) for line in view.added()
    )


def _stays_inside(text: str) -> bool:
    """A statement that names a module relative to its own place, and nothing else."""
    bare = text.strip()
    if bare.startswith(("from .", "import .")):
        return ";" not in bare
    return bare.count("'") + bare.count('"') == 2 and ("'." in bare or '".' in bare)


def _is_manifest(view: FileView) -> bool:
    from trustgate.manifests.formats import format_by_text, format_of, may_hold

    if format_of(view.path) or (view.renamed and format_of(view.change.old_path)):
        return True
    sides = (view.new, view.old) if may_hold(view.path) else ()
    return any(side is not None and format_by_text(side.path, side.data) is not None for side in sides)
