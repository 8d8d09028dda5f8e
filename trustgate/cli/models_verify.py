"""`trustgate models verify`: pinned models against the files here, or against what a server declares."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from posixpath import basename
from typing import TYPE_CHECKING

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_BLIND, EXIT_FOUND, EXIT_OK, CannotJudge, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trustgate.weights.memory import Memory
    from trustgate.weights.pins import Lock, PinnedModel
    from trustgate.weights.run import Run
    from trustgate.weights.verify import ModelResult

SHOWN = 20
"""files of a model that are printed as text, those that are not right"""


@click.command("verify", cls=Grouped)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--root", metavar="DIR", help="The store's folder, where it is not in its usual place.")
@click.option("--lock", "place", metavar="FILE", default="models.lock", help="The lock.  [default: models.lock here]")
@click.option("--served", metavar="URL", help="Ask a model server instead; its answer is declared, never verified.")
@click.option("--token-env", metavar="NAME", help="Environment variable with a bearer token for --served.")
@click.option("--allow-declared", is_flag=True, help="Exit 0 where the server's word agrees.")
@click.option("--quick", is_flag=True, help="Sizes and headers only: says `not verified`.")
@click.option("--cached", is_flag=True, help="Take digests of an earlier or interrupted run; off where CI is set.")
@click.option("--no-cache", is_flag=True, help="Keep no digests for a later run.")
@click.option("--key", metavar="PEM", help="Public key of the signer, for models with a pinned signature.")
@click.option("--walk-pickles", is_flag=True, help="Refuse pickles that import anything off a short list.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Files hashed at once.  [default: 1 to 4, by CPUs]")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
    help="json and jsonl: one object a line, a model each.",
)  # fmt: skip
def verify(
    names: tuple[str, ...], root: str | None, place: str, served: str | None, token_env: str | None,
    allow_declared: bool, quick: bool, cached: bool, no_cache: bool, key: str | None, walk_pickles: bool,
    jobs: int | None, form: str,
) -> None:  # fmt: skip
    """Verify every pinned model, or those named: size, header, then every byte.

    Exit code 0 verified, 1 other bytes than were pinned (missing and unpinned files included), 2 wrong usage or a lock
    that is none, 3 could not tell, or only declared.
    """
    from trustgate.weights.lockfile import load

    if served and (quick or cached or root or walk_pickles):
        raise UsageError(
            "--served compares declarations, no files", "leave --quick, --cached, --root, --walk-pickles out"
        )
    target = Path(place)
    lock = load(target)
    chosen = _chosen(lock, names, bool(served))
    if served:
        results = _declared(lock, chosen, served, token_env)
    else:
        results = _verified(
            lock, chosen, target, Path(root) if root else None, quick, cached, no_cache, key, walk_pickles, jobs
        )
    if lock.seal != "intact":
        words = {"broken": "the lock was changed by hand", "absent": "the lock has no digest of its own"}[lock.seal]
        results = [item._replace(status="mismatch", reasons=(words, *item.reasons)) for item in results]
    for result in results:
        click.echo(_as_json(result) if form != "text" else _as_text(result))
    sys.exit(_exit_code(results, quick, cached, allow_declared))


def _chosen(lock: Lock, names: Sequence[str], served: bool) -> list[PinnedModel]:
    if not lock.models:
        raise UsageError("the lock pins no model", "trustgate models pin NAME --from …")
    if not names:
        here = [model for model in lock.models if served or model.source != "api"]
        if len(here) < len(lock.models):
            count = len(lock.models) - len(here)
            click.echo(
                f"trustgate: not checked: {count} hosted models, which have no bytes here (--served asks)", err=True
            )
        return here or list(lock.models)
    found = [lock.find(name) for name in names]
    for name, model in zip(names, found, strict=True):
        if model is None:
            raise UsageError(f"no model is called {name!r}", "`trustgate models list` names them")
    return [model for model in found if model is not None]


def _verified(
    lock: Lock, chosen: Sequence[PinnedModel], target: Path, root: Path | None, quick: bool, cached: bool,
    no_cache: bool, key: str | None, walk_pickles: bool, jobs: int | None,
) -> list[ModelResult]:  # fmt: skip
    from trustgate.cli.hashing_bar import hashing_bar
    from trustgate.weights.memory import Memory, allowed
    from trustgate.weights.run import Run, default_jobs

    read = cached and allowed(os.environ)
    if cached and not read:
        click.echo("trustgate: CI is set, so digests of earlier runs are not used", err=True)
    memory = None if no_cache or quick else Memory(target.absolute().parent, read=read)
    try:
        with hashing_bar("verifying") as (began, step):
            run = Run(jobs or default_jobs(), quick, memory, step, began)
            return [_one(lock, model, target, root, run, key, walk_pickles) for model in chosen]
    except KeyboardInterrupt:
        if memory is not None:
            click.echo("trustgate: what was hashed is kept; `verify --cached` goes on from there", err=True)
        raise
    finally:
        _close(memory)


def _close(memory: Memory | None) -> None:
    from trustgate.escape import terminal

    if memory is None:
        return
    memory.close()
    for note in memory.notes:
        click.echo(f"trustgate: {terminal(note)}", err=True)


def _one(
    lock: Lock, model: PinnedModel, target: Path, root: Path | None, run: Run, key: str | None, walk_pickles: bool
) -> ModelResult:
    from trustgate.weights.faults import NotFound
    from trustgate.weights.stores import locate
    from trustgate.weights.verify import ModelResult, verify_model
    from trustgate.weights.walking import walk_pickles as walk

    if model.source == "api":
        return ModelResult(
            model.name, "cannot-tell", (), ("a hosted model has no bytes here; --served asks its server",)
        )
    try:
        tree = locate(model, root, target.absolute().parent, os.environ)
        result = verify_model(model, tree, run, lock.policy)
    except NotFound as fault:
        return ModelResult(model.name, "cannot-tell", (), (f"{fault.message}; {fault.hint}".rstrip("; "),))
    if walk_pickles and (faults := walk(model, tree)):
        result = result._replace(status="mismatch", reasons=(*result.reasons, *faults))
    if model.signature is not None:
        result = _signed(result, model, target.absolute().parent, key)
    return result


def _signed(result: ModelResult, model: PinnedModel, beside: Path, key: str | None) -> ModelResult:
    """The result, made worse where the pinned signature does not hold or cannot be checked."""
    from trustgate.weights import oms
    from trustgate.weights.verify import WORST

    assert model.signature is not None
    bundle = model.signature.bundle
    worse, why = "", ""
    try:
        pem = _bytes(Path(key), 1 << 16) if key else _below(beside, bundle + ".pub", 1 << 16)
        signed = oms.verify_bundle(_below(beside, bundle, oms.LARGEST), pem, basename(bundle))
        if signed.key_sha256 != model.signature.key_sha256:
            worse, why = "mismatch", "the bundle is signed by another key than the lock names"
        elif dict(signed.files) != {item.path: item.sha256 for item in model.files}:
            worse, why = "mismatch", "the signed list is not that of the lock"
    except oms.SignatureError as error:
        worse, why = "mismatch", f"signature: {error.message}"
    except CannotJudge as error:
        worse, why = "cannot-tell", f"signature not verified: {error.message}; {error.hint}"
    if not worse:
        return result
    status = min(result.status, worse, key=WORST.index)
    return result._replace(status=status, reasons=(*result.reasons, why))


def _bytes(place: Path, most: int) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise CannotJudge(f"{place} cannot be read: {error.strerror}", "name the signer's key with --key") from error


def _below(folder: Path, path: str, most: int) -> bytes:
    """A file that the lock names: no link is followed, and no pipe waited for."""
    from trustgate.weights.faults import Unclear, Wrong
    from trustgate.weights.opening import opened

    try:
        with opened(folder, path) as descriptor, open(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    except (Wrong, Unclear, OSError) as fault:
        raise CannotJudge(f"{path}: {fault}", "name the signer's key with --key") from fault


def _declared(lock: Lock, chosen: Sequence[PinnedModel], url: str, token_env: str | None) -> list[ModelResult]:
    from trustgate.transport import TransportError
    from trustgate.weights.served import ask, compare
    from trustgate.weights.verify import ModelResult

    token = os.environ.get(token_env, "") if token_env else ""
    if token_env and not token:
        raise UsageError(f"--token-env {token_env}: the variable is not set")
    try:
        server = ask(url, token=token, allow_hosts=lock.policy.allow_hosts)
    except TransportError as error:
        return [ModelResult(model.name, "cannot-tell", (), (error.message,)) for model in chosen]
    return [compare(model, server) for model in chosen]


def _as_json(result: ModelResult) -> str:
    files = [
        {
            "path": item.path,
            "status": item.status,
            "expected": item.expected or None,
            "found": item.found or None,
            "size": item.size if item.size >= 0 else None,
            "reason": item.reason,
        }
        for item in result.files
    ]
    row = {
        "schema": "trustgate.models-verify/1",
        "model": result.model,
        "status": result.status,
        "files": files,
        "reasons": list(result.reasons),
        "warnings": list(result.warnings),
    }
    return json.dumps(row, sort_keys=True)


def _as_text(result: ModelResult) -> str:
    from trustgate.escape import path, terminal

    word = "NOT VERIFIED (sizes and headers only)" if result.status == "not-verified" else result.status
    lines = [terminal(f"{result.model}: {word}, {len(result.files)} files")]
    lines += [f"  {terminal(reason)}" for reason in (*result.reasons, *result.warnings)]
    usual = "verified" if result.status != "not-verified" else "not-verified"
    odd = [item for item in result.files if item.status != usual]
    lines += [f"  {item.status}: {path(item.path)}: {terminal(item.reason)}" for item in odd[:SHOWN]]
    lines += [f"  and {len(odd) - SHOWN} more"] if len(odd) > SHOWN else []
    return "\n".join(lines)


def _exit_code(results: Sequence[ModelResult], quick: bool, cached: bool, allow_declared: bool) -> int:
    """1 for a mismatch, then 3 for what nobody can say and for less than verified that was not asked for."""
    statuses = {result.status for result in results}
    asked = {"verified"}
    asked |= {"not-verified"} if quick else set()
    asked |= {"cached"} if cached else set()
    asked |= {"declared"} if allow_declared else set()
    if "mismatch" in statuses:
        return EXIT_FOUND
    return EXIT_OK if statuses <= asked else EXIT_BLIND
