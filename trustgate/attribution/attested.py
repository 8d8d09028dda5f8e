"""Records of our own about the commits of a range: which are bound to their commit, signed, or refused.

A record counts for a commit when it names its commit, tree, parents and patch, or when it was made for another commit
with the very same patch (rebase, cherry-pick, amended message) and is not too old. It is `signed` when a key that the
trusted base allows made the signature, `recorded` when nobody signed. Whatever is wrong with one, it is refused: it may
still raise the bar with what it claims, and it is no record for a policy that requires one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from trustgate.attribution.agents import UNSPECIFIED
from trustgate.attribution.backend import Backend, Served, Stated
from trustgate.attribution.binding import REF, binding_of, patch_key
from trustgate.attribution.claim import Claim, cut
from trustgate.attribution.gathering import MODEL_CLASSES
from trustgate.attribution.origin import Hosting, OriginClass, Trust
from trustgate.attribution.providers import UNRECOGNISED, parse_endpoint
from trustgate.attribution.registry import Registry
from trustgate.attribution.statement import (
    BackendRecord,
    Binding,
    Envelope,
    NotARecord,
    Record,
    read_line,
    read_payload,
    signed_bytes,
)
from trustgate.changes.changeset import CommitInfo
from trustgate.changes.git import Git
from trustgate.changes.notes import notes_at, notes_tip
from trustgate.errors import CannotJudge
from trustgate.signing import ALLOWED_SIGNERS, Checked, Standing, verify

LINES_LIMIT = 32
"""records of one commit that are read"""
PATCH_LIMIT = 500
"""newest commits of a range whose patch is looked up"""
SIGNATURE_LIMIT = 500
"""signatures that are checked in one run: each takes two programs"""
NOTE_LINES = 20
"""refusals that are told one by one"""
EARLY = 24 * 3600
"""seconds that a record's clock may run ahead of ours"""
_AGENT = re.compile(r"[a-z][a-z0-9 ._-]{0,39}")


class Attested(NamedTuple):
    claims: Mapping[str, tuple[Claim, ...]] = {}
    """by commit"""
    refused: tuple[str, ...] = ()
    """lines for the report"""
    problems: tuple[str, ...] = ()
    """what should have been read or checked and could not be, in sentences"""


def read_attested(
    git: Git,
    commits: Sequence[CommitInfo],
    allowed_signers: Callable[[], bytes | None],
    registry: Registry,
    now: int,
    *,
    patches: int = PATCH_LIMIT,
) -> Attested:
    """What the records say of these commits (oldest first). `allowed_signers` reads the trusted base's file; `now` is
    in seconds since 1970; records of a commit's patch are looked up for the newest `patches` of them. Never raises for
    what notes hold."""
    try:
        tip = notes_tip(git, REF)
        if not tip or not commits:
            return Attested()
        reading = _Reading(git, allowed_signers, registry, now)
        reading.read(tip, [commit.id for commit in commits], patches)
    except CannotJudge as error:
        return Attested(problems=(f"{REF} could not be read: {error.message}",))
    return Attested(reading.claims, _told(reading.refused), tuple(dict.fromkeys(reading.problems)))


def _told(refused: Sequence[str]) -> tuple[str, ...]:
    left = len(refused) - NOTE_LINES
    more = (f"{left} more records refused",) if left > 0 else ()
    return (*refused[:NOTE_LINES], *more)


