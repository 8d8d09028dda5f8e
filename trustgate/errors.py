"""What can go wrong in a way the user can mend. Anything else is a bug of ours and exits with code 3."""

from __future__ import annotations

EXIT_OK, EXIT_FOUND, EXIT_USAGE, EXIT_BLIND, EXIT_PENDING = 0, 1, 2, 3, 4
"""Exit codes of every command: allow or warn, block, wrong usage or configuration, could not judge, pending."""


class TrustgateError(Exception):
    """Root of the expected faults. `message` names the thing at fault, `hint` the next step; both are plain text."""

    exit_code = EXIT_BLIND

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(TrustgateError):
    """A flag, revision or argument that cannot be used as given."""

    exit_code = EXIT_USAGE


class ConfigError(TrustgateError):
    """A configuration, rule or exception file that is not valid; the message names file and key."""

    exit_code = EXIT_USAGE


class CannotJudge(TrustgateError):
    """Something that was asked for could not be read, parsed, looked up or finished in time."""
