"""Every command that a page shows runs, ends as the page says, and prints what the page shows below it."""

from __future__ import annotations

import json
import re
import shlex
from itertools import product

import click
import pytest
from doc_pages import PAGES, ROOT, SHELL, Command, blocks, commands, spans
from sandboxes import SANDBOXES, Box

from trustgate.cli.root import COMMANDS, cli

NOT_RUN = {
    "make test": "it would start this suite again",
    "trustgate advisories update": "fetches OSV's exports from the public network",
}
"""command of a page to the reason why it is not run here; its own options are checked all the same"""
KINDS = SHELL | {"toml", "yaml", "json", "text"}
SHOWN = {page: list(commands(page)) for page in PAGES}
WITH_COMMANDS = [page for page, found in SHOWN.items() if found]


def bare(command: str) -> str:
    return re.sub(r"\s+# .*$", "", command)


@pytest.mark.parametrize("page", PAGES)
def test_a_block_says_what_it_is(page: str) -> None:
    assert {block.kind for block in blocks(page)} <= KINDS


def test_a_page_with_commands_has_its_sandbox() -> None:
    assert set(SANDBOXES) == set(WITH_COMMANDS)


def test_what_is_not_run_is_still_shown() -> None:
    assert {bare(command.text) for found in SHOWN.values() for command in found} >= set(NOT_RUN)


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_the_commands_of_a_page_run_in_their_order(page, make_repo, tmp_path):
    box = Box(tmp_path, make_repo)
    SANDBOXES[page](box)
    for command in SHOWN[page]:
        line = bare(command.text)
        if line in NOT_RUN:
            continue
        done = box.run(line)
        said = f"{page}:{command.line}: {line}\n{done.stdout}{done.stderr}"
        assert done.returncode == box.expected(line), said
        assert "Traceback" not in done.stderr, said
        if command.shown:
            assert prints(command, done.stdout + done.stderr), said


VARIES = r"\d{4}-\d\d-\d\d|(?<![\w.-])(?=[a-f]*\d)[0-9a-f]{3,}(?![\w-])|…"


def prints(command: Command, out: str) -> bool:
    """Does it print what is shown? Dates, ids and counts may differ, `…` stands for any text; JSON is the same value."""
    if command.shown.startswith("{"):
        return bool(json.loads(command.shown) == json.loads(out))
    wanted = re.escape(command.shown)
    for varies in dict.fromkeys(re.findall(VARIES, command.shown)):
        wanted = wanted.replace(re.escape(varies), ".*" if varies == "…" else "[0-9a-f-]+")
    return re.fullmatch(wanted, out.strip("\n"), re.S) is not None


@pytest.mark.parametrize(
    ("shown", "out", "same"),
    [
        pytest.param("until 2027-02-28", "until 2028-01-01", True, id="another day"),
        pytest.param("intact: 214 rows, ending with 5b0f…", "intact: 4 rows, ending with 77aa01", True, id="an id"),
        pytest.param("model=glm-5.2", "model=glm-4.7", False, id="another model"),
        pytest.param("accepted a finding", "accepted", False, id="less"),
        pytest.param("one", "one\ntwo", False, id="more"),
        pytest.param('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', True, id="JSON in another order"),
        pytest.param('{"a": 1}', '{"a": 2}', False, id="other JSON"),
    ],
)
def test_what_is_shown_is_compared(shown, out, same):
    assert prints(Command("x.md", 1, "x", shown), out) is same


def parsed(words: list[str]) -> None:
    """Raises click's errors for a command of ours that is not there, or an option that it does not know."""
    command: click.Command = cli
    context = click.Context(cli, info_name="trustgate")
    while True:
        _, rest, _ = command.make_parser(context).parse_args(list(words))
        if not isinstance(command, click.Group) or not rest:
            return
        name, words = rest[0], rest[1:]
        found = command.get_command(context, name)
        if found is None:
            raise click.UsageError(f"no command {name}")
        command, context = found, click.Context(found, info_name=name, parent=context)


@pytest.mark.parametrize("line", sorted(NOT_RUN))
def test_what_is_not_run_has_known_options(line: str) -> None:
    words = shlex.split(line)
    if words[0] == "trustgate":
        parsed(words[1:])
    else:
        assert works(line)


WITHIN = {"docs/models.md": "models", "docs/lanes.md": "config", "docs/design.md": "models"}
"""page to the command whose sub-commands it names without saying `trustgate` and its name each time"""


def works(span: str) -> bool:
    """Is what the span starts there: targets of make, a file with these options?"""
    words = span.split()
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
        return all(word in targets for word in words[1:] if "=" not in word)
    script = ROOT / words[1]
    options = [word.strip("[]") for word in words[2:] if word.strip("[").startswith("--")]
    return script.exists() and all(f'"{option}"' in script.read_text() for option in options)


def named(span: str, page: str) -> list[list[str]]:
    """The words of a command of ours that a span names, one list for each alternative of `a|b`; none for other spans."""
    words = re.sub(r"\[[\w|]+\]|\.\.\.(?=\s|$)|…", " ", span).split()
    if words[:1] == ["trustgate"] and "@" not in span:
        words = words[1:]
    elif words and page in WITHIN and words[0] in cli.get_command(CONTEXT, WITHIN[page]).commands:
        words = [WITHIN[page], *words]
    elif len(words) < 2 or words[0] not in COMMANDS:
        return []
    either = [word.split("|") for word in words]
    return [list(one) for one in product(*either)]


CONTEXT = click.Context(cli)


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_prose_exist(page: str) -> None:
    for span in spans(page):
        for words in named(span, page):
            try:
                parsed(words)
            except click.BadOptionUsage:
                continue  # the option alone, without its value
            except click.UsageError as error:
                pytest.fail(f"{page}: `{span}`: {error.format_message()}")
        runs = re.match(r"(make|(\.venv/bin/)?python|pytest) (?!-)\S", span)
        assert not runs or works(span), f"{page}: `{span}`"


OTHERS = {
    "--no-verify": "git commit", "--raw": "git diff-tree", "--model": "an agent's", "--profile": "an agent's",
    "--revision": "vLLM", "--sparse": "benchmarks/models/hashing.py",
}  # fmt: skip
"""options of other programs that pages name on their own"""


def options(command: click.Command) -> set[str]:
    own = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    return own.union(*(options(sub) for sub in getattr(command, "commands", {}).values()))


@pytest.mark.parametrize("page", PAGES)
def test_options_in_prose_exist(page: str) -> None:
    known = {*OTHERS, "--help", "--version"}.union(*(options(cli.get_command(CONTEXT, name)) for name in COMMANDS))
    assert {found for span in spans(page) for found in re.findall(r"^--[a-z0-9-]+", span)} <= known
