"""One hunk round everything that differs: linear, for what git cannot compare in time or was never one patch."""

from __future__ import annotations

from trustgate.changes.changeset import Hunk

_STEP = 1 << 16


def outer_hunk(old: bytes, new: bytes) -> tuple[Hunk, ...]:
    """One hunk from the first to the last line that differs. Lines end at LF; none is made into an object."""
    if old == new:
        return ()
    start = old.rfind(b"\n", 0, _shared_start(old, new)) + 1
    tail = _shared_end(old, new, min(len(old), len(new)) - start)
    if not (_starts_line(old, len(old) - tail) and _starts_line(new, len(new) - tail)):
        first_end = old.find(b"\n", len(old) - tail)
        tail = len(old) - (first_end + 1) if first_end >= 0 else 0
    head = old.count(b"\n", 0, start)
    gone, come = _count(old[start : len(old) - tail]), _count(new[start : len(new) - tail])
    return (Hunk(head + (gone > 0), gone, head + (come > 0), come),)


def _shared_start(a: bytes, b: bytes) -> int:
    """Bytes that both begin with."""
    at = 0
    while at < min(len(a), len(b)) and a[at : at + _STEP] == b[at : at + _STEP]:
        at += _STEP
    end = min(len(a), len(b))
    return next((n for n in range(at, min(at + _STEP, end)) if a[n] != b[n]), end)


def _shared_end(a: bytes, b: bytes, limit: int) -> int:
    """Bytes that both end with, at most `limit`."""
    at = 0
    while at + _STEP <= limit and a[len(a) - at - _STEP : len(a) - at] == b[len(b) - at - _STEP : len(b) - at]:
        at += _STEP
    return next((n for n in range(at, min(at + _STEP, limit)) if a[-1 - n] != b[-1 - n]), min(at + _STEP, limit))


def _starts_line(data: bytes, at: int) -> bool:
    return at == 0 or data[at - 1 : at] == b"\n"


def _count(data: bytes) -> int:
    return data.count(b"\n") + (data[-1:] not in (b"", b"\n"))
