"""Agent Trace records: which of them belong to a commit, and what is left of hostile ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.agent_trace import RANGE_LIMIT, RECORD_LIMIT, from_traces, parse_traces
from trustgate.attribution.content_hash import matches, murmur3
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.recorded import Recorded
from trustgate.attribution.registry import Registry
from trustgate.changes.changeset import CommitInfo

TEXT = b"one\ntwo\nthree\nfour\n"
ADDED = {"a.py": (range(1, 5),)}
PARENT = "2" * 40
HASH = f"murmur3:{murmur3(TEXT[4:13]):08x}"
"""of lines 2 and 3"""


def trace(**change: Any) -> dict[str, Any]:
    span = {"start_line": 2, "end_line": 3, **change.pop("span", {})}
    contributor = {"type": "ai", "model_id": "zhipu/glm-5.2", **change.pop("contributor", {})}
    conversation = {"contributor": contributor, "ranges": [span]}
    return {
        "version": "0.1.0",
        "id": "x",
        "timestamp": "2026-01-23T14:30:00Z",
        "vcs": {"type": "git", "revision": change.pop("revision", PARENT)},
        "tool": {"name": change.pop("tool", "claude-code")},
        "files": [{"path": change.pop("path", "a.py"), "conversations": [conversation]}],
    }


@pytest.fixture
def read(commit: Callable[..., CommitInfo], registry: Registry) -> Callable[..., Recorded]:
    def make(*records: Any) -> Recorded:
        data = "\n".join(json.dumps(record) for record in records).encode()
        one = commit()._replace(parents=(PARENT,))
        return from_traces(parse_traces(data), one, ADDED, {"a.py": TEXT}.get, registry)

    return make


FITS = {
    "made on the parent": {},
    "names the commit": {"revision": "1" * 40},
    "its hash, made elsewhere": {
        "revision": "9" * 40, "span": {"content_hash": HASH}},
    "its hash with the last line break": {
        "revision": "", "span": {"content_hash": "sha256:" + hashlib.sha256(b"two\nthree\n").hexdigest()}},
    "a hash nobody can compute": {"span": {"content_hash": "md5:00"}},
}  # fmt: skip


@pytest.mark.parametrize("change", FITS.values(), ids=FITS)
def test_a_record_of_the_commit(change: dict[str, Any], read: Callable[..., Recorded]) -> None:
    record = read(trace(**change))
    (claim,) = record.claims
    assert (claim.kind, claim.agent, claim.trust) == ("agent-trace", "claude-code", Trust.RECORDED)
    assert claim.backends[0].stated.model == "glm-5.2" and not claim.backends[0].served.provider
    assert [(line.path, line.start, line.end) for line in record.lines] == [("a.py", 2, 3)]
    assert record.wide == ()


WEAK = {
    "lines that it did not add": {"span": {"start_line": 50, "end_line": 60}},
    "mostly others' lines": {"span": {"start_line": 3, "end_line": 90}},
    "another text": {"span": {"content_hash": "murmur3:00000001"}},
}


@pytest.mark.parametrize("change", WEAK.values(), ids=WEAK)
def test_a_record_that_names_the_commit_and_does_not_fit(change: dict[str, Any], read: Callable[..., Recorded]) -> None:
    record = read(trace(**change))
    assert [claim.trust for claim in record.claims] == [Trust.WEAK]
    assert record.lines == () and record.wide == record.claims


OTHERS = {
    "another revision": {"revision": "9" * 40},
    "no revision": {"revision": ""},
    "another file": {"path": "b.py"},
    "nobody knows who": {"contributor": {"type": "unknown"}},
    "a hash of other text": {"revision": "9" * 40, "span": {"content_hash": "murmur3:00000001"}},
    "backwards": {"span": {"start_line": 3, "end_line": 2}},
    "line zero": {"span": {"start_line": 0}},
    "true": {"span": {"start_line": True}},
    "text for a line": {"span": {"start_line": "2"}},
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_a_record_of_something_else(change: dict[str, Any], read: Callable[..., Recorded]) -> None:
    assert read(trace(**change)) == Recorded()


def test_the_kinds_of_contributors(read: Callable[..., Recorded]) -> None:
    mixed = read(trace(contributor={"type": "mixed"})).claims[0]
    human = read(trace(contributor={"type": "human"})).claims[0]
    assert mixed.origin_class is OriginClass.ASSISTED
    assert (human.origin_class, human.agent, human.backends) == (OriginClass.DECLARED_NO_AI, "", ())


def test_a_range_has_its_own_contributor(read: Callable[..., Recorded]) -> None:
    own = {"contributor": {"type": "ai", "model_id": "openai/gpt-5.5"}}
    assert read(trace(span=own)).claims[0].backends[0].stated.model == "gpt-5.5"


def test_a_file_with_one_record_on_many_lines() -> None:
    assert len(parse_traces(json.dumps(trace(), indent=2).encode())) == 1


BAD = [b"", b"{", b"[]", b"[" * 100_000, b'{"files": 3}', b'{"files": [3, {"path": "a", "conversations": {}}]}',
       b"\xff\x00\n\n", b'{"files": [{"path": "a", "conversations": [{"ranges": [1]}, 2]}], "vcs": [], "tool": 1}']  # fmt: skip


@pytest.mark.parametrize("data", BAD, ids=range(len(BAD)))
def test_what_is_no_record_is_left_out(data: bytes) -> None:
    assert all(record.ranges == () for record in parse_traces(data))
    assert len(parse_traces(data + b"\n" + json.dumps(trace()).encode())[-1].ranges) == 1


def test_counts_are_bounded() -> None:
    line = json.dumps(trace()).encode()
    assert len(parse_traces(b"\n".join([line] * (RECORD_LIMIT + 9)))) == RECORD_LIMIT
    wide = trace()
    wide["files"] *= RANGE_LIMIT + 9
    assert len(parse_traces(json.dumps(wide).encode())[0].ranges) == RANGE_LIMIT


@settings(max_examples=200, deadline=None)
@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(
    inner, max_size=3) | st.dictionaries(st.sampled_from(["files", "path", "conversations", "ranges", "contributor",
    "type", "start_line", "end_line", "vcs", "tool"]), inner, max_size=4), max_leaves=12))  # fmt: skip
def test_any_json_is_read(value: Any, commit: Callable[..., CommitInfo], registry: Registry) -> None:
    from_traces(parse_traces(json.dumps(value).encode()), commit(), ADDED, {"a.py": TEXT}.get, registry)


VECTORS = {(b"", 0): 0, (b"", 1): 0x514E28B7, (b"test", 0): 0xBA6BD213, (b"Hello, world!", 0): 0xC0363E43}


@pytest.mark.parametrize(("data", "wanted"), VECTORS.items(), ids=map(repr, VECTORS))
def test_murmur3_of_published_vectors(data: tuple[bytes, int], wanted: int) -> None:
    assert murmur3(*data) == wanted


def test_a_hash_may_lack_its_zeros_and_have_0x() -> None:
    lines = next([str(n).encode()] for n in range(10_000) if murmur3(str(n).encode()) < 0x10000000)
    digest = f"{murmur3(lines[0]):x}"
    assert matches(f"murmur3:{digest}", lines) and matches(f"murmur3:0x{digest}", lines)
    assert matches("blake3:00", lines) is None
