from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.attribution.backend import Served
from trustgate.attribution.origin import Hosting
from trustgate.attribution.providers import UNRECOGNISED, parse_endpoint
from trustgate.attribution.registry import Registry

UNKNOWN_HOSTS = {
    "a known host as a prefix": "https://api.anthropic.com.evil.example",
    "a known host as a suffix of a label": "https://evilapi.anthropic.com",
    "a known host in the path": "https://evil.example/api.anthropic.com",
    "a known host as userinfo": "https://api.anthropic.com@evil.example",
    "a known host as userinfo with a password": "https://api.anthropic.com:443@evil.example/v1",
    "a known host in the query": "https://evil.example?api.anthropic.com",
    "a bucket named like a service": "https://bedrock-runtime.evil.s3.amazonaws.com",
    "punycode": "https://xn--api-nthropic-6ob.com",
    "a public number": "http://203.0.113.7:11434",
}

UNREADABLE = {
    "backslash": "https://api.anthropic.com\\@evil.example",
    "a blank": "https://api.anthropic.com /x",
    "a tab": "https://api.anth\tropic.com",
    "a letter that looks like another": "https://api.аnthropic.com",
    "a port that is none": "https://api.anthropic.com:http",
    "a port out of range": "https://api.anthropic.com:99999999999999999999",
    "no host": "https://",
    "an open bracket": "http://[::1",
    "empty": "",
    "very long": "https://" + "a" * 10000,
}

KNOWN = {
    "https://api.anthropic.com": ("anthropic", Hosting.FRONTIER, "US"),
    "https://API.Anthropic.COM.:443/v1": ("anthropic", Hosting.FRONTIER, "US"),
    "https://key@api.z.ai/api/anthropic?x=1": ("zai", Hosting.VENDOR, "CN"),
    "https://bedrock-runtime.eu-west-1.amazonaws.com": ("aws-bedrock", Hosting.CLOUD, "US"),
    "https://us-east5-aiplatform.googleapis.com": ("google-vertex", Hosting.CLOUD, "US"),
    "https://acme.openai.azure.com/openai": ("azure-openai", Hosting.CLOUD, "US"),
    "https://openrouter.ai/api/v1": ("openrouter", Hosting.AGGREGATOR, "US"),
    "127.0.0.1:11434": ("ollama-local", Hosting.SELF, ""),
    "http://[::1]:11434": ("ollama-local", Hosting.SELF, ""),
    "http://localhost:3456": ("claude-code-router", Hosting.RELAY, ""),
    "http://localhost:9": ("unknown", Hosting.RELAY, ""),
    "http://127.8.9.10": ("unknown", Hosting.RELAY, ""),
    "http://10.1.2.3:8000": ("unknown", Hosting.RELAY, ""),
    "http://llm.corp.internal": ("unknown", Hosting.RELAY, ""),
    "http://gpu-box:8000": ("unknown", Hosting.RELAY, ""),
}


@pytest.mark.parametrize("text", UNKNOWN_HOSTS.values(), ids=UNKNOWN_HOSTS)
def test_an_unknown_host_is_unknown(text: str, registry: Registry) -> None:
    endpoint = parse_endpoint(text)
    assert endpoint is not None
    assert registry.providers.at(endpoint) == UNRECOGNISED


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_clients_may_read_differently_is_not_read(text: str) -> None:
    assert parse_endpoint(text) is None


@pytest.mark.parametrize(("text", "served"), KNOWN.items(), ids=KNOWN)
def test_a_known_address(text: str, served: tuple[str, Hosting, str], registry: Registry) -> None:
    endpoint = parse_endpoint(text)
    assert endpoint is not None
    assert registry.providers.at(endpoint) == Served(*served)


def test_an_address_is_shown_without_what_is_private() -> None:
    endpoint = parse_endpoint("https://jane:hunter2@gate.example:8443/tenant/secret?key=1#x")
    assert endpoint is not None
    assert endpoint.shown == "https://gate.example:8443"


SERVED = {
    "loopback and a cloud tag": ("glm-4.7:cloud", "http://127.0.0.1:11434", "ollama-cloud", Hosting.INFERENCE),
    "a relay and a cloud tag": ("gpt-oss:120b-cloud", "http://127.0.0.1:9", "ollama-cloud", Hosting.INFERENCE),
    "a router keeps its own": ("glm-4.7:cloud", "http://127.0.0.1:3456", "claude-code-router", Hosting.RELAY),
    "an unknown host and a cloud tag": ("glm-4.7:cloud", "https://evil.example", "unknown", Hosting.UNKNOWN),
    "a local tag": ("qwen2.5-coder:7b", "http://127.0.0.1:11434", "ollama-local", Hosting.SELF),
    "a free tier anywhere": ("deepseek-r1:free", "https://openrouter.ai/api", "openrouter", Hosting.FREE),
}


@pytest.mark.parametrize(("model", "address", "provider", "hosting"), SERVED.values(), ids=SERVED)
def test_suffixes_of_the_model_are_heard(
    model: str, address: str, provider: str, hosting: Hosting, registry: Registry
) -> None:
    endpoint = parse_endpoint(address)
    assert endpoint is not None
    served = registry.providers.serve(registry.models.named(model), registry.providers.at(endpoint))
    assert (served.provider, served.hosting) == (provider, hosting)


ROUTES = {
    "AWS Claude Sonnet 4": (False, "aws-bedrock"),
    "eu.anthropic.claude-opus-5": (False, "aws-bedrock"),
    "Z.AI GLM 4.6": (False, "zai"),
    "accounts/fireworks/models/kimi-k2p6": (False, "fireworks"),
    "openrouter/deepseek/deepseek-r1:free": (True, "openrouter"),
    "gemini/gemini-2.5-pro": (True, "google-ai-studio"),
    "gemini/gemini-2.5-flash": (False, ""),
    "anthropic/claude-opus-4.8": (False, ""),
    "openai/gpt-5.2": (True, ""),
    "qwen/qwen3.8-max": (False, ""),
    "Claude Opus 4.8": (False, ""),
}


@pytest.mark.parametrize(("text", "wanted"), ROUTES.items(), ids=ROUTES)
def test_a_provider_is_read_from_a_route_only(text: str, wanted: tuple[bool, str], registry: Registry) -> None:
    litellm, provider = wanted
    assert registry.providers.route(text, litellm=litellm).provider == provider


@given(text=st.text(st.characters(exclude_categories=())) | st.from_regex(r"\Ahttps?://[\w@:/?#\[\]. -]{0,40}\Z"))
def test_any_text_is_an_address_or_none(text: str, registry: Registry) -> None:
    endpoint = parse_endpoint(text)
    if endpoint is not None:
        assert registry.providers.at(endpoint).provider
        assert "@" not in endpoint.shown
