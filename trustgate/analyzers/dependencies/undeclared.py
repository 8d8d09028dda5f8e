"""Imports that a change adds and that nothing explains: no manifest, no module of the repository, no build setting.

Asked in the order of cost, and quiet by choice: anything that could make the import an honest one ends the question.
A name that models invent passes all of these, since nothing in the repository knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from trustgate.analyzers.dependencies.imports import Imported, new_packages
from trustgate.analyzers.dependencies.knownbad import import_names
from trustgate.analyzers.dependencies.near import squeeze
from trustgate.analyzers.dependencies.project import Declared, Project
from trustgate.changes.changeset import ChangeSet
from trustgate.facts import FileView
from trustgate.finding import NotChecked
from trustgate.manifests.dependency import NPM, PYPI, normal_pypi
from trustgate.syntax.paths import PathKind, path_kind

if TYPE_CHECKING:
    from trustgate.analyzers.context import Context

RULE = "import-undeclared"
FAMILY = "dependencies"
MOST = 200
"""imports that are looked into in one change"""
_GENERAL = 4
"""letters from which on a name inside a declared one explains it (`yaml` in `pyyaml`)"""
NAMED = 200
"""lines of one import statement that are looked at"""
_STATEMENT = re.compile(r"\s{0,80}(?:import|export)\b")
_TYPES = re.compile(r"\s{0,80}(?:import|export)\s{1,9}type\b")
_OUTSIDE = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|docs?|documentation|templates?|tutorials?|snippets?|playground)/"
)


class Undeclared(NamedTuple):
    """An import that nothing in the repository explains."""

    ecosystem: str
    root: str
    """as the statement has it"""
    name: str
    """the distribution that has it, as far as the map knows, else the name made of it"""
    path: str
    line: int
    aside: bool
    """in tests, examples or documents, whose packages are often installed elsewhere"""


def taken_on(context: Context) -> tuple[tuple[Undeclared, ...], tuple[NotChecked, ...]]:
    """Undeclared imports that the team's policy says nothing of, and what could not be told."""
    found: list[Undeclared] = []
    missed: list[NotChecked] = []
    settings = context.settings
    for one in undeclared(context.files, context.change, context.rulebook.family(FAMILY).get(RULE, {})):
        if isinstance(one, NotChecked):
            missed.append(one)
            continue
        from trustgate.analyzers.dependencies.names import is_private

        if (
            not is_private(one.name, settings.private_names)
            and f"{one.ecosystem}:{one.name}" not in settings.trusted_packages
        ):
            found.append(one)
    return tuple(found), tuple(missed)


def undeclared(
    views: Sequence[FileView], change: ChangeSet, rule: Mapping[str, Any]
) -> Iterator[Undeclared | NotChecked]:
    """Each such import once, at its first place. `rule` is the table of RULE: what hosts and builds provide."""
    asked: dict[tuple[str, str], list[Imported]] = {}
    for one in new_packages(views):
        asked.setdefault((one.ecosystem, one.root), []).append(one)
    if not asked:
        return
    provided = {PYPI: frozenset(rule.get("provided_python", ())), NPM: frozenset(rule.get("provided_javascript", ()))}
    by_path = {view.path: view for view in views}
    project = Project(change)
    for number, ((ecosystem, root), places) in enumerate(sorted(asked.items())):
        if number >= MOST:
            yield NotChecked("undeclared-imports", f"only {MOST} of {len(asked)} new imports were looked into")
            return
        if (
            root in provided[ecosystem]
            or root.partition("/")[0] in provided[ecosystem]
            or project.has_module(ecosystem, root)
        ):
            continue
        first = next((one for one in places if _needed(by_path[one.path], one)), None)
        if first is None:
            continue
        known = project.declared(ecosystem, first.path)
        if _explained(ecosystem, root, known) or _inline(by_path[first.path], root):
            continue
        if known.unread:
            yield NotChecked(
                "undeclared-imports", f"{first.path}: {root}; not every manifest could be read: {known.unread[0]}"
            )
        elif not known.above:
            continue  # no manifest answers for this folder, so nothing could have declared it
        elif not _elsewhere(project, first):
            aside = path_kind(first.path) is PathKind.TEST or bool(_OUTSIDE.search(first.path))
            yield Undeclared(ecosystem, root, distribution(ecosystem, root), first.path, first.line, aside)


