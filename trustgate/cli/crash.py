"""A bug of ours: one clear message, and a file to attach to a report."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback

from trustgate import __version__


def report_crash() -> None:
    """Write the traceback of the current exception to a private file and say where it is, on stderr.

    The file holds code positions of trustgate and the exception's text, which may quote the reviewed change.
    """
    lines = [
        f"trustgate {__version__}, Python {platform.python_version()}, {platform.system()}\n",
        traceback.format_exc(),
    ]
    descriptor, name = tempfile.mkstemp(prefix="trustgate-crash-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(lines)
    print("trustgate: internal error: no verdict was reached, so this counts as `could not judge`", file=sys.stderr)
    print(f"  next: attach {name} to a report, after reading it for anything private", file=sys.stderr)
