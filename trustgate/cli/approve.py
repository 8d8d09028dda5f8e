"""`trustgate approve`: a person's signed word on findings of one change, kept in git notes."""

from __future__ import annotations

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import UsageError


@click.command("approve", cls=Grouped)
@click.argument("findings", nargs=-1, metavar="[FINGERPRINT]...")
@click.option("--diff", required=True, metavar="RANGE", help="The change, as in `trustgate review`.")
@click.option("--all", "everything", is_flag=True, help="Every finding of it that waits and a person may clear.")
@click.option("--reason", required=True, metavar="TEXT", help="Why they are fine.")
@click.option(
    "--expires", required=True, metavar="DATE|DAYS", help="The last day on which it counts: 2027-01-31 or 30d."
)
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option("--push", metavar="REMOTE", help="Push the approvals to this remote.")
def approve(
    findings: tuple[str, ...], diff: str, everything: bool, reason: str, expires: str, repo: str, push: str | None
) -> None:
    """Approve findings of a change that wait for a person, signed with your git ssh key.

    The approval is bound to the diff base, the tree of the head and the policy. It counts when the trusted base's
    .trustgate/allowed_signers hold the key, and you wrote none of the change.
    """
    from trustgate.changes.exchange import push_notes
    from trustgate.changes.notes_adding import add_notes
    from trustgate.changes.opening import open_change
    from trustgate.changes.trees import tree_of
    from trustgate.cli.accept import last_day
    from trustgate.cli.recording import setting
    from trustgate.people.approval import NAMESPACE, REASON, REF, Approval, line_of, statement
    from trustgate.people.voices import MAY_CLEAR
    from trustgate.review import Request, configuration_for, review, rulebook, today
    from trustgate.signing import sign
    from trustgate.verdict import Action

    if bool(findings) == everything:
        raise UsageError("name findings, or give --all", "a report shows fingerprints after `accept:`")
    if not reason.strip() or len(reason) > REASON:
        raise UsageError(f"--reason must have 1 to {REASON} characters")
    request = Request(repo=repo, diff=diff, offline=True, review="never")
    verdict = review(request)
    waiting = [
        item.finding.fingerprint
        for item in verdict.findings
        if item.action >= Action.ESCALATE and item.clearable in MAY_CLEAR
    ]
    chosen = waiting if everything else [_one(waiting, prefix.lower()) for prefix in findings]
    if not chosen:
        raise UsageError("nothing of this change waits for a person")
    with open_change(repo, diff) as change:
        if change.history is None:
            raise UsageError(f"--diff {diff}: no commits of this repository", "name a range, such as main...topic")
        git = change.history.git
        policy, _ = configuration_for(change, rulebook(repo), request)
        last = last_day(expires, today(), policy.exception_days)
        approval = Approval(
            verdict.diff_base, tree_of(git, verdict.head), policy.digest, tuple(dict.fromkeys(chosen)), reason, last
        )
        payload = statement(approval)
        signature = sign(payload, lambda name: setting(git, name), namespace=NAMESPACE)
        if not signature.data:
            raise UsageError(f"an approval has to be signed: {signature.reason}", "set gpg.format and user.signingkey")
        add_notes(git, REF, {verdict.head: line_of(payload, signature.data) + b"\n"}, "Approve findings")
        if push:
            push_notes(git, push, REF)
    click.echo(f"approved {len(approval.findings)} of {verdict.head[:12]} until {last}; {REF}")
    if not push:
        click.echo(f"It counts where it can be read: git push REMOTE {REF}, or --push REMOTE.")


def _one(waiting: list[str], prefix: str) -> str:
    found = sorted({fingerprint for fingerprint in waiting if len(prefix) >= 12 and fingerprint.startswith(prefix)})
    if len(found) != 1:
        raise UsageError(
            f"{prefix[:64]}: {'several findings' if found else 'no finding'} of this change that wait for a person",
            "copy at least 12 digits of the fingerprint from the report",
        )
    return found[0]
