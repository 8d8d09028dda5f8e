"""The two ways to call Semgrep: its core, fast and not documented, and the command line, documented and slow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from trustgate.process import Finished, ToolMissing, run_tool, script_command

SECONDS = 90.0
SECONDS_A_FILE = 2.0
RULE_SECONDS = 5
"""seconds that one rule may take on one file; what it did not finish is reported by Semgrep as an error of the file"""

TRIED = ("1.182.",)
"""starts of the versions whose core was tried: its interface is generated, and changes with releases"""

RULES_FILE = "rules.yaml"
_TARGETS_FILE = "targets.json"
_ANALYZERS = {"tsx": "typescript"}
"""Semgrep's name of a language where it is not ours"""


class Target(NamedTuple):
    name: str
    """of a file in the private folder"""
    language: str


def run_core(files: Mapping[str, bytes], targets: Sequence[Target]) -> Finished:
    """Scan `targets` with the rules in RULES_FILE. Raises ToolMissing for a core that is absent or was never tried.

    The core knows no ignore file and no network, and reports what a `nosemgrep` marker would hide (`is_ignored`).
    """
    asked = ["Targets", [["CodeTarget", _code_target(target)] for target in targets]]
    return run_tool(
        (
            str(core_path()),
            *("-rules", RULES_FILE, "-targets", _TARGETS_FILE, "-json_nodots", "-fast", "-j", "1"),
            *("-timeout", str(RULE_SECONDS), "-timeout_threshold", "0"),
        ),
        files={**files, _TARGETS_FILE: json.dumps(asked).encode()},
        seconds=SECONDS + SECONDS_A_FILE * len(targets),
    )


def run_cli(files: Mapping[str, bytes], targets: Sequence[Target]) -> Finished:
    """The same by `semgrep scan` (https://semgrep.dev/docs/cli-reference). Raises ToolMissing."""
    return run_tool(
        (
            *script_command("semgrep"),
            *("scan", "--config", RULES_FILE, "--json", "--quiet"),
            *("--metrics=off", "--disable-version-check", "--disable-nosem", "--no-git-ignore"),
            *("--no-rewrite-rule-ids", "--jobs", "1", "--max-target-bytes", "0"),
            *("--timeout", str(RULE_SECONDS), "--timeout-threshold", "0"),
            *(target.name for target in targets),
        ),
        files=files,
        seconds=SECONDS + SECONDS_A_FILE * len(targets),
    )


def core_path(homes: Sequence[str] = ()) -> Path:
    """The core of this interpreter's own installation, or of the folders `homes`. Raises ToolMissing.

    `sys.path` is not asked: it may start with the repository. The version is read where the core is installed:
    `semgrep --version` asks the network.
    """
    import sysconfig
    from importlib.metadata import DistributionFinder, MetadataPathFinder

    for home in homes or dict.fromkeys((sysconfig.get_path("platlib"), sysconfig.get_path("purelib"))):
        path = Path(home) / "semgrep" / "bin" / "semgrep-core"
        context = DistributionFinder.Context(name="semgrep", path=[home])
        found = next(iter(MetadataPathFinder.find_distributions(context)), None)
        if found is not None and path.is_file():
            if found.version.startswith(TRIED):
                return path
            raise ToolMissing(f"the core of semgrep {found.version} was never tried")
    raise ToolMissing("semgrep has no core in this installation")


def _code_target(target: Target) -> dict[str, object]:
    return {
        "path": {"fpath": target.name, "ppath": f"/{target.name}"},
        "analyzer": _ANALYZERS.get(target.language, target.language),
        "products": ["sast"],
    }
