"""What one row of the table of grammars says."""

from __future__ import annotations

from trustgate.record import NamedTuple


class Grammar(NamedTuple):
    module: str
    """import name of the grammar's wheel"""
    entry: str
    """function of the wheel that returns the language"""
    functions: tuple[str, ...]
    classes: tuple[str, ...]
    calls: tuple[str, ...]
    ifs: tuple[str, ...]
    exits: tuple[str, ...]
    asserts: tuple[str, ...]
    settings: tuple[str, ...]
    strings: tuple[str, ...]
    comments: tuple[str, ...]
    imports: tuple[str, ...]
    markers: tuple[str, ...]
    arguments: tuple[str, ...] = ("argument_list", "arguments")
    blocks: tuple[str, ...] = ()
    """named parts of a configuration file (a table, a block): scopes of kind variable"""
    more_symbols: str = ""
    """further patterns of the symbols query, where a node's name alone does not tell"""
    more_details: str = ""
    """further patterns of the details query; captures only `call`, `if`, `assert`, `setting`, `string`, `comment`"""
    title: str = ""
    """how people write the language's name; set for the languages whose wheel is in the extra `languages`"""
    shaped: bool = True
    """read by `shaped.py`, which knows the fields that these grammars have in place of the usual ones"""
