"""A bug of ours: one clear message, and a file to attach to a report."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from pathlib import Path

from trustgate import __version__


def report_crash() -> None:
    """Write the traceback of the current exception to a private file and say where it is, on stderr.

    The file holds code positions of trustgate and the exception's text, which may quote the reviewed change.
    """
    lines = [
        f"trustgate {__version__}, Python {platform.python_version()}, {platform.system()}\n",
        traceback.format_exc(),
    ]
    handle = tempfile.NamedTemporaryFile(
        "w", prefix="trustgate-crash-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    )
    with handle:
        handle.writelines(lines)
    print("trustgate: internal error: no verdict was reached, so this counts as `could not judge`", file=sys.stderr)
    print(f"  next: attach {Path(handle.name)} to a report, after reading it for anything private", file=sys.stderr)
