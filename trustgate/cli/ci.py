"""`trustgate ci`: reviews what a GitHub event is about, and says so on every channel the runner has.

There is no flag that loosens anything: the workflow file may come from the change under review.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_BLIND, TrustgateError, UsageError

if TYPE_CHECKING:
    from trustgate.forge.event import Event
    from trustgate.policy.model import Policy
    from trustgate.verdict import Verdict

Review = Callable[..., "Verdict"]
"""run_review(repo=, diff_base=, trusted_base=, head=, stage=, offline=)"""
_FILES = {"report": "trustgate.json", "sarif": "trustgate.sarif"}
"""by output: name of the file in the report folder"""


@click.command("ci", cls=Grouped)
@click.option("--repo", metavar="DIR", help="The checkout to review.  [default: GITHUB_WORKSPACE]")
@click.option("--report-dir", metavar="DIR", help="Where the JSON and SARIF reports go.  [default: RUNNER_TEMP]")
def ci(repo: str | None, report_dir: str | None) -> None:
    """Review the pull request, merge group or push that started this GitHub workflow.

    Writes annotations, the job summary, the step's outputs, and the JSON and SARIF reports. Exit codes are those of
    `trustgate review`.
    """
    from trustgate.review import run_review

    sys.exit(review_event(os.environ, run_review, repo, report_dir))


def review_event(
    environ: Mapping[str, str], run_review: Review, repo: str | None = None, report_dir: str | None = None
) -> int:
    """Review the event of `environ` and return the exit code: the verdict's, whatever happens to its display.

    A fault that the user can mend is shown and gives its own code; any other is shown as well and goes on upwards.
    """
    from trustgate.attribution.trailers import without_secrets
    from trustgate.escape import terminal
    from trustgate.forge.api import Api
    from trustgate.forge.github import read_event
    from trustgate.forge.objects import gather

    checkout = repo or environ.get("GITHUB_WORKSPACE") or "."
    event: Event | None = None
    try:
        folder = _report_folder(environ, report_dir, checkout)
        with ExitStack() as stack:
            api = Api.from_environ(environ)
            if api is not None:
                stack.enter_context(api)
            event = read_event(environ, api)
        _decide(environ, event, None, "the review has begun")
        repository, said = gather(environ, event, folder, checkout)
        for line in said:
            click.echo(f"trustgate: {terminal(without_secrets(line))}", err=True)
        verdict = run_review(
            repo=repository,
            diff_base=event.diff_base,
            trusted_base=event.trusted_base,
            head=event.head,
            stage=event.stage,
            offline=False,
            **_from_the_forge(environ, event),
        )
    except TrustgateError as error:
        _failed(environ, error.message, error.hint, error.exit_code)
        _decide(environ, event, error.exit_code, "no review took place: see the log of the run")
        return error.exit_code
    except Exception:
        _failed(environ, "internal error", "the log of this step says what to attach to a report", EXIT_BLIND)
        _decide(environ, event, EXIT_BLIND, "no review took place: see the log of the run")
        raise
    _show(environ, verdict, folder, checkout, event)
    _speak(environ, event, verdict)
    _decide(environ, event, verdict.exit_code, _summary(verdict))
    return verdict.exit_code


def _summary(verdict: Verdict) -> str:
    from trustgate.report import phrases

    return phrases.headline(verdict) or phrases.summary(verdict)


def _decide(environ: Mapping[str, str], event: Event | None, code: int | None, said: str) -> None:
    """The status on the head commit, where the action's `status` asks for one and a change to a branch is judged."""
    from trustgate.forge import status
    from trustgate.forge.api import Api

    wanted = environ.get("TRUSTGATE_STATUS", "") == "true"
    if not wanted or event is None or event.stage != "pr" or not event.base_ref:
        return

    def write() -> None:
        api = Api.from_environ(environ)
        if api is None:
            raise UsageError("there is no token", "give the action its `token` input, with `statuses: write`")
        with api:
            _print(f"trustgate: {status.publish(api, environ, event, code, said)}\n")

    _shown("status", write)


