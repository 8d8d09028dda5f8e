"""`trustgate.toml` and `.trustgate/exceptions.toml`: what is read, what is refused, and that the schemas agree."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_samples import RULES, TODAY

import trustgate.analyzers as analyzers_package
from trustgate.analyzers.flaws import ABSENT, ENGINES
from trustgate.attribution.origin import Attribution, Hosting, Trust
from trustgate.errors import ConfigError
from trustgate.finding import NotChecked
from trustgate.policy.decide import decide
from trustgate.policy.load import CHECKS, load_policy, shipped_policy
from trustgate.policy.model import Policy
from trustgate.rulebook import Rulebook, load_rulebook
from trustgate.verdict import Action

RULEBOOK = load_rulebook()
NEW = '[[line]]\nid = "payments"\ncommit = "warn"\nunknown = "escalate"\nraised = "block"\nwhy = "Money."\n'
LANE = '[[reviewer.lane]]\nname = "main"\napi = "anthropic"\nbase_url = "https://api.anthropic.com"\nmodel = "claude-opus-4-7"\n'
TRUSTED = '[[packages.trusted]]\nname = "pypi:a"\nreason = "r"\nowner = "o"\nexpires = 2030-07-01\n'

GOOD = {
    "an empty file": "",
    "a preset": 'preset = "strict"',
    "origins": '[origins]\nopen_weights = false\nhosting = ["free-tier"]\nmodels = ["glm-*"]\nevery_change = "warn"',
    "homes": '[origins]\nhome_jurisdictions = ["US", "FR"]',
    "attribution": '[attribution]\nrequire = true\ntrust_at_least = "recorded"',
    "limits": "[limits]\ntouch_threshold = 0\nexception_days = 30",
    "online": "[online]\npr = false\ncommit = true",
    "required checks": 'required_checks = ["existence", "metadata"]',
    "private names": '[packages]\nprivate = ["acme-*", "@acme/*", "inner"]',
    "a trusted package": TRUSTED,
    "a quoted date": TRUSTED.replace("2030-07-01", '"2030-07-01"'),
    "a shipped line, milder": '[[line]]\nid = "weakening-core"\nunknown = "note"\nraised = "warn"',
    "a shipped line for nobody to clear": '[[line]]\nid = "weakening-core"\nclearable = ""',
    "a line by path": NEW + 'match = { path = ["src/payments/**"], boundary = ["core"] }',
    "a line by rule": NEW + 'match = { rule = ["weak-cipher"], severity_at_least = "high" }\nclearable = "person"',
    "a line by analyzer": NEW + 'match = { analyzer = ["flaws"], kind = ["flaw"] }',
    "a line for touches": NEW + 'match = { kind = ["touch"], above_threshold = true, with_lane = true }',
    "places of a boundary": '[boundaries.data-deletion]\npaths = ["src/ledger/**"]\nsymbols = ["charge_*", "Ledger.*"]',
    "symbols of two boundaries": '[boundaries]\nauth = { symbols = ["Gate"] }\ncrypto = { paths = ["lib/seal.py"] }',
    "no boundary in the table": "[boundaries]",
    "rules of the team": '[rules]\nboundaries = ["payments-guard", "x2"]',
    "no rules of the team": "[rules]\nboundaries = []",
    "a lane": LANE + 'key_variable = "ANTHROPIC_API_KEY"\nhosts = ["api.anthropic.com"]',
    "lanes in order": LANE + LANE.replace('"main"', '"second"').replace("anthropic", "openai"),
    "a lane at home": LANE.replace("https://api.anthropic.com", "http://127.0.0.1:8080")
    + 'self_hosted = true\ndata_class = "phi"\nallow_below_class = true\nprices = { input = 0, output = 0.25 }',
    "a free lane": LANE + 'free_tier = true\ndata_class = "public"',
    "a budget": "[reviewer.budget]\nrun = 0.5\nday = 20\nunlimited = ['pull_request']",
    "independence": '[reviewer]\nrequire_independence = true\nrequire_class = "standard"',
    "a line by fingerprint only": NEW + 'match = { kind = ["secret"] }\naccept = "fingerprint"',
}
BAD = {
    # what: text, what the message names
    "unknown key": ('prest = "strict"', ["prest"]),
    "unknown preset": ('preset = "lax"', ["preset", "lax"]),
    "advise is a preset": ("advise = true", ["advise"]),
    "unknown origins key": ("[origins]\nopen_wieghts = true", ["[origins]", "open_wieghts"]),
    "a word for a flag": ('[origins]\nopen_weights = "yes"', ["open_weights", "true or false"]),
    "a number for a flag": ("[attribution]\nrequire = 1", ["require"]),
    "unknown host": ('[origins]\nhosting = ["moon"]', ["hosting", "moon"]),
    "unknown as a host": ('[origins]\nhosting = ["unknown"]', ["hosting"]),
    "a country by name": ('[origins]\nhome_jurisdictions = ["France"]', ["home_jurisdictions"]),
    "every model": ('[origins]\nmodels = ["*"]', ["models"]),
    "block for every change": ('[origins]\nevery_change = "block"', ["every_change"]),
    "no trust": ('[attribution]\ntrust_at_least = "none"', ["trust_at_least"]),
    "a flag for a number": ("[limits]\ntouch_threshold = true", ["touch_threshold"]),
    "out of range": ("[limits]\ntouch_threshold = 101", ["touch_threshold", "100"]),
    "exceptions for ever": ("[limits]\nexception_days = 9999", ["exception_days", "400"]),
    "no such stage": ("[online]\ndeploy = true", ["deploy"]),
    "no such check": ('required_checks = ["existance"]', ["required_checks", "existance"]),
    "a check twice": ('required_checks = ["metadata", "metadata"]', ["required_checks"]),
    "every name private": ('[packages]\nprivate = ["*"]', ["private"]),
    "a star in the middle": ('[packages]\nprivate = ["acme-*-x"]', ["private"]),
    "trusted by pattern": (TRUSTED.replace("pypi:a", "pypi:a*"), ["trusted", "name"]),
    "trusted without ecosystem": (TRUSTED.replace("pypi:a", "a"), ["name"]),
    "trusted without owner": (TRUSTED.replace('owner = "o"\n', ""), ["owner", "missing"]),
    "trusted without a blank-free reason": (TRUSTED.replace('"r"', '" "'), ["reason"]),
    "a line without id": ('[[line]]\ncommit = "note"', ["id", "missing"]),
    "an unknown line": ('[[line]]\nid = "weakening"\ncommit = "note"', ["weakening", "match"]),
    "a shipped line matched anew": (
        NEW.replace("payments", "weakening-core") + 'match = { kind = ["flaw"] }',
        ["match"],
    ),
    "accept on a shipped line": ('[[line]]\nid = "own-files"\naccept = "any"', ["accept"]),
    "an action nobody knows": ('[[line]]\nid = "touch-core"\nraised = "shout"', ["touch-core", "raised", "shout"]),
    "raised below unknown": ('[[line]]\nid = "touch-core"\nunknown = "block"', ["touch-core", "raised", "milder"]),
    "a new line, raised below": (
        NEW.replace('"block"', '"note"') + 'match = { kind = ["flaw"] }',
        ["raised", "milder"],
    ),
    "a new line without a column": (NEW.replace('raised = "block"\n', "") + 'match = { kind = ["flaw"] }', ["raised"]),
    "a new line without why": (NEW.replace('why = "Money."\n', "") + 'match = { kind = ["flaw"] }', ["why"]),
    "a line that matches everything": (NEW + "match = {}", ["payments"]),
    "an empty condition": (NEW + 'match = { kind = ["flaw"], rule = [] }', ["rule"]),
    "an unknown rule": (NEW + 'match = { rule = ["weak-chiper"] }', ["weak-chiper"]),
    "an unknown analyzer": (NEW + 'match = { analyzer = ["lint"] }', ["analyzer", "lint"]),
    "an unknown boundary": (NEW + 'match = { boundary = ["money"] }', ["boundary", "money"]),
    "an unanchored path": (NEW + 'match = { path = ["**/pay/**"] }', ["path", "literal"]),
    "a path upwards": (NEW + 'match = { path = ["src/../x"] }', ["path"]),
    "a line twice": ('[[line]]\nid = "touch-core"\n' * 2, ["touch-core", "twice"]),
    "an id with blanks": (NEW.replace("payments", "pay ments") + 'match = { kind = ["flaw"] }', ["id"]),
    "a boundary nobody knows": ('[boundaries.money]\npaths = ["src/pay/**"]', ["[boundaries]", "money"]),
    "a boundary without places": ("[boundaries.auth]", ["[boundaries.auth]", "paths", "symbols"]),
    "a boundary that is a list": ('[boundaries]\nauth = ["src/pay/**"]', ["[boundaries.auth]"]),
    "an empty list of paths": ('[boundaries.auth]\npaths = []\nsymbols = ["a"]', ["[boundaries.auth]", "paths"]),
    "everywhere": ('[boundaries.auth]\npaths = ["**"]', ["[boundaries.auth]", "paths", "literal"]),
    "a path out of the repository": ('[boundaries.auth]\npaths = ["../x"]', ["[boundaries.auth]", "paths"]),
    "a path that is a number": ("[boundaries.auth]\npaths = [1]", ["[boundaries.auth]", "paths"]),
    "every symbol": ('[boundaries.auth]\nsymbols = ["*.*"]', ["[boundaries.auth]", "symbols"]),
    "a symbol with blanks": ('[boundaries.auth]\nsymbols = ["def pay"]', ["[boundaries.auth]", "symbols"]),
    "an endless symbol": (f'[boundaries.auth]\nsymbols = ["{"a" * 201}"]', ["[boundaries.auth]", "symbols"]),
    "too many symbols": (
        f"[boundaries.auth]\nsymbols = {json.dumps([f's{n}' for n in range(201)])}",
        ["[boundaries.auth]", "symbols", "200"],
    ),
    "another key of a boundary": ('[boundaries.auth]\npath = ["src"]', ["[boundaries.auth]", "path"]),
    "rules of another family": ('[rules]\nsecrets = ["x"]', ["[rules]", "secrets"]),
    "a rule by its path": ('[rules]\nboundaries = ["../x"]', ["[rules]", "boundaries"]),
    "a rule in capitals": ('[rules]\nboundaries = ["Pay"]', ["[rules]", "boundaries"]),
    "a rule twice": ('[rules]\nboundaries = ["a", "a"]', ["[rules]", "boundaries", "twice"]),
    "too many rules": (
        f"[rules]\nboundaries = {json.dumps([f'r{n}' for n in range(101)])}",
        ["[rules]", "boundaries", "100"],
    ),
    "a lane without a model": (
        LANE.replace('model = "claude-opus-4-7"\n', ""),
        ["[[reviewer.lane]] 1", "model", "missing"],
    ),
    "a lane with a key in place of its name": (LANE + 'key_variable = "sk-ant-123"', ["main", "key_variable"]),
    "a lane in the clear": (LANE.replace("https", "http"), ["main", "base_url", "https"]),
    "an address with a user": (LANE.replace("api.anthropic", "u@api.anthropic"), ["base_url"]),
    "an address with a query": (LANE.replace(".com", ".com/?a=b"), ["base_url"]),
    "an address that is a word": (LANE.replace("https://api.anthropic.com", "anthropic"), ["base_url"]),
    "a host that is not the lane's": (LANE + 'hosts = ["other.example"]', ["hosts", "api.anthropic.com"]),
    "a host by pattern": (LANE + 'hosts = ["api.anthropic.com", "*.example"]', ["hosts"]),
    "an unknown api": (LANE.replace('api = "anthropic"', 'api = "gemini"'), ["api", "gemini"]),
    "a lane name with blanks": (LANE.replace('"main"', '"the main"'), ["name"]),
    "a lane twice": (LANE * 2, ["[reviewer]", "lane", "twice"]),
    "too many lanes": ("".join(LANE.replace("main", f"l{n}") for n in range(11)), ["lane", "10"]),
    "a model with blanks": (LANE.replace("claude-opus-4-7", "claude opus"), ["model"]),
    "health data abroad": (LANE + 'data_class = "phi"', ["main", "data_class", "self_hosted"]),
    "a free lane for code": (LANE + "free_tier = true", ["data_class", "free tier"]),
    "free and at home": (
        LANE + 'free_tier = true\nself_hosted = true\ndata_class = "public"',
        ["free_tier", "self_hosted"],
    ),
    "a data class nobody knows": (LANE + 'data_class = "secret"', ["data_class", "secret"]),
    "a price without output": (LANE + "prices = { input = 1 }", ["main", "prices", "output"]),
    "a price that is a word": (LANE + 'prices = { input = "1", output = 2 }', ["prices", "input"]),
    "an endless price": (LANE + "prices = { input = inf, output = 2 }", ["prices", "input"]),
    "a price that is none": (LANE + "prices = { input = nan, output = 2 }", ["prices", "input"]),
    "certificates of the tree": (LANE + 'ca_file = "certs/ca.pem"', ["ca_file", "absolute"]),
    "no time to answer": (LANE + "deadline = 0", ["deadline"]),
    "an unknown key of a lane": (LANE + "temperature = 0", ["main", "temperature"]),
    "an unknown reviewer key": ("[reviewer]\nmodel = 'x'", ["[reviewer]", "model"]),
    "a class nobody knows": ('[reviewer]\nrequire_class = "best"', ["require_class", "best"]),
    "a budget below nothing": ("[reviewer.budget]\nrun = -1", ["[reviewer.budget]", "run"]),
    "limited and unlimited": ("[reviewer.budget]\nrun = 1\nunlimited = ['run']", ["unlimited", "run"]),
    "a table for a list": ("[line]\nid = 1", ["line", "array"]),
    "a list for a table": ("origins = []", ["[origins]"]),
}
ENTRY = (
    '[[exception]]\nrule = "weak-cipher"\nfingerprint = "0123456789abcdef"\nreason = "r"\nowner = "o"\n'
    "expires = 2030-07-01\n"
)
PLACE = ENTRY.replace('fingerprint = "0123456789abcdef"', 'path = "tests/**/*.pem"')
GOOD_EXCEPTIONS = {
    "an empty file": "",
    "by prefix": ENTRY,
    "by the whole fingerprint": ENTRY.replace("0123456789abcdef", "0123456789abcdef" * 4),
    "by glob": PLACE,
    "by path": PLACE.replace("tests/**/*.pem", "setup.py"),
    "with the day it was added": ENTRY + "added = 2030-06-01",
    "expired": ENTRY.replace("2030-07-01", "2029-01-01"),
}
BAD_EXCEPTIONS = {
    "everything": (PLACE.replace("tests/**/*.pem", "**"), ["path"]),
    "every file of a name": (PLACE.replace("tests/**/*.pem", "**/x.py"), ["path", "literal"]),
    "a loose beginning": (PLACE.replace("tests/**/*.pem", "auth*"), ["path"]),
    "every rule": (ENTRY.replace("weak-cipher", "*"), ["rule", "pattern"]),
    "no rule": (ENTRY.replace('rule = "weak-cipher"\n', ""), ["rule", "missing"]),
    "an unknown rule": (ENTRY.replace("weak-cipher", "weak-chiper"), ["weak-chiper", "unknown"]),
    "no reason": (ENTRY.replace('reason = "r"\n', ""), ["reason"]),
    "a blank reason": (ENTRY.replace('"r"', '""'), ["reason"]),
    "no owner": (ENTRY.replace('owner = "o"\n', ""), ["owner"]),
    "no end": (ENTRY.replace("expires = 2030-07-01\n", ""), ["expires", "missing"]),
    "an end in 9999": (ENTRY.replace("2030-07-01", "9999-12-31"), ["expires", "400"]),
    "401 days": (ENTRY.replace("2030-07-01", "2031-07-07"), ["expires", "400"]),
    "an end with a time": (ENTRY.replace("2030-07-01", "2030-07-01T00:00:00Z"), ["expires", "date"]),
    "no day": (ENTRY.replace("2030-07-01", '"2030-02-30"'), ["expires"]),
    "an end before its beginning": (ENTRY + "added = 2030-07-02", ["expires", "added"]),
    "neither finding nor place": (ENTRY.replace('fingerprint = "0123456789abcdef"\n', ""), ["fingerprint"]),
    "both": (ENTRY + 'path = "setup.py"', ["path", "fingerprint"]),
    "a short prefix": (ENTRY.replace("0123456789abcdef", "0123456789abcde"), ["fingerprint", "16"]),
    "capital digits": (ENTRY.replace("0123456789abcdef", "0123456789ABCDEF"), ["fingerprint"]),
    "an unknown key": (ENTRY + 'scope = "all"', ["scope"]),
    "another table": ("[[exeption]]", ["exeption"]),
}
BEYOND_SHAPE = {
    # only the loader knows: rule ids, other lines, this day
    "raised below unknown",
    "a new line, raised below",
    "an unknown line",
    "an unknown rule",
    "a shipped line matched anew",
    "a line twice",
    "an end in 9999",
    "a lane in the clear",
    "a host that is not the lane's",
    "a lane twice",
    "health data abroad",
    "a free lane for code",
    "free and at home",
    "a price that is none",
    "limited and unlimited",
    "401 days",
    "an end before its beginning",
}


@pytest.mark.parametrize("name", GOOD)
def test_reads(name: str, policy_of: Callable[..., Policy]) -> None:
    assert policy_of(GOOD[name]).lines[-1].id == "anything-else"


@pytest.mark.parametrize("name", BAD)
def test_refuses_and_names_the_place(name: str, policy_of: Callable[..., Policy]) -> None:
    text, words = BAD[name]
    with pytest.raises(ConfigError) as caught:
        policy_of(text)
    assert all(word in caught.value.message for word in ("trustgate.toml", *words)), caught.value.message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", GOOD_EXCEPTIONS)
def test_reads_exceptions(name: str, policy_of: Callable[..., Policy]) -> None:
    assert len(policy_of(exceptions=GOOD_EXCEPTIONS[name]).exceptions) == GOOD_EXCEPTIONS[name].count("[[exception]]")


@pytest.mark.parametrize("name", BAD_EXCEPTIONS)
def test_refuses_exceptions_that_accept_too_much(name: str, policy_of: Callable[..., Policy]) -> None:
    text, words = BAD_EXCEPTIONS[name]
    with pytest.raises(ConfigError) as caught:
        policy_of(exceptions=text)
    assert all(word in caught.value.message for word in (".trustgate/exceptions.toml", *words)), caught.value.message


def test_one_bad_entry_spoils_the_file_and_says_which(policy_of: Callable[..., Policy]) -> None:
    with pytest.raises(ConfigError, match=r"\[\[exception\]\] 2: key `reason`"):
        policy_of(exceptions=ENTRY + ENTRY.replace('reason = "r"\n', "").replace("weak-cipher", "guard-removed"))


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"a = [", b"x" * (1024 * 1024 + 1), b"a = " + b"[" * 50_000, b'preset = "strict"\n' * 2]
)
def test_no_toml_is_a_configuration_error(data: bytes, rulebook: Rulebook) -> None:
    with pytest.raises(ConfigError, match=r"trustgate\.toml"):
        load_policy(lambda path: data if path == "trustgate.toml" else None, rulebook, RULES, today=TODAY)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_load_or_raise_a_configuration_error(data: bytes) -> None:
    try:
        policy = load_policy(lambda _path: data, RULEBOOK, RULES, today=TODAY)
    except ConfigError as error:
        assert error.message
    else:
        assert policy.lines


@settings(deadline=None)
@given(st.recursive(st.text("ab*/.", max_size=4) | st.integers() | st.booleans(), lambda x: st.lists(x, max_size=3)))
def test_any_value_under_a_known_key_loads_or_raises(value: Any) -> None:
    for key in ("preset", "required_checks", "line", "origins"):
        try:
            load_policy(
                lambda _path: None,
                RULEBOOK,
                RULES,
                config=f"{key} = {json.dumps(value)}".encode(),
                today=TODAY,
            )
        except ConfigError as error:
            assert key in error.message


# ------------------------------------------------------------------ what the values come to


def test_without_a_file_the_shipped_standard_holds(policy_of: Callable[..., Policy], rulebook: Rulebook) -> None:
    policy = policy_of()
    assert (policy.preset, policy.configured, policy.advise) == ("standard", False, False)
    assert policy.lines == shipped_policy(rulebook).lines
    assert policy_of("").configured


def test_a_team_changes_a_column_and_the_line_says_so(policy_of: Callable[..., Policy]) -> None:
    policy = policy_of('[[line]]\nid = "weakening-core"\nunknown = "note"\n')
    line = policy.line("weakening-core")
    assert line is not None
    assert (line.commit, line.unknown, line.raised) == (Action.WARN, Action.NOTE, Action.ESCALATE)
    assert (line.source, line.was) == ("trustgate.toml", "warn/escalate/escalate")
    other = policy.line("touch-core")
    assert other is not None
    assert (other.source, other.was) == ("shipped: standard", "")


def test_new_lines_stand_in_front_in_their_own_order(policy_of: Callable[..., Policy]) -> None:
    two = NEW + 'match = { kind = ["flaw"] }\n' + NEW.replace("payments", "second") + 'match = { kind = ["touch"] }\n'
    assert [line.id for line in policy_of(two).lines][:3] == ["payments", "second", "secret-provider-pattern"]


def test_settings_are_read_and_know_their_file(policy_of: Callable[..., Policy]) -> None:
    policy = policy_of(
        'preset = "strict"\nrequired_checks = ["metadata"]\n[origins]\nhosting = ["free-tier"]\n'
        '[attribution]\ntrust_at_least = "signed"\n[online]\npr = false\npush = true\n'
        '[limits]\ntouch_threshold = 55\n[packages]\nprivate = ["acme-*"]\n'
    )
    assert policy.raising.hosting == (Hosting.FREE,)
    assert (policy.require_attribution, policy.attribution_trust) == (True, Trust.SIGNED)
    assert (policy.online, policy.touch_threshold) == (("push",), 55)
    assert (policy.private_names, policy.required_checks) == (("acme-*",), ("metadata",))
    assert policy.may_ask("push")
    assert not policy.may_ask("pr")
    sources = dict(policy.sources)
    assert sources["origins.hosting"] == "trustgate.toml"
    assert sources["attribution.require"] == "shipped: strict"
    assert sources["origins.open_weights"] == "shipped: standard"


def test_trusted_packages_are_exact_normalised_and_end(policy_of: Callable[..., Policy]) -> None:
    policy = policy_of(TRUSTED.replace("pypi:a", "pypi:Acme_Core.x") + TRUSTED.replace("pypi:a", "npm:@acme/Core"))
    assert policy.trusted_packages(date(2030, 7, 1)) == ("pypi:acme-core-x", "npm:@acme/Core")
    assert policy.trusted_packages(date(2030, 7, 2)) == ()


def test_the_digest_is_of_the_meaning(policy_of: Callable[..., Policy]) -> None:
    plain = policy_of('required_checks = ["metadata", "existence"]')
    assert policy_of('# a comment\nrequired_checks = ["existence", "metadata"]').digest == plain.digest
    assert policy_of().digest == policy_of("").digest != plain.digest
    assert policy_of(exceptions=ENTRY).digest != policy_of().digest
    assert policy_of('preset = "advise"').digest != policy_of().digest
    assert len(plain.digest) == 64


def test_a_team_can_shorten_the_life_of_exceptions(policy_of: Callable[..., Policy]) -> None:
    assert policy_of("[limits]\nexception_days = 30", ENTRY).exceptions
    with pytest.raises(ConfigError, match="more than 29 days ahead"):
        policy_of("[limits]\nexception_days = 29", ENTRY)


def test_lanes_are_read_in_their_order(policy_of: Callable[..., Policy]) -> None:
    policy = policy_of(
        LANE + "prices = { input = 5, output = 25, cache_read = 0.1 }\n" + LANE.replace('"main"', '"second"')
    )
    assert policy.has_lane
    assert policy.reviewer is not None
    first, second = policy.reviewer.lanes
    assert (first.name, first.hosts, first.data_class) == ("main", ("api.anthropic.com",), "internal")
    assert first.prices is not None
    assert (first.prices.input, first.prices.cache_read, first.prices.cache_write_5m) == (5_000_000, 100_000, None)
    assert (second.name, second.prices) == ("second", None)
    assert policy_of().reviewer is None
    assert not policy_of().has_lane
    assert not policy_of('[reviewer]\nrequire_class = "standard"').has_lane


def test_a_lane_is_part_of_the_digest(policy_of: Callable[..., Policy]) -> None:
    digests = {
        policy_of(LANE + more).digest for more in ("", "deadline = 9", 'hosts = ["api.anthropic.com", "b.example"]')
    }
    assert len(digests | {policy_of().digest}) == 4


def test_money_is_counted_in_micro_dollars(policy_of: Callable[..., Policy]) -> None:
    reviewer = policy_of("[reviewer.budget]\nrun = 0.1\nunlimited = ['day']").reviewer
    assert reviewer is not None
    assert reviewer.budget == (100_000, 5_000_000, None)


def test_another_file_can_stand_in(rulebook: Rulebook) -> None:
    policy = load_policy(
        lambda _path: None, rulebook, RULES, config=b'preset = "strict"', config_name="ci/gate.toml", today=TODAY
    )
    assert policy.preset == "strict"
    with pytest.raises(ConfigError, match=r"ci/gate\.toml"):
        load_policy(lambda _path: None, rulebook, RULES, config=b"x = 1", config_name="ci/gate.toml", today=TODAY)


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_that_can_be_required_is_one_that_can_be_missed(check: str) -> None:
    analyzers = Path(analyzers_package.__file__).parent
    sources = "".join(file.read_text() for file in sorted(analyzers.rglob("*.py")))
    assert check in ENGINES or re.search(rf'NotChecked\(\s*f?"{re.escape(check)}[":]', sources)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_that_is_not_installed_can_be_required(engine: str, policy_of: Callable[..., Policy]) -> None:
    policy = policy_of(f'required_checks = ["{engine}"]')
    absent = [NotChecked(name, ABSENT) for name in ENGINES]
    assert decide(policy, (), Attribution(), "pr", today=TODAY, not_checked=absent).exit_code == 3
    assert decide(policy_of(), (), Attribution(), "pr", today=TODAY, not_checked=absent).exit_code == 0


# ------------------------------------------------------------------ the published schemas


def _valid(name: str, text: str) -> bool:
    schema = json.loads(files("trustgate.policy").joinpath(name).read_bytes())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    document = json.loads(json.dumps(tomllib.loads(text), default=lambda day: day.isoformat()))
    return bool(validator.is_valid(document))


@pytest.mark.parametrize("name", ["schema.json", "exceptions.schema.json"])
def test_the_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(files("trustgate.policy").joinpath(name).read_bytes()))


@pytest.mark.parametrize("name", GOOD)
def test_the_schema_agrees_on_good_files(name: str) -> None:
    assert _valid("schema.json", GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_the_schema_agrees_on_bad_files(name: str) -> None:
    assert _valid("schema.json", BAD[name][0]) is (name in BEYOND_SHAPE)


@pytest.mark.parametrize("name", GOOD_EXCEPTIONS)
def test_the_schema_agrees_on_good_exceptions(name: str) -> None:
    assert _valid("exceptions.schema.json", GOOD_EXCEPTIONS[name])


@pytest.mark.parametrize("name", BAD_EXCEPTIONS)
def test_the_schema_agrees_on_bad_exceptions(name: str) -> None:
    assert _valid("exceptions.schema.json", BAD_EXCEPTIONS[name][0]) is (name in BEYOND_SHAPE)
