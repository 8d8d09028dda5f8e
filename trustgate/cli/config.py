"""`trustgate config check|show|schema`: the configuration as it will be read, and as it is in force."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trustgate.cli.form import text_or_json
from trustgate.cli.grouped import Commands

if TYPE_CHECKING:
    from trustgate.policy.model import Policy
    from trustgate.rulebook import Rulebook

SCHEMAS = {"config": "schema.json", "exceptions": "exceptions.schema.json"}


@click.group("config", cls=Commands)
def config() -> None:
    """Check, show or describe the configuration."""


@config.command("check")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
def check(repo: str) -> None:
    """Check trustgate.toml, the rules that it names and .trustgate/exceptions.toml of the work tree before a commit.

    The examples inside each rule are run. Exit code 0 when a review can use the files, 2 with the file, table and key
    that it can not use, or the example that does not hold.
    """
    from trustgate.changes.git import Git
    from trustgate.policy.exceptions import EXCEPTIONS_PATH
    from trustgate.policy.load import CONFIG_PATH, today_utc
    from trustgate.policy.places import top_of, worktree_reader
    from trustgate.review import configuration
    from trustgate.rulebook import load_rulebook

    with Git.open(repo) as git:
        top = top_of(git)
        policy, book = configuration(worktree_reader(top), load_rulebook())
    found = "ok" if policy.configured else f"not there: the shipped preset `{policy.preset}` holds"
    click.echo(f"{CONFIG_PATH}: {found}")
    for name in policy.team_rules:
        click.echo(_proven(worktree_reader(top), name, book))
    today = today_utc()
    if policy.exceptions:
        click.echo(f"{EXCEPTIONS_PATH}: ok, {len(policy.exceptions)} exceptions")
        for note in _upkeep(policy, top, today):
            click.echo(f"  {note}")
    for told in _lanes(policy, book, today):
        click.echo(told)
    click.echo("They count once they are on the trusted base.")


@config.command("show")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@text_or_json
def show(repo: str, form: str) -> None:
    """Print the policy in force at HEAD, each line with the file it comes from."""
    from trustgate.changes.git import Git
    from trustgate.policy.load import today_utc
    from trustgate.policy.places import head_reader
    from trustgate.review import configuration
    from trustgate.rulebook import load_rulebook

    with Git.open(repo) as git:
        policy, _book = configuration(head_reader(git), load_rulebook())
    if form == "json":
        click.echo(json.dumps(as_object(policy), indent=2, sort_keys=True))
    else:
        click.echo(as_text(policy, today_utc()), nl=False)


@config.command("schema")
@click.argument("name", type=click.Choice(list(SCHEMAS)), default="config")
def schema(name: str) -> None:
    """Print the JSON Schema of trustgate.toml, or with `exceptions` that of .trustgate/exceptions.toml."""
    from importlib.resources import files

    click.echo(files("trustgate.policy").joinpath(SCHEMAS[name]).read_text(encoding="utf-8"), nl=False)


def as_object(policy: Policy) -> dict[str, Any]:
    """The effective policy as `trustgate.policy/1`."""
    from trustgate.policy.canonical import plain

    shown = plain(policy)
    for row, line in zip(shown["lines"], policy.lines, strict=True):
        row.update(source=line.source, was=line.was)
    return {
        "schema": "trustgate.policy/1",
        **shown,
        "configured": policy.configured,
        "digest": policy.digest,
        "sources": dict(policy.sources),
    }


def as_text(policy: Policy, today: date) -> str:
    """Settings, then the table of lines in the order in which they are tried, then the exceptions."""
    from trustgate.escape import terminal
    from trustgate.policy.canonical import plain

    shown, sources = plain(policy), dict(policy.sources)
    out = [f"preset {policy.preset}, digest {policy.digest[:16]}", ""]
    for table in ("origins", "attribution", "limits"):
        for key, value in shown[table].items():
            out.append(_row(f"{table}.{key}", value, sources))
    for stage in ("commit", "push", "pr"):
        out.append(_row(f"online.{stage}", stage in policy.online, sources))
    out.append(_row("required_checks", shown["required_checks"], sources))
    for key in ("private", "cooldown_days", "cooldown_exclude"):
        out.append(_row(f"packages.{key}", shown["packages"][key], sources))
    for boundary, listed in shown["boundaries"].items():
        out += [_row(f"boundaries.{boundary}.{key}", value, sources) for key, value in listed.items() if value]
    out.append(_row("rules.boundaries", shown["rules"]["boundaries"], sources))
    if shown["reviewer"]:
        out += _reviewer_rows(shown["reviewer"], sources)
    out += [f"packages.trusted  {p.name}, until {p.expires} ({terminal(p.owner)})" for p in policy.packages]
    out += ["", f"{'line':<32} {'commit':<9} {'unknown':<9} {'raised':<9} from"]
    for line in policy.lines:
        actions = f"{line.commit.label:<9} {line.unknown.label:<9} {line.raised.label:<9}"
        was = f" (was {line.was})" if line.was else ""
        out.append(f"{line.id:<32} {actions} {terminal(line.source)}{was}")
    out += ["", f"{len(policy.exceptions)} exceptions"]
    for entry in policy.exceptions:
        ended = ", EXPIRED" if entry.expires < today else ""
        out.append(
            f"  {terminal(entry.id)}  until {entry.expires}{ended}  {terminal(entry.owner)}: {terminal(entry.reason)}"
        )
    return "\n".join(out) + "\n"


def _reviewer_rows(shown: dict[str, Any], sources: dict[str, str]) -> list[str]:
    from trustgate.escape import terminal

    out = [_row(f"reviewer.{key}", shown[key], sources) for key in ("require_class", "require_independence")]
    for key, amount in shown["budget_microdollars"].items():
        text = "unlimited" if amount is None else f"${amount / 1_000_000:.2f}"
        out.append(_row(f"reviewer.budget.{key}", text, {f"reviewer.budget.{key}": sources.get("reviewer.budget", "")}))
    for number, lane in enumerate(shown["lanes"], 1):
        told = (
            f"{lane['name']}: {lane['model']} by {lane['api']} at {lane['base_url']}, up to {lane['data_class']} data"
        )
        out.append(f"reviewer.lane {number:<17} {terminal(told)}")
    return out


def _row(key: str, value: Any, sources: dict[str, str]) -> str:
    from trustgate.escape import terminal

    text = json.dumps(value, ensure_ascii=False)
    source = sources.get(key) or sources.get(key.rpartition(".")[0], "shipped: standard")
    return f"{key:<32} {terminal(text):<28} {terminal(source)}"


def _lanes(policy: Policy, book: Rulebook, today: date) -> list[str]:
    """A line on each reviewer lane: its class, and what its price is worth. Raises ConfigError as a review would."""
    if policy.reviewer is None:
        return []
    from trustgate.escape import terminal
    from trustgate.reviewer.candidates import candidates_of
    from trustgate.reviewer.opening import warnings_of

    found = candidates_of(policy.reviewer, book, today)
    told = []
    for one in found:
        below = f", below {policy.reviewer.require_class}" if one.below_class else ""
        what = f"{one.lane.model} at {one.provider} is {one.model_class}{below}"
        told.append(f"reviewer lane {one.lane.name}: ok, {terminal(what)}")
    return told + [f"  note: {terminal(warning)}" for warning in warnings_of(found, today)]


def _proven(read: Callable[[str], bytes | None], name: str, book: Rulebook) -> str:
    """A line on a rule of the repository whose examples hold. Raises ConfigError for one whose examples do not."""
    from trustgate.analyzers.boundaries.examples import wrong_examples
    from trustgate.errors import ConfigError
    from trustgate.rulebook import EXAMPLE_KEYS, team_path
    from trustgate.teamrules import team_table

    table = team_table(read, name)
    wrong = list(wrong_examples(table, book))
    if wrong:
        raise ConfigError(f"{team_path(name)}: {'; '.join(wrong[:5])}", "mend the rule, or the example")
    return f"{team_path(name)}: ok, {sum(len(table[key]) for key in EXAMPLE_KEYS)} examples hold"


def _upkeep(policy: Policy, top: Path, today: date) -> list[str]:
    """Exceptions that can go: expired, or naming one file that is no longer there."""
    from trustgate.escape import terminal
    from trustgate.globs import is_glob

    notes = []
    for entry in policy.exceptions:
        if entry.expires < today:
            notes.append(f"note: {terminal(entry.id)} expired on {entry.expires} and does not count: remove it")
        elif entry.path and not is_glob(entry.path) and not (top / entry.path).exists():
            notes.append(f"note: {terminal(entry.id)} names a file that is not here: remove it")
    return notes
