"""Bundles of OpenSSF model-signing v1: one made by the official tool, and what must not pass.

`data/oms/` was made with model_signing 1.1.1: `model_signing sign key model --private_key key.pem --signature model.sig`.
The private key was thrown away.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weight_samples import write

from trustgate.weights.oms import PAYLOAD, SignatureError, verify_bundle
from trustgate.weights.pinning import PinRefused, Wish, pin
from trustgate.weights.run import Run
from trustgate.weights.stores import folder

DATA = Path(__file__).parent / "data" / "oms"
BUNDLE, KEY = (DATA / "model.sig").read_bytes(), (DATA / "key.pub").read_bytes()
ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec", reason="needs the extra signing")


def test_a_bundle_of_the_official_tool_is_verified_against_bytes_read_here() -> None:
    signed = verify_bundle(BUNDLE, KEY)
    assert [path for path, _digest in signed.files] == ["a.bin", "config.json", "sub/b.txt"]
    assert dict(signed.files)["a.bin"] == hashlib.sha256(b"weights").hexdigest()
    assert signed.key_sha256 == hashlib.sha256(KEY).hexdigest()
    model = pin(Wish("m", "file", "m", expected=dict(signed.files)), folder.at(DATA / "model"), Run())
    assert len(model.files) == 3


@pytest.mark.parametrize(
    "change", [{"a.bin": b"weighty"}, {"evil.py": b"x"}, {".git/config": b"x"}, {".gitattributes": b"x"}]
)
def test_what_the_signed_list_does_not_say_is_refused(tmp_path: Path, change: dict[str, bytes]) -> None:
    """Files under git's names too, which the official tool overlooks."""
    files = {
        path.relative_to(DATA / "model").as_posix(): path.read_bytes()
        for path in (DATA / "model").rglob("*")
        if path.is_file()
    }
    place = write(tmp_path / "m", {**files, **change})
    with pytest.raises(PinRefused):
        pin(Wish("m", "file", "m", expected=dict(verify_bundle(BUNDLE, KEY).files)), folder.at(place), Run())


PRIVATE = {
    curve: ec.generate_private_key(getattr(ec, curve)())
    for curve in ("SECP256R1", "SECP384R1", "SECP521R1", "SECP256K1")
}
ROWS = [("a", "11" * 32), ("b", "22" * 32)]


def public(curve: str = "SECP256R1") -> bytes:
    from cryptography.hazmat.primitives import serialization as form

    return PRIVATE[curve].public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


def statement(rows: list[tuple[str, str]] = ROWS, **how: Any) -> dict[str, Any]:
    root = hashlib.sha256(b"".join(bytes.fromhex(digest) for _name, digest in rows)).hexdigest()
    kind = {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": [".git"], **how}
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "m", "digest": {"sha256": root}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {
            "serialization": kind,
            "resources": [{"name": name, "digest": digest, "algorithm": "sha256"} for name, digest in rows],
        },
    }


def signed_with(content: Any, curve: str = "SECP256R1", prefix: str = "DSSEv1") -> dict[str, Any]:
    from cryptography.hazmat.primitives import hashes

    payload = content if isinstance(content, bytes) else json.dumps(content).encode()
    text = f"{prefix} {len(PAYLOAD)} {PAYLOAD} {len(payload)} ".encode() + payload
    algorithm = {"SECP384R1": hashes.SHA384(), "SECP521R1": hashes.SHA512()}.get(curve, hashes.SHA256())
    signature = PRIVATE[curve].sign(text, ec.ECDSA(algorithm))
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": hashlib.sha256(public(curve)).hexdigest()}},
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD,
            "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}],
        },
    }


@pytest.mark.parametrize("curve", ["SECP256R1", "SECP384R1", "SECP521R1"])
def test_three_curves_are_read(curve: str) -> None:
    assert verify_bundle(json.dumps(signed_with(statement(), curve)).encode(), public(curve)).files == tuple(ROWS)


