"""Signatures by ssh-keygen (`-Y sign` and `-Y verify`, ssh-keygen(1), PROTOCOL.sshsig of OpenSSH): with the key that
the user signs commits with, checked against the signers that the trusted base allows.

Signing never prompts: ssh-keygen has no terminal, no helper that asks for a passphrase and two seconds. A key behind a
passphrase signs through the agent that has it, or not at all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from trustgate.errors import CannotJudge
from trustgate.process import Finished, run_tool, system_command

NAMESPACE = "trustgate-attestation"
"""so that a signature over a commit or a file is never one over a record (`namespaces=` of an allowed signer)"""
ALLOWED_SIGNERS = ".trustgate/allowed_signers"
"""path, on the trusted base, of the keys whose records count as signed (format: ssh-keygen(1), ALLOWED SIGNERS)"""
SIGN_SECONDS = 2.0
VERIFY_SECONDS = 10.0
SIGNERS_LIMIT = 1024 * 1024
"""bytes of the allowed signers"""
SIGNATURE_LIMIT = 16 * 1024
"""bytes of one signature"""
NAMES_LIMIT = 64
"""principals of one key"""
_FIRST = re.compile(r"\s*(?:\"([^\"]*)\"|(\S+))\s")
_MAGIC = b"SSHSIG"
_ARMOUR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\s+([A-Za-z0-9+/=\s]{1,32768})-----END SSH SIGNATURE-----\s*")
_PUBLIC = re.compile(r"(?:key::)?((?:ssh|ecdsa|sk)-[a-z0-9@.-]{1,60} [A-Za-z0-9+/=]{16,16384})(?: .{0,500})?")

Config = Callable[[str], str]
"""value of one of the user's git settings, a `~` in a path expanded; empty where it is not set"""


class Signature(NamedTuple):
    data: bytes
    """the SSHSIG blob, without its armour; empty where nothing was signed"""
    reason: str = ""
    """why nothing was signed, for people"""


class Standing(Enum):
    """What a signature is worth."""

    GOOD = "good"
    UNKNOWN_KEY = "unknown key"
    """made by a key that the trusted base does not allow, or not any more"""
    BAD = "bad signature"
    """not a signature over these bytes"""


class Checked(NamedTuple):
    standing: Standing
    principal: str = ""
    """whom the allowed signers name for the key; only with GOOD"""
    key: str = ""
    """fingerprint `SHA256:…` of the key that the signature names"""
    names: tuple[str, ...] = ()
    """every principal, patterns too, that the allowed signers give the key on any line; only with GOOD"""


def sign(data: bytes, config: Config, *, namespace: str = NAMESPACE, seconds: float = SIGN_SECONDS) -> Signature:
    """Signs with the user's git signing key (`gpg.format = ssh`, `user.signingkey`), or says why not. Never raises for
    what is set or not set on this machine."""
    form = config("gpg.format")
    if form != "ssh":
        return Signature(b"", f"gpg.format is {form or 'not set'}: only ssh keys sign records")
    setting = config("user.signingkey")
    if not setting:
        return Signature(b"", "user.signingkey is not set")
    if config("gpg.ssh.program"):
        return Signature(b"", "gpg.ssh.program names another program, which could ask; only ssh-keygen is used")
    public = _PUBLIC.fullmatch(setting)
    files = {"key.pub": public[1].encode() + b"\n"} if public else {}
    key = "key.pub" if public else setting
    if not public and not (Path(key).is_absolute() and Path(key).is_file()):
        return Signature(b"", "user.signingkey is neither a public key nor the absolute path of a key file")
    try:
        command = (system_command("ssh-keygen"), "-Y", "sign", "-n", namespace, "-f", key)
        done = run_tool(command, files=files, stdin=data, seconds=seconds, keep=("SSH_AUTH_SOCK",))
    except CannotJudge as error:
        return Signature(b"", error.message)
    if done.returncode != 0:
        return Signature(b"", _why_not(done))
    blob = unarmoured(done.stdout)
    return Signature(blob) if blob else Signature(b"", "ssh-keygen gave no signature")


def _why_not(done: Finished) -> str:
    said = done.stderr.decode("utf-8", "replace").lower()
    if "passphrase" in said:
        return "the signing key has a passphrase and no agent holds it; signing never asks"
    if "no private key found" in said or "agent" in said:
        return "the agent that is running, if any, does not hold the signing key"
    return f"ssh-keygen could not sign (exit code {done.returncode})"


