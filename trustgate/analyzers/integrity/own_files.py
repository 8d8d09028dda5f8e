"""The gate's own files: a change to what judges changes is itself a finding. The trusted base still decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity import own_workflow
from trustgate.analyzers.integrity.code_owners import effective_owners
from trustgate.analyzers.integrity.subject import Subject
from trustgate.changes.changeset import Status
from trustgate.finding import Confidence, Location, Severity, Side

CONFIG = "trustgate.toml"
HOOK_FILES = (".pre-commit-config.yaml", ".pre-commit-config.yml")
OWNERS_FILES = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_PRESETS = {"advise": 0, "standard": 1, "strict": 2}
_SIZE = 1024 * 1024
"""bytes of a policy file that are parsed for the wording; a larger one is reported all the same"""
_SHA = re.compile(r"[0-9a-f]{40}\Z")
_VERSION = re.compile(r"v?\d+(?:\.\d+){1,3}(?:[a-z]+\d*)?\Z")


def check(subject: Subject) -> Iterator[Outcome]:
    path = subject.path
    lowered = path.lower()
    if lowered == CONFIG or lowered.endswith("/" + CONFIG) or lowered.startswith(".trustgate/"):
        yield from _own_policy(subject)
    elif lowered in HOOK_FILES:
        yield from _own_hook(subject)
    elif path in OWNERS_FILES:
        yield from _owners(subject)
    elif own_workflow.is_workflow(path) and any("trustgate" in text.lower() for text in subject.texts()):
        yield from own_workflow.check(subject, adopted=_adopted(subject))
    elif lowered.startswith("allowlists/") and lowered.endswith(".toml") and _adopted(subject):
        yield _whole(subject, "own-exceptions-changed", ())
    elif lowered.startswith("rules/") and lowered.endswith((".toml", ".yaml")) and _is_our_own_source(subject):
        yield _whole(subject, "own-rules-changed", ())
    elif lowered == ".pre-commit-hooks.yaml" and any("trustgate" in text for text in subject.texts()):
        yield _whole(subject, "own-hook-changed", ("the definition of the hook",))


def _adopted(subject: Subject) -> bool:
    return subject.context.change.base_file(CONFIG) is not None


def _is_our_own_source(subject: Subject) -> bool:
    return subject.context.change.base_file("trustgate/rulebook.py") is not None


def _location(subject: Subject) -> Location:
    """The first changed line, or the file as a whole."""
    first = next(subject.file.added(), None) or next(subject.file.removed(), None)
    return subject.at(first) if first is not None else subject.whole


def _whole(subject: Subject, rule: str, reasons: tuple[str, ...], severity: Severity | None = None) -> Outcome:
    change = subject.file.change
    words = "; ".join(reasons) or {Status.ADDED: "added", Status.DELETED: "deleted"}.get(change.status, "edited")
    return subject.rules.finding(
        rule, _location(subject), f"{change.new_id}", evidence=reasons, severity=severity, reasons=words
    )


def _own_policy(subject: Subject) -> Iterator[Outcome]:
    lowered = subject.path.lower()
    if lowered.startswith(".trustgate/"):
        name = lowered.removeprefix(".trustgate/")
        rule = "own-policy-changed"
        if name.startswith(("exception", "allowlist", "baseline")):
            rule = "own-exceptions-changed"
        elif "signer" in name or name.startswith("keys"):
            rule = "own-signers-changed"
        elif name.startswith("rules/"):
            rule = "own-rules-changed"
        if not _adopted(subject) and subject.file.change.status is Status.ADDED and rule == "own-policy-changed":
            rule = "first-adoption"
        reasons: tuple[str, ...] = ()
        if rule == "own-exceptions-changed":
            reasons = tuple(_exception_words(subject))
        yield _whole(subject, rule, reasons)
        return
    if not _adopted(subject) and subject.path == CONFIG and subject.file.change.status is Status.ADDED:
        yield _whole(subject, "first-adoption", ())
        return
    words = tuple(_policy_words(subject))
    if "/" in subject.path:
        words = ("a configuration in a sub-folder, which the gate does not read", *words)
    yield _whole(subject, "own-policy-changed", words)


def _tables(text: str) -> dict[str, Any] | None:
    if len(text) > _SIZE:
        return None
    from trustgate.manifests.dependency import ManifestError
    from trustgate.manifests.text import load_toml

    try:
        return load_toml("", text)
    except ManifestError:
        return None


def _policy_words(subject: Subject) -> Iterator[str]:
    """What an edit of the policy does, in words, where that is simple to say."""
    old_text, new_text = subject.texts()
    old, new = _tables(old_text), _tables(new_text)
    if new is None:
        yield "not valid TOML any more"
    if subject.file.change.status is Status.DELETED:
        yield "deleted: the shipped policy applies"
    if old is None or new is None:
        return
    before, after = (str(table.get("preset", "standard")) for table in (old, new))
    if before != after:
        lower = _PRESETS.get(after, -1) < _PRESETS.get(before, 1)
        yield f"preset {before} -> {after}" + (" (loosened)" if lower else "")
    changed = sorted(key for key in {*old, *new} if key != "preset" and old.get(key) != new.get(key))
    if changed:
        yield "changed: " + ", ".join(changed[:12])


def _exception_words(subject: Subject) -> Iterator[str]:
    old, new = (_tables(text) for text in subject.texts())
    if new is None:
        yield "not valid TOML any more"
    elif old is not None:
        before, after = _count(old), _count(new)
        yield f"{before} exceptions before, {after} after"


def _count(table: dict[str, Any]) -> int:
    return sum(len(value) for value in table.values() if isinstance(value, list))


# ------------------------------------------------------------------------------------------------ the hook


def hook_block(text: str) -> list[str]:
    """The lines of the `repos:` entry of `.pre-commit-config.yaml` that names us, without blank lines and comments."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if re.match(r"\s*-\s+[\"']?repo[\"']?\s*:", line) or (not line[0].isspace() and not line.startswith("-")):
            blocks.append([])
        blocks[-1].append(stripped.split(" #")[0].rstrip())
    return next((block for block in blocks if any("trustgate" in line.lower() for line in block)), [])


