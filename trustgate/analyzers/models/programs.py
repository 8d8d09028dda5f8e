"""Programs that fetch or serve a model, by the `[[command]]` tables of the rules: in shell, containers, CI, arrays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename
from typing import NamedTuple

from trustgate.analyzers.models.hit import Hit
from trustgate.analyzers.models.loads import tag_hits
from trustgate.analyzers.models.names import is_commit, is_repository
from trustgate.analyzers.models.place import Form, form_of
from trustgate.analyzers.models.words import Command, Word, commands_at, expanded, lines_with, variables_of
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import SideText
from trustgate.finding import Confidence

_PREFIXES = frozenset(
    (
        *("sudo", "exec", "nohup", "time", "run", "cmd", "entrypoint", "command", "then", "do", "else", "!", "$", "-"),
        *("poetry", "uv", "uvx", "pipx", "env", "@", "healthcheck", "-c", "--", "bash", "sh", "-e", "-lc", "start"),
        *("/bin/sh", "/bin/bash", "-m", "python", "python3", "nice", "if", "while", "until", "npx", "stdbuf", "-ol"),
        *("tini", "xargs", "screen", "tmux", "docker", "podman", "compose", "kubectl"),
    )
)
_SAID = frozenset(
    ("echo", "printf", "print", "cat", "log", "info", "warn", "error", "grep", "say", "console.log", "logger", "which")
)
_RUNNERS = re.compile(
    r"(?i)\b(?:run|system|popen|exec\w*|spawn\w*|call|check_call|check_output|getoutput|sh|bash|Command)\b\s*[(!]|`"
)
_GIT_HUB = re.compile(
    r"https?://(?:[^@/\s]{0,80}@)?(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/)([\w.-]{1,96}/[\w.-]{1,96}?)(?:\.git)?/?\Z"
)
_HOLES = "${<"
"""marks of what is filled in elsewhere"""
_TRUSTING = ("--trust-remote-code", "--trust_remote_code")
_HUGGED = re.compile(r"(?:https?://)?(?:hf\.co|huggingface\.co)/")


class Program(NamedTuple):
    """One row `[[command]]`."""

    rule: str
    names: tuple[str, ...]
    verbs: tuple[str, ...]
    """one of them must follow; empty: none is asked for"""
    given: tuple[str, ...]
    """what the model is given with"""
    positional: bool
    """or as the first word that is no flag"""
    pins: tuple[str, ...]
    """flags that take a commit"""
    tagged: bool
    """models are named as Ollama does"""
    images: tuple[str, ...]
    """container images whose arguments are this program's"""
    valued: tuple[str, ...]
    """flags of its own that take a value, so that a positional model is not mistaken"""


def programs(rules: RuleSet) -> tuple[Program, ...]:
    found = []
    for rule in ("movable-model-tag", "llama-hub-model", "unpinned-serve", "unpinned-model"):
        for table in rules.tables(rule, "command"):
            found.append(
                Program(
                    rule,
                    tuple(table["names"]),
                    tuple(table.get("verbs", ())),
                    tuple(table.get("given", ())),
                    bool(table.get("positional", False)),
                    tuple(table.get("pins", ())),
                    bool(table.get("tagged", False)),
                    tuple(table.get("images", ())),
                    tuple(table.get("valued", ())),
                )
            )
    return tuple(found)


