"""`[reviewer]` of a policy: which models may give a second opinion, on what data, for how much money.

Loaded only where a policy has such a table. Whatever a lane says of itself is the team's word on the trusted base; what
the registry knows of its host and model is compared with that when the lane is opened.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from trustgate.attribution.providers import parse_endpoint
from trustgate.policy.tables import Table
from trustgate.prices import RATES, Rates, micro

APIS = ("anthropic", "openai")
DATA_CLASSES = ("public", "internal", "private", "phi")
"""how far content may travel, widest first"""
MODEL_CLASSES = ("unknown", "small", "standard", "frontier")
"""classes of `rules/reviewer/classes.toml`, weakest first"""
MOST_LANES = 10
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,99}")
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,199}")
DOLLAR = 1_000_000
"""micro-dollars"""


class Lane(NamedTuple):
    """One model behind one address. Order among lanes of the same data class is the order of fail-over."""

    name: str
    api: str
    base_url: str
    """without the path of a call: `https://api.anthropic.com`, `https://openrouter.ai/api/v1`"""
    model: str
    hosts: tuple[str, ...]
    """the only hosts that may be asked, lower case, without port"""
    data_class: str = "internal"
    """the highest class of content that it may be sent"""
    key_variable: str = ""
    """the environment variable that holds the key; empty for an endpoint without one"""
    max_output_tokens: int = 4096
    deadline: int = 120
    """seconds for everything that one question costs on this lane, retries and waits included"""
    self_hosted: bool = False
    """the model runs on the team's own machines"""
    own_account: bool = False
    """the host is the team's own account or gateway with an accountable vendor (Bedrock, Vertex, Azure, a proxy)"""
    free_tier: bool = False
    allow_below_class: bool = False
    """the lane may be used although its model or host is below `require_class`; every report says so"""
    response_models: tuple[str, ...] = ()
    """names under which the provider answers for `model`, beside the name itself and its dated form"""
    prices: Rates | None = None
    """the team's own rates, in place of the shipped table"""
    ca_file: str = ""
    """absolute path of certificate authorities, for an inner host; empty: the bundled ones"""
    proxy_from_environment: bool = False


class Budget(NamedTuple):
    """Most that reviews may cost, in micro-dollars; None: no limit."""

    run: int | None = 1 * DOLLAR
    pull_request: int | None = 5 * DOLLAR
    day: int | None = 25 * DOLLAR


class Reviewer(NamedTuple):
    """`[reviewer]` as a whole."""

    lanes: tuple[Lane, ...] = ()
    require_class: str = "frontier"
    require_independence: bool = False
    """a model never reviews code of its own family, also when there is no other lane"""
    budget: Budget = Budget()


def read_reviewer(before: Reviewer | None, table: Table) -> Reviewer | None:
    """What `[reviewer]` says over what was before; its lanes stand in place of all lanes before. Raises ConfigError."""
    if not table.values:
        return before
    start = before or Reviewer()
    lanes = tuple(_lane(entry) for entry in _inner_tables(table, "lane"))
    if len(lanes) > MOST_LANES:
        table.fail("lane", f"has {len(lanes)} entries, over the limit of {MOST_LANES}")
    names = [lane.name for lane in lanes]
    if len(set(names)) != len(names):
        table.fail("lane", "uses a name twice", "give each lane a name of its own")
    reviewer = Reviewer(
        lanes=lanes or start.lanes,
        require_class=table.choice("require_class", MODEL_CLASSES, start.require_class),
        require_independence=table.flag("require_independence", start.require_independence),
        budget=_budget(start.budget, _inner(table, "budget")),
    )
    table.done()
    return reviewer


