"""The parts of `attribution.py` that need a repository: notes, squash merges, lines, and speed."""

from __future__ import annotations

import csv
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path

from trustgate.attribution.agents import UNSPECIFIED
from trustgate.attribution.carry import carry_block
from trustgate.attribution.commit_text import claims_of
from trustgate.attribution.evidence import read_records
from trustgate.attribution.origin import Attribution, Origin, OriginClass
from trustgate.attribution.registry import Registry, registry_of
from trustgate.attribution.resolve import attribute_commits, attribute_text
from trustgate.attribution.shares import line_shares
from trustgate.changes.changeset import CommitInfo
from trustgate.changes.commits import read_commits, stream_commits
from trustgate.changes.compare import compare_trees
from trustgate.changes.git import Git
from trustgate.changes.history import History
from trustgate.changes.spans import read_listed, read_span
from trustgate.errors import TrustgateError
from trustgate.globs import path_matches
from trustgate.rulebook import Rulebook

TAGGED = (OriginClass.GENERATED, OriginClass.ASSISTED, OriginClass.SUGGESTED)
Result = dict[str, tuple[int, int, list[str]]]
"""by name: right, total, misses"""
Part = Callable[[Path, Path, Rulebook, Counter[str]], Result]
PULL_LIMIT = 400
"""commits of a pull request that are read"""
SPEED = 20_000

RELEASES = {"v0.79.0..v0.80.0": (2115, 1837), "v0.81.0..v0.82.0": (1706, 1567), "v0.85.0..v0.86.0": (253, 222)}
"""changed lines and those of aider, as aider publishes them (aider/website/_data/blame.yml)"""
WANTED = (
    *("**/*.js", "**/*.py", "**/*.scm", "**/*.sh", "**/*Dockerfile", "**/*Gemfile"),
    *(".github/workflows/**/*.yml", "aider/resources/**/*.yml", "tests/fixtures/languages/**/test.*"),
    *("aider/website/index.html", "aider/website/share/index.md", "aider/website/_includes/head_custom.html"),
    *("aider/website/_includes/home.css", "aider/website/docs/leaderboards/index.md"),
)
UNWANTED = (
    *("**/*prompts.py", "tests/fixtures/watch*", "tests/fixtures/watch*/**"),
    *("aider/website/install.ps1", "aider/website/install.sh"),
)
"""the files that aider counts (its scripts/blame.py)"""


class Tally:
    def __init__(self) -> None:
        self.found: Result = {}

    def count(self, name: str, good: bool, what: str) -> None:
        right, total, missed = self.found.get(name, (0, 0, []))
        self.found[name] = (right + good, total + 1, missed if good else [*missed, what])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@contextmanager
def opened(mirror: Path, repo: str):  # type: ignore[no-untyped-def]
    """The clone of a repository, or None."""
    folder = mirror / repo.replace("/", "+", 1) / "repo"
    if not (folder / "objects").is_dir():
        yield None
        return
    with Git.open(str(folder)) as git:
        yield git


