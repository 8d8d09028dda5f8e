"""What a name of a model says of itself: a repository on a hub, a commit, a tag that moves, an alias, a dated model."""

from __future__ import annotations

import re

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}\Z")
_BARE = re.compile(r"[A-Za-z][\w.]{1,40}(?:-[\w.]{1,40}){1,8}\Z|gpt2\Z")
_FILE_END = re.compile(
    r"(?i)\.(?:bin|pt|pth|ckpt|safetensors|gguf|onnx|json|pkl|pickle|h5|keras|txt|ya?ml|py|md|csv|zip|tar|gz|mlmodel|tflite)\Z"
)
_FOLDERS = re.compile(
    r"(?i)(?:\.{0,2}|output|outputs|out|results?|checkpoints?|ckpts?|models?|weights|data|tmp|runs?|path|local|tests?|my|your|assets)/"
)
_COMMIT = re.compile(r"[0-9a-f]{40}\Z")
_PLACEHOLDER = re.compile(r"(?i)[<{$%*]|\byour[-_]|\bmy-?(?:org|user|name)\b|\bpath/to\b|\.\.\.")


def is_commit(text: str) -> bool:
    """A full commit id. Seven digits of one may be the name of a branch."""
    return _COMMIT.match(text) is not None


def is_repository(text: str) -> bool:
    """`owner/name`, as hubs call a repository; not what looks like a folder or a file."""
    return (
        _REPOSITORY.match(text) is not None
        and not _FILE_END.search(text)
        and not _FOLDERS.match(text)
        and not _PLACEHOLDER.search(text)
    )


def is_bare(text: str) -> bool:
    """A repository without an owner (`bert-base-uncased`), as the hub still takes them."""
    return _BARE.match(text) is not None and not _FILE_END.search(text) and not _PLACEHOLDER.search(text)


_TAGGED = re.compile(r"(?:[a-z0-9.-]{1,60}/){0,3}[a-zA-Z0-9][\w.-]{0,80}(?::[\w.-]{1,60})?\Z")
_CLOUD = re.compile(r"[^:\s]{1,200}:(?:[\w.]{1,30}-)?cloud\Z")


def ollama_state(reference: str) -> str:
    """`moves` (no tag, or latest), `cloud`, `kept` (a tag that says what it is), or empty where it names no model."""
    bare = reference.partition("@")[0]
    if not _TAGGED.match(bare) or "sha256" in reference:
        return ""
    if _CLOUD.match(bare):
        return "cloud"
    tag = bare.rpartition("/")[2].partition(":")[2]
    return "moves" if tag in ("", "latest") else "kept"


_HOSTED = re.compile(
    r"(?:(?:[\w.-]{1,30}/){0,2})"
    r"(?P<name>(?:claude|gpt|chatgpt|codex|o[134]|gemini|mistral|codestral|ministral|magistral|devstral|pixtral|command|grok|sonar|"
    r"deepseek|qwen|kimi|glm)(?:-[\w.]{1,24}){0,7}|claude|o[134])(?P<thinking>:[\w-]{1,20}|@[\w-]{1,20})?\Z"
)
_CLOSED = ("claude", "gpt", "chatgpt", "codex", "o1", "o3", "o4", "gemini", "grok", "command", "sonar")
"""families whose weights only their vendor has; a name without a date means most there"""
_FAMILY = frozenset(("sonnet", "opus", "haiku", "opusplan", "sonnet[1m]", "best", "fable"))
_DATED = re.compile(
    r"(?:20\d\d-?[01]\d-?[0-3]\d|-(?:[01]\d[0-3]\d|2[3-9][01]\d)(?:-preview)?|-00[1-9]|-preview-\d\d-\d{2,4})\Z"
)


def hosted_state(text: str) -> str:
    """`alias` (`sonnet`, `*-latest`), `undated` (`gpt-4o`), `dated`, or empty where it names no hosted model."""
    lowered = text.lower()
    if lowered in _FAMILY:
        return "alias"
    found = _HOSTED.match(lowered)
    if found is None:
        return ""
    name = found["name"]
    if name.endswith("-latest") or (found["thinking"] or "") in (":latest", "@latest"):
        return "alias"
    if name.startswith(("chatgpt", "claude")) and name in ("chatgpt", "claude"):
        return ""
    if found["thinking"] == ":cloud" or name.startswith("gpt-oss"):
        return ""  # a name of Ollama's
    if _DATED.search(name) or (found["thinking"] or "")[1:].isdigit():
        return "dated"
    return "undated" if name.startswith(_CLOSED) else ""
