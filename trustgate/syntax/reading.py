"""From a blob to its outline: tree-sitter where there is a grammar, lines elsewhere; kept for the next commit."""

from __future__ import annotations

from collections import OrderedDict

from trustgate.syntax.outline import Outline
from trustgate.syntax.paths import language_of

LONG_LINE = 50_000
"""bytes; a file with a longer line is read by lines, since a parser's recovery from one such line can take minutes"""
CACHE_SIZE = 64
PARSE_LIMIT = 4 * 1024 * 1024
"""bytes; beyond it the line-based fallback is used, and the outline says `degraded`"""
_cache: OrderedDict[tuple[str, str], Outline] = OrderedDict()


def outline_of(oid: str, path: str, data: bytes) -> Outline:
    """The outline of a blob, kept for the next commit that shows the same blob under the same language."""
    language = language_of(path)
    key = (oid, language)
    found = _cache.get(key)
    if found is None:
        found = _make(language, data)
        _cache[key] = found
        if len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    else:
        _cache.move_to_end(key)
    return found


def _make(language: str, data: bytes) -> Outline:
    if len(data) <= PARSE_LIMIT and max(map(len, data.split(b"\n"))) <= LONG_LINE:
        from trustgate.syntax.grammars import GRAMMARS

        if language in GRAMMARS:
            from trustgate.syntax.tree import TreeOutline

            return TreeOutline(language, data)
    from trustgate.syntax.fallback import LineOutline

    return LineOutline(language, data)
