"""Gemfile, gems.rb and gemspecs by their literals (Bundler and RubyGems documentation). Ruby is not run."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import (
    GEM,
    Dependency,
    Hook,
    Manifest,
    OpenFile,
    Problem,
    Setting,
    SourceKind,
    bare_address,
    clean,
    host_of,
    pinned_version,
)
from trustgate.manifests.text import text_of

FORMAT = "Gemfile"
_GEM = re.compile(r"gem[ (]\s*(?:\"([^\"#]{1,200})\"|'([^']{1,200})')(.*)")
_ADDED = re.compile(
    r"[\w.]{1,60}\.add_(runtime_|development_)?dependency[ (]\s*(?:\"([^\"#]{1,200})\"|'([^']{1,200})')(.*)"
)
_COMPUTED = re.compile(r"(?:gem[ (]\s*|[\w.]{1,60}\.add_(?:runtime_|development_)?dependency[ (]\s*)[^\s\"'=(]")
_STRING = re.compile(r"\"([^\"]{0,500})\"|'([^']{0,500})'")
_OPTION = re.compile(
    r"[:\"']?\b(git|github|gist|bitbucket|path|source|ref|tag|branch|group|groups)[\"']?\s*(?:=>|:)\s*(\[[^\]]{0,200}\]|\S{1,500})"
)
_BLOCK = re.compile(r"(group|source|git|path|platforms?|install_if)\b\s*\(?(.*?)\)?\s+do\b")
_SOURCE = re.compile(r"source[ (]\s*(?:\"([^\"]{1,300})\"|'([^']{1,300})'|:(\w+))")
_EXTENSIONS = re.compile(r"[\w.]{1,60}\.extensions\s*(?:=|<<|\+=)")
_LINE = 2000
_DEV = ("dev", "test", "lint", "doc")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError over the size limit. What is computed is named as such."""
    del open_file
    found: list[Dependency] = []
    settings: list[Setting] = []
    problems: list[Problem] = []
    blocks: list[tuple[str, str]] = []
    hooks: list[Hook] = []
    for number, text in _statements(text_of(path, data)):
        block = _BLOCK.match(text)
        if block:
            blocks.append((block[1], block[2]))
        elif re.search(r"\bdo(?:\s*\|[^|]*\|)?$", text) or re.match(r"(?:if|unless|case|begin|def|while)\b", text):
            blocks.append(("", ""))
        elif text == "end" and blocks:
            blocks.pop()
        source = _SOURCE.match(text)
        if source:
            place = source[1] or source[2] or source[3]
            settings.append(Setting("source", clean(bare_address(place)), clean(host_of(place)), path, number))
        match = _GEM.match(text)
        added = _ADDED.match(text)
        if match:
            found.append(_entry(path, number, match[1] or match[2], match[3], blocks))
        elif added:
            group = "dev" if added[1] == "development_" else "runtime"
            made = _entry(path, number, added[2] or added[3], added[4], [])
            found.append(made._replace(group=group))
        elif _EXTENSIONS.match(text):
            hooks.append(Hook("extensions", clean(text), path, number))
        elif _COMPUTED.match(text):
            problems.append(Problem(path, number, "a gem whose name is computed", clean(text), choice=True))
    return Manifest(path, FORMAT, tuple(found), tuple(settings), tuple(problems), hooks=tuple(hooks))


def _statements(text: str) -> list[tuple[int, str]]:
    """(line, statement): lines that end in a comma are joined with the next one; comments are left out."""
    found: list[tuple[int, str]] = []
    parts: list[str] = []
    start = 0
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("=begin", "=end")):
            inside = line.startswith("=begin")
            continue
        content = _uncommented(line[:_LINE]).strip()
        if inside or not content or content == "__END__":
            if content == "__END__":
                break
            continue
        start = start if parts else number
        parts.append(content)
        if not content.endswith((",", "\\")) or len(parts) > 30:
            found.append((start, " ".join(parts)))
            parts = []
    if parts:
        found.append((start, " ".join(parts)))
    return found


def _uncommented(line: str) -> str:
    if "#" not in line:
        return line
    quote = ""
    for index, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#":
            return line[:index]
    return line


def _entry(path: str, line: int, name: str, rest: str, blocks: list[tuple[str, str]]) -> Dependency:
    options = {key: value.strip("\"',") for key, value in _OPTION.findall(rest)}
    plain = _OPTION.sub("", rest)
    specs = [first or second for first, second in _STRING.findall(plain.split("=>")[0])]
    group = options.get("group", options.get("groups", ""))
    kind, source = SourceKind.REGISTRY, ""
    for opened, argument in blocks:
        if opened == "group":
            group = argument
        string = _STRING.search(argument)
        if string and opened in ("git", "path", "source"):
            options.setdefault(opened, string[1] or string[2])
    ref = options.get("ref") or options.get("tag") or options.get("branch")
    if "git" in options:
        kind, source = SourceKind.GIT, bare_address(options["git"])
    elif "github" in options:
        kind, source = SourceKind.GIT, f"https://github.com/{options['github']}"
    elif "gist" in options or "bitbucket" in options:
        kind, source = SourceKind.GIT, options.get("gist") or options["bitbucket"]
    elif "path" in options:
        kind, source = SourceKind.PATH, options["path"]
    elif "source" in options:
        kind, source = SourceKind.INDEX, bare_address(options["source"])
    if kind is SourceKind.GIT and ref:
        source = f"{source}#{ref}"
    spec = ", ".join(specs)
    return Dependency(
        ecosystem=GEM,
        name=clean(name),
        raw_name=clean(name),
        spec=clean(spec),
        manifest=path,
        line=line,
        version=clean(pinned_version(spec)),
        source_kind=kind,
        source=clean(source),
        host=clean(host_of(source)) if kind is SourceKind.GIT else "",
        group="dev" if any(word in group for word in _DEV) else "runtime",
    )
