"""Which file is which manifest, by name. The one place to touch when a format is added, besides its own module."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from trustgate.record import NamedTuple

if TYPE_CHECKING:
    from trustgate.manifests.dependency import Dependency, Manifest, OpenFile


class Format(NamedTuple):
    module: str
    """module of this package with `read(path, data, open_file) -> Manifest`; empty where the format is not read"""
    ecosystem: str
    """the ecosystem of its entries, `any` where they say it one by one, `settings` where there are none"""
    lock: bool = False
    quiet: bool = False
    """a file of this name may be something else altogether, such as binary: then it is left alone"""

    @property
    def rank(self) -> int:
        """Order in which the manifests of a base are read: hand-written ones, locks, scripts."""
        return 1 if self.lock else 2 if self.ecosystem == "any" else 0


_WORKFLOW, _SCRIPT = Format("workflow", "any"), Format("scripts", "any")
_HOOK, _SETTINGS = Format("install_hooks", "settings", quiet=True), Format("toml_settings", "settings")
_BY_NAME = {
    "pyproject.toml": Format("pyproject", "pypi"),
    "Pipfile": Format("pipfile", "pypi"),
    "setup.cfg": Format("setup_cfg", "pypi"),
    "setup.py": Format("setup_py", "pypi"),
    "environment.yml": Format("environment_yml", "any"),
    "environment.yaml": Format("environment_yml", "any"),
    "uv.lock": Format("uv_lock", "pypi", lock=True),
    "poetry.lock": Format("poetry_lock", "pypi", lock=True),
    "pdm.lock": Format("pdm_lock", "pypi", lock=True),
    "pylock.toml": Format("pylock", "pypi", lock=True),
    "Pipfile.lock": Format("pipfile_lock", "pypi", lock=True),
    "pip.conf": Format("pip_conf", "settings"),
    "pip.ini": Format("pip_conf", "settings"),
    "uv.toml": _SETTINGS,
    "package.json": Format("package_json", "npm"),
    "package-lock.json": Format("package_lock", "npm", lock=True),
    "npm-shrinkwrap.json": Format("package_lock", "npm", lock=True),
    "yarn.lock": Format("yarn_lock", "npm", lock=True),
    "pnpm-lock.yaml": Format("pnpm_lock", "npm", lock=True),
    "pnpm-workspace.yaml": Format("pnpm_workspace", "npm"),
    "bun.lock": Format("bun_lock", "npm", lock=True),
    "deno.json": Format("deno_json", "any"),
    "deno.jsonc": Format("deno_json", "any"),
    "deno.lock": Format("deno_lock", "npm", lock=True),
    ".npmrc": Format("npmrc", "settings"),
    ".yarnrc": Format("npmrc", "settings"),
    ".yarnrc.yml": Format("yarnrc_yml", "npm"),
    "bunfig.toml": _SETTINGS,
    "Cargo.toml": Format("cargo_toml", "cargo"),
    "Cargo.lock": Format("cargo_lock", "cargo", lock=True),
    "go.mod": Format("go_mod", "golang"),
    "go.work": Format("go_mod", "golang"),
    "go.sum": Format("go_sum", "golang", lock=True),
    "go.work.sum": Format("go_sum", "golang", lock=True),
    "Gemfile": Format("gemfile", "gem"),
    "gems.rb": Format("gemfile", "gem"),
    "Gemfile.lock": Format("gemfile_lock", "gem", lock=True),
    "gems.locked": Format("gemfile_lock", "gem", lock=True),
    ".gemrc": Format("gemrc", "settings"),
    "pom.xml": Format("pom", "maven"),
    "build.gradle": Format("gradle", "maven"),
    "build.gradle.kts": Format("gradle", "maven"),
    "settings.gradle": Format("gradle", "maven"),
    "settings.gradle.kts": Format("gradle", "maven"),
    "gradle.lockfile": Format("gradle_lock", "maven", lock=True),
    "buildscript-gradle.lockfile": Format("gradle_lock", "maven", lock=True),
    "libs.versions.toml": Format("version_catalog", "maven"),
    ".pre-commit-config.yaml": Format("pre_commit", "any"),
    ".pre-commit-config.yml": Format("pre_commit", "any"),
    "action.yml": _WORKFLOW,
    "action.yaml": _WORKFLOW,
    ".gitlab-ci.yml": _WORKFLOW,
    ".travis.yml": _WORKFLOW,
    "azure-pipelines.yml": _WORKFLOW,
    "bitbucket-pipelines.yml": _WORKFLOW,
    "Makefile": _SCRIPT,
    "makefile": _SCRIPT,
    "GNUmakefile": _SCRIPT,
    "justfile": _SCRIPT,
    "Dockerfile": _SCRIPT,
    "Containerfile": _SCRIPT,
    "build.rs": _HOOK,
    "binding.gyp": _HOOK,
}
_BY_SUFFIX = {
    ".sh": _SCRIPT,
    ".bash": _SCRIPT,
    ".mk": _SCRIPT,
    ".dockerfile": _SCRIPT,
    ".gemspec": Format("gemfile", "gem"),
    ".pth": _HOOK,
    ".ipynb": Format("notebook", "any"),
}
_BY_PLACE = (
    (".github/workflows/*.yml", _WORKFLOW),
    (".github/workflows/*.yaml", _WORKFLOW),
    (".circleci/config.yml", _WORKFLOW),
    (".cargo/config.toml", _SETTINGS),
    (".cargo/config", _SETTINGS),
    (".bundle/config", Format("gemrc", "settings")),
    (".mvn/settings.xml", Format("pom", "maven")),
    (".mvn/extensions.xml", Format("pom", "maven")),
    (".m2/settings.xml", Format("pom", "maven")),
)
_PATTERNS = (
    ("pylock.*.toml", Format("pylock", "pypi", lock=True)),
    ("Dockerfile.*", _SCRIPT),
    ("*.lockfile", Format("gradle_lock", "maven", lock=True)),
    ("*.versions.toml", Format("version_catalog", "maven")),
)
_UNREAD = {
    "pypi": ("pixi.toml", "pixi.lock"),
    "conda": ("conda-lock.yml", "meta.yaml"),
    "npm": ("bun.lockb", "bower.json", "jsr.json"),
    "composer": ("composer.json", "composer.lock"),
    "nuget": ("packages.config", "packages.lock.json", "*.csproj", "*.fsproj", "Directory.Packages.props"),
    "other": ("mix.exs", "mix.lock", "Package.swift", "Package.resolved", "Podfile", "Podfile.lock", "pubspec.yaml",
              "pubspec.lock", "rebar.config", "rebar.lock", "flake.lock"),
}  # fmt: skip
_UNREAD_NAMES = {name: kind for kind, names in _UNREAD.items() for name in names if "*" not in name}
_UNREAD_PATTERNS = [(name, kind) for kind, names in _UNREAD.items() for name in names if "*" in name]
_VENDORED = ("node_modules/", "site-packages/", "_vendor/", "vendor/", "third_party/")
_LOCKS = (".lock", ".lockb", "lock.json", "lock.yml")
SCRIPT = Format("script_block", "any")
_MARK = b"# /// script"


def format_of(path: str) -> Format | None:
    """The format of a path, None where it is no manifest that we know. Vendored copies are code, not requests."""
    name = path.rpartition("/")[2]
    if any(path.startswith(folder) or f"/{folder}" in path for folder in _VENDORED):
        return None
    found = _BY_NAME.get(name) or _BY_SUFFIX.get(name[name.rfind(".") :] if "." in name else "")
    if (found is None and path.startswith(".")) or "/." in path:
        found = found or next((form for place, form in _BY_PLACE if _stands(path, place)), None)
    if found is None and name in _UNREAD_NAMES:
        found = Format("", _UNREAD_NAMES[name], lock=name.endswith(_LOCKS))
    if found is None and name.endswith((".txt", ".in", ".pip")) and _is_requirements(path.lower()):
        found = Format("requirements", "pypi")
    if (found is None and name.endswith((".toml", ".lockfile", "proj"))) or name.startswith("Dockerfile."):
        found = found or next((form for pattern, form in _PATTERNS if fnmatchcase(name, pattern)), None)
        found = found or next(
            (Format("", kind) for pattern, kind in _UNREAD_PATTERNS if fnmatchcase(name, pattern)), None
        )
    if found is not None and "{{" in path:  # a template of a project: placeholders stand where syntax should
        return Format("", "template", quiet=True)
    return found


def _stands(path: str, place: str) -> bool:
    return fnmatchcase(path, place) or fnmatchcase(path, f"*/{place}")


def may_hold(path: str) -> bool:
    """Whether the text of a file decides: Python with a script block, a requirements file of another name."""
    return path.endswith(".py") or may_be_requirements(path)


def format_by_text(path: str, data: bytes) -> Format | None:
    """The format of a file whose name says nothing."""
    if path.endswith(".py"):
        return SCRIPT if _MARK in data else None
    if may_be_requirements(path):
        from trustgate.manifests.requirements import looks_like_requirements

        return Format("requirements", "pypi") if looks_like_requirements(data) else None
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
