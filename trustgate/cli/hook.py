"""The staged review without click: the pre-commit hook's command, and what `trustgate review` shares with it.

Loading click costs a third of the hook's 0.13 CPU seconds, and `trustgate review --staged` has nothing to parse.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.errors import UsageError
from trustgate.review import Request, review

if TYPE_CHECKING:
    from trustgate.verdict import Verdict


def staged() -> int:
    """`trustgate review --staged`: review, print what there is to say, return the exit code."""
    began = time.monotonic()
    request = from_hook(Request(staged=True, stage="commit"), None)
    verdict = review(request)
    show(request, verdict, (("text", ""),), began)
    return verdict.exit_code


def from_hook(request: Request, stage: str | None) -> Request:
    """The pre-commit framework hands a range over in its environment at pre-push and with --from-ref/--to-ref."""
    old, new = os.environ.get("PRE_COMMIT_FROM_REF", ""), os.environ.get("PRE_COMMIT_TO_REF", "")
    if not (old and new):
        return request
    return request._replace(staged=False, diff=f"{old}...{new}", stage=stage or "push")


def show(
    request: Request,
    verdict: Verdict,
    targets: Iterable[tuple[str, str]],
    began: float,
    *,
    verbose: bool = False,
) -> None:
    """Render the verdict in each format, to standard output or to the file named with it."""
    if request.staged and verdict.files_seen == 0:
        print("trustgate: nothing is staged, so nothing was reviewed", file=sys.stderr)
    from trustgate.report import render

    for name, target in targets:
        color = not target and colored()
        text = render(name, verdict, color=color, seconds=time.monotonic() - began, verbose=verbose)
        try:
            _write(name, target, text, request.repo)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = target or "standard output"
            raise UsageError(
                f"--format {name}: {where}: {error.strerror or error}", "name a file that can be written"
            ) from error


def colored(environ: Mapping[str, str] = os.environ, terminal: bool | None = None) -> bool:
    """NO_COLOR (no-color.org) wins when it is not empty; FORCE_COLOR and CLICOLOR_FORCE ask for colours anywhere; else
    a terminal that is not `dumb` has them, unless CLICOLOR is 0 (bixense.com/clicolors)."""
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0", "false") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if environ.get("TERM") == "dumb" or environ.get("CLICOLOR") == "0":
        return False
    return sys.stdout.isatty() if terminal is None else terminal


def _write(name: str, target: str, text: str, repo: str) -> None:
    if target:
        from trustgate.report.file import write_report

        write_report(Path(target), text, repository=Path(repo))
    elif text:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
