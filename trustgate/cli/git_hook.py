"""`trustgate hook NAME`: the hooks that record, as git and the pre-commit framework call them.

None of them stops what git is doing: whatever goes wrong is one line on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from trustgate.cli.grouped import Commands
from trustgate.errors import TrustgateError, UsageError

_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
"""files in the git directory that say: what is committed now was written before"""
_NOT_OURS = ("merge", "squash")
"""sources of a message (githooks(5), prepare-commit-msg) that get no trailer"""


@click.group("hook", cls=Commands)
def hook() -> None:
    """Run as one of git's hooks. See the files in hooks/, or the ids in .pre-commit-hooks.yaml."""


@hook.command("post-commit")
def post_commit() -> None:
    """Record who or what wrote the commit that was just made."""
    _quietly(_record)


@hook.command("prepare-commit-msg")
@click.argument("message", metavar="FILE")
@click.argument("source", required=False)
@click.argument("commit", required=False)
def prepare_commit_msg(message: str, source: str | None, commit: str | None) -> None:
    """Add an Assisted-by trailer to the message in FILE, if the policy has `trailer = true` under [attribution]."""
    _quietly(lambda: _trailer(Path(message), source or os.environ.get("PRE_COMMIT_COMMIT_MSG_SOURCE", "")))


@hook.command("pre-push", context_settings={"ignore_unknown_options": True})
@click.argument("remote", required=False)
@click.argument("url", required=False)
def pre_push(remote: str | None, url: str | None) -> None:
    """Review what is pushed, and push the records along with it.

    Exit code 1 when a finding blocks; what is pending stops no push.
    """
    from trustgate.changes.git import Git
    from trustgate.cli.pushing import review_push

    name = remote or os.environ.get("PRE_COMMIT_REMOTE_NAME", "") or url or "origin"
    with Git.open(".") as git:
        code = review_push(git, name)
    if code:
        sys.exit(code)
    _quietly(lambda: _push(name))


def _quietly(run: Callable[[], None]) -> None:
    try:
        run()
    except TrustgateError as error:
        from trustgate.attribution.trailers import without_secrets
        from trustgate.escape import terminal

        hint = f" ({error.hint})" if error.hint else ""
        click.echo(f"trustgate: {terminal(without_secrets(error.message + hint))}", err=True)
    sys.exit(0)


def _record() -> None:
    from trustgate.changes.git import Git
    from trustgate.cli.recording import record_commit
    from trustgate.escape import terminal

    with Git.open(".") as git:
        done = record_commit(git, "HEAD")
    if done.agents:
        click.echo(f"trustgate: {terminal(done.line)}", err=True)
    for item in done.unread:
        click.echo(f"trustgate: {terminal(item)}", err=True)


def _push(remote: str) -> None:
    from trustgate.attribution.binding import REF
    from trustgate.changes.exchange import push_notes
    from trustgate.changes.git import Git
    from trustgate.people.approval import REF as APPROVALS

    with Git.open(".") as git:
        for ref in (REF, APPROVALS):
            push_notes(git, remote, ref)


def _trailer(file: Path, source: str) -> None:
    from trustgate.attribution.assisted_by import LIMIT, trailers_for, with_trailers
    from trustgate.attribution.environment import running_agents
    from trustgate.attribution.registry import registry_of
    from trustgate.changes.git import Git
    from trustgate.changes.trees import Tree
    from trustgate.cli.recording import home
    from trustgate.review import configuration, rulebook

    if source in _NOT_OURS:
        return
    with Git.open(".") as git:
        if any(Path(git.place.git_dir, name).exists() for name in _UNDER_WAY):
            return
        book = rulebook(git.place.top or git.place.git_dir)
        top = Path(git.place.top) if git.place.top else None
        trailers = trailers_for(running_agents(os.environ, home(), book, top))
        if not trailers:
            return
        policy, _ = configuration(Tree(git, git.place.head or git.empty_tree).file, book)
        if not policy.trailer:
            return
        comment = b"" if source == "message" else _comment(git.user_setting("core.commentChar"))
    try:
        before = file.read_bytes() if file.stat().st_size <= LIMIT else b""
        after = with_trailers(before, trailers, registry_of(book).keys, comment)
        if after != before:
            file.write_bytes(after)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}", "the message was left as it was") from error


def _comment(setting: str) -> bytes:
    """The character of comments in a message (git-config(1), core.commentChar); `auto` begins with the usual one."""
    return b"#" if setting in ("", "auto") else os.fsencode(setting)
