"""Commits of a pull request that an app wrote and the forge verified: their author is not only a string.

A signature is the committer's. The author beside it is whatever string was typed, and the forge resolves that to an
account all the same; so the committer must be the app, or the forge itself (`web-flow`, which commits for apps).
"""

from __future__ import annotations

import re
from typing import Any

from trustgate.forge.api import Api

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
    author, committer, commit, sha = (item.get(name) for name in ("author", "committer", "commit", "sha"))
    signature = commit.get("verification") if isinstance(commit, dict) else None
    return (
        isinstance(author, dict)
        and author.get("type") == "Bot"
        and isinstance(committer, dict)
        and isinstance(committer.get("login"), str)
        and committer["login"] in (FORGE, author.get("login"))
        and isinstance(signature, dict)
        and signature.get("verified") is True
        and isinstance(sha, str)
        and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", sha) is not None
    )
