"""The entry in the framework's file: any layout it lands in still parses to what was there and the entry."""

from __future__ import annotations

import pytest
import yaml

from trustgate.adoption.plan import Advice, Step
from trustgate.adoption.pre_commit import CONFIG, ENTRY, hooks_of, step

ITEM = "- repo: https://example.com/x\n  rev: v1\n  hooks:\n  - id: x\n"


def indented(text, blanks):
    return "".join(" " * blanks + line + "\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "old",
    [
        pytest.param("repos:\n" + ITEM, id="flush"),
        pytest.param("repos:\n" + indented(ITEM, 2), id="two blanks"),
        pytest.param("repos:\n" + indented(ITEM, 4), id="four blanks"),
        pytest.param("---\n# ours\nrepos:  # all\n" + ITEM + "\n\n# the end\n", id="comments and a document start"),
        pytest.param("fail_fast: true\n'repos':\n" + ITEM, id="a quoted key"),
        pytest.param("repos:\n  -\n    repo: x\n    hooks: []\n", id="a dash alone"),
        pytest.param("repos:\n- hooks:\n  - id: x\n  repo: y", id="hooks first, no line end"),
        pytest.param("repos:\n" + ITEM + "# we will add trustgate later\n", id="only a comment names us"),
    ],
)
def test_layouts(tmp_path, old):
    (tmp_path / CONFIG).write_text(old)
    done = step(tmp_path)
    assert isinstance(done, Step)
    assert done.after.decode().startswith(old.rstrip("\n"))
    before, after = yaml.safe_load(old), yaml.safe_load(done.after)
    assert after == {**before, "repos": [*before["repos"], *yaml.safe_load(ENTRY)]}
    (tmp_path / CONFIG).write_bytes(done.after)
    assert step(tmp_path).done


def test_line_ends_of_windows_are_kept(tmp_path):
    (tmp_path / CONFIG).write_bytes(("repos:\n" + ITEM).replace("\n", "\r\n").encode())
    done = step(tmp_path)
    assert done.after.count(b"\n") == done.after.count(b"\r\n") == 5 + ENTRY.count("\n")


@pytest.mark.parametrize(
    "old",
    [
        pytest.param(b"repos: [\n" + b"{repo: x}]\n", id="flow style"),
        pytest.param(("repos:\n" + ITEM + "ci:\n  skip: [a]\n").encode(), id="another key last"),
        pytest.param(("repos:\n" + ITEM + "...\n").encode(), id="a document end"),
        pytest.param(("repos:\n" + ITEM + "    args:\n    - |\n      text\n").encode() + b"\xff", id="bytes"),
        pytest.param(b"repos:\n\t- repo: x\n", id="a tab"),
        pytest.param(b"repos: &a\n- repo: *a\n", id="a list in itself"),
        pytest.param(b"[" * 5000, id="deep"),
        pytest.param(b"", id="empty"),
    ],
)
def test_what_does_not_parse_to_the_wanted_is_left_to_a_person(tmp_path, old):
    (tmp_path / CONFIG).write_bytes(old)
    assert isinstance(step(tmp_path), Advice)


def test_hooks_of_ours_and_what_they_pin():
    text = "repos:\n- repo: https://example.com/trustgate\n  rev: v1.2.0\n  hooks: [{id: trustgate}, {id: trustgate-push}]\n"
    found = [tuple(hook) for hook in hooks_of(text.encode() + ENTRY.replace("==", "==9.").encode())]
    assert found[:2] == [("trustgate", "1.2.0", True), ("trustgate-push", "1.2.0", False)]
    assert found[2][1].startswith("9.")
