"""trustgate.toml with everything commented out, and beside it the schema that editors check it with."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from trustgate.adoption.plan import Step, read, within
from trustgate.rulebook import shipped_root

SCHEMA = ".trustgate/trustgate.schema.json"
SCHEMA_LINE = f"#:schema {SCHEMA}\n"
"""the comment by which Taplo and the editors built on it find a schema"""


def steps(top: Path, preset: str) -> Iterator[Step]:
    """A policy that is there is left alone, whatever it says."""
    path = top / "trustgate.toml"
    before = read(path)
    sample = (shipped_root() / "examples" / "trustgate.toml").read_text(encoding="utf-8")
    after = (SCHEMA_LINE + sample.replace('preset = "advise"', f'preset = "{preset}"', 1)).encode()
    yield Step(path, before, after if before is None else before, "the policy of this repository")
    if before is None or SCHEMA_LINE.encode() in before:
        within(top, top / SCHEMA)
        schema = files("trustgate.policy").joinpath("schema.json").read_bytes()
        yield Step(top / SCHEMA, read(top / SCHEMA), schema, "the schema of trustgate.toml, for editors")
