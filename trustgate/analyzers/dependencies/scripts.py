"""Findings on install scripts: code that runs when a package is installed, built or when Python starts."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.dependencies.making import LISTED, Maker, Seen
from trustgate.analyzers.dependencies.pairs import Pair
from trustgate.finding import Confidence, Finding
from trustgate.manifests.dependency import Dependency

RULE = "install-script-added"
ALLOWED = "install-scripts"
"""kind of the settings that let the scripts of a package run (pnpm, Bun)"""
_WORDS = {
    "cmdclass": "setup.py replaces the commands of setuptools",
    "extensions": "the gem builds an extension",
    "build.rs": "build.rs is added",
    "binding.gyp": "binding.gyp is added",
    "pth": "a line of a .pth file",
}


def script_findings(pair: Pair, maker: Maker) -> Iterator[Finding]:
    """Scripts of this project that are new or changed, and packages that had none before and have one now."""
    before = {(hook.kind, hook.text) for hook in (pair.old.hooks if pair.old else ())}
    kinds = {hook.kind for hook in (pair.old.hooks if pair.old else ())}
    for hook in pair.new.hooks if pair.new else ():
        if (hook.kind, hook.text) not in before:
            what = _WORDS.get(hook.kind, f"the script {hook.kind}")
            verb = "" if hook.kind in _WORDS else " is changed" if hook.kind in kinds else " is added"
            yield maker.make(
                RULE,
                Seen(hook.manifest, hook.line, f"{hook.kind} {hook.text}", hook.text or hook.kind),
                (hook.text,),
                {"what": what + verb},
                confidence=Confidence.HIGH if pair.old or hook.kind == "pth" else Confidence.MEDIUM,
            )
    for item in pair.added_settings:
        if item.kind == ALLOWED:
            yield maker.make(
                RULE,
                Seen(item.manifest, item.line, f"allowed {item.value}", item.value),
                (f"the install scripts of {item.value} may run",),
                {"what": f"{item.value} may run its install script"},
                confidence=Confidence.MEDIUM,
            )
    yield from _gained(pair, maker)


def _gained(pair: Pair, maker: Maker) -> Iterator[Finding]:
    """A package that stood in the lock without an install script: what an attacker who takes a package over adds."""
    old: dict[tuple[str, str], bool] = {}
    versions: set[tuple[tuple[str, str], str]] = set()
    for item in pair.old.dependencies if pair.old else ():
        old[item.key] = old.get(item.key, False) or item.install_script
        versions.add((item.key, item.version))
    gained: dict[str, Dependency] = {}
    for item in pair.new.dependencies if pair.new else ():
        same = (item.key, item.version) in versions  # a lock file written by another release of the tool
        if item.install_script and old.get(item.key) is False and any(old.values()) and not same:
            gained.setdefault(f"{item.name} {item.version}", item)
    if gained:
        first = next(iter(gained.values()))
        shown = sorted(gained)
        more = f" and {len(shown) - LISTED} more" if len(shown) > LISTED else ""
        others = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
        yield maker.make(
            RULE,
            Seen(first.manifest, first.line, " ".join(shown), first.raw_name),
            (", ".join(shown[:LISTED]) + more, "the version before ran no script when it was installed"),
            {"what": f"{first.name}{others} gained one"},
        )
