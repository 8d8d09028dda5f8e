"""Which package index to ask, from the user's own configuration of pip, uv and npm. Never from the reviewed repository.

The files are parsed, no program is started. Addresses may carry credentials: they are used and never shown.
"""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from trustgate.manifests.dependency import normal_pypi

SIZE_LIMIT = 1024 * 1024
_NAME_END = re.compile(r"-(?=[0-9])|\.(?:whl|zip|tar)")
"""where the name of a wheel or source archive ends: before the version"""


class Registry(NamedTuple):
    """Where names of an ecosystem can be asked for."""

    ecosystem: str
    addresses: tuple[str, ...] = ()
    """HTTP addresses, the main one first"""
    scopes: Mapping[str, str] = MappingProxyType({})
    """npm: scope (without `@`) to its own address"""
    folders: tuple[Path, ...] = ()
    """PyPI: directories of this machine that pip looks in as well (a `file:` index, find-links)"""
    unasked: int = 0
    """further sources that are configured and cannot be asked (a find-links page)"""
    ca_file: str | None = None

    def __repr__(self) -> str:
        """Without the addresses: they may carry credentials."""
        return f"Registry({self.ecosystem!r}, {len(self.addresses)} addresses)"


def pypi_registry(env: Mapping[str, str], home: Path) -> Registry:
    """uv's and pip's variables first, then pip's files, uv's file, and last the default of an installed pip."""
    pip = _pip_settings(env, home)
    uv_main, uv_extra = _uv_settings(env, home)
    main = (
        env.get("UV_DEFAULT_INDEX")
        or env.get("UV_INDEX_URL")
        or env.get("PIP_INDEX_URL")
        or pip.get("index-url", "")
        or uv_main
        or _library_default()
    )
    extra = " ".join(
        (
            env.get("UV_INDEX", ""),
            env.get("UV_EXTRA_INDEX_URL", ""),
            env.get("PIP_EXTRA_INDEX_URL", ""),
            pip.get("extra-index-url", ""),
            *uv_extra,
        )
    )
    found = [part.partition("=")[2] if "=http" in part else part for part in (main, *extra.split()) if part]
    asked = tuple(dict.fromkeys(address for address in found if address.startswith(("https://", "http://"))))
    links = (env.get("PIP_FIND_LINKS", "") + " " + pip.get("find-links", "")).split()
    others = [address for address in (*found, *links) if address not in asked]
    folders = tuple(folder for folder in map(_folder, others) if folder is not None)
    ca_file = env.get("PIP_CERT") or pip.get("cert")
    return Registry("pypi", asked, folders=folders, unasked=len(others) - len(folders), ca_file=ca_file)


def _folder(address: str) -> Path | None:
    """The directory behind a `file:` address or a plain path."""
    from urllib.parse import unquote, urlsplit

    if address.startswith("file:"):
        return Path(unquote(urlsplit(address).path))
    return None if "://" in address else Path(address).expanduser()


def in_folder(name: str, folder: Path) -> bool:
    """Whether a directory has a package page or a package file of this (PEP 503 normalised) name."""
    if "/" in name or not folder.is_dir():
        return False
    if (folder / name).is_dir():
        return True
    return any(normal_pypi(_NAME_END.split(file.name, maxsplit=1)[0]) == name for file in folder.iterdir())


def npm_registry(env: Mapping[str, str], home: Path) -> Registry:
    """npm's variable first, then the user's `.npmrc`."""
    rc = _npmrc(home / ".npmrc")
    main = env.get("npm_config_registry") or env.get("NPM_CONFIG_REGISTRY") or rc.get("registry", "")
    scopes = {
        key.removesuffix(":registry").lstrip("@"): value
        for key, value in rc.items()
        if key.startswith("@") and key.endswith(":registry")
    }
    asked = (main,) if main.startswith(("https://", "http://")) else ()
    ca_file = env.get("npm_config_cafile") or env.get("NODE_EXTRA_CA_CERTS") or rc.get("cafile")
    return Registry("npm", asked, scopes, ca_file=ca_file)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            return ""
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""  # not there, or not ours to read: then it configures nothing for us


def _pip_files(env: Mapping[str, str], home: Path) -> list[Path]:
    """Later ones win (pip documentation, "Configuration files"). A virtual environment's own file is left out."""
    config = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    files = [Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf"), home / ".pip/pip.conf", config / "pip/pip.conf"]
    files.append(home / "Library/Application Support/pip/pip.conf")
    if env.get("PIP_CONFIG_FILE"):
        files.append(Path(env["PIP_CONFIG_FILE"]))
    return [] if env.get("PIP_CONFIG_FILE") == os.devnull else files


def _pip_settings(env: Mapping[str, str], home: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _pip_files(env, home):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(_text(path))
        except configparser.Error:
            continue  # pip itself refuses such a file; nothing to learn from it
        for section in ("global", "install"):
            if parser.has_section(section):
                found.update({key.replace("_", "-"): value or "" for key, value in parser.items(section)})
    return found


def _uv_settings(env: Mapping[str, str], home: Path) -> tuple[str, list[str]]:
    import tomllib

    config = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    try:
        document = tomllib.loads(_text(config / "uv/uv.toml"))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return "", []
    main = str(document.get("index-url", ""))
    extra: list[str] = []
    listed = document.get("extra-index-url")
    extra.extend(str(item) for item in (listed if isinstance(listed, list) else []))
    indexes = document.get("index")
    for index in indexes if isinstance(indexes, list) else []:
        if isinstance(index, dict) and isinstance(index.get("url"), str):
            if index.get("default") is True:
                main = index["url"]
            else:
                extra.append(index["url"])
    return main, extra


def _library_default() -> str:
    """The address that an installed pip asks by default; empty where pip is not installed or has moved it."""
    try:
        from pip._internal.models.index import PyPI
    except ImportError:
        return ""
    return str(getattr(PyPI, "simple_url", ""))


def _npmrc(path: Path) -> dict[str, str]:
    """`key=value` lines (npm documentation, npmrc); tokens are not read."""
    found: dict[str, str] = {}
    for line in _text(path).splitlines():
        key, equals, value = line.partition("=")
        key = key.strip()
        if equals and not key.startswith(("#", ";", "//")):
            found[key] = value.strip().strip("\"'")
    return found
