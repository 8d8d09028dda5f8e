"""Removed guards in a pull request, each as a comment on the line that went away.

Code scanning and annotations only show lines that are still there. A review comment may stand on the old side (`side:
LEFT`); where the forge refuses the line, the comment is put on the file.
"""

from __future__ import annotations

from trustgate import escape
from trustgate.forge.api import Api, ApiError
from trustgate.report import phrases
from trustgate.verdict import Judged, Verdict

CAP = 10
"""comments for one pull request; secondary rate limits are near at twenty"""
MARKER = "<!-- trustgate:removed {fingerprint} -->"


def publish(api: Api, repository: str, number: int, head: str, verdict: Verdict, author: str) -> str:
    """Comment on each removed guard at warn and above that has no comment yet; returns what was done, for the log.

    Raises ApiError and the errors of `transport`.
    """
    full, _ = phrases.shown(verdict)
    meant = [item for item in full if phrases.removed(item) and item.finding.location.line]
    if not meant:
        return "no removed guard"
    owner, _, name = repository.partition("/")
    route = ("repos", owner, name, "pulls", str(number), "comments")
    said = {
        str(item.get("body", ""))[:200].partition("\n")[0]
        for item in api.pages(*route)
        if isinstance(item.get("user"), dict) and item["user"].get("login") == author
    }
    written, place = 0, phrases.standing(verdict)
    for item in meant[:CAP]:
        mark = MARKER.format(fingerprint=item.finding.fingerprint[:16])
        if mark in said:
            continue
        at = item.finding.location
        comment: dict[str, object] = {"commit_id": head, "path": place(item)[0], "body": _text(mark, item)}
        try:
            api.post(*route, body={**comment, "line": at.line, "side": "LEFT"})
        except ApiError as error:
            if error.status != 422:
                raise
            api.post(*route, body={**comment, "subject_type": "file"})
        written += 1
    return f"{phrases.counted(written, 'comment')} on removed lines"


def _text(mark: str, item: Judged) -> str:
    found = item.finding
    title = escape.markdown_text(phrases.clip(found.title, 300))
    why = escape.markdown_text(phrases.clip(found.message, 800)) if found.message != found.title else ""
    tip = escape.markdown_text(phrases.clip(found.tip, 300))
    lines = [mark, f"**{item.action.label} {escape.markdown(found.rule)}** {title}", "", why, "", tip]
    return "\n".join(lines).strip() + "\n"