class Commands:
    """Scans one side after the other by the same tables."""

    def __init__(self, rules: RuleSet) -> None:
        self._programs = programs(rules)
        named = {name for row in self._programs for name in (*row.names, *row.images)}
        self._needles = tuple(sorted(named | {"huggingface.co/", "hf.co/"}))

    def __call__(self, side: SideText) -> Iterator[Hit]:
        form = form_of(side.path)
        if form is Form.PROSE:
            return
        names: dict[str, str] | None = None
        for command in commands_at(side.lines, lines_with(side.text, self._needles)):
            if names is None:
                names = variables_of(side.text)
            yield from self._judge(side, command, form, names)

    def _judge(self, side: SideText, command: Command, form: Form, names: dict[str, str]) -> Iterator[Hit]:
        words = command.words
        spoken = False
        for index, word in enumerate(words):
            if word.operator:
                spoken = False
                continue
            name = basename(word.text.lstrip("!%@$")).lower()
            if name in _SAID and self._leads(words, index):
                spoken = True
            if spoken:
                continue
            row = self._row(words, index, name, side, form)
            if row is not None:
                first = index + 2 if row.verbs else index + 1
                yield from self.arguments(row, words, first, names, Confidence.MEDIUM if form is Form.CODE else None)
            elif (served := self._image(words, index)) is not None:
                yield from self.arguments(served, words, index + 1, names)
            elif (
                name == "git"
                and index + 1 < len(words)
                and words[index + 1].text == "clone"
                and self._leads(words, index)
            ):
                yield from _cloned(words, index + 2)

    def by_image(self, image: str) -> Program | None:
        """The program whose arguments a container of this image takes."""
        bare = image.partition("@")[0]
        bare = bare if "/" in bare.rpartition(":")[2] else bare.rpartition(":")[0] or bare
        return next(
            (row for row in self._programs if any(bare == name or bare.endswith(f"/{name}") for name in row.images)),
            None,
        )

    def _image(self, words: tuple[Word, ...], index: int) -> Program | None:
        """`docker run … IMAGE args`: the image is what the arguments belong to."""
        if "/" not in words[index].text or not any(word.text == "run" for word in words[:index]):
            return None
        return self.by_image(words[index].text)

    def _row(self, words: tuple[Word, ...], index: int, name: str, side: SideText, form: Form) -> Program | None:
        for row in self._programs:
            if name not in row.names:
                continue
            verb = words[index + 1].text if index + 1 < len(words) else ""
            if row.verbs and verb not in row.verbs:
                continue
            if form is Form.NOTEBOOK and not _marked(words, index):
                continue
            if form is Form.CODE and not self._run_in_code(words, index, side):
                continue
            if form is Form.SHELL and not self._leads(words, index):
                continue
            return row
        return None

    @staticmethod
    def _leads(words: tuple[Word, ...], index: int) -> bool:
        """Whether a command may begin at this word: nothing before it but prefixes, settings, flags and keys."""
        for before in range(index - 1, -1, -1):
            word = words[before]
            if word.operator:
                return True
            if words[before + 1].begins:
                return True
            text = word.text.lower()
            if text in _PREFIXES or "=" in text or text.endswith(":") or text.startswith(("-", "!", "%", "run=")):
                continue
            if words[max(before - 1, 0)].text.startswith("-") or words[max(before - 1, 0)].text.lower() in (
                "exec",
                "run",
                "-it",
                "compose",
            ):
                continue  # what a flag takes: `docker exec -it NAME`
            return False
        return True

    @staticmethod
    def _run_in_code(words: tuple[Word, ...], index: int, side: SideText) -> bool:
        """In a program only what is run counts: an array that begins with the name, or a string handed to a runner."""
        word = words[index]
        line = side.line(word.line)
        before = line[: max(word.start - 1, 0)].rstrip()
        if (
            index + 1 < len(words)
            and line[word.end : word.end + 1] in ("'", '"', "`")
            and before.endswith(("[", "(", ",", "*["))
        ):
            return True
        above = side.line(word.line - 1)
        if before == "" and above.rstrip().endswith(("[", "(")):
            return True
        return word.quoted and _RUNNERS.search(before or above) is not None

    def arguments(
        self,
        row: Program,
        words: tuple[Word, ...],
        index: int,
        names: dict[str, str],
        confidence: Confidence | None = None,
    ) -> Iterator[Hit]:
        """What the words from `index` on, after a program's name, say."""
        given = _given(row, words[index:], names)
        model = given.model
        if given.dataset:
            return
        if given.trusted is not None:
            word, name = given.trusted, model.text[:120] if model is not None else ""
            slots = (("model", f"`{name}`" if name else "the model"),)
            place = (word.line, word.line, word.start, word.end)
            yield Hit("remote-code-model", f"--trust-remote-code {name}", *place, slots=slots, confidence=confidence)
        if model is None:
            return
        if given.insecure:
            slots = (("what", f"`{model.text[:120]}` is fetched without a check"),)
            yield Hit("insecure-model-download", f"--insecure {model.text}", model.line, model.line, slots=slots)
        if not any(mark in model.text for mark in _HOLES):
            yield from _named(row, model, given.pins, confidence)


