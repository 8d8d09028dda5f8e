"""The record of who wrote one commit: an in-toto Statement in a DSSE envelope, one line of JSON. Pure.

Formats: in-toto attestation framework, Statement v1; DSSE 1.0 (envelope.md, protocol.md). An envelope without a
signature has an empty list of them, which DSSE does not foresee: it says that nobody signed. The predicate is our own,
described in docs/attestation.md. What is read here is anybody's to write: a fault gives a NotARecord, nothing else.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:trustgate:authored-by:1"
LINE_LIMIT = 64 * 1024
"""bytes of one record"""
TEXT_LIMIT = 200
"""characters of one text in a record; a longer one is cut when it is written and refused when it is read"""
LIST_LIMIT = 64
"""entries of one list"""
_OID = (40, 64)


class NotARecord(ValueError):
    """A line that is no record we can read, and why."""


class Binding(NamedTuple):
    """What a record is about. Ids in hex."""

    commit: str
    tree: str
    parents: tuple[str, ...]
    patch: str
    """`changes.patch_id` against the only parent; empty for a merge and for a commit that changes nothing"""


class BackendRecord(NamedTuple):
    """One backend that the agent was set to use. Empty: not known. `model` is as requested, `endpoint` a host."""

    model: str = ""
    reported: str = ""
    """the model that answered, as the agent's own session says"""
    provider: str = ""
    endpoint: str = ""
    hosting: str = ""
    jurisdiction: str = ""
    free: bool = False
    cloud: bool = False


class Record(NamedTuple):
    binding: Binding
    origin_class: str
    agent: str
    agent_version: str
    backends: tuple[BackendRecord, ...]
    evidence: tuple[tuple[str, str, str], ...]
    """kind, trust and detail"""
    unread: tuple[str, ...]
    """what the hook should have read and could not"""
    hook: str
    """version of trustgate that wrote it"""
    time: int
    expires: int
    """seconds since 1970-01-01 UTC"""


class Envelope(NamedTuple):
    payload: bytes
    signatures: tuple[bytes, ...]
    """SSHSIG blobs"""


