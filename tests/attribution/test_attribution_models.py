from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.attribution.models import MODEL_LIMIT
from trustgate.attribution.registry import Registry

NO_MODEL = {
    "the client's own name": "Claude",
    "a client with its version": "Claude Code 2.1.133",
    "a tier": "sonnet",
    "a tier in words": "Claude Opus",
    "a synthetic message": "<synthetic>",
    "default": "default",
    "auto": "auto",
    "an unfilled template": "<Model-Name>",
    "a plan": "kimi-for-coding",
    "a key in the wrong place": "sk-ant-0000-not-a-real-key",
    "prose": "the one from before lunch",
}

SPELLINGS = {
    "Claude Opus 4.6 (1M context)": "claude-opus-4-6",
    "Claude Opus 4.7 [1m]": "claude-opus-4-7",
    "claude-opus-4-6": "claude-opus-4-6",
    "anthropic/claude-opus-4.8": "claude-opus-4-8",
    "eu.anthropic.claude-opus-5": "claude-opus-5",
    "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0": "claude-sonnet-4-5",
    "claude-sonnet-4@20250514": "claude-sonnet-4",
    "claude-opus-4-8-xhigh": "claude-opus-4-8",
    "opus 4.6": "claude-opus-4-6",
    "Claude Code 2.1.133 / Claude Opus 4.7 (1M context)": "claude-opus-4-7",
    "Claude 3.5 Sonnet": "claude-3-5-sonnet",
    "GLM 4.7": "glm-4.7",
    "Z.ai: GLM 5.1": "glm-5.1",
    "openrouter/deepseek/deepseek-r1:free": "deepseek-r1",
    "deepseek-v4-flash-free": "deepseek-v4-flash",
    "openai/gemini_szmania/gemini-2.5-pro": "gemini-2.5-pro",
    "Gemini 3 Pro (Preview)": "gemini-3-pro",
    "accounts/fireworks/models/kimi-k2p6": "kimi-k2p6",
    "Kimi K2 0905": "kimi-k2-0905",
    "[GPT-5.1 Codex Max]": "gpt-5.1-codex-max",
    "gpt-5.6-sol": "gpt-5.6-sol",
    "qwen2.5-coder:7b": "qwen2.5-coder:7b",
    "gpt-oss:120b-cloud": "gpt-oss:120b",
    "glm-4.7:cloud": "glm-4.7",
    "brand-new-9000": "brand-new-9000",
}


@pytest.mark.parametrize("text", NO_MODEL.values(), ids=NO_MODEL)
def test_leaves_alone(text: str, registry: Registry) -> None:
    assert [stated.model for stated in registry.models.explicit(text) if stated.model] == []


@pytest.mark.parametrize(("text", "model"), SPELLINGS.items(), ids=SPELLINGS)
def test_one_spelling(text: str, model: str, registry: Registry) -> None:
    assert [stated.model for stated in registry.models.explicit(text)] == [model]


def test_facts_of_a_known_model(registry: Registry) -> None:
    (stated,) = registry.models.inside("Claude (glm-4.7)")[-1:]
    facts = (stated.family, stated.vendor_jurisdiction, stated.open_weights, stated.license)
    assert facts == ("glm", "CN", True, "MIT")


def test_an_unknown_model_has_no_facts(registry: Registry) -> None:
    (stated,) = registry.models.explicit("brand-new-9000")
    assert (stated.family, stated.vendor, stated.open_weights) == ("", "", None)


def test_a_tier_tells_the_family_only(registry: Registry) -> None:
    (stated,) = registry.models.explicit("AWS Claude Sonnet")
    assert (stated.model, stated.family) == ("", "claude")


def test_suffixes_are_kept_as_facts(registry: Registry) -> None:
    (free,) = registry.models.explicit("openrouter/deepseek/deepseek-r1:free")
    (cloud,) = registry.models.explicit("glm-4.7:cloud")
    assert (free.free, free.cloud, cloud.free, cloud.cloud) == (True, False, False, True)


def test_several_models_in_a_text(registry: Registry) -> None:
    found = registry.models.inside("Claude Opus 4.8 and qwen3.7-max")
    assert [stated.model for stated in found] == ["claude-opus-4-8", "qwen3.7-max"]


@given(text=st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_is_read(text: str, registry: Registry) -> None:
    for stated in (*registry.models.inside(text), *registry.models.explicit(text), *registry.models.whole(text)):
        assert len(stated.model) <= MODEL_LIMIT + len("claude-")
