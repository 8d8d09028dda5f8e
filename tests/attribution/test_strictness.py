from __future__ import annotations

import pytest

from trustgate.attribution.origin import UNKNOWN, Hosting, Origin, OriginClass, Trust
from trustgate.attribution.strictness import strictness

FRONTIER = Origin(
    "o1", OriginClass.GENERATED, "claude-code", "claude-opus-4-8", "claude", open_weights=False,
    provider="anthropic", hosting=Hosting.FRONTIER, trust=Trust.DECLARED,
)  # fmt: skip
SUGGESTED = FRONTIER._replace(origin_class=OriginClass.SUGGESTED)

STRICTER = {
    "open weights": (FRONTIER._replace(open_weights=True), FRONTIER),
    "weights not established": (FRONTIER._replace(open_weights=None), FRONTIER),
    "no model named": (FRONTIER._replace(open_weights=None, model="", family=""), FRONTIER),
    "named and unclear over not named": (
        FRONTIER._replace(open_weights=None),
        FRONTIER._replace(open_weights=None, model="", family=""),
    ),
    "unknown hosting": (FRONTIER._replace(hosting=Hosting.UNKNOWN), FRONTIER),
    "an aggregator": (FRONTIER._replace(hosting=Hosting.AGGREGATOR), FRONTIER),
    "a free tier over unknown hosting": (
        FRONTIER._replace(hosting=Hosting.FREE),
        FRONTIER._replace(hosting=Hosting.UNKNOWN),
    ),
    "generated over assisted": (FRONTIER, FRONTIER._replace(origin_class=OriginClass.ASSISTED)),
    "assisted over suggested": (FRONTIER._replace(origin_class=OriginClass.ASSISTED), SUGGESTED),
    "an author over an open-weight suggestion": (FRONTIER, SUGGESTED._replace(open_weights=True)),
    "an open-weight assistant over a frontier author": (
        FRONTIER._replace(origin_class=OriginClass.ASSISTED, open_weights=True),
        FRONTIER,
    ),
    "a suggestion over a robot": (SUGGESTED, UNKNOWN._replace(origin_class=OriginClass.AUTOMATION)),
    "unknown over declared none": (UNKNOWN, UNKNOWN._replace(origin_class=OriginClass.DECLARED_NO_AI)),
    "weaker evidence": (FRONTIER._replace(trust=Trust.WEAK), FRONTIER),
}


@pytest.mark.parametrize(("more", "less"), STRICTER.values(), ids=STRICTER)
def test_the_stricter_of_two(more: Origin, less: Origin) -> None:
    assert strictness(more) > strictness(less)


def test_every_class_and_hosting_has_a_place() -> None:
    for origin_class in OriginClass:
        for hosting in Hosting:
            assert len(strictness(FRONTIER._replace(origin_class=origin_class, hosting=hosting))) == 5
