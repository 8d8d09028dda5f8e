"""A strict reader of one TOML table: every key is asked for by name and type, and what was not asked for is an error.

Every fault is a ConfigError that names the file, the table and the key, and says what may stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from trustgate.errors import ConfigError
from trustgate.verdict import Action

SIZE_LIMIT = 1024 * 1024
"""bytes of a configuration file"""
ACTIONS = tuple(action.label for action in Action)


def parse_toml(name: str, data: bytes) -> dict[str, Any]:
    """The document, or ConfigError naming the file."""
    if len(data) > SIZE_LIMIT:
        raise ConfigError(f"{name}: {len(data)} bytes are over the limit of {SIZE_LIMIT}", "remove what is not needed")
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8 at byte {error.start}", "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML: {error}", "mend the line that is named") from error
    except ValueError as error:  # a number of thousands of digits
        raise ConfigError(f"{name}: not valid TOML: {error}", "mend the value") from error
    except RecursionError as error:
        raise ConfigError(f"{name}: nested too deeply", "a policy needs two levels") from error


def near(word: str, choices: Iterable[str]) -> str:
    """A hint: the known word that `word` may be meant for, or all of them."""
    import difflib

    names = sorted(choices)
    close = difflib.get_close_matches(word[:100], names, 1)
    return f"did you mean `{close[0]}`?" if close else f"known: {', '.join(names)}"


class Table:
    """One table. `where` is how messages call it, `name` the file; call `done()` after the last key."""

    def __init__(self, name: str, where: str, value: Any) -> None:
        self.name = name
        self.where = where
        if not isinstance(value, dict):
            raise ConfigError(f"{name}: {where} must be a table", f"write it as [{where.strip('[]')}]")
        self.values: Mapping[str, Any] = value
        self._asked: set[str] = set()

    def fail(self, key: str, problem: str, hint: str = "") -> NoReturn:
        """Raise ConfigError about one key."""
        place = f"{self.where}: " if self.where else ""
        raise ConfigError(f"{self.name}: {place}key `{key}` {problem}", hint)

    def has(self, key: str) -> bool:
        return key in self.values

    def raw(self, key: str) -> Any:
        self._asked.add(key)
        return self.values.get(key)

    def done(self) -> None:
        """Raise for the first key that was not asked for."""
        for key in self.values:
            if key not in self._asked:
                self.fail(key, "is not known here", near(key, self._asked))

    def text(self, key: str, default: str | None = None, longest: int = 1000) -> str:
        """A string that is not blank. Without a default the key is required."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.fail(key, "is missing", f'add {key} = "…"')
            return default
        if not isinstance(value, str):
            self.fail(key, "must be a string", f'write {key} = "…"')
        if not value.strip() or len(value) > longest or "\0" in value:
            self.fail(key, f"must have 1 to {longest} characters, not only blanks")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(key, "must be true or false")
        return value

    def number(self, key: str, default: int, low: int, high: int) -> int:
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fail(key, f"must be a whole number from {low} to {high}")
        return value

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        value = self.raw(key)
        if value is None:
            if default is None:
                self.fail(key, "is missing", f"one of: {', '.join(choices)}")
            return default
        return self._known(key, value, tuple(choices))

    def choices(self, key: str, choices: Iterable[str], default: tuple[str, ...] = ()) -> tuple[str, ...]:
        known = tuple(choices)
        return tuple(self._known(key, item, known) for item in self.strings(key, default))

    def _known(self, key: str, value: Any, choices: tuple[str, ...]) -> str:
        if not isinstance(value, str) or value not in choices:
            self.fail(key, f"has the unknown value {value!r}", near(str(value), choices))
        return value

    def action(self, key: str, default: Action | None = None) -> Action:
        """An action by its name."""
        label = self.choice(key, ACTIONS, default.label if default is not None else None)
        return Action[label.upper()]

    def strings(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of different strings that are not blank."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fail(key, "must be a list of strings", f'write {key} = ["…"]')
        if len(set(value)) != len(value):
            self.fail(key, "names something twice")
        return tuple(value)

    def day(self, key: str) -> date | None:
        """A date, bare or quoted (`2027-01-31`); None where the key is absent."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, str) and len(value) == 10:
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.fail(key, f"is not a date: {value!r}", "write it as 2027-01-31")
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fail(key, "must be a date", "write it as 2027-01-31")
        return value

    def table(self, key: str) -> Table:
        """A table below this one; an absent one is empty."""
        value = self.raw(key)
        return Table(self.name, f"[{key}]", {} if value is None else value)

    def tables(self, key: str) -> list[Table]:
        """An array of tables, named by position."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(key, "must be an array of tables", f"write [[{key}]]")
        return [Table(self.name, f"[[{key}]] {number}", item) for number, item in enumerate(value, 1)]
