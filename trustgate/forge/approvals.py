"""People's approving reviews of exactly the commit that is judged, read from the forge at decision time.

An approval counts when its author is a person with write access (and listed in `[people]`, where somebody is), wrote
none of the change, and said so about this head: a later push, another target branch, a dismissal or a request for
changes voids it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from trustgate.attribution.writers import canonical, co_authors, forge_account
from trustgate.forge.api import Api, ApiError
from trustgate.forge.event import text_at

MAY_WRITE = frozenset(("admin", "maintain", "write"))
RETARGETED = frozenset(("base_ref_changed", "automatic_base_change_succeeded"))
"""issue events after which a pull request is another change with the same head"""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approving review. `refused` says why it does not count; empty when it does."""

    login: str
    commit: str
    refused: str = ""


def approvals(api: Api, repository: str, number: int, head: str, people: Iterable[str] = ()) -> tuple[Approval, ...]:
    """The last word of each reviewer who approved, and whether it counts.

    `people` are logins, of which those count that may write; empty: whoever may write.
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
    pull = api.get("repos", owner, name, "pulls", str(number))
    writers = _writers(api, owner, name, number, pull)
    aimed = max(_retargeted(api, owner, name, number), default="")
    listed = {person.lower() for person in people}
    found = []
    for login, review in sorted(approving.items()):
        commit, user = review.get("commit_id"), review["user"]
        refused = ""
        if commit != head:
            refused = "approved an earlier commit"
        elif text_at(pull, "head.sha") != head:
            refused = "the pull request has another head by now"
        elif user.get("type") != "User" or login.endswith("[bot]"):
            refused = "not a person's account"
        elif login.lower() in writers.accounts or _number(user) in writers.accounts:
            refused = "wrote part of the change"
        elif writers.unclear:
            refused = "the change has more commits than can be read, so its authors are not known"
        elif aimed and text_at(review, "submitted_at") <= aimed:
            refused = "approved before the pull request was aimed at another branch"
        elif listed and login.lower() not in listed:
            refused = "not listed in [people]"
        elif not _may_write(api, owner, name, login):
            refused = "has no write access"
        elif writers.strangers and _is_one_of(api, login, writers.strangers):
            refused = "has the name or the mail address of a co-author of the change"
        found.append(Approval(login, commit if isinstance(commit, str) else "", refused))
    return tuple(found)


class _Writers(NamedTuple):
    accounts: frozenset[str]
    """logins, in lower case, and numbers of accounts, of who opened, wrote, committed or co-wrote the pull request"""
    strangers: frozenset[str]
    """names and mail addresses of authors, committers and co-authors for whom the forge names no account"""
    unclear: bool
    """whether some may be missing: the forge lists 250 commits at most"""


def _writers(api: Api, owner: str, name: str, number: int, pull: object) -> _Writers:
    opened = pull.get("user") if isinstance(pull, dict) else None
    accounts, strangers = {_login(opened).lower(), _number(opened)}, set[str]()
    count = 0
    for item in api.pages("repos", owner, name, "pulls", str(number), "commits"):
        count += 1
        people = list(co_authors(text_at(item, "commit.message")))
        for role in ("author", "committer"):
            account = item.get(role)
            accounts |= {_login(account).lower(), _number(account)}
            named = text_at(item, f"commit.{role}.name"), text_at(item, f"commit.{role}.email")
            if _login(account):
                accounts.update(forge_account(named[1]))
            else:
                people.append(named)
        for shown, mail in people:
            login, known = forge_account(mail)
            accounts |= {login, known}
            if not login:
                strangers |= {shown.casefold(), canonical(mail)}
    return _Writers(frozenset(accounts - {""}), frozenset(strangers - {""}), count >= 250)


def _retargeted(api: Api, owner: str, name: str, number: int) -> list[str]:
    """When the pull request was aimed at another branch (ISO 8601 in UTC, as all times of the forge are)."""
    events = api.pages("repos", owner, name, "issues", str(number), "events")
    return [text_at(event, "created_at") or "9" for event in events if event.get("event") in RETARGETED]


def _is_one_of(api: Api, login: str, strangers: frozenset[str]) -> bool:
    """Whether an account shows a name or an address of one of them in its profile. Of an address that it does not show
    nobody but the forge can tell."""
    profile: Mapping[str, Any] = api.get("users", login)
    shown = {login.casefold(), text_at(profile, "name").strip().casefold(), canonical(text_at(profile, "email"))}
    return bool((shown - {""}) & strangers)


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


def _number(user: object) -> str:
    """The number of an account, which stays when it takes another login."""
    number = user.get("id") if isinstance(user, dict) else None
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""
