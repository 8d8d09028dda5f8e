"""What the head of a change has that explains an import: its own modules, its manifests, its build settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from trustgate.changes.changeset import ABSENT, ChangeSet
from trustgate.errors import CannotJudge
from trustgate.manifests.dependency import NPM, PYPI, normal_pypi
from trustgate.manifests.formats import Format, format_of, load_manifest

MANIFESTS = 120
"""manifests that are read"""
TEXTS = 60
"""further files in which the name of a package is looked for"""
NEIGHBOURS = 150
"""source files of the base that are read to find out whether the repository imports a package already"""
TEXT_LIMIT = 512 * 1024
"""bytes of one of those"""
_MODULES = (".py", ".pyi", ".pyx", ".so", ".pyd", ".ipynb")
_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".d.ts")
_SETTINGS = frozenset((".npmrc", ".yarnrc", ".yarnrc.yml", "pip.conf", "pip.ini", "uv.toml", "bower.json", "jsr.json"))
_ECOSYSTEMS = {PYPI: (PYPI, "conda"), NPM: (NPM, "jsr")}
_INSTALLS = re.compile(
    r"(?:^|/)(?:tox\.ini|noxfile\.py|[^/]*Dockerfile[^/]*|[Mm]akefile|justfile|Taskfile\.ya?ml|setup\.py|conda\.ya?ml|meta\.ya?ml"
    r"|\.gitlab-ci\.yml|azure-pipelines\.yml|\.travis\.yml|\.pre-commit-config\.yaml|BUILD|BUILD\.bazel|shell\.nix|flake\.nix)$"
    r"|^\.(?:github|circleci)/.*\.ya?ml$|\.sh$|(?:^|/)(?:env|environment)[^/]*\.ya?ml$"
)
"""files whose commands install packages"""
_ALIASES = re.compile(
    r"(?:^|/)(?:[tj]sconfig[^/]*\.json|(?:vite|vitest|webpack|rollup|jest|babel|next|nuxt|svelte|metro|astro|rspack|craco|esbuild|karma|gulpfile)"
    r"[^/]*\.(?:[cm]?[jt]s|json)|\.babelrc|deno\.jsonc?|importmap\.json|import_map\.json|angular\.json|package\.json)$"
)
"""files that give an import another meaning (path aliases, import maps)"""


class Declared(NamedTuple):
    names: frozenset[str]
    """of one ecosystem, normalised for PyPI"""
    above: bool
    """whether a manifest that was read stands in the folder of the file or above it"""
    unread: tuple[str, ...] = ()
    """manifests that could not be read"""


class Project:
    """The head tree of one change, read on demand."""

    def __init__(self, change: ChangeSet) -> None:
        self._change = change
        self._declared: dict[str, tuple[list[tuple[str, frozenset[str]]], list[str]]] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        gone = {item.old_path for item in self._change.files if item.new_id == ABSENT or item.old_path != item.path}
        new = {item.path for item in self._change.files if item.new_id != ABSENT}
        return (self._change.base_paths() - gone) | new

    # ------------------------------------------------------------------ modules of the repository's own

    def has_module(self, ecosystem: str, root: str) -> bool:
        """Whether a file or folder of the repository can be what an import of `root` means."""
        return root in (self._python_modules if ecosystem == PYPI else self._script_modules)

    @cached_property
    def _python_modules(self) -> frozenset[str]:
        return frozenset(_modules(self.paths, _MODULES))

    @cached_property
    def _script_modules(self) -> frozenset[str]:
        return frozenset(_modules(self.paths, _SCRIPTS))

    # ------------------------------------------------------------------ manifests

    def declared(self, ecosystem: str, path: str) -> Declared:
        """Names that any manifest of the repository has. Whether one stands above `path` is said beside them."""
        if ecosystem not in self._declared:
            self._declared[ecosystem] = self._read(ecosystem)
        read, unread = self._declared[ecosystem]
        names: set[str] = set()
        above = False
        for place, found in read:
            names |= found
            folder = posixpath.dirname(place)
            if posixpath.basename(folder).startswith("requirement"):
                folder = posixpath.dirname(folder)
            above = above or not folder or path.startswith(f"{folder}/")
        return Declared(frozenset(names), above, tuple(unread))

    def _read(self, ecosystem: str) -> tuple[list[tuple[str, frozenset[str]]], list[str]]:
        forms: list[tuple[int, str, Format]] = []
        for path in self.paths:
            form = format_of(path)
            if form and form.ecosystem in _ECOSYSTEMS[ecosystem] and posixpath.basename(path) not in _SETTINGS:
                forms.append((path.count("/") + 10 * form.lock, path, form))
        read: list[tuple[str, frozenset[str]]] = []
        unread: list[str] = []
        for _, path, form in sorted(forms)[:MANIFESTS]:
            data = self._change.head_file(path)
            if data is None:
                continue
            try:
                manifest = load_manifest(path, data, self._change.head_file, form)
            except CannotJudge:
                unread.append(path)
                continue
            names = {item.name for item in manifest.dependencies} | {item.raw_name for item in manifest.dependencies}
            names |= set(manifest.own)
            read.append((path, frozenset(map(normal_pypi, names) if ecosystem == PYPI else names)))
        if len(forms) > MANIFESTS:
            unread.append(f"{len(forms) - MANIFESTS} more manifests")
        return read, unread

    # ------------------------------------------------------------------ the rest of the repository

    def installs(self, names: frozenset[str]) -> bool:
        """Whether a file with install commands (CI, container, task runner) has one of the names as a word."""
        return self._mentions(
            _INSTALLS,
            re.compile("|".join(rf"(?<![\w.-]){re.escape(name)}(?![\w-])" for name in sorted(names)), re.IGNORECASE),
        )

    def aliased(self, root: str) -> bool:
        """Whether build settings name `root` between quotes: a path alias, or an import map."""
        return self._mentions(_ALIASES, re.compile(rf"[\"'`^]{re.escape(root)}(?:[\"'`/$(]|\b)"))

    def _mentions(self, kind: re.Pattern[str], word: re.Pattern[str]) -> bool:
        wanted = sorted((path for path in self.paths if kind.search(path)), key=lambda path: (path.count("/"), path))
        return any(word.search(text) for text in self._texts(wanted[:TEXTS]))

    def imports_already(self, path: str, suffixes: tuple[str, ...], statement: re.Pattern[str]) -> bool:
        """Whether another file of the base, the nearest first, has such an import."""
        base = self._change.base_paths()
        folder = posixpath.dirname(path)
        others = sorted(
            (other for other in base if other.endswith(suffixes) and other != path),
            key=lambda other: (-len(posixpath.commonprefix((folder, other))), other.count("/"), other),
        )
        for other in others[:NEIGHBOURS]:
            data = self._change.base_file(other)
            if data is not None and len(data) <= TEXT_LIMIT and statement.search(data.decode("utf-8", "replace")):
                return True
        return False

    def _texts(self, paths: list[str]) -> Iterator[str]:
        for path in paths:
            data = self._change.head_file(path)
            if data is not None and len(data) <= TEXT_LIMIT:
                yield data.decode("utf-8", "replace")


def _modules(paths: frozenset[str], suffixes: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        if path.endswith(suffixes):
            folder, _, name = path.rpartition("/")
            found.add(name.partition(".")[0])
            folders.add(folder)
    for folder in folders:
        found.update(folder.split("/"))
    return found
