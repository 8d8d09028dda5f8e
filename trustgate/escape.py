"""One function for each place that text from a repository can land. Everything here takes hostile text.

A character is shown as itself when a reader can see it; anything else (ESC, C1, bidi controls, zero-width, tag
characters, lone surrogates) becomes a visible escape such as `\\x1b` or `\\u202e`. No I/O, nothing heavy imported.
"""

from __future__ import annotations

import os

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
"""printable to Python, invisible to a reader: fillers, blank Braille, variation selectors (Unicode 15.1,
Default_Ignorable_Code_Point); the supplement U+E0100-E01EF is tested by number"""
_MARKS = 4
"""combining marks in a row that are still text in some script; more is a way to draw over other lines"""
_ZWSP = "&#8203;"
"""zero-width space as an entity: ends a mention, a reference or an autolink and shows nothing"""
_BREAK = "\u200b"
"""the same before entities are made: text that was made visible holds none of its own"""


def visible(text: str, keep: str = "") -> str:
    """`text` with every character that a reader could not see written as an escape; those in `keep` are left."""
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    marks = 0
    for char in text:
        if char < "\x7f":
            marks = 0
            out.append(char if char >= " " or char in keep else _escape(char))
            continue
        marks = marks + 1 if _is_mark(char) else 0
        hidden = not char.isprintable() or char in _UNSEEN or "\U000e0100" <= char <= "\U000e01ef" or marks > _MARKS
        out.append(_escape(char) if hidden and char not in keep else char)
    return "".join(out)


def _is_mark(char: str) -> bool:
    import unicodedata

    return unicodedata.category(char) in ("Mn", "Me")


def _escape(char: str) -> str:
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def terminal(text: str) -> str:
    """One line for a terminal or a CI log. Also breaks the log commands that runners take from anywhere in a line.

    Those are `##[…]` (GitHub's first form), `##vso[…]` (Azure) and `##teamcity[…]`.
    """
    shown = visible(text)
    if "##" in shown and "[" in shown:
        import re

        shown = re.sub(r"##(?=\w{0,16}\[)", r"#\\x23", shown)
    return shown


def path(text: str) -> str:
    """A path for a terminal, reversible: a backslash that is part of the name is doubled."""
    return terminal(text.replace("\\", "\\\\"))


def annotation_data(text: str) -> str:
    """The message of a GitHub workflow command; line feeds survive as `%0A`, a carriage return is shown as `\\r`.

    Escapes as in the actions toolkit (`packages/core/src/command.ts`, escapeData).
    """
    return visible(text, "\n").replace("%", "%25").replace("\n", "%0A")


def annotation_property(text: str) -> str:
    """A property value of a GitHub workflow command (escapeProperty in the actions toolkit)."""
    return annotation_data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def environment_value(name: str, value: str) -> str:
    """The lines that set `name` in a GitHub environment file, between delimiters nobody can guess.

    Raises ValueError when `name` is not letters, digits, `_` and `-`: names are ours, never the repository's.
    """
    if not name.isascii() or not name.replace("_", "a").replace("-", "a").isalnum():
        raise ValueError(f"not a name for an output: {name!r}")
    delimiter = f"trustgate_{os.urandom(16).hex()}"
    return f"{name}<<{delimiter}\n{visible(value, chr(10))}\n{delimiter}\n"


def markdown(text: str) -> str:
    """`text` as a code span on one line: no mention, link, image, reference, emoji or HTML works inside."""
    shown = visible(text)
    if not shown.strip(" "):
        return f"`{shown}`" if shown else ""
    fence = "`" * (_longest_run(shown, "`") + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def markdown_text(text: str, *, start: bool = True) -> str:
    """`text` as prose on one line: markup shown as written, and no mention, reference, link or emoji comes alive.

    GitHub and GitLab look for mentions and references (`@team`, `#1`, `GH-1`, `!1`, `~label`, `%milestone`, `$1`, `&1`,
    commit ids) in the rendered text, so an entity alone does not stop them. `start` is False where other text stands
    before it on its line.
    """
    import re

    shown = visible(text)
    first, rest = (shown[:1], shown[1:]) if start else ("", shown)
    if first in " -+=" or first.isdigit():  # at the start of a line: a list, a rule, a heading's underline, code
        first = f"&#{ord(first)};" if first else ""
    else:
        first, rest = "", shown
    rest = re.sub(r"\b[0-9a-fA-F]{7,64}\b", lambda found: _BREAK.join(re.findall(".{1,6}", found[0])), rest)
    shown = re.sub(r"[&<>\\`*_\[\]#|~$@]", lambda found: f"&#{ord(found[0])};", rest).replace(_BREAK, _ZWSP)
    shown = re.sub(r"(&#(?:64|35|126|36|38);|[!%]|\bGH-)(?=[\w&\"])", rf"\1{_ZWSP}", shown, flags=re.IGNORECASE)
    shown = re.sub(r":(?=[/\w&])", f":{_ZWSP}", shown)
    return first + re.sub(r"\b(www)(?=\.)", rf"\1{_ZWSP}", shown, flags=re.IGNORECASE)


def markdown_block(text: str, language: str = "") -> str:
    """`text` as a fenced code block of its own lines; the fence is longer than any run of backticks inside."""
    fence = "`" * max(3, _longest_run(text, "`") + 1)
    return f"{fence}{language}\n{visible(text, chr(10) + chr(9))}\n{fence}\n"


def _longest_run(text: str, char: str) -> int:
    longest = run = 0
    for item in text:
        run = run + 1 if item == char else 0
        longest = max(longest, run)
    return longest


def html(text: str, keep: str = "") -> str:
    """`text` for HTML content and for attribute values in either kind of quotes."""
    shown = visible(text, keep)
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        shown = shown.replace(char, entity)
    return shown


def sarif_uri(text: str) -> str:
    """A path of the repository as a relative URI reference (RFC 3986); surrogates become the bytes they stand for."""
    from urllib.parse import quote

    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    uri = quote(data, safe="/")
    return "%2F" + uri[1:] if uri.startswith("/") else uri


def sarif_message(text: str) -> str:
    """A plain-text SARIF message; an embedded link (SARIF 2.1.0 section 3.11.6) comes apart."""
    return visible(text, "\n").replace("](", "] (")


def csv(text: str) -> str:
    """One quoted CSV field (RFC 4180) that no spreadsheet takes for a formula."""
    shown = visible(text)
    if shown.lstrip(" ")[:1] in ("=", "+", "-", "@"):
        shown = "'" + shown
    return '"' + shown.replace('"', '""') + '"'
