"""What a verdict looks like to a reader: one module a format, each with `render(verdict) -> str`. Prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trustgate.verdict import Verdict

FORMATS = ("text", "json", "sarif", "markdown", "html", "github", "gitlab")
"""module names, and the names that `--format` takes; imported when asked for"""


def render(
    name: str, verdict: Verdict, *, color: bool = False, seconds: float | None = None, verbose: bool = False
) -> str:
    """`verdict` in the format `name`, one of FORMATS. Colour, the time taken and `verbose` matter to `text` only."""
    if name == "text":
        from trustgate.report import text

        return text.render(verdict, color=color, seconds=seconds, verbose=verbose)
    if name == "sarif":
        from trustgate.report import sarif
        from trustgate.rulebook import describe, load_rulebook

        texts = {
            rule.id: sarif.RuleText(rule.title, rule.message, rule.tip) for rule in describe(load_rulebook()).values()
        }
        return sarif.render(verdict, rules=texts)
    if name not in FORMATS:
        raise ValueError(f"no report format {name!r}")
    from importlib import import_module

    rendered: str = import_module(f"trustgate.report.{name}").render(verdict)
    return rendered
