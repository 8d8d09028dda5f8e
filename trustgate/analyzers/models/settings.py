"""Local models and switches in settings: Modelfiles, variables, YAML and JSON, one line at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.models.hit import Hit, in_comment
from trustgate.analyzers.models.loads import tag_hits
from trustgate.analyzers.models.names import is_commit, is_repository
from trustgate.analyzers.models.place import Form, form_of, is_modelfile
from trustgate.analyzers.models.words import LINE, lines_with
from trustgate.facts import SideText
from trustgate.finding import Confidence

_FROM = re.compile(r"^\s{0,8}(FROM|ADAPTER)\s{1,8}(\S{1,300})\s*(?:#.*)?$", re.IGNORECASE)
_HUGGED = re.compile(r"(?i)(?:https?://)?(?:hf\.co|huggingface\.co)/([\w.-]{1,96}/[\w.-]{1,96})(?::[\w.-]{1,60})?\Z")
_FORCED = re.compile(
    r"\bTORCH_FORCE_NO_WEIGHTS_ONLY_LOAD[\"']?\]?\s{0,4}[:=,]\s{0,4}[\"']?(?:1|true|yes|y)\b", re.IGNORECASE
)
_TRUSTED = re.compile(r"(?i)\b(?:[A-Z_]{0,30}_)?trust[_-]remote[_-]code[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:true|1|yes)\b")
_VARIABLE = re.compile(
    r"\bOLLAMA_(?:[A-Z]{1,20}_)?MODEL(?:_NAME)?[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:\$\{[A-Z_]{1,60}:?-)?([a-z][\w./-]{1,120}(?::[\w.-]{1,60})?)(?=[\"'\s},#]|$)"
)
_PREFIXED = re.compile(r"[\"'\s=:]ollama(?:_chat)?/((?!ollama\b)[a-z][\w./-]{1,120}(?::[\w.-]{1,60})?)(?=[\"'\s,]|$)")
_PREFIX_KEY = re.compile(r"(?i)model|--m\b")
_MODEL = re.compile(
    r"^\s*[-{]?\s*[\"']?(?:model|modelName|model_name|model_id)[\"']?\s{0,4}[:=]\s{0,4}[\"']?([a-z][\w./-]{1,120}(?::[\w.-]{1,60})?)[\"']?\s*[,}]?\s*(?:#.*)?$"
)
_OLLAMA = re.compile(
    r"(?i)[\"']?(?:provider|backend|type|engine|model_provider|llm_provider|api)[\"']?\s{0,4}[:=]\s{0,4}[\"']?ollama\b"
)
_DOCKER_MODEL = re.compile(r"^\s*-?\s*model\s*:\s*[\"']?(ai/[\w.-]{1,80}(?::[\w.-]{1,60})?)[\"']?\s*$")
_SERVED = re.compile(
    r"\b(?:MODEL_ID|HF_MODEL_ID|VLLM_MODEL|HF_MODEL_NAME|HF_MODEL_REPO)[\"']?\s{0,4}[:=]\s{0,4}[\"']?([\w.-]{1,96}/[\w.-]{1,96})(?=[\"'\s,#]|$)"
)
_NAMED = re.compile(r"-\s*name\s*:\s*[\"']?(?:MODEL_ID|HF_MODEL_ID|VLLM_MODEL)[\"']?\s*$")
_NAMED_VALUE = re.compile(r"^\s*value\s*:\s*[\"']?([\w.-]{1,96}/[\w.-]{1,96})[\"']?\s*$")
_REVISION = re.compile(r"(?i)\brevision[\"']?\s{0,4}[:=]?\s{0,4}(?:value:)?\s{0,4}[\"']?([0-9a-f]{40})\b")
_STORAGE = re.compile(
    r"\b(?:storageUri|storage_uri|modelUri|uri|url)\s*:\s*[\"']?hf://([\w.-]{1,96}/[\w.-]{1,96})(?:[:@]([\w.-]{1,80}))?"
)
NEAR = 5
"""lines round a model in which its provider is named"""
SIBLINGS = 12
"""lines round a served model in which its revision is looked for"""
_NEEDLES = (
    *(
        "ollama",
        "OLLAMA",
        "TORCH_FORCE_NO",
        "trust_remote_code",
        "TRUST_REMOTE_CODE",
        "trust-remote-code",
        "MODEL_ID",
        "VLLM_MODEL",
    ),
    *("HF_MODEL", "hf://", "model", "ai/"),
)
_COMMENT = ("#", "//", "*", "/*", "--", "<!--")


def scan(side: SideText) -> Iterator[Hit]:
    form = form_of(side.path)
    if form is Form.PROSE:
        return
    modelfile = is_modelfile(side.path)
    numbers = range(1, len(side.lines) + 1) if modelfile else lines_with(side.text, _NEEDLES)
    for number in numbers:
        raw = side.line(number)
        line = raw[:LINE]
        if line.lstrip(' "').startswith(_COMMENT):
            continue
        hits = list(_modelfile(line, number)) if modelfile else []
        hits += _anywhere(line, number)
        if form is Form.SHELL:
            hits += _configured(side, line, number)
        for hit in hits:
            if form is not Form.CODE or not in_comment(side, number, hit.start):
                yield hit


def _modelfile(line: str, number: int) -> Iterator[Hit]:
    found = _FROM.match(line)
    if found is None:
        return
    hugged = _HUGGED.match(found[2])
    if hugged is not None:
        yield Hit("llama-hub-model", hugged[1], number, number, *found.span(2), slots=(("model", hugged[1]),))
    elif (
        found[1].upper() == "FROM"
        and not found[2].startswith((".", "/", "~"))
        and not found[2].lower().endswith((".gguf", ".safetensors"))
    ):
        yield from tag_hits(found[2], number, number, None, *found.span(2))


def _anywhere(line: str, number: int) -> Iterator[Hit]:
    forced = _FORCED.search(line)
    if forced is not None:
        yield Hit("unsafe-weights-load", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", number, number, *forced.span())
    for pattern in (_VARIABLE, _PREFIXED):
        for found in pattern.finditer(line):
            if pattern is _VARIABLE or _PREFIX_KEY.search(line):
                yield from tag_hits(found[1], number, number, Confidence.MEDIUM, *found.span(1))


def _configured(side: SideText, line: str, number: int) -> Iterator[Hit]:
    trusted = _TRUSTED.search(line)
    if trusted is not None:
        yield Hit(
            "remote-code-model",
            "setting trust_remote_code",
            number,
            number,
            *trusted.span(),
            slots=(("model", "the model"),),
        )
    model = _MODEL.match(line)
    if model is not None and "/" not in model[1] and any(map(_OLLAMA.search, _near(side, number, NEAR))):
        yield from tag_hits(model[1], number, number, Confidence.MEDIUM, *model.span(1))
    docker = _DOCKER_MODEL.match(line)
    if docker is not None:
        yield from tag_hits(docker[1], number, number, None, *docker.span(1))
    for found in _SERVED.finditer(line):
        yield from _served(side, number, found)
    if _NAMED.search(line):
        found_value = _NAMED_VALUE.match(side.line(number + 1))
        if found_value is not None:
            yield from _served(side, number + 1, found_value)
    for found in _STORAGE.finditer(line):
        if is_repository(found[1]) and not is_commit(found[2] or ""):
            yield Hit("unpinned-serve", found[1], number, number, *found.span(1), slots=(("model", found[1]),))


def _served(side: SideText, number: int, found: re.Match[str]) -> Iterator[Hit]:
    if is_repository(found[1]) and not any(
        _REVISION.search(near) for near in (" ".join(_near(side, number, SIBLINGS)),)
    ):
        yield Hit(
            "unpinned-serve",
            found[1],
            number,
            number,
            *found.span(1),
            slots=(("model", found[1]),),
            confidence=Confidence.MEDIUM,
        )


def _near(side: SideText, number: int, reach: int) -> list[str]:
    return [line[:2000] for line in side.lines[max(number - 1 - reach, 0) : number + reach]]
