"""Programs that load models: which revision, whose code, which unpickler, which local tag (MDL101 to 121, 130)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.models.calls import Entry, Program, Read, entries
from trustgate.analyzers.models.hit import Hit
from trustgate.analyzers.models.names import is_bare, is_commit, is_repository, ollama_state
from trustgate.analyzers.models.values import UNKNOWN, Value
from trustgate.analyzers.models.words import lines_with
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import SideText
from trustgate.finding import Confidence, Severity

_HUB = re.compile(r"(?:hf://|hf[-_]hub:|huggingface:|hf:)")
_OLLAMA = re.compile(r"ollama(?:_chat)?[/:](?=\w)")
_TRUSTED = "trust_remote_code"
_OFF = ("dataset", "space")


class Loads:
    """Scans one side after the other by the same tables."""

    def __init__(self, rules: RuleSet) -> None:
        self._loads = entries(rules, "unpinned-model", "load")
        self._remote = entries(rules, "remote-code-model", "call")
        self._pickled = entries(rules, "pickled-weights-load", "call")
        self._local = entries(rules, "movable-model-tag", "call")
        every = (*self._loads, *self._remote, *self._pickled, *self._local)
        self._wanted = frozenset((*(entry.last for entry in every), "load"))

    def __call__(self, side: SideText) -> Iterator[Hit]:
        program = Program(side, self._wanted)
        lines: set[int] = set()
        for read in program.reads():
            for hit in (
                *self._pinned(program, read),
                *self._code(program, read),
                *self._weights(program, read),
                *self._tags(program, read),
            ):
                if hit.rule == "remote-code-model":
                    lines.update(range(hit.line, hit.end_line + 1))
                yield hit
        if _TRUSTED in side.text:
            yield from self._trusting(program, lines)

    def _pinned(self, program: Program, read: Read) -> Iterator[Hit]:
        entry = _entry(self._loads, program, read)
        if entry is None:
            return
        kind = program.value(read.named.get("repo_type")).text
        if kind in _OFF or program.value(read.named.get("local_files_only")).text is True:
            return
        model, direct = _model(program, read, entry)
        model, _, tied = model.partition("@")
        span = read.call.span
        place = (span.line, span.end_line)
        low = None if direct else Confidence.MEDIUM
        for key in ("code_revision", "tokenizer_revision"):
            value = program.value(read.named.get(key))
            if isinstance(value.text, str) and not is_commit(value.text):
                yield Hit(
                    "movable-revision",
                    f"{model or read.last}@{key}={value.text}",
                    *place,
                    slots=_slots(model or "the model", value.text),
                )
        revision, told = self._revision(program, read, tied)
        if isinstance(revision.text, str):
            if not is_commit(revision.text) and (model or revision.direct):
                name = model or "the model"
                yield Hit(
                    "movable-revision",
                    f"{model or read.last}@{revision.text}",
                    *place,
                    slots=_slots(name, revision.text),
                    confidence=low,
                )
            elif model:
                yield Hit("model-not-locked", f"{model}@{revision.text}", *place, slots=_slots(model, revision.text))
        elif not model:
            return
        elif not told or revision.known:
            yield Hit("unpinned-model", model, *place, slots=(("model", model),), confidence=low)
        else:
            yield Hit("revision-unknown", model, *place, slots=(("model", model),))

    def _revision(self, program: Program, read: Read, tied: str) -> tuple[Value, bool]:
        """The revision, and whether the call says anything of one."""
        if tied:
            return Value(tied, True), True
        found = read.named.get("revision") or read.inner.get("revision")
        if found is not None:
            return program.value(found), True
        unseen = False
        for name in read.spread:
            pairs, whole = program.names.spread(name, read.call.span.line)
            if "revision" in pairs:
                return program.value(pairs["revision"])._replace(direct=False), True
            unseen = unseen or not whole
        return UNKNOWN, unseen

    def _code(self, program: Program, read: Read) -> Iterator[Hit]:
        """Code that comes with the weights: `trust_remote_code` of any call, and hubs that run what they fetch."""
        span = read.call.span
        trusted = read.named.get(_TRUSTED) or read.inner.get(_TRUSTED)
        if trusted is not None and program.value(trusted).text is True:
            entry = _entry(self._loads, program, read)
            model = _model(program, read, entry)[0] if entry is not None else ""
            revision, _ = self._revision(program, read, "")
            kept = isinstance(revision.text, str) and is_commit(revision.text)
            yield Hit(
                "remote-code-model", f"{read.call.callee} {model}", span.line, span.end_line,
                slots=(("model", f"`{model}`" if model else "the model"),), severity=Severity.MEDIUM if kept else None,
                confidence=Confidence.MEDIUM if kept else None, evidence=f"{read.call.callee[:80]}: {_TRUSTED} is on",
            )  # fmt: skip
        entry = _entry(self._remote, program, read)
        if entry is None or program.value(read.named.get("source")).text == "local":
            return
        source = program.names.value(read.positional[0].value, span.line).text if read.positional else None
        if isinstance(source, str) and "/" in source and not source.startswith(("/", ".")):
            yield Hit(
                "remote-code-model",
                f"{read.call.callee} {source}",
                span.line,
                span.end_line,
                slots=(("model", f"`{source[:120]}`"),),
            )

    def _trusting(self, program: Program, lines: set[int]) -> Iterator[Hit]:
        """`trust_remote_code` that is switched on in a table, a default or a call of a name we do not know."""
        side = program.side
        for number in lines_with(side.text, (_TRUSTED,)):
            if number in lines:
                continue
            detail = side.outline.detail([(number, number)])
            named = [(item.name.rpartition(".")[2], item.value, item.span.line, "") for item in detail.settings]
            for call in detail.calls:
                named += [(item.name, item.value, item.span.line, call.callee[:80]) for item in call.arguments]
            for name, value, line, callee in named:
                if name == _TRUSTED and line == number and value.lower() == "true":
                    key = f"{callee or 'setting'} {_TRUSTED}"
                    sure = None if callee else Confidence.MEDIUM
                    slots = (("model", "the model"),)
                    yield Hit("remote-code-model", key, number, number, slots=slots, confidence=sure)
                    break

    def _weights(self, program: Program, read: Read) -> Iterator[Hit]:
        span = read.call.span
        callee = read.call.callee
        if callee in ("torch.load", "torch.serialization.load"):
            limited = read.named.get("weights_only")
            value = program.value(limited)
            if value.text is False:
                yield Hit("unsafe-weights-load", callee, span.line, span.end_line)
            elif limited is None and not read.spread:
                yield Hit("weights-load-default", callee, span.line, span.end_line)
            return
        entry = _entry(self._pickled, program, read)
        if entry is None:
            return
        if entry.kind == "allow_pickle" and program.value(read.named.get("allow_pickle")).text is not True:
            return
        if entry.kind == "weights" and not _MODEL_WORDS.search(read.call.text) and not program.has(_TRAINERS):
            return
        yield Hit("pickled-weights-load", callee, span.line, span.end_line, slots=(("call", callee[:80]),))

    def _tags(self, program: Program, read: Read) -> Iterator[Hit]:
        entry = _entry(self._local, program, read)
        if entry is None:
            return
        for found in _candidates(read, entry):
            value = program.value(found)
            if not isinstance(value.text, str):
                continue
            reference = value.text
            if entry.kind == "prefixed":
                if not _OLLAMA.match(reference):
                    continue
                reference = _OLLAMA.sub("", reference, count=1)
            span = read.call.span
            low = Confidence.MEDIUM
            yield from tag_hits(reference, span.line, span.end_line, low)
            return


def tag_hits(
    reference: str, line: int, end_line: int, sure: Confidence | None = None, start: int = 0, end: int = 0
) -> Iterator[Hit]:
    """What a name of Ollama's says: its tag moves, or it runs elsewhere."""
    state = ollama_state(reference)
    rule = {"moves": "movable-model-tag", "cloud": "cloud-model-tag"}.get(state)
    if rule:
        yield Hit(rule, reference, line, end_line, start, end, slots=(("model", reference),), confidence=sure)


