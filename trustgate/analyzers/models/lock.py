"""Edits of `models.lock`: new bytes under an old revision are a swap, a looser pin is a weakening, the rest a line."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.models.place import at, confidence_at
from trustgate.analyzers.rule import RuleSet
from trustgate.changes.changeset import ABSENT, MODE_LINK, MODE_SUBMODULE
from trustgate.errors import CannotJudge
from trustgate.facts import FileView
from trustgate.finding import Confidence, Location, Severity, Skip
from trustgate.weights.lock import Lock, LockError, PinnedFile, PinnedModel, read_lock
from trustgate.weights.pins import LockPolicy

SHOWN = 6
"""names that a message lists"""


def check(context: Context, view: FileView, rules: RuleSet) -> Iterator[Outcome]:
    """Both sides are read as bytes: a NUL makes no lock invisible, nor does a link or a submodule in its place."""
    edit, change = Edit(view, rules), view.change
    if change.new_id == ABSENT:
        yield edit.finding("model-pin-weakened", "deleted", what="it is deleted: nothing is pinned any more")
        return
    try:
        new = read_lock(_bytes_of(context, change.new_id, change.new_mode, view.path), view.path)
    except LockError as fault:
        yield edit.finding("model-lock-broken", change.new_id, what=fault.message)
        return
    except CannotJudge as fault:
        yield Skip("models", f"the lock can not be read: {fault.message}", view.path)
        return
    try:
        old = read_lock(_bytes_of(context, change.old_id, change.old_mode, view.path), view.path)
    except (LockError, CannotJudge):
        old = Lock()  # nothing was pinned, or nothing that could be read
    yield from _by_hand(edit, old, new)
    said = list(_compared(edit, old, new))
    yield from said
    if not said:
        added = [model.name for model in new.models if old.find(model.name) is None]
        what = "pinned anew: " + _listed(added) if added else "pins stay as they are"
        yield edit.finding("model-lock-changed", view.change.new_id, what=what)


def _bytes_of(context: Context, oid: str, mode: int, path: str) -> bytes:
    """The blob of one side. Raises LockError for what is no file, CannotJudge where git can not give it."""
    if oid == ABSENT or mode in (MODE_LINK, MODE_SUBMODULE):
        raise LockError(f"{path}: it is no file of its own")
    return context.change.read(oid)


class Edit:
    """One change of one lock, and where in it a name stands."""

    def __init__(self, view: FileView, rules: RuleSet) -> None:
        self._view = view
        self._rules = rules

    def finding(
        self,
        rule: str,
        key: str,
        *needles: str,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        **named: str,
    ) -> Outcome:
        sure = confidence_at(self._view, confidence)
        where = self._where(needles)
        return self._rules.finding(rule, where, key, severity=severity, confidence=sure, evidence=(), **named)

    def _where(self, needles: tuple[str, ...]) -> Location:
        lines = [*self._view.added(), *self._view.removed()]
        for needle in needles:
            for line in lines:
                if needle and needle in line.text:
                    return at(self._view, line)
        return at(self._view, lines[0]) if lines else Location(self._view.path)


def _by_hand(edit: Edit, old: Lock, new: Lock) -> Iterator[Outcome]:
    """Digests of the lock that do not fit the rest of it."""
    for model in new.models:
        if not model.root_holds:
            what = f"the root of `{model.name}` is not that of its files"
            yield edit.finding("model-lock-by-hand", f"root {model.name}", model.root, model.name, what=what)
    if new.seal == "broken":
        yield edit.finding("model-lock-by-hand", "digest", "digest =", what="its own digest is not that of its bytes")
    elif new.seal == "absent" and old.seal == "intact" and old.models:
        yield edit.finding("model-lock-by-hand", "digest", "digest =", what="its own digest is gone")


def _compared(edit: Edit, old: Lock, new: Lock) -> Iterator[Outcome]:
    for what in _looser_policy(old.policy, new.policy):
        yield edit.finding("model-pin-weakened", what, "min_pin", "allow_", what=what)
    gone = []
    for before in old.models:
        after = new.find(before.name)
        if after is None:
            gone.append(before)
            continue
        yield from _model(edit, before, after)
    kept = {(model.source, model.ref, model.root) for model in new.models}
    gone = [model for model in gone if (model.source, model.ref, model.root) not in kept]
    if gone:
        names = [model.name for model in gone]
        yield edit.finding(
            "model-pin-weakened", "gone " + " ".join(names), *(f'"{name}"' for name in names),
            what="pins go: " + _listed(names), severity=Severity.MEDIUM, confidence=Confidence.MEDIUM,
        )  # fmt: skip


def _model(edit: Edit, before: PinnedModel, after: PinnedModel) -> Iterator[Outcome]:
    """At most one swap or move of a model, and each way in which its pin got looser."""
    swapped, gone = _bytes(before, after)
    same = before.revision == after.revision and before.ref == after.ref and before.source == after.source
    for what in _looser(before, after, gone if same else []):
        yield edit.finding(
            "model-pin-weakened", f"{after.name}: {what}", f'"{after.name}"', what=f"`{after.name}`: {what}"
        )
    if same and swapped:
        revision = after.revision[:60] or after.ref[:60]
        sure = None if after.revision else Confidence.MEDIUM
        for item in swapped[:SHOWN]:
            slots = {"model": after.name, "file": item.path, "revision": revision}
            key = f"{after.name}:{item.path}"
            yield edit.finding(
                "model-silent-swap", key, item.sha256, item.path, confidence=sure, severity=None, **slots
            )
    elif not same or before.api != after.api:
        moved = [item.path for item in swapped]
        files = f"other bytes in {_listed(moved)}" if moved else "the bytes stay the same"
        to = after.api.model if after.api is not None else (after.revision[:12] or after.ref)
        what = f"`{after.name}` moves to {to}" + ("" if after.api is not None else f", {files}")
        key = f"{after.name} {after.revision} {to}"
        more = Severity.MEDIUM if moved else None
        needles = (after.revision, to, f'"{after.name}"')
        yield edit.finding("model-lock-changed", key, *needles, severity=more, confidence=None, what=what)


def _bytes(before: PinnedModel, after: PinnedModel) -> tuple[list[PinnedFile], list[str]]:
    """Files with other bytes, and files that are pinned no more."""
    now = {item.path: item for item in after.files}
    swapped = [
        now[item.path] for item in before.files
        if item.path in now and (item.size, item.sha256) != (now[item.path].size, now[item.path].sha256)
    ]  # fmt: skip
    return swapped, [item.path for item in before.files if item.path not in now]


def _looser(before: PinnedModel, after: PinnedModel, gone: list[str]) -> Iterator[str]:
    if after.strength < before.strength:
        yield f"pinned by {after.strength.label}, no longer by {before.strength.label}"
    elif gone:
        yield f"no longer pins {_listed(gone)}"
    if before.signature is not None:
        if after.signature is None:
            yield "its signature is no longer asked for"
        elif after.signature[1:] != before.signature[1:]:
            yield "another signer is accepted"
    if before.backends and (not after.backends or set(after.backends) - set(before.backends)):
        yield "more programs may serve it" if after.backends else "any program may serve it"
    if _widened(before.remote_code, after.remote_code):
        yield "more code of the model may run"
    if set(after.ignore) - set(before.ignore):
        yield f"files may be there without a pin: {_listed(sorted(set(after.ignore) - set(before.ignore)))}"
    if before.seen and not after.seen:
        yield "its digests were taken from a list, and the bytes were not read"
    if before.license != after.license and before.license is not None:
        yield "its licence is another" if after.license is not None else "its licence is no longer pinned"
    if before.api is not None and after.api is not None and before.api.host != after.api.host:
        yield f"it is served by {after.api.host}, no longer by {before.api.host}"


def _widened(before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> bool:
    return after is not None and bool(set(after) - set(before or ()))


def _looser_policy(before: LockPolicy, after: LockPolicy) -> Iterator[str]:
    now = dict(after.min_pin)
    for source, least in before.min_pin:
        if source not in now:
            yield f"`min_pin` of {source} is gone"
        elif now[source] < least:
            yield f"`min_pin` of {source} is {now[source].label}, was {least.label}"
    formats = set(after.allow_formats) - set(before.allow_formats)
    if before.allow_formats and not after.allow_formats:
        yield "`allow_formats` is gone"
    elif formats and (before.allow_formats or formats & {"pickle", "npy", "hdf5", "other"}):
        yield f"`allow_formats` takes in {_listed(sorted(formats))}"
    if before.allow_hosts and not after.allow_hosts:
        yield "`allow_hosts` is gone"
    elif before.allow_hosts and set(after.allow_hosts) - set(before.allow_hosts):
        yield f"`allow_hosts` takes in {_listed(sorted(set(after.allow_hosts) - set(before.allow_hosts)))}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(name[:80] for name in names[:SHOWN]) + more
