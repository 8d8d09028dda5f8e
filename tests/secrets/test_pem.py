"""Private keys over several lines."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.secrets.pem import key_blocks

BODY = base64.b64encode(random.Random(7).randbytes(300)).decode()
WRAPPED = "\n".join(BODY[start : start + 64] for start in range(0, len(BODY), 64))


def pem(body: str, kind: str = "") -> str:
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("-----BEGIN PRIVATE KEY-----", id="only the first line"),
        pytest.param(pem("..."), id="elided"),
        pytest.param(pem("A" * 400), id="one letter"),
        pytest.param(pem("\n".join(["this is where the key goes"] * 9)), id="words"),
        pytest.param(pem(WRAPPED).replace("PRIVATE", "PUBLIC"), id="public key"),
    ],
)
def test_leaves_alone(text: str) -> None:
    assert list(key_blocks(text)) == []


@pytest.mark.parametrize(
    ("text", "encrypted"),
    [
        pytest.param(pem(WRAPPED), False, id="PKCS 8"),
        pytest.param(pem(WRAPPED, "RSA "), False, id="PKCS 1"),
        pytest.param(pem(WRAPPED, "ENCRYPTED "), True, id="with a pass phrase"),
        pytest.param(pem("Proc-Type: 4,ENCRYPTED\n\n" + WRAPPED, "RSA "), True, id="with a pass phrase, older form"),
        pytest.param('key = "' + pem(WRAPPED).replace("\n", "\\n") + '"', False, id="one line, escaped line ends"),
        pytest.param(
            "\n".join(f"    '{line}\\n' +" for line in pem(WRAPPED).split("\n")), False, id="pieces of a string"
        ),
        pytest.param("\n".join("  " + line for line in pem(WRAPPED).split("\n")), False, id="indented in YAML"),
        pytest.param(pem(WRAPPED).rpartition("\n")[0], False, id="without its end"),
    ],
)
def test_flags_and_knows_the_key_however_it_is_wrapped(text: str, encrypted: bool) -> None:
    (block,) = key_blocks(text)
    assert block.body.startswith(BODY[:200].rstrip("="))
    assert block.encrypted is encrypted


def test_two_keys_are_two_blocks() -> None:
    assert len(list(key_blocks(pem(WRAPPED) + "\n\n" + pem(WRAPPED[::-1].strip("=\n"))))) == 2


@given(st.text(alphabet="-BEGINPRVATKYD abc\n=+/", max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert all(block.start < block.end for block in key_blocks(text))
