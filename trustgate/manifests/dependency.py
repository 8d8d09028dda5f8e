"""What every manifest reader returns: dependencies, settings that say where they come from, and what was unreadable."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from trustgate.errors import CannotJudge

PYPI, NPM = "pypi", "npm"
CARGO, GOLANG, GEM, MAVEN, CONDA, JSR = "cargo", "golang", "gem", "maven", "conda", "jsr"
GITHUB, GENERIC = "github", "generic"
"""repositories that are used as such (workflow steps, pre-commit hooks): on GitHub, and elsewhere"""
_SLASHED = (NPM, GOLANG, MAVEN, JSR, GITHUB, GENERIC)
"""types of package URL whose name has a namespace before a slash"""

ELSEWHERE = "elsewhere"
"""in place of a hash: a package of another platform, whose hash a lock leaves out until it is installed there"""

OpenFile = Callable[[str], "bytes | None"]
"""contents of a path on the same side of the change, None where there is no such file"""

TEXT_LIMIT = 500
"""characters kept of any one name, specifier or address of a manifest; longer ones are hostile or broken"""


class ManifestError(CannotJudge):
    """A manifest that cannot be read. `path` is the file, `reason` says what is wrong and where."""

    def __init__(self, path: str, reason: str, line: int = 0) -> None:
        where = f"{path}:{line}" if line else path
        super().__init__(f"{where}: {reason}", "mend the file, or accept that its dependencies were not judged")
        self.path = path
        self.reason = reason
        self.line = line


class SourceKind(StrEnum):
    """Where a dependency is fetched from, as far as its manifest says."""

    REGISTRY = "registry"
    GIT = "git"
    URL = "url"
    PATH = "path"
    INDEX = "index"
    """a named or separate package index, not the default one"""
    WORKSPACE = "workspace"
    """the project itself, a member of its workspace or a link to one"""


class Dependency(NamedTuple):
    """One entry of a manifest or lock file. All text is the author's: hostile until escaped, credentials removed."""

    ecosystem: str
    name: str
    """normalised: PEP 503 for PyPI, as written for npm"""
    raw_name: str
    """the name or key as written; for an npm alias the key under which it is installed"""
    spec: str
    manifest: str
    line: int
    """1-based"""
    version: str = ""
    """the exact pin, empty for a range"""
    source_kind: SourceKind = SourceKind.REGISTRY
    source: str = ""
    """address or path of the source, without credentials"""
    host: str = ""
    """host that a lock file says it is fetched from"""
    group: str = "runtime"
    """runtime, dev, build, optional, peer, constraint or override"""
    direct: bool = True
    hashes: tuple[str, ...] = ()
    """`algorithm:value` or `algorithm-value` as written"""
    install_script: bool = False
    needs: tuple[str, ...] = ()
    """normalised names that it asks for in turn, as far as a lock says so"""
    via: tuple[str, ...] = ()
    """of a transitive one: the names that bring it, from one that the project asks for"""

    @property
    def key(self) -> tuple[str, str]:
        return self.ecosystem, self.name

    @property
    def alias(self) -> bool:
        """Whether it is known under another name here; for PyPI the two differ by normalisation only."""
        return self.ecosystem != PYPI and self.raw_name != self.name

    @property
    def purl(self) -> str:
        """Package URL without qualifiers (package-url/purl-spec: percent-encoded name, `%40` for an npm scope)."""
        from urllib.parse import quote

        def encode(text: str) -> str:
            return quote(text.encode("utf-8", "surrogateescape"), safe="")

        written = self.name.replace(":", "/", 1) if self.ecosystem == MAVEN else self.name
        parts = written.split("/") if self.ecosystem in _SLASHED else [written]
        name = "/".join(encode(part) for part in parts)
        return f"pkg:{self.ecosystem}/{name}" + (f"@{encode(self.version)}" if self.version else "")


class Setting(NamedTuple):
    """A line that says where packages are looked up or how, such as `--extra-index-url`."""

    kind: str
    """`index-url`, `extra-index-url`, `find-links`, `trusted-host`, `no-index`, `pre`, `no-binary`, `registry`; what
    npm, Go, Cargo, Ruby, Maven and Gradle call theirs (docs/dependencies-formats.md)"""
    value: str
    """without credentials"""
    host: str
    manifest: str
    line: int


class Problem(NamedTuple):
    """One entry that could not be read; the rest of the file was."""

    manifest: str
    line: int
    reason: str
    text: str = ""
    """the entry, so that one which stood there before can be told from a new one"""
    choice: bool = False
    """not read by choice: it is computed by code that is never run"""


class Hook(NamedTuple):
    """Code that runs when a package is installed or built, or when the interpreter starts."""

    kind: str
    """what it is called: `postinstall`, `cmdclass`, `build.rs`, `binding.gyp`, `extensions`, `pth`"""
    text: str
    """the command, or what is named; the author's"""
    manifest: str
    line: int


class Manifest(NamedTuple):
    path: str
    format: str
    dependencies: tuple[Dependency, ...] = ()
    settings: tuple[Setting, ...] = ()
    problems: tuple[Problem, ...] = ()
    includes: tuple[str, ...] = ()
    """paths that it includes, relative to the repository; their entries are in `dependencies`"""
    lock: bool = False
    roots: tuple[str, ...] = ()
    """of a lock: normalised names that the project asks for itself, where the lock says so"""
    own: tuple[str, ...] = ()
    """normalised names under which this very project is known: asking for one of them pulls in nothing"""
    twice: tuple[Problem, ...] = ()
    """keys that stand more than once: tools differ in which of the values they take"""
    hooks: tuple[Hook, ...] = ()
    """install scripts of this very project"""


def normal_pypi(name: str) -> str:
    """PEP 503: runs of `-`, `_` and `.` become one `-`, letters lower case."""
    parts = name.lower().replace("_", "-").replace(".", "-").split("-")
    inner = [part for part in parts[1:-1] if part]
    return "-".join([parts[0], *inner, parts[-1]]) if len(parts) > 1 else parts[0]


def pinned_version(spec: str) -> str:
    """The version of a specifier that is one (`1.2.3`, `=1.2.3`, `v1.2.3`); empty for a range."""
    text = spec.strip().lstrip("=").strip()
    plain = text[1:] if text[:1] == "v" else text
    return text if plain[:1].isdigit() and plain.isascii() and not set(plain) & _RANGE else ""


_RANGE = frozenset("xX*<>=~^|, ()[]\"'$")
"""characters that make a range of a specifier"""


def clean(text: object) -> str:
    """Text of a manifest as a bounded string without lone surrogates (JSON's `\\ud800` would break every encoder)."""
    value = text if isinstance(text, str) else str(text)
    return value[:TEXT_LIMIT].encode("utf-8", "surrogatepass").decode("utf-8", "replace").strip()


def bare_address(address: str) -> str:
    """An address without user, password, query and fragment: credentials live in all of them."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address.partition("#")[0].partition("?")[0]
    rest = rest.partition("#")[0].partition("?")[0]
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def host_of(address: str) -> str:
    """Host of an address in lower case, without port; empty where it has none (RFC 3986, section 3.2)."""
    _, separator, rest = address.partition("://")
    if not separator:
        return ""
    for end in "/?#\\":
        rest = rest.partition(end)[0]
    host = rest.rpartition("@")[2].lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
