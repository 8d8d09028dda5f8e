"""Outline of any text by lines: comments by the language's marks, symbols by headers, extent by braces or indentation.

Less exact than a tree and never blind: calls, settings, early exits and annotations are read by linear patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from trustgate.syntax.outline import LINE_LIMIT, Argument, Call, Detail, Guard, Marker, Scope, Setting, Span, Text
from trustgate.syntax.paths import C_LIKE, CONFIG_LANGUAGES

_HEADER = re.compile(
    r"^\s*(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|override|sealed|open|pub|data|"
    r"virtual|inline|suspend|unsafe|extern|partial|synchronized)\s+)*"
    r"(?:(?P<kind>class|interface|struct|enum|trait|impl|module|namespace|object|record|def|func|fn|function|fun|sub|defp|"
    r"defmodule|resource|data|module)\s+(?:\([^)]{0,80}\)\s*)?[\"']?(?P<name>[A-Za-z_$][\w$.:]*)"
    r"|(?:[\w<>\[\],.?&*:]+\s+){1,3}(?P<method>[A-Za-z_$][\w$]*)\s*\([^;]{0,300}$)"
)
_CLASSES = frozenset(
    {"class", "interface", "struct", "enum", "trait", "impl", "module", "namespace", "object", "record"}
)
_NOT_NAMES = frozenset(
    {"if", "for", "while", "switch", "return", "catch", "else", "new", "throw", "in", "do", "await", "foreach"}
)
_CALL = re.compile(
    r"(?<![\w$])(?P<name>[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*){0,8}[!?]?)\s*\((?P<args>[^()]{0,200})"
)
_SETTING = re.compile(
    r"(?<![\w$.\-])(?P<name>[A-Za-z_$@\"'][\w$.\-\"']{0,80})\s*(?:=(?![=~>])|:(?![:/])|\s=>\s)\s*(?P<value>[^;,\n]{1,200})"
)
_IF = re.compile(r"^\s*(?:}\s*)?(?:if|unless|guard|elsif|else if)\b\s*(?P<condition>.{1,400})")
_EXIT = re.compile(
    r"\b(?P<word>throw|raise|return|abort|panic|die|exit|halt|revert|reject|redirect_to|render_403|fail)\b"
)
_MARK = re.compile(r"^\s*(?:@|#\[|\[)(?P<name>[A-Za-z_][\w.:]*)(?P<rest>[^\n]{0,200})")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}'")
LOOKS = 1_000_000
"""lines looked at for the ends of symbols, in all; a tower of headers would take the square of its height"""
_DASHES = frozenset({"sql", "lua"})


class LineOutline:
    """An outline made of lines. `degraded` because extents and nesting are guessed."""

    degraded = True

    def __init__(self, language: str, data: bytes) -> None:
        self.language = language
        self._lines = data.decode("utf-8", "surrogateescape").split("\n")
        self.imports: dict[str, str] = {}
        self._looks = LOOKS

    @cached_property
    def _code(self) -> tuple[list[str], frozenset[int]]:
        """Each line without its comments (cut to LINE_LIMIT), and the numbers of the lines that are comment only."""
        slashes = self.language in C_LIKE
        dashes = self.language in _DASHES
        code: list[str] = []
        comments: set[int] = set()
        block = ""
        for number, raw in enumerate(self._lines, 1):
            line = raw[:LINE_LIMIT]
            bare = line.strip()
            if block:
                end = line.find(block)
                line, block = (line[end + len(block) :], "") if end >= 0 else ("", block)
            elif slashes and bare.startswith("/*"):
                line, block = (line.split("*/", 1)[1], "") if "*/" in line else ("", "*/")
            elif bare.startswith("<!--"):
                line, block = (line.split("-->", 1)[1], "") if "-->" in line else ("", "-->")
            elif (
                (slashes and bare.startswith(("//", "*")))
                or (dashes and bare.startswith("--"))
                or (not slashes and bare.startswith("#") and not bare.startswith("#["))
            ):
                line = ""
            if bare and not line.strip():
                comments.add(number)
            code.append(self._cut_comment(line, slashes))
        return code, frozenset(comments)

    def _cut_comment(self, line: str, slashes: bool) -> str:
        mark = " //" if slashes else " #"
        cut = line.find(mark)
        while cut >= 0:
            if line.count('"', 0, cut) % 2 == 0 and line.count("'", 0, cut) % 2 == 0:
                return line[:cut]
            cut = line.find(mark, cut + 1)
        return line

    @cached_property
    def cut_lines(self) -> frozenset[int]:
        return frozenset(n for n, line in enumerate(self._lines, 1) if len(line) > LINE_LIMIT)

    @cached_property
    def import_lines(self) -> frozenset[int]:
        heads = ("import ", "from ", "#include", "using ", "use ", "require ", "package ", "require_relative ")
        code = self._code[0]
        return frozenset(n for n, line in enumerate(code, 1) if line.lstrip().startswith(heads) and "(" not in line)

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        if self.language in CONFIG_LANGUAGES or not self.language:
            return self._sections()
        code = self._code[0]
        scopes: list[Scope] = []
        for number, line in enumerate(code, 1):
            found = _HEADER.match(line[:1000]) if line[:1] else None
            if not found or line.rstrip().endswith(";"):
                continue
            name = found["name"] or found["method"] or ""
            if name in _NOT_NAMES or (found["method"] and line.split()[0] in _NOT_NAMES):
                continue
            kind = "class" if found["kind"] in _CLASSES else "function"
            markers = self._markers_above(number)
            start = min([number, *(m.span.line for m in markers)])
            scopes.append(Scope(name, kind, start, self._extent(number), markers))
        return tuple(scopes)

    def _sections(self) -> tuple[Scope, ...]:
        """Keys that have indented lines below them (YAML, TOML headers, HCL), as symbols."""
        scopes = []
        code = self._code[0]
        for number, line in enumerate(code, 1):
            bare = line.strip()
            if bare.startswith("[") and bare.endswith("]"):
                end = number
                while end < len(code) and not code[end].lstrip().startswith("["):
                    end += 1
                scopes.append(Scope(bare.strip("[]")[:80], "variable", number, end))
            elif bare.endswith((":", "{", "[")) and len(bare) < 120:
                name = bare.rstrip(":{[ ").strip("\"'- ").split(":")[0].strip("\"'")
                end = self._extent(number)
                if name and end > number:
                    scopes.append(Scope(name, "variable", number, end))
        return tuple(scopes)

    def _extent(self, number: int) -> int:
        """Last line of the symbol whose header stands on `number`: by indentation, which braces follow in practice."""
        header = self._lines[number - 1]
        indent = len(header) - len(header.lstrip())
        last = number
        for index in range(number, min(len(self._lines), number + min(3000, self._looks))):
            self._looks -= 1
            line = self._lines[index]
            bare = line.strip()
            if not bare:
                continue
            if len(line) - len(line.lstrip()) <= indent and not bare.startswith(("{", ")", "#", "//", "*")):
                return index + 1 if bare[0] in "}]" or bare == "end" else last
            last = index + 1
        return last

    def _markers_above(self, number: int) -> tuple[Marker, ...]:
        markers = []
        for index in range(number - 2, max(number - 8, -1), -1):
            found = _MARK.match(self._lines[index][:LINE_LIMIT])
            if not found:
                break
            line = self._lines[index]
            span = Span(index + 1, len(line) - len(line.lstrip()), index + 1, len(line.rstrip()))
            markers.append(Marker(found["name"], line.strip(), span))
        return tuple(reversed(markers))

    def detail(self, ranges: Iterable[tuple[int, int]]) -> Detail:
        code, comment_lines = self._code
        calls: list[Call] = []
        guards: list[Guard] = []
        settings: list[Setting] = []
        strings: list[Text] = []
        comments: list[Text] = []
        wanted = sorted({n for first, last in ranges for n in range(max(first, 1), min(last, len(code)) + 1)})
        for number in wanted:
            line = code[number - 1]
            if number in comment_lines:
                raw = self._lines[number - 1]
                comments.append(Text(raw.strip()[:LINE_LIMIT], Span(number, 0, number, len(raw))))
                continue
            if not line.strip():
                continue
            for found in _STRING.finditer(line):
                strings.append(Text(found[0], Span(number, found.start(), number, found.end())))
            calls += self._calls(number, line)
            for found in _SETTING.finditer(line):
                name = found["name"].strip("\"'@")
                span = Span(number, found.start(), number, found.end())
                settings.append(Setting(name, found["value"].strip(), span, number))
            guard = self._guard(number, line)
            if guard is not None:
                guards.append(guard)
        return Detail(tuple(calls), tuple(guards), tuple(settings), tuple(strings), tuple(comments))

    def _calls(self, number: int, line: str) -> Iterable[Call]:
        bare = line.strip()
        for found in _CALL.finditer(line):
            name = found["name"].replace("::", ".").replace("->", ".").replace("?.", ".")
            if name in _NOT_NAMES or name in ("function", "sizeof", "defined"):
                continue
            arguments = []
            at = Span(number, found.start("args"), number, found.start("args"))
            for part in found["args"].split(","):
                key, equals, value = part.partition("=")
                if equals and (key := key.strip()).isidentifier():
                    arguments.append(Argument(key, value.strip(), at))
                else:
                    arguments.append(Argument("", part.strip(), at))
            statement = bare.startswith(found["name"]) and bare.endswith((")", ");"))
            yield Call(
                name,
                tuple(arguments),
                line[found.start() :][:400],
                Span(number, found.start(), number, found.end()),
                statement,
            )

    def _guard(self, number: int, line: str) -> Guard | None:
        found = _IF.match(line)
        if not found:
            postfix = re.match(
                r"^\s*(?P<word>raise|return|redirect_to|abort|halt)\b.{0,200}\b(?:if|unless)\b(?P<condition>.{1,200})",
                line,
            )
            if not postfix:
                return None
            return Guard(postfix["condition"].strip(), postfix["word"], Span(number, 0, number, len(line)), number)
        for ahead in range(4):
            if number - 1 + ahead >= len(self._code[0]):
                return None
            text = self._code[0][number - 1 + ahead]
            leaving = _EXIT.search(text)
            if leaving:
                end = number + ahead
                return Guard(found["condition"].strip(" {:"), leaving["word"], Span(number, 0, end, len(text)), number)
            if ahead and text.strip().startswith("}"):
                return None
        return None
