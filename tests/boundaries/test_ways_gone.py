"""Refusals, conditions, protecting functions and scrubbing lines that are gone, and what is no loss."""

from __future__ import annotations

import pytest
from boundary_cases import findings

from trustgate.finding import Confidence, Finding, Kind


def told(path: str, before: str, after: str) -> list[Finding]:
    found = findings({path: before}, {path: after})
    return [f for f in found if f.kind is Kind.WEAKENING and f.confidence > Confidence.LOW]


REFUSING = """
def open_channel(peer, data):
    if len(data) > 72:
        raise ValueError("the password is too long for bcrypt")
    return connect(peer, data)
"""
ALLOWED = """
function run(user, command) {
  if (!containsChaining(command) && user.isAdmin) {
    start(command);
    note(command);
  }
}
"""
ESCAPED = """
def page(title):
    return "<h1>" + html_escape(title) + "</h1>"
"""
SCRUBBED = """
def shown(user):
    user.pop("password", None)
    return user
"""
FLAGGED = {
    "a refusal, in the words of its error": (
        "The refusal",
        "app/hash.py",
        REFUSING,
        REFUSING.replace("    if len(data) > 72:\n", "").replace(
            '        raise ValueError("the password is too long for bcrypt")\n', ""
        ),
    ),
    "a condition, while its branch stands": (
        "always happens",
        "web/run.js",
        ALLOWED,
        "\nfunction run(user, command) {\n  start(command);\n  note(command);\n}\n",
    ),
    "a term of a condition": (
        "asks less",
        "web/run.js",
        ALLOWED,
        ALLOWED.replace(" && user.isAdmin", ""),
    ),
    "a value that stands bare": (
        "is used as it comes",
        "app/page.py",
        ESCAPED,
        ESCAPED.replace("html_escape(title)", "title"),
    ),
    "a field that is no longer taken out": (
        "nothing of its kind",
        "app/users.py",
        SCRUBBED,
        SCRUBBED.replace('    user.pop("password", None)\n', ""),
    ),
}
LEFT_ALONE = {
    "a refusal in a function that was rewritten": (
        "app/hash.py",
        REFUSING,
        """
def open_channel(peer, data):
    prepared = prepare(data)
    for attempt in range(3):
        channel = connect(peer, prepared)
        if channel.ready:
            return channel
    return None
""",
    ),
    "a refusal that went with its function": ("app/hash.py", REFUSING, "\nVERSION = 2\n"),
    "a refusal that moved into a check that is called": (
        "app/hash.py",
        REFUSING,
        """
def open_channel(peer, data):
    check_length(data)
    return connect(peer, data)


def check_length(data):
    if len(data) > 72:
        raise ValueError("the password is too long for bcrypt")
""",
    ),
    "an invariant of no boundary": (
        "app/shapes.py",
        '\ndef area(shape):\n    if shape.sides > 9:\n        raise ValueError("too many sides")\n    return shape.area\n',
        "\ndef area(shape):\n    return shape.area\n",
    ),
    "a condition whose branch went too": ("web/run.js", ALLOWED, "\nfunction run(user, command) {\n}\n"),
    "an escaped value that went altogether": ("app/page.py", ESCAPED, '\ndef page(title):\n    return "<h1></h1>"\n'),
    "a value that is escaped by another function": (
        "app/page.py",
        ESCAPED,
        ESCAPED.replace("html_escape(title)", "escape_markup(title)"),
    ),
    "a field that is taken out in another place of the function": (
        "app/users.py",
        SCRUBBED,
        SCRUBBED.replace('    user.pop("password", None)\n', '    if user:\n        user.pop("password", None)\n'),
    ),
    "a field of no secret": (
        "app/users.py",
        SCRUBBED.replace("password", "shoe_size"),
        SCRUBBED.replace('    user.pop("password", None)\n', ""),
    ),
}


@pytest.mark.parametrize(("said", "path", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags(said: str, path: str, before: str, after: str) -> None:
    assert [said in finding.message for finding in told(path, before, after)] == [True]


@pytest.mark.parametrize(("path", "before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone_what_is_no_loss(path: str, before: str, after: str) -> None:
    assert told(path, before, after) == []


def test_a_value_without_a_name_does_not_hang() -> None:
    before = '\ndef page():\n    return escape("<b>") + escape()\n'
    assert told("app/page.py", before, before.replace("escape", "shown")) == []
