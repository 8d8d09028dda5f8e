"""Records of Agent Trace (version 0.1 RFC, January 2026; github.com/cursor/agent-trace): which lines came out of which
conversation. The format names no place; the reference hook appends to `.agent-trace/traces.jsonl`. Pure.

No record is signed, and its `revision` is the commit that was checked out while the agent wrote: the parent of the one
that holds the lines. A model id is `vendor/model`: the vendor of the model, not who served it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from trustgate.attribution.backend import Backend, Served
from trustgate.attribution.claim import Claim, cut
from trustgate.attribution.content_hash import matches
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.recorded import UNFIT, LineClaims, Recorded, agent_named, lines_of, within
from trustgate.attribution.registry import Registry
from trustgate.changes.changeset import CommitInfo

FOLDER = ".agent-trace"
FILE = f"{FOLDER}/traces.jsonl"
SIZE_LIMIT = 4 * 1024 * 1024
"""bytes of a file of records that are read, from its end: new records are appended"""
RECORD_LIMIT = 5000
RANGE_LIMIT = 20_000
TEXT_LIMIT = 250
"""characters of a path's, tool's or model's name (`model_id` has this limit in the specification)"""
_LINE_LIMIT = 2**31
_CLASSES = {
    "ai": OriginClass.GENERATED,
    "mixed": OriginClass.ASSISTED,
    "human": OriginClass.DECLARED_NO_AI,
}


class TraceRange(NamedTuple):
    path: str
    start: int
    end: int
    contributor: str
    """ai, mixed, human; of others nothing is read"""
    model: str
    content_hash: str


class Trace(NamedTuple):
    revision: str
    tool: str
    ranges: tuple[TraceRange, ...]


def parse_traces(data: bytes) -> tuple[Trace, ...]:
    """Records of a JSON-lines file, or of a file with one record. Never raises: what is no record is left out."""
    text = data[-SIZE_LIMIT:].decode("utf-8", "replace")
    whole = _record(text) if text.lstrip().startswith("{") else None
    if whole is not None:
        return (whole,)
    found: list[Trace] = []
    left = RANGE_LIMIT
    for line in text.split("\n")[-RECORD_LIMIT:]:
        record = _record(line)
        if record is not None and left > 0:
            found.append(record._replace(ranges=record.ranges[:left]))
            left -= len(record.ranges)
    return tuple(found)


def _record(text: str) -> Trace | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("files"), list):
        return None
    vcs, tool = data.get("vcs"), data.get("tool")
    return Trace(
        _text(vcs.get("revision")) if isinstance(vcs, dict) else "",
        _text(tool.get("name")) if isinstance(tool, dict) else "",
        tuple(_ranges(data["files"])),
    )


def _ranges(files: Sequence[Any]) -> Iterable[TraceRange]:
    count = 0
    for file in files:
        path = _text(file.get("path")) if isinstance(file, dict) else ""
        conversations = file.get("conversations") if path else None
        for conversation in conversations if isinstance(conversations, list) else ():
            if not isinstance(conversation, dict) or not isinstance(conversation.get("ranges"), list):
                continue
            for item in conversation["ranges"]:
                if count >= RANGE_LIMIT or not isinstance(item, dict):
                    continue
                own = item.get("contributor")
                who = own if isinstance(own, dict) else conversation.get("contributor")
                start, end = _line(item.get("start_line")), _line(item.get("end_line"))
                if not isinstance(who, dict) or _text(who.get("type")) not in _CLASSES or not 0 < start <= end:
                    continue
                count += 1
                stated = _text(who.get("model_id")), _text(item.get("content_hash"))
                yield TraceRange(path, start, end, who["type"], *stated)


def _line(value: object) -> int:
    """A line number, 0 for what is none."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 < value < _LINE_LIMIT else 0  # type: ignore[return-value,operator]  # it is an int


def _text(value: object) -> str:
    return value[:TEXT_LIMIT] if isinstance(value, str) else ""


def from_traces(
    traces: Sequence[Trace],
    commit: CommitInfo,
    added: Mapping[str, Sequence[range]],
    read: Callable[[str], bytes | None],
    registry: Registry,
) -> Recorded:
    """What the records say of one commit. `added`: the lines it added; `read`: a file as the commit has it.

    A range belongs to the commit when its content hash is that of the commit's own lines, or, where no hash can be
    compared, when the record names the commit or a parent of it and at least half of the lines are lines it added.
    A record that names the commit and does not fit makes a weak claim about the whole of it.
    """
    near = {commit.id, *commit.parents}
    texts: dict[str, list[bytes]] = {}
    claims: dict[Claim, None] = {}
    weak: dict[Claim, None] = {}
    lines: list[LineClaims] = []
    for trace in traces:
        for item in trace.ranges:
            pieces = within(((item.start, item.end),), added.get(item.path, ()))
            named = trace.revision in near
            if not pieces and not (named and item.path in added):
                continue
            same = None
            if item.content_hash:
                if item.path not in texts:
                    texts[item.path] = (read(item.path) or b"").split(b"\n")
                same = matches(item.content_hash, texts[item.path][item.start - 1 : item.end])
            half = 2 * lines_of(pieces) >= item.end - item.start + 1
            if same is False or (same is None and not named) or not (same or half):
                if named:
                    weak[_claim(trace, item, Trust.WEAK, UNFIT, registry)] = None
                continue
            claim = _claim(trace, item, Trust.RECORDED, "", registry)
            claims[claim] = None
            lines += [LineClaims(item.path, first, last, (claim,)) for first, last in pieces]
    every = (*claims, *weak)
    said = tuple(claim for claim in every if claim.origin_class is not OriginClass.DECLARED_NO_AI)
    return Recorded(said or every, tuple(lines), tuple(weak))


def _claim(trace: Trace, item: TraceRange, trust: Trust, remark: str, registry: Registry) -> Claim:
    human = item.contributor == "human"
    agent = "" if human else agent_named(trace.tool, "agent-trace", registry)
    stated = () if human else registry.models.explicit(item.model)
    backends = tuple(Backend(one, registry.providers.serve(one, Served())) for one in stated)
    if agent.startswith("claude"):
        backends = tuple(b for b in backends if b.stated.model or b.stated.family != "claude")
    shown = " ".join(filter(None, (agent or "a person", *(one.model for one in stated))))
    detail = cut(f"{FILE}: {shown}, {item.path}{remark}")
    rule = f"agent-trace-{item.contributor}"
    return Claim(rule, "agent-trace", detail, _CLASSES[item.contributor], trust, agent, backends)
