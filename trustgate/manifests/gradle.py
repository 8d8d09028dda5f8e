"""build.gradle(.kts) and settings.gradle(.kts) by their string literals (Gradle documentation). Nothing is run."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import (
    MAVEN,
    Dependency,
    Manifest,
    OpenFile,
    Problem,
    Setting,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.text import text_of

FORMAT = "gradle"
_PARTS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = r"(?:\"([^\"\n]{1,300})\"|'([^'\n]{1,300})')"
_CALL = re.compile(
    r"\b([A-Za-z][A-Za-z0-9]{0,60})\s*\(?\s*(?:(?:enforcedPlatform|platform|project\.dependencies\.\w+|testFixtures)\s*\(\s*)?"
    + _STRING
)
_MAP = re.compile(
    r"\bgroup\s*[:=]\s*"
    + _STRING
    + r"\s*,\s*name\s*[:=]\s*"
    + _STRING
    + r"(?:\s*,\s*version\s*[:=]\s*"
    + _STRING
    + r")?"
)
_PLUGIN = re.compile(r"\bid\s*\(?\s*" + _STRING + r"\s*\)?\s*version\s*\(?\s*" + _STRING)
_URL = re.compile(r"\b(?:url|setUrl)\s*(?:=|\()?\s*(?:=\s*)?(?:uri\s*\(\s*|URI\s*\(\s*)?" + _STRING)
_MAVEN = re.compile(r"\bmaven\s*\(\s*(?:url\s*=\s*)?(?:uri\s*\(\s*)?" + _STRING)
_COORDINATE = re.compile(
    r"([A-Za-z0-9_.\-]{1,200}):([A-Za-z0-9_.\-]{1,200})(?::([^:@\s]{1,100}))?(?::[^:@\s]*)?(?:@\w+)?$"
)
_VARIABLE = re.compile(
    r"^\s*(?:def|val|var|ext\.|set\s*\(|extra\[)?\s*[\"']?(\w{1,80})[\"']?\s*\]?\s*[=,]\s*" + _STRING, re.MULTILINE
)
_HOLE = re.compile(r"\$\{?([A-Za-z_][\w.]{0,100})\}?")
_NO_CONFIGURATIONS = frozenset("url setUrl uri id maven println exclude project file files group name".split())  # noqa: SIM905
_DEV = ("test", "lint", "mock", "benchmark")
LINE_LIMIT = 4000


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError over the size limit. Accessors of a version catalog (`libs.x`) are read in the catalog."""
    del open_file
    text = _PARTS.sub(_kept, text_of(path, data))
    variables = {match[1]: match[2] or match[3] for match in _VARIABLE.finditer(text)}
    found: list[Dependency] = []
    settings: list[Setting] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_LIMIT:
            problems.append(Problem(path, number, f"a line of over {LINE_LIMIT} characters", clean(line[:80])))
            continue
        for match in _PLUGIN.finditer(line):
            name, version = match[1] or match[2], match[3] or match[4]
            found.append(_entry(path, number, f"{name}:{name}.gradle.plugin", _filled(version, variables), "build"))
        for match in _MAP.finditer(line):
            name = f"{match[1] or match[2]}:{match[3] or match[4]}"
            found.append(_entry(path, number, name, _filled(match[5] or match[6] or "", variables), _group(line)))
        for match in _CALL.finditer(line):
            coordinate = _COORDINATE.match(_filled(match[2] or match[3], variables))
            if coordinate and match[1] not in _NO_CONFIGURATIONS:
                name = f"{coordinate[1]}:{coordinate[2]}"
                found.append(_entry(path, number, name, coordinate[3] or "", _group(match[1])))
        for match in (*_URL.finditer(line), *_MAVEN.finditer(line)):
            place = match[1] or match[2]
            if "://" in place:
                shown = clean(bare_address(place))
                settings.append(Setting("repository", shown, clean(host_of(place)), path, number))
    return Manifest(path, FORMAT, tuple(dict.fromkeys(found)), tuple(dict.fromkeys(settings)), tuple(problems))


def _kept(part: re.Match[str]) -> str:
    return part[0] if part[0][0] in "\"'" else re.sub(r"[^\n]", " ", part[0])


def _filled(text: str, variables: dict[str, str]) -> str:
    return _HOLE.sub(lambda hole: variables.get(hole[1].rpartition(".")[2], hole[0])[:200], text)


def _group(configuration: str) -> str:
    name = configuration.lower()
    if name in ("classpath", "kapt", "ksp", "annotationprocessor"):
        return "build"
    return "dev" if any(word in name for word in _DEV) else "runtime"


def _entry(path: str, line: int, name: str, version: str, group: str) -> Dependency:
    shown, spec = clean(name), clean(version)
    exact = "" if any(mark in spec for mark in "$+[(,") or "latest." in spec else spec
    return Dependency(MAVEN, shown, shown, spec, path, line, exact, group=group)
