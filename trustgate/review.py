"""One review, from a request to a verdict: the wiring that `review`, `ci` and `audit` share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.attribution.origin import Attribution
from trustgate.changes.changeset import ChangeSet
from trustgate.errors import ConfigError, UsageError
from trustgate.gate import Gathered, gather, judge, unread
from trustgate.record import NamedTuple
from trustgate.rulebook import Rulebook, load_rulebook

if TYPE_CHECKING:
    from trustgate.analyzers.context import Settings
    from trustgate.opinion import Reviewed
    from trustgate.people.voices import Voice
    from trustgate.policy.model import Policy
    from trustgate.policy.record import ReviewFacts
    from trustgate.reviewer.asking import Asker
    from trustgate.verdict import Verdict


class Request(NamedTuple):
    """What to review, and how. Nothing here comes from the reviewed change."""

    repo: str = "."
    diff: str | None = None
    staged: bool = False
    worktree: bool = False
    patch: str | None = None
    trusted_base: str | None = None
    stage: str = "pr"
    offline: bool = False
    config: str | None = None
    backend: str | None = None
    with_diff: bool = False
    """the verdict holds the change itself, for a page"""
    review: str = "auto"
    """whether escalated findings go to a reviewer lane: auto, never, or require (no lane is then an error)"""
    pr_body: str = ""
    """text of the pull request, as its author wrote it"""
    verified: frozenset[str] = frozenset()
    """commits whose author the forge vouches for"""
    approvals: Callable[[Policy], tuple[tuple[Voice, ...], tuple[str, ...]]] | None = None
    """reads approvals of the forge at decision time: those that count, and lines about those that do not"""


def rulebook(repo: str = ".") -> Rulebook:
    """The shipped rulebook, its compiled form kept in the user's cache; ConfigError for a cache inside `repo`."""
    from trustgate.store import cache_dir

    try:
        return load_rulebook(cache=cache_dir(top_of(repo)))
    except ConfigError:
        if os.environ.get("TRUSTGATE_CACHE_DIR"):
            raise
        return load_rulebook()


def review(request: Request, *, asker: Asker | None = None, progress: Callable[[str], None] | None = None) -> Verdict:
    """Review one change. Raises the errors of `open_change` and of the policy loader.

    `asker` stands in for the lanes of the policy; what is escalated goes to it as `request.review` says. `progress`
    hears the name of each analyzer as it begins.
    """
    verdict, _ = _review(request, asker, progress, show=False)
    remember(verdict, request.repo)
    return verdict


def show_packets(request: Request) -> tuple[Verdict, str]:
    """The verdict before any reviewer, and exactly the text that would leave. Sends nothing."""
    return _review(request, None, None, show=True)


def _review(
    request: Request, asker: Asker | None, progress: Callable[[str], None] | None, *, show: bool
) -> tuple[Verdict, str]:
    from trustgate.changes.opening import open_change

    shipped = rulebook(request.repo)
    with open_change(
        request.repo,
        request.diff,
        request.staged,
        request.worktree,
        request.patch,
        trusted_base=request.trusted_base,
    ) as change:
        policy, book = configuration_for(change, shipped, request)
        lane = asker is not None or policy.has_lane
        if request.review == "require" and not show:
            from trustgate import escalation

            escalation.must_be_possible(request.stage, request.offline, lane)
        attribution = attribution_for(change, book, request)

        def judged(reviewed: Reviewed | None = None) -> Verdict:
            return judge(
                change,
                gathered,
                policy,
                attribution,
                book,
                stage=request.stage,
                today=today(),
                has_lane=lane,
                with_diff=request.with_diff,
                reviewed=reviewed,
            )

        gathered = gather(change, book, settings_for(policy, request), progress)
        verdict = judged()
        if request.stage == "commit" and not show:
            return verdict, ""
        from trustgate import escalation

        people = escalation.people_of(change, policy, verdict, request.approvals, today())
        if people is not None:
            verdict = judged(people)
        if not show and (request.review == "never" or not lane or not escalation.waits_for_reviewer(verdict)):
            return verdict, ""
        top = top_of(request.repo)
        case = escalation.case_of(gathered.files, verdict, policy, book, top)
        if show:
            return verdict, escalation.shown(case)
        if progress:
            progress("reviewer")
        with escalation.desk_of(
            policy,
            book,
            repo=request.repo,
            head=change.head,
            stage=request.stage,
            offline=request.offline,
            outside=top,
        ) as desk:
            carrier = asker or desk.asker
            if carrier is None:
                return verdict, ""
            verdict = judged(escalation.together(people, escalation.reviewed(case, carrier)))
            if asker is None:
                desk.record(verdict)
    return verdict, ""


def run_review(
    *,
    repo: str,
    diff_base: str,
    trusted_base: str,
    head: str,
    stage: str,
    offline: bool,
    pr_body: str = "",
    verified: frozenset[str] = frozenset(),
    approvals: Callable[[Policy], tuple[tuple[Voice, ...], tuple[str, ...]]] | None = None,
) -> Verdict:
    """The review of a platform's event: object ids in, verdict out. Without `diff_base` the merge base is taken."""
    spec = f"{diff_base}..{head}" if diff_base else f"{trusted_base}...{head}"
    trusted = trusted_base or None
    request = Request(repo, spec, trusted_base=trusted, stage=stage, offline=offline, pr_body=pr_body)
    return review(request._replace(approvals=approvals, verified=verified))


