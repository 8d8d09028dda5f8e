"""One argument or setting with its value, wherever it stands: in a call, an object, an assignment or a config file."""

from __future__ import annotations

from collections.abc import Mapping

from trustgate.record import NamedTuple
from trustgate.syntax.outline import Span


class Fact(NamedTuple):
    form: str
    """argument (of a call), key (of an object or a config file) or assignment"""
    holder: str
    """what it belongs to: callee, object, key path"""
    around: str
    """text that a rule's `holder` looks at"""
    name: str
    """folded; dotted where there is an owner"""
    shown: str
    """as it is written"""
    value: str
    span: Span
    position: bool = False
    """named by its place in the call and not by a keyword"""


class Facts(NamedTuple):
    """What one symbol or config file says on one side."""

    found: tuple[Fact, ...]
    holders: Mapping[str, int]
    """how often each holder stands there"""
    spread: frozenset[str]
    """holders that also take arguments nobody can see here (`**options`)"""
    bare: bool
    """text without quotes is a literal"""
