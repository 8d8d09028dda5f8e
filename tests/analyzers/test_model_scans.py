"""Model scans: what the examples of the rules cannot say, and text that nobody meant to be read."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_walk import between

from trustgate.analyzers import models as analyzer
from trustgate.analyzers.models.names import hosted_state, is_repository, ollama_state
from trustgate.analyzers.models.values import literal
from trustgate.analyzers.models.weights import format_of, pointer_of
from trustgate.analyzers.models.words import commands_at, expanded, lines_with, variables_of, words_of
from trustgate.finding import Confidence, Severity
from trustgate.weights.lock import write_lock
from trustgate.weights.pins import Api, Lock, PinnedFile, PinnedModel, root_of

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def rules(path: str, text: str, before: str | None = None) -> list[str]:
    old = {} if before is None else {path: before.encode()}
    return sorted(item.rule for item in between(analyzer, old, {path: text.encode("utf-8", "surrogateescape")}))


# ------------------------------------------------------------------ both sides


def test_a_constant_far_from_its_call_is_followed() -> None:
    text = (
        f'REV = "{COMMIT}"\n'
        + "\n" * 200
        + 'from transformers import A\nm = A.from_pretrained("acme/b", revision=REV)\n'
    )
    (found,) = between(analyzer, {"a.py": text.encode()}, {"a.py": text.replace(COMMIT, "main").encode()})
    assert (found.rule, found.location.line) == ("movable-revision", 203)


def test_a_second_load_of_the_same_model_is_one_finding() -> None:
    one = 'from transformers import A\nm = A.from_pretrained("acme/bert")\n'
    (found,) = between(analyzer, {"a.py": one.encode()}, {"a.py": (one + one).encode()})
    assert found.location.line == 4


def test_a_line_that_only_moves_is_none() -> None:
    one = 'from transformers import A\nm = A.from_pretrained("acme/bert")\nx = 1\n'
    moved = 'from transformers import A\nx = 1\nm = A.from_pretrained("acme/bert")\n'
    assert rules("a.py", moved, one) == []


def test_a_revision_taken_out_of_yaml_is_found() -> None:
    old = f"command:\n  - vllm\n  - serve\n  - acme/llm\n  - --revision\n  - {COMMIT}\n"
    new = "command:\n  - vllm\n  - serve\n  - acme/llm\n"
    assert rules("compose.yaml", new, old) == ["unpinned-serve"]


def test_a_source_with_a_fault_is_read_all_the_same() -> None:
    text = "from transformers import A\nm = A.from_pretrained('acme/bert', trust_remote_code=True)\ndef (:\n"
    assert rules("a.py", text) == ["remote-code-model", "unpinned-model"]


# ------------------------------------------------------------------ values

VALUES = {
    "of a parameter": ('def f(rev="main"):\n    return A.from_pretrained("acme/b", revision=rev)\n', "movable-revision"),
    "of an attribute": ('class C:\n    rev = "v1"\n    def f(self):\n        A.from_pretrained("acme/b", revision=self.rev)\n', "movable-revision"),
    "of the environment": ('A.from_pretrained("acme/b", revision=os.getenv("REV", "main"))\n', "movable-revision"),
    "of a table": ('R = {"b": "main"}\nA.from_pretrained("acme/b", revision=R["b"])\n', "movable-revision"),
    "adjacent strings": ('A.from_pretrained("acme/" "b")\n', "unpinned-model"),
    "a sum": ('ORG = "acme"\nA.from_pretrained(ORG + "/b")\n', "unpinned-model"),
    "none": ('A.from_pretrained("acme/b", revision=None)\n', "unpinned-model"),
    "the last of two": ('R = ""\nR = "dev"\nA.from_pretrained("acme/b", revision=R)\n', "movable-revision"),
    "of a name that stands for itself": ('R = S\nS = R\nA.from_pretrained("acme/b", revision=R)\n', "revision-unknown"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), VALUES.values(), ids=VALUES)
def test_values(text: str, rule: str) -> None:
    assert rules("a.py", "from transformers import A\n" + text) == [rule]


def test_a_string_with_a_hole_is_no_value() -> None:
    assert literal('f"acme/{x}"') is None
    assert rules("a.py", 'from transformers import A\nA.from_pretrained(f"acme/{x}")\n') == []


# ------------------------------------------------------------------ words

LEFT_ALONE = {
    "a message": ("up.py", 'raise Missing("run ollama pull llama3.2 first")\n'),
    "a hint of a script": ("up.sh", 'log_info "  ollama pull llama3.2"\n'),
    "a heredoc of help": ("up.sh", "# ollama pull llama3.2\n"),
    "a variable": ("up.sh", 'vllm serve "$1"\n'),
    "something else with a tag": ("up.sh", "docker pull redis:latest\n"),
    "a folder": ("up.sh", "vllm serve ./acme/llm\n"),
    "a file of a model": ("up.sh", "llama-server -m acme/llm.gguf\n"),
    "a list of names": ("a.py", 'NAMES = ["ollama", "vllm", "sglang"]\n'),
}


@pytest.mark.parametrize(("path", "text"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone_what_is_no_command(path: str, text: str) -> None:
    assert rules(path, text) == []


def test_variables_with_one_value_and_defaults_are_filled_in() -> None:
    names = variables_of("A=acme/llm\nB=x\nB=y\n")
    assert expanded("$A ${B} ${C:-d}", names) == "acme/llm ${B} d"


def test_lines_with_a_word_are_counted_once() -> None:
    assert lines_with("a x\nb\nx x\n", ("x", "a")) == [1, 3]


@given(st.text(max_size=300))
def test_any_line_has_words(text: str) -> None:
    lines = text.split("\n")
    assert all(word.text or word.operator or not word.text for line in lines for word in words_of(line, 1))
    assert all(
        1 <= command.line <= command.end_line <= len(lines) for command in commands_at(lines, range(1, len(lines) + 1))
    )


PIECES = st.sampled_from(
    ["ollama run ", "from_pretrained(", "revision=", '"acme/b"', "\n", "  - ", "image: ollama/ollama", "trust_remote_code", "=True", ")", "{", "[",
     "hf download ", "http://x.y/a.gguf", "\\\n", "'", '"', "model: ", "sonnet", "\udcff", "\0", "**o", "from transformers import A\n", "$", ">\n"]
)  # fmt: skip
PATHS = st.sampled_from(
    ["a.py", "a.ts", "a.sh", "c.yaml", "Dockerfile", "Modelfile", ".env", "n.ipynb", "opencode.json", "x.go", "a.vue"]
)


@settings(max_examples=60, deadline=None)
@given(PATHS, st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=10).map("".join))
def test_any_text_is_read(path: str, after: str, before: str) -> None:
    data = {path: after.encode("utf-8", "surrogateescape")}
    for found in between(analyzer, {path: before.encode("utf-8", "surrogateescape")}, data):
        assert 1 <= found.location.line <= after.count("\n") + 1


def test_long_lines_and_deep_brackets_end_soon() -> None:
    text = "ollama run " + "[" * 20_000 + '"' * 20_001 + " from_pretrained(" * 2000
    assert isinstance(rules("a.sh", text), list)
    assert isinstance(rules("a.py", "x = " + text), list)


# ------------------------------------------------------------------ names

HOSTED = {
    "gpt-4o": "undated", "gpt-4o-2024-08-06": "dated", "claude-3-5-sonnet-latest": "alias", "sonnet": "alias", "o3": "undated", "gpt-4-0613": "dated",
    "claude-sonnet-4-5-20250929": "dated", "openai/gpt-4o": "undated", "gemini-2.0-flash-001": "dated", "gpt-oss:20b": "", "sedan": "", "claude": "",
    "glm-4.6:cloud": "", "claude-3-5-sonnet@20240620": "dated", "mistral-large-latest": "alias",
}  # fmt: skip


@pytest.mark.parametrize(("name", "state"), HOSTED.items())
def test_hosted_names(name: str, state: str) -> None:
    assert hosted_state(name) == state


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("llama3.2", "moves"),
        ("llama3.2:latest", "moves"),
        ("llama3.2:3b", "kept"),
        ("glm-4.6:cloud", "cloud"),
        ("a b", ""),
    ],
)
def test_ollama_names(name: str, state: str) -> None:
    assert ollama_state(name) == state


@pytest.mark.parametrize("text", ["models/bert", "./a/b", "a/b.json", "{org}/x", "a/b/c", "output/run-1", "acme"])
def test_no_repository(text: str) -> None:
    assert not is_repository(text)


# ------------------------------------------------------------------ files of weights


def safetensors(size: int = 8, end: int = 8) -> bytes:
    header = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, end]}}).encode()
    return struct.pack("<Q", len(header)) + header + b"\0" * size


FILES = {
    "pickle": ("m/model.pkl", b"\x80\x04\x95\x00", "pickled-weights-file"),
    "pickle under a mild name": ("m/model.safetensors", b"\x80\x04\x95\x00" + b"\0" * 40, "pickled-weights-file"),
    "pickle without a name": ("m/model.dat2", b"\x80\x04\x95\x00\0\0", "pickled-weights-file"),
    "torch": ("m/model.pt", b"PK\x03\x04" + b"\0" * 30 + b"archive/data.pkl", "pickled-weights-file"),
    "keras": ("m/model.h5", b"\x89HDF\r\n\x1a\n\0", "pickled-weights-file"),
    "objects of numpy": ("m/w.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False}\0", "pickled-weights-file"),
    "safetensors": ("m/model.safetensors", safetensors(), "weights-not-locked"),
    "safetensors, cut": ("m/model.safetensors", safetensors(4), "weights-header-broken"),
    "safetensors, grown": ("m/model.safetensors", safetensors(16), "weights-header-broken"),
    "gguf": ("m/model.gguf", b"GGUF\x03\0\0\0" + b"\0" * 40, "weights-not-locked"),
    "not gguf": ("m/model.gguf", b"\0" * 64, "weights-header-broken"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "data", "rule"), FILES.values(), ids=FILES)
def test_files_of_weights(path: str, data: bytes, rule: str) -> None:
    assert [item.rule for item in between(analyzer, {}, {path: data})] == [rule]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a/x.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'}\0"),
        ("a/x.bin", b"\0\1\2"),
        ("a/x.png", b"\x89PNG\0"),
        ("a/words.pkl", b"a\n"),
    ],
    ids=["numbers", "firmware", "picture", "text"],
)
def test_other_files_are_left_alone(path: str, data: bytes) -> None:
    assert between(analyzer, {}, {path: data}) == []


@given(st.binary(max_size=200))
def test_any_head_has_a_format_or_none(data: bytes) -> None:
    assert format_of(data, len(data)) in (
        "",
        "pickle",
        "torch",
        "zip",
        "hdf5",
        "npy",
        "npy-object",
        "gguf",
        "safetensors",
    )
    assert pointer_of(data) is None or data.startswith(b"version https://git-lfs")


# ------------------------------------------------------------------ the lock's word


def lock(*models: PinnedModel) -> bytes:
    return write_lock(Lock(models))


def pinned(data: bytes) -> bytes:
    import hashlib

    file = PinnedFile("model.safetensors", len(data), hashlib.sha256(data).hexdigest(), "weights")
    return lock(PinnedModel("mine", "file", "m", format="safetensors", root=root_of([file]), files=(file,)))


def test_locked_weights_are_no_finding_and_other_bytes_are() -> None:
    data = safetensors()
    base = {"models.lock": pinned(data)}
    assert between(analyzer, base, {**base, "m/model.safetensors": data}) == []
    (found,) = between(analyzer, base, {**base, "m/model.safetensors": data[:-1] + b"\1"})
    assert (found.rule, found.severity) == ("weights-differ-from-lock", Severity.CRITICAL)


def test_an_alias_weighs_more_where_the_lock_has_a_date() -> None:
    api = Api("anthropic", "api.anthropic.com", "claude-3-5-haiku-20241022", True)
    base = {"models.lock": lock(PinnedModel("haiku", "api", "", api=api))}
    (found,) = between(analyzer, base, {**base, "a.py": b'ask(model="claude-3-5-haiku")\n'})
    assert (found.rule, found.severity) == ("model-alias", Severity.MEDIUM)


def test_a_cloud_tag_weighs_more_where_the_lock_is_local() -> None:
    file = PinnedFile("blobs/sha256-" + "a" * 64, 9, "a" * 64, "weights")
    model = PinnedModel(
        "glm", "ollama", "glm-4.6:9b", "b" * 64, root=root_of([file]), files=(file,), backends=("local",)
    )
    base = {"models.lock": lock(model)}
    (found,) = between(analyzer, base, {**base, "run.sh": b"ollama run glm-4.6:cloud\n"})
    assert (found.rule, found.severity) == ("cloud-model-tag", Severity.HIGH)


@settings(deadline=None)
@given(st.data())
def test_any_byte_of_a_lock_that_changes_is_noticed(data: st.DataObject) -> None:
    whole = pinned(b"x" * 40)
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != whole[place]))
    changed = whole[:place] + bytes([byte]) + whole[place + 1 :]
    found = {item.rule for item in between(analyzer, {"models.lock": whole}, {"models.lock": changed})}
    assert found & {"model-lock-broken", "model-lock-by-hand"}


def test_fixtures_are_less_sure() -> None:
    (found,) = between(analyzer, {}, {"tests/models.lock": b"version = 9\n"})
    assert found.confidence is Confidence.LOW


# ------------------------------------------------------------------ the hook


def test_a_change_without_models_loads_one_small_module() -> None:
    code = (
        "import sys\nfrom trustgate.analyzers import models\nfrom trustgate.analyzers.context import Context\n"
        "from trustgate.changes.memory import change_between\nfrom trustgate.facts import FileView\nfrom trustgate.rulebook import load_rulebook\n"
        "change = change_between({}, {'a.py': b'def add(a, b):\\n    return a + b\\n'})\n"
        "list(models.analyze(Context(change, tuple(FileView(f, change) for f in change.files), load_rulebook())))\n"
        "print(*(name for name in sys.modules if name.startswith(('trustgate.analyzers.models', 'trustgate.weights', 'tree_sitter'))))"
    )
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.split() == ["trustgate.analyzers.models"]
