"""Calls that write a log, print, count or trace, and the sensitive names that reach them."""

from __future__ import annotations

import re

from trustgate.syntax.outline import Call
from trustgate.syntax.words import wordset

SINKS = frozenset(
    (
        *("log", "logger", "logging", "debug", "info", "warn", "warning", "warnf", "error", "errorf"),
        *("exception", "critical", "fatal", "trace", "print", "println", "printf", "fprintf", "sprintf"),
        *("infof", "debugf", "puts", "console", "dump", "notice", "inc", "incr", "gauge", "histogram"),
        *("counter", "timing", "metric", "metrics", "breadcrumb", "set_tag", "record", "span"),
    )
)
LOGGERS = frozenset(
    (
        *("log", "logger", "logging", "_logger", "console", "slog", "klog", "zap", "glog", "logrus", "log_"),
        *("print", "println", "fmt", "metrics", "statsd", "tracer", "warnings"),
    )
)
SENSITIVE = frozenset(
    (
        *("password", "passwords", "passwd", "passphrase", "secret", "secrets", "token", "tokens", "credential"),
        *("credentials", "creds", "api key", "apikey", "private key", "access key", "authorization", "cookie"),
        *("cookies", "session id", "bearer", "auth header", "headers", "netloc", "kwargs", "environ"),
    )
)


def is_sink(call: Call) -> bool:
    """Whether the call writes a log, prints, counts or traces."""
    first, _, _ = call.callee.partition(".")
    last = call.callee.rsplit(".", 1)[-1]
    if "." not in call.callee:
        return last in ("print", "println", "puts", "log", "debug")
    return last.lower() in SINKS and bool(wordset(call.callee.rsplit(".", 1)[0]) & LOGGERS or first.lower() in LOGGERS)


def sensitive(call: Call) -> frozenset[str]:
    """Sensitive names among the arguments, texts of messages left out (a f-string's fields are kept)."""
    found: frozenset[str] = frozenset()
    for argument in call.arguments:
        value = argument.value
        if value[:1] in "\"'`" and "{" not in value:
            continue
        if value[:2].lower() in ('f"', "f'") or value.startswith("`"):
            value = " ".join(re.findall(r"\{([^{}]{1,80})\}", value))
        found |= wordset(value) & SENSITIVE
    return found
