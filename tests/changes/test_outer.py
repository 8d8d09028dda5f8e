"""The hunk round everything that differs."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.changes.changeset import Hunk
from trustgate.changes.outer import outer_hunk

LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"ab\n", b"a\r\n"]), max_size=8)
CONTENTS = st.tuples(LINES, st.sampled_from([b"", b"a", b"b", b"ab"])).map(lambda t: b"".join(t[0]) + t[1])


@settings(max_examples=500)
@given(CONTENTS, CONTENTS)
def test_turns_old_into_new(old, new):
    before, after = io.BytesIO(old).readlines(), io.BytesIO(new).readlines()
    hunks = outer_hunk(old, new)
    if old == new:
        assert hunks == ()
        return
    (hunk,) = hunks
    first, start = hunk.old_start - (hunk.old_count > 0), hunk.new_start - (hunk.new_count > 0)
    made = before[:first] + after[start : start + hunk.new_count] + before[first + hunk.old_count :]
    assert first == start and made == after
    assert hunk.old_count + hunk.new_count <= len(before) + len(after)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 200_000])
def test_long_shared_parts(size):
    same = b"x" * (size - 1) + b"\n"
    assert outer_hunk(same + b"a\n" + same, same + b"b\nc\n" + same) == (Hunk(2, 1, 2, 2),)
    assert outer_hunk(same, same + b"b") == (Hunk(1, 0, 2, 1),)
