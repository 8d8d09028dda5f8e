"""Commits of a pull request that an app wrote and the forge verified: their author is not only a string."""

from __future__ import annotations

from typing import Any

from trustgate.changes.place import is_oid
from trustgate.forge.api import Api
from trustgate.forge.event import text_at

FORGE_ITSELF = "web-flow"
"""GitHub's account for commits that it makes and signs itself"""

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
    """The forge checks the signature of the *committer*; the author is a text beside it. So the committer has to be the
    same account, or the forge itself, which signs what an app commits through it."""
    author, commit, sha = item.get("author"), item.get("commit"), item.get("sha")
    signature = commit.get("verification") if isinstance(commit, dict) else None
    committer = text_at(item, "committer.login").lower()
    return (
        isinstance(author, dict)
        and author.get("type") == "Bot"
        and committer in (FORGE_ITSELF, text_at(author, "login").lower())
        and isinstance(signature, dict)
        and signature.get("verified") is True
        and isinstance(sha, str)
        and is_oid(sha)
    )
