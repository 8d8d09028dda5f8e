"""What a commit's own text claims: its trailers, footers, subject, author and committer. All of it is anyone's to type.

Agent from the address or the name, model from the text, provider only where the model text starts with a route. Text in
letters that imitate a known name is a claim of an unknown backend, never of the one it imitates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from trustgate.attribution.agents import UNSPECIFIED
from trustgate.attribution.backend import Backend
from trustgate.attribution.carry import MARKER, read_carried
from trustgate.attribution.claim import Claim, cut
from trustgate.attribution.lookalike import fold, imitates
from trustgate.attribution.markers import Identity, Marker, identities
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.registry import Registry
from trustgate.attribution.trailers import VALUE_LIMIT, Trailer, parse_message, without_secrets
from trustgate.changes.changeset import CommitInfo

OUT_OF_PLACE = " [out of place: not in the last block of trailers]"
LOOK_ALIKE = " [look-alike letters: not the name it imitates]"
LINE_LIMIT = 4000
"""lines of a message that are compared with footers"""

_AGENT_MODEL = re.compile(
    r"(?P<agent>[\w .+-]{1,40}):(?!//)(?P<model>[\w./:@+-]{1,80})(?: [\w.+-]{1,40}){0,6}", re.ASCII
)
_AI_WORD = re.compile(r"(?<![a-z])(?:ai|llm|llms|chatbot|gpt|language model)(?![a-z])")

Naming = tuple[str, tuple[Backend, ...]]
"""an agent and the backends named with it"""


def claims_of(commit: CommitInfo, registry: Registry) -> tuple[Claim, ...]:
    """Every claim in a commit's text, author first, then subject, trailers, footers. Never raises."""
    return (*_people(commit, registry), *_message(commit.message, registry))


def _people(commit: CommitInfo, registry: Registry) -> Iterator[Claim]:
    for kind, name, address in (
        ("author", commit.author_name, commit.author_email),
        ("committer", commit.committer_name, commit.committer_email),
    ):
        shown = without_secrets(f"{name[:VALUE_LIMIT]} <{address[:VALUE_LIMIT]}>")
        if imitates(shown, registry.imitated):
            yield _imitation(kind, shown, OriginClass.GENERATED)
            continue
        identity, lowered = Identity(name[:VALUE_LIMIT].strip(), address[:VALUE_LIMIT].strip()), shown.lower()
        for marker in registry.authors:
            if marker.where != kind or not marker.near(lowered):
                continue
            groups = marker.match_identity(identity)
            if groups is None:
                groups = marker.match_value(shown)
            if groups is None:
                continue
            backends = registry.backends(identity.name, explicit=False, agent=marker.agent) if marker.model_from else ()
            agent = registry.agents.whole(groups["agent"]) if "agent" in groups else marker.agent
            yield Claim(marker.id, kind, cut(shown), marker.origin_class(""), marker.trust, agent, backends)
            break


def claims_in_text(text: str, registry: Registry, kind: str) -> tuple[Claim, ...]:
    """Claims of a text that stands beside the commits, such as a pull request's body: as of a message, all of this
    kind of evidence. There is no last block in it: a trailer counts wherever it stands."""
    return tuple(claim._replace(kind=kind) for claim in _message(text, registry, anywhere=True))


def _message(text: str, registry: Registry, *, anywhere: bool = False) -> Iterator[Claim]:
    lowered = fold(text).lower()
    trailers = [marker for marker in registry.trailers if marker.near(lowered)]
    lines = [marker for marker in registry.lines if marker.near(lowered)]
    if not trailers and not lines:
        return
    message = parse_message(text, registry.keys)
    yield from _line(message.subject, "subject", lines, registry)
    for trailer in message.trailers:
        yield from _trailer(trailer._replace(in_place=trailer.in_place or anywhere), trailers, registry)
    footers = [marker for marker in lines if marker.where == "footer"]
    if footers:
        seen: set[str] = set()
        for line in message.lines[:LINE_LIMIT]:
            if line not in seen:
                seen.add(line)
                yield from _line(line, "footer", footers, registry)


def _line(line: str, kind: str, markers: Iterable[Marker], registry: Registry) -> Iterator[Claim]:
    lowered = fold(line).lower()
    near = [marker for marker in markers if marker.where == kind and marker.near(lowered)]
    if near and imitates(line, registry.imitated):
        if any(marker.match_value(fold(line)) is not None for marker in near):
            yield _imitation(kind, line, OriginClass.GENERATED)
        return
    for marker in near:
        groups = marker.match_value(line)
        if groups is None:
            continue
        agent = registry.agents.whole(groups["agent"]) if "agent" in groups else marker.agent
        backends = registry.backends(groups["model"], explicit=True) if "model" in groups else ()
        yield Claim(marker.id, kind, cut(line), marker.origin_class(""), marker.trust, agent or UNSPECIFIED, backends)
        return


def _trailer(trailer: Trailer, markers: Sequence[Marker], registry: Registry) -> Iterator[Claim]:
    """The claim of the first marker that fits; at most one a trailer."""
    imitation = trailer.odd_key or imitates(trailer.value, registry.imitated)
    value = fold(trailer.value) if imitation else trailer.value
    lowered = f"{trailer.key}: {value}".lower()
    people = identities(value)
    for marker in markers:
        if trailer.key not in marker.keys or not marker.near(lowered):
            continue
        if marker.read == MARKER:
            yield from _carried(marker, trailer, registry)
            return
        naming = _fit(marker, trailer.key, value, people, registry)
        if naming is None:
            continue
        origin_class = marker.origin_class(trailer.key)
        shown = f"{trailer.key}: {trailer.value}"
        if imitation:
            yield _imitation("trailer", shown, origin_class)
            return
        trust = marker.trust if trailer.in_place else min(marker.trust, Trust.WEAK)
        detail = cut(shown) + ("" if trailer.in_place else OUT_OF_PLACE)
        yield Claim(marker.id, "trailer", detail, origin_class, trust, *naming)
        return


