"""Signed approvals of a change: read from its notes, checked, and counted or refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from trustgate.attribution.binding import REF as RECORDS
from trustgate.attribution.statement import NotARecord
from trustgate.attribution.statement import read_line as read_record
from trustgate.attribution.writers import canonical, co_authors
from trustgate.changes.changeset import ChangeSet, CommitInfo
from trustgate.changes.git import Git
from trustgate.changes.notes import read_notes
from trustgate.changes.trees import tree_of
from trustgate.errors import TrustgateError
from trustgate.globs import text_matches
from trustgate.people.approval import LINES, NAMESPACE, REF, lines, read_line, read_statement
from trustgate.people.voices import Voice
from trustgate.policy.model import Policy
from trustgate.signing import ALLOWED_SIGNERS, Checked, Standing, key_name, unarmoured, verify

REFUSALS = 20
"""lines about approvals that do not count"""
_SIGNATURE = re.compile(rb"^gpgsig(?:-sha256)? ([^\n]*(?:\n [^\n]*)*)", re.MULTILINE)


def signed_voices(git: Git, change: ChangeSet, policy: Policy, today: date) -> tuple[list[Voice], tuple[str, ...]]:
    """Approvals of the head of a range that count, and lines about those that do not. Never raises for what notes hold;
    what cannot be read is one of the lines, and clears nothing."""
    voices: list[Voice] = []
    refused: list[str] = []
    try:
        notes = read_notes(git, REF, (change.head,))
        refused += [f"the approvals of this commit could not be read: {why}" for _, why in notes.problems]
        found = lines(notes.texts.get(change.head, b""))
        if len(found) > LINES:
            refused.append(f"this commit has {len(found)} approvals, {LINES} of them were read")
        signers = change.base_file(ALLOWED_SIGNERS) if found else None
        for line in found[:LINES]:
            voice, why = _voice(git, change, policy, today, line, signers)
            voices += [voice] if voice else []
            refused += [why] if why else []
    except TrustgateError as error:
        refused.append(f"approvals in {REF} could not be read: {error.message}")
    told = tuple(dict.fromkeys(refused))
    more = (f"{len(told) - REFUSALS} more approvals do not count",) if len(told) > REFUSALS else ()
    return voices, (*told[:REFUSALS], *more)


def _voice(
    git: Git, change: ChangeSet, policy: Policy, today: date, line: bytes, signers: bytes | None
) -> tuple[Voice | None, str]:
    """The voice of one line, or why it does not count."""
    parts = read_line(line)
    approval = read_statement(parts[0]) if parts else None
    if parts is None or approval is None:
        return None, "an approval of this commit is not one that can be read"
    checked = verify(*parts, signers, namespace=NAMESPACE)
    if checked.standing is not Standing.GOOD:
        why = f"{checked.standing.value} {checked.key}".strip()
        return None, f"an approval does not count: {why}; {ALLOWED_SIGNERS} of the trusted base decides"
    who, why, own = checked.principal, "", ""
    if approval.base != change.diff_base or approval.tree != tree_of(git, change.head):
        why = "it is about another change"
    elif approval.policy != policy.digest:
        why = "the policy is another one now"
    elif approval.expires < today:
        why = f"it ended on {approval.expires}"
    elif approval.expires > today + timedelta(days=policy.exception_days):
        why = f"it would count for longer than the {policy.exception_days} days that the policy allows"
    else:
        own = _own(git, change, checked)
        why = "" if policy.self_approval else own
    if why:
        return None, f"the approval of {who} does not count: {why}"
    detail = f"{'self-approved' if own else 'approved'} by {who} until {approval.expires}: {approval.reason}"
    return Voice(who, detail, approval.findings), ""


def _own(git: Git, change: ChangeSet, checked: Checked) -> str:
    """Why the signer may have written part of the change, by every name of the key and by the key itself; empty where
    nothing says so."""
    names = [canonical(name) for name in checked.names if "@" in name]
    if not names:
        return f"{ALLOWED_SIGNERS} names its key by no mail address, so nobody can tell who wrote the change"
    writers = writers_of(change.commits)
    if any(text_matches(name, writer) for name in names for writer in writers):
        return "its signer wrote part of the change"
    if checked.key in _keys_of(git, change.commits):
        return "its key signed part of the change"
    return ""


def _keys_of(git: Git, commits: Sequence[CommitInfo]) -> set[str]:
    """Fingerprints of the ssh keys that signed these commits, or records of who made them. Whether the signatures are
    good is not asked: nothing but an approval is refused for them."""
    keys = set()
    for commit in commits:
        match = _SIGNATURE.search(git.objects.read(commit.id).split(b"\n\n", 1)[0])
        keys.add(key_name(unarmoured(match[1].replace(b"\n ", b"\n"))) if match else "")
    for text in read_notes(git, RECORDS, [commit.id for commit in commits]).texts.values():
        for line in text.split(b"\n")[:LINES]:
            try:
                keys.update(map(key_name, read_record(line).signatures))
            except NotARecord:
                continue  # the review tells about it; it names no key
    return keys - {""}


def writers_of(commits: Sequence[CommitInfo]) -> frozenset[str]:
    """Mail addresses, in one spelling, of all who wrote, committed or co-wrote."""
    found = {mail for commit in commits for mail in (commit.author_email, commit.committer_email)}
    found.update(mail for commit in commits for _, mail in co_authors(commit.message))
    return frozenset(canonical(mail) for mail in found if mail.strip())
