"""From a blob to its outline: tree-sitter where there is a grammar, lines elsewhere; kept for the next commit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from trustgate.syntax.outline import Outline
from trustgate.syntax.paths import CONFIG_LANGUAGES, language_of, reader_of

LONG_LINE = 50_000
"""bytes; a file with a longer line is read by lines, since a parser's recovery from one such line can take minutes"""
CACHE_SIZE = 64
PARSE_LIMIT = 4 * 1024 * 1024
"""bytes; beyond it the line-based fallback is used, and the outline says `degraded`"""
DATA_LIMIT = 512 * 1024
"""bytes; the same for configuration languages: beyond it a file is data, and each of its keys would be a symbol"""
MARKUP_LIMIT = 1024 * 1024
"""bytes; the same for HTML, whose scripts cost most where a template's marks break them"""
EMBEDDING = frozenset(("workflow", "component", "html", "notebook", "dockerfile"))
"""readers of files that hold code of another language"""
_cache: OrderedDict[tuple[str, str], Outline] = OrderedDict()


def outline_of(oid: str, path: str, data: bytes) -> Outline:
    """The outline of a blob, kept for the next commit that shows the same blob under the same language."""
    reader = reader_of(path)
    key = (oid, reader)
    found = _cache.get(key)
    if found is None:
        found = _make(language_of(path), reader, data)
        _cache[key] = found
        if len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    else:
        _cache.move_to_end(key)
    return found


def missing_grammars(paths: Iterable[str]) -> tuple[str, ...]:
    """Programming languages among the paths that are read by lines because their grammar is not installed.

    Configuration languages are left out: their settings are read by key, with or without a tree.
    """
    from trustgate.syntax.grammars import GRAMMARS

    readers = {reader for reader in map(reader_of, paths) if reader in GRAMMARS and reader not in CONFIG_LANGUAGES}
    if not readers:
        return ()
    from trustgate.syntax.parsing import works

    return tuple(sorted(GRAMMARS[name].title or name for name in readers if not works(name)))


def _make(language: str, reader: str, data: bytes) -> Outline:
    limit = DATA_LIMIT if language in CONFIG_LANGUAGES else MARKUP_LIMIT if language == "html" else PARSE_LIMIT
    if len(data) <= limit and max(map(len, data.split(b"\n"))) <= LONG_LINE:
        from trustgate.syntax.grammars import GRAMMARS

        if reader in EMBEDDING:
            from trustgate.syntax.embedded import embedded_outline

            found = embedded_outline(reader, data)
            if found is not None:
                return found
        elif reader in GRAMMARS:
            from trustgate.syntax.parsing import parsed

            return parsed(reader, data)
    from trustgate.syntax.fallback import LineOutline

    return LineOutline(language, data)