def _lane(table: Table) -> Lane:
    name = table.text("name", longest=50)
    if not _NAME.fullmatch(name):
        table.fail("name", "must be lower-case letters, digits and hyphens")
    table.where = f"{table.where} ({name!r})"
    base_url, host = _address(table)
    model = table.text("model", longest=200)
    if not _MODEL.fullmatch(model):
        table.fail("model", "is no name of a model", "letters, digits and . _ : @ / + -")
    hosts = table.strings("hosts", (host,))
    if host not in hosts:
        table.fail("hosts", f"does not hold the host of base_url, {host}", "add it, or leave `hosts` out")
    if any(listed != listed.lower() or not re.fullmatch(r"[a-z0-9.:-]{1,253}", listed) for listed in hosts):
        table.fail("hosts", "must be host names in lower case, without scheme, port and patterns")
    lane = Lane(
        name=name,
        api=table.choice("api", APIS),
        base_url=base_url,
        model=model,
        hosts=hosts,
        data_class=table.choice("data_class", DATA_CLASSES, "internal"),
        key_variable=_variable(table),
        max_output_tokens=table.number("max_output_tokens", 4096, 64, 64_000),
        deadline=table.number("deadline", 120, 1, 900),
        self_hosted=table.flag("self_hosted", False),
        own_account=table.flag("own_account", False),
        free_tier=table.flag("free_tier", False),
        allow_below_class=table.flag("allow_below_class", False),
        response_models=table.strings("response_models"),
        prices=_prices(table),
        ca_file=table.text("ca_file", "", longest=4000),
        proxy_from_environment=table.flag("proxy_from_environment", False),
    )
    if lane.ca_file and not lane.ca_file.startswith("/"):
        table.fail("ca_file", "must be an absolute path", "a change could bring a relative one along")
    if lane.data_class in ("private", "phi") and not lane.self_hosted:
        table.fail("data_class", f"is {lane.data_class}, and the lane is not `self_hosted`", "such data stays at home")
    if lane.free_tier and lane.data_class != "public":
        table.fail("data_class", f"is {lane.data_class} on a free tier", 'write data_class = "public"')
    if lane.free_tier and lane.self_hosted:
        table.fail("free_tier", "and `self_hosted` exclude each other")
    table.done()
    return lane


def _address(table: Table) -> tuple[str, str]:
    """Base URL without the last slash, and its host."""
    url = table.text("base_url", longest=1000)
    endpoint = parse_endpoint(url)
    if endpoint is None or "://" not in url or any(sign in url for sign in "@?#"):
        table.fail("base_url", "is no plain address", "https://host/path, without user, query and fragment")
    if endpoint.scheme != "https":
        from trustgate.transport import is_loopback  # not for the hook, which reads policy too

        if endpoint.scheme != "http" or not is_loopback(endpoint.host):
            table.fail("base_url", "is not https", "plain http is for this machine only (http://127.0.0.1:8080)")
    return url.rstrip("/"), endpoint.host


def _variable(table: Table) -> str:
    name = table.text("key_variable", "", longest=1000)
    if name and not _VARIABLE.fullmatch(name):
        # The value is not shown: it may be a key that stands in the wrong place.
        table.fail(
            "key_variable", "is no name of an environment variable", 'name it: key_variable = "ANTHROPIC_API_KEY"'
        )
    return name


def _prices(table: Table) -> Rates | None:
    value = table.raw("prices")
    if value is None:
        return None
    prices = Table(table.name, f"{table.where} prices", value)
    found = {key: _dollars(prices, key, most=10_000) for key in RATES}
    prices.done()
    into, out = found["input"], found["output"]
    if into is None or out is None:
        prices.fail("input" if into is None else "output", "is missing", "dollars for a million tokens")
    return Rates(into, out, found["cache_read"], found["cache_write_5m"], found["cache_write_1h"], version="policy")


def _dollars(table: Table, key: str, *, most: int) -> int | None:
    """Micro-dollars of a number of dollars, None where the key is absent."""
    value = table.raw(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        table.fail(key, f"must be a number of dollars from 0 to {most}")
    return micro(value)


def _budget(before: Budget, table: Table) -> Budget:
    found = {key: _dollars(table, key, most=100_000) for key in ("run", "pull_request", "day")}
    unlimited = table.choices("unlimited", tuple(found))
    table.done()
    for key in unlimited:
        if found[key] is not None:
            table.fail("unlimited", f"names {key!r}, which has a limit here too")
    known = {key: value for key, value in found.items() if value is not None}
    return before._replace(**known, **dict.fromkeys(unlimited))


def _inner(table: Table, key: str) -> Table:
    value = table.raw(key)
    return Table(table.name, f"[reviewer.{key}]", {} if value is None else value)


def _inner_tables(table: Table, key: str) -> list[Table]:
    return [Table(t.name, t.where.replace("[[", "[[reviewer."), t.values) for t in table.tables(key)]