def _from_the_forge(environ: Mapping[str, str], event: Event) -> dict[str, Any]:
    """Text and approvals of the pull request. Approvals are read when needed, so that a late push voids them."""
    from trustgate.forge.api import Api
    from trustgate.people.voices import Voice

    given: dict[str, Any] = {"pr_body": event.body} if event.body else {}
    repository = environ.get("GITHUB_REPOSITORY", "")
    if not event.number or not repository or not environ.get("TRUSTGATE_GITHUB_TOKEN"):
        return given

    def approvals(policy: Policy) -> tuple[tuple[Voice, ...], tuple[str, ...]]:
        from trustgate.forge.approvals import approvals as read

        api = Api.from_environ(environ)
        assert api is not None  # there is a token
        with api:
            found = read(api, repository, event.number, event.head, policy.people)
        said = f"approved on the forge, for {event.head[:12]}, by"
        return (
            tuple(Voice(one.login, f"{said} {one.login}") for one in found if not one.refused),
            tuple(f"the approval of {one.login} does not count: {one.refused}" for one in found if one.refused),
        )

    def verified() -> None:
        from trustgate.forge.verified import verified_commits

        api = Api.from_environ(environ)
        assert api is not None  # there is a token
        with api:
            given["verified"] = verified_commits(api, repository, event.number)

    _shown("commits verified by the forge", verified, "read")
    return {**given, "approvals": approvals}


def _speak(environ: Mapping[str, str], event: Event, verdict: Verdict) -> None:
    """The comment on the pull request, where there is a token. A fork's token may only read; then the rest stands."""
    from trustgate.forge import comment, removed
    from trustgate.forge.api import Api

    repository = environ.get("GITHUB_REPOSITORY", "")
    api = Api.from_environ(environ)
    if api is None or not event.number or not repository:
        return

    def speak() -> None:
        _print(f"trustgate: {comment.publish(api, repository, event.number, verdict)}\n")

    def speak_of_lines() -> None:
        author = comment.author_of(api)
        said = removed.publish(api, repository, event.number, event.head, verdict, author)
        _print(f"trustgate: {said}\n")

    with api:
        _shown("comment", speak)
        _shown("comments on removed lines", speak_of_lines)


def _report_folder(environ: Mapping[str, str], report_dir: str | None, checkout: str) -> Path:
    """Raises UsageError when there is no such folder, or when it lies inside the checkout."""
    name = report_dir or environ.get("RUNNER_TEMP")
    if not name:
        raise UsageError("no folder for the reports: RUNNER_TEMP is not set", "give one with --report-dir")
    folder = Path(name)
    if not folder.is_dir():
        raise UsageError(f"{name} is not a folder", "give an existing one with --report-dir")
    if folder.resolve().is_relative_to(Path(checkout).resolve()):
        raise UsageError(f"{name} lies inside the repository under review", "give a folder outside of it")
    return folder


def _show(environ: Mapping[str, str], verdict: Verdict, folder: Path, checkout: str, event: Event) -> None:
    from trustgate.forge.github import write_outputs, write_summary
    from trustgate.report import github, json, markdown, render, text
    from trustgate.report.file import write_report
    from trustgate.verdict import Action

    def save(name: str, text: str) -> None:
        values[name] = str(write_report(folder / _FILES[name], text, repository=Path(checkout), inside=False))

    found = [item for item in verdict.findings if item.action >= Action.WARN and not item.suppressed_by]
    values = {
        "decision": verdict.decision.label,
        "findings": str(len(found)),
        "complete": "true" if verdict.complete else "false",
        "exit-code": str(verdict.exit_code),
        "number": str(event.number),
    }
    _shown("annotations", lambda: _print(github.render(verdict)))
    _shown("log", lambda: _print(github.guarded(text.render(verdict))))
    _shown("summary", lambda: write_summary(environ, markdown.render(verdict)))
    _shown("JSON report", lambda: save("report", json.render(verdict)))
    _shown("SARIF report", lambda: save("sarif", render("sarif", verdict)))
    _shown("outputs", lambda: write_outputs(environ, values))


def _failed(environ: Mapping[str, str], message: str, hint: str, code: int) -> None:
    from trustgate.forge.github import write_outputs
    from trustgate.report.github import failure

    values = {"decision": "error", "findings": "0", "complete": "false", "exit-code": str(code)}
    _shown("annotation", lambda: _print(failure(message, hint)))
    _shown("outputs", lambda: write_outputs(environ, values))


def _print(text: str) -> None:
    """As UTF-8, whatever the locale of the runner."""
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False)


def _shown(what: str, show: Callable[[], object], verb: str = "written") -> None:
    """Run one thing that a verdict can do without; a line on stderr when it fails."""
    try:
        show()
    except Exception as error:  # noqa: BLE001 - a display that fails must not change the verdict
        from trustgate.escape import terminal

        detail = terminal(f"{type(error).__name__}: {error}")
        click.echo(f"trustgate: the {what} could not be {verb}: {detail}", err=True)
