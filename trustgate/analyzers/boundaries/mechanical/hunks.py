"""Which hunks of a file are layout, each on its own: applied alone they leave the old tree as it was."""

from __future__ import annotations

from collections.abc import Callable

from trustgate.changes.changeset import Hunk

TRIES = 20
"""patched texts that are parsed for one file"""

Judge = Callable[[bytes], frozenset[str] | None]
"""what was done beyond layout between the old text and this one, or None where it says something else"""


def apply(old: bytes, new: bytes, hunks: tuple[Hunk, ...]) -> bytes:
    """The old text with these hunks of the change, which stand in order, and no others."""
    before, after = _lines(old), _lines(new)
    found: list[bytes] = []
    at = 0
    for hunk in hunks:
        first = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        found += before[at:first]
        start = hunk.new_start - 1
        found += after[start : start + hunk.new_count] if hunk.new_count else []
        at = first + hunk.old_count
    return b"".join([*found, *before[at:]])


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines


def provable(
    old: bytes, new: bytes, candidates: tuple[Hunk, ...], judge: Judge
) -> tuple[tuple[tuple[Hunk, ...], frozenset[str]], ...]:
    """Groups of hunks that are proven together, with what was done; halves are tried where the whole fails."""
    tries = 0
    waiting = [candidates]
    proven: list[tuple[tuple[Hunk, ...], frozenset[str]]] = []
    while waiting and tries < TRIES:
        group = waiting.pop()
        tries += 1
        notes = judge(apply(old, new, group))
        if notes is not None:
            proven.append((group, notes))
        elif len(group) > 1:
            middle = len(group) // 2
            waiting += [group[middle:], group[:middle]]
    if len(proven) > 1:  # each of them alone is no proof of them together
        together = tuple(sorted(hunk for group, _ in proven for hunk in group))
        if judge(apply(old, new, together)) is None:
            return (max(proven, key=lambda item: len(item[0])),)
    return tuple(proven)
