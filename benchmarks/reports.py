"""Do the reports of a huge review fit where people read them? And what a 3,000-file pull request costs `trustgate ci`.

    python benchmarks/reports.py [--findings 25000] [--files 3000]

Fails when a limit is broken. Limits: GitHub's "SARIF support for code scanning" (10 MB compressed; 25,000 results
taken and 5,000 stored; 25,000 rules), 65,536 characters of a comment, 1 MiB of a job summary, 10 errors and 10 warnings
a step.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trustgate.attribution.origin import Attribution
from trustgate.finding import Confidence, Finding, Kind, Location, Severity, Side, fingerprint
from trustgate.forge import comment
from trustgate.report import github, markdown, render
from trustgate.verdict import Action, Decision, Judged, Verdict

MILD = (Action.WARN, Action.ESCALATE, Action.NOTE)
OFF = "import requests\n\n\ndef ping(url):\n    return requests.get(url, timeout=5, verify=False)\n"


def finding(number: int, action: Action) -> Judged:
    path = f"services/service-{number % 997}/src/module_{number}.py"
    rule = f"rule-{number % 200}"
    made = Finding(
        rule=rule,
        analyzer="boundaries",
        kind=Kind.WEAKENING,
        severity=list(Severity)[number % 4],
        confidence=list(Confidence)[number % 3],
        location=Location(path, Side.OLD if number % 5 == 0 else Side.NEW, number % 900 + 1, number % 900 + 1, 5, 60),
        title=f"Authorization check number {number} removed",
        message=f"Handler.method_{number} no longer calls require_{os.urandom(6).hex()}, which every caller relied on.",
        fingerprint=fingerprint(rule, path, f"Handler.method_{number}", str(number)),
        boundary="auth",
        symbol=f"Handler.method_{number}",
        tip="Put the check back, or say where it is made now.",
    )
    return Judged(made, action, "weakening-core", "o0")


def verdict(count: int) -> Verdict:
    """`count` findings, three of them blocks at the very end."""
    found = [finding(n, Action.BLOCK if n >= count - 3 else MILD[n % 3]) for n in range(count)]
    return Verdict(
        stage="pr",
        diff_base="a" * 40,
        trusted_base="b" * 40,
        head="c" * 40,
        policy_digest="d" * 64,
        rules_digest="e" * 64,
        preset="standard",
        decision=Decision.BLOCK,
        exit_code=1,
        complete=True,
        findings=tuple(found),
        reasons=(),
        attribution=Attribution(),
        origins=(),
        files_seen=count,
        files_analysed=count,
        would_have=1,
    )


def held(what: str, value: int, limit: int) -> None:
    print(f"{what}: {value:,} of {limit:,}")
    assert value <= limit, what


def reports(count: int) -> None:
    many, some = verdict(count), verdict(5000)
    began = time.process_time()
    log = render("sarif", many)
    print(f"SARIF of {count:,} findings: {time.process_time() - began:.1f} CPU s")
    held("SARIF, bytes compressed", len(gzip.compress(log.encode())), 10_000_000)
    (run,) = json.loads(log)["runs"]
    held("SARIF, results", len(run["results"]), 5000)
    held("SARIF, rules", len(run["tool"]["driver"]["rules"]), 25_000)
    held("SARIF, locations of a result", max(len(result["locations"]) for result in run["results"]), 1000)
    held("SARIF, tags of a rule", max(len(rule["properties"]["tags"]) for rule in run["tool"]["driver"]["rules"]), 20)
    assert [result["level"] for result in run["results"][:4]] == ["error"] * 3 + ["warning"], "worst first"
    held("comment of 5,000 findings, characters", len(comment.body(some)), 65_536)
    held(f"job summary of {count:,} findings, bytes", len(markdown.render(many).encode()), 2**20)
    lines = github.render(many).splitlines()
    for level in ("error", "warning"):
        held(f"annotations, {level}", sum(line.startswith(f"::{level} ") for line in lines), 10)
    assert [line[:7] for line in lines[:4]] == ["::error"] * 3 + ["::warni"], "worst first"


def pull_request(count: int) -> None:
    program = Path(sys.executable).with_name("trustgate")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (temp := folder / "temp").mkdir()
        (work := folder / "work").mkdir()
        people = {f"GIT_{who}_{what}": "bench" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environ = {**os.environ, **people, "TRUSTGATE_CACHE_DIR": str(folder / "cache")}

        def git(*args: str) -> str:
            done = subprocess.run(("git", "-C", work, *args), check=True, env=environ, capture_output=True, text=True)
            return done.stdout.strip()

        git("init", "--quiet")
        git("commit", "--quiet", "--allow-empty", "--message", "start")
        base = git("rev-parse", "HEAD")
        (work / "src").mkdir()
        for number in range(count):
            (work / "src" / f"m{number}.py").write_text(OFF.replace("ping", f"ping{number}"))
        git("add", ".")
        git("commit", "--quiet", "--message", "change")
        event = folder / "event.json"
        event.write_text(
            json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": git("rev-parse", "HEAD")}}})
        )
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(
            [program, "ci", "--report-dir", temp],
            env={
                **environ,
                "GITHUB_EVENT_NAME": "pull_request",
                "GITHUB_EVENT_PATH": str(event),
                "GITHUB_WORKSPACE": str(work),
                "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            },
            capture_output=True,
            check=False,
        )
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 1, done.stderr
        cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"trustgate ci, {count:,} new files with a finding each: {cpu:.1f} CPU s, "
            f"{time.monotonic() - began:.1f} s, {used.ru_maxrss / 1024:.0f} MiB at most in one process"
        )
        held("its summary, bytes", (folder / "summary").stat().st_size, 2**20)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--findings", type=int, default=25_000)
    parser.add_argument("--files", type=int, default=3_000)
    options = parser.parse_args()
    reports(options.findings)
    pull_request(options.files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
