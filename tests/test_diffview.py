"""The change as rows: numbers of both sides, a little round each hunk, secrets out, and limits that are said."""

from __future__ import annotations

import pytest

from trustgate import diffview
from trustgate.attribution.origin import Attribution, LineRange, Origin, OriginClass
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.finding import Location, Side

NOBODY = Attribution()


def rows(old, new, attribution=NOBODY, redact=str, told=()):
    change = change_between(
        {"a.txt": old.encode()} if old is not None else {}, {"a.txt": new.encode()} if new is not None else {}
    )
    (file,) = diffview.view_of([FileView(item, change) for item in change.files], attribution, redact, told)
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
    assert (len(file.rows), file.cut, file.added) == (5, 7, 12)


def test_a_line_with_a_finding_is_shown_past_the_limit(monkeypatch):
    monkeypatch.setattr(diffview, "FILE_ROWS", 2)
    file = rows(None, numbered(40), told=[Location("a.txt", Side.NEW, 20, 20)])
    assert brief(file) == ["/1 1", "/2 2", "…", *(f"/{n} {n}" for n in range(17, 24))]
    assert file.cut == 31


def test_a_removed_line_with_a_finding_is_shown_past_the_limit_and_a_whole_file_is_no_line(monkeypatch):
    monkeypatch.setattr(diffview, "FILE_ROWS", 1)
    told = [Location("a.txt", Side.OLD, 9, 9), Location("a.txt")]
    assert brief(rows(numbered(20), None, told=told)) == ["1/ 1", "…", *(f"{n}/ {n}" for n in range(6, 13))]


def test_files_without_findings_do_not_take_the_room_of_one_that_has_some(monkeypatch):
    monkeypatch.setattr(diffview, "ALL_ROWS", 3)
    change = change_between({}, dict.fromkeys(("a.txt", "b.txt", "z.txt"), b"1\n2\n3\n"))
    views = [FileView(item, change) for item in change.files]
    shown = diffview.view_of(views, NOBODY, str, [Location("z.txt", Side.NEW, 3, 3)])
    assert [(file.path, len(file.rows), file.cut) for file in shown] == [
        ("a.txt", 0, 3), ("b.txt", 0, 3), ("z.txt", 3, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"\0a", b"\0abc", ("binary, 2 -> 4 bytes",)),
        (None, b"a\n", ("new file",)),
        (b"a\n", None, ("deleted",)),
        (b"a\n", b"b\n", ()),
    ],
    ids=["binary", "new", "deleted", "text"],
)
def test_what_a_file_is_besides_its_lines_is_said(old, new, said):
    change = change_between({"a.txt": old} if old else {}, {"a.txt": new} if new else {})
    (file,) = diffview.view_of([FileView(item, change) for item in change.files], NOBODY, str)
    assert file.about == said


def test_a_line_that_is_cut_ends_in_dots():
    (row,) = rows(None, "x" * 5_000 + "\n").rows
    assert (len(row.text), row.text[-2:]) == (diffview.WIDTH, "x…")


def test_a_secret_over_two_lines_is_taken_out_of_both():
    file = rows(None, "one\nSECRET-a\nSECRET-b\n", redact=lambda text: text.replace("SECRET-a\nSECRET-b", "x\nx"))
    assert [r.text for r in file.rows] == ["one", "x", "x"]


def test_each_added_line_has_the_origin_of_its_commit():
    one, two = Origin("o1", OriginClass.GENERATED), Origin("o2", OriginClass.ASSISTED)
    lines = (LineRange("a.txt", 1, 1, "o1"), LineRange("a.txt", 2, 2, "o2"))
    file = rows("", "a\nb\n", Attribution((one, two), ("o1", "o2"), lines))
    assert [r.origin for r in file.rows] == ["o1", "o2"]
