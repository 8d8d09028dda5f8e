"""What a lane costs beside the model's time: `python benchmarks/reviewer/lane_overhead.py`.

Prints the import, the opening of the lanes, and a packet of 14 kB to a stub on loopback that answers at once.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "lanes"))

ROUNDS = 60
IMPORT = "import time; a = time.process_time(); import trustgate.reviewer.opening; print(time.process_time() - a)"


def main() -> None:
    runs = [
        subprocess.run((sys.executable, "-c", IMPORT), capture_output=True, text=True, check=True) for _ in range(7)
    ]
    print(
        f"import of the reviewer's lanes: {statistics.median(float(run.stdout) for run in runs):.3f} CPU s, median of 7"
    )
    from stub_lanes import KEY, SCHEMA, Stub, lane_toml, serving

    from trustgate.ledger.book import Ledger
    from trustgate.ledger.rows import Scope
    from trustgate.policy.load import load_policy
    from trustgate.reviewer.asking import Prompt
    from trustgate.reviewer.opening import open_asker
    from trustgate.rulebook import load_rulebook

    book = load_rulebook()
    prompt = Prompt("You review. " * 100, "0001 + x = 1\n" * 1000, "answer", SCHEMA, 1000, "ab" * 32)
    with serving(Stub("anthropic")) as stub, tempfile.TemporaryDirectory() as folder, Ledger(Path(folder)) as ledger:
        config = "[reviewer.budget]\nunlimited = ['run', 'pull_request', 'day']\n" + lane_toml("main", stub)
        policy = load_policy(lambda _path: None, book, None, config=config.encode())
        asker = open_asker(policy, book, {"REVIEW_KEY": KEY}, ledger, Scope("run"))
        assert asker is not None
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            reply = asker.ask(prompt, data_class="internal", exclude_families=frozenset())
            times.append((time.perf_counter() - began) * 1000)
            assert reply.answer, reply.detail
        later = sorted(times[1:])
    print(f"first packet, httpx imported and certificates read: {times[0]:.0f} ms")
    print(
        f"each further packet: p50 {statistics.median(later):.0f} ms, p95 {later[int(len(later) * 0.95)]:.0f} ms (wall)"
    )


if __name__ == "__main__":
    main()
