"""How many hunks of formatter-only commits are proven mechanical, and whether any proof is wrong.

    python benchmarks/boundaries/mechanical.py MIRROR_DIR [--commits TSV] [--ordinary N] [--babel DIR] [--show]

MIRROR_DIR holds bare clones as `owner+name/repo`. The TSV names commits whose message says that a formatter was run
(columns repo, sha). What a message says is no proof: a file counts as formatted only where an oracle of another parser
(`same_tree.py`) finds both sides equal. Go, Java and JSON have no oracle; their hunks are counted apart.
A proof is wrong where the oracle says otherwise: of the whole file, or of the old side with the proven hunks put in.
`--ordinary N` looks for wrong proofs in the last N commits of each clone.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from same_tree import Babel, python_tree, yaml_values

from trustgate.analyzers.boundaries.mechanical import Proof, proven
from trustgate.analyzers.boundaries.mechanical.hunks import apply
from trustgate.changes.git import Git
from trustgate.changes.ranges import commit_change
from trustgate.errors import TrustgateError
from trustgate.facts import FileView
from trustgate.syntax.paths import PathKind, language_of, path_kind

LEFT_OUT = (PathKind.PROSE, PathKind.INERT, PathKind.LOCK, PathKind.VENDORED)
LIST = Path(__file__).with_name("formatter_commits.tsv")


class Oracle:
    def __init__(self, babel: Path | None) -> None:
        self._babel = Babel(babel) if babel is not None else None

    def same(self, path: str, old: bytes, new: bytes) -> bool | None:
        """None where this file can not be judged."""
        language = language_of(path)
        if language == "python":
            before, after = python_tree(old), python_tree(new)
        elif language == "yaml":
            before, after = yaml_values(old), yaml_values(new)
        elif language in ("javascript", "typescript", "tsx") and self._babel is not None:
            before, after = self._babel.tree(path, old), self._babel.tree(path, new)
        else:
            return None
        return None if before is None else before == after


class Tally:
    def __init__(self, *, show: bool) -> None:
        self.hunks: Counter[tuple[str, str]] = Counter()
        self.proofs: Counter[str] = Counter()
        self.files = self.commits = self.checked = 0
        self.wrong: list[str] = []
        self.seconds = 0.0
        self.show = show

    def file(self, name: str, view: FileView, oracle: Oracle) -> None:
        if view.old is None or view.new is None or path_kind(view.path) in LEFT_OUT or not view.change.hunks:
            return
        began = time.process_time()
        proof = proven(view)
        self.seconds += time.process_time() - began
        self.files += 1
        same = oracle.same(view.path, view.old.data, view.new.data)
        state = {True: "formatted", False: "edited", None: "no oracle"}[same]
        language = language_of(view.path) or "other"
        count = len(view.change.hunks)
        done = count if proof.whole else len(proof.listed)
        self.hunks[language, f"{state}, all"] += count
        self.hunks[language, f"{state}, proven"] += done
        self.proofs.update(item.proof.split(" ->")[0].split(": ")[0][:70] for item in proof.listed)
        if self.show and ((same and done < count) or (same is None and done and True)):
            print(f"  {state}, {done} of {count} proven: {name} {view.path}")
        self._check(name, view, proof, oracle, same)

    def _check(self, name: str, view: FileView, proof: Proof, oracle: Oracle, same: bool | None) -> None:
        assert view.old is not None and view.new is not None
        if not proof.listed or any("rename" in item.proof or "moved" in item.proof for item in proof.listed):
            for item in proof.listed:
                print(f"  to read: {name} {item.path}:{item.line}: {item.proof}")
            return
        if proof.whole:
            verdict = same
        else:
            hunks = tuple(h for h in view.change.hunks if proof.new >= {*h.new_lines} and proof.old >= {*h.old_lines})
            verdict = oracle.same(view.path, view.old.data, apply(view.old.data, view.new.data, hunks))
        self.checked += verdict is not None
        if verdict is False:
            self.wrong.append(f"{name} {view.path}: {proof.listed[0].proof}")

    def table(self) -> None:
        spent = 1000 * self.seconds / max(self.files, 1)
        print(f"{self.commits} commits, {self.files} files, {spent:.1f} ms CPU a file")
        print("hunks by language    formatted: all  proven    %   | edited: all  proven | no oracle: all  proven")
        for language in sorted({language for language, _ in self.hunks}):
            cells = [self.hunks[language, f"{state}, {what}"] for state in STATES for what in ("all", "proven")]
            share = 100 * cells[1] / cells[0] if cells[0] else 0
            print(
                f"{language:16} {cells[0]:15} {cells[1]:9} {share:6.1f} {cells[2]:14} {cells[3]:8} {cells[4]:14} "
                f"{cells[5]:8}"
            )
        every = sum(count for (_, key), count in self.hunks.items() if key == "formatted, all")
        done = sum(count for (_, key), count in self.hunks.items() if key == "formatted, proven")
        print(f"formatted hunks proven: {done} of {every}, {100 * done / max(every, 1):.1f} %")
        print(f"proofs that an oracle could check: {self.checked}, wrong: {len(self.wrong)}")
        for line in self.wrong:
            print(f"  wrong: {line}")
        for proof, count in self.proofs.most_common():
            print(f"  {count:6} x {proof}")


STATES = ("formatted", "edited", "no oracle")


def commits_of(options: argparse.Namespace) -> Iterator[tuple[str, list[str]]]:
    if options.ordinary:
        for folder in sorted(options.mirror.iterdir()):
            if (folder / "repo").is_dir() and options.only in folder.name:
                command = ["git", "--git-dir", str(folder / "repo"), "rev-list", "--no-merges", "HEAD", "-n"]
                done = subprocess.run([*command, str(options.ordinary)], capture_output=True, text=True, check=False)
                yield folder.name.replace("+", "/", 1), done.stdout.split()
        return
    by_repo: dict[str, list[str]] = {}
    with options.commits.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            by_repo.setdefault(row["repo"], []).append(row["sha"])
    yield from sorted((name, ids) for name, ids in by_repo.items() if options.only in name)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("mirror", type=Path)
    parser.add_argument("--commits", type=Path, default=LIST)
    parser.add_argument("--ordinary", type=int, default=0)
    parser.add_argument("--babel", type=Path, help="a folder with node_modules/@babel/parser")
    parser.add_argument("--only", default="", help="part of a repository's name")
    parser.add_argument("--show", action="store_true", help="name the formatted files with hunks that are not proven")
    options = parser.parse_args()
    oracle = Oracle(options.babel)
    tally = Tally(show=options.show)
    for name, ids in commits_of(options):
        folder = options.mirror / name.replace("/", "+") / "repo"
        if not folder.is_dir():
            print(f"not measured: {len(ids)} commits of {name}: no clone")
            continue
        with Git.open(str(folder)) as git:
            for oid in ids:
                try:
                    change = commit_change(git, oid)
                except TrustgateError as error:
                    print(f"not measured: {name}@{oid[:12]}: {error.message}")
                    continue
                tally.commits += 1
                for item in change.files:
                    tally.file(f"{name}@{oid[:12]}", FileView(item, change), oracle)
    tally.table()
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
