"""What kind of place a path is, as far as secrets go: some places are full of values that only look like secrets."""

from __future__ import annotations

from enum import Enum, auto
from posixpath import basename, splitext


class Place(Enum):
    SOURCE = auto()
    CONFIG = auto()
    """settings where values stand without quotes (`.env`, `.ini`, YAML)"""
    TEST = auto()
    DOCS = auto()
    DATA = auto()
    """lock files, snapshots, translations, style sheets, images in text form: never a guess there"""


_TEST_PARTS_TEXT = (
    "test tests testing testdata test-data test_data fixture fixtures spec specs __tests__ __mocks__ mocks e2e cypress "
    "example examples sample samples demo benchmarks integration-tests"
)
_TEST_PARTS = frozenset(_TEST_PARTS_TEXT.split())
_DOC_PARTS_TEXT = "doc docs documentation website changelog changelogs"
_DOC_PARTS = frozenset(_DOC_PARTS_TEXT.split())
_DATA_PARTS_TEXT = "locale locales i18n l10n lang langs translations messages __snapshots__ cassettes"
_DATA_PARTS = frozenset(_DATA_PARTS_TEXT.split())
_DOC_ENDS = frozenset((".md", ".mdx", ".rst", ".adoc", ".txt", ".ipynb", ".html", ".htm"))
_DATA_ENDS = frozenset(
    (".lock", ".sum", ".snap", ".po", ".pot", ".xlf", ".xliff", ".css", ".scss", ".less", ".svg", ".map", ".csv",
     ".tsv", ".ambr", ".arb", ".resx", ".strings", ".diff", ".patch")
)  # fmt: skip
_CONFIG_ENDS = frozenset(
    (".env", ".ini", ".cfg", ".conf", ".properties", ".yml", ".yaml", ".toml", ".tfvars", ".envrc")
)
_DATA_NAMES_TEXT = (
    "package-lock.json npm-shrinkwrap.json pnpm-lock.yaml go.sum cargo.lock composer.lock uv.lock models.lock"
)
_DATA_NAMES = frozenset(_DATA_NAMES_TEXT.split())


_TEST_WORDS = frozenset(("test", "tests", "testing", "fixture", "fixtures", "mock", "mocks", "example", "examples"))


def _names_tests(folder: str) -> bool:
    """True for a folder such as `unsafe-test-setups`."""
    return not _TEST_WORDS.isdisjoint(folder.replace("_", "-").replace(".", "-").split("-"))


def place_of(path: str) -> Place:
    """The place of a path, data before tests before docs before configuration."""
    lowered = path.lower()
    name = basename(lowered)
    stem, end = splitext(name)
    parts = frozenset(lowered.split("/")[:-1])
    if name in _DATA_NAMES or end in _DATA_ENDS or parts & _DATA_PARTS or ".min." in name:
        return Place.DATA
    if parts & _TEST_PARTS or is_test_name(stem) or any(map(_names_tests, parts)):
        return Place.TEST
    if parts & _DOC_PARTS or end in _DOC_ENDS or stem in ("readme", "changelog", "contributing"):
        return Place.DOCS
    if end in _CONFIG_ENDS or name.startswith((".env", "dockerfile", "docker-compose")):
        return Place.DOCS if name.endswith((".example", ".sample", ".template", ".dist")) else Place.CONFIG
    return Place.DOCS if end in (".example", ".sample", ".template", ".dist") else Place.SOURCE


def holds_settings(path: str) -> bool:
    """True where values stand without quotes: settings files, container files, shell; and for text without a path."""
    name = basename(path.lower())
    for end in (".example", ".sample", ".template", ".dist"):
        name = name.removesuffix(end)
    return (
        name == ""
        or splitext(name)[1] in _CONFIG_ENDS
        or name.startswith((".env", "dockerfile", "containerfile", "docker-compose"))
        or name.endswith((".sh", ".bash", ".npmrc", ".pypirc", ".netrc", "credentials", ".dockerfile"))
    )


def is_test_name(stem: str) -> bool:
    """True for `test_x`, `x_test`, `x.test`, `x.spec`, `conftest` (lower case, without the last suffix)."""
    return (
        stem.startswith(("test_", "test-"))
        or stem.endswith(("_test", ".test", "-test", ".spec", "_spec", ".e2e"))
        or stem in ("conftest", "tests", "test")
    )
