"""A claim: what one mark says about who wrote a commit, before claims are brought together."""

from __future__ import annotations

from typing import NamedTuple

from trustgate.attribution.backend import Backend
from trustgate.attribution.origin import OriginClass, Trust

DETAIL_LIMIT = 200
"""characters of matched text kept as evidence"""


class Claim(NamedTuple):
    rule: str
    """id of the marker, or of the rule in code that made the claim"""
    kind: str
    """Evidence.kind"""
    detail: str
    """Evidence.detail; no more than DETAIL_LIMIT characters and no credential"""
    origin_class: OriginClass
    trust: Trust
    agent: str = ""
    backends: tuple[Backend, ...] = ()
    """empty where no model and no provider is stated"""


def cut(text: str) -> str:
    return text if len(text) <= DETAIL_LIMIT else text[: DETAIL_LIMIT - 1] + "…"
