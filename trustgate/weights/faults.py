"""Why a file of a model is not the one that was pinned, or why nobody can say."""

from __future__ import annotations

from trustgate.errors import CannotJudge


class Wrong(Exception):
    """The file is there and is not what was pinned, or is not there; the text says which."""


class Missing(Wrong):
    """Nothing lies at the path."""


class Unclear(Exception):
    """The file could not be read to its end; the text says why."""


class NotFound(CannotJudge):
    """The model itself is not on this machine, or not where it was looked for."""
