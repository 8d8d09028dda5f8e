"""Places that a team lists: a changed line of code or configuration there is a touch, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from boundary_cases import BOOK

from trustgate.analyzers import boundaries
from trustgate.analyzers.boundaries.score import LISTED
from trustgate.analyzers.context import Context, Places, Settings
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.finding import Finding, Kind, Side

PAY = "class Ledger:\n    def post(self, row):\n        rows.append(row)\n\n\ndef charge_card(n):\n    return n + 1\n"
PATH = Places("data-deletion", paths=("src/pay/**",))
SYMBOLS = Places("data-deletion", symbols=("charge_*", "Ledger.*"))


def touches(before: Mapping[str, str], after: Mapping[str, str], *places: Places) -> list[Finding]:
    change = change_between(
        {path: text.encode() for path, text in before.items()}, {path: text.encode() for path, text in after.items()}
    )
    views = tuple(FileView(file, change) for file in change.files)
    found = boundaries.analyze(Context(change, views, BOOK, Settings(places=places)))
    return [item for item in found if isinstance(item, Finding) and item.kind is Kind.TOUCH]


def edited(path: str, old: str, new: str, *places: Places) -> list[Finding]:
    return touches({path: PAY}, {path: PAY.replace(old, new)}, *places)


LEFT_ALONE = {
    "another folder": ("src/page/a.py", "n + 1", "n + 2", PATH),
    "another symbol": ("a.py", "n + 1", "n + 2", Places("auth", symbols=("charge", "Ledger"))),
    "a symbol of the class, changed outside of it": ("a.py", "n + 1", "n + 2", Places("auth", symbols=("Ledger.*",))),
    "a test": ("src/pay/tests/test_a.py", "n + 1", "n + 2", PATH),
    "prose": ("src/pay/README.md", "n + 1", "n + 2", PATH),
    "layout": ("src/pay/a.py", "n + 1", "n  +  1", PATH),
    "a comment": ("src/pay/a.py", "n + 1\n", "n + 1  # one more\n", PATH),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_leaves_alone(name: str) -> None:
    assert edited(*LEFT_ALONE[name]) == []


FLAGGED = {
    "a line in a listed folder": ("src/pay/a.py", "n + 1", "n + 2", PATH, "src/pay/**"),
    "configuration in a listed folder": ("src/pay/a.toml", "n + 1", "n + 2", PATH, "src/pay/**"),
    "a listed function": ("a.py", "n + 1", "n + 2", SYMBOLS, "charge_*"),
    "a method of a listed class": ("a.py", "rows.append(row)", "rows.append(row + 1)", SYMBOLS, "Ledger.*"),
    "a removed line of a listed class": ("a.py", "        rows.append(row)\n", "        pass\n", SYMBOLS, "Ledger.*"),
    "the whole of a listed class": ("a.py", "append(row)", "pop()", Places("auth", symbols=("Ledger",)), "Ledger"),
    "a method by its name alone": ("a.py", "append(row)", "pop()", Places("auth", symbols=("post",)), "post"),
}


@pytest.mark.parametrize("name", FLAGGED)
def test_flags(name: str) -> None:
    path, old, new, places, pattern = FLAGGED[name]
    (found,) = edited(path, old, new, places)
    assert (found.rule, found.location.path) == (f"touch-{places.boundary}", path)
    assert found.score >= LISTED
    assert found.evidence[0] == f"listed: {pattern}"


def test_without_the_list_nothing_of_it_is_flagged() -> None:
    assert edited("src/pay/a.py", "n + 1", "n + 2") == []


def test_every_listed_file_is_named_with_its_own_score() -> None:
    files = {f"src/pay/{name}.py": PAY for name in "abc"}
    after = {path: text.replace("n + 1", "n + 2") for path, text in files.items()}
    found = touches(files, after | {"src/other.py": "x = 1\n"}, PATH)
    assert {(item.location.path, item.score >= LISTED) for item in found} == {(path, True) for path in files}


def test_a_file_that_leaves_a_listed_folder_is_seen_where_it_stood() -> None:
    found = touches({"src/pay/a.py": PAY}, {}, PATH)
    assert [(item.location.path, item.location.side) for item in found] == [("src/pay/a.py", Side.OLD)]


def test_a_place_of_two_boundaries_is_a_touch_of_both() -> None:
    found = edited("src/pay/a.py", "n + 1", "n + 2", PATH, Places("network", paths=("src/pay/**",)))
    assert {item.boundary for item in found} == {"data-deletion", "network"}
