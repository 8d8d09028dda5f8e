"""pip-audit for changed Python pins: it sees lines that we wrote, never a file of the repository.

On a repository's own requirements file it lets pip build what stands there, `./pkg` included. On `name==version` lines
with `--no-deps --disable-pip` nothing is resolved, installed or built (pip-audit README, "Usage"). A dependency that it
skipped is in its answer with a reason, and then not checked: by itself it exits with 0 all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from trustgate.advisories.database import Pin
from trustgate.advisories.osv import Advisory
from trustgate.errors import CannotJudge
from trustgate.manifests.dependency import clean, normal_pypi
from trustgate.process import Finished, module_command, run_tool

SECONDS = 60.0
PINS = 200
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_VERSION = re.compile(r"[0-9][0-9a-zA-Z.!+-]{0,60}")
_FILE = "pins.txt"


class Audited(NamedTuple):
    found: dict[Pin, list[Advisory]]
    unread: tuple[str, ...]
    """why a pin, or all of them, were not checked"""


def is_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("pip_audit") is not None


def audit(pins: Sequence[Pin], *, keep: Sequence[str] = ()) -> Audited:
    """Advisories of PyPI pins. A failure is told in `unread`, never an empty answer. `keep`: see `run_tool`."""
    wanted = [pin for pin in dict.fromkeys(pins) if _NAME.fullmatch(pin.name) and _VERSION.fullmatch(pin.version)]
    left = tuple(f"pip-audit: {pin.name} {pin.version} is no plain pin" for pin in pins if pin not in wanted)
    if len(wanted) > PINS:
        left = (*left, f"pip-audit: only {PINS} of {len(wanted)} pins were asked for")
        wanted = wanted[:PINS]
    if not wanted:
        return Audited({}, left)
    lines = "".join(f"{pin.name}=={pin.version}\n" for pin in wanted)
    try:
        done = run_tool(
            (
                *module_command("pip_audit"),
                *("-r", _FILE, "--no-deps", "--disable-pip", "-S", "--format", "json", "--progress-spinner", "off"),
                *("--vulnerability-service", "osv", "--timeout", "15"),
            ),
            files={_FILE: lines.encode()},
            seconds=SECONDS,
            network=True,
            keep=keep,
        )
        return _read(done, wanted, left)
    except CannotJudge as error:
        return Audited({}, (*left, f"pip-audit: {error.message}"))


def _read(done: Finished, wanted: Sequence[Pin], left: tuple[str, ...]) -> Audited:
    """Exit codes: 0 nothing known, 1 something found or a failure; only the answer tells which."""
    try:
        document = json.loads(done.stdout)
        listed = document["dependencies"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise CannotJudge(done.last_words or "no answer that can be read") from error
    by_name = {(pin.name, pin.version): pin for pin in wanted}
    found: dict[Pin, list[Advisory]] = {}
    seen: set[Pin] = set()
    for entry in listed if isinstance(listed, list) else ():
        if not isinstance(entry, dict):
            continue
        if entry.get("skip_reason"):
            left = (*left, f"pip-audit: {clean(entry.get('name', ''))}: {clean(entry['skip_reason'])[:200]}")
        pin = by_name.get((normal_pypi(str(entry.get("name", ""))), str(entry.get("version", ""))))
        if pin is None:
            continue
        seen.add(pin)
        faults = [_advisory(one, pin) for one in entry.get("vulns") or () if isinstance(one, dict)]
        if faults:
            found[pin] = faults
    silent = [pin for pin in wanted if pin not in seen]
    if silent:
        left = (*left, f"pip-audit said nothing of {silent[0].name} {silent[0].version} and {len(silent) - 1} more")
    return Audited(found, left)


def _advisory(entry: dict[str, Any], pin: Pin) -> Advisory:
    aliases = tuple(clean(one)[:100] for one in entry.get("aliases") or ())
    summary = " ".join(clean(entry.get("description") or "").split())[:200]
    return Advisory(clean(entry.get("id", ""))[:100], aliases, summary, "", (), (pin.version,))
