"""Our NamedTuple says and does what that of `typing` does."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import TYPE_CHECKING

import pytest

from trustgate import record

if TYPE_CHECKING:
    from collections.abc import Callable


class Ours(record.NamedTuple):
    """A place."""

    name: str
    at: int = 0
    more: tuple[NotThere, ...] = ()  # noqa: F821 - an annotation is never looked at

    @property
    def label(self) -> str:
        return f"{self.name}@{self.at}"


class Theirs(typing.NamedTuple):
    """A place."""

    name: str
    at: int = 0
    more: tuple[object, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}@{self.at}"


ALIKE: dict[str, Callable[[type[Theirs]], object]] = {
    "by position": lambda kind: tuple(kind("a", 1, (2,))),
    "by name": lambda kind: tuple(kind(at=1, name="a")),
    "made of a row": lambda kind: tuple(kind._make(["a", 1, ()])),
    "defaults": lambda kind: (tuple(kind("a")), kind._field_defaults),
    "with a field replaced": lambda kind: tuple(kind("a")._replace(at=3)),
    "as a table": lambda kind: kind("a")._asdict(),
    "names": lambda kind: (kind._fields, kind.__match_args__, list(kind.__annotations__), kind.__doc__),
    "properties": lambda kind: kind("a", 2).label,
    "a field": lambda kind: kind("a", 2).at,
    "order and equality": lambda kind: (kind("a") < kind("b"), kind("a") == ("a", 0, ()), hash(kind("a"))),
    "printed": lambda kind: repr(kind("a")).partition("(")[2],
    "its type is a plain one": lambda kind: (type(kind), hasattr(kind("a"), "__dict__")),
    "kept and read again": lambda kind: tuple(pickle.loads(pickle.dumps(kind("a", 5)))),
    "copied": lambda kind: tuple(copy.deepcopy(kind("a", 5))),
}
REFUSED: dict[str, Callable[[type[Theirs]], object]] = {
    "a field too few": lambda kind: kind(),  # type: ignore[call-arg]
    "a field too many": lambda kind: kind("a", 1, (), 3),  # type: ignore[call-arg]
    "an unknown field": lambda kind: kind("a", there=1),  # type: ignore[call-arg]
    "a row too short": lambda kind: kind._make(["a"]),
    "an unknown field replaced": lambda kind: kind("a")._replace(there=1),  # type: ignore[call-arg]
    "a field that is set": lambda kind: setattr(kind("a"), "at", 3),
    "an attribute that is none": lambda kind: setattr(kind("a"), "there", 3),
}


@pytest.mark.parametrize("ask", ALIKE.values(), ids=ALIKE)
def test_alike(ask: Callable[[object], object]) -> None:
    assert ask(Ours) == ask(Theirs)


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED)
def test_refuses_alike(ask: Callable[[object], object]) -> None:
    faults = []
    for kind in (Ours, Theirs):
        with pytest.raises((TypeError, ValueError, AttributeError)) as raised:
            ask(kind)
        faults.append((raised.type, str(raised.value).replace("Ours", "Theirs")))
    assert faults[0] == faults[1]


@pytest.mark.parametrize("many", [1, 40], ids=["few values", "more than a few"])
def test_every_way_to_make_a_value_holds_before_and_after_the_constructor(many: int) -> None:
    class Fresh(record.NamedTuple):
        left: int
        right: int = 2

    for _ in range(many):
        assert Fresh._make((1, 1)).left == 1
        assert Fresh(right=3, left=1) == (1, 3) and Fresh(5) == (5, 2) and Fresh(6, right=1) == (6, 1)
    match Fresh(7):
        case Fresh(left, right):
            assert (left, right) == (7, 2)
    assert type(Fresh(1)) is Fresh
    for wrong in ({"right": 1}, {"left": 1, "there": 2}):
        with pytest.raises(TypeError, match=r"Fresh.__new__\(\)"):
            Fresh(**wrong)
    with pytest.raises(TypeError, match="multiple values"):
        Fresh(1, left=2)  # type: ignore[misc]