def _top_level(text: str) -> dict[str, str]:
    """Values of the keys of the whole configuration that decide whether any hook runs."""
    found = {}
    for line in text.split("\n"):
        match = re.match(r"(exclude|files|default_stages|fail_fast|default_install_hook_types)\s*:\s*(.{0,500})", line)
        if match:
            found[match[1]] = match[2].strip()
    for match in re.finditer(r"skip:\s*\[([^\]\n]{0,500})\]", text):
        if "trustgate" in match[1]:
            found["ci.skip"] = match[1]
    return found


def _own_hook(subject: Subject) -> Iterator[Outcome]:
    old_text, new_text = subject.texts()
    old, new = hook_block(old_text), hook_block(new_text)
    if not old:
        if new:
            yield _whole(
                subject, "first-adoption" if not _adopted(subject) else "own-hook-changed", ("the hook is added",)
            )
        return
    if old != new:
        if not new:
            yield _whole(subject, "own-hook-changed", ("the hook is removed",))
            return
        versions = _rev_only(old, new)
        if versions and (_SHA.match(versions[1]) or _VERSION.match(versions[1])):
            yield _whole(subject, "own-version-bump", (f"{versions[0]} -> {versions[1]}",))
        else:
            gone = [line for line in old if line not in new]
            come = [line for line in new if line not in old]
            yield _whole(
                subject,
                "own-hook-changed",
                tuple([f"- {line}" for line in gone[:6]] + [f"+ {line}" for line in come[:6]]),
            )
        return
    before, after = _top_level(old_text), _top_level(new_text)
    if before != after:
        keys = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
        yield subject.rules.finding(
            "own-hook-changed", _location(subject), subject.file.change.new_id, confidence=Confidence.MEDIUM,
            reasons="changed for every hook: " + ", ".join(keys), evidence=tuple(keys),
        )  # fmt: skip


def _rev_only(old: list[str], new: list[str]) -> tuple[str, str] | None:
    """Old and new `rev` when that line alone differs."""
    differing = [(a, b) for a, b in zip(old, new, strict=False) if a != b]
    if len(old) != len(new) or len(differing) != 1:
        return None
    values = [re.fullmatch(r"rev\s*:\s*[\"']?([^\"'\s]{1,200})[\"']?", line) for line in differing[0]]
    return (values[0][1], values[1][1]) if values[0] and values[1] else None


# ------------------------------------------------------------------------------------------------ code owners


def _owners(subject: Subject) -> Iterator[Outcome]:
    """Who must approve a change of our files, before and after: the last matching line of CODEOWNERS decides."""
    if not _adopted(subject):
        return
    old_text, new_text = subject.texts()
    base = subject.context.change.base_paths()
    workflows = [path for path in base if own_workflow.is_workflow(path) and "trustgate" in path.lower()]
    guarded = [CONFIG, ".trustgate/exceptions.toml", "models.lock", HOOK_FILES[0], subject.path, *sorted(workflows)]
    changed = [
        (path, before, after)
        for path in guarded
        if (before := effective_owners(old_text, path)) and before != (after := effective_owners(new_text, path))
    ]
    if changed:
        words = tuple(
            f"{path}: {' '.join(before) or 'nobody'} -> {' '.join(after) or 'nobody'}"
            for path, before, after in changed
        )
        side = Side.NEW if any(True for _ in subject.file.added()) else Side.OLD
        first = next(subject.file.added() if side is Side.NEW else subject.file.removed(), None)
        location = subject.at(first) if first else subject.whole
        yield subject.rules.finding(
            "code-owners-changed", location, ";".join(words), evidence=words, reasons="; ".join(words)
        )
