"""Key-signed bundles of OpenSSF model-signing v1, checked in process against digests that are computed elsewhere.

A bundle is a sigstore bundle v0.3 around a DSSE envelope around an in-toto Statement (model_signing 1.1.1,
`_signing/`). Not taken over from there: the second form of the signed text and keys without a hint, both from before
1.0. The statement's own root binds no names, so it is checked and then never used as an identity.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import Any, NamedTuple

from trustgate.errors import CannotJudge, UsageError
from trustgate.weights.lock import fold, path_fault

LARGEST = 16 * 1024 * 1024
"""bytes of a bundle"""
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://model_signing/signature/v1.0"
GIT_NAMES = (".git", ".gitattributes", ".github", ".gitignore")
"""paths that the upstream signer leaves out by default; a signature that leaves out more is refused"""
_HEX = re.compile(r"[0-9a-f]{64}")
_CURVES = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}


class SignatureError(UsageError):
    """The bundle does not vouch for anything: broken, of another kind, or signed by another key."""


class Signed(NamedTuple):
    name: str
    files: tuple[tuple[str, str], ...]
    """path and sha256, sorted by path"""
    ignored: tuple[str, ...]
    key_sha256: str


def verify_bundle(bundle: bytes, pem: bytes, bundle_name: str = "model.sig") -> Signed:
    """The list that the owner of the public key `pem` signed. Raises SignatureError; CannotJudge without the extra.

    `bundle_name` is the file name of the bundle, which a signer leaves out of the list when it lies in the folder.
    """
    envelope, hint = _envelope(bundle)
    payload = _base64(envelope.get("payload"))
    key_sha256 = _check_key(pem, hint, payload, _signature(envelope))
    return _statement(payload, bundle_name)._replace(key_sha256=key_sha256)


def _envelope(bundle: bytes) -> tuple[dict[str, Any], str]:
    found = _json(bundle, "the bundle")
    if found.get("mediaType") != BUNDLE:
        raise SignatureError(f"the bundle's media type is {str(found.get('mediaType'))[:80]!r}, not {BUNDLE}")
    material, envelope = found.get("verificationMaterial"), found.get("dsseEnvelope")
    if not isinstance(material, dict) or not isinstance(envelope, dict):
        raise SignatureError("the bundle has no verificationMaterial or no dsseEnvelope")
    key = material.get("publicKey")
    if not isinstance(key, dict) or not isinstance(key.get("hint"), str):
        raise SignatureError(
            "the bundle is not signed by a key (a certificate or keyless signature?): not verified here",
            "verify it with the upstream tool `model_signing`",
        )
    if envelope.get("payloadType") != PAYLOAD:
        raise SignatureError(f"the envelope's payload type is not {PAYLOAD}")
    return envelope, key["hint"]


def _signature(envelope: dict[str, Any]) -> bytes:
    signatures = envelope.get("signatures")
    if not isinstance(signatures, list) or len(signatures) != 1 or not isinstance(signatures[0], dict):
        raise SignatureError("the envelope must have exactly one signature")
    return _base64(signatures[0].get("sig"))


def _check_key(pem: bytes, hint: str, payload: bytes, signature: bytes) -> str:
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise CannotJudge(
            "signatures need the package `cryptography`, which is not installed", "install the extra `signing`"
        ) from error
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError("the key file is no public key in PEM form") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in _CURVES:
        raise SignatureError("the key is not of the curves P-256, P-384 or P-521")
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    own = hashlib.sha256(key.public_bytes(serialization.Encoding.PEM, form)).hexdigest()
    if hint != own:
        raise SignatureError(f"the bundle was signed by another key: {hint[:16]!r} in place of {own[:16]}")
    made = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
    algorithm = next(item for item in made if item.name == _CURVES[key.curve.name])
    signed = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(payload), payload)
    try:
        key.verify(signature, signed, ec.ECDSA(algorithm))
    except InvalidSignature as error:
        raise SignatureError("the signature does not fit the list that it is about") from error
    return own


def _statement(payload: bytes, bundle_name: str) -> Signed:
    statement = _json(payload, "the signed statement")
    if statement.get("_type") != STATEMENT or statement.get("predicateType") != PREDICATE:
        raise SignatureError("the signed statement is not one of model-signing v1.0")
    try:
        (subject,) = statement["subject"]
        name, root = subject["name"], subject["digest"]["sha256"]
        predicate = statement["predicate"]
        how, resources = predicate["serialization"], predicate["resources"]
        method = (how["method"], how["hash_type"], how["allow_symlinks"])
        ignored = tuple(how.get("ignore_paths") or ())
        rows = [(item["name"], item["digest"], item["algorithm"]) for item in resources]
    except (KeyError, TypeError, ValueError) as error:
        raise SignatureError(f"the signed statement lacks a part: {str(error)[:100]}") from error
    if method != ("files", "sha256", False):
        raise SignatureError(f"the list was made by {method!r}; only whole files by sha256 without links are read here")
    if any(item not in (*GIT_NAMES, bundle_name) for item in ignored):
        raise SignatureError(
            f"the signature leaves out {', '.join(map(repr, ignored))[:200]}: what those hold may change"
        )
    if not all(isinstance(text, str) for row in rows for text in row) or not isinstance(name, str):
        raise SignatureError("the signed list has an entry that is no text")
    total = hashlib.sha256()
    for path, digest, algorithm in rows:
        if algorithm != "sha256" or not _HEX.fullmatch(digest):
            raise SignatureError(f"{path[:100]!r} is listed without a sha256 digest")
        if fault := path_fault(path):
            raise SignatureError(f"{path[:100]!r} {fault}")
        total.update(bytes.fromhex(digest))
    if total.hexdigest() != root:
        raise SignatureError("the statement's own root does not hold")
    if not rows or len({fold(path) for path, _digest, _algorithm in rows}) != len(rows):
        raise SignatureError("the signed list is empty, or names a file twice")
    return Signed(name, tuple(sorted((path, digest) for path, digest, _algorithm in rows)), ignored, "")


def _json(data: bytes, what: str) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise SignatureError(f"{what} is over {LARGEST} bytes")
    try:
        found = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise SignatureError(f"{what} is no JSON: {str(error)[:100]}") from error
    if not isinstance(found, dict):
        raise SignatureError(f"{what} is no JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key is there twice")
    return table


def _base64(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise SignatureError("the envelope holds something that is no base64") from error
