"""Check many files, several at once: the state each is in, and its digest."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import NamedTuple

from trustgate.weights.faults import Missing, Unclear, Wrong
from trustgate.weights.formats.header import check_header
from trustgate.weights.hashing import Hashed, Identity, Step, Stopped, hash_file, identity_of, is_sparse
from trustgate.weights.memory import Memory
from trustgate.weights.opening import opened
from trustgate.weights.tree import Tree

MOST_JOBS = 64


class Task(NamedTuple):
    name: str
    size: int | None = None
    """bytes that it must have; None: any"""


class Answer(NamedTuple):
    """What was found of one file. `status` is read, cached, header, missing, wrong or unclear."""

    name: str
    status: str
    sha256: str = ""
    size: int = -1
    format: str = ""
    reason: str = ""
    sparse: bool = False


class Run(NamedTuple):
    jobs: int = 1
    quick: bool = False
    """sizes and headers only"""
    memory: Memory | None = None
    step: Step = lambda count: None
    """is told of bytes as they are done, from any thread"""
    began: Callable[[int], None] = lambda total: None
    """is told once how many bytes there are to hash"""


def default_jobs() -> int:
    return max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


def look(tree: Tree, tasks: Iterable[Task], run: Run) -> Iterator[Answer]:
    """One answer a task, in the order in which they are done. An interrupt ends the readers and goes on up."""
    waiting: list[tuple[Task, Identity, str]] = []
    for task in tasks:
        first = _first_look(tree, task)
        if isinstance(first, Answer):
            yield first
            continue
        identity, found, sparse = first
        if run.quick:
            yield Answer(task.name, "header", "", identity.size, found, "", sparse)
            continue
        known = run.memory.recall(tree.base / tree.at(task.name), identity) if run.memory else None
        if known:
            reason = f"hashed on {known[1]}"
            yield Answer(task.name, "cached", known[0], identity.size, found, reason, sparse)
        else:
            waiting.append((task, identity, found))
    run.began(sum(identity.size for _task, identity, _found in waiting))
    yield from _hash_all(tree, waiting, run)


def _first_look(tree: Tree, task: Task) -> Answer | tuple[Identity, str, bool]:
    """Size before anything else: a file of the wrong size is not hashed, whatever it claims to hold."""
    size = -1
    try:
        with opened(tree.base, tree.at(task.name), tree.blobs) as descriptor:
            identity = identity_of(descriptor)
            size = identity.size
            if task.size is not None and size != task.size:
                word = "shorter" if size < task.size else "longer"
                return Answer(task.name, "wrong", "", size, "", f"{word}: {size} bytes in place of {task.size}")
            return identity, check_header(descriptor, task.name), is_sparse(descriptor)
    except Missing as fault:
        return Answer(task.name, "missing", reason=str(fault))
    except Wrong as fault:
        return Answer(task.name, "wrong", "", size, "", str(fault))
    except Unclear as fault:
        return Answer(task.name, "unclear", "", size, "", str(fault))


def _hash_all(tree: Tree, waiting: list[tuple[Task, Identity, str]], run: Run) -> Iterator[Answer]:
    stop = threading.Event()
    pool = ThreadPoolExecutor(max(1, min(run.jobs, MOST_JOBS, len(waiting) or 1)), thread_name_prefix="trustgate-hash")
    pending: dict[Future[Hashed], tuple[Task, Identity, str]] = {}
    try:
        for row in waiting:  # in the order of the lock: an interrupted run leaves the first files done
            future = pool.submit(hash_file, tree.base, tree.at(row[0].name), tree.blobs, run.step, stop)
            pending[future] = row
        for done in as_completed(pending):
            yield _answer(tree, done, *pending[done], run)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _answer(tree: Tree, done: Future[Hashed], task: Task, seen: Identity, found: str, run: Run) -> Answer:
    try:
        hashed = done.result()
    except Missing as fault:
        return Answer(task.name, "missing", "", -1, found, str(fault))
    except Wrong as fault:
        return Answer(task.name, "wrong", "", seen.size, found, str(fault))
    except Unclear as fault:
        return Answer(task.name, "unclear", "", seen.size, found, str(fault))
    except (Stopped, OSError) as fault:
        return Answer(task.name, "unclear", "", seen.size, found, f"it was not read to its end: {fault}")
    if hashed.identity != seen:
        return Answer(task.name, "wrong", "", hashed.identity.size, found, "it changed during the check")
    if run.memory is not None:
        run.memory.keep(tree.base / tree.at(task.name), seen, hashed.sha256)
    return Answer(task.name, "read", hashed.sha256, seen.size, found, "", hashed.sparse)
