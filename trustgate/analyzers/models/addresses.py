"""Addresses of weights and of model servers: a branch in the path, no TLS, no check of certificates, another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from trustgate.analyzers.models.hit import Hit, in_comment
from trustgate.analyzers.models.names import is_commit
from trustgate.analyzers.models.place import Form, form_of
from trustgate.analyzers.models.words import LINE, lines_with
from trustgate.facts import SideText
from trustgate.finding import Confidence

_ENDS = r"(?:gguf|ggml|safetensors|pth?|ckpt|onnx|pkl|pickle|joblib|h5|keras|nemo|tflite|llamafile)"
_HUB = re.compile(
    r"https?://(?:www\.)?(?P<host>huggingface\.co|hf\.co|hf-mirror\.com|modelscope\.cn|www\.modelscope\.cn|modelscope\.ai)/"
    r"(?:models/)?(?P<model>[\w.-]{1,96}/[\w.-]{1,96})/(?P<how>resolve|raw|blob)/(?P<revision>[^/\s\"'`]{1,120})/(?P<file>[^\s\"'`<>)]{1,300})"
)
_FORGE = re.compile(
    r"https?://(?:github\.com/(?P<model>[\w.-]{1,96}/[\w.-]{1,96})/(?:raw|blob)|raw\.githubusercontent\.com/(?P<model2>[\w.-]{1,96}/[\w.-]{1,96}))/"
    rf"(?:refs/heads/)?(?P<revision>[^/\s\"'`]{{1,120}})/(?P<file>[^\s\"'`<>)]{{1,300}}\.{_ENDS})\b"
)
_NOT_WEIGHTS = re.compile(
    r"(?i)\.(?:mdx?|txt|rst|png|jpe?g|gif|svg|webp|mp4|wav|mp3|pdf|html?|csv|parquet|ipynb)(?:\?|\Z)|^LICENSE|^README"
)
_PLAIN = re.compile(rf"(?i)\bhttp://(?P<host>\[[0-9a-f:]+\]|[\w.-]{{1,200}})(?::\d+)?/[^\s\"'`<>]{{0,300}}?\.{_ENDS}\b")
_OWN = re.compile(
    r"(?i)(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|host\.docker\.internal|(?:[\w-]+\.)*(?:example\.(?:com|org|net)|localhost|test|invalid|example))\Z"
)
_ENDPOINT = re.compile(
    r"\b(?:HF_ENDPOINT|HF_HUB_ENDPOINT|MODELSCOPE_ENDPOINT|HF_MIRROR)[\"']?\]?\s{0,4}[:=]\s{0,4}[\"']?(http://[\w.-]{1,200})"
)
_FETCH = re.compile(r"\b(?:curl|wget|aria2c)\b")
_UNCHECKED = re.compile(
    r"\s(?:-[a-zA-Z]{0,6}k[a-zA-Z]{0,6}|--insecure|--no-check-certificate|--check-certificate=false)(?=\s|$|[\"'\\])"
)
_NO_VERIFY = re.compile(
    r"\bverify\s{0,2}=\s{0,2}False|\brejectUnauthorized\s{0,2}:\s{0,2}false|\bssl\s{0,2}=\s{0,2}False|_create_unverified_context"
)
_OFF = re.compile(
    r"\b(?:HF_HUB_DISABLE_SSL_VERIFICATION|HF_HUB_DISABLE_SSL_VERIFY|CURL_CA_BUNDLE)[\"']?\]?\s{0,4}[:=]\s{0,4}(?:[\"']?(?:1|true)\b|[\"']{2}\s*$)"
)
_WEIGHTS = re.compile(rf"(?i)huggingface\.co/|hf\.co/|modelscope|\.{_ENDS}\b|ollama\.com/")
_NEEDLES = ("http", "verify", "rejectUnauthorized", "CA_BUNDLE", "curl", "wget", "aria2c", "HF_HUB_DISABLE", "ssl")
JOINED = 12
"""lines of one command or call that are looked at together"""
_COMMENT = ("#", "//", "*", "/*", "--", "<!--")


def scan(side: SideText) -> Iterator[Hit]:
    form = form_of(side.path)
    if form is Form.PROSE:
        return
    for number in lines_with(side.text, _NEEDLES):
        line = side.line(number)[:LINE]
        if line.lstrip(' "').startswith(_COMMENT):
            continue
        for hit in _line(side, number, line):
            if form is not Form.CODE or not in_comment(side, number, hit.start):
                yield hit


def _line(side: SideText, number: int, line: str) -> Iterator[Hit]:
    for pattern in (_HUB, _FORGE):
        for found in pattern.finditer(line):
            hit = _moving(found, number, pattern is _HUB)
            if hit is not None:
                yield hit
    for found in _PLAIN.finditer(line):
        if not _OWN.match(found["host"]):
            inside = "." not in found["host"]
            yield _unsafe(
                found[0][:120],
                f"`{found[0][:120]}` is fetched without TLS",
                number,
                found.span(),
                Confidence.MEDIUM if inside else None,
            )
    for found in _ENDPOINT.finditer(line):
        if not _OWN.match(found[1].removeprefix("http://")):
            yield _unsafe(found[1], f"every model comes from `{found[1]}`, without TLS", number, found.span(1))
    for found in _OFF.finditer(line):
        if "CURL" not in found[0] or any(word in side.text for word in ("transformers", "huggingface", "HF_")):
            yield _unsafe(found[0], "certificates of the hub are not checked", number, found.span())
    fetch = _FETCH.search(line)
    if fetch is not None:
        joined = line
        for other in range(number, number + JOINED):
            if not side.line(other).rstrip().endswith("\\"):
                break
            joined += " " + side.line(other + 1)[:LINE]
        unchecked = _UNCHECKED.search(joined, fetch.end())
        weights = _WEIGHTS.search(joined, fetch.end())
        if unchecked is not None and weights is not None:
            yield _unsafe(
                joined[weights.start() :][:80],
                "certificates are not checked where weights are fetched",
                number,
                fetch.span(),
            )
    elif (off := _NO_VERIFY.search(line)) is not None:
        near = " ".join(side.lines[max(number - 1 - JOINED, 0) : number + 2])[:LINE]
        if _WEIGHTS.search(line) or re.search(rf"(?i)\.{_ENDS}\b|huggingface\.co/[\w.-]+/[\w.-]+/resolve", near):
            yield _unsafe(off[0], "certificates are not checked where weights are fetched", number, off.span())


def _moving(found: re.Match[str], number: int, hub: bool) -> Hit | None:
    revision, file = unquote(found["revision"]), found["file"]
    model = found["model"] or found["model2"] if not hub else found["model"]
    if is_commit(revision) or any(mark in revision + model for mark in "${<%") or _NOT_WEIGHTS.search(file):
        return None
    if hub and (
        model.startswith(("datasets/", "spaces/"))
        or (found["how"] == "blob" and not re.search(rf"(?i)\.{_ENDS}\b", file))
    ):
        return None
    slots = (("model", model), ("revision", revision[:80]))
    return Hit("movable-weights-url", f"{model}@{revision}/{file}"[:300], number, number, *found.span(), slots=slots)


def _unsafe(key: str, what: str, number: int, span: tuple[int, int], sure: Confidence | None = None) -> Hit:
    return Hit("insecure-model-download", key, number, number, *span, slots=(("what", what),), confidence=sure)


_VARIABLE = re.compile(
    r"\b(?P<key>(?:ANTHROPIC|OPENAI|AZURE_OPENAI|OLLAMA|GEMINI|GOOGLE_GEMINI|DEEPSEEK|OPENROUTER|MISTRAL|GROQ|LLM|LITELLM|VLLM|XAI|TOGETHER)"
    r"_(?:BASE_URL|API_BASE|API_BASE_URL|HOST|ENDPOINT|API_URL))[\"']?\]?\s{0,4}[:=]\s{0,4}[\"']?(?P<url>https?://(?P<host>[\w.-]{1,200}(?::\d{1,5})?))"
)
_KEY = re.compile(
    r"\b(?P<key>base_url|baseURL|baseUrl|api_base|openai_api_base|anthropic_api_url|azure_endpoint|apiBase)[\"']?\s{0,4}[:=]\s{0,4}[\"'`]"
    r"(?P<url>https?://(?P<host>[\w.-]{1,200}(?::\d{1,5})?))"
)
_CLIENT = re.compile(
    r"OpenAI|Anthropic|ChatOllama|createOllama|litellm|genai|Mistral|Groq|LLM\(|ChatModel|completion\("
)
_ELSEWHERE = re.compile(
    r"(?i)(?:^|/)(?:\.claude/|\.mcp\.json|\.codex/|opencode\.jsonc?|\.opencode/|\.aider|\.(?:gemini|qwen)/|\.?crush|\.continue/|\.cursor/|\.vscode/|"
    r"\.devcontainer|\.goose/|\.roo/|\.windsurf/|\.kiro/|\.factory/|\.env|mise\.toml|[^/]+\.code-workspace)|^\.(?:github|gitea|forgejo)/workflows/"
)
NEAR = 8
"""lines above in which the client that an address belongs to is named"""


def endpoints(side: SideText) -> Iterator[Hit]:
    """Hosts that model calls go to. Settings of agents, `.env` and workflows are `agent-endpoint-changed`'s."""
    form = form_of(side.path)
    if form is Form.PROSE or _ELSEWHERE.search(side.path):
        return
    for number in lines_with(side.text, ("http://", "https://")):
        line = side.line(number)[:LINE]
        if line.lstrip(' "').startswith(_COMMENT):
            continue
        for found in (*_VARIABLE.finditer(line), *_KEY.finditer(line)):
            if _OWN.match(found["host"].partition(":")[0]):
                continue
            if found.re is _KEY:
                near = "\n".join(side.lines[max(number - 1 - NEAR, 0) : number])
                if not _CLIENT.search(near):
                    continue
            if form is Form.CODE and in_comment(side, number, found.start()):
                continue
            host = found["host"].lower()
            plain = found["url"].startswith("http://")
            slots = (("key", found["key"]), ("host", host), ("how", ", without TLS" if plain and "." in host else ""))
            yield Hit("model-endpoint-changed", host, number, number, *found.span("url"), slots=slots)
