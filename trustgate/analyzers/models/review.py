"""One review of the model rules: which scans a file gets, and what the lock makes of their hits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.models.hit import Hit, fresh, reported
from trustgate.analyzers.models.pins import Pins
from trustgate.analyzers.models.place import Form, form_of
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import FileView
from trustgate.finding import Confidence, Severity
from trustgate.syntax.paths import PathKind, path_kind

if TYPE_CHECKING:
    from trustgate.analyzers.models.containers import Images
    from trustgate.analyzers.models.loads import Loads
    from trustgate.analyzers.models.programs import Commands


class Review:
    """What is read once for all files of a change."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rules = RuleSet(context.rulebook, "models", "models")
        self._pins = Pins(context.change)

    def lock_of(self, view: FileView) -> Iterator[Outcome]:
        from trustgate.analyzers.models import lock

        yield from lock.check(self._context, view, self._rules)

    def file_of(self, view: FileView, families: frozenset[str]) -> Iterator[Outcome]:
        from trustgate.analyzers.models import behaviour, weights

        if weights.wanted(view.path) or view.problem == "binary":
            yield from weights.check(self._context, view, self._rules, self._pins)
        if behaviour.wanted(view.path):
            yield from behaviour.check(self._context, view, self._rules)
        form = form_of(view.path)
        if (
            families
            and view.new is not None
            and form is not Form.PROSE
            and path_kind(view.path) is not PathKind.VENDORED
        ):
            yield from reported(view, self._weighed(self._hits(view, families)), self._rules)

    def _hits(self, view: FileView, families: frozenset[str]) -> Iterator[Hit]:
        if "calls" in families:
            yield from fresh(view, self._loads)
        if "commands" in families:
            yield from fresh(view, self._commands)
            yield from fresh(view, self._images)
        if "settings" in families:
            from trustgate.analyzers.models import settings

            yield from fresh(view, settings.scan)
        tested = path_kind(view.path) is PathKind.TEST
        if "hosted" in families and not tested:
            from trustgate.analyzers.models import hosted

            yield from fresh(view, hosted.scan)
        if "addresses" in families or "endpoints" in families:
            from trustgate.analyzers.models import addresses

            if "addresses" in families:
                yield from fresh(view, addresses.scan)
            if "endpoints" in families and not tested:
                hits = list(fresh(view, addresses.endpoints))
                moved = bool(hits) and view.old is not None and any(True for _ in addresses.endpoints(view.old))
                yield from (hit if moved else hit._replace(confidence=Confidence.LOW) for hit in hits)

    @cached_property
    def _loads(self) -> Loads:
        from trustgate.analyzers.models.loads import Loads

        return Loads(self._rules)

    @cached_property
    def _commands(self) -> Commands:
        from trustgate.analyzers.models.programs import Commands

        return Commands(self._rules)

    @cached_property
    def _images(self) -> Images:
        from trustgate.analyzers.models.containers import Images

        return Images(self._rules, self._commands)

    def _weighed(self, hits: Iterator[Hit]) -> Iterator[Hit]:
        """Hits that hang on the lock: without one a full commit is pinned enough, and an alias is only an alias."""
        pins = self._pins
        for hit in hits:
            named = dict(hit.slots)
            if hit.rule == "model-not-locked":
                if pins.locks and not pins.has_commit(named["model"], named["revision"]):
                    yield hit
            elif hit.rule in ("model-alias", "undated-model") and (pinned := pins.dated(named["model"])):
                evidence = f"models.lock pins {pinned}"
                yield hit._replace(rule="model-alias", severity=Severity.MEDIUM, evidence=evidence)
            elif hit.rule == "cloud-model-tag" and pins.is_local(named["model"]):
                yield hit._replace(severity=Severity.HIGH, evidence="models.lock keeps it local")
            else:
                yield hit
