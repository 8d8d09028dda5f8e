"""`trustgate rules list` and `trustgate explain RULE`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from trustgate.cli.form import text_or_json
from trustgate.cli.grouped import Commands, Grouped
from trustgate.errors import UsageError
from trustgate.escape import terminal
from trustgate.rulebook import (
    EXAMPLE_KEYS,
    Described,
    Rulebook,
    describe,
    load_rulebook,
    parse_rule_file,
    rule_files,
    shipped_root,
    team_path,
)

Reader = Callable[[str], bytes | None]


@click.group("rules", cls=Commands)
def rules() -> None:
    """The rules that are in force."""


@contextmanager
def _in_force(repo: str | None) -> Iterator[tuple[Rulebook, Reader]]:
    """Ours, and those of the repository at HEAD; outside of a repository ours alone. With the reader of HEAD."""
    from trustgate.changes.git import Git
    from trustgate.policy.places import head_reader
    from trustgate.review import configuration, top_of

    if repo is None and top_of(".") is None:
        yield load_rulebook(), lambda _path: None
        return
    with Git.open(repo or ".") as git:
        read = head_reader(git)
        yield configuration(read, load_rulebook())[1], read


@rules.command("list")
@click.option("--repo", metavar="DIR", help="The repository whose own rules are listed too.  [default: here]")
@text_or_json
def list_rules(repo: str | None, form: str) -> None:
    """One line a rule, or all of it as JSON; the repository's own as they are at HEAD."""
    with _in_force(repo) as (book, _read):
        found = describe(book)
    if form == "json":
        rows = [{name: getattr(rule, name) for name in Described._fields} for rule in found.values()]
        click.echo(json.dumps({"schema": "trustgate.rules/1", "rules": rows}, indent=2, sort_keys=True))
        return
    width = max(len(name) for name in found)
    for rule in found.values():
        about = f"{rule.kind:<11} {rule.boundary or '-':<15} {rule.severity:<8}"
        click.echo(f"{rule.id:<{width}}  {about} {terminal(rule.title)}")


@click.command("explain", cls=Grouped)
@click.argument("rule_id", metavar="RULE")
@click.option("--repo", metavar="DIR", help="The repository whose own rules are known too.  [default: here]")
def explain(rule_id: str, repo: str | None) -> None:
    """Say what a rule flags, why that matters, what it leaves alone and how to accept a finding."""
    click.echo(explained(rule_id, repo), nl=False)


def explained(rule_id: str, repo: str | None) -> str:
    """What `trustgate explain` prints. Raises UsageError for a rule that nobody knows."""
    with _in_force(repo) as (book, read):
        return "\n".join(_explain(rule_id, describe(book), read)) + "\n"


def _explain(rule_id: str, found: dict[str, Described], read: Reader) -> Iterator[str]:
    rule = found.get(rule_id)
    if rule is None:
        import difflib

        near = difflib.get_close_matches(rule_id, found, n=3)
        raise UsageError(
            f"no rule is called {rule_id}", f"did you mean {', '.join(near)}?" if near else "see `trustgate rules list`"
        )
    yield f"{rule.id}: {terminal(rule.title)}\n"
    facts = [rule.kind, rule.boundary, f"severity {rule.severity}", f"confidence {rule.confidence}"]
    yield f"  {', '.join(fact for fact in facts if fact)}\n"
    for text in (rule.message, f"What to do: {rule.tip}" if rule.tip else ""):
        if text:
            yield f"{click.wrap_text(terminal(text), 88, '  ', '  ')}\n"
    for key, heading in zip(EXAMPLE_KEYS, ("Flags", "Leaves alone"), strict=True):
        for number, example in enumerate(_examples(rule, key, read)[:2]):
            if number == 0:
                yield f"{heading}:\n"
            yield _shown(example)
    yield f"Accept one finding: trustgate accept FINGERPRINT --rule {rule.id} --reason TEXT --expires 90d"


def _examples(rule: Described, key: str, read: Reader) -> list[Any]:
    if rule.file == team_path(rule.id):
        from trustgate.teamrules import team_table

        own: list[Any] = team_table(read, rule.id).get(key, [])
        return own
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
    lines = [f"    message: {terminal(example['message'])}"] if "message" in example else []
    lines.append(f"    {terminal(example.get('path', ''))}")
    for mark, side in (("-", "before"), ("+", "after")):
        lines += [f"    {mark} {terminal(line)}" for line in str(example.get(side, "")).strip("\n").splitlines()]
    return "\n".join(lines) + "\n"
