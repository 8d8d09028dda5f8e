"""Packages that install commands name: pip, uv, pipx, Poetry, PDM, npm, pnpm, Yarn, Bun, Deno, Cargo, Go, gem, conda.

A name that a variable holds is not known here, and is left out; so are local paths, and requirement files, which are
manifests of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from trustgate.manifests.deno_spec import deno_dependency
from trustgate.manifests.dependency import (
    CARGO,
    CONDA,
    GEM,
    GOLANG,
    Dependency,
    Problem,
    Setting,
    bare_address,
    clean,
    host_of,
    pinned_version,
)
from trustgate.manifests.install_tables import (
    COMMANDS,
    FIRST_ONLY,
    LOOKUPS,
    USUAL_CHANNELS,
    VALUED,
    VARIABLE_KINDS,
    VARIABLES,
)
from trustgate.manifests.install_words import LINE_LIMIT, Word, commands, joined
from trustgate.manifests.npm_spec import npm_dependency
from trustgate.manifests.pep508 import BadRequirement, python_dependency

GROUP = "install"
HINT = re.compile(
    rb"\b(?:install|add|dlx|npx|bunx|uvx|pipx|exec|require|get|set|i|x|run)\b|INDEX|REGISTRY|GOPROXY|_registry",
    re.ASCII,
)
"""what a text has to hold to be looked at"""
_PREFIXES = frozenset("sudo env exec time nice command then do else if ! { run RUN while".split())  # noqa: SIM905
_WRAPPERS = {"uv": ("run",), "poetry": ("run",), "pdm": ("run",), "pipenv": ("run",), "hatch": ("run",), "xvfb-run": ()}
_PYTHON = re.compile(
    r"(?:.*/)?(?:python|pypy)[0-9.]*(?:\.exe)?$|\{?sys\.executable\}?$|\$\{?PYTHON[A-Z0-9_]*\}?$|\$\(PYTHON\)$"
)
_PIP = re.compile(r"(?:.*/)?pip[0-9.]*$|\$\{?PIP[A-Z0-9_]*\}?$|\$\(PIP\)$")
_NPM_NAME = re.compile(r"(?:@[A-Za-z0-9_.~-]+/)?[A-Za-z0-9_.~-]+$")
_PYTHON_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[^\]]*\])?\s*(?:$|[=<>!~@;].*)")

_CONFIGURED = {
    **{key: key for key in ("index-url", "extra-index-url", "find-links", "trusted-host", "registry")},
    "npmRegistryServer": "registry",
}
"""keys of `pip config set`, `npm config set` and `yarn config set`"""


class Found(NamedTuple):
    dependencies: list[Dependency]
    settings: list[Setting]
    problems: list[Problem]
    """commands that are too long to be read"""


def installs(path: str, lines: Iterable[tuple[int, str]]) -> Found:
    """What the commands in lines of shell text install, and where they look."""
    reader = _Reader(path)
    problems = []
    for number, text in joined(lines):
        if len(text) > LINE_LIMIT and HINT.search(text.encode("utf-8", "surrogateescape")):
            reason = f"a command of {len(text)} characters is over the limit of {LINE_LIMIT}: not read"
            problems.append(Problem(path, number, reason, text[:200]))
            continue
        for words in commands(text, number):
            reader.command(words)
    return Found(list(dict.fromkeys(reader.found)), list(dict.fromkeys(reader.settings)), problems)


def variable(path: str, name: str, value: str, line: int) -> Setting | None:
    """The setting of an environment variable that says where packages come from."""
    match = VARIABLES.fullmatch(name)
    if match is None or not value or match.lastindex is None:
        return None
    kind = VARIABLE_KINDS[match.lastindex - 1]
    if kind == "goproxy":
        value = next((part for part in re.split(r"[,|]", value) if "://" in part), "")
        if not value:
            return None
    if kind == "gosum":
        if (
            name == "GOPRIVATE"
            or (name == "GOSUMDB" and value != "off")
            or (name == "GOFLAGS" and "-insecure" not in value)
        ):
            return None
        return Setting(kind, clean(f"{name}={value}"), "", path, line)
    return Setting(kind, clean(bare_address(value)), clean(host_of(value)), path, line)


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Dependency] = []
        self.settings: list[Setting] = []

    def command(self, words: list[Word]) -> None:
        words = self.bare(words)
        if not words:
            return
        line = words[0].line
        name = words[0].rpartition("/")[2]
        if _PYTHON.match(words[0]) and words[1:3] == ["-m", "pip"]:
            words, name = [Word.of("pip", line), *words[3:]], "pip"
        if _PIP.match(words[0]) or name == "pip":
            if "install" in words[1:4]:
                self.arguments("python", words[_place(words, "install") + 1 :], first=False)
            elif words[1:3] in (["config", "set"], ["config", "--user"]) and len(words) > 4:
                self.configured(words[-2].rpartition(".")[2], words[-1], line)
            return
        if name in ("npm", "pnpm", "yarn") and words[1:3] == ["config", "set"]:
            key, _, value = " ".join(words[3:]).replace("=", " ", 1).partition(" ")
            self.configured(key.rpartition(":")[2], value.strip(), line)
            return
        if name == "go" and words[1:3] == ["env", "-w"]:
            for word in words[3:]:
                self.assigned(word, line)
            return
        plain = [name, *(word for word in words[1:] if not word.startswith("-"))]
        for length in (3, 2, 1):
            family = COMMANDS.get(tuple(plain[:length]))
            if family is not None and len(plain) >= length:
                last = plain[length - 1]
                at = 1 if length == 1 else _place(words, last, length - 1) + 1
                self.arguments(family, words[at:], first=" ".join(plain[:length]) in FIRST_ONLY)
                return

    def bare(self, words: list[Word]) -> list[Word]:
        """The command without what stands before it: `sudo`, assignments, mount flags of RUN, `uv run`."""
        while words:
            word = words[0].lstrip("@-") if words[0][:1] in "@-" and not words[0].startswith("--") else words[0]
            name, equals, _ = word.partition("=")
            if equals and name.isidentifier():
                self.assigned(word, words[0].line)
            elif word in ("export", "ENV", "ARG"):
                for item in words[1:]:
                    self.assigned(item, item.line)
                return []
            elif (
                word in _WRAPPERS
                and tuple(words[1:2]) == _WRAPPERS[word]
                and len(words) > 2
                and not words[2].startswith("-")
            ):
                words = words[1:]
            elif word not in _PREFIXES and not word.startswith("--") and word:
                return [Word.of(word, words[0].line), *words[1:]]
            words = words[1:]
        return []

    def assigned(self, text: str, line: int) -> None:
        name, _, value = text.partition("=")
        made = variable(self.path, name, value.strip("\"'"), line)
        if made is not None and "$" not in value:
            self.settings.append(made)

    def configured(self, key: str, value: str, line: int) -> None:
        kind = _CONFIGURED.get(key)
        if kind:
            self.setting(kind, value, line)

    def setting(self, kind: str, value: str, line: int) -> None:
        if value and "$" not in value and "{{" not in value and value not in USUAL_CHANNELS:
            host = value.partition(":")[0] if kind == "trusted-host" else host_of(value)
            self.settings.append(Setting(kind, clean(bare_address(value)), clean(host), self.path, line))

    def arguments(self, family: str, words: list[Word], *, first: bool) -> None:
        options, lookups = VALUED[family], LOOKUPS.get(family, {})
        names: list[Word] = []
        extra: dict[str, str] = {}
        position = 0
        if "--no-install" in words:
            return
        while position < len(words):
            word = words[position]
            position += 1
            if word == "--":
                continue
            if not word.startswith("-"):
                names.append(word)
                if first:
                    break
                continue
            option, equals, value = word.partition("=")
            takes = (
                option in options
                or option in lookups
                or option in ("--with", "--from", "--spec", "--package")
                or (first and family == "npm" and option == "-p")
            )
            if takes and not equals:
                value = words[position] if position < len(words) else ""
                position += 1
            if lookups.get(option):
                self.setting(lookups[option], value, word.line)
            elif option in ("--with", "--from", "--spec", "--package", "-e", "--editable") or (
                first and option == "-p" and family == "npm"
            ):
                if option in ("-e", "--editable"):
                    continue
                names.extend(Word.of(part, word.line) for part in (value.split(",") if family == "python" else [value]))
                if option in ("--from", "--spec", "--package", "-p") and first:
                    self.names(family, names, extra)
                    return
            else:
                extra[option] = value
        self.names(family, names, extra)

    def names(self, family: str, names: list[Word], extra: dict[str, str]) -> None:
        for name in names:
            if not name or "$" in name or "{" in name or "<" in name[:1] or name.startswith((".", "/", "~", "%")):
                continue
            made = _MAKERS[family](self.path, name.strip("\"'"), extra, name.line)
            if made is not None:
                self.found.append(made)


def _place(words: list[Word], text: str, start: int = 0) -> int:
    return next(index for index, word in enumerate(words) if index >= start and word == text)


def _python(path: str, name: str, _: dict[str, str], line: int) -> Dependency | None:
    address = "://" in name or " @ " in name
    if not address and (
        not _PYTHON_NAME.match(name) or name.endswith((".whl", ".tar.gz", ".zip", ".txt")) or "/" in name
    ):
        return None
    text = re.sub(r"^([A-Za-z0-9._-]+)@([0-9][\w.]*|latest)$", r"\1==\2", name).removesuffix("==latest")
    try:
        return python_dependency(text, path, line, GROUP)
    except BadRequirement:
        return None


def _npm(path: str, name: str, _: dict[str, str], line: int) -> Dependency | None:
    if "://" in name or name.startswith(("git+", "github:", "git@")):
        return npm_dependency(name.rpartition("/")[2].partition("#")[0].removesuffix(".git"), name, path, line, GROUP)
    at = name.find("@", 1)
    bare, spec = (name[:at], name[at + 1 :]) if at > 0 else (name, "")
    if not _NPM_NAME.match(bare) or bare.endswith((".tgz", ".tar.gz")):
        return None
    return npm_dependency(bare, spec, path, line, GROUP)


def _deno(path: str, name: str, _: dict[str, str], line: int) -> Dependency | None:
    made = deno_dependency(name, name, path, line)
    return made._replace(group=GROUP) if made else None


def _cargo(path: str, name: str, extra: dict[str, str], line: int) -> Dependency | None:
    if "--path" in extra or "--git" in extra or not re.fullmatch(r"[A-Za-z0-9_-]+(?:@[\w.^~=*+-]+)?", name):
        return None
    bare, _, spec = name.partition("@")
    spec = spec or extra.get("--version", extra.get("--vers", ""))
    return Dependency(
        CARGO, clean(bare), clean(bare), clean(spec), path, line, clean(pinned_version(spec)), group=GROUP
    )


def _go(path: str, name: str, _: dict[str, str], line: int) -> Dependency | None:
    bare, at, spec = name.partition("@")
    if "." not in bare.partition("/")[0] or "/" not in bare or (not at and bare.endswith(".go")):
        return None
    exact = "" if spec in ("latest", "upgrade", "patch", "none", "master", "main") else spec
    bare = bare.removesuffix("/...")
    return Dependency(GOLANG, clean(bare), clean(bare), clean(spec), path, line, clean(exact), group=GROUP)


def _gem(path: str, name: str, extra: dict[str, str], line: int) -> Dependency | None:
    bare, _, spec = name.partition(":")
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", bare) or bare.endswith(".gem"):
        return None
    spec = spec or extra.get("-v", extra.get("--version", ""))
    return Dependency(GEM, clean(bare), clean(bare), clean(spec), path, line, clean(pinned_version(spec)), group=GROUP)


def _conda(path: str, name: str, _: dict[str, str], line: int) -> Dependency | None:
    match = re.fullmatch(r"(?:[\w.-]+::)?([A-Za-z0-9_.-]+)((?:[=<>!].*)?)", name)
    if match is None:
        return None
    spec = match[2]
    exact = pinned_version(spec.lstrip("=").partition("=")[0]) if spec.startswith("=") else ""
    return Dependency(
        CONDA, clean(match[1].lower()), clean(match[1]), clean(spec), path, line, clean(exact), group=GROUP
    )


_MAKERS = {"python": _python, "npm": _npm, "deno": _deno, "cargo": _cargo, "go": _go, "gem": _gem, "conda": _conda}
