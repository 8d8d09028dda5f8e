"""SHA-1 and SHA-256 without OpenSSL for the few kilobytes that a staged review hashes.

`hashlib` loads libcrypto, which takes 3 ms of CPU and is ten times as fast: it pays from some hundred kilobytes on. The
modules of the interpreter itself come with CPython (`random` in the standard library takes one in the same way).
"""

from __future__ import annotations

import sys
from typing import Any

try:
    from _sha1 import sha1 as _sha1

    if sys.version_info >= (3, 12):
        from _sha2 import sha256 as _sha256
    else:
        from _sha256 import sha256 as _sha256
except ImportError:  # an interpreter built without them
    from hashlib import sha1 as _sha1
    from hashlib import sha256 as _sha256

FEW = 256 * 1024
"""bytes that a process hashes before it loads OpenSSL"""
_BUILT_IN: dict[str, Any] = {"sha1": _sha1, "sha256": _sha256}
_hashed = [0]
"""bytes so far"""


def hex_digest(name: str, *parts: bytes) -> str:
    """Hex digits of the hash called `sha1` or `sha256` over the parts, one behind another.

    SHA-1 is what git names objects by, and nothing here trusts it further than that.
    """
    _hashed[0] += sum(map(len, parts))
    if _hashed[0] <= FEW:
        digest = _BUILT_IN[name](usedforsecurity=False)
    else:
        import hashlib

        digest = hashlib.new(name, usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return str(digest.hexdigest())
