"""What people said of a change, as opinions that `decide()` weighs. Who may say it is checked where a voice is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from trustgate.opinion import CLEARED, PERSON, FlagReview, Opinion, Review, Reviewed
from trustgate.verdict import Action, Verdict

MAY_CLEAR = ("person", "reviewer")
"""`clearable` of findings that a person may clear"""


class Voice(NamedTuple):
    """One approval that counts."""

    who: str
    """account, or whom the allowed signers name for the key"""
    detail: str
    """how it was given, in a sentence"""
    fingerprints: tuple[str, ...] = ()
    """findings that it is about; empty: whatever a person may clear in this change"""


def heard(voices: Iterable[Voice], verdict: Verdict, notes: tuple[str, ...] = ()) -> Reviewed:
    """The opinions of people on the findings of `verdict`; `notes` are approvals that do not count, and why."""
    opinions, about_change, reviews = {}, {}, []
    for voice in voices:
        name = f"person:{voice.who}"
        opinion = Opinion(CLEARED, "approved", PERSON, name)
        flags = []
        for item in verdict.findings:
            found = item.finding
            named = not voice.fingerprints or any(found.fingerprint.startswith(f) for f in voice.fingerprints)
            if item.action >= Action.ESCALATE and item.clearable in MAY_CLEAR and named:
                opinions[found] = opinion
                flags.append(
                    FlagReview(found.fingerprint, found.rule, found.location.path, found.location.line, opinion)
                )
        for reason in verdict.reasons:
            if not reason.finding and reason.clearable in MAY_CLEAR and not voice.fingerprints:
                about_change[reason.policy_line] = opinion
                flags.append(FlagReview("", reason.policy_line, "", 0, opinion))
        if flags:
            reviews.append(Review(name, "approved", voice.detail, "internal", flags=tuple(flags)))
    return Reviewed(opinions, about_change, (), tuple(reviews), notes)


def together(people: Reviewed, models: Reviewed) -> Reviewed:
    """Both, a person's word before a model's."""
    return Reviewed(
        {**models.opinions, **people.opinions},
        {**models.about_change, **people.about_change},
        models.additions,
        (*people.reviews, *models.reviews),
        (*people.notes, *models.notes),
    )
