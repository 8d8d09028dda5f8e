"""An order of origins: which of several is the one to be most careful with. Policy decides what to do about it."""

from __future__ import annotations

from trustgate.attribution.origin import Hosting, Origin, OriginClass

_PART = {
    OriginClass.GENERATED: 3,
    OriginClass.ASSISTED: 3,
    OriginClass.SUGGESTED: 2,
    OriginClass.AUTOMATION: 1,
    OriginClass.UNKNOWN: 0,
    OriginClass.DECLARED_NO_AI: 0,
}
_CLASS = {
    OriginClass.GENERATED: 5,
    OriginClass.ASSISTED: 4,
    OriginClass.SUGGESTED: 3,
    OriginClass.AUTOMATION: 2,
    OriginClass.UNKNOWN: 1,
    OriginClass.DECLARED_NO_AI: 0,
}
_HOSTING = {
    Hosting.FRONTIER: 0,
    Hosting.CLOUD: 1,
    Hosting.INFERENCE: 2,
    Hosting.VENDOR: 3,
    Hosting.SELF: 4,
    Hosting.AGGREGATOR: 5,
    Hosting.RELAY: 6,
    Hosting.UNKNOWN: 7,
    Hosting.FREE: 8,
}


def strictness(origin: Origin) -> tuple[int, int, int, int, int]:
    """Larger is stricter. In this order:

    1. how much a model took part: wrote or assisted, then suggested, then a robot, then nothing known;
    2. the model: open weights, then named with openness not established, then not named, then known to be closed;
    3. hosting: free tier, unknown, relay, aggregator, self-hosted, a vendor's own, inference host, cloud, frontier;
    4. the class alone: generated, assisted, suggested, automation, unknown, declared_no_ai;
    5. the weaker evidence.
    """
    if origin.open_weights is not None:
        openness = 3 if origin.open_weights else 0
    else:
        openness = 2 if origin.model or origin.family else 1
    return (
        _PART[origin.origin_class],
        openness,
        _HOSTING[origin.hosting],
        _CLASS[origin.origin_class],
        -int(origin.trust),
    )


def class_strictness(origin_class: OriginClass) -> int:
    return _CLASS[origin_class]
