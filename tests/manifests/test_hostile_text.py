"""Texts that were written to keep a reader busy: each costs time in proportion to its length."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from trustgate.manifests.dependency import ManifestError
from trustgate.manifests.formats import load_manifest

SIZE = 100_000
ESCAPED = b'"' + b'\\"' * SIZE
NESTED = b'x0 = ["a"]\n' + b"".join(b"x%d = [%s]\n" % (n, b"x%d, " % (n - 1) * 60) for n in range(1, 6))
CASES = {
    "keys of many parts": (
        ("uv.lock", "pyproject.toml", "Cargo.toml"),
        b"\n".join(b"[a" + b".a" * 400 + b"%d]" % number for number in range(2_000)),
    ),
    "lists of names of lists": (("setup.py",), NESTED + b"setup(install_requires=x5)\n"),
    "a string of escaped quotes that never ends": (
        ("deno.json", "bun.lock", "go.mod", "yarn.lock", "pnpm-lock.yaml"),
        ESCAPED,
    ),
}


@pytest.mark.parametrize(("path", "data"), [(path, data) for paths, data in CASES.values() for path in paths])
def test_time_is_in_proportion_to_length(path, data):
    began = time.process_time()
    with suppress(ManifestError):
        load_manifest(path, data, lambda _: None)
    assert time.process_time() - began < 5
