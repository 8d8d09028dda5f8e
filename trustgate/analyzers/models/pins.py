"""The pins that a change is judged by: `models.lock` of the trusted base and of the head, read once, when asked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from trustgate.changes.changeset import ChangeSet
from trustgate.errors import CannotJudge, ConfigError
from trustgate.weights.lock import FILE, Lock, PinnedFile, PinnedModel, read_lock


class Pins:
    """What either lock pins. A lock that can not be read pins nothing here; the lock's own rules say so."""

    def __init__(self, change: ChangeSet) -> None:
        self._change = change

    @cached_property
    def locks(self) -> tuple[Lock, ...]:
        found = []
        for read in (self._change.base_file, self._change.head_file):
            try:
                data = read(FILE)
                if data is not None:
                    found.append(read_lock(data))
            except (ConfigError, CannotJudge):
                continue
        return tuple(found)

    def models(self) -> Iterator[PinnedModel]:
        for lock in self.locks:
            yield from lock.models

    def has_commit(self, repository: str, commit: str) -> bool:
        wanted = repository.lower()
        return any(model.ref.lower() == wanted and model.revision == commit for model in self.models())

    def at_path(self, path: str) -> list[PinnedFile]:
        """Pins of a file of this repository: models whose source is a path in it."""
        found = []
        for model in self.models():
            if model.source != "file":
                continue
            for file in model.files:
                if path in (model.ref, f"{model.ref}/{file.path}"):
                    found.append(file)
        return found

    def has_digest(self, digest: str) -> bool:
        return any(file.sha256 == digest for model in self.models() for file in model.files)

    def dated(self, name: str) -> str:
        """The dated model that a lock names where the code says `name`, or empty."""
        stem = name.rpartition("/")[2].removesuffix("-latest").lower()
        for model in self.models():
            if model.api is not None and model.api.dated and model.api.model.lower().startswith(stem):
                return model.api.model
        return ""

    def is_local(self, name: str) -> bool:
        """Whether a lock keeps this model, whatever the tag, on the machine."""
        stem = name.partition(":")[0].lower()
        return any(
            model.source == "ollama"
            and model.ref.partition(":")[0].lower() == stem
            and (not model.backends or model.source != "api")
            for model in self.models()
        )
