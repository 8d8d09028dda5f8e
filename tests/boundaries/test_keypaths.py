"""Settings of configuration files by key path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.boundaries.keypaths import config_facts

READ = {
    "YAML, nested": ("yaml", "a:\n  b:\n    c: true # why\n", {"a.b.c": "true"}),
    "YAML, list of maps": ("yaml", "rules:\n- verbs:\n  - get\n  - '*'\n  x: 1\n", {"rules.verbs": "get, '*'", "rules.x": "1"}),
    "YAML, flow list": ("yaml", "cap_add: [A, B]\n", {"capadd": "[A, B]"}),
    "YAML, block text is no setting": ("yaml", "run: |\n  privileged: true\nend: 1\n", {"end": "1"}),
    "JSON": ("json", '{"tls": {"verify": false}, "l": ["a", "b"]}', {"tls.verify": "false", "l": '"a", "b"'}),
    "JSON with comments": ("json", '{// "a": 1\n"b": 2 /* "c": 3 */}', {"b": "2"}),
    "HCL, block in a line": ("hcl", 'resource "r" "n" {\n  lifecycle { prevent_destroy = true }\n}\n', {"resource.r.n.lifecycle.preventdestroy": "true"}),
    "HCL, list over lines": ("hcl", 'ingress {\n  cidr_blocks = [\n    "0.0.0.0/0",\n  ]\n}\n', {"ingress.cidrblocks": '[ "0.0.0.0/0", ]'}),
    "nginx": ("ini", "server {\n  ssl_protocols TLSv1.2;\n  add_header X-Frame-Options DENY always;\n}\n", {"server.sslprotocols": "TLSv1.2", "server.xframeoptions": "DENY"}),
    "TOML": ("toml", "[a.b]\nkey = true\n", {"a.b.key": "true"}),
    "properties": ("ini", "spring.h2.console.enabled=true\n", {"spring.h2.console.enabled": "true"}),
    "the last USER of the last stage": ("dockerfile", "FROM a\nUSER x\nFROM b\nUSER root\nUSER app:app\n", {"user": "app"}),
    "no USER in the last stage": ("dockerfile", "FROM a\nUSER x\nFROM b\n", {}),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "wanted"), READ.values(), ids=READ)
def test_config_facts(language: str, text: str, wanted: dict[str, str]) -> None:
    found = {fact.name.lstrip("[].").replace("[].", ""): fact.value for fact in config_facts(language, text).found}
    assert found == wanted


def test_lines_of_a_list_are_those_of_its_entries() -> None:
    (fact,) = config_facts("yaml", "a:\n  - x\n  - y\n").found
    assert (fact.span.line, fact.span.end_line) == (2, 3)


@given(
    st.sampled_from(["yaml", "json", "hcl", "ini", "toml", "dockerfile"]),
    st.text("ab:-[]{}\"'#/*=\n <>|$", max_size=200),
)
def test_any_text_has_facts(language: str, text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= fact.span.line <= fact.span.end_line <= lines for fact in config_facts(language, text).found)


@pytest.mark.parametrize("language", ["yaml", "json", "hcl", "ini"])
def test_depth_is_bounded(language: str) -> None:
    deep = {
        "yaml": "\n".join(" " * n + "k:" for n in range(3000)),
        "json": '{"k":' * 20000,
        "hcl": "k {\n" * 20000,
        "ini": "<k>\n" * 20000,
    }
    assert len(config_facts(language, deep[language]).found) == 0


def test_a_value_at_any_depth_of_json_is_read() -> None:
    text = '{"a":\n' * 2000 + '{"verify": false}' + "}" * 2000 + "\n"
    names = [fact.name.rsplit(".", 1)[-1] for fact in config_facts("json", text).found]
    assert "verify" in names


def test_what_comes_after_deep_json_keeps_its_path() -> None:
    text = '{\n"deep": ' + "[" * 500 + "]" * 500 + ',\n"http": {"verify": false}\n}\n'
    assert "http.verify" in [fact.name for fact in config_facts("json", text).found]
