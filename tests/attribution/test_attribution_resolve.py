from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.origin import Attribution, Hosting, OriginClass, Trust
from trustgate.attribution.resolve import attribute_commits, attribute_text, declared, with_declared
from trustgate.changes.changeset import CommitInfo
from trustgate.errors import UsageError
from trustgate.rulebook import Rulebook

Make = Callable[..., CommitInfo]


def test_no_commits_is_unknown(book: Rulebook) -> None:
    assert attribute_commits((), book) == Attribution()


def test_an_unmarked_commit_is_unknown_and_not_a_person(book: Rulebook) -> None:
    (origin,) = attribute_text(book, "Fix", "Jane Doe", "jane@mail.example").origins
    assert (origin.id, origin.origin_class, origin.trust) == ("o0", OriginClass.UNKNOWN, Trust.NONE)


def test_a_foreign_model_in_a_known_client(book: Rulebook) -> None:
    (origin,) = attribute_text(book, "Fix\n\nCo-Authored-By: Claude (glm-4.7) <noreply@anthropic.com>").origins
    assert (origin.agent, origin.model, origin.vendor) == ("claude-code", "glm-4.7", "Zhipu / Z.ai")
    assert (origin.vendor_jurisdiction, origin.open_weights, origin.license) == ("CN", True, "MIT")
    assert (origin.provider, origin.hosting, origin.jurisdiction) == ("", Hosting.UNKNOWN, "")


def test_a_range_names_all_its_origins(book: Rulebook, commit: Make) -> None:
    commits = (
        commit("One", oid="1" * 40),
        commit("Two\n\nAssisted-by: Crush:glm-5.2", oid="2" * 40),
        commit("Three\n\nCo-authored-by: Claude Opus 4.8 <noreply@anthropic.com>", oid="3" * 40),
        commit("Four\n\nAssisted-by: Crush:glm-5.2", oid="4" * 40),
    )
    touched = {
        "b.py": ("2" * 40, "4" * 40),
        "a.py": ("1" * 40, "3" * 40),
        "gone.py": ("9" * 40,),
        "none.py": (),
    }
    found = attribute_commits(commits, book, touched)
    assert [(o.id, o.model) for o in found.origins] == [("o0", ""), ("o1", "glm-5.2"), ("o2", "claude-opus-4-8")]
    assert found.default == ("o0", "o1", "o2")
    assert found.files == (("a.py", ("o0", "o2")), ("b.py", ("o1",)))
    assert found.origins[1].commits == ("2" * 40, "4" * 40)


def test_a_path_we_know_nothing_of_has_every_origin(book: Rulebook, commit: Make) -> None:
    commits = (commit("One"), commit("Two\n\nAssisted-by: Crush:glm-5.2", oid="2" * 40))
    found = attribute_commits(commits, book, {"a.py": ("9" * 40,)})
    assert {origin.id for origin in found.of("a.py", 1)} == {"o0", "o1"}


def test_the_same_commits_give_the_same_answer(book: Rulebook, commit: Make) -> None:
    commits = [commit(f"S\n\nAssisted-by: Crush:m{n}-{n}", oid=str(n) * 40) for n in range(9)]
    assert attribute_commits(commits, book) == attribute_commits(tuple(commits), book)


DECLARED = {
    "claude-code:glm-5.2@openrouter": ("claude-code", "glm-5.2", "openrouter", Hosting.AGGREGATOR, "US"),
    "Claude Code:opus@anthropic": ("claude-code", "", "anthropic", Hosting.FRONTIER, "US"),
    "codex": ("codex", "", "", Hosting.UNKNOWN, ""),
    "opencode:qwen2.5-coder:7b@http://localhost:11434": (
        "opencode", "qwen2.5-coder:7b", "ollama-local", Hosting.SELF, ""),
    "aider:openrouter/deepseek/deepseek-r1:free": ("aider", "deepseek-r1", "openrouter", Hosting.FREE, "US"),
    "my-tool:m-1@models.example": ("my-tool", "m-1", "unknown", Hosting.UNKNOWN, ""),
    "claude-code:glm-4.7:cloud@ollama-local": ("claude-code", "glm-4.7", "ollama-cloud", Hosting.INFERENCE, "US"),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "wanted"), DECLARED.items(), ids=DECLARED)
def test_declared(spec: str, wanted: tuple[str, str, str, Hosting, str], book: Rulebook) -> None:
    origin = declared(spec, book)
    assert (origin.agent, origin.model, origin.provider, origin.hosting, origin.jurisdiction) == wanted
    assert (origin.origin_class, origin.trust) == (OriginClass.GENERATED, Trust.DECLARED)


WRONG = ["", ":", ":glm-5.2", "@openrouter", "claude-code@openruter", "a" * 300, "a\nb", "а:b", "codex:gpt-5@"]


@pytest.mark.parametrize("spec", WRONG)
def test_a_wrong_declaration_names_the_flag(spec: str, book: Rulebook) -> None:
    with pytest.raises(UsageError, match="--backend"):
        declared(spec, book)


@settings(max_examples=200, deadline=None)
@given(spec=st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_declaration_is_read_or_refused(spec: str, book: Rulebook) -> None:
    try:
        origin = declared(spec, book)
    except UsageError:
        return
    assert origin.agent


def test_a_declaration_does_not_show_a_credential(book: Rulebook) -> None:
    assert "hunter2" not in repr(declared("codex:gpt-5@https://jane:hunter2@models.example/v1", book))


def test_a_declaration_stands_beside_the_evidence(book: Rulebook, commit: Make) -> None:
    found = attribute_commits((commit("S\n\nAssisted-by: Crush:glm-5.2"),), book, {"a.py": ("1" * 40,)})
    both = with_declared(found, declared("codex:gpt-5.5@openai", book))
    assert [origin.model for origin in both.origins] == ["glm-5.2", "gpt-5.5"]
    assert both.default == ("o1", "o2")
    assert both.files == (("a.py", ("o1", "o2")),)


def test_a_declaration_keeps_the_unknown_origin(book: Rulebook) -> None:
    both = with_declared(Attribution(), declared("codex", book))
    assert both.default == ("o0", "o1")
