"""What the text of a pull request says of who wrote it: trailers, footers, `AI-usage: none`. Its author typed it, so it
is declared evidence about the whole change, and stands beside what the commits say.
"""

from __future__ import annotations

from trustgate.attribution.commit_text import claims_in_text
from trustgate.attribution.gathering import Origins
from trustgate.attribution.origin import Attribution
from trustgate.attribution.registry import registry_of
from trustgate.attribution.resolve import with_declared
from trustgate.rulebook import Rulebook

KIND = "pr-body"
BODY_LIMIT = 256 * 1024
"""characters that are read (GitHub takes 65,536); of a longer text the first and the last half of this"""
_BULLETS = ("- [x] ", "- [X] ", "* [x] ", "* [X] ", "- ", "* ", "+ ")


def with_body(attribution: Attribution, text: str, rulebook: Rulebook) -> Attribution:
    """The attribution with the origins that a pull request's text states. Never raises on any text."""
    origins = Origins()
    origins.add("", claims_in_text(plain(text), registry_of(rulebook), KIND))
    for origin in origins.all():
        if origin.id != "o0":
            attribution = with_declared(attribution, origin)
    return attribution._replace(problems=(*attribution.problems, *origins.problems))


def plain(text: str) -> str:
    """The text as people see it: without HTML comments (templates explain themselves in them), list signs, the signs of
    bold type, and boxes that are not ticked. Linear."""
    if len(text) > BODY_LIMIT:
        text = text[: BODY_LIMIT // 2] + "\n" + text[-BODY_LIMIT // 2 :]
    first, *rest = text.replace("\r\n", "\n").split("<!--")
    shown = first + "".join(piece.partition("-->")[2] for piece in rest)
    return "\n".join(_line(line) for line in shown.split("\n"))


def _line(line: str) -> str:
    bare = line.lstrip()
    if len(line) - len(bare) >= 4:
        return line
    for bullet in _BULLETS:
        if bare.startswith(bullet):
            bare = bare[len(bullet) :]
            break
    if bare.startswith("[ ]"):
        return ""
    return bare.replace("**", "").replace("__", "")
