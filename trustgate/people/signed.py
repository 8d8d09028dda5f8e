"""Signed approvals of a change: read from its notes, checked, and counted or refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from trustgate.changes.changeset import ChangeSet, CommitInfo
from trustgate.changes.git import Git
from trustgate.changes.notes import read_notes
from trustgate.changes.trees import tree_of
from trustgate.errors import TrustgateError
from trustgate.people.approval import NAMESPACE, REF, lines, read_line, read_statement
from trustgate.people.voices import Voice
from trustgate.policy.model import Policy
from trustgate.signing import ALLOWED_SIGNERS, Standing, verify

_CO_AUTHOR = re.compile(r"^co-authored-by:[^<\n]{0,200}<([^<>\n]{1,200})>", re.IGNORECASE | re.MULTILINE)


def signed_voices(git: Git, change: ChangeSet, policy: Policy, today: date) -> tuple[list[Voice], tuple[str, ...]]:
    """Approvals of the head of a range that count, and lines about those that do not. Never raises for what notes hold;
    what cannot be read is one of the lines, and clears nothing."""
    voices: list[Voice] = []
    refused: list[str] = []
    try:
        text = read_notes(git, REF, (change.head,)).texts.get(change.head, b"")
        if not text:
            return voices, ()
        signers = change.base_file(ALLOWED_SIGNERS)
        tree, writers = tree_of(git, change.head), writers_of(change.commits)
        for line in lines(text):
            parts = read_line(line)
            if parts is None:
                refused.append("an approval of this commit is not one that can be read")
                continue
            payload, signature = parts
            checked = verify(payload, signature, signers, namespace=NAMESPACE)
            approval = read_statement(payload)
            if checked.standing is not Standing.GOOD or approval is None:
                why = "it cannot be read" if approval is None else f"{checked.standing.value} {checked.key}".strip()
                refused.append(f"an approval does not count: {why}; {ALLOWED_SIGNERS} of the trusted base decides")
                continue
            who = checked.principal
            own = who.lower() in writers
            why = ""
            if approval.base != change.diff_base or approval.tree != tree:
                why = "it is about another change"
            elif approval.policy != policy.digest:
                why = "the policy is another one now"
            elif approval.expires < today:
                why = f"it ended on {approval.expires}"
            elif own and not policy.self_approval:
                why = "its signer wrote part of the change"
            if why:
                refused.append(f"the approval of {who} does not count: {why}")
                continue
            detail = f"{'self-approved' if own else 'approved'} by {who} until {approval.expires}: {approval.reason}"
            voices.append(Voice(who, detail, approval.findings))
    except TrustgateError as error:
        refused.append(f"approvals in {REF} could not be read: {error.message}")
    return voices, tuple(refused)


def writers_of(commits: Sequence[CommitInfo]) -> frozenset[str]:
    """Mail addresses, in lower case, of all who wrote, committed or co-wrote."""
    found = {mail for commit in commits for mail in (commit.author_email, commit.committer_email)}
    found.update(mail for commit in commits for mail in _CO_AUTHOR.findall(commit.message[:100_000]))
    return frozenset(mail.strip().lower() for mail in found if mail.strip())
