"""Without the extra `deep`: both engines are named as not checked, and nothing is loaded for it."""

from __future__ import annotations

import subprocess
import sys

from trustgate.analyzers import ANALYZERS, flaws

BARE = """
import importlib.util, json, sys
import trustgate.analyzers.context
there = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name in ("bandit", "semgrep") else there(name, package)
before = set(sys.modules)
import trustgate.analyzers.flaws as flaws
said = [(type(item).__name__, item.what, item.reason) for item in flaws.analyze(None)]
print(json.dumps([said, sorted(name for name in set(sys.modules) - before)]))
"""


def test_it_is_one_of_the_analyzers() -> None:
    assert flaws.NAME in ANALYZERS


def test_without_the_extra_both_engines_are_not_checked_and_nothing_is_loaded() -> None:
    import json

    done = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=True)
    said, loaded = json.loads(done.stdout)
    assert said == [[*("NotChecked", engine), "extra `deep` is not installed"] for engine in ("bandit", "semgrep")]
    assert loaded == ["trustgate.analyzers.flaws"]
