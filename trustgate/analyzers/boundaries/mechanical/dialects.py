"""Which dialect reads which language."""

from __future__ import annotations

from trustgate.analyzers.boundaries.mechanical.compare import Dialect


def dialect_of(language: str) -> Dialect:
    """The dialect of one of the languages whose trees are compared."""
    if language == "python":
        from trustgate.analyzers.boundaries.mechanical.python import PythonDialect

        return PythonDialect()
    if language in ("javascript", "typescript", "tsx"):
        from trustgate.analyzers.boundaries.mechanical.javascript import JavascriptDialect

        return JavascriptDialect()
    if language == "go":
        from trustgate.analyzers.boundaries.mechanical.golang import GoDialect

        return GoDialect()
    from trustgate.analyzers.boundaries.mechanical.java import JavaDialect

    return JavaDialect()
