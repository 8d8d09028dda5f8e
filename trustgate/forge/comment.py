"""One comment on a pull request, found by its marker *and* its author, and updated in place.

Anybody can write our marker into a comment of their own, so the marker alone names nothing. A comment is for people to
read: it is never read back as state, and what happens to it changes no verdict. Only how many of the findings in it are
resolved is counted, for the reader of the next one.
"""

from __future__ import annotations

import re

from trustgate.forge.api import Api, ApiError
from trustgate.report import markdown, phrases
from trustgate.verdict import Verdict

MARKER = "<!-- trustgate:report -->"
LIMIT = 65_536
"""characters of a comment that GitHub takes"""
_SINCE = r"Since the last run: [0-9]+ findings? resolved\.(?:\n\n)?"
ACTIONS_BOT = "github-actions[bot]"


def publish(api: Api, repository: str, number: int, verdict: Verdict) -> str:
    """Write, update or leave alone the comment of a pull request; returns what was done, for the log.

    `repository` is `owner/name`. Raises ApiError and the errors of `transport`.
    """
    owner, _, name = repository.partition("/")
    text = body(verdict)
    known = find(api, owner, name, number, author_of(api))
    if known is None:
        if not text:
            return "nothing to say, no comment"
        api.post("repos", owner, name, "issues", str(number), "comments", body={"body": text})
        return "comment written"
    comment, before = known
    if (text or _nothing_left(verdict)).strip() == re.sub(_SINCE, "", before).strip():
        return "comment is up to date"
    since = resolved(verdict, before)
    text = body(verdict, since) or _nothing_left(verdict, since)
    api.patch("repos", owner, name, "issues", "comments", str(comment), body={"body": text})
    return "comment updated"


def resolved(verdict: Verdict, before: str) -> str:
    """How many findings of our earlier comment are there no more, as a sentence; nothing when all are.

    The earlier comment is read for this sentence and for nothing else, and only the ids in it.
    """
    full, _ = phrases.shown(verdict)
    still = {item.finding.fingerprint[:16] for item in full}
    gone = set(re.findall(r"^- id: `([0-9a-f]{16})`", before, re.MULTILINE)) - still
    return f"Since the last run: {phrases.counted(len(gone), 'finding')} resolved." if gone else ""


def _nothing_left(verdict: Verdict, since: str = "") -> str:
    said = f"Nothing is left to say about this change.\n\n{since}".strip()
    return f"{MARKER}\n## trustgate: {verdict.decision.label}\n\n{said}\n"


def body(verdict: Verdict, since: str = "") -> str:
    """The comment, or nothing where no finding, no gap and no decision asks for a reader."""
    full, _ = phrases.shown(verdict)
    if not full and verdict.complete and not phrases.whole(verdict) and verdict.exit_code == 0:
        return ""
    text = f"{MARKER}\n{markdown.render(verdict, limit=LIMIT - 1_000, fold=True, since=since)}"
    assert len(text) <= LIMIT  # bytes are never fewer than characters
    return text


def find(api: Api, owner: str, name: str, number: int, author: str) -> tuple[int, str] | None:
    """Id and text of our comment: the first that begins with the marker and was written by `author`."""
    for item in api.pages("repos", owner, name, "issues", str(number), "comments"):
        user, text, oid = item.get("user"), item.get("body"), item.get("id")
        login = user.get("login") if isinstance(user, dict) else None
        if login == author and isinstance(text, str) and text.startswith(MARKER) and type(oid) is int:
            return oid, text
    return None


def author_of(api: Api) -> str:
    """The account that our token writes as. A workflow's own token may not ask who it is; it is the Actions bot."""
    try:
        found = api.get("user")
    except ApiError as error:
        if error.status in (401, 403, 404):
            return ACTIONS_BOT
        raise
    login = found.get("login") if isinstance(found, dict) else None
    return login if isinstance(login, str) and login else ACTIONS_BOT
