"""A backend: a model and who served it, as far as a text or an address tells. No I/O.

Named tuples: the staged hook loads them, and a dataclass costs it a millisecond each.
"""

from __future__ import annotations

from typing import NamedTuple

from trustgate.attribution.origin import Hosting


class Stated(NamedTuple):
    """A model as a text states it. `model` is empty where only the family is told (`Claude Sonnet`, a plan name)."""

    model: str = ""
    family: str = ""
    vendor: str = ""
    vendor_jurisdiction: str = ""
    open_weights: bool | None = None
    license: str = ""
    free: bool = False
    """a `:free` or `-free` suffix: a free tier, whoever serves it"""
    cloud: bool = False
    """an Ollama `:cloud` tag: served by Ollama's cloud, also through a daemon on this machine"""


class Served(NamedTuple):
    """Who serves a model. The provider is empty where nothing is said, `unknown` where an address is not recognised."""

    provider: str = ""
    hosting: Hosting = Hosting.UNKNOWN
    jurisdiction: str = ""


class Backend(NamedTuple):
    stated: Stated = Stated()
    served: Served = Served()

    @property
    def empty(self) -> bool:
        return self == Backend()
