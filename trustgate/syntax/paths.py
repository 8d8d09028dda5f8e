"""What a path says about a file: its language, and whether it is test code, prose, style, data or somebody else's."""

from __future__ import annotations

import posixpath
from enum import StrEnum
from functools import lru_cache

_PROSE_NAMES = frozenset(("LICENSE", "CHANGELOG", "AUTHORS", "README", "NOTICE", "CHANGES"))


class PathKind(StrEnum):
    CODE = "code"
    CONFIG = "config"
    TEST = "test"
    PROSE = "prose"
    INERT = "inert"
    """style sheets, images, fonts, locale files, snapshots: never in a boundary"""
    VENDORED = "vendored"
    LOCK = "lock"


LANGUAGES = {
    "python": (".py", ".pyi", ".pyw"),
    "javascript": (".js", ".jsx", ".mjs", ".cjs"),
    "typescript": (".ts", ".mts", ".cts"),
    "tsx": (".tsx",),
    "go": (".go",),
    "java": (".java",),
    "bash": (".sh", ".bash", ".zsh", ".ksh"),
    "ruby": (".rb", ".rake"),
    "php": (".php",),
    "csharp": (".cs",),
    "rust": (".rs",),
    "kotlin": (".kt", ".kts"),
    "swift": (".swift",),
    "scala": (".scala", ".sc"),
    "c": (".c", ".h"),
    "cpp": (".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx"),
    "objc": (".m", ".mm"),
    "notebook": (".ipynb",),
    "perl": (".pl", ".pm"),
    "lua": (".lua",),
    "elixir": (".ex", ".exs"),
    "groovy": (".groovy", ".gradle"),
    "powershell": (".ps1", ".psm1"),
    "sql": (".sql",),
    "html": (".html", ".htm", ".vue", ".svelte", ".jinja", ".j2", ".erb", ".jelly", ".ejs", ".hbs"),
    "yaml": (".yml", ".yaml"),
    "toml": (".toml",),
    "json": (".json", ".jsonc", ".json5"),
    "ini": (".ini", ".cfg", ".conf", ".properties", ".env"),
    "xml": (".xml",),
    "hcl": (".tf", ".hcl"),
    "dockerfile": (".dockerfile",),
}
_BY_SUFFIX = {suffix: language for language, suffixes in LANGUAGES.items() for suffix in suffixes}
_BY_NAME = {
    "dockerfile": "dockerfile",
    "makefile": "bash",
    "rakefile": "ruby",
    "gemfile": "ruby",
    "jenkinsfile": "groovy",
}
CONFIG_LANGUAGES = frozenset({"yaml", "toml", "json", "ini", "xml", "hcl", "dockerfile"})
C_LIKE = frozenset(
    {
        "javascript",
        "typescript",
        "tsx",
        "go",
        "java",
        "csharp",
        "rust",
        "kotlin",
        "swift",
        "scala",
        "c",
        "cpp",
        "objc",
        "php",
        "groovy",
    }
)
"""languages whose comments are `//` and `/* */` and whose blocks are braces"""

