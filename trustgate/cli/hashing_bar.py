"""A bar with bytes a second and time left while files are hashed, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def hashing_bar(label: str) -> Iterator[tuple[Callable[[int], None], Callable[[int], None]]]:
    """`began(total bytes)` and `step(bytes)`; both may be called from any thread and do nothing off a terminal."""
    if not sys.stderr.isatty():
        yield (lambda total: None), (lambda count: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn(label), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=0)
        known = 0

        def began(total: int) -> None:
            nonlocal known
            known += total
            progress.update(task, total=known)

        yield began, lambda count: progress.advance(task, count)
