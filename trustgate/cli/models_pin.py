"""`trustgate models pin`: hash a model and write it into the lock."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import UsageError

if TYPE_CHECKING:
    from trustgate.weights.pinning import Wish
    from trustgate.weights.pins import Lock, PinnedModel, Signature
    from trustgate.weights.tree import Tree

FORMS = "hf:owner/name@commit, ollama:model:tag, a folder or file, sums:FILE, oms:BUNDLE, api:provider/model@host"
_DATED = re.compile(r"20\d{2}-?[01]\d-?[0-3]\d")


@click.command("pin", cls=Grouped)
@click.argument("name", required=False)
@click.option("--from", "spec", metavar="SOURCE", help=f"Where it lies: {FORMS}.")
@click.option("--root", metavar="DIR", help="The store's folder, where it is not in its usual place.")
@click.option("--lock", "place", metavar="FILE", default="models.lock", help="The lock.  [default: models.lock here]")
@click.option("--update", is_flag=True, help="Replace the pin of this name.")
@click.option("--ignore", multiple=True, metavar="GLOB", help="Files that need no pin; written into the lock.")
@click.option("--license", "licensed", metavar="SPDX", default="", help="The model's licence.")
@click.option(
    "--backend", multiple=True, metavar="NAME", help="A program that may serve it: ollama, vllm, tgi, llamacpp."
)
@click.option("--allow-code", is_flag=True, help="The model's own code may run; its files are pinned.")
@click.option("--key", metavar="PEM", help="Public key of an oms: bundle.")
@click.option("--walk-pickles", is_flag=True, help="Refuse pickles that import anything off a short list.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Files hashed at once.  [default: 1 to 4, by CPUs]")
@click.option("--reseal", is_flag=True, help="Write the lock anew after an edit by hand; pins nothing.")
def pin(
    name: str | None, spec: str | None, root: str | None, place: str, update: bool, ignore: tuple[str, ...],
    licensed: str, backend: tuple[str, ...], allow_code: bool, key: str | None, walk_pickles: bool, jobs: int | None,
    reseal: bool,
) -> None:  # fmt: skip
    """Pin NAME by the bytes that lie here now, read in full. No network.

    Exit code 0, 2 when the model cannot be pinned as it is, 3 when a file could not be read.
    """
    from trustgate.escape import terminal
    from trustgate.weights.lockfile import load, save

    target = Path(place)
    lock = load(target, must=False)
    if reseal:
        _reseal(target, lock, name, spec)
        return
    if not name or not spec:
        raise UsageError("give a NAME and --from SOURCE", f"SOURCE is one of: {FORMS}")
    if lock.models and lock.seal != "intact":
        raise UsageError(f"{place} was changed by hand", "read the change, then: trustgate models pin --reseal")
    known = lock.find(name)
    if known is not None and not update:
        raise UsageError(f"{name} is pinned already", "--update replaces the pin")
    wish = _wish(known, name, ignore, licensed, backend, allow_code)
    model = _pinned(wish, spec, Path(root) if root else None, target, key, jobs, walk_pickles)
    _check(model, known, lock)
    others = tuple(item for item in lock.models if known is None or item.name.casefold() != known.name.casefold())
    ordered = tuple(sorted((*others, model), key=lambda item: item.name.casefold()))
    save(target, lock._replace(models=ordered))
    size = sum(item.size for item in model.files)
    click.echo(terminal(f"pinned {model.name} by {model.strength.label}: {len(model.files)} files, {size} bytes"))
    if model.format in ("pickle", "npy", "hdf5"):
        click.echo(
            f"trustgate: format {model.format} can run code when it is loaded; only its bytes are pinned", err=True
        )


def _reseal(target: Path, lock: Lock, name: str | None, spec: str | None) -> None:
    from trustgate.weights.lockfile import save

    if name or spec:
        raise UsageError("--reseal pins nothing", "give neither a NAME nor --from with it")
    for model in lock.models:
        if not model.root_holds:
            raise UsageError(f"the root of {model.name} is not that of its files", "pin it again with --update")
    save(target, lock)
    click.echo(f"{target} has its digest again; every root in it holds")


def _wish(
    known: PinnedModel | None, name: str, ignore: tuple[str, ...], licensed: str, backend: tuple[str, ...],
    allow_code: bool,
) -> Wish:  # fmt: skip
    """What was asked for; what was not is kept from the pin that is replaced. Leave to run code is not kept."""
    from trustgate.weights.pinning import Wish

    if known is not None:
        ignore, backend = ignore or known.ignore, backend or known.backends
        licensed = licensed or (known.license.spdx if known.license else "")
    return Wish(name, "", "", ignore, licensed, backend, allow_code)


def _check(model: PinnedModel, known: PinnedModel | None, lock: Lock) -> None:
    """Raises UsageError for a pin that the lock's own policy would refuse, or that loses a signature."""
    from trustgate.weights.verify import before_any_file

    if faults := before_any_file(model, lock.policy):
        raise UsageError(f"{model.name}: {faults[0]}", "nothing was pinned")
    if known is not None and known.signature is not None and model.signature is None:
        raise UsageError(
            f"{model.name} is pinned with a signature", "pin it from its bundle: --from oms:BUNDLE --key PEM"
        )


