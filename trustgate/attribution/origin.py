"""Origin: the backend that wrote a hunk, on what evidence. No I/O."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from trustgate.record import NamedTuple


class OriginClass(StrEnum):
    """How the change came to be. Nothing can prove `human`, so there is no such class."""

    GENERATED = "generated"
    SUGGESTED = "suggested"
    ASSISTED = "assisted"
    AUTOMATION = "automation"
    DECLARED_NO_AI = "declared_no_ai"
    UNKNOWN = "unknown"


class Trust(IntEnum):
    """How far evidence can be relied on. DECLARED and below can only raise strictness."""

    NONE = 0
    WEAK = 1
    DECLARED = 2
    RECORDED = 3
    FORGE = 4
    SIGNED = 5

    @property
    def label(self) -> str:
        return self.name.lower()


class Hosting(StrEnum):
    FRONTIER = "frontier-hosted"
    CLOUD = "cloud-reseller"
    VENDOR = "vendor-hosted"
    INFERENCE = "inference-host"
    AGGREGATOR = "aggregator"
    FREE = "free-tier"
    SELF = "self-hosted"
    RELAY = "loopback-relay"
    UNKNOWN = "unknown"


CLOSED_HOSTS = (Hosting.FRONTIER, Hosting.CLOUD)
"""who serves closed models: on them, weights that are not known to be closed are no reason to be careful"""


class Evidence(NamedTuple):
    kind: str
    """trailer, footer, subject, author, committer, note, agent-trace, attestation, environment, pr-body or declared"""
    detail: str
    """the matched text, never a credential; hostile until escaped"""
    commit: str = ""


class Origin(NamedTuple):
    """One backend. Empty strings mean `not known`; model and provider are never guessed from an address."""

    id: str
    """short and stable within a report: `o0` is always the unknown origin"""
    origin_class: OriginClass = OriginClass.UNKNOWN
    agent: str = ""
    model: str = ""
    """the model as stated, route prefixes removed"""
    family: str = ""
    vendor: str = ""
    vendor_jurisdiction: str = ""
    open_weights: bool | None = None
    license: str = ""
    provider: str = ""
    """who served the model; `unknown` when an address was given that no registry has, empty when nothing was said"""
    hosting: Hosting = Hosting.UNKNOWN
    jurisdiction: str = ""
    """ISO 3166 country of the operator that served the model, empty when not known"""
    trust: Trust = Trust.NONE
    evidence: tuple[Evidence, ...] = ()
    commits: tuple[str, ...] = ()


UNKNOWN = Origin("o0")


class LineRange(NamedTuple):
    path: str
    start: int
    end: int
    """1-based, inclusive"""
    origin: str
    """Origin.id"""


class Attribution(NamedTuple):
    """Origins of a change set. Where no line range covers a line, `default` applies: the whole range's origin.

    With several origins and no line evidence, `default` names all of them and policy takes the strictest.
    """

    origins: tuple[Origin, ...] = (UNKNOWN,)
    default: tuple[str, ...] = ("o0",)
    lines: tuple[LineRange, ...] = ()
    """empty unless per-line evidence was asked for"""
    files: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """per path, the origins of the commits of the range that touched it; falls back to `default`"""
    problems: tuple[str, ...] = ()
    """records that should have been read and could not, in sentences"""
    refused: tuple[str, ...] = ()
    """attestations that do not count, in sentences for the report"""

    def of(self, path: str, line: int) -> tuple[Origin, ...]:
        """Every origin that may have written this line."""
        found = {item.origin for item in self.lines if item.path == path and item.start <= line <= item.end}
        wanted = found or dict(self.files).get(path, self.default)
        return tuple(o for o in self.origins if o.id in wanted)

    def counts(self, path: str, changed: list[range]) -> dict[str, int]:
        """How many of the changed lines of a path each origin may have written, by id. Ranges of `lines` lie within
        `changed`; lines that none covers count for every origin of the path."""
        found: dict[str, int] = {}
        mine = [item for item in self.lines if item.path == path]
        covered: set[int] = set()
        for item in mine:
            covered.update(range(item.start, item.end + 1))
            found[item.origin] = found.get(item.origin, 0) + item.end - item.start + 1
        bare = sum(map(len, changed)) - len(covered)
        for origin in self.of(path, 0) if bare else ():
            found[origin.id] = found.get(origin.id, 0) + bare
        return found
