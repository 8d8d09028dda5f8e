"""Texts that are one heap of syntax errors: read by lines, since a query over such a tree takes minutes."""

from __future__ import annotations

import pytest

from trustgate.syntax.fallback import LineOutline
from trustgate.syntax.parsing import parsed
from trustgate.syntax.tree import TreeOutline


@pytest.mark.parametrize("language", ["javascript", "typescript", "go"])
def test_a_flood_of_errors_is_read_by_lines(language: str) -> None:
    assert isinstance(parsed(language, b'"' * 60_001), LineOutline)


def test_a_long_file_without_errors_is_read_by_tree() -> None:
    assert isinstance(parsed("go", b"package a\n" + b"var x = 1\n" * 21_000), TreeOutline)


def test_a_condition_is_no_statement() -> None:
    outline = parsed("php", b"<?php\nif ($this->session->isLogged()) { $a = 1; }\ncheck_access();\n")
    assert [(call.callee, call.statement) for call in outline.detail([(1, 3)]).calls] == [
        ("$this.session.isLogged", False),
        ("check_access", True),
    ]
