"""`trustgate rules list` and `trustgate explain RULE`."""

from __future__ import annotations

import json
from typing import Any

import click

from trustgate.errors import UsageError
from trustgate.rulebook import (
    EXAMPLE_KEYS,
    Described,
    describe,
    load_rulebook,
    parse_rule_file,
    rule_files,
    shipped_root,
)


@click.group("rules")
def rules() -> None:
    """The rules that are in force."""


@rules.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_rules(form: str) -> None:
    """One line a rule, or all of it as JSON."""
    found = describe(load_rulebook())
    if form == "json":
        rows = [{name: getattr(rule, name) for name in Described._fields} for rule in found.values()]
        click.echo(json.dumps({"schema": "trustgate.rules/1", "rules": rows}, indent=2, sort_keys=True))
        return
    width = max(len(name) for name in found)
    for rule in found.values():
        click.echo(f"{rule.id:<{width}}  {rule.kind:<11} {rule.boundary or '-':<15} {rule.severity:<8} {rule.title}")


@click.command("explain")
@click.argument("rule_id", metavar="RULE")
def explain(rule_id: str) -> None:
    """Say what a rule flags, why that matters, what it leaves alone and how to accept a finding."""
    found = describe(load_rulebook())
    rule = found.get(rule_id)
    if rule is None:
        import difflib

        near = difflib.get_close_matches(rule_id, found, n=3)
        raise UsageError(
            f"no rule is called {rule_id}", f"did you mean {', '.join(near)}?" if near else "see `trustgate rules list`"
        )
    click.echo(f"{rule.id}: {rule.title}\n")
    facts = [rule.kind, rule.boundary, f"severity {rule.severity}", f"confidence {rule.confidence}"]
    click.echo(f"  {', '.join(fact for fact in facts if fact)}\n")
    for text in (rule.message, f"What to do: {rule.tip}" if rule.tip else ""):
        if text:
            click.echo(f"{click.wrap_text(text, 88, '  ', '  ')}\n")
    for key, heading in zip(EXAMPLE_KEYS, ("Flags", "Leaves alone"), strict=True):
        for number, example in enumerate(_examples(rule, key)[:2]):
            if number == 0:
                click.echo(f"{heading}:\n")
            click.echo(_shown(example))
    click.echo(f"Accept one finding: trustgate accept FINGERPRINT --rule {rule.id} --reason TEXT --expires 90d")


def _examples(rule: Described, key: str) -> list[Any]:
    data = parse_rule_file(rule.file, rule_files(shipped_root())[rule.file])
    tables = (
        [data]
        if data.get("id") == rule.id
        else [
            t for v in data.values() if isinstance(v, list) for t in v if isinstance(t, dict) and t.get("id") == rule.id
        ]
    )
    return [example for table in tables for example in table.get(key, ())]


def _shown(example: Any) -> str:
    if not isinstance(example, dict):
        return f"    {example}\n"
    lines = [f"    message: {example['message']}"] if "message" in example else []
    lines.append(f"    {example.get('path', '')}")
    for mark, side in (("-", "before"), ("+", "after")):
        lines += [f"    {mark} {line}" for line in str(example.get(side, "")).strip("\n").splitlines()]
    return "\n".join(lines) + "\n"
