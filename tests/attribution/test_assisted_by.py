"""The trailer of the running agent: where it goes in a message, and that nothing else of the message changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.attribution.assisted_by import trailers_for, with_trailers
from trustgate.attribution.environment import running_agents
from trustgate.attribution.registry import Registry
from trustgate.rulebook import Rulebook

ONE = ("Assisted-by: claude-code:glm-5.2",)
LINE = ONE[0]

MESSAGES = {
    "a subject": ("Fix\n", f"Fix\n\n{LINE}\n"),
    "no line break at the end": ("Fix", f"Fix\n\n{LINE}\n"),
    "a body": ("Fix\n\nBecause.\n", f"Fix\n\nBecause.\n\n{LINE}\n"),
    "a block of trailers": ("Fix\n\nSigned-off-by: A <a@b>\n", f"Fix\n\nSigned-off-by: A <a@b>\n{LINE}\n"),
    "a subject that looks like a trailer": ("fix: it\n", f"fix: it\n\n{LINE}\n"),
    "CR LF": ("Fix\r\n\r\nBecause.\r\n", f"Fix\r\n\r\nBecause.\r\n\r\n{LINE}\r\n"),
    "the editor's comments": ("Fix\n\n# Please enter\n# words\n", f"Fix\n\n{LINE}\n\n# Please enter\n# words\n"),
    "scissors": (
        "Fix\n# ------------------------ >8 ------------------------\ndiff --git a b\n",
        f"Fix\n\n{LINE}\n# ------------------------ >8 ------------------------\ndiff --git a b\n",
    ),
    "bytes that are no text": (b"Fix \xff\n", b"Fix \xff\n\n" + LINE.encode() + b"\n"),
    "there already": (f"Fix\n\n{LINE}\n", f"Fix\n\n{LINE}\n"),
    "the agent with another model": ("Fix\n\nassisted-by: Claude-Code:opus x\n",) * 2,
    "nothing": ("",) * 2,
    "only comments": ("\n# Please enter\n",) * 2,
    "too long": ("x" * (1 << 20) + "\n",) * 2,
}


def data(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


@pytest.mark.parametrize(("before", "after"), MESSAGES.values(), ids=MESSAGES)
def test_where_it_goes(before: str | bytes, after: str | bytes, registry: Registry) -> None:
    assert with_trailers(data(before), ONE, registry.keys) == data(after)


def test_hash_signs_of_a_message_on_the_command_line_are_words(registry: Registry) -> None:
    assert with_trailers(b"#1 Fix\n", ONE, registry.keys, b"") == b"#1 Fix\n\n" + LINE.encode() + b"\n"


@given(st.binary(max_size=200) | st.text("Fix: #\n\r>-a", max_size=60).map(str.encode))
def test_it_is_added_once_and_takes_nothing_away(message: bytes) -> None:
    keys = frozenset({"assisted-by"})
    once = with_trailers(message, ONE, keys)
    assert with_trailers(once, ONE, keys) == once
    if once != message:
        head, found, tail = once.partition(LINE.encode())
        assert found
        assert message.startswith(head.rstrip()) and message.endswith(tail.lstrip()), (message, once)


AGENTS = {
    "one model": ({"CLAUDECODE": "1", "ANTHROPIC_MODEL": "glm-5.2"}, ("Assisted-by: claude-code:glm-5.2",)),
    "no model": ({"CODEX_CI": "1"}, ("Assisted-by: codex",)),
    "several models": (
        {"CLAUDECODE": "1", "ANTHROPIC_MODEL": "glm-5.2", "ANTHROPIC_DEFAULT_HAIKU_MODEL": "glm-4.7"},
        ("Assisted-by: claude-code",),
    ),
    "an editor": ({"CURSOR_TRACE_ID": "1"}, ()),
    "nobody": ({}, ()),
    "an agent nobody knows": ({"AI_AGENT": "brand-new"}, ()),
    "a model that is no name": (
        {"CLAUDECODE": "1", "ANTHROPIC_MODEL": "x\nSigned-off-by: Root"},
        ("Assisted-by: claude-code",),
    ),
}


@pytest.mark.parametrize(("environ", "wanted"), AGENTS.values(), ids=AGENTS)
def test_whom_it_names(environ: dict[str, str], wanted: tuple[str, ...], book: Rulebook) -> None:
    assert trailers_for(running_agents(environ, None, book)) == wanted
