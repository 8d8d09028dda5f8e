"""Checks that formats carry in themselves."""

from __future__ import annotations

import pytest

from trustgate.secrets.proofs import aws_key_id, base62_crc, discord, github_crc, jwt


def test_the_checksum_is_six_base_62_digits_of_the_crc() -> None:
    assert base62_crc("hello") == "0zNvy2"


@pytest.mark.parametrize(
    ("proof", "secret", "holds"),
    [
        pytest.param(github_crc, "ghp_" + "a" * 30 + base62_crc("a" * 30), True, id="token with its own checksum"),
        pytest.param(github_crc, "ghp_" + "a" * 36, False, id="token with another"),
        pytest.param(aws_key_id, "AKIAABCDEFGHIJKL2345", True, id="base 32"),
        pytest.param(aws_key_id, "AKIAABCDEFGHIJKL2340", False, id="a digit that base 32 has not"),
        pytest.param(jwt, "eyJhbGciOiJIUzI1NiJ9.e30.x", True, id="header names its algorithm"),
        pytest.param(jwt, "eyJ!!!", False, id="no base 64"),
        pytest.param(jwt, "eyJ4IjoxfQ.e30.x", False, id="header without one"),
        pytest.param(discord, "MTIzNDU2Nzg5MDEyMzQ1Njc4.abc.def", True, id="a number in base 64"),
        pytest.param(discord, "bm90IGEgbnVtYmVy.abc.def", False, id="words in base 64"),
    ],
)
def test_proof(proof, secret: str, holds: bool) -> None:  # type: ignore[no-untyped-def]
    assert proof(secret) is holds
