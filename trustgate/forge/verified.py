"""Commits of a pull request that an app wrote and the forge verified: their author is not only a string.

A signature is the committer's. The author beside it is whatever string was typed, and the forge resolves that to an
account all the same; so the committer must be the app, or the forge itself (`web-flow`, which commits for apps).
"""

from __future__ import annotations

from typing import Any

from trustgate.changes.place import is_oid
from trustgate.forge.api import Api
from trustgate.forge.event import text_at

FORGE = "web-flow"
"""the account that GitHub signs with what is made on its site or by an app through its API"""
LISTED = 250
"""commits of a pull request that the forge lists; the others stay unverified"""


def verified_commits(api: Api, repository: str, number: int) -> frozenset[str]:
    """Ids of commits whose author the forge knows as a bot account, signed and verified by it.

    Raises ApiError and the errors of `transport`.
    """
    owner, _, name = repository.partition("/")
    items = api.pages("repos", owner, name, "pulls", str(number), "commits")
    return frozenset(str(item["sha"]) for item in items if _is_bound(item))


def _is_bound(item: dict[str, Any]) -> bool:
    author, commit, sha = item.get("author"), item.get("commit"), item.get("sha")
    signature = commit.get("verification") if isinstance(commit, dict) else None
    committer = text_at(item, "committer.login").lower()
    return (
        isinstance(author, dict)
        and author.get("type") == "Bot"
        and committer in (FORGE, text_at(author, "login").lower())
        and isinstance(signature, dict)
        and signature.get("verified") is True
        and isinstance(sha, str)
        and is_oid(sha)
    )