def bundle_with(change: Callable[[dict[str, Any]], Any]) -> bytes:
    bundle = signed_with(statement())
    change(bundle)
    return json.dumps(bundle).encode()


REFUSED: dict[str, tuple[bytes, str]] = {
    "another key": (BUNDLE, "another key"),
    "media type": (bundle_with(lambda b: b.update(mediaType="x")), "media type"),
    "no hint": (bundle_with(lambda b: b["verificationMaterial"]["publicKey"].clear()), "not signed by a key"),
    "certificate": (bundle_with(lambda b: b.update(verificationMaterial={"certificate": {}})), "not signed by a key"),
    "no signature": (bundle_with(lambda b: b["dsseEnvelope"].update(signatures=[])), "exactly one"),
    "two signatures": (bundle_with(lambda b: b["dsseEnvelope"]["signatures"].append({"sig": ""})), "exactly one"),
    "payload type": (bundle_with(lambda b: b["dsseEnvelope"].update(payloadType="x")), "payload type"),
    "another payload": (
        bundle_with(lambda b: b["dsseEnvelope"].update(payload=base64.b64encode(b"{}").decode())), "does not fit"),
    "old form of the signed text": (json.dumps(signed_with(statement(), prefix="DSSEV1")).encode(), "does not fit"),
    "old predicate": (json.dumps(signed_with({**statement(), "predicateType": "https://model_signing/Digests/v0.1"})).encode(), "not one of"),
    "links": (json.dumps(signed_with(statement(allow_symlinks=True))).encode(), "without links"),
    "shards": (json.dumps(signed_with(statement(method="shards"))).encode(), "whole files"),
    "ignored code": (json.dumps(signed_with(statement(ignore_paths=[".git", "evil.py"]))).encode(), "leaves out"),
    "root": (json.dumps(signed_with({**statement(), "subject": statement([("a", "33" * 32)])["subject"]})).encode(), "root"),
    "no files": (json.dumps(signed_with(statement([]))).encode(), "empty"),
    "a file twice": (json.dumps(signed_with(statement([("a", "11" * 32), ("A", "22" * 32)]))).encode(), "twice"),
    "a path that leads out": (json.dumps(signed_with(statement([("../a", "11" * 32)]))).encode(), "lead out"),
    "no JSON": (b"\xff", "no JSON"),
    "a list": (b"[]", "no JSON object"),
    "a key twice": (b'{"a": 1, "a": 2}', "twice"),
    "no statement": (json.dumps(signed_with(b"x")).encode(), "no JSON"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(case: str) -> None:
    data, says = REFUSED[case]
    with pytest.raises(SignatureError) as caught:
        verify_bundle(data, public())
    assert says in caught.value.message


def test_a_key_of_another_curve_or_none_is_refused() -> None:
    with pytest.raises(SignatureError, match="curves"):
        verify_bundle(json.dumps(signed_with(statement(), "SECP256K1")).encode(), public("SECP256K1"))
    with pytest.raises(SignatureError, match="PEM"):
        verify_bundle(BUNDLE, b"no key")


def test_the_bundle_may_leave_itself_out() -> None:
    data = json.dumps(signed_with(statement(ignore_paths=[".git", "x.sig"]))).encode()
    assert verify_bundle(data, public(), "x.sig").ignored == (".git", "x.sig")
    with pytest.raises(SignatureError):
        verify_bundle(data, public(), "y.sig")


@given(st.data())
def test_any_change_of_a_bundle_is_refused_or_changes_nothing(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BUNDLE) - 1))
    byte = data.draw(st.integers(0, 255))
    try:
        found = verify_bundle(BUNDLE[:at] + bytes([byte]) + BUNDLE[at + 1 :], KEY)
    except SignatureError as error:
        assert error.message
    else:
        assert found == verify_bundle(BUNDLE, KEY)  # a key that nobody reads
