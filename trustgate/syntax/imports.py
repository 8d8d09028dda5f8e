"""Local names that an import statement binds, and the qualified names behind them."""

from __future__ import annotations

from tree_sitter import Node


def _text(node: Node | None) -> str:
    return "" if node is None or node.text is None else node.text[:300].decode("utf-8", "surrogateescape")


def import_names(language: str, node: Node) -> dict[str, str] | None:
    """`{local name: qualified name}` of one import node, or None when the node is no import after all."""
    if language == "python":
        return _python(node)
    if language in ("javascript", "typescript", "tsx"):
        return _javascript(node)
    if language == "go":
        path = _text(node.child_by_field_name("path")).strip('"`')
        return {_text(node.child_by_field_name("name")) or path.rsplit("/", 1)[-1]: path}
    if language == "java":
        name = _text(node).removeprefix("import").removesuffix(";").strip().removeprefix("static ").strip()
        return {name.rsplit(".", 1)[-1]: name}
    if language in ("php", "rust", "csharp", "kotlin", "scala"):
        return _listed(language, " ".join(_text(node).split()))
    return {} if language in ("ruby", "swift", "c", "cpp") else None


def _python(node: Node) -> dict[str, str]:
    names: dict[str, str] = {}
    module = _text(node.child_by_field_name("module_name"))
    for child in node.children_by_field_name("name"):
        if child.type == "aliased_import":
            target, alias = _text(child.child_by_field_name("name")), _text(child.child_by_field_name("alias"))
        else:
            target = _text(child)
            alias = target if module else target.split(".")[0]
        if module:
            names[alias] = f"{module}.{target}"
        else:
            names[alias] = target if child.type == "aliased_import" else alias
    return names


def _javascript(node: Node) -> dict[str, str] | None:
    if node.type == "variable_declarator":
        return _required(node)
    module = _text(node.child_by_field_name("source")).strip("\"'`")
    names: dict[str, str] = {}
    for clause in node.named_children:
        if clause.type != "import_clause":
            continue
        for child in clause.named_children:
            if child.type == "identifier":
                names[_text(child)] = module
            elif child.type == "namespace_import":
                names[_text(child.named_children[0] if child.named_children else None)] = module
            elif child.type == "named_imports":
                for spec in child.named_children:
                    name = _text(spec.child_by_field_name("name"))
                    names[_text(spec.child_by_field_name("alias")) or name] = f"{module}.{name}"
    return names


def _required(node: Node) -> dict[str, str] | None:
    """`const a = require("m")` and `const {b, c: d} = require("m")`."""
    value = node.child_by_field_name("value")
    if value is None or value.type != "call_expression" or _text(value.child_by_field_name("function")) != "require":
        return None
    arguments = value.child_by_field_name("arguments")
    module = _text(arguments).strip("()").strip("\"'` ") if arguments is not None else ""
    target = node.child_by_field_name("name")
    if target is None:
        return None
    if target.type != "object_pattern":
        return {_text(target): module}
    names = {}
    for child in target.named_children:
        if child.type == "pair_pattern":
            names[_text(child.child_by_field_name("value"))] = f"{module}.{_text(child.child_by_field_name('key'))}"
        else:
            names[_text(child)] = f"{module}.{_text(child)}"
    return names


def _listed(language: str, text: str) -> dict[str, str]:
    """`use a::{b, c::d as e};` and its likes, one level of braces; a name by its last part where it has no alias."""
    for mark in ("::", "\\"):
        text = text.replace(mark, ".")
    words = text.rstrip(";").split(None, 1)
    body = words[1] if len(words) > 1 else ""
    for skipped in ("function ", "const ", "static ", "global "):
        body = body.removeprefix(skipped)
    if language == "csharp":
        alias, equals, name = body.partition("=")
        return {alias.strip(): name.strip()} if equals else {}
    prefix, brace, rest = body.partition("{")
    if not brace:
        prefix, rest = "", body
    names = {}
    for item in rest.rstrip(" }").split(","):
        name, alias = item.strip(), ""
        for mark in (" as ", "=>"):
            if mark in item:
                name, alias = (part.strip() for part in item.split(mark, 1))
        whole = f"{prefix.strip()}{name}"
        local = alias or whole.rsplit(".", 1)[-1]
        if local.isidentifier() and local != "_":
            names[local] = whole.lstrip(".")
    return names
