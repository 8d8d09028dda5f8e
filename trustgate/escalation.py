"""What is escalated, to the reviewers of the policy: which findings wait, what would leave, and what came back."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.errors import ConfigError, TrustgateError, UsageError
from trustgate.verdict import Action, Verdict

if TYPE_CHECKING:
    from trustgate.changes.changeset import ChangeSet
    from trustgate.facts import FileView
    from trustgate.opinion import Reviewed
    from trustgate.people.voices import Voice
    from trustgate.policy.model import Policy
    from trustgate.reviewer.asking import Asker
    from trustgate.reviewer.desk import Desk
    from trustgate.reviewer.session import Case
    from trustgate.rulebook import Rulebook


def must_be_possible(stage: str, offline: bool, lane: bool) -> None:
    """For `--review require`. Raises UsageError where no reviewer could ever be asked."""
    if stage == "commit":
        raise UsageError("--review require: nothing is sent at the commit stage", "review a range, or --stage pr")
    if offline:
        raise UsageError("--review require and --offline exclude each other", "leave one of them out")
    if not lane:
        raise UsageError(
            "--review require: the policy of the trusted base has no reviewer lane",
            "add a [[reviewer.lane]] to trustgate.toml, or leave --review out",
        )


def waits_for_reviewer(verdict: Verdict) -> bool:
    """Whether something is escalated that a reviewer may clear. Never at the commit stage: nothing leaves there."""
    return verdict.stage != "commit" and any(
        reason.action >= Action.ESCALATE and reason.clearable == "reviewer" for reason in verdict.reasons
    )


def people_of(
    change: ChangeSet,
    policy: Policy,
    verdict: Verdict,
    forge: Callable[[Policy], tuple[tuple[Voice, ...], tuple[str, ...]]] | None,
    today: date,
) -> Reviewed | None:
    """What people said of what waits, in signed approvals and on the forge; None where nothing waits or was said."""
    if not any(reason.action >= Action.ESCALATE and reason.clearable for reason in verdict.reasons):
        return None
    from trustgate.people.signed import signed_voices
    from trustgate.people.voices import heard

    voices: list[Voice] = []
    notes: tuple[str, ...] = ()
    if change.history is not None and change.commits:
        voices, notes = signed_voices(change.history.git, change, policy, today)
    if forge is not None and policy.forge_approvals:
        try:
            more, said = forge(policy)
        except TrustgateError as error:
            more, said = (), (f"approvals of the forge could not be read, so none counts: {error.message}",)
        voices.extend(more)
        notes += said
    return heard(voices, verdict, notes) if voices or notes else None


def together(people: Reviewed | None, models: Reviewed) -> Reviewed:
    """Opinions of both; a person's word goes before a model's."""
    if people is None:
        return models
    from trustgate.people.voices import together as both

    return both(people, models)


def case_of(files: Sequence[FileView], verdict: Verdict, policy: Policy, book: Rulebook, outside: Path | None) -> Case:
    """What there is to review. `outside` is the root of the repository under review."""
    from trustgate.policy.data import DataRules
    from trustgate.reviewer.session import Case

    return Case(
        files=tuple(files),
        judged=verdict.findings,
        reasons=verdict.reasons,
        attribution=verdict.attribution,
        rulebook=book,
        data=policy.data or DataRules(),
        secret=machine_secret(outside),
    )


def shown(case: Case) -> str:
    """Exactly the text that would leave."""
    from trustgate.reviewer.session import prepare, show

    return show(prepare(case))


def reviewed(case: Case, asker: Asker) -> Reviewed:
    """The checked opinions of the reviewers."""
    from trustgate.opinion import NOTHING
    from trustgate.reviewer.session import ask, prepare

    prepared = prepare(case)
    return NOTHING if prepared is None else ask(prepared, asker)


def desk_of(
    policy: Policy, book: Rulebook, *, repo: str, head: str, stage: str, offline: bool, outside: Path | None
) -> Desk:
    """Lanes, ledger, cache and queue of one review. Called only when something is escalated."""
    from trustgate.changes.git import Git
    from trustgate.reviewer.desk import Desk
    from trustgate.reviewer.queue import repository_id

    with Git.open(repo) as git:
        name = repository_id(git.place.common_dir)
    return Desk(policy, book, repository=name, head=head, stage=stage, offline=offline, outside=outside)


def machine_secret(outside: Path | None) -> bytes:
    """32 random bytes that this machine keeps, so that equal content draws equally; fresh ones without a cache."""
    from trustgate.store import Store, StoreError, cache_dir

    fresh = os.urandom(32)
    try:
        with Store(cache_dir(outside)) as store:
            kept = store.get("reviewer", "secret")
            if isinstance(kept, str) and len(kept) == 64 and set(kept) <= set("0123456789abcdef"):
                return bytes.fromhex(kept)
            store.put("reviewer", "secret", fresh.hex())
    except (StoreError, ConfigError) as error:
        print(f"trustgate: no cache, so packets are drawn anew each time: {error.message}", file=sys.stderr)
    return fresh
