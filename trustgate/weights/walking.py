"""The opcode walk over every pickle of a pinned model, where it was asked for."""

from __future__ import annotations

from trustgate.weights.faults import Unclear, Wrong
from trustgate.weights.formats.pickles import check_pickle
from trustgate.weights.formats.sniff import format_of, promised
from trustgate.weights.opening import opened
from trustgate.weights.pins import PinnedModel
from trustgate.weights.tree import Tree

SHOWN = 5


def walk_pickles(model: PinnedModel, tree: Tree) -> tuple[str, ...]:
    """One sentence for each pickle that imports what is not on the list, or does not parse. Nothing is loaded."""
    faults = []
    for item in model.files:
        try:
            with opened(tree.base, tree.at(item.path), tree.blobs) as descriptor:
                found = format_of(descriptor)
                if found == "pickle" or promised(item.path) == "pickle" or (found == "zip" and item.role == "weights"):
                    names = check_pickle(descriptor)
                    if names:
                        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
                        faults.append(f"{item.path}: it would import {', '.join(names[:SHOWN])}{more}")
        except (Wrong, Unclear) as fault:
            faults.append(f"{item.path}: {fault}")
        except OSError as error:
            faults.append(f"{item.path}: it cannot be read: {error.strerror}")
    return tuple(faults)
