"""Edit damage: what a model leaves behind in a file. Which of the families look at a change, by cheap tests."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.damage.ground import GENERATED_ENDS, TREE_ENOUGH
from trustgate.analyzers.integrity.subject import Check, Subject
from trustgate.syntax.paths import PathKind, language_of, path_kind

_KINDS = (PathKind.CODE, PathKind.TEST, PathKind.CONFIG, PathKind.INERT)
_STYLES = (".css", ".scss", ".sass", ".less")


def checks(subject: Subject, lowered: str) -> Iterator[Check]:
    """The families that may have something to say; `lowered` is the added text of the file in lower case."""
    path, kind = subject.path, path_kind(subject.path)
    if kind not in _KINDS or path.lower().endswith(GENERATED_ENDS):
        return
    if not (path.lower().endswith(_STYLES) if kind is PathKind.INERT else language_of(path)):
        return
    if _holds(subject, "elision-placeholder", lowered):
        from trustgate.analyzers.integrity.damage import elision

        yield elision.check
    if _holds(subject, "edit-marker-left", lowered):
        from trustgate.analyzers.integrity.damage import edit_markers

        yield edit_markers.check
    if kind is PathKind.INERT:
        return
    if kind is not PathKind.CONFIG and lowered.count("\n") >= TREE_ENOUGH:
        from trustgate.analyzers.integrity.damage import duplicates

        yield duplicates.check
    if _holds(subject, "model-tag-leaked", lowered) or _holds(subject, "prose-in-source", lowered):
        yield _leaked_or_truncated
    else:
        yield _truncated


def _leaked_or_truncated(subject: Subject) -> Iterator[Outcome]:
    """What leaked into a file breaks it too: one of the two is said."""
    from trustgate.analyzers.integrity.damage import leaked

    found = list(leaked.check(subject))
    yield from found or _truncated(subject)


def _truncated(subject: Subject) -> Iterator[Outcome]:
    from trustgate.analyzers.integrity.damage import truncation

    return truncation.check(subject)


def _holds(subject: Subject, rule: str, lowered: str) -> bool:
    return any(piece in lowered for piece in subject.rules.words(rule, "pieces"))
