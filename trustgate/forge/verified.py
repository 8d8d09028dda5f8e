"""Commits of a pull request that an app wrote and the forge verified: their author is not only a string."""

from __future__ import annotations

import re
from typing import Any

from trustgate.forge.api import Api

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
    return (
        isinstance(author, dict)
        and author.get("type") == "Bot"
        and isinstance(signature, dict)
        and signature.get("verified") is True
        and isinstance(sha, str)
        and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", sha) is not None
    )
