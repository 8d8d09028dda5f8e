"""Claims brought together: within a commit by agent, over commits by backend. Nothing is dropped for another claim:
where claims disagree every origin is kept, and policy takes the strictest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trustgate.attribution.backend import Backend
from trustgate.attribution.carry import MARKER
from trustgate.attribution.claim import Claim
from trustgate.attribution.origin import CLOSED_HOSTS, UNKNOWN, Evidence, Origin, OriginClass, Trust
from trustgate.attribution.strictness import class_strictness, strictness

EVIDENCE_LIMIT = 20
"""pieces of evidence kept for one origin; its commits are all kept"""
ORIGIN_LIMIT = 32
"""origins of one commit; of more, the strictest are kept"""

MODEL_CLASSES = (OriginClass.GENERATED, OriginClass.ASSISTED, OriginClass.SUGGESTED)
_Key = tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    origin: Origin
    evidence: dict[Evidence, None] = field(default_factory=dict)
    commits: dict[str, Trust] = field(default_factory=dict)
    """the best trust that each commit gives; the empty id stands for a text without a commit"""


class Origins:
    """Collects origins over commits; ids `o1`, `o2`, … in the order of first appearance, `o0` is the unknown one.

    The trust of an origin is that of the commit with the least: what is signed for one commit says nothing of another.
    """

    def __init__(self) -> None:
        self._drafts: dict[_Key, _Draft] = {}
        self.problems: list[str] = []
        """in sentences: texts that name more origins than are kept, so that some are not judged"""

    def add(self, commit: str, claims: Sequence[Claim]) -> tuple[str, ...]:
        """Ids of the origins of one commit, or of a text without a commit (empty id). No claim: the unknown origin."""
        drafts = _of_one_commit(commit, claims)
        unclaimed = [claim for claim in claims if claim.origin_class is OriginClass.UNKNOWN]
        if len(drafts) > ORIGIN_LIMIT:
            self.problems.append(f"{commit[:12] or 'a text'} names {len(drafts)} backends, {ORIGIN_LIMIT} were kept")
            strict = sorted(drafts, key=lambda pair: strictness(pair[0]), reverse=True)[:ORIGIN_LIMIT]
            drafts = [pair for pair in drafts if pair in strict]
        silent = tuple(item for origin, items in drafts for item in items if not _says_something(origin))
        ids = [self._keep(origin, evidence, commit) for origin, evidence in drafts if _says_something(origin)]
        if not ids or any(claim.rule == MARKER and not claim.agent and not claim.backends for claim in unclaimed):
            ids.insert(0, self._keep(UNKNOWN, silent, commit))
        return tuple(dict.fromkeys(ids))

    def all(self) -> tuple[Origin, ...]:
        """Every origin, `o0` first where it occurs."""
        drafts = sorted(self._drafts.values(), key=lambda draft: int(draft.origin.id[1:]))
        return tuple(
            draft.origin._replace(
                trust=min(draft.commits.values()),
                evidence=tuple(draft.evidence)[:EVIDENCE_LIMIT],
                commits=tuple(filter(None, draft.commits)),
            )
            for draft in drafts
        )

    def _keep(self, origin: Origin, evidence: Iterable[Evidence], commit: str) -> str:
        key = _key(origin)
        draft = self._drafts.get(key)
        if draft is None:
            unknown = key == _key(UNKNOWN)
            number = 0 if unknown else 1 + sum(1 for other in self._drafts.values() if other.origin.id != "o0")
            draft = self._drafts[key] = _Draft(origin._replace(id=f"o{number}"))
        draft.evidence.update(dict.fromkeys(evidence))
        draft.commits[commit] = max(origin.trust, draft.commits.get(commit, Trust.NONE))
        return draft.origin.id


def _says_something(origin: Origin) -> bool:
    return _key(origin) != _key(UNKNOWN)


def _key(origin: Origin) -> _Key:
    return (
        origin.origin_class,
        origin.agent,
        origin.model,
        origin.family,
        origin.provider,
        origin.hosting,
        origin.jurisdiction,
    )


def _of_one_commit(commit: str, claims: Sequence[Claim]) -> list[tuple[Origin, tuple[Evidence, ...]]]:
    """The origins of one commit. Claims of one agent are one statement: the strictest class holds for all of them, and
    a claim without a model supports each of the agent's backends. Several models of one agent stay several origins. A
    line of a carry-over block is an origin of its own: it was brought together already."""
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        by_model = claim.origin_class in MODEL_CLASSES
        alone = (claim.origin_class, claim.backends) if claim.rule == MARKER else None
        name = (claim.agent, by_model, None if by_model else claim.origin_class, alone)
        groups.setdefault(name, []).append(claim)
    out = []
    for group in groups.values():
        agent = group[0].agent
        origin_class = max((claim.origin_class for claim in group), key=class_strictness)
        backends = _distinct(backend for claim in group for backend in claim.backends)
        for backend in backends or (Backend(),):
            support = [c for c in group if not c.backends or any(agrees(b, backend) for b in c.backends)]
            trust = max((claim.trust for claim in support), default=Trust.NONE)
            evidence = tuple(Evidence(claim.kind, claim.detail, commit) for claim in support)
            out.append((origin_of(origin_class, agent, backend, trust), evidence))
    return out


def _distinct(backends: Iterable[Backend]) -> tuple[Backend, ...]:
    """Backends without repetitions; one that says less than another of the same model (no provider) is left to it."""
    found = tuple(dict.fromkeys(backends))
    return tuple(b for b in found if not any(o != b and agrees(b, o) for o in found))


def agrees(less: Backend, more: Backend) -> bool:
    """Whether `less` says nothing that `more` does not say as well, and nothing that is judged more strictly: a model
    whose weights may be open is not excused by a claim that a closed host served it."""
    if less == more:
        return True
    if less.stated.family and less.stated.open_weights is None and more.served.hosting in CLOSED_HOSTS:
        return False
    if less.served.provider or less.stated.free or less.stated.cloud:
        return False
    same = less.stated.model == more.stated.model
    return same and less.stated.family == more.stated.family and bool(more.served.provider)


def origin_of(origin_class: OriginClass, agent: str, backend: Backend, trust: Trust, identity: str = "o1") -> Origin:
    stated, served = backend.stated, backend.served
    return Origin(
        id=identity,
        origin_class=origin_class,
        agent=agent,
        model=stated.model,
        family=stated.family,
        vendor=stated.vendor,
        vendor_jurisdiction=stated.vendor_jurisdiction,
        open_weights=stated.open_weights,
        license=stated.license,
        provider=served.provider,
        hosting=served.hosting,
        jurisdiction=served.jurisdiction,
        trust=trust,
    )
