"""Loads of model weights in Python: which revision, whose code, which unpickler (reference: MDL101 to MDL120)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.models.place import at, confidence_at
from trustgate.analyzers.models.python_calls import PythonCall, Value, calls_of
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import ChangedLine, FileView, SideText
from trustgate.finding import Confidence, Side

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}\Z")
_COMMIT = re.compile(r"[0-9a-f]{40}\Z")
_FILE_ENDS = (
    ".bin",
    ".pt",
    ".pth",
    ".ckpt",
    ".safetensors",
    ".gguf",
    ".onnx",
    ".json",
    ".pkl",
    ".h5",
    ".txt",
    ".yaml",
    ".yml",
)
_FIRST = {
    "from_pretrained": ("pretrained_model_name_or_path", "model_id"),
    "SentenceTransformer": ("model_name_or_path",),
    "CrossEncoder": ("model_name_or_path", "model_name"),
    "snapshot_download": ("repo_id", "model_id"),
    "hf_hub_download": ("repo_id",),
    "model_file_download": ("model_id",),
    "load_lora_weights": ("pretrained_model_name_or_path_or_dict",),
}
"""last part of the callee, and the keywords that can name the repository in place of the first argument"""
_BY_KEYWORD = {"pipeline": ("model",), "LLM": ("model",), "EngineArgs": ("model",), "AsyncEngineArgs": ("model",)}
"""callees of such general names count where the repository is given by keyword, or the module imports the library"""
_LIBRARIES = re.compile(r"^\s*(?:from|import)\s+(?:transformers|vllm|mlx_lm|diffusers|optimum)\b", re.MULTILINE)


def check(view: FileView, new: SideText, rules: RuleSet) -> Iterator[Outcome]:
    added = {line.number: line for line in view.added()}
    cuts = [hunk.new_start for hunk in view.change.hunks if hunk.new_count == 0]
    library = _LIBRARIES.search(new.text) is not None
    calls, by_brackets = calls_of(new.text)
    for call in sorted(calls, key=lambda item: (item.line, item.column)):
        line = next((added[number] for number in range(call.line, call.end_line + 1) if number in added), None)
        if line is None and any(call.line <= cut < call.end_line for cut in cuts):
            line = ChangedLine(Side.NEW, call.line, new.line(call.line))  # an argument was taken out of the call
        if line is not None:
            yield from _judge(view, rules, call, line, library, by_brackets)


def _judge(
    view: FileView, rules: RuleSet, call: PythonCall, line: ChangedLine, library: bool, by_brackets: bool
) -> Iterator[Outcome]:
    last = call.name.rpartition(".")[2]
    sure = confidence_at(view, Confidence.MEDIUM if by_brackets else None)
    where = at(view, line)
    remote = call.named.get("trust_remote_code")
    repository = _repository(call, last, library)
    revision = call.named.get("revision")
    pinned = revision is not None and isinstance(revision.text, str) and _COMMIT.match(revision.text) is not None
    if remote is not None and remote.text is True:
        strength = confidence_at(view, Confidence.MEDIUM) if pinned else sure
        yield rules.finding(
            "remote-code-model",
            where,
            call.name,
            confidence=strength,
            model=repository or "the model",
            evidence=(call.name,),
        )
    if call.name.endswith("hub.load") and call.named.get("source", Value(None, True)).text != "local":
        source = call.positional[0].text if call.positional else None
        if isinstance(source, str) and not source.startswith(("/", ".")):
            yield rules.finding("remote-code-model", where, f"{call.name} {source}", confidence=sure, model=source)
    if call.name == "torch.load" and call.named.get("weights_only", Value(None, True)).text is False:
        yield rules.finding("unsafe-weights-load", where, call.name, confidence=sure)
    if not repository:
        return
    if revision is None:
        if not call.open_ended:
            yield rules.finding("unpinned-model", where, repository, confidence=sure, model=repository)
    elif isinstance(revision.text, str) and not pinned:
        yield rules.finding(
            "movable-revision", where, f"{repository}@{revision.text}", confidence=sure, model=repository,
            revision=revision.text[:80],
        )  # fmt: skip


def _repository(call: PythonCall, last: str, library: bool) -> str:
    """`owner/name` where the call loads it from a hub; empty for local paths, variables and other calls."""
    if call.named.get("local_files_only", Value(None, True)).text is True:
        return ""
    candidates: list[Value] = []
    if last in _FIRST:
        candidates = [*call.positional[:1], *(call.named[key] for key in _FIRST[last] if key in call.named)]
    elif last in _BY_KEYWORD:
        candidates = [call.named[key] for key in _BY_KEYWORD[last] if key in call.named]
        if library:
            candidates += call.positional[: 2 if last == "pipeline" else 1]
    elif call.name in ("mlx_lm.load", "load") and library:
        candidates = list(call.positional[:1])
    for value in candidates:
        if isinstance(value.text, str) and _REPOSITORY.match(value.text) and not value.text.endswith(_FILE_ENDS):
            return value.text
    return ""