def _pinned(
    wish: Wish, spec: str, root: Path | None, lock: Path, key: str | None, jobs: int | None, walk_pickles: bool
) -> PinnedModel:
    from trustgate.cli.hashing_bar import hashing_bar
    from trustgate.weights.pinning import pin as make
    from trustgate.weights.run import Run, default_jobs

    kind, _, rest = spec.partition(":")
    if kind == "api":
        return _api(wish, rest)
    wish, tree, signature = _found(wish, spec, root, lock, key)
    with hashing_bar("hashing") as (began, step):
        model = make(wish, tree, Run(jobs or default_jobs(), step=step, began=began))
    if walk_pickles:
        from trustgate.weights.walking import walk_pickles as walk

        if faults := walk(model, tree):
            raise UsageError(faults[0], "nothing was pinned")
    return model._replace(signature=signature)


def _found(
    wish: Wish, spec: str, root: Path | None, lock: Path, key: str | None
) -> tuple[Wish, Tree, Signature | None]:
    """The pin's source, its files, and the signature that vouches for them."""
    from trustgate.weights.stores import folder, hf, ollama

    kind, _, rest = spec.partition(":")
    if kind == "hf":
        ref, _, revision = rest.partition("@")
        tree = hf.resolve(ref, revision, hf.cache(root, os.environ))
        return wish._replace(source="hf", ref=ref), tree, None
    if kind == "ollama":
        base = ollama.models(root, os.environ)
        elsewhere = ollama.runs_elsewhere(base, rest)
        if elsewhere:
            raise UsageError(f"{rest} runs on {elsewhere}: there are no weights here to pin", "pin it as api:…")
        return wish._replace(source="ollama", ref=rest), ollama.locate(rest, base), None
    if kind == "sums":
        from trustgate.weights.stores.sums import LARGEST, read_sums

        source = Path(rest)
        tree = folder.at(root or source.absolute().parent)
        expected = read_sums(_bytes(source, LARGEST), rest)
        wish = wish._replace(source="file", ref=_ref(tree.base, lock), expected=expected)
        return _without(wish, tree, source), tree, None
    if kind == "oms":
        from trustgate.weights import oms
        from trustgate.weights.pins import Signature as Pinned

        source = Path(rest)
        if key is None:
            raise UsageError("an oms: bundle needs the public key of its signer", "--key PEM")
        signed = oms.verify_bundle(_bytes(source, oms.LARGEST), _bytes(Path(key), 1 << 16), source.name)
        tree = folder.at(root or source.absolute().parent)
        wish = wish._replace(source="file", ref=_ref(tree.base, lock), expected=dict(signed.files))
        return _without(wish, tree, source), tree, Pinned(_ref(source, lock), signed.key_sha256)
    here = Path(rest if kind in ("dir", "file") and rest else spec)
    return wish._replace(source="file", ref=_ref(root or here, lock)), folder.at(root or here), None


def _without(wish: Wish, tree: Tree, list_file: Path) -> Wish:
    """A list cannot name itself: where it lies among the files, it is left out by name, in the lock for all to see."""
    try:
        inside = list_file.absolute().relative_to(tree.base.absolute()).as_posix()
    except ValueError:
        return wish
    stated = inside in (wish.expected or {}) or inside in wish.ignore
    return wish if stated else wish._replace(ignore=(*wish.ignore, inside))


def _ref(place: Path, lock: Path) -> str:
    """The path from the lock's folder, or the bare name of what lies elsewhere (then `verify` needs --root)."""
    full = Path(os.path.normpath(place.absolute()))
    base = Path(os.path.normpath(lock.absolute())).parent
    if full != base and full.is_relative_to(base):
        return full.relative_to(base).as_posix()
    if not full.name:
        raise UsageError(f"{place} has no name to pin it under")
    return full.name


def _api(wish: Wish, rest: str) -> PinnedModel:
    from trustgate.weights.pins import Api, PinnedModel

    match = re.fullmatch(r"([A-Za-z0-9._-]+)/([A-Za-z0-9._:/@+-]+)@([a-z0-9.:-]+)", rest)
    if match is None:
        raise UsageError(
            f"api:{rest} is not provider/model@host", "for example api:anthropic/some-model-20250929@api.example.com"
        )
    provider, model, host = match.groups()
    dated = _DATED.search(model) is not None
    if not dated:
        click.echo(f"trustgate: {model} has no date: the vendor may move it to other weights", err=True)
    return PinnedModel(wish.name, "api", "", backends=wish.backends, api=Api(provider, host, model, dated))


def _bytes(place: Path, most: int) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise UsageError(f"{place} cannot be read: {error.strerror}") from error
