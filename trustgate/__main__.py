"""Entry point: runs the command, turns faults into messages and exit codes. No traceback reaches a user."""

from __future__ import annotations

import errno
import gc
import os
import sys


def main() -> None:
    """Run `trustgate`; exit codes are those of `errors.py`, 130 after ^C."""
    from trustgate.errors import EXIT_BLIND, EXIT_USAGE, TrustgateError

    if refusal := refused_on(sys.platform):
        print(f"trustgate: {refusal}", file=sys.stderr)
        sys.exit(EXIT_USAGE)
    _open_closed()
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except TrustgateError as error:
        from trustgate.escape import terminal

        print(f"trustgate: {terminal(error.message)}", file=sys.stderr)
        if error.hint:
            print(f"  next: {terminal(error.hint)}", file=sys.stderr)
        code = error.exit_code
    except KeyboardInterrupt:
        print("trustgate: interrupted; nothing was judged", file=sys.stderr)
        code = 130
    except BrokenPipeError:
        code = EXIT_BLIND
    except OSError as error:
        if error.errno not in FULL:
            code = _crashed()
        else:
            print(f"trustgate: the output could not be written: {error.strerror}", file=sys.stderr)
            print("  next: make room, or send it elsewhere; what was cut off is no verdict", file=sys.stderr)
            code = EXIT_BLIND
    except Exception:  # noqa: BLE001 - a bug of ours: say so, keep the evidence, and never look like a pass
        code = _crashed()
    _drop_unwritten()
    gc.freeze()  # the system takes back what is left; the interpreter would look for cycles in it, at 1/15 of the hook
    sys.exit(code)


def _crashed() -> int:
    from trustgate.cli.crash import report_crash
    from trustgate.errors import EXIT_BLIND

    report_crash()
    return EXIT_BLIND


def _drop_unwritten() -> None:
    """The interpreter flushes once more at its end, and would make 120 of our exit code where that fails."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_closed() -> None:
    """Put /dev/null where a standard stream is closed: the next file opened would take its number, and our output."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - it lives as long as we


def refused_on(platform: str) -> str:
    """Why we do not run here, in one sentence; empty where we do. Half a gate would look like a whole one."""
    if platform in ("win32", "cygwin"):
        return "Windows is not supported, because file modes, signals and process limits are not there: use WSL"
    if sys.getfilesystemencoding() != "utf-8":
        return f"file names are read as {sys.getfilesystemencoding()} here, which cannot hold all of them: PYTHONUTF8=1"
    return ""


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""what the system says of a disk, a quota or a file that is full"""
GARBAGE = 50_000
"""objects between two looks for cycles: a run makes few, and looking costs a tenth of the hook's time"""

HOOK = ["review", "--staged"]
"""arguments for which `cli.hook.staged` stands in for the click command"""


def _run(arguments: list[str]) -> int:
    gc.set_threshold(GARBAGE)
    if arguments == HOOK:
        from trustgate.cli.hook import staged

        return staged()
    import click

    from trustgate.cli.root import cli
    from trustgate.errors import EXIT_BLIND, EXIT_USAGE

    try:
        code = cli.main(arguments, prog_name="trustgate", standalone_mode=False)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        error.show()
        return EXIT_BLIND if error.exit_code == EXIT_BLIND else EXIT_USAGE
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