def signed_bytes(payload: bytes) -> bytes:
    """What is signed: DSSE's pre-authentication encoding (protocol.md)."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def payload_of(record: Record) -> bytes:
    at = record.binding
    parents = [{"name": "parent", "digest": {"gitCommit": parent}} for parent in at.parents]
    patch = [{"name": "patch", "digest": {"trustgatePatch": at.patch}}] if at.patch else []
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": "commit", "digest": {"gitCommit": at.commit}},
            {"name": "tree", "digest": {"gitTree": at.tree}},
            *parents,
            *patch,
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "class": record.origin_class,
            "agent": record.agent,
            "agentVersion": record.agent_version,
            "backends": [
                {
                    "modelRequested": backend.model,
                    "modelReported": backend.reported,
                    "provider": backend.provider,
                    "endpointHost": backend.endpoint,
                    "hosting": backend.hosting,
                    "jurisdiction": backend.jurisdiction,
                    "freeTier": backend.free,
                    "cloudTag": backend.cloud,
                }
                for backend in record.backends
            ],
            "evidence": [{"kind": kind, "trust": trust, "detail": detail} for kind, trust, detail in record.evidence],
            "unread": list(record.unread),
            "hook": {"name": "trustgate", "version": record.hook},
            "time": record.time,
            "expires": record.expires,
        },
    }
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def line_of(payload: bytes, signatures: Sequence[tuple[str, bytes]]) -> bytes:
    """One line without its line break; `signatures` are a key id and an SSHSIG blob each."""
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": key, "sig": base64.b64encode(blob).decode()} for key, blob in signatures],
    }
    return json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode()


def read_line(line: bytes) -> Envelope:
    """The envelope of one line. Raises NotARecord."""
    if len(line) > LINE_LIMIT:
        raise NotARecord(f"longer than {LINE_LIMIT // 1024} KiB")
    value = _table(_json(line), "the line")
    if value.get("payloadType") != PAYLOAD_TYPE:
        raise NotARecord("not an in-toto payload")
    signatures = value.get("signatures")
    if not isinstance(signatures, list) or len(signatures) > 4:
        raise NotARecord("`signatures` is no list of at most 4")
    blobs = tuple(_base64(_table(item, "a signature").get("sig")) for item in signatures)
    return Envelope(_base64(value.get("payload")), blobs)


def read_payload(payload: bytes) -> Record:
    """The record of a payload. Raises NotARecord for anything that `payload_of` would not write."""
    statement = _table(_json(payload), "the statement")
    if statement.get("_type") != STATEMENT_TYPE or statement.get("predicateType") != PREDICATE_TYPE:
        raise NotARecord("not a statement of ours")
    predicate = _table(statement.get("predicate"), "`predicate`")
    backends = tuple(_backend(_table(item, "a backend")) for item in _list(predicate, "backends"))
    evidence = []
    for item in _list(predicate, "evidence"):
        table = _table(item, "a piece of evidence")
        evidence.append((_text(table, "kind"), _text(table, "trust"), _text(table, "detail")))
    unread = _list(predicate, "unread")
    if not all(isinstance(item, str) and len(item) <= TEXT_LIMIT for item in unread):
        raise NotARecord("`unread` has something else than texts")
    return Record(
        binding=_binding(statement),
        origin_class=_text(predicate, "class"),
        agent=_text(predicate, "agent"),
        agent_version=_text(predicate, "agentVersion"),
        backends=backends,
        evidence=tuple(evidence),
        unread=tuple(unread),
        hook=_text(_table(predicate.get("hook"), "`hook`"), "version"),
        time=_number(predicate, "time"),
        expires=_number(predicate, "expires"),
    )


def _backend(table: Mapping[str, Any]) -> BackendRecord:
    return BackendRecord(
        model=_text(table, "modelRequested"),
        reported=_text(table, "modelReported"),
        provider=_text(table, "provider"),
        endpoint=_text(table, "endpointHost"),
        hosting=_text(table, "hosting"),
        jurisdiction=_text(table, "jurisdiction"),
        free=_flag(table, "freeTier"),
        cloud=_flag(table, "cloudTag"),
    )


def _binding(statement: Mapping[str, Any]) -> Binding:
    found: dict[str, list[str]] = {"commit": [], "tree": [], "parent": [], "patch": []}
    kinds = {"commit": "gitCommit", "tree": "gitTree", "parent": "gitCommit", "patch": "trustgatePatch"}
    for item in _list(statement, "subject"):
        table = _table(item, "a subject")
        name = table.get("name")
        if not isinstance(name, str) or name not in found:
            raise NotARecord("a subject that we do not know")
        digest = _table(table.get("digest"), "a digest").get(kinds[name])
        if not isinstance(digest, str) or len(digest) not in _OID or digest.strip("0123456789abcdef"):
            raise NotARecord(f"the digest of `{name}` is no object id")
        found[name].append(digest)
    if len(found["commit"]) != 1 or len(found["tree"]) != 1 or len(found["patch"]) > 1:
        raise NotARecord("not about one commit with one tree")
    return Binding(found["commit"][0], found["tree"][0], tuple(found["parent"]), "".join(found["patch"]))


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotARecord("not JSON") from error


def _refuse(name: str) -> None:
    raise ValueError(name)


def _table(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotARecord(f"{what} is no JSON object")
    return value


def _list(table: Mapping[str, Any], name: str) -> list[Any]:
    value = table.get(name)
    if not isinstance(value, list) or len(value) > LIST_LIMIT:
        raise NotARecord(f"`{name}` is no list of at most {LIST_LIMIT}")
    return value


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        raise NotARecord(f"`{name}` is no text of at most {TEXT_LIMIT} characters")
    return value


def _flag(table: Mapping[str, Any], name: str) -> bool:
    value = table.get(name)
    if not isinstance(value, bool):
        raise NotARecord(f"`{name}` is neither true nor false")
    return value


def _number(table: Mapping[str, Any], name: str) -> int:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 40:
        raise NotARecord(f"`{name}` is no time")
    return value


def _base64(value: Any) -> bytes:
    if not isinstance(value, str):
        raise NotARecord("something that should be base64 is no text")
    try:
        return base64.b64decode(value.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise NotARecord("something that should be base64 is not") from error
