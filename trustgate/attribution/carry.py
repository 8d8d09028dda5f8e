"""The carry-over block: trailers that keep the origins of a range through a squash merge, written and read by us.

    Trustgate-Origin: generated; agent=crush; model=glm-5.2; provider=openrouter; hosting=free-tier

One line an origin, `unknown` among them: a commit that nobody claimed stays unclaimed. It is text like any other
trailer, so what is read from it is `declared`; the registry says what follows from a model or a provider, not the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from trustgate.attribution.backend import Backend, Served, Stated
from trustgate.attribution.origin import Hosting, Origin, OriginClass
from trustgate.attribution.registry import Registry

KEY = "Trustgate-Origin"
MARKER = "carried"
"""id of the marker that reads it"""
_NAME = re.compile(r"[a-z0-9][a-z0-9._:@+ -]{0,79}")
_SAID = (Hosting.FREE, Hosting.RELAY)
"""hosting that a line may say of itself: only ever a stricter one than the registry's"""


class Carried(NamedTuple):
    origin_class: OriginClass
    agent: str
    backends: tuple[Backend, ...]


def carry_block(origins: Iterable[Origin]) -> str:
    """The trailers, sorted, each with its line break; none for no origins."""
    return "".join(sorted({f"{KEY}: {_value(origin)}\n" for origin in origins}))


def _value(origin: Origin) -> str:
    fields = [("agent", origin.agent), ("model", origin.model)]
    if not origin.model:
        fields.append(("family", origin.family))
    fields.append(("provider", origin.provider))
    if origin.hosting in _SAID:
        fields.append(("hosting", origin.hosting.value))
    return "; ".join([origin.origin_class.value, *(f"{key}={value}" for key, value in fields if value)])


def read_carried(value: str, registry: Registry) -> Carried | None:
    """The origin that a line states; None where it is not one of ours. Unknown fields are left out."""
    first, *rest = value.lower().split(";", 8)
    try:
        origin_class = OriginClass(first.strip())
    except ValueError:
        return None
    fields: dict[str, str] = {}
    for part in rest:
        key, _, text = part.strip().partition("=")
        if _NAME.fullmatch(text):
            fields.setdefault(key, text)
    name = fields.get("model") or fields.get("family", "")
    stated = registry.models.named(name) if name else Stated()
    if "model" not in fields:
        stated = stated._replace(model="")
    known = registry.providers.get(fields.get("provider", ""))
    served = known.served if known else Served("unknown") if "provider" in fields else Served()
    if fields.get("hosting") in _SAID:
        served = served._replace(hosting=Hosting(fields["hosting"]))
    backend = Backend(stated, served)
    return Carried(origin_class, fields.get("agent", ""), () if backend.empty else (backend,))
