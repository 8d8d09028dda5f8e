"""What a recorder on the author's machine noted of a commit, as claims: of the whole commit, and of single lines.

A record is `recorded` where its lines are lines that the commit added, `weak` where they are not: then it belongs to
another commit, was moved by a rebase, or was made up, and it says nothing of single lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from trustgate.attribution.agents import UNSPECIFIED
from trustgate.attribution.backend import Backend
from trustgate.attribution.claim import Claim, cut
from trustgate.attribution.git_ai import GitAiNote, Session
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.registry import Registry

UNFIT = " [its lines are not lines that the commit added]"
_TOOL = re.compile(r"[a-z][a-z0-9._-]{1,30}")
_Spans = Sequence[tuple[int, int]]


class LineClaims(NamedTuple):
    path: str
    """of the file in the commit"""
    start: int
    end: int
    """1-based, inclusive"""
    claims: tuple[Claim, ...]


class Recorded(NamedTuple):
    """Records of one commit."""

    claims: tuple[Claim, ...] = ()
    """everything said, of lines or of the whole"""
    lines: tuple[LineClaims, ...] = ()
    """about lines that the commit added; where two overlap both hold"""
    wide: tuple[Claim, ...] = ()
    """those of `claims` that are about every line of the commit"""


def of_commit(*claims: Claim) -> Recorded:
    """Claims about a commit as a whole, such as an attestation's."""
    return Recorded(claims, (), claims)


def merged(records: Iterable[Recorded]) -> Recorded:
    parts = tuple(records)
    return Recorded(
        tuple(dict.fromkeys(claim for part in parts for claim in part.claims)),
        tuple(line for part in parts for line in part.lines),
        tuple(dict.fromkeys(claim for part in parts for claim in part.wide)),
    )


def from_git_ai(note: GitAiNote, added: Mapping[str, Sequence[range]], registry: Registry, ref: str) -> Recorded:
    """The claims of one git-ai note; `added` are the lines that its commit added. A note that attests nothing and lists
    nobody gives none. Lines without a key are of unknown origin, not a person's."""
    fit = [(item, within(item.spans, added.get(item.path, ()))) for item in note.lines]
    stated = sum(lines_of(item.spans) for item in note.lines)
    fits = 2 * sum(lines_of(spans) for _, spans in fit) >= stated
    trust = Trust.RECORDED if fits and not note.fault else Trust.WEAK
    remark = f" [{note.fault}]" if note.fault else "" if fits else UNFIT
    claims, by_session = [], {}
    for key, session in note.sessions.items():
        mine = [item for item in note.lines if item.session == key]
        where = f"{sum(lines_of(i.spans) for i in mine)} lines in {len({i.path for i in mine})} files"
        origin_class = OriginClass.GENERATED if mine else OriginClass.ASSISTED
        agent, backends = _named(session, "git-ai", registry)
        shown = " ".join(filter(None, (agent, *(b.stated.model for b in backends))))
        detail = cut(f"{ref}: {shown}, {where if mine else 'no line left'}{remark}")
        by_session[key] = Claim("git-ai-session", "note", detail, origin_class, trust, agent, backends)
        claims.append(by_session[key])
    person = Claim("git-ai-human", "note", f"{ref}: typed by a person{remark}", OriginClass.DECLARED_NO_AI, trust)
    if not claims and note.lines:
        claims.append(person)
    if not claims and note.fault:
        claims.append(Claim("git-ai-fault", "note", cut(f"{ref}:{remark}"), OriginClass.UNKNOWN, Trust.NONE))
    if trust is not Trust.RECORDED or not any(spans for _, spans in fit):
        return of_commit(*claims)  # about no single line, and another note's lines do not change that
    lines = [
        LineClaims(item.path, first, last, (by_session.get(item.session, person),))
        for item, spans in fit
        for first, last in spans
    ]
    return Recorded(tuple(claims), tuple(lines))


def _named(session: Session, recorder: str, registry: Registry) -> tuple[str, tuple[Backend, ...]]:
    agent = agent_named(session.tool, recorder, registry)
    return agent, registry.backends(session.model, explicit=True, agent=agent) if session.model else ()


def agent_named(tool: str, recorder: str, registry: Registry) -> str:
    """The agent a recorder means by a name; one that nobody knows is kept where it looks like a name."""
    name = "-".join(tool.lower().split())
    known = registry.tables.get("recorders", {}).get(recorder, {}).get(name) or registry.agents.whole(tool)
    return str(known) if known else name if _TOOL.fullmatch(name) and name != "unknown" else UNSPECIFIED


def lines_of(spans: _Spans) -> int:
    return sum(last - first + 1 for first, last in spans)


def within(spans: _Spans, added: Sequence[range]) -> tuple[tuple[int, int], ...]:
    """The parts of `spans` that lie in `added` (which is in order and does not overlap)."""
    found = []
    for first, last in sorted(spans):
        for piece in added:
            if piece.start > last:
                break
            start, end = max(first, piece.start), min(last, piece.stop - 1)
            if start <= end:
                found.append((start, end))
    return tuple(found)
