"""Git's own files in the tree: where submodules come from, and what is hidden from a diff."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.subject import Subject
from trustgate.finding import Confidence, Severity

_SECTION = re.compile(r'\s*\[submodule\s+"([^"\n]{1,300})"\]')
_VALUE = re.compile(r"\s*(url|update|path)\s*=\s*(.{0,2000}?)\s*$", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?([^/:\s]+)|(?:[\w.-]+@)?([\w.-]+):(?!/))", re.IGNORECASE)
_HIDING = re.compile(
    r"(?:^|\s)(linguist-generated(?:=true)?|linguist-vendored(?:=true)?|-diff|binary|merge=ours|export-ignore|filter=[\w-]+)"
    r"(?=\s|$)"
)
_NOT_SOURCE = re.compile(
    r"(?i)lock|\.sum$|\.snap|\.min\.|\.map$|\.(?:svg|png|jpe?g|gif|ico|webp|pdf|woff2?|ttf|otf|eot|zip|gz|jar|mp[34]|po|mo|csv|"
    r"ipynb|bin|pt|pth|onnx|gguf|safetensors|h5|parquet|webm|mov|exe|dll|so|a|wasm|psd|ai|xlsx?|docx?|pptx?|md|rst|txt)\W*$|"
    r"(?:^|/)(?:dist|build|vendor|third_party|docs?|tests?|__snapshots__|node_modules|generated|\.git\w*|\.github|\.editorconfig)"
)


def check(subject: Subject) -> Iterator[Outcome]:
    if subject.name == ".gitmodules":
        yield from _modules(subject)
    elif subject.name == ".gitattributes":
        yield from _attributes(subject)


def parse_modules(text: str) -> list[tuple[str, str, str, int]]:
    """`(submodule, key, value, 1-based line)` of every url and update of a `.gitmodules` (gitmodules(5))."""
    found, section = [], ""
    for number, line in enumerate(text.split("\n"), 1):
        if match := _SECTION.match(line):
            section = match[1]
        elif match := _VALUE.match(line):
            found.append((section, match[1].lower(), match[2].strip('"'), number))
    return found


def _host(url: str) -> str:
    match = _HOST.match(url)
    return (match[1] or match[2]).lower() if match else ""


def _modules(subject: Subject) -> Iterator[Outcome]:
    old_text, new_text = subject.texts()
    old = {(name, key): value for name, key, value, _ in parse_modules(old_text)}
    added = {line.number: line for line in subject.file.added()}
    for name, key, value, number in parse_modules(new_text):
        before = old.get((name, key), "")
        if value == before or key == "path" or number not in added:
            continue
        evidence = (f"{before or 'nothing'} -> {value}",)
        runs = key == "update" and value.startswith("!")
        hostile = key == "url" and (value.startswith(("-", "ext::", "file:", "fd::")) or "\n" in value)
        moved = key == "url" and before != "" and (_host(value) != _host(before) or _plainer(before, value))
        if runs or hostile:
            yield subject.rules.finding(
                "gitmodules-url", subject.at(added[number]), f"{name}:{value}", severity=Severity.CRITICAL,
                evidence=evidence, name=name,
            )  # fmt: skip
        elif moved:
            location = subject.at(added[number])
            yield subject.rules.finding("gitmodules-url", location, f"{name}:{value}", evidence=evidence, name=name)


def _plainer(before: str, after: str) -> bool:
    return not before.startswith(("http://", "git://")) and after.startswith(("http://", "git://"))


def _attributes(subject: Subject) -> Iterator[Outcome]:
    known = subject.texts()[0].split("\n")
    for line in subject.file.added():
        pattern = line.text.split(" ", 1)[0].split("\t", 1)[0]
        match = _HIDING.search(line.text)
        if not match or line.text.lstrip().startswith("#") or line.text in known or _NOT_SOURCE.search(pattern):
            continue
        if match[1].startswith("filter=") and match[1] != "filter=lfs":
            yield subject.rules.finding(
                "forge-attributes", subject.at(line), line.text, severity=Severity.MEDIUM,
                confidence=Confidence.MEDIUM, pattern=pattern, attribute=match[1],
            )  # fmt: skip
        elif not match[1].startswith("filter="):
            yield subject.rules.finding(
                "forge-attributes", subject.at(line), line.text, pattern=pattern, attribute=match[1]
            )
