"""The hand-kept list of malicious packages and versions, and the map from import names to distributions."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from trustgate.errors import ConfigError
from trustgate.manifests.dependency import normal_pypi
from trustgate.rulebook import shipped_root


class Denied(NamedTuple):
    ecosystem: str
    name: str
    versions: tuple[str, ...]
    """bad versions; empty means that the whole name is bad"""
    what: str
    source: str


@lru_cache(maxsize=2)
def _deny_text(folder: Path | None) -> str:
    path = (folder or shipped_root() / "allowlists") / "deny.toml"
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"allowlists/deny.toml: {error}") from error


@lru_cache(maxsize=2)
def denied_packages(folder: Path | None = None) -> dict[tuple[str, str], Denied]:
    """The entries of `allowlists/deny.toml`. Raises ConfigError naming the entry that is not complete."""
    import tomllib

    try:
        document = tomllib.loads(_deny_text(folder))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"allowlists/deny.toml: {error}") from error
    found: dict[tuple[str, str], Denied] = {}
    for number, entry in enumerate(document.get("package", []), 1):
        texts = [entry.get(key) for key in ("ecosystem", "name", "what", "source")]
        versions = entry.get("versions", [])
        if not all(isinstance(text, str) and text for text in texts) or not isinstance(versions, list):
            raise ConfigError(f"allowlists/deny.toml: entry {number} needs ecosystem, name, what and source")
        ecosystem, name, what, source = (str(text) for text in texts)
        found[ecosystem, name] = Denied(ecosystem, name, tuple(map(str, versions)), what, source)
    return found


def denial(ecosystem: str, name: str, version: str) -> Denied | None:
    """The entry that a name, or this version of it, falls under."""
    if f'"{name}"' not in _deny_text(None):  # the list is short: nearly every name ends here, without a TOML parser
        return None
    entry = denied_packages().get((ecosystem, name))
    if entry is None or (entry.versions and version not in entry.versions):
        return None
    return entry


@lru_cache(maxsize=2)
def import_names(folder: Path | None = None) -> dict[str, str]:
    """Normalised import name to the distribution it comes from, where the two differ. Raises ConfigError."""
    path = (folder or shipped_root() / "allowlists") / "import-names.tsv"
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"allowlists/import-names.tsv: {error}") from error
    rows = [line.split("\t") for line in lines if line and not line.startswith(("#", "import\t"))]
    return {normal_pypi(row[0]): row[1] for row in rows if len(row) > 1 and normal_pypi(row[0]) != row[1]}
