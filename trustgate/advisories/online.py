"""OSV asked over HTTP for changed pins only: one batch, then one record an id (https://google.github.io/osv.dev/api/)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trustgate.advisories.database import Pin
from trustgate.advisories.osv import OSV_NAMES, Advisory, distinct, read_record
from trustgate.errors import CannotJudge
from trustgate.transport import Request, Transport

API = "https://api.osv.dev"
API_VARIABLE = "TRUSTGATE_OSV"
"""variable that names another address, such as a mirror inside a company"""
BATCH = 500
"""pins of one request; OSV takes 1000"""
RECORDS = 60
"""records read in one run"""


class Unread(CannotJudge):
    """OSV gave no usable answer."""


def address(env: Mapping[str, str]) -> str:
    return env.get(API_VARIABLE, "").rstrip("/") or API


def ask(pins: Sequence[Pin], base: str, transport: Transport) -> dict[Pin, list[Advisory]]:
    """Advisories of each pin that has any. Raises CannotJudge; nothing half-answered is returned."""
    pins = [pin for pin in pins if pin.ecosystem in OSV_NAMES and pin.version]
    ids: dict[Pin, list[str]] = {}
    for start in range(0, len(pins), BATCH):
        some = pins[start : start + BATCH]
        for pin, found in zip(some, _batch(some, base, transport), strict=True):
            if found:
                ids[pin] = found
    wanted = list(dict.fromkeys(one for found in ids.values() for one in found))
    if len(wanted) > RECORDS:
        raise Unread(f"OSV has {len(wanted)} records for these pins, more than the {RECORDS} that are read")
    records = {one: _record(one, base, transport) for one in wanted}
    return {pin: distinct([a for one in found for a in _about(pin, one, records[one])]) for pin, found in ids.items()}


def _batch(pins: Sequence[Pin], base: str, transport: Transport) -> list[list[str]]:
    queries = [
        {"package": {"name": pin.name, "ecosystem": OSV_NAMES[pin.ecosystem]}, "version": pin.version} for pin in pins
    ]
    content = json.dumps({"queries": queries}).encode()
    answer = transport.send(Request(f"{base}/v1/querybatch", "POST", {"content-type": "application/json"}, content))
    results = _json(answer.body).get("results")
    if not isinstance(results, list) or len(results) != len(pins):
        raise Unread("OSV answered with another number of results than were asked for")
    found = []
    for result in results:
        table = result if isinstance(result, dict) else {}
        if table.get("next_page_token"):
            raise Unread("OSV answered in pages")
        listed = table.get("vulns")
        found.append(
            [
                one["id"]
                for one in (listed if isinstance(listed, list) else ())
                if isinstance(one, dict) and _is_id(one.get("id"))
            ]
        )
    return found


def _record(name: str, base: str, transport: Transport) -> bytes:
    return transport.send(Request(f"{base}/v1/vulns/{name}")).body


def _about(pin: Pin, name: str, data: bytes) -> list[Advisory]:
    """What the record says of the package; OSV itself said that it affects the version."""
    found = [
        made for ecosystem, package, made in read_record(data) if (ecosystem, package) == (pin.ecosystem, pin.name)
    ]
    return found[:1] or [Advisory(name, (), "", "", (), (pin.version,))]


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) < 100 and all(char.isalnum() or char in "-_:." for char in value)


def _json(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unread("OSV answered with JSON that cannot be read") from error
    if not isinstance(document, dict):
        raise Unread("OSV answered with JSON of another form")
    return document
