"""The trailer that names the agent that is running: which one, and where in a message it goes. Pure.

`Assisted-by: AGENT:MODEL` is the form of Documentation/process/coding-assistants.rst of the Linux kernel. The model is
left out where the agent is set to use several, or none that is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from trustgate.attribution.agents import UNSPECIFIED
from trustgate.attribution.environment import Running
from trustgate.attribution.origin import Trust
from trustgate.attribution.trailers import ends_in_trailers

KEY = "Assisted-by"
LIMIT = 1024 * 1024
"""bytes of a message that a trailer is added to"""
_SCISSORS = b" ------------------------ >8 ------------------------"
"""behind the comment character: git cuts the message here (wt-status.c)"""
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._:/+-]{0,79}")


def trailers_for(running: Sequence[Running]) -> tuple[str, ...]:
    """A trailer for each agent that surely is running."""
    found = []
    for one in running:
        if one.agent == UNSPECIFIED or not any(claim.trust > Trust.WEAK for claim in one.signs):
            continue
        models = {item.backend.stated.model for item in one.reach.backends}
        model = models.pop() if len(models) == 1 else ""
        found.append(f"{KEY}: {one.agent}" + (f":{model}" if _PLAIN.fullmatch(model) else ""))
    return tuple(found)


def with_trailers(message: bytes, trailers: Sequence[str], keys: AbstractSet[str], comment: bytes = b"#") -> bytes:
    """`message` with the trailers that it has not, in its last block of trailers or in a new one; every other byte
    stays. A message without a word of its own gets none: git would take the trailer for a message. With an empty
    `comment` no line is one (`git commit -m`)."""
    text = _own_part(message, comment)
    if not text.strip() or len(message) > LIMIT:
        return message
    lowered = [line.strip().lower() for line in text.decode("utf-8", "replace").split("\n")]
    wanted = [trailer for trailer in trailers if not any(_names(line, trailer.lower()) for line in lowered)]
    if not wanted:
        return message
    body, rest = text, message[len(text) :]
    end = b"\r\n" if body.rstrip(b" \t").endswith(b"\r\n") else b"\n"
    stripped = body.rstrip()
    tail = body[len(stripped) :]
    block = ends_in_trailers(stripped.decode("utf-8", "replace"), keys)
    lines = end.join(trailer.encode() for trailer in wanted)
    return stripped + end + (b"" if block else end) + lines + (tail if tail.strip(b" \t") else end + tail) + rest


def _names(line: str, trailer: str) -> bool:
    """Whether a line is this trailer, or one of the same agent with a model or with other words behind it."""
    agent = trailer.partition(":")[2].strip().partition(":")[0]
    key, colon, value = line.partition(":")
    return bool(colon) and key.strip() == KEY.lower() and re.split(r"[:\s]", value.strip(), maxsplit=1)[0] == agent


def _own_part(message: bytes, comment: bytes) -> bytes:
    """The beginning of a message that is its own text: up to the scissors, and without the comments that follow it."""
    if not comment:
        return message
    lines = message.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.rstrip(b"\r\n") == comment + _SCISSORS:
            lines = lines[:number]
            break
    last = max(
        (number for number, line in enumerate(lines) if line.strip() and not line.startswith(comment)), default=-1
    )
    return b"".join(lines[: last + 1])