_MODEL_WORDS = re.compile(
    r"(?i)model|weight|checkpoint|ckpt|classifier|estimator|embed|vectori[sz]er|tokenizer|regressor|encoder"
)
_TRAINERS = ("torch", "sklearn", "tensorflow", "keras", "transformers", "xgboost", "lightgbm")


def _slots(model: str, revision: str) -> tuple[tuple[str, str], ...]:
    return (("model", model[:160]), ("revision", revision[:80]))


def _entry(table: tuple[Entry, ...], program: Program, read: Read) -> Entry | None:
    """The row that a call belongs to: by its last part, its owner, and a library that is imported where one must be."""
    callee = read.call.callee
    for entry in table:
        if entry.last != read.last:
            continue
        if entry.owner and not (callee.startswith(f"{entry.owner}.") or callee == f"{entry.owner}.{entry.last}"):
            continue
        by_keyword = not entry.always and any(key in read.named for key in entry.keywords)
        if not entry.libraries or by_keyword or program.has(entry.libraries, callee):
            return entry
    return None


def _candidates(read: Read, entry: Entry) -> Iterator[tuple[str, int]]:
    for key in entry.keywords:
        if key in read.named:
            yield read.named[key]
    for position in entry.positions:
        if position < len(read.positional):
            item = read.positional[position]
            yield item.value, item.span.line


def _model(program: Program, read: Read, entry: Entry) -> tuple[str, bool]:
    """The repository that a call names, and whether it is written in the call; empty where it names none."""
    for found in _candidates(read, entry):
        value = program.value(found)
        if not isinstance(value.text, str):
            continue
        text = value.text
        if entry.kind == "hub" and not _HUB.match(text):
            continue
        text = _HUB.sub("", text, count=1) if _HUB.match(text) else text
        name = text.partition("@")[0]
        if is_repository(name) or (entry.bare and is_bare(name)):
            return text, value.direct
    return "", True