def _carried(marker: Marker, trailer: Trailer, registry: Registry) -> Iterator[Claim]:
    carried = read_carried(trailer.value, registry)
    if carried is not None:
        trust = marker.trust if trailer.in_place else min(marker.trust, Trust.WEAK)
        detail = cut(f"{trailer.key}: {trailer.value}") + ("" if trailer.in_place else OUT_OF_PLACE)
        yield Claim(marker.id, "trailer", detail, carried.origin_class, trust, carried.agent, carried.backends)


def _imitation(kind: str, shown: str, origin_class: OriginClass) -> Claim:
    return Claim("look-alike", kind, cut(shown) + LOOK_ALIKE, origin_class, Trust.WEAK, UNSPECIFIED)


def _fit(marker: Marker, key: str, value: str, people: Sequence[Identity], registry: Registry) -> Naming | None:
    """What the marker reads from a trailer, None where it does not fit."""
    if marker.bare and any(person.address for person in people):
        return None
    if marker.read:
        return _GRAMMARS[marker.read](marker, key, value, people, registry)
    for person in people:
        groups = marker.match_identity(person)
        if groups is not None:
            return _named(marker, groups, person.name if marker.model_from == "name" else value, registry)
    groups = marker.match_value(value)
    if groups is None:
        return None
    return _named(marker, groups, people[0].name if marker.model_from == "name" else value, registry)


def _named(marker: Marker, groups: dict[str, str] | object, text: str, registry: Registry) -> Naming:
    found = groups if isinstance(groups, dict) else {}
    agent = registry.agents.whole(found["agent"]) or UNSPECIFIED if "agent" in found else marker.agent
    if "model" in found:
        return agent, registry.backends(found["model"], explicit=True, litellm=marker.litellm, agent=agent)
    if marker.model_from:
        return agent, registry.backends(text, explicit=False, agent=agent)
    return agent, ()


def _agent_model(marker: Marker, key: str, value: str, people: Sequence[Identity], registry: Registry) -> Naming | None:
    """`AGENT:MODEL [TOOLS]`, as the Linux kernel writes it (Documentation/process/coding-assistants.rst). Under a key
    that others use as well, agent or model has to be a known one."""
    match = _AGENT_MODEL.fullmatch(value)
    if match is None:
        return None
    agent = registry.agents.whole(match["agent"])
    model = match["model"]
    if agent == "claude-code" and model.lower().startswith(("opus", "sonnet", "haiku", "fable", "mythos")):
        model = "claude-" + model
    backends = registry.backends(model, explicit=True, litellm=agent == "aider", agent=agent)
    known = agent or any(backend.stated.family for backend in backends)
    if not known and not key.startswith("assisted"):
        return None
    return agent or UNSPECIFIED, backends


def _model_agent(marker: Marker, key: str, value: str, people: Sequence[Identity], registry: Registry) -> Naming | None:
    """`MODEL via AGENT`, `MODEL (AGENT)`, `MODEL (via AGENT)` with a known agent."""
    text = value.partition("<")[0].rstrip(" )")
    left, via, right = text.rpartition("via ")
    if not via:
        left, via, right = text.rpartition("(")
    agent = registry.agents.whole(right) if via else ""
    return (agent, registry.backends(left, explicit=False, agent=agent)) if agent else None


def _free(marker: Marker, key: str, value: str, people: Sequence[Identity], registry: Registry) -> Naming | None:
    """Names of agents and models anywhere in a text."""
    backends = registry.backends(value, explicit=False)
    agent = registry.agents.inside(value)
    if not agent and backends:
        agent = registry.agents.whole(value.split(" ", 1)[0])
    if agent.startswith("claude"):
        backends = registry.backends(value, explicit=False, agent=agent)
    return agent or marker.agent or UNSPECIFIED, backends


def _named_in_text(
    marker: Marker, key: str, value: str, people: Sequence[Identity], registry: Registry
) -> Naming | None:
    agent, backends = _free(marker, key, value, people, registry) or (UNSPECIFIED, ())
    if agent == UNSPECIFIED and not backends and not _AI_WORD.search(value.lower()):
        return None
    return agent, backends


def _agent_name(marker: Marker, key: str, value: str, people: Sequence[Identity], registry: Registry) -> Naming | None:
    """The name is an agent's; beside an address that nobody knows it must not be a person's or an everyday word too."""
    for person in people:
        agent = registry.agents.whole(person.name)
        if agent and not (person.address and registry.agents.is_common(person.name)):
            return agent, ()
    return None


def _model_name(marker: Marker, key: str, value: str, people: Sequence[Identity], registry: Registry) -> Naming | None:
    """The name is a model's, with its version."""
    for person in people:
        if registry.models.whole(person.name):
            return marker.agent or UNSPECIFIED, registry.backends(person.name, explicit=False)
    return None


_GRAMMARS: dict[str, Callable[[Marker, str, str, Sequence[Identity], Registry], Naming | None]] = {
    "agent-model": _agent_model,
    "model-agent": _model_agent,
    "free": _free,
    "named-in-text": _named_in_text,
    "agent-name": _agent_name,
    "model-name": _model_name,
}
