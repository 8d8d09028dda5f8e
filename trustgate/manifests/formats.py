"""Which file is which manifest, by name. The one place to touch when a format is added, besides its own module."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from trustgate.manifests.dependency import Dependency, Manifest, OpenFile


class Format(NamedTuple):
    module: str
    """module of this package with `read(path, data, open_file) -> Manifest`; empty where the format is not read yet"""
    ecosystem: str
    lock: bool = False


_BY_NAME = {
    "pyproject.toml": Format("pyproject", "pypi"),
    "package.json": Format("package_json", "npm"),
    "package-lock.json": Format("package_lock", "npm", lock=True),
    "npm-shrinkwrap.json": Format("package_lock", "npm", lock=True),
    "uv.lock": Format("uv_lock", "pypi", lock=True),
    "poetry.lock": Format("poetry_lock", "pypi", lock=True),
}
_UNREAD = {
    "pypi": ("setup.py", "setup.cfg", "Pipfile", "Pipfile.lock", "pdm.lock", "pylock.toml", "pylock.*.toml", "uv.toml",
             "pip.conf", "pip.ini", "pixi.toml", "pixi.lock"),
    "conda": ("environment.yml", "environment.yaml", "conda-lock.yml"),
    "npm": ("yarn.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml", "bun.lock", "bun.lockb", "deno.json", "deno.jsonc",
            "deno.lock", "bower.json", ".npmrc", ".yarnrc", ".yarnrc.yml", "jsr.json"),
    "cargo": ("Cargo.toml", "Cargo.lock"),
    "golang": ("go.mod", "go.sum", "go.work"),
    "gem": ("Gemfile", "Gemfile.lock", "gems.rb", "gems.locked", "*.gemspec"),
    "maven": ("pom.xml", "build.gradle", "build.gradle.kts", "gradle.lockfile", "libs.versions.toml"),
    "composer": ("composer.json", "composer.lock"),
    "nuget": ("packages.config", "packages.lock.json", "*.csproj", "*.fsproj", "Directory.Packages.props"),
    "other": ("mix.exs", "mix.lock", "Package.swift", "Package.resolved", "Podfile", "Podfile.lock", "pubspec.yaml",
              "pubspec.lock", "rebar.config", "rebar.lock", "flake.lock"),
}  # fmt: skip
_UNREAD_NAMES = {name: kind for kind, names in _UNREAD.items() for name in names if "*" not in name}
_UNREAD_PATTERNS = [(name, kind) for kind, names in _UNREAD.items() for name in names if "*" in name]
_VENDORED = ("node_modules/", "site-packages/", "_vendor/", "vendor/", "third_party/")


def format_of(path: str) -> Format | None:
    """The format of a path, None where it is no manifest that we know. Vendored copies are code, not requests."""
    name = path.rpartition("/")[2]
    if any(path.startswith(folder) or f"/{folder}" in path for folder in _VENDORED):
        return None
    found = _BY_NAME.get(name)
    if found:
        return found
    if name in _UNREAD_NAMES:
        return Format("", _UNREAD_NAMES[name], lock=name.endswith(("lock", ".sum", "lock.json", "lock.yaml")))
    if name.endswith((".txt", ".in", ".pip")) and _is_requirements(path.lower()):
        return Format("requirements", "pypi")
    for pattern, kind in _UNREAD_PATTERNS:
        if fnmatchcase(name, pattern):
            return Format("", kind)
    return None


def _is_requirements(path: str) -> bool:
    """`requirements.txt`, `dev-requirements.in`, `requirements_test.txt`, `constraints.txt`, `requirements/a.txt`."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    words = stem.replace("_", "-").replace(".", "-").split("-")
    return "requirements" in words or "constraints" in words or folder.rpartition("/")[2] == "requirements"


def may_be_requirements(path: str) -> bool:
    """Whether a file of no known name could be a requirements file that another one includes; its text decides."""
    return path.endswith((".txt", ".in", ".pip")) and format_of(path) is None and "CMakeLists" not in path


def load_manifest(path: str, data: bytes, open_file: OpenFile, form: Format | None = None) -> Manifest:
    """Everything a manifest says. Raises ManifestError, also for a path whose format is not read."""
    from importlib import import_module

    from trustgate.manifests.dependency import ManifestError

    chosen = form or format_of(path)
    if chosen is None or not chosen.module:
        raise ManifestError(path, "format not read yet")
    read = import_module(f"trustgate.manifests.{chosen.module}").read
    manifest: Manifest = read(path, data, open_file)
    return manifest


def read_manifest(path: str, data: bytes, open_file: OpenFile) -> tuple[Dependency, ...]:
    """The dependencies of a manifest. Raises ManifestError."""
    return load_manifest(path, data, open_file).dependencies
