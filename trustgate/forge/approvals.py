"""People's approving reviews of exactly the commit that is judged, read from the forge at decision time.

An approval counts when its author is a person with write access (or listed in `[people]`), wrote none of the change,
and said so about this head: a later push, a dismissal or a request for changes voids it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trustgate.forge.api import Api, ApiError

MAY_WRITE = frozenset(("admin", "maintain", "write"))
_NOREPLY = re.compile(r"(?:\d{1,20}\+)?([A-Za-z0-9-]{1,39})@users\.noreply\.github\.com")
_CO_AUTHOR = re.compile(r"^co-authored-by:[^<\n]{0,200}<([^<>\n]{1,200})>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Approval:
    """One approving review. `refused` says why it does not count; empty when it does."""

    login: str
    commit: str
    refused: str = ""


def approvals(api: Api, repository: str, number: int, head: str, people: Iterable[str] = ()) -> tuple[Approval, ...]:
    """The last word of each reviewer who approved, and whether it counts.

    `people` are logins; empty: whoever may write.
    Raises ApiError and the errors of `transport`: an approval that cannot be read does not count.
    """
    owner, _, name = repository.partition("/")
    last: dict[str, dict[str, Any]] = {}
    for review in api.pages("repos", owner, name, "pulls", str(number), "reviews"):
        login = _login(review.get("user"))
        if login and review.get("state") in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED"):
            last[login] = review
    approving = {login: review for login, review in last.items() if review.get("state") == "APPROVED"}
    if not approving:
        return ()
    writers, unclear = _writers(api, owner, name, number)
    listed = {person.lower() for person in people}
    found = []
    for login, review in sorted(approving.items()):
        commit = review.get("commit_id")
        refused = ""
        if commit != head:
            refused = "approved an earlier commit"
        elif review["user"].get("type") != "User" or login.endswith("[bot]"):
            refused = "not a person's account"
        elif login.lower() in writers:
            refused = "wrote part of the change"
        elif unclear:
            refused = "the change has more commits than can be read, so its authors are not known"
        elif listed and login.lower() not in listed:
            refused = "not listed in [people]"
        elif not listed and not _may_write(api, owner, name, login):
            refused = "has no write access"
        found.append(Approval(login, commit if isinstance(commit, str) else "", refused))
    return tuple(found)


def _writers(api: Api, owner: str, name: str, number: int) -> tuple[set[str], bool]:
    """Logins (lower case) of those who opened, wrote, committed or co-wrote the pull request, and whether some may be
    missing: the forge lists 250 commits at most."""
    pull = api.get("repos", owner, name, "pulls", str(number))
    opened = _login(pull.get("user")) if isinstance(pull, dict) else ""
    writers = {opened.lower()}
    count = 0
    for item in api.pages("repos", owner, name, "pulls", str(number), "commits"):
        count += 1
        writers.update(_login(item.get(role)).lower() for role in ("author", "committer"))
        commit = item.get("commit")
        commit = commit if isinstance(commit, dict) else {}
        message = commit.get("message")
        mails = _CO_AUTHOR.findall(message[:100_000]) if isinstance(message, str) else []
        for role in ("author", "committer"):
            mail = commit[role].get("email") if isinstance(commit.get(role), dict) else None
            mails.append(mail if isinstance(mail, str) else "")
        writers.update(match[1].lower() for mail in mails if (match := _NOREPLY.fullmatch(mail.strip())))
    return writers - {""}, count >= 250


def _may_write(api: Api, owner: str, name: str, login: str) -> bool:
    try:
        found = api.get("repos", owner, name, "collaborators", login, "permission")
    except ApiError as error:
        if error.status == 404:
            return False
        raise
    return isinstance(found, dict) and found.get("permission") in MAY_WRITE


def _login(user: object) -> str:
    login = user.get("login") if isinstance(user, dict) else None
    return login if isinstance(login, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?", login) else ""