def configuration(
    read: Callable[[str], bytes | None], shipped: Rulebook, *, config: bytes | None = None, config_name: str = ""
) -> tuple[Policy, Rulebook]:
    """Policy and rules of a repository, the rules of its own among them and known to be whole. Raises ConfigError.

    `read` takes a path of the trusted base; `config` stands for the contents of `config_name` when they come from
    elsewhere.
    """
    from trustgate.policy.load import CONFIG_PATH, load_configuration

    policy, book = load_configuration(read, shipped, config=config, config_name=config_name or CONFIG_PATH)
    if book.team:
        from trustgate.analyzers.boundaries.rules import load_rules

        load_rules(book)
    return policy, book


def configuration_for(change: ChangeSet, shipped: Rulebook, request: Request) -> tuple[Policy, Rulebook]:
    """Policy and rules of the trusted base; a `--config` file inside the repository is read from there too."""
    from trustgate.policy.load import CONFIG_PATH

    if request.config is None:
        return configuration(change.base_file, shipped)
    if not request.config:
        raise UsageError("--config is empty", "name a file, or leave it out")
    given = Path(request.config)
    inside = _inside(given, Path(request.repo))
    if inside:
        if change.base_file(inside) is None:
            raise UsageError(
                f"--config {inside} is not on the trusted base {change.trusted_base[:12]}",
                "a file inside the repository is read from there; commit it first, or name one outside",
            )
        return configuration(change.base_file, shipped, config_name=inside)
    try:
        data = given.read_bytes()
    except OSError as error:
        raise UsageError(f"{given}: {error.strerror or error}", f"leave --config out to use {CONFIG_PATH}") from error
    return configuration(change.base_file, shipped, config=data, config_name=given.name)


def top_of(repo: str) -> Path | None:
    """The folder that holds `.git`, above or at `repo`; None outside a work tree."""
    start = Path(repo).resolve()
    # os.path: unlike Path.exists, it is false for a name that is too long
    return next((folder for folder in (start, *start.parents) if os.path.exists(folder / ".git")), None)  # noqa: PTH110


def _inside(path: Path, repo: Path) -> str:
    """The path below the top of the work tree, or the empty string where it lies outside."""
    top = top_of(str(repo))
    if top is None or not path.resolve().is_relative_to(top):
        return ""
    return path.resolve().relative_to(top).as_posix()


def attribution_for(change: ChangeSet, book: Rulebook, request: Request) -> Attribution:
    """Commits of a range and the records on them speak for themselves; for index and work tree the environment is
    asked."""
    if change.commits:
        from trustgate.attribution.resolve import attribute_change

        attribution = attribute_change(change, book)
    elif request.patch is None:
        from trustgate.attribution.environment import attribute_environment

        attribution = attribute_environment(os.environ, home_of(os.environ), book, top_of(request.repo))
    else:
        attribution = Attribution()
    if request.verified:
        from trustgate.attribution.forge_bound import with_forge

        attribution = with_forge(attribution, request.verified)
    if request.pr_body:
        from trustgate.attribution.pr_body import with_body

        attribution = with_body(attribution, request.pr_body, book)
    if request.backend:
        from trustgate.attribution.resolve import declared, with_declared

        attribution = with_declared(attribution, declared(request.backend, book))
    return attribution


def home_of(environ: Mapping[str, str]) -> Path | None:
    home = environ.get("HOME", "")
    return Path(home) if home and Path(home).is_absolute() else None


def settings_for(policy: Policy, request: Request) -> Settings:
    from trustgate.analyzers.context import Places, Settings

    return Settings(
        offline=request.offline or not policy.may_ask(request.stage),
        stage=request.stage,
        private_names=policy.private_names,
        cooldown_days=policy.cooldown_days,
        cooldown_exclude=policy.cooldown_exclude,
        trusted_packages=policy.trusted_packages(today()),
        places=tuple(Places(*item) for item in policy.listed),
    )


def today() -> date:
    """The UTC day on which exceptions must still count."""
    return datetime.now(UTC).date()


def facts_of(change: ChangeSet, gathered: Gathered, attribution: Attribution, stage: str) -> ReviewFacts:
    """What a review knew before policy was asked, for `policy replay`."""
    from trustgate.policy.record import ReviewFacts

    return ReviewFacts(
        diff_base=change.diff_base,
        head=change.head,
        stage=stage,
        findings=gathered.findings,
        attribution=attribution,
        skips=(*gathered.skips, *unread(attribution)),
        not_checked=gathered.not_checked,
        anything_changed=bool(change.files),
    )


def remember(verdict: Verdict, repo: str) -> None:
    """Keep fingerprints of the findings that a report shows, so that `trustgate accept` knows their rule."""
    from trustgate.verdict import Action

    shown = [judged.finding for judged in verdict.findings if judged.action >= Action.WARN]
    if not shown:
        return
    from trustgate.store import Store, StoreError, cache_dir

    try:
        with Store(cache_dir(top_of(repo))) as store:
            store.remember(shown)
    except (StoreError, ConfigError) as error:
        print(f"trustgate: fingerprints were not kept: {error.message}", file=sys.stderr)
