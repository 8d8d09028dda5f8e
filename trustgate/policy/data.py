"""`[data]` of a policy file: how far each path may travel when a change is sent to a reviewer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from trustgate.globs import fault_of_path_glob, path_matches
from trustgate.policy.tables import Table

CLASSES = ("public", "internal", "private", "phi")
"""widest first: any lane; paid and own lanes; self-hosted lanes; self-hosted lanes marked for health data"""


class DataRules(NamedTuple):
    """Anchored globs by class; a path that several match has the strictest."""

    default: str = "internal"
    public: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    phi: tuple[str, ...] = ()

    def of(self, paths: Iterable[str]) -> str:
        """The strictest class of the paths; the default for none."""
        return max(map(self._of_one, paths), key=CLASSES.index, default=self.default)

    def _of_one(self, path: str) -> str:
        for name, globs in (("phi", self.phi), ("private", self.private)):
            if any(path_matches(glob, path) for glob in globs):
                return name
        if any(path_matches(glob, path) for glob in self.public):
            return "public"
        return self.default


def read_data(before: DataRules, table: Table) -> DataRules:
    """Raises ConfigError for an unknown class or a bad glob."""
    globs = {name: table.strings(name, getattr(before, name)) for name in ("public", "private", "phi")}
    for name, values in globs.items():
        for glob in values:
            if fault := fault_of_path_glob(glob):
                table.fail(name, fault)
    return DataRules(table.choice("default", CLASSES, before.default), **globs)
