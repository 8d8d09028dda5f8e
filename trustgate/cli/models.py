"""`trustgate models pin|verify|diff|list|export`: which weights a repository uses, and whether they are still those."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from trustgate.cli.form import text_or_json
from trustgate.cli.grouped import Commands
from trustgate.cli.models_pin import pin
from trustgate.cli.models_verify import verify
from trustgate.errors import EXIT_FOUND, EXIT_OK, UsageError

LOCK_HELP = "The lock.  [default: models.lock here]"


@click.group("models", cls=Commands)
def models() -> None:
    """Pin model weights by their bytes, verify them, and say when they moved."""


models.add_command(pin)
models.add_command(verify)


@models.command("list")
@click.option("--lock", "place", metavar="FILE", default="models.lock", help=LOCK_HELP)
@text_or_json
def list_models(place: str, form: str) -> None:
    """List what is pinned and how firmly: by bytes, manifest, commit, tag or name."""
    from trustgate.weights.lockfile import load

    lock = load(Path(place))
    rows = [
        {
            "model": model.name,
            "source": model.source,
            "ref": model.ref or (model.api.model if model.api else ""),
            "revision": model.revision,
            "strength": model.strength.label,
            "seen": model.seen,
            "format": model.format,
            "files": len(model.files),
            "bytes": sum(item.size for item in model.files),
            "signature": "pinned" if model.signature else "none",
            "root_holds": model.root_holds,
        }
        for model in lock.models
    ]
    if form == "json":
        click.echo(
            json.dumps(
                {"schema": "trustgate.models-list/1", "seal": lock.seal, "models": rows}, indent=2, sort_keys=True
            )
        )
        return
    from trustgate.escape import terminal

    for row in rows:
        size = f"{row['files']} files, {row['bytes']} bytes" if row["files"] else "no files"
        revision = f" @ {str(row['revision'])[:12]}" if row["revision"] else ""
        click.echo(
            terminal(f"{row['model']}: {row['source']} {row['ref']}{revision}, by {row['strength']}, {size}")
            + ("" if row["signature"] == "none" else ", signed")
            + ("" if row["root_holds"] else ", ROOT DOES NOT HOLD")
        )
    if lock.seal != "intact":
        click.echo(f"trustgate: the digest of the lock is {lock.seal}: it was changed by hand", err=True)


@models.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--lock", "place", metavar="PATH", default="models.lock", help="The lock's path in a revision.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@text_or_json
def diff(before: str, after: str, place: str, repo: str, form: str) -> None:
    """Compare two locks, each a file or a revision, by the rules of the review (MDL150 to MDL154).

    Exit code 1 when a rule of severity high or above holds: bytes swapped under one revision, a pin weakened.
    """
    from trustgate.analyzers import models as analyzer
    from trustgate.analyzers.context import Context
    from trustgate.changes.memory import change_between
    from trustgate.escape import terminal
    from trustgate.facts import FileView
    from trustgate.finding import Finding, Severity
    from trustgate.rulebook import load_rulebook

    old, new = (_lock_bytes(name, place, repo) for name in (before, after))
    change = change_between({"models.lock": old}, {"models.lock": new})
    views = tuple(FileView(file, change) for file in change.files)
    found = [item for item in analyzer.analyze(Context(change, views, load_rulebook())) if isinstance(item, Finding)]
    if form == "json":
        rows = [
            {"rule": item.rule, "severity": item.severity.label, "line": item.location.line, "message": item.message}
            for item in found
        ]
        click.echo(json.dumps({"schema": "trustgate.models-diff/1", "findings": rows}, indent=2, sort_keys=True))
    else:
        for item in found:
            click.echo(terminal(f"{item.severity.label}: {item.rule}: line {item.location.line}: {item.message}"))
        if not found:
            click.echo("no difference that a rule is about")
    sys.exit(EXIT_FOUND if any(item.severity >= Severity.HIGH for item in found) else EXIT_OK)


def _lock_bytes(name: str, path: str, repo: str) -> bytes:
    """A lock file, or the lock of a revision; empty where the revision has none."""
    from trustgate.changes.git import Git
    from trustgate.changes.revisions import resolve
    from trustgate.weights.lock import SIZE

    file = Path(name)
    if file.is_file():
        with file.open("rb") as opened:
            return opened.read(SIZE + 1)
    if file.exists():
        raise UsageError(f"{name} is not a file", "give two locks, or two revisions")
    with Git.open(repo) as git:
        done = git.ask("cat-file", "blob", f"{resolve(git, name)}:{path}")
        return done.stdout if done.returncode == 0 else b""


@models.command("export")
@click.argument("name", required=False)
@click.option("--oms-manifest", "kind", flag_value="oms", help="Unsigned statement of OpenSSF model-signing v1.")
@click.option("--cyclonedx", "kind", flag_value="cyclonedx", help="CycloneDX 1.6 bill of materials, in JSON.")
@click.option("--sha256sum", "kind", flag_value="sums", help="Lines for `sha256sum --check`.")
@click.option("--lock", "place", metavar="FILE", default="models.lock", help=LOCK_HELP)
def export(name: str | None, kind: str | None, place: str) -> None:
    """Print pins in a form of others. NAME may be left out for --cyclonedx, which takes all models."""
    from trustgate.weights import exports
    from trustgate.weights.lockfile import load

    lock = load(Path(place))
    if kind is None:
        raise UsageError("no form was named", "--oms-manifest, --cyclonedx or --sha256sum")
    model = lock.find(name) if name else (lock.models[0] if len(lock.models) == 1 else None)
    if kind == "cyclonedx" and not name:
        text = exports.cyclonedx(lock.models)
    elif model is None:
        raise UsageError(f"no model is called {name!r}" if name else "name one model", "`trustgate models list`")
    elif kind == "cyclonedx":
        text = exports.cyclonedx((model,))
    else:
        text = exports.oms_statement(model) if kind == "oms" else exports.sha256sum(model)
    if lock.seal != "intact" or not all(item.root_holds for item in lock.models):
        raise UsageError("the lock was changed by hand, so it is not exported", "verify, then pin again or --reseal")
    sys.stdout.buffer.write(text.encode())
