"""Both sides of each changed manifest, parsed; and what the rest of the base already declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trustgate.changes.changeset import ABSENT, ChangeSet
from trustgate.errors import CannotJudge
from trustgate.facts import FileView, SideText
from trustgate.finding import NotChecked, Skip
from trustgate.manifests.dependency import Dependency, Manifest, OpenFile, Setting
from trustgate.manifests.formats import Format, format_by_text, format_of, load_manifest, may_hold

NAME = "dependencies"
BASE_FILES = 120
"""manifests of the base that are read to find out whether a name is new to the repository"""
_OWN_LOCKS = ("pypi", "npm", "conda")
"""ecosystems of which every lock file is expected to be read"""


class Pair(NamedTuple):
    """One changed manifest. A side is None where the file is not there, or could not be read (then a Skip says so)."""

    view: FileView
    form: Format
    old: Manifest | None
    new: Manifest | None

    @property
    def added(self) -> tuple[Dependency, ...]:
        """Entries of the new side that the old side does not have in the same words."""
        before = {_words(item) for item in _items(self.old)}
        return tuple(item for item in _items(self.new) if _words(item) not in before)

    @property
    def added_settings(self) -> tuple[Setting, ...]:
        before = {(item.kind, item.value) for item in (self.old.settings if self.old else ())}
        return tuple(i for i in (self.new.settings if self.new else ()) if (i.kind, i.value) not in before)


def _items(manifest: Manifest | None) -> tuple[Dependency, ...]:
    return manifest.dependencies if manifest else ()


def _words(item: Dependency) -> tuple[object, ...]:
    return (item.ecosystem, item.name, item.raw_name, item.spec, item.source_kind, item.source, item.host, item.hashes)


def read_pairs(files: Iterable[FileView], change: ChangeSet) -> Iterator[Pair | Skip | NotChecked]:
    """Every changed manifest, and one outcome for each that could not be read."""
    for view in files:
        form = _format(view)
        if form is None:
            continue
        if not form.module:
            if view.change.new_id != ABSENT:
                yield _unread(view.path, form)
            continue
        if view.problem and (form.quiet or (form.rank > 1 and not view.unreadable)):
            continue
        if view.problem:
            yield Skip(NAME, f"{view.path}: a manifest that cannot be read ({view.problem})", view.path)
            continue
        sides: list[Manifest | None] = []
        for side, open_file in ((view.old, change.base_file), (view.new, change.head_file)):
            manifest = None
            if side is not None:
                try:
                    manifest = _read(side, form, open_file)
                except CannotJudge as error:
                    if side is view.new:
                        yield Skip(NAME, error.message, view.path)
            sides.append(manifest)
        yield Pair(view, form, sides[0], sides[1])
        yield from _problems(sides[0], sides[1])


def _unread(path: str, form: Format) -> Skip | NotChecked:
    name = path.rpartition("/")[2]
    if form.lock and form.ecosystem in _OWN_LOCKS:
        what = "a binary lock file" if name.endswith("b") else "a lock file"
        return Skip(NAME, f"{path}: {what} of a format that is not read ({name})", path)
    if form.ecosystem == "template":
        return NotChecked("manifest-format", f"{path}: a template; its placeholders are not filled in")
    return NotChecked("manifest-format", f"{path}: format not read yet")


def _format(view: FileView) -> Format | None:
    form = format_of(view.path) or (format_of(view.change.old_path) if view.renamed else None)
    if form or not may_hold(view.path) or view.problem:
        return form
    sides = (side for side in (view.new, view.old) if side is not None)
    return next((found for side in sides if (found := format_by_text(side.path, side.data))), None)


def _read(side: SideText, form: Format, open_file: OpenFile) -> Manifest:
    return load_manifest(side.path, side.data, open_file, form)


def _problems(old: Manifest | None, new: Manifest | None) -> Iterator[Skip | NotChecked]:
    """Entries that cannot be read: an error where the change brings them, a note where they stood there before."""
    before = {(item.reason, item.text) for item in (old.problems if old else ())}
    for item in new.problems if new else ():
        text = f"{item.manifest}:{item.line}: {item.reason}"
        if item.choice or (item.reason, item.text) in before:
            yield NotChecked("manifest-entry", text)
        else:
            yield Skip(NAME, text, item.manifest)


class Declared(NamedTuple):
    """Names that the base declares outside the changed files, and names of the repository's own projects."""

    names: frozenset[tuple[str, str]]
    own: frozenset[tuple[str, str]]


def declared_in_base(change: ChangeSet, wanted: frozenset[tuple[str, str]], skip: frozenset[str]) -> Declared:
    """Reads the other manifests of the base, hand-written ones first, until every wanted name is found.

    A manifest that cannot be read declares nothing here: then a name counts as new, which is the careful side.
    """
    forms = {path: format_of(path) for path in change.base_paths() if path not in skip}
    asked = {ecosystem for ecosystem, _ in wanted} | {"any"}
    paths = sorted(
        (form.rank, path) for path, form in forms.items() if form and form.module and form.ecosystem in asked
    )
    names: set[tuple[str, str]] = set()
    own: set[tuple[str, str]] = set()
    for _, path in paths[:BASE_FILES]:
        if wanted <= names | own:
            break
        data = change.base_file(path)
        if data is None:
            continue
        try:
            manifest = load_manifest(path, data, change.base_file, forms[path])
        except CannotJudge:
            continue
        names.update(item.key for item in manifest.dependencies)
        form = forms[path]
        own.update((form.ecosystem, name) for name in manifest.own if form)
    return Declared(frozenset(names), frozenset(own))
