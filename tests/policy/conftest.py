"""Policies, findings and origins as the tests of this room want them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from policy_samples import RULES, TODAY

from trustgate.attribution.origin import Hosting, Origin, OriginClass, Trust
from trustgate.finding import Confidence, Finding, Kind, Location, Severity, fingerprint
from trustgate.policy.load import load_policy
from trustgate.policy.model import Policy
from trustgate.rulebook import Rulebook, load_rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="session")
def policy_of(rulebook: Rulebook) -> Callable[..., Policy]:
    """A policy from the text of `trustgate.toml` and of the exceptions; None is an absent file."""

    def make(config: str | None = None, exceptions: str | None = None, known: frozenset[str] | None = RULES) -> Policy:
        files = {"trustgate.toml": config, ".trustgate/exceptions.toml": exceptions}

        def read(path: str) -> bytes | None:
            text = files.get(path)
            return None if text is None else text.encode()

        return load_policy(read, rulebook, known, today=TODAY)

    return make


@pytest.fixture(scope="session")
def finding_of() -> Callable[..., Finding]:
    def make(
        rule: str = "guard-removed",
        kind: str = "weakening",
        boundary: str = "",
        confidence: str = "high",
        severity: str = "high",
        path: str = "app/auth.py",
        score: int = 0,
        line: int = 1,
        analyzer: str = "boundaries",
    ) -> Finding:
        return Finding(
            rule=rule,
            analyzer=analyzer,
            kind=Kind(kind),
            severity=Severity[severity.upper()],
            confidence=Confidence[confidence.upper()],
            location=Location(path, line=line, end_line=line),
            title="title",
            message="message",
            fingerprint=fingerprint(rule, path, "", f"line {line}"),
            boundary=boundary,
            score=score,
        )

    return make


@pytest.fixture(scope="session")
def cheap() -> Origin:
    return Origin(
        "o1",
        OriginClass.GENERATED,
        agent="Claude Code",
        model="glm-5.2",
        family="glm",
        vendor="Zhipu",
        vendor_jurisdiction="CN",
        open_weights=True,
        provider="openrouter",
        hosting=Hosting.AGGREGATOR,
        jurisdiction="US",
        trust=Trust.DECLARED,
    )


@pytest.fixture(scope="session")
def frontier() -> Origin:
    return Origin(
        "o2",
        OriginClass.GENERATED,
        agent="Claude Code",
        model="claude-opus-4",
        family="claude",
        vendor="Anthropic",
        vendor_jurisdiction="US",
        open_weights=False,
        hosting=Hosting.FRONTIER,
        jurisdiction="US",
        trust=Trust.DECLARED,
    )
