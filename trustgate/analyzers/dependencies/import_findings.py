"""Findings on imports that nothing declares: one a package, the stronger rule where its name looks wrong as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trustgate.analyzers.dependencies.existence import Existence, Presence
from trustgate.analyzers.dependencies.making import Maker, Seen
from trustgate.analyzers.dependencies.names import ABSENT, MALICIOUS, NameVerdict, judge_name
from trustgate.analyzers.dependencies.similar import STRONG
from trustgate.analyzers.dependencies.undeclared import RULE, Undeclared
from trustgate.finding import Confidence, Finding

SUSPECT = "import-suspect"
Known = Mapping[tuple[str, str], Existence]


def import_findings(found: Sequence[Undeclared], known: Known, maker: Maker) -> Iterator[Finding]:
    """`known` is what was looked up of the names, by (ecosystem, name)."""
    for one in found:
        verdict = judge_name(one.ecosystem, one.name, existence=known.get((one.ecosystem, one.name)))
        what, sure = _wrong(verdict)
        seen = Seen(one.path, one.line, f"import {one.ecosystem}:{one.root}", one.root)
        evidence = (*(signal.detail for signal in verdict.signals), "no manifest, module or build setting explains it")
        if what:
            yield maker.make(SUSPECT, seen, evidence, {"root": one.root, "what": what}, confidence=sure)
        elif not one.aside:
            yield maker.make(RULE, seen, evidence, {"root": one.root, "name": one.name})


def _wrong(verdict: NameVerdict) -> tuple[str, Confidence]:
    """What is wrong with the name, in words; empty where nothing is known against it."""
    sure = Confidence.HIGH if verdict.confirmed else Confidence.MEDIUM
    if verdict.has(MALICIOUS):
        return "the package of that name is known to be malicious", sure
    if verdict.has(STRONG):
        return f"{verdict.name} looks like {verdict.target}", sure
    if verdict.presence is Presence.ABSENT:
        return f"the index has no {verdict.name}", sure
    if verdict.has(ABSENT):
        return f"{verdict.name} is not in the bundled list of PyPI names", sure
    return "", sure
