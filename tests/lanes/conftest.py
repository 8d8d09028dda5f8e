"""Lanes as policy makes them, to stub servers of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from stub_lanes import KEY, SCHEMA, SCOPE, Stub, serving

from trustgate.ledger.book import Ledger
from trustgate.ledger.rows import Scope
from trustgate.policy.load import load_policy
from trustgate.policy.model import Policy
from trustgate.reviewer.asking import Prompt
from trustgate.reviewer.lanes import Lanes
from trustgate.reviewer.opening import open_asker
from trustgate.rulebook import Rulebook, load_rulebook
from trustgate.store import Store


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def start() -> Iterator[Callable[..., Stub]]:
    """`start(api, behaviour, …)`: a running stub; `certificate=` makes it HTTPS."""
    with ExitStack() as stack:

        def make(api: str = "anthropic", behave: Any = "good", *, certificate: Path | None = None, **more: Any) -> Stub:
            return stack.enter_context(serving(Stub(api, behave, **more), certificate))

        yield make


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def policy_of(rulebook: Rulebook) -> Callable[[str], Policy]:
    return lambda text: load_policy(lambda _path: None, rulebook, None, config=text.encode())


@pytest.fixture
def asker_of(policy_of: Callable[[str], Policy], rulebook: Rulebook, ledger: Ledger) -> Iterator[Callable[..., Lanes]]:
    """`asker_of(toml, environ=…, scope=…, stage=…, cache=…)`: the lanes of a policy, pauses left out."""
    with ExitStack() as stack:

        def make(
            text: str,
            environ: dict[str, str] | None = None,
            scope: Scope = SCOPE,
            cache: Store | None = None,
            **more: Any,
        ) -> Lanes:
            given = {"REVIEW_KEY": KEY} if environ is None else environ
            asker = open_asker(policy_of(text), rulebook, given, ledger, scope, cache=cache, **more)
            assert asker is not None
            asker._pause = (0.0, 0.0)
            return stack.enter_context(asker)

        yield make


@pytest.fixture
def prompt() -> Prompt:
    return Prompt("You review.", "0001 + x = 1", "answer", SCHEMA, 1000, "ab" * 32)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate for 127.0.0.1 that nobody has signed but itself."""
    folder = tmp_path_factory.mktemp("tls")
    made = subprocess.run(
        ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"),
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


@pytest.fixture
def trustgate(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`trustgate("ledger", "show")`: the real program, its state in `tmp_path`."""

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "TRUSTGATE_STATE_DIR": str(tmp_path), "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache")}
        command = (sys.executable, "-m", "trustgate", *args)
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)

    return run
