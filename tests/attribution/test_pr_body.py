"""The text of a pull request: evidence about the whole change, beside that of its commits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.origin import Attribution, LineRange, Origin, OriginClass, Trust
from trustgate.attribution.pr_body import plain, with_body
from trustgate.attribution.resolve import attribute_commits
from trustgate.changes.changeset import CommitInfo
from trustgate.rulebook import Rulebook


def said(book: Rulebook, text: str) -> list[tuple[str, str, str, Trust]]:
    found = with_body(Attribution(), text, book).origins
    return [(str(o.origin_class), o.agent, o.model, o.trust) for o in found if o.id != "o0"]


READS = {
    "a trailer": ("Adds a thing.\n\nAssisted-by: Crush:glm-5.2", ("assisted", "crush", "glm-5.2")),
    "in the middle": ("Adds.\n\nAssisted-by: Crush:glm-5.2\n\nMore text.", ("assisted", "crush", "glm-5.2")),
    "in a list": ("- Assisted-by: Crush:glm-5.2\n- tested", ("assisted", "crush", "glm-5.2")),
    "a ticked box": ("- [x] AI-usage: none", ("declared_no_ai", "", "")),
    "bold": ("**AI-usage:** none", ("declared_no_ai", "", "")),
    "a footer": ("Adds.\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)", ("generated", "claude-code", "")),
    "line breaks of Windows": ("Adds.\r\n\r\nAI-usage: none\r\n", ("declared_no_ai", "", "")),
    "a carry-over block": ("x\n\nTrustgate-Origin: generated; agent=codex", ("generated", "codex", "")),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), READS.values(), ids=READS)
def test_reads(text: str, wanted: tuple[str, str, str], book: Rulebook) -> None:
    assert said(book, text) == [(*wanted, Trust.DECLARED)]


LEAVES = {
    "nothing": "",
    "prose about agents": "This teaches Claude Code about cursors; see the Copilot docs.",
    "a template's comment": "<!-- Write AI-usage: none\nAI-usage: none\n-->\nAdds.",
    "a box that is not ticked": "- [ ] AI-usage: none",
    "a quotation": "> Assisted-by: Crush:glm-5.2",
    "a code block": "```\nAssisted-by: Crush:glm-5.2\n```\nis how to say it",
    "indented code": "Adds:\n\n    Assisted-by: Crush:glm-5.2",
}


@pytest.mark.parametrize("text", LEAVES.values(), ids=LEAVES)
def test_leaves_alone(text: str, book: Rulebook) -> None:
    assert said(book, text) == []


def test_imitations_are_weak(book: Rulebook) -> None:
    ((_, agent, _, trust),) = said(book, "Co-authored-by: Clаude <noreply@anthropic.com>")
    assert (agent, trust) == ("unspecified", Trust.WEAK)


def test_it_stands_beside_the_commits_for_every_path_and_line(
    book: Rulebook, commit: Callable[..., CommitInfo]
) -> None:
    before = attribute_commits((commit("Fix\n\nAssisted-by: Crush:glm-5.2"),), book, {"a": ("1" * 40,)})
    before = before._replace(lines=(LineRange("a", 3, 4, "o1"),))
    after = with_body(before, "AI-usage: none", book)
    assert [origin.origin_class for origin in after.origins] == [OriginClass.ASSISTED, OriginClass.DECLARED_NO_AI]
    assert after.default == ("o1", "o2") and after.files == (("a", ("o1", "o2")),)
    assert {origin.id for origin in after.of("a", 3)} == {"o1", "o2"}
    (evidence,) = after.origins[1].evidence
    assert (evidence.kind, evidence.commit) == ("pr-body", "")


def test_a_long_text_is_read_at_both_ends(book: Rulebook) -> None:
    filler = "word " * 200_000
    assert said(book, f"AI-usage: none\n\n{filler}") and said(book, f"{filler}\n\nAI-usage: none")


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200) | st.lists(st.sampled_from(["<!--", "-->", "\n", "- [ ] ", "AI-usage: none", "**"])).map("".join))  # fmt: skip
def test_any_text_is_read(text: str, book: Rulebook) -> None:
    plain(text)
    found = with_body(Attribution(), text, book)
    assert found.origins[0] == Origin("o0")
