"""Where agents keep the user's own settings: Claude Code's settings.json and Codex' config.toml, as variables.

A file that is not there, not readable, too large or not valid tells nothing; it never makes an answer milder.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FILE_LIMIT = 1024 * 1024
"""bytes of a configuration file that are read; a larger one counts as unreadable"""
PROVIDER = "model_provider"
"""Codex' setting with the short name of a provider; there is no variable for it"""


class Source(NamedTuple):
    """Settings from one place, in the names of environment variables."""

    place: str
    """shown before a setting; empty for the environment itself"""
    values: Mapping[str, str]


def _read(path: Path) -> bytes | None:
    try:
        if not path.is_absolute() or not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except (OSError, ValueError):
        return None  # not ours to read, or no name a file can have: nothing is known from it
    return data if len(data) <= FILE_LIMIT else None


def _texts(value: object) -> dict[str, str]:
    """The string entries of a table."""
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else {}


def claude_settings(environ: Mapping[str, str], home: Path | None) -> list[Source]:
    """`env` and `model` of the user's settings.json (code.claude.com/docs/en/settings)."""
    folder = environ.get("CLAUDE_CONFIG_DIR", "")
    base = Path(folder) if folder else home / ".claude" if home else None
    data = _read(base / "settings.json") if base else None
    if data is None:
        return []
    try:
        settings = json.loads(data)
    except (ValueError, RecursionError):
        return []
    values = _texts(settings.get("env")) if isinstance(settings, dict) else {}
    if isinstance(settings, dict) and isinstance(settings.get("model"), str):
        values.setdefault("ANTHROPIC_MODEL", settings["model"])
    return [Source("settings.json: ", values)]


def codex_settings(environ: Mapping[str, str], home: Path | None) -> list[Source]:
    """`model`, `model_provider` and the address of that provider in the user's config.toml, the chosen profile first
    (github.com/openai/codex, docs/config.md)."""
    folder = environ.get("CODEX_HOME", "")
    base = Path(folder) if folder else home / ".codex" if home else None
    data = _read(base / "config.toml") if base else None
    if data is None:
        return []
    try:
        config = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return []
    profiles = config.get("profiles")
    chosen = profiles.get(str(config.get("profile"))) if isinstance(profiles, dict) else None
    top = {**_texts(config), **_texts(chosen)}
    values = {name: top[key] for key, name in (("model", "OPENAI_MODEL"), (PROVIDER, PROVIDER)) if key in top}
    providers = config.get("model_providers")
    address = _texts(providers.get(top.get(PROVIDER))).get("base_url", "") if isinstance(providers, dict) else ""
    if address:
        values["OPENAI_BASE_URL"] = address
        del values[PROVIDER]
    return [Source("config.toml: ", values)]