def by_repository(labels: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in labels:
        found[row["repo"]].append(row)
    return dict(sorted(found.items()))


def tagged(attribution: Attribution) -> list[Origin]:
    return [origin for origin in attribution.origins if origin.origin_class in TAGGED]


def notes(labels: Path, mirror: Path, book: Rulebook, absent: Counter[str]) -> Result:
    """Commits with a git-ai note: tagged, and the relation of note and trailer; then every note of every clone."""
    tally, registry = Tally(), registry_of(book)
    stated = rows(labels / "notes_vs_trailer.tsv")
    for row in stated:
        sides = [models(row[key].split("|"), registry) for key in ("note_models", "trailer_model")]
        if row["relation"] != "no_trailer" and row["relation"] != "trailer_no_model":
            good = relation_of(sides[0], sides[1], bool(row["trailer_model"])) == row["relation"]
            tally.count("relation, from the names in the labels", good, str(row))
    for repo, wanted in by_repository([*stated, *rows(labels / "commits_ai_unmarked.tsv")]).items():
        with opened(mirror, repo) as git:
            if git is None:
                absent[repo] += len(wanted)
                continue
            found = {oid: commit for oid, commit in stream_commits(git, [row["sha"] for row in wanted]) if commit}
            records = read_records(History(git, "", ""), list(found.values()), registry).by_commit
            for row in wanted:
                commit = found.get(row["sha"])
                if commit is None or commit.id not in records:
                    absent[repo] += 1
                    continue
                mine = attribute_commits((commit,), book, records=records)
                where = f"{repo} {commit.id[:10]}: {row}, found {[(o.agent, o.model) for o in mine.origins]}"
                tally.count("git-ai note: tagged", bool(tagged(mine)), where)
                if "relation" in row:
                    said = relation(commit, records[commit.id].claims, registry)
                    tally.count("git-ai note: relation", said == row["relation"], f"{where}, {said}")
    for folder in sorted(mirror.glob("*/repo")):
        if (folder / "objects").is_dir():
            every_note(folder, book, registry, tally)
    return tally.found


def every_note(folder: Path, book: Rulebook, registry: Registry, tally: Tally) -> None:
    """Notes that attest lines, in any clone: read by us, checked by looking for a key in the text."""
    command = ["git", "--git-dir", str(folder), "notes", "--ref=ai", "list"]
    listed = subprocess.run(command, capture_output=True, check=False, text=True).stdout.split("\n")
    pairs = [line.split() for line in listed if " " in line]
    if not pairs:
        return
    with Git.open(str(folder)) as git:
        found = {oid: commit for oid, commit in stream_commits(git, [oid for _, oid in pairs]) if commit}
        records = read_records(History(git, "", ""), list(found.values()), registry).by_commit
        for blob, oid in pairs:
            attests = any(line.startswith("  ") and " h_" not in line for line in head_of(git.objects.read(blob)))
            if oid not in found:
                continue
            mine = attribute_commits((found[oid],), book, records=records)
            where = f"{folder.parent.name} {oid[:10]}"
            if attests:
                tally.count("notes in all clones: attested and tagged", bool(tagged(mine)), where)
            elif oid not in records:
                by_note = [e for o in mine.origins for e in o.evidence if e.kind == "note"]
                tally.count("notes in all clones: empty and no tag", not by_note, where)


def head_of(note: bytes) -> list[str]:
    return note.decode("utf-8", "replace").split("---\n")[0].split("\n")


def models(names: Sequence[str], registry: Registry) -> set[str]:
    return {stated.model for name in names for stated in registry.models.explicit(name) if stated.model}


def relation_of(noted: set[str], trailed: set[str], trailer: bool) -> str:
    if not trailer:
        return "no_trailer"
    if not trailed:
        return "trailer_no_model"
    if not noted:
        return "note_model_unknown"
    return "agree" if noted & trailed else "DISAGREE"


def relation(commit: CommitInfo, recorded: Sequence[object], registry: Registry) -> str:
    """How note and message of a commit compare, in the words of the labels: a trailer, not who the author is."""
    text = [
        claim
        for claim in claims_of(commit, registry)
        if claim.origin_class in TAGGED and claim.kind not in ("author", "committer")
    ]
    trailed = {backend.stated.model for claim in text for backend in claim.backends} - {""}
    noted = {b.stated.model for c in recorded for b in c.backends} - {""}  # type: ignore[attr-defined]
    return relation_of(noted, trailed, bool(text))


def squash(labels: Path, mirror: Path, book: Rulebook, absent: Counter[str]) -> Result:
    """Pull requests with a mark: seen in their own commits, and restored by the carry-over block."""
    tally = Tally()
    for repo, wanted in by_repository(rows(labels / "squash_pairs.tsv")).items():
        with opened(mirror, repo) as git:
            for row in wanted:
                try:
                    own = pull_commits(git, row) if git is not None else ()
                except TrustgateError:
                    own = ()
                if git is None or not own:
                    absent[repo] += 1
                    continue
                (merged,) = read_commits(git, (row["squash_sha"],))
                before = attribute_commits(own, book)
                after = attribute_text(book, merged.message)  # the labels looked at messages
                text = f"{merged.message.rstrip()}\n\n{carry_block(before.origins)}"
                carried = attribute_text(book, text, merged.author_name, merged.author_email)
                where = f"{repo}#{row['pr']} {row['marker_after_squash']}"
                kept = row["marker_after_squash"]
                tally.count(f"squash, {kept}: tag present in the pull request", bool(tagged(before)), where)
                tally.count(
                    f"squash, {kept}: tag after the squash as labelled", bool(tagged(after)) == (kept == "kept"), where
                )
                same = {fact(o) for o in tagged(before)} <= {fact(o) for o in tagged(carried)}
                tally.count(f"squash, {kept}: carry-over restores every tag", bool(tagged(carried)) and same, where)
    return tally.found


def pull_commits(git: Git, row: dict[str, str]) -> tuple[CommitInfo, ...]:
    """The pull request's own commits: what its head has and the trunk before the squash has not."""
    without = f"^{row['squash_sha']}^1"
    said = git.ask_real("rev-list", f"--max-count={PULL_LIMIT}", "--no-merges", row["pr_head"], without, "--")
    return read_commits(git, said.stdout.decode().split())


def fact(origin: Origin) -> tuple[str, ...]:
    return (origin.origin_class, origin.agent or UNSPECIFIED, origin.model, origin.provider, origin.hosting)


def lines(labels: Path, mirror: Path, book: Rulebook, absent: Counter[str]) -> Result:
    """The releases of aider whose figures can be counted again from a clone."""
    tally = Tally()
    with opened(mirror, "Aider-AI/aider") as git:
        if git is None:
            absent["Aider-AI/aider"] += len(RELEASES)
            return tally.found
        for span, published in RELEASES.items():
            asked = read_span(git, span)
            changed = [c.path for c in compare_trees(git, asked.base, asked.head) if c.new_size and c.hunks]
            paths = [path for path in changed if any(path_matches(glob, path) for glob in WANTED)]
            paths = [path for path in paths if not any(path_matches(glob, path) for glob in UNWANTED)]
            shares = line_shares(History(git, asked.base, asked.head), paths, asked.commits, book, {})
            counted = (shares.lines, sum(s.lines for s in shares.shares if s.origin.agent == "aider"))
            tally.count("lines: aider release to the line", counted == published, f"{span}: {counted}, not {published}")
    return tally.found


def speed(labels: Path, mirror: Path, book: Rulebook, absent: Counter[str]) -> Result:
    """CPU seconds for SPEED commits of the largest history there is: read, notes looked up, attributed."""
    tally = Tally()
    folders = [folder for folder in sorted(mirror.glob("*/repo")) if (folder / "objects").is_dir()]
    for folder in folders:
        command = ["git", "--git-dir", str(folder), "rev-list", f"--max-count={SPEED}", "HEAD"]
        ids = subprocess.run(command, capture_output=True, check=False, text=True).stdout.split()
        if len(ids) < SPEED:
            continue
        began = time.process_time()
        with Git.open(str(folder)) as git:
            found = [commit for _, commit in read_listed(git, ids) if not isinstance(commit, TrustgateError)]
            records = read_records(History(git, "", ""), found, registry_of(book)).by_commit
            for commit in found:
                attribute_commits((commit,), book, records=records)
        seconds = time.process_time() - began
        print(f"{folder.parent.name}: {len(found)} commits attributed in {seconds:.1f} s CPU")
        tally.count(f"speed: {SPEED} commits in 20 s CPU", seconds <= 20, f"{folder}: {seconds:.1f} s")
        break
    return tally.found


PARTS: dict[str, Part] = {"notes": notes, "squash": squash, "lines": lines, "speed": speed}