class Given(NamedTuple):
    """The arguments of one command, as far as a row knows them."""

    model: Word | None
    pins: tuple[tuple[str, str], ...]
    """flag and value"""
    trusted: Word | None
    insecure: bool
    dataset: bool


def _given(row: Program, rest: tuple[Word, ...], names: dict[str, str]) -> Given:
    model: Word | None = None
    trusted: Word | None = None
    pins: list[tuple[str, str]] = []
    dataset = insecure = skip = False
    for position, word in enumerate(rest):
        if word.operator:
            break
        if skip:
            skip = False
            continue
        text = expanded(word.text, names)
        flag, equals, value = text.partition("=")
        after = word if equals or position + 1 == len(rest) else rest[position + 1]
        value = value if equals or after is word else expanded(after.text, names)
        if flag in row.given:
            model, skip = after._replace(text=value), not equals
        elif flag in row.pins:
            pins.append((flag, value))
            skip = not equals
        elif flag in _TRUSTING and value.lower() != "false":
            trusted = word
        elif flag == "--repo-type":
            dataset = value in ("dataset", "space")
        elif flag.startswith("-"):
            insecure = insecure or flag == "--insecure"
            skip = not equals and flag in row.valued
        elif row.positional and model is None:
            model = word._replace(text=text)
    return Given(model, tuple(pins), trusted, insecure, dataset)


def _named(
    row: Program, model: Word, pins: tuple[tuple[str, str], ...], confidence: Confidence | None
) -> Iterator[Hit]:
    """What the name of a model and the pins beside it say."""
    name = model.text.removesuffix(",")
    place = (model.line, model.line, model.start, model.end)
    if row.tagged and not _HUGGED.match(name):
        yield from tag_hits(name, model.line, model.line, confidence, model.start, model.end)
        return
    hub = _HUGGED.sub("", name)
    bare = hub.partition(":")[0]
    if not is_repository(bare):
        return
    for flag, value in pins:
        if not is_commit(value) and not any(mark in value for mark in _HOLES):
            slots = (("model", bare), ("revision", value[:80]))
            yield Hit("movable-revision", f"{bare}@{flag}={value}", *place, slots=slots, confidence=confidence)
    commit = next((value for flag, value in pins if flag in ("--revision", "-r", "--commit")), None)
    if commit is None:
        rule = "llama-hub-model" if row.tagged else row.rule
        yield Hit(rule, hub, *place, slots=(("model", hub),), confidence=confidence)
    elif any(mark in commit for mark in _HOLES):
        yield Hit("revision-unknown", bare, *place, slots=(("model", bare),), confidence=confidence)
    elif is_commit(commit):
        slots = (("model", bare), ("revision", commit))
        yield Hit("model-not-locked", f"{bare}@{commit}", *place, slots=slots, confidence=confidence)


def _marked(words: tuple[Word, ...], index: int) -> bool:
    """Whether a cell hands the line to the shell: `!ollama …`, `%sh ollama …`."""
    return words[index].text.startswith(("!", "%")) or (index > 0 and words[index - 1].text.startswith(("!", "%")))


def _cloned(words: tuple[Word, ...], index: int) -> Iterator[Hit]:
    for word in words[index : index + 12]:
        if word.operator:
            return
        found = _GIT_HUB.match(word.text)
        if found is not None and is_repository(found[1]):
            yield Hit(
                "unpinned-model", found[1], word.line, word.line, word.start, word.end, slots=(("model", found[1]),)
            )
            return
