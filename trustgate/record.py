"""`typing.NamedTuple` at a fifth of its price at import, for the types that the staged hook loads.

The one of the standard library compiles a reference for every annotation and a constructor for every type, 0.12 ms a
type, and most types of a run never have a value. Here annotations stay the text they are, methods are inherited, and
a constructor is made for a type that has many. For a type checker it is `typing.NamedTuple` itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import _tuplegetter as field_at  # what `namedtuple` makes its fields of
    from collections import namedtuple

    FEW = 16
    """values that a type makes before it gets a constructor of its own: those are fast, and cost 0.08 ms"""

    class Record(tuple):
        """Every type made here: what `collections.namedtuple` documents, with the same names."""

        __slots__ = ()
        _left = FEW

        def __new__(cls, *values, **named):
            cls._left -= 1
            given = {**cls._field_defaults, **dict(zip(cls._fields, values, strict=False)), **named}
            twice = named.keys() & cls._fields[: len(values)]
            if cls._left and len(values) <= len(cls._fields) and given.keys() == set(cls._fields) and not twice:
                return tuple.__new__(cls, map(given.__getitem__, cls._fields))
            cls.__new__ = namedtuple(cls.__name__, cls._fields, defaults=cls._field_defaults.values()).__new__
            return cls.__new__(cls, *values, **named)  # where the arguments do not fit, it says so

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **named):
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise ValueError(f"Got unexpected field names: {list(named)!r}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self._asdict().items())})"

        def __getnewargs__(self):
            return tuple(self)

    class Maker(type):
        """Turns the body of a class into a Record; a type made by it is of `type` like any other."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            body["_fields"] = body["__match_args__"] = fields
            body["_field_defaults"] = {field: body[field] for field in fields if field in body}
            body["__slots__"] = ()
            for index, field in enumerate(fields):
                body[field] = field_at(index, "")
            return type(name, (Record,), body)

    class NamedTuple(metaclass=Maker):
        """Stands before the fields: `class Point(NamedTuple)`."""
