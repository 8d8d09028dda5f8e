"""A line on the terminal while a review takes longer than a second. Nothing where standard error is no terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""seconds before anything is shown"""


@contextmanager
def waiting() -> Iterator[Callable[[str], None]]:
    """A function to call with the name of each stage as it begins; the line is wiped at the end."""
    began = time.monotonic()
    shown = False

    def step(name: str) -> None:
        nonlocal shown
        if sys.stderr.isatty() and time.monotonic() - began > PATIENCE:
            shown = True
            sys.stderr.write(f"\r\x1b[Ktrustgate: {name} …")
            sys.stderr.flush()

    try:
        yield step
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
