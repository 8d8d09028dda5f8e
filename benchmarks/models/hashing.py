"""How fast weights are hashed, in CPU seconds, against hashlib alone and coreutils.

    python benchmarks/models/hashing.py [--gib 2] [--files 8] [--rounds 3] [--folder DIR]

Makes files of random bytes (1 MiB of them, repeated), hashes them once to warm the page cache,
then measures in turn: `hashlib.file_digest`, `trustgate` with one and two readers, `sha256sum`. CPU seconds are of the
process and its threads (`time.process_time`) or of the child (`resource`); on a machine with other load only those can
be compared, and wall times are printed beside the load average. Then the growth of memory, a second verify with the
cache, and a lock of 1,000 shards.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from trustgate.weights.lock import read_lock, write_lock
from trustgate.weights.memory import Memory
from trustgate.weights.pinning import Wish, pin
from trustgate.weights.pins import Lock, LockPolicy, PinnedFile, PinnedModel, root_of
from trustgate.weights.run import Run
from trustgate.weights.stores import folder
from trustgate.weights.verify import verify_model

GIB = 1 << 30


def make(place: Path, size: int, files: int) -> None:
    each = size // files
    block = os.urandom(1 << 20)  # small, as memory is measured by its peak
    for number in range(files):
        with (place / f"part-{number}.onnx").open("wb") as file:
            left = each
            while left:
                left -= file.write(block[:left])


def alone(place: Path) -> None:
    for file in sorted(place.iterdir()):
        with file.open("rb") as opened:
            hashlib.file_digest(opened, "sha256")


def coreutils(place: Path) -> None:
    subprocess.run(["sha256sum", *map(str, sorted(place.iterdir()))], stdout=subprocess.DEVNULL, check=True)


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds, children included."""

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    start, before = time.perf_counter(), used()
    work()
    return time.perf_counter() - start, used() - before


def peak() -> int:
    """KiB of resident memory at its highest in this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gib", type=float, default=2)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sparse", type=int, metavar="GIB", help="only memory and cache, on one file that is a hole")
    parser.add_argument("--folder", help="where the files are made; removed afterwards")
    args = parser.parse_args()
    size = int(args.gib * GIB) // args.files * args.files
    with tempfile.TemporaryDirectory(dir=args.folder) as work:
        place = Path(work, "weights")
        place.mkdir()
        os.environ["TRUSTGATE_CACHE_DIR"] = str(Path(work, "cache"))
        if args.sparse:
            with (place / "hole.onnx").open("wb") as file:
                file.truncate(args.sparse * GIB)
        else:
            make(place, size, args.files)
        time.sleep(2.1)  # the cache takes no state younger than two seconds
        began = peak()
        model = pin(Wish("bench", "file", "bench"), folder.at(place), Run(1))

        def verify(jobs: int, memory: Memory | None = None) -> str:
            run = Run(jobs, memory=memory)
            return verify_model(model, folder.at(place), run, LockPolicy()).status

        if args.sparse:
            print(f"{args.sparse} GiB in one sparse file, load {os.getloadavg()[0]:.1f}")
            print(f"memory above start: {(peak() - began) / 1024:.1f} MiB (target 40)")
            kept(verify, Path(work))
            return
        ways: dict[str, Callable[[], object]] = {
            "hashlib.file_digest": lambda: alone(place),
            "trustgate, 1 reader": lambda: verify(1),
            "trustgate, 2 readers": lambda: verify(2),
            "coreutils sha256sum": lambda: coreutils(place),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(args.rounds):
            for name, way in ways.items():
                taken[name].append(cost(way))
        print(f"{size / GIB:.2f} GiB in {args.files} files, {args.rounds} rounds, load {os.getloadavg()[0]:.1f}")
        wall = {name: median(row[0] for row in rows) for name, rows in taken.items()}
        cpu = {name: median(row[1] for row in rows) for name, rows in taken.items()}
        for name in ways:
            rate = size / 1e9 / cpu[name]
            print(f"{name:22} wall {wall[name]:6.2f} s  CPU {cpu[name]:6.2f} s  {rate:5.2f} GB per CPU s")
        one, two, base = "trustgate, 1 reader", "trustgate, 2 readers", "hashlib.file_digest"
        print(f"per thread against file_digest, CPU: {cpu[base] / cpu[one]:.3f} (target 0.95)")
        print(f"two readers against one, wall:       {wall[one] / wall[two]:.2f} (target 1.8 on two idle cores)")
        print(f"two readers against one, CPU:        {cpu[one] / cpu[two]:.3f} (1 = the second costs nothing more)")
        print(f"against sha256sum, CPU:              {cpu['coreutils sha256sum'] / cpu[one]:.2f} (target 3.5)")
        print(f"memory above start:                  {(peak() - began) / 1024:.1f} MiB (target 40)")
        kept(verify, Path(work))
    shards()


def kept(verify: Callable[[int, Memory | None], str], beside: Path) -> None:
    for word in ("fills the cache", "with the cache"):
        memory = Memory(beside / "elsewhere", read=True)
        wall, cpu = cost(lambda held=memory: verify(2, held))  # type: ignore[misc]
        memory.close()
        print(f"verify that {word:16} {wall:8.3f} s wall, {cpu:.3f} s CPU")


def shards() -> None:
    files = tuple(PinnedFile(f"model-{n:05}-of-01000.safetensors", n, f"{n:064x}", "weights") for n in range(1, 1001))
    data = write_lock(Lock((PinnedModel("big", "hf", "a/b", "0" * 40, files=files, root=root_of(files)),)))
    times = [cost(lambda: read_lock(data))[1] for _ in range(9)]
    print(f"lock of 1,000 shards, {len(data)} bytes: {median(times) * 1000:.1f} ms CPU (target 50)")


if __name__ == "__main__":
    sys.exit(main())
