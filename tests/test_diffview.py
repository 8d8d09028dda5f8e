"""The change as rows: numbers of both sides, a little round each hunk, secrets out, and limits that are said."""

from __future__ import annotations

import pytest

from trustgate import diffview
from trustgate.attribution.origin import Attribution, LineRange, Origin, OriginClass
from trustgate.changes.memory import change_between
from trustgate.facts import FileView

NOBODY = Attribution()


def rows(old, new, attribution=NOBODY, redact=str):
    change = change_between(
        {"a.txt": old.encode()} if old is not None else {}, {"a.txt": new.encode()} if new is not None else {}
    )
    (file,) = diffview.view_of([FileView(item, change) for item in change.files], attribution, redact)
    return file


def numbered(count, **changed):
    return "".join(f"{changed.get(f'n{n}', n)}\n" for n in range(1, count + 1))


def brief(file):
    return ["…" if not (r.old or r.new) else f"{r.old or ''}/{r.new or ''} {r.text}" for r in file.rows]


def test_a_change_in_the_middle_has_three_lines_round_it():
    assert brief(rows(numbered(20), numbered(20, n10="x"))) == [
        "…", "7/7 7", "8/8 8", "9/9 9", "10/ 10", "/10 x", "11/11 11", "12/12 12", "13/13 13",
    ]  # fmt: skip


def test_hunks_that_are_near_share_the_lines_between_them():
    assert brief(rows(numbered(9), numbered(9, n2="x", n6="y"))) == [
        "1/1 1", "2/ 2", "/2 x", "3/3 3", "4/4 4", "5/5 5", "6/ 6", "/6 y", "7/7 7", "8/8 8", "9/9 9",
    ]  # fmt: skip


def test_numbers_go_apart_after_lines_that_went_and_came():
    assert brief(rows("a\nb\nc\nd\n", "a\nc\nd\ne\nf\n")) == [
        "1/1 a", "2/ b", "3/2 c", "4/3 d", "/4 e", "/5 f",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("a\nb\n", "b\n", ["1/ a", "2/1 b"]), (None, "a\n", ["/1 a"]), ("a\n", None, ["1/ a"]), ("a\n", "", ["1/ a"])],
    ids=["first line", "new file", "deleted file", "emptied file"],
)
def test_ends_of_files(old, new, said):
    assert brief(rows(old, new)) == said


def test_what_is_cut_is_counted(monkeypatch):
    monkeypatch.setattr(diffview, "FILE_ROWS", 5)
    file = rows(None, numbered(12))
    assert (len(file.rows), file.cut) == (5, 7)


def test_a_secret_over_two_lines_is_taken_out_of_both():
    file = rows(None, "one\nSECRET-a\nSECRET-b\n", redact=lambda text: text.replace("SECRET-a\nSECRET-b", "x\nx"))
    assert [r.text for r in file.rows] == ["one", "x", "x"]


def test_each_added_line_has_the_origin_of_its_commit():
    one, two = Origin("o1", OriginClass.GENERATED), Origin("o2", OriginClass.ASSISTED)
    lines = (LineRange("a.txt", 1, 1, "o1"), LineRange("a.txt", 2, 2, "o2"))
    file = rows("", "a\nb\n", Attribution((one, two), ("o1", "o2"), lines))
    assert [r.origin for r in file.rows] == ["o1", "o2"]
