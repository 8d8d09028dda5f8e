"""Entry point: runs the command, turns faults into messages and exit codes. No traceback reaches a user."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `trustgate`; exit codes are those of `errors.py`, 130 after ^C."""
    import click

    from trustgate.cli.root import cli
    from trustgate.errors import EXIT_BLIND, EXIT_USAGE, TrustgateError

    try:
        code = cli.main(prog_name="trustgate", standalone_mode=False)
    except TrustgateError as error:
        from trustgate.escape import terminal

        print(f"trustgate: {terminal(error.message)}", file=sys.stderr)
        if error.hint:
            print(f"  next: {terminal(error.hint)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        print("trustgate: interrupted; nothing was judged", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_BLIND)
    except Exception:  # noqa: BLE001 - a bug of ours: say so, keep the evidence, and never look like a pass
        from trustgate.cli.crash import report_crash

        report_crash()
        sys.exit(EXIT_BLIND)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
