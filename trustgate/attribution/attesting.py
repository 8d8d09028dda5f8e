"""Making a record: what this machine sees when a commit is made, in the form of `statement.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from trustgate.attribution.claim import cut
from trustgate.attribution.environment import Running
from trustgate.attribution.origin import Origin, OriginClass, Trust
from trustgate.attribution.reachable import Reached
from trustgate.attribution.statement import LIST_LIMIT, BackendRecord, Binding, Record

LIFE = 180 * 24 * 3600
"""seconds after which a record counts no more for another commit with the same patch"""
_VERSION = re.compile(r"[^@]{1,60}@v?(\d[\w.+-]{0,30})", re.ASCII)


def records_seen(
    binding: Binding, running: Sequence[Running], environ: Mapping[str, str], *, version: str, now: int
) -> tuple[Record, ...]:
    """One record for each agent that is running; one that says so where none is seen. `now` in seconds since 1970."""
    found = []
    for one in running:
        strong = any(claim.trust > Trust.WEAK for claim in one.signs)
        evidence = [(claim.kind, claim.trust.label, claim.detail) for claim in one.signs]
        evidence += [("environment", "recorded", detail) for detail in one.reach.details]
        found.append(
            _record(
                binding, OriginClass.GENERATED if strong else OriginClass.UNKNOWN, one.agent, version, now,
                backends=tuple(map(_backend, one.reach.backends)), evidence=tuple(evidence),
                agent_version=_agent_version(environ), unread=one.reach.unread,
            )
        )  # fmt: skip
    return tuple(found) or (_record(binding, OriginClass.UNKNOWN, "", version, now),)


def record_declared(binding: Binding, origin: Origin, *, version: str, now: int) -> Record:
    """A record of what a person declares by hand."""
    known = bool(origin.model or origin.family or origin.provider)
    backend = BackendRecord(
        model=origin.model or origin.family,
        provider=origin.provider,
        hosting=origin.hosting.value,
        jurisdiction=origin.jurisdiction,
    )
    return _record(
        binding, origin.origin_class, origin.agent, version, now, backends=(backend,) if known else (),
        evidence=tuple((item.kind, Trust.DECLARED.label, item.detail) for item in origin.evidence),
    )  # fmt: skip


def record_no_ai(binding: Binding, *, version: str, now: int) -> Record:
    """A record in which a person declares that no model took part."""
    evidence = (("declared", Trust.DECLARED.label, "declared by hand: no model took part"),)
    return _record(binding, OriginClass.DECLARED_NO_AI, "", version, now, evidence=evidence)


def _record(
    binding: Binding,
    origin_class: OriginClass,
    agent: str,
    version: str,
    now: int,
    *,
    backends: tuple[BackendRecord, ...] = (),
    evidence: tuple[tuple[str, str, str], ...] = (),
    agent_version: str = "",
    unread: tuple[str, ...] = (),
) -> Record:
    return Record(
        binding=binding,
        origin_class=origin_class.value,
        agent=cut(agent),
        agent_version=agent_version,
        backends=backends[:LIST_LIMIT],
        evidence=tuple((kind, trust, cut(detail)) for kind, trust, detail in evidence[:LIST_LIMIT]),
        unread=tuple(map(cut, unread[:LIST_LIMIT])),
        hook=version,
        time=now,
        expires=now + LIFE,
    )


def _backend(reached: Reached) -> BackendRecord:
    stated, served = reached.backend.stated, reached.backend.served
    return BackendRecord(
        model=cut(stated.model or stated.family),
        provider=served.provider,
        endpoint=cut(reached.host),
        hosting=served.hosting.value,
        jurisdiction=served.jurisdiction,
        free=stated.free,
        cloud=stated.cloud,
    )


def _agent_version(environ: Mapping[str, str]) -> str:
    """The version in `AI_AGENT=name@version`, the one place where agents tell it."""
    match = _VERSION.fullmatch(environ.get("AI_AGENT", ""))
    return match[1] if match else ""