def distribution(ecosystem: str, root: str) -> str:
    """The package that provides an import name."""
    if ecosystem != PYPI:
        return root
    name = normal_pypi(root).strip("-")
    return import_names().get(name, name)


def _needed(view: FileView, one: Imported) -> bool:
    if view.new is None:
        return False
    if view.path.endswith(".ipynb"):
        return True
    if one.ecosystem == PYPI:
        from trustgate.analyzers.dependencies.python_context import needed

        return needed(view.new.data, one.root)
    return _stands_as_code(view, one)


def _stands_as_code(view: FileView, one: Imported) -> bool:
    """Whether the line is code, by the outline, and no `try` stands just above it."""
    assert view.new is not None
    lines = view.new.lines
    text = lines[one.line - 1]
    if ".catch(" in text or any(re.search(r"\btry\s*\{", line) for line in lines[max(one.line - 4, 0) : one.line]):
        return False
    if text.lstrip().startswith("}") and _opens_with_type(lines, one.line - 1):
        return False
    at = text.find(one.root)
    detail = view.new.outline.detail([(one.line, one.line)])
    inside = [part.span for part in (*detail.strings, *detail.comments)]
    start = len(text[: max(at - 1, 0)].encode("utf-8", "surrogatepass"))
    for span in inside:
        begins = (span.line, span.column) < (one.line, start)
        if begins and (span.end_line, span.end_column) > (one.line, start):
            return False
    return True


def _opens_with_type(lines: Sequence[str], end: int) -> bool:
    """Whether the statement that ends in this line began as `import type {`, some lines above."""
    for text in reversed(lines[max(end - NAMED, 0) : end]):
        if _STATEMENT.match(text):
            return bool(_TYPES.match(text))
    return False


def _explained(ecosystem: str, root: str, known: Declared) -> bool:
    if ecosystem == NPM:
        bare = root.lstrip("@").replace("/", "__")
        return bool({root, f"@types/{bare}"} & known.names)
    name = normal_pypi(root).strip("-")
    candidates = {name, import_names().get(name, name)}
    if candidates & known.names:
        return True
    short = squeeze(name)
    for declared in known.names:
        if name in declared.split("-") or squeeze(declared) == short or declared.startswith(f"{name}-"):
            return True
        if len(short) >= _GENERAL and short in squeeze(declared):
            return True
        if squeeze(declared) in (f"py{short}", f"{short}py", f"python{short}", f"{short}python"):
            return True
    return False


def _inline(view: FileView, root: str) -> bool:
    """Whether the script's own block of dependencies (PEP 723) has the name."""
    assert view.new is not None
    text = view.new.text if b"# /// script" in view.new.data else ""
    block = text.partition("# /// script")[2].partition("\n# ///")[0]
    return squeeze(normal_pypi(root)) in squeeze(normal_pypi(block)) if block else False


def _elsewhere(project: Project, one: Imported) -> bool:
    """Whether the rest of the repository knows the name: imports it already, installs it by command, or aliases it."""
    word = re.escape(one.root)
    if one.ecosystem == PYPI:
        statement = re.compile(
            rf"^[ \t]{{0,80}}(?:from\s{{1,9}}{word}\b|import\s{{1,9}}(?:[\w., ]{{1,300}},\s{{0,9}})?{word}\b)",
            re.MULTILINE,
        )
        suffixes: tuple[str, ...] = (".py",)
        names = frozenset({normal_pypi(one.root).strip("-"), one.root, distribution(PYPI, one.root)})
    else:
        statement = re.compile(rf"(?:from|import|require\s*\(|import\s*\()\s*[\"']{word}(?:[\"'/])")
        suffixes = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".vue", ".svelte")
        names = frozenset({one.root})
        if project.aliased(one.root):
            return True
    return project.imports_already(one.path, suffixes, statement) or project.installs(names)
