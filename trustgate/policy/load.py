"""TOML to `Policy`: the shipped preset, what the trusted base's `trustgate.toml` says over it, and its exceptions.

Strict: an unknown key, a wrong type, an unknown rule or action is a ConfigError that names file, table and key. The
shape is also published as JSON Schema (`schema.json`), and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from trustgate.attribution.origin import Hosting, Trust
from trustgate.errors import ConfigError
from trustgate.policy.canonical import digest_of
from trustgate.policy.exceptions import EXCEPTIONS_PATH, LONGEST_LIFE, lived, parse_exceptions
from trustgate.policy.lines import read_lines
from trustgate.policy.model import STAGES, Listed, Policy, Raising, TrustedPackage
from trustgate.policy.tables import Table, parse_toml
from trustgate.rulebook import Rulebook, RuleIds
from trustgate.verdict import Action

if TYPE_CHECKING:
    from trustgate.policy.data import DataRules
    from trustgate.policy.lanes import Reviewer

CONFIG_PATH = "trustgate.toml"
PRESETS = ("advise", "standard", "strict")
ECOSYSTEMS = ("pypi", "npm")
CHECKS = (
    "existence", "metadata", "manifest-format", "manifest-entry", "advisories", "undeclared-imports",
    "bandit", "semgrep",
)  # fmt: skip
"""checks that `required_checks` may name: the first word of a `NotChecked.what` that an analyzer yields.