_PROSE = (".md", ".markdown", ".rst", ".txt", ".adoc", ".tex", ".org", ".mdx")
_INERT = (
    *(".css", ".scss", ".sass", ".less", ".styl", ".svg", ".po", ".pot", ".mo", ".snap", ".csv", ".tsv", ".map"),
    *(
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".ico",
        ".webp",
        ".woff",
        ".woff2",
        ".ttf",
        ".eot",
        ".pdf",
        ".ftl",
        ".xliff",
        ".arb",
    ),
)
_TEST_FOLDERS = frozenset(
    (
        *(
            "test",
            "tests",
            "testing",
            "testdata",
            "__tests__",
            "__mocks__",
            "spec",
            "specs",
            "e2e",
            "fixture",
            "fixtures",
        ),
        *("cypress", "playwright", "test_utils", "testutils", "test-utils", "integration-test", "integration-tests"),
        *("benchmark", "benchmarks", "bench"),
    )
)
_TEST_STARTS = ("test_", "tests_", "test.", "tests.")
_TEST_ENDS = ("_test", "_tests", "_spec", ".test", ".spec", ".stories", ".cy", ".e2e", "-test", "-spec")
_TEST_TYPES = ("Test", "Tests", "TestCase", "Spec", "IT")
"""how the name of a test class ends, in languages whose files are named after their class"""
_TYPE_NAMED = (".java", ".kt", ".cs", ".scala", ".groovy", ".swift", ".php")
_VENDORED_FOLDERS = frozenset(
    ("vendor", "vendored", "_vendor", "third_party", "node_modules", "bower_components", "site-packages", ".yarn")
)
_LOCALE_FOLDERS = frozenset(("locale", "locales", "lang", "langs", "i18n", "l10n", "translation", "translations"))
_LOCALE_ENDS = (".json", ".yml", ".yaml", ".toml", ".properties", ".ts", ".js", ".py", ".php")
_DOCS_FOLDERS = frozenset(
    (
        *("doc", "docs", "documentation", "website", "changelog", "changelogs", "news", "newsfragments"),
        *("releasenotes", "release-notes"),
    )
)
_OUR_SCHEMA = ".trustgate/trustgate.schema.json"
"""what `trustgate init` writes for editors; nothing reads it, and it names every boundary"""
_LOCKS = frozenset(
    (
        *(
            "package-lock.json",
            "npm-shrinkwrap.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "uv.lock",
            "poetry.lock",
            "pdm.lock",
        ),
        *(
            "Pipfile.lock",
            "Cargo.lock",
            "go.sum",
            "Gemfile.lock",
            "composer.lock",
            "bun.lock",
            "deno.lock",
            "pylock.toml",
        ),
    )
)


@lru_cache(maxsize=20_000)
def language_of(path: str) -> str:
    """Language id of a path by its name, or the empty string."""
    name = posixpath.basename(path).lower()
    if name.startswith("dockerfile") and not name.endswith((".dockerignore", ".md")):
        return "dockerfile"
    if name.startswith(".env"):
        return "ini"
    return _BY_NAME.get(name) or _BY_SUFFIX.get(posixpath.splitext(name)[1], "")


def reader_of(path: str) -> str:
    """How a path is read: its language, or the form of a file that holds code of another language."""
    language = language_of(path)
    folder, name = posixpath.split(path.lower())
    if name.startswith("makefile"):
        return "make"  # near to shell, and no shell grammar reads it
    if language == "yaml" and (folder.endswith(".github/workflows") or name.startswith("action.y")):
        return "workflow"
    if language == "html" and name.endswith((".vue", ".svelte")):
        return "component"
    return language


@lru_cache(maxsize=20_000)
def path_kind(path: str) -> PathKind:
    """Kind of a path. Decided by the name alone: no marker inside a file can move it to a milder kind."""
    *folders, name = path.split("/")
    lowered = name.lower()
    around = {folder.lower() for folder in folders}
    if name in _LOCKS:
        return PathKind.LOCK
    if path == _OUR_SCHEMA:
        return PathKind.INERT
    if lowered.endswith(_INERT) or (lowered.endswith(_LOCALE_ENDS) and around & _LOCALE_FOLDERS):
        return PathKind.INERT
    if lowered.endswith(_PROSE) or name.upper() in _PROSE_NAMES:
        return PathKind.PROSE
    if around & _VENDORED_FOLDERS or lowered.endswith((".min.js", ".min.css")):
        return PathKind.VENDORED
    if folders and folders[-1].lower() == "dist" and lowered.endswith(".js"):
        return PathKind.VENDORED
    if around & _TEST_FOLDERS or _is_test(name):
        return PathKind.TEST
    language = language_of(path)
    if language in CONFIG_LANGUAGES:
        return PathKind.CONFIG
    if around & _DOCS_FOLDERS and language in ("", "html"):
        return PathKind.PROSE
    return PathKind.CODE


def _is_test(name: str) -> bool:
    stem, dot, suffix = name.rpartition(".")
    if name.lower().startswith(_TEST_STARTS) or name == "conftest.py":
        return True
    if dot and stem.lower().endswith(_TEST_ENDS):
        return True
    return f".{suffix}" in _TYPE_NAMED and stem.endswith(_TEST_TYPES)
