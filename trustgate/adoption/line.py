"""One thing that `doctor` looked at."""

from __future__ import annotations

from typing import NamedTuple

STATES = ("ok", "absent", "differs", "wrong")
"""there and in order; not there, by choice or not set up yet; other in CI than here; wrong: to be mended"""


class Line(NamedTuple):
    """`what` and `detail` may quote the repository: escape them. `state` is one of STATES."""

    group: str
    what: str
    state: str
    detail: str