A name that nothing yields would be a requirement that nobody can break: a test looks for each in `analyzers/`.
"""


def load_policy(
    base_file: Callable[[str], bytes | None],
    rulebook: Rulebook,
    known_rules: Container[str] | None,
    *,
    config: bytes | None = None,
    config_name: str = CONFIG_PATH,
    today: date | None = None,
) -> Policy:
    """The effective policy of a trusted base; the shipped `standard` where it has no `trustgate.toml`.

    `base_file` reads a path of the trusted base. `config` stands for the contents of `config_name` when they come from
    elsewhere (`--config` outside the repository, `policy replay --policy`). With `known_rules` None rule ids are not
    checked. `today` is a UTC day. Raises ConfigError.
    """
    data = base_file(config_name) if config is None else config
    return _policy(data, _document(data, config_name), base_file, rulebook, known_rules, today or today_utc())


def load_configuration(
    base_file: Callable[[str], bytes | None],
    rulebook: Rulebook,
    *,
    config: bytes | None = None,
    config_name: str = CONFIG_PATH,
    today: date | None = None,
) -> tuple[Policy, Rulebook]:
    """The effective policy, and the rulebook with the rules of the repository that it names.

    Arguments and errors are those of `load_policy`; rule ids are checked against all the rules.
    """
    data = base_file(config_name) if config is None else config
    document = _document(data, config_name)
    names = _rule_names(document)
    if names:
        from trustgate.teamrules import with_team_rules

        rulebook = with_team_rules(rulebook, base_file, names)
    return _policy(data, document, base_file, rulebook, RuleIds(rulebook), today or today_utc()), rulebook


def _document(data: bytes | None, name: str) -> Table:
    return Table(name, "", {} if data is None else parse_toml(name, data))


def _policy(
    data: bytes | None,
    document: Table,
    base_file: Callable[[str], bytes | None],
    rulebook: Rulebook,
    known_rules: Container[str] | None,
    day: date,
) -> Policy:
    preset = document.choice("preset", PRESETS, "standard")
    policy = shipped_policy(rulebook, preset)._replace(configured=data is not None)
    policy = _over(policy, document, document.name, known=known_rules, today=day)
    exceptions = parse_exceptions(base_file(EXCEPTIONS_PATH), known_rules, day, longest_life=policy.exception_days)
    policy = policy._replace(exceptions=exceptions)
    return policy._replace(digest=digest_of(policy))


def shipped_policy(rulebook: Rulebook, preset: str = "standard") -> Policy:
    """A preset as shipped, without a digest. Raises ConfigError when `rules/policy/` is not whole."""
    presets = rulebook.family("policy")
    chain: list[tuple[str, Mapping[str, Any]]] = []
    name = preset
    while name:
        if name not in presets or len(chain) > len(PRESETS):
            raise ConfigError(f"rules/policy/{name}.toml is missing", "install trustgate-review again")
        chain.append((name, presets[name]))
        name = str(presets[name].get("extends", ""))
    policy = Policy(preset, (), Raising())
    for name, values in reversed(chain):
        document = Table(f"shipped: {name}", "", {key: values[key] for key in values if key != "extends"})
        document.choice("preset", PRESETS)
        policy = _over(policy, document, f"shipped: {name}", known=None, today=today_utc(), shipped=True)
    return policy


def today_utc() -> date:
    return datetime.now(UTC).date()


def _over(
    policy: Policy, document: Table, source: str, *, known: Container[str] | None, today: date, shipped: bool = False
) -> Policy:
    """`policy` with what one document says over it."""
    sources = dict(policy.sources)
    raising = _raising(policy.raising, document.table("origins"), sources)
    attribution, limits, online = document.table("attribution"), document.table("limits"), document.table("online")
    packages, people = document.table("packages"), document.table("people")
    advise = document.flag("advise", policy.advise) if shipped else policy.advise
    changed = policy._replace(
        lines=read_lines(policy.lines, document.tables("line"), known, shipped),
        raising=raising,
        advise=advise,
        require_attribution=attribution.flag("require", policy.require_attribution),
        attribution_trust=Trust[
            attribution.choice(
                "trust_at_least", [t.label for t in Trust if t is not Trust.NONE], policy.attribution_trust.label
            ).upper()
        ],
        trailer=attribution.flag("trailer", policy.trailer),
        required_checks=document.choices("required_checks", CHECKS, policy.required_checks),
        touch_threshold=limits.number("touch_threshold", policy.touch_threshold, 0, 100),
        exception_days=limits.number("exception_days", policy.exception_days, 1, LONGEST_LIFE),
        online=tuple(stage for stage in STAGES if online.flag(stage, stage in policy.online)),
        private_names=_patterns(packages, "private", policy.private_names),
        cooldown_days=packages.number("cooldown_days", policy.cooldown_days, 0, 365),
        cooldown_exclude=_patterns(packages, "cooldown_exclude", policy.cooldown_exclude),
        people=people.strings("accounts", policy.people),
        forge_approvals=people.flag("forge_approvals", policy.forge_approvals),
        self_approval=people.flag("allow_self_approval", policy.self_approval),
        listed=_listed(policy.listed, document, sources),
        team_rules=_rule_names(document) or policy.team_rules,
        reviewer=_reviewer(policy.reviewer, document.table("reviewer")),
        data=_data(policy.data, document),
    )
    changed = changed._replace(packages=(*policy.packages, *_trusted(packages, changed.exception_days, today)))
    for table in (attribution, limits, online, packages, people):
        table.done()
    document.done()
    _note_sources(document, ("required_checks",), sources, source)
    named = [document.table(key) for key in ("rules", "data", "reviewer")]
    for table in (attribution, limits, online, packages, people, *named):
        _note_sources(table, table.values, sources, source)
    return changed._replace(sources=tuple(sorted(sources.items())))


def _listed(before: tuple[Listed, ...], document: Table, sources: dict[str, str]) -> tuple[Listed, ...]:
    table = document.table("boundaries")
    if not table.values:
        return before
    from trustgate.policy.listing import with_listed

    return with_listed(before, table, sources)


def _reviewer(before: Reviewer | None, table: Table) -> Reviewer | None:
    if not table.values:
        return before
    from trustgate.policy.lanes import read_reviewer

    return read_reviewer(before, table)


def _data(before: DataRules | None, document: Table) -> DataRules | None:
    table = document.table("data")
    if not table.values:
        return before
    from trustgate.policy.data import DataRules, read_data

    rules = read_data(before or DataRules(), table)
    table.done()
    return rules


def _rule_names(document: Table) -> tuple[str, ...]:
    table = document.table("rules")
    if not table.values:
        return ()
    from trustgate.policy.listing import rule_names

    return rule_names(table)


def _note_sources(table: Table, keys: Iterable[str], sources: dict[str, str], source: str) -> None:
    prefix = table.where.strip("[]")
    for key in keys:
        if table.has(key):
            sources[f"{prefix}.{key}" if prefix else key] = source


def _raising(before: Raising, table: Table, sources: dict[str, str]) -> Raising:
    hosts = table.choices("hosting", [h.value for h in Hosting if h is not Hosting.UNKNOWN], tuple(before.hosting))
    homes = table.strings("home_jurisdictions", before.home_jurisdictions)
    for country in homes:
        if len(country) != 2 or not (country.isascii() and country.isalpha() and country.isupper()):
            table.fail("home_jurisdictions", f"has {country!r}", 'ISO 3166 codes of two capital letters: ["US", "FR"]')
    names = {key: _names(table, key, getattr(before, key)) for key in ("agents", "models", "vendors", "providers")}
    raising = Raising(
        open_weights=table.flag("open_weights", before.open_weights),
        unclear_weights=table.flag("unclear_weights", before.unclear_weights),
        hosting=tuple(Hosting(host) for host in hosts),
        home_jurisdictions=homes,
        every_change=table.action("every_change", before.every_change),
        **names,
    )
    if raising.every_change is Action.BLOCK:
        table.fail("every_change", "can not be block: no change of such an origin could ever pass", "write escalate")
    table.done()
    _note_sources(table, table.values, sources, table.name)
    return raising


def _names(table: Table, key: str, before: tuple[str, ...]) -> tuple[str, ...]:
    names = table.strings(key, before)
    for name in names:
        if len(name) > 200 or not name.strip("*? \t\n"):
            table.fail(key, f"has {name!r}", "a name, or a pattern with literal text in it (`glm-*`)")
    return names


def _patterns(table: Table, key: str, before: tuple[str, ...]) -> tuple[str, ...]:
    names = table.strings(key, before)
    for name in names:
        literal = name.removesuffix("*")
        if "*" in literal or "?" in literal or len(literal) < 2 or len(name) > 200:
            table.fail(key, f"has {name!r}", "an exact name, or a literal beginning and one `*` (`acme-*`)")
    return names


def _trusted(table: Table, longest_life: int, today: date) -> list[TrustedPackage]:
    packages = []
    for entry in table.tables("trusted"):
        name = entry.text("name", longest=300)
        ecosystem, colon, package = name.partition(":")
        if not colon or ecosystem not in ECOSYSTEMS or not package or any(sign in package for sign in "*? \t\n"):
            entry.fail("name", f"is {name!r}", "one exact name with its ecosystem: `pypi:requests`, `npm:@acme/core`")
        reason, owner = entry.text("reason"), entry.text("owner", longest=200)
        packages.append(TrustedPackage(_normal(ecosystem, package), reason, owner, lived(entry, today, longest_life)))
        entry.done()
    return packages


def _normal(ecosystem: str, package: str) -> str:
    """`ecosystem:name`; PyPI names as PEP 503 has them, npm names are compared as they are."""
    if ecosystem == "pypi":
        package = "-".join(part for part in package.lower().replace("_", "-").replace(".", "-").split("-") if part)
    return f"{ecosystem}:{package}"
