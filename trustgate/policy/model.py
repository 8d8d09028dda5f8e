"""Frozen types of a policy. No I/O; `load.py` makes them, `decide.py` uses them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from trustgate.attribution.origin import Hosting, Trust
from trustgate.finding import Confidence
from trustgate.record import NamedTuple
from trustgate.verdict import Action

if TYPE_CHECKING:
    from trustgate.policy.data import DataRules
    from trustgate.policy.lanes import Reviewer

STAGES = ("commit", "push", "pr")
EVERY_RAISED_CHANGE = "every-raised-change"
"""policy line of a reason without a finding: `[origins] every_change`"""
ATTRIBUTION_REQUIRED = "attribution-required"
"""policy line of a reason without a finding: `[attribution] require`"""


class Match(NamedTuple):
    """What a line is about. Every condition that is given must hold; an empty one holds for all."""

    rules: tuple[str, ...] = ()
    analyzers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    """names of `finding.BOUNDARIES`; `core` and `other` are already expanded"""
    confidences: tuple[Confidence, ...] = ()
    severity_at_least: int = 0
    """a Severity, or 0"""
    paths: tuple[str, ...] = ()
    """anchored globs"""
    above_threshold: bool = False
    """the finding's score is at least `[limits] touch_threshold`"""
    with_lane: bool = False
    """only when a reviewer lane is configured"""


class Line(NamedTuple):
    """One row of the policy table. `raised` is never below `unknown`."""

    id: str
    match: Match
    commit: Action
    unknown: Action
    raised: Action
    why: str
    clearable: str = ""
    """who may clear a finding: empty (nobody), `person`, or `reviewer` (a reviewer or a person)"""
    fingerprint_only: bool = False
    """an exception counts only when it names the fingerprint, not a path"""
    source: str = "shipped"
    """the file that decides the columns: `shipped: standard`, or the team's file"""
    was: str = ""
    """the shipped columns that the team's file replaced, for `config show`"""


class Raising(NamedTuple):
    """Which origins are judged by the `raised` column. Names are compared without case; `*` stands for any text."""

    open_weights: bool = True
    unclear_weights: bool = True
    """a known family whose weights are not known to be closed, unless a frontier host or cloud serves it"""
    hosting: tuple[Hosting, ...] = ()
    home_jurisdictions: tuple[str, ...] = ()
    """ISO 3166 countries; when not empty, an operator or vendor known to be elsewhere raises"""
    agents: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    every_change: Action = Action.SILENT
    """what any change of a raised origin gets, findings or not"""


class Accepted(NamedTuple):
    """An exception: a finding accepted by a person. Exactly one of `fingerprint` and `path` is set."""

    rule: str
    reason: str
    owner: str
    expires: date
    """the last day on which it counts"""
    fingerprint: str = ""
    """16 to 64 hex digits, a prefix of the finding's"""
    path: str = ""
    """an exact path or an anchored glob"""
    added: date | None = None

    @property
    def id(self) -> str:
        return f"{self.rule}:{self.fingerprint[:16] or self.path}"


class TrustedPackage(NamedTuple):
    """A package accepted by name. `name` is an exact `ecosystem:name`, normalised."""

    name: str
    reason: str
    owner: str
    expires: date


class Listed(NamedTuple):
    """Places that the team counts to a boundary, on top of what the rules find."""

    boundary: str
    paths: tuple[str, ...] = ()
    """anchored globs"""
    symbols: tuple[str, ...] = ()
    """names of functions, classes and variables, alone or with what they stand in; `*` is any text"""


class Policy(NamedTuple):
    """The effective policy of one review, from the shipped preset and the trusted base."""

    preset: str
    lines: tuple[Line, ...]
    raising: Raising
    exceptions: tuple[Accepted, ...] = ()
    advise: bool = False
    """judge and print, and exit 0 for findings, pending and could-not-judge"""
    require_attribution: bool = False
    attribution_trust: Trust = Trust.DECLARED
    """evidence below this is no record for `require_attribution`"""
    trailer: bool = False
    """the prepare-commit-msg hook adds an `Assisted-by` trailer"""
    required_checks: tuple[str, ...] = ()
    """checks whose absence is an error, by the first word of `NotChecked.what`"""
    private_names: tuple[str, ...] = ()
    cooldown_days: int = 7
    """age in days that a published version must have to be taken without a word; 0 asks for none"""
    cooldown_exclude: tuple[str, ...] = ()
    """patterns of package names that need not wait"""
    packages: tuple[TrustedPackage, ...] = ()
    online: tuple[str, ...] = ()
    """stages at which registries and advisory sources may be asked"""
    touch_threshold: int = 70
    exception_days: int = 400
    people: tuple[str, ...] = ()
    """of the forge accounts that may write, those whose approving review counts; empty: all of them"""
    forge_approvals: bool = True
    self_approval: bool = False
    """a signed approval by an author of the change counts, and the verdict says so"""
    listed: tuple[Listed, ...] = ()
    team_rules: tuple[str, ...] = ()
    """ids of the repository's own boundary rules"""
    reviewer: Reviewer | None = None
    """None where no file has a `[reviewer]` table"""
    data: DataRules | None = None
    """how far each path may travel to a reviewer; None is the default, `internal` for everything"""
    configured: bool = False
    """False when the trusted base has no configuration of its own"""
    sources: tuple[tuple[str, str], ...] = ()
    """per setting outside the lines (`origins.hosting`), the file that decided it"""
    digest: str = ""
    """hex sha256 over the effective form, where it came from left out"""

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def trusted_packages(self, today: date) -> tuple[str, ...]:
        """Names trusted on this day, as `Settings.trusted_packages` takes them."""
        return tuple(package.name for package in self.packages if package.expires >= today)

    @property
    def has_lane(self) -> bool:
        """Whether a model may be asked for a second opinion at all."""
        return self.reviewer is not None and bool(self.reviewer.lanes)

    def may_ask(self, stage: str) -> bool:
        """Whether the network may be used at this stage; `--offline` still forbids it."""
        return stage in self.online
