"""Hashes by the interpreter's own modules and by OpenSSL are the same."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.digest import FEW, hex_digest


@given(st.sampled_from(["sha1", "sha256"]), st.lists(st.binary(max_size=300), max_size=4))
def test_agrees_with_hashlib(name: str, parts: list[bytes]) -> None:
    assert hex_digest(name, *parts) == hashlib.new(name, b"".join(parts)).hexdigest()


@pytest.mark.parametrize(("size", "loaded"), [(1000, False), (FEW + 1, True)], ids=["a few bytes", "many bytes"])
def test_openssl_is_loaded_for_many_bytes_only(size: int, loaded: bool) -> None:
    code = (
        "import sys\nfrom trustgate.digest import hex_digest\n"
        f"print(hex_digest('sha1', b'x' * {size}), hex_digest('sha256', b'y'), '_hashlib' in sys.modules)"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    first, second = hashlib.sha1(b"x" * size).hexdigest(), hashlib.sha256(b"y").hexdigest()
    assert done.stdout.split() == [first, second, str(loaded)]
