"""Model weights that a change loads unpinned, from elsewhere, or with their own code, and edits of `models.lock`."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import FileView, SideText

NAME = "models"
LOCK = "models.lock"
_LOAD_WORDS = (
    "from_pretrained", "pipeline(", "SentenceTransformer", "CrossEncoder", "LLM(", "snapshot_download", "mlx_lm",
    "hf_hub_download", "model_file_download", "load_lora_weights", "EngineArgs", "trust_remote_code", "hub.load",
    "weights_only",
)  # fmt: skip
_TAG_WORDS = ("ollama", ":cloud", "-cloud")
_ALIAS_WORDS = ("ANTHROPIC_", "OPENAI_MODEL", "-latest", "GEMINI_MODEL", "CLAUDE_CODE_SUBAGENT_MODEL")


REACH = 40
"""lines above a change in which the call that it belongs to starts"""


def _near_a_load(view: FileView, new: SideText) -> bool:
    """Is one of the words on a changed line, or so close above it that the change may lie in its call?"""
    if not any(word in new.text for word in _LOAD_WORDS):
        return False
    for hunk in view.change.hunks:
        around = "\n".join(new.lines[max(0, hunk.new_start - REACH) : hunk.new_start + hunk.new_count])
        if any(word in around for word in _LOAD_WORDS):
            return True
    return False


def analyze(context: Context) -> Iterator[Outcome]:
    """Findings on added lines; each family loads when a changed file has one of its words."""
    rules = RuleSet(context.rulebook, "models", NAME)
    for view in context.files:
        if view.path == LOCK or view.path.endswith("/" + LOCK):
            from trustgate.analyzers.models import lock

            yield from lock.check(view, rules)
            continue
        new = view.new
        if new is None or not view.change.hunks:
            continue
        text = new.text
        if view.path.endswith((".py", ".pyi")) and _near_a_load(view, new):
            from trustgate.analyzers.models import python_loads

            yield from python_loads.check(view, new, rules)
        if "modelfile" in view.path.lower() or any(word in text for word in _TAG_WORDS):
            from trustgate.analyzers.models import ollama_tags

            yield from ollama_tags.check(view, rules)
        if any(word in text for word in _ALIAS_WORDS):
            from trustgate.analyzers.models import aliases

            yield from aliases.check(view, rules)
