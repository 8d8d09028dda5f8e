"""The published JSON Schemas (draft 2020-12) of what trustgate prints, one file each, by name."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


def names() -> tuple[str, ...]:
    """Names that `schema()` takes, in order."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


def schema(name: str) -> str:
    """The text of a schema. Raises KeyError for a name that is not in `names()`."""
    if name not in names():
        raise KeyError(name)
    return (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
