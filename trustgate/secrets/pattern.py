"""One kind of secret: how it is spelled, what proves it, how bad it is: one `[[pattern]]` of `rules/secrets/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trustgate.errors import ConfigError
from trustgate.finding import Confidence, Severity
from trustgate.rulebook import PROOF_KEYS

_BEFORE = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
"""A token starts after anything but a letter or digit, or after an escaped line end or tab in a string literal."""
_AFTER = r"(?![A-Za-z0-9_-])"

FORMS = ("token", "regex", "assignment", "pem")
_OPTIONAL = ("min_entropy", "verify", "softened_by", "settings_only", "tip")
_KEYS = frozenset(("id", "title", "severity", "confidence", "keywords", *FORMS, *_OPTIONAL, *PROOF_KEYS))
"""A misspelt key would change what a pattern does, and nobody would see it."""


class Pattern:
    """A pattern whose regex is compiled at first use: most runs meet the keywords of two or three of them.

    `form` says how the table spells it: `token` (a shape of its own, borders added here), `regex` (a whole regex with
    a group `secret`, for shapes that need words round them), `assignment` (any literal given to a telling name; judged
    by `assignment.py`) or `pem` (several lines; found by `pem.py`).
    """

    __slots__ = (
        "_regex",
        "_source",
        "confidence",
        "form",
        "id",
        "keywords",
        "min_entropy",
        "settings_only",
        "severity",
        "softened_by",
        "tip",
        "title",
        "verify",
    )

    def __init__(self, table: Mapping[str, Any], name: str) -> None:
        """Raises ConfigError naming file and key."""
        try:
            self.id: str = table["id"]
            self.title: str = table["title"]
            self.severity = Severity[table["severity"].upper()]
            self.confidence = Confidence[table["confidence"].upper()]
            self.keywords: tuple[str, ...] = tuple(table["keywords"])
            self.form = next(form for form in FORMS if form in table)
            self._source: str = table[self.form]
        except StopIteration:
            raise ConfigError(f"{name}: {table['id']} has none of {', '.join(FORMS)}") from None
        except (KeyError, AttributeError) as error:
            raise ConfigError(f"{name}: pattern {table.get('id', '?')}: {error} is missing or wrong") from error
        if unknown := table.keys() - _KEYS:
            raise ConfigError(f"{name}: {self.id}: nobody reads {', '.join(sorted(unknown))}")
        self.min_entropy = float(table.get("min_entropy", 0.0))
        """bits per character of the secret, below which it is made up"""
        self.verify: str = table.get("verify", "")
        """name of a proof in `proofs.py`; a token that fails it is shown, and certain no more"""
        self.softened_by: tuple[str, ...] = tuple(table.get("softened_by", ()))
        """lower-case words that, anywhere in the file, make a public use likely"""
        self.settings_only = bool(table.get("settings_only", False))
        """looked for in settings files only: elsewhere a value without quotes is a variable"""
        self.tip: str = table.get("tip", "")
        self._regex: re.Pattern[str] | None = None

    @property
    def regex(self) -> re.Pattern[str]:
        if self._regex is None:
            source = self._source
            if self.form == "token":
                source = f"{_BEFORE}(?P<secret>{source}){_AFTER}"
            self._regex = re.compile(source)
        return self._regex
