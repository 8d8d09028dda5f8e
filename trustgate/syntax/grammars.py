"""Node names of each grammar we read: one row a language, so that a new language is a row and nothing else."""

from __future__ import annotations

from typing import NamedTuple


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


_JS = Grammar(
    module="tree_sitter_javascript",
    entry="language",
    functions=(
        *("function_declaration", "generator_function_declaration", "method_definition", "arrow_function"),
        "function_expression",
    ),
    classes=("class_declaration", "class"),
    calls=("call_expression", "new_expression"),
    ifs=("if_statement",),
    exits=("throw_statement", "return_statement"),
    asserts=(),
    settings=("variable_declarator", "assignment_expression", "pair"),
    strings=("string", "template_string"),
    comments=("comment",),
    imports=("import_statement", "variable_declarator"),
    markers=("decorator",),
)
_TS = _JS._replace(
    module="tree_sitter_typescript",
    entry="language_typescript",
    functions=(*_JS.functions, "function_signature", "abstract_method_signature"),
    classes=(*_JS.classes, "abstract_class_declaration"),
    settings=(*_JS.settings, "public_field_definition"),
)
GRAMMARS = {
    "python": Grammar(
        module="tree_sitter_python",
        entry="language",
        functions=("function_definition",),
        classes=("class_definition",),
        calls=("call",),
        ifs=("if_statement",),
        exits=("raise_statement", "return_statement"),
        asserts=("assert_statement",),
        settings=("assignment", "pair", "default_parameter"),
        strings=("string",),
        comments=("comment",),
        imports=("import_statement", "import_from_statement"),
        markers=("decorator",),
    ),
    "javascript": _JS._replace(settings=(*_JS.settings, "field_definition")),
    "typescript": _TS,
    "tsx": _TS._replace(entry="language_tsx"),
    "go": Grammar(
        module="tree_sitter_go",
        entry="language",
        functions=("function_declaration", "method_declaration"),
        classes=("type_spec",),
        calls=("call_expression",),
        ifs=("if_statement",),
        exits=("return_statement",),
        asserts=(),
        settings=("assignment_statement", "short_var_declaration", "keyed_element", "var_spec", "const_spec"),
        strings=("interpreted_string_literal", "raw_string_literal"),
        comments=("comment",),
        imports=("import_spec",),
        markers=(),
    ),
    "java": Grammar(
        module="tree_sitter_java",
        entry="language",
        functions=("method_declaration", "constructor_declaration"),
        classes=("class_declaration", "interface_declaration", "enum_declaration", "record_declaration"),
        calls=("method_invocation", "object_creation_expression"),
        ifs=("if_statement",),
        exits=("throw_statement", "return_statement"),
        asserts=("assert_statement",),
        settings=("variable_declarator", "assignment_expression"),
        strings=("string_literal",),
        comments=("line_comment", "block_comment"),
        imports=("import_declaration",),
        markers=("annotation", "marker_annotation"),
    ),
}
