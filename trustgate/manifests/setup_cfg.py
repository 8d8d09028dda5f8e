"""setup.cfg: `install_requires`, `setup_requires`, `tests_require` and extras (setuptools documentation)."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import Dependency, Manifest, OpenFile, Problem, Setting, clean, host_of, normal_pypi
from trustgate.manifests.pep508 import BadRequirement, python_dependency
from trustgate.manifests.text import text_of

FORMAT = "setup.cfg"
_KEYS = {
    ("options", "install_requires"): "runtime",
    ("options", "setup_requires"): "build",
    ("options", "tests_require"): "dev",
}
_SETTINGS = {("easy_install", "index_url"): "index-url", ("easy_install", "find_links"): "find-links",
             ("options", "dependency_links"): "find-links"}  # fmt: skip
_SECTION = re.compile(r"\[([^\]\n]{1,200})\]\s*(?:[#;].*)?$")
_KEY = re.compile(r"([A-Za-z0-9_.\-]{1,200})[ \t]*[=:][ \t]*(.*)$")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError. configparser's layout: a key in the first column, its further lines indented."""
    del open_file
    found: list[Dependency] = []
    settings: list[Setting] = []
    problems: list[Problem] = []
    own: tuple[str, ...] = ()
    section = key = ""
    for number, line in enumerate(text_of(path, data).split("\n"), 1):
        text = line.strip()
        if not text or text[0] in "#;":
            continue
        header = _SECTION.match(line)
        if header:
            section, key = header[1].strip(), ""
            continue
        value = text
        if not line[0].isspace():
            match = _KEY.match(line)
            if match is None:
                problems.append(Problem(path, number, "neither a section nor a key", clean(text)))
                continue
            key, value = match[1].lower().replace("-", "_"), match[2].strip()
        group = "optional" if section == "options.extras_require" else _KEYS.get((section, key), "")
        if (section, key) == ("metadata", "name") and value:
            own = (normal_pypi(clean(value)),)
        elif (section, key) in _SETTINGS and value:
            kind = _SETTINGS[section, key]
            settings.append(Setting(kind, clean(value), clean(host_of(value)), path, number))
        elif group and value and not value.startswith("file:"):
            for part in value.split(";", 1)[:1] if ";" in value else value.split("\n"):
                _requirement(path, part.partition(" #")[0].strip(), number, group, found, problems)
    return Manifest(path, FORMAT, tuple(found), tuple(settings), tuple(problems), own=own)


def _requirement(
    path: str, text: str, number: int, group: str, found: list[Dependency], problems: list[Problem]
) -> None:
    try:
        found.append(python_dependency(text, path, number, group))
    except BadRequirement as error:
        problems.append(Problem(path, number, str(error), clean(text)))