class _Reading:
    def __init__(self, git: Git, allowed_signers: Callable[[], bytes | None], registry: Registry, now: int) -> None:
        self._git = git
        self._allowed_signers = allowed_signers
        self._signers: tuple[bytes | None] | None = None
        self._registry = registry
        self._now = now
        self._checked: dict[bytes, Checked] = {}
        self.claims: dict[str, tuple[Claim, ...]] = {}
        self.refused: list[str] = []
        self.problems: list[str] = []

    def read(self, tip: str, commits: Sequence[str], patches: int) -> None:
        own = notes_at(self._git, tip, commits)
        self._said(own.problems)
        newest = set(commits[-patches:] if patches else ())
        bindings, keys = {}, {}
        for commit in commits:
            if commit not in newest and commit not in own.texts:
                continue
            try:
                bindings[commit] = binding = binding_of(self._git, commit)
            except CannotJudge as error:
                if commit in own.texts:
                    self.problems.append(f"the record of {commit[:12]} could not be held against it: {error.message}")
                continue
            if binding.patch:
                keys[commit] = patch_key(self._git, binding.patch)
        moved = notes_at(self._git, tip, keys.values())
        names = {key: commit for commit, key in keys.items()}
        self._said((names.get(key, key), reason) for key, reason in moved.problems)
        for commit in commits:
            text = b"\n".join((own.texts.get(commit, b""), moved.texts.get(keys.get(commit, ""), b"")))
            lines = list(dict.fromkeys(line for line in text.split(b"\n") if line.strip()))
            if len(lines) > LINES_LIMIT:
                self.problems.append(f"{commit[:12]} has {len(lines)} records, {LINES_LIMIT} of them were read")
            claims = [self._line(line, bindings.get(commit), commit) for line in lines[:LINES_LIMIT]]
            if claims:
                self.claims[commit] = tuple(claims)

    def _said(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems += [f"the record of {commit[:12]} could not be read: {reason}" for commit, reason in problems]

    def _line(self, line: bytes, binding: Binding | None, commit: str) -> Claim:
        try:
            envelope = read_line(line)
            record = read_payload(envelope.payload)
        except NotARecord as error:
            return self._refuse(commit, f"it cannot be read ({error})", None)
        if binding is None:
            return self._refuse(commit, "the commit could not be read to hold it against", record)
        fault = unfit(record, binding, self._now)
        if fault:
            return self._refuse(commit, fault, record)
        if not envelope.signatures:
            return self._claim(record, Trust.RECORDED, "not signed")
        fault, principal = self._signature(envelope)
        if fault:
            return self._refuse(commit, fault, record)
        return self._claim(record, Trust.SIGNED, f"signed by {principal}")

    def _signature(self, envelope: Envelope) -> tuple[str, str]:
        """What is wrong with the signatures, or who made the first good one."""
        fault = ""
        for signature in envelope.signatures:
            try:
                checked = self._check(signed_bytes(envelope.payload), signature)
            except CannotJudge as error:
                self.problems.append(f"signatures of records could not be checked: {error.message}")
                return "its signature could not be checked", ""
            if checked.standing is Standing.GOOD:
                return "", checked.principal
            unknown = f"{checked.key} is not in {ALLOWED_SIGNERS} of the trusted base"
            fault = fault or (unknown if checked.standing is Standing.UNKNOWN_KEY else "its signature is bad")
        return fault, ""

    def _check(self, data: bytes, signature: bytes) -> Checked:
        known = self._checked.get(data + signature)
        if known is None:
            if len(self._checked) >= SIGNATURE_LIMIT:
                raise CannotJudge(f"more than {SIGNATURE_LIMIT} in one run", "review a smaller range")
            if self._signers is None:
                self._signers = (self._allowed_signers(),)
            known = self._checked[data + signature] = verify(data, signature, self._signers[0])
        return known

    def _refuse(self, commit: str, reason: str, record: Record | None) -> Claim:
        self.refused.append(f"attestation of {commit[:12]} refused: {reason}")
        if record is None:
            shown = cut(f"refused: {reason}")
            return Claim("attestation-refused", "attestation", shown, OriginClass.UNKNOWN, Trust.NONE)
        claim = self._claim(record, Trust.NONE, f"refused: {reason}")
        kept = claim.origin_class if claim.origin_class in MODEL_CLASSES else OriginClass.UNKNOWN
        return claim._replace(rule="attestation-refused", origin_class=kept)

    def _claim(self, record: Record, trust: Trust, how: str) -> Claim:
        known = record.origin_class in set(OriginClass)
        origin_class = OriginClass(record.origin_class) if known else OriginClass.GENERATED
        agent = self._registry.agents.whole(record.agent)
        if not agent and record.agent:
            agent = record.agent if _AGENT.fullmatch(record.agent) else UNSPECIFIED
        backends = tuple(dict.fromkeys(backend_of(item, self._registry) for item in record.backends))
        said = " ".join(filter(None, (agent or "no agent seen", record.agent_version)))
        count = f", {len(backends)} backend{'s' * (len(backends) != 1)}" if backends else ""
        unread = f", {len(record.unread)} settings unread" if record.unread else ""
        detail = cut(f"{said}{count}{unread}; {how}")
        backends = tuple(backend for backend in backends if not backend.empty)
        return Claim("attestation", "attestation", detail, origin_class, trust, agent, backends)


def unfit(record: Record, binding: Binding, now: int) -> str:
    """Why a record is not about the commit with this binding; empty where it is."""
    mine = record.binding
    if record.time > now + EARLY:
        return "it was made in the future"
    if mine.commit == binding.commit:
        for name, is_so in (
            ("tree", mine.tree == binding.tree),
            ("parents", mine.parents == binding.parents),
            ("patch id", mine.patch == binding.patch),
        ):
            if not is_so:
                return f"wrong {name}"
        return ""
    if not binding.patch or mine.patch != binding.patch:
        return f"it was made for {mine.commit[:12]}, another change"
    if now > min(record.expires, record.time + 400 * 24 * 3600):
        return f"it was made for {mine.commit[:12]} and has expired"
    return ""


def backend_of(item: BackendRecord, registry: Registry) -> Backend:
    """A backend as our own registry knows it: a record's word on hosting and country is only heard where ours is
    silent, and never for a milder place."""
    stated = next(iter(registry.models.explicit(item.model)), Stated()) if item.model else Stated()
    stated = stated._replace(free=stated.free or item.free, cloud=stated.cloud or item.cloud)
    served = Served()
    provider = registry.providers.get(item.provider)
    endpoint = parse_endpoint(item.endpoint) if item.endpoint else None
    if provider is not None and (not item.endpoint or (endpoint and provider.may_answer_at(endpoint.host))):
        served = provider.served
    elif item.provider or item.endpoint:
        served = registry.providers.at(endpoint) if endpoint else UNRECOGNISED
        if served == UNRECOGNISED and item.hosting == Hosting.RELAY:
            served = Served(UNRECOGNISED.provider, Hosting.RELAY)
    return Backend(stated, registry.providers.serve(stated, served))
