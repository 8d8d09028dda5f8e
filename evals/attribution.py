"""Measures attribution against labelled commits: by message, by git-ai note, through squash merges, and by line.

usage: python evals/attribution.py LABELS_DIR MIRROR_DIR [--misses] [--only messages,notes,squash,lines,speed]

LABELS_DIR holds commits_ai.tsv, commits_human.tsv, commits_unmarked.tsv and commits_automation.tsv (columns repo, sha,
label, kind, agent, model, provider, marker), commits_ai_unmarked.tsv, notes_vs_trailer.tsv and squash_pairs.tsv;
MIRROR_DIR a bare clone per repository as owner+name/repo. Nothing of the clones runs. Repositories and commits that are
not there are listed. What needs more than a message is in `attribution_history.py`.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import attribution_history

from trustgate.attribution.origin import Origin, OriginClass
from trustgate.attribution.resolve import attribute_commits
from trustgate.changes.changeset import CommitInfo
from trustgate.changes.commits import parse_commit
from trustgate.rulebook import load_rulebook

FILES = ("commits_ai", "commits_human", "commits_unmarked", "commits_automation")
TAGGED = (OriginClass.GENERATED, OriginClass.ASSISTED, OriginClass.SUGGESTED)

Row = dict[str, str]


@dataclass
class Score:
    right: int = 0
    total: int = 0
    misses: list[str] = field(default_factory=list)

    def count(self, good: bool, what: str) -> None:
        self.total += 1
        self.right += good
        if not good:
            self.misses.append(what)

    def __str__(self) -> str:
        share = 100 * self.right / self.total if self.total else 0.0
        return f"{self.right}/{self.total} = {share:.1f} %"


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def commits(labels: list[Row], mirror: Path, absent: Counter[str]) -> Iterator[tuple[Row, CommitInfo]]:
    """The labelled commits whose objects are in the mirror, one `git cat-file --batch` a repository."""
    by_repo: dict[str, list[Row]] = defaultdict(list)
    for row in labels:
        by_repo[row["repo"]].append(row)
    for repo, wanted in sorted(by_repo.items()):
        folder = mirror / repo.replace("/", "+", 1) / "repo"
        if not (folder / "objects").is_dir():
            absent[repo] += len(wanted)
            continue
        names = "".join(f"{row['sha']}\n" for row in wanted).encode()
        command = ["git", "--git-dir", str(folder), "cat-file", "--batch"]
        out = subprocess.run(command, input=names, capture_output=True, check=True).stdout
        for row in wanted:
            head, _, out = out.partition(b"\n")
            if head.endswith(b" missing"):
                absent[repo] += 1
                continue
            size = int(head.split()[2])
            yield row, parse_commit(row["sha"], out[:size])
            out = out[size + 1 :]


def agents(origins: tuple[Origin, ...]) -> set[str]:
    return {origin.agent for origin in origins if origin.agent and origin.origin_class in TAGGED}


def same_model(stated: str, found: Origin) -> bool:
    """The label, or the same version with its variant (`gpt-5.1` for `gpt-5.1-codex-max`; labels stop early at times),
    or a free-tier suffix that we keep as a fact of its own; a bare family also as our family."""
    model = found.model
    return stated == model or stated.removesuffix("-free") == model or model.startswith((stated + "-", stated + "."))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("mirror", type=Path)
    parser.add_argument("--misses", action="store_true", help="list every miss")
    parser.add_argument("--only", default="messages,notes,squash,lines,speed", help="parts to measure")
    options = parser.parse_args()
    parts = set(options.only.split(","))
    rulebook, absent = load_rulebook(), Counter[str]()
    scores: dict[str, Score] = defaultdict(Score)
    started, seen = time.process_time(), 0
    for name in FILES if "messages" in parts else ():
        for row, commit in commits(rows(options.labels / f"{name}.tsv"), options.mirror, absent):
            seen += 1
            origins = attribute_commits((commit,), rulebook).origins
            judge(name, row, origins, scores)
    seconds = time.process_time() - started
    for name, score in scores.items():
        print(f"{name:42} {score}")
    print(f"{seen} commits read and attributed in {seconds:.2f} s CPU ({1000 * seconds / max(seen, 1):.2f} ms each)")
    for part in ("notes", "squash", "lines", "speed"):
        if part in parts:
            found = attribution_history.PARTS[part](options.labels, options.mirror, rulebook, absent)
            for name, (right, total, missed) in found.items():
                scores[name] = Score(right, total, missed)
                print(f"{name:42} {scores[name]}")
            sys.stdout.flush()
    print(f"not measured, clone or commit absent: {sum(absent.values())} rows of {len(absent)} repositories")
    for repo, count in sorted(absent.items()):
        print(f"  {count:4} {repo}")
    if options.misses:
        for name, score in scores.items():
            for miss in score.misses:
                print(f"{name}: {miss}")


def judge(name: str, row: Row, origins: tuple[Origin, ...], scores: dict[str, Score]) -> None:
    found = agents(origins)
    where = f"{row['repo']} {row['sha'][:10]} {row['kind']}"
    shown = [(str(o.origin_class), o.agent, o.model, o.provider) for o in origins]
    if name != "commits_ai":
        tagged = any(origin.origin_class in TAGGED for origin in origins)
        scores[f"{name}: no agent tag"].count(not tagged and not found, f"{where}: {shown}")
        if name == "commits_automation":
            robot = any(origin.origin_class is OriginClass.AUTOMATION for origin in origins)
            scores[f"{name}: class automation"].count(robot, f"{where}: {shown}")
        if row["kind"] == "aider_committer_only":
            scores["aider committer only: no author tag"].count(not tagged, f"{where}: {shown}")
        return
    wanted = set(row["agent"].split("|"))
    text = f"{where}: label {row['agent']} {row['model']} {row['provider']}, found {shown}"
    scores["agent, all labelled agents found"].count(wanted <= found, text)
    scores["agent, exactly the labelled ones"].count(wanted == found, text)
    scores["tagged at all"].count(bool(found), text)
    suggestion = row["label"] == "ai_suggestion"
    author = any(o.origin_class in (OriginClass.GENERATED, OriginClass.ASSISTED) for o in origins)
    scores["role, suggestion or author"].count(bool(found) and author != suggestion, text)
    if row["model"]:
        models = row["model"].split("|")
        exact = {origin.model for origin in origins}
        scores["model, equal to the label"].count(set(models) <= exact, text)
        scores["model, label or a finer name"].count(all(any(same_model(m, o) for o in origins) for m in models), text)
    if row["provider"]:
        scores["provider"].count(row["provider"] in {o.provider for o in origins}, text)
    else:
        scores["provider, none where none is stated"].count(not any(o.provider for o in origins), text)


if __name__ == "__main__":
    main()