def verify(data: bytes, signature: bytes, allowed_signers: bytes | None, *, namespace: str = NAMESPACE) -> Checked:
    """Checks an SSHSIG blob over `data` against the allowed signers of the trusted base, None where it has none.

    Raises CannotJudge where ssh-keygen is missing or does not answer: that is not a bad signature.
    """
    name = key_name(signature)
    if not name:
        return Checked(Standing.BAD)
    files = {"signature": armoured(signature)}
    program = system_command("ssh-keygen")
    if allowed_signers is not None and len(allowed_signers) > SIGNERS_LIMIT:
        raise CannotJudge(f"{ALLOWED_SIGNERS} is over {SIGNERS_LIMIT // 1024} KiB", "keep the keys of today's team")
    names = _names(key_of(signature), allowed_signers or b"")
    found = _principals(program, files, allowed_signers)
    for principal in dict.fromkeys((*found, *names)) if found else ():
        checking = (program, "-Y", "verify", "-n", namespace, "-f", "signers", "-s", "signature", "-I", principal)
        done = run_tool(checking, files=files | {"signers": allowed_signers or b""}, stdin=data, seconds=VERIFY_SECONDS)
        if done.returncode == 0:
            return Checked(Standing.GOOD, principal, name, tuple(dict.fromkeys((principal, *found, *names))))
    intact = (program, "-Y", "check-novalidate", "-n", namespace, "-s", "signature")
    done = run_tool(intact, files=files, stdin=data, seconds=VERIFY_SECONDS)
    return Checked(Standing.UNKNOWN_KEY if done.returncode == 0 else Standing.BAD, "", name)


def _principals(program: str, files: dict[str, bytes], allowed_signers: bytes | None) -> list[str]:
    """Whom the first line of the allowed signers that has the key of the signature names; patterns are among them."""
    if not allowed_signers:
        return []
    finding = (program, "-Y", "find-principals", "-f", "signers", "-s", "signature")
    done = run_tool(finding, files=files | {"signers": allowed_signers}, seconds=VERIFY_SECONDS)
    if done.returncode != 0:
        return []
    names = done.stdout.decode("utf-8", "replace").splitlines()
    parts = [part for line in names for part in line.split(",")]
    return [part for part in parts if part and part.isprintable() and not part.startswith(("-", "!"))][:8]


def _names(key: bytes, allowed_signers: bytes) -> list[str]:
    """Principals of a key over all lines: ssh-keygen tells those of the first line alone, and one person may have more
    names than it. A principal that begins with `!` or `-` is no name."""
    text = base64.b64encode(key)
    lines = [line for line in allowed_signers.split(b"\n") if text in line.split()]
    first = [_FIRST.match(line.decode("utf-8", "replace")) for line in lines[:NAMES_LIMIT]]
    parts = [part for match in first if match for part in (match[1] or match[2]).split(",")]
    return [part for part in parts if part and part.isprintable() and not part.startswith(("-", "!"))][:NAMES_LIMIT]


def key_name(signature: bytes) -> str:
    """Fingerprint of the key in an SSHSIG blob, as `ssh-keygen -l` writes it; empty where there is none."""
    key = key_of(signature)
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=") if key else ""


def key_of(signature: bytes) -> bytes:
    """The public key in an SSHSIG blob (magic, uint32 version 1, string public key, …); empty where it is none."""
    if len(signature) > SIGNATURE_LIMIT or not signature.startswith(_MAGIC) or len(signature) < 14:
        return b""
    version, size = int.from_bytes(signature[6:10], "big"), int.from_bytes(signature[10:14], "big")
    key = signature[14 : 14 + size]
    return key if version == 1 and 0 < size == len(key) else b""


def unarmoured(text: bytes) -> bytes:
    """The blob inside `-----BEGIN SSH SIGNATURE-----`; empty where there is none."""
    match = _ARMOUR.fullmatch(text.strip())
    if not match:
        return b""
    try:
        blob = base64.b64decode(b"".join(match[1].split()), validate=True)
    except binascii.Error:
        return b""
    return blob if key_of(blob) else b""


def armoured(blob: bytes) -> bytes:
    text = base64.b64encode(blob).decode()
    lines = "\n".join(text[at : at + 70] for at in range(0, len(text), 70))
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n".encode()
