"""Model weights that a change loads unpinned, from elsewhere, or with their own code, and edits of `models.lock`.

This file is all that a change without models loads: a few words are looked for near the changed lines, no more.
"""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.context import Context, Outcome
from trustgate.facts import ChangedLine, FileView
from trustgate.syntax.paths import PathKind, path_kind

NAME = "models"
LOCK = "models.lock"
REACH = 40
"""lines round a change in which the call, service or list that it belongs to names a model"""
PROGRAMS = (".py", ".pyi", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".ipynb", ".vue", ".svelte")
PICKLED = (
    *(".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt", ".joblib", ".npy"),
    *(".h5", ".hdf5", ".keras", ".nemo", ".mar", ".dill"),
)
"""ends of weights that run code when they are loaded"""
PLAIN = (".gguf", ".safetensors", ".onnx")
FILES = (*PICKLED, *PLAIN, ".gitattributes", "config.json", "chat_template.jinja", "chat_template.json")
"""ends of the paths that are looked at whatever stands in them"""
_NOT_OURS = frozenset((PathKind.PROSE, PathKind.INERT, PathKind.LOCK, PathKind.VENDORED))
_WEIGHT_ENDS = (
    ".gguf",
    ".safetensors",
    ".onnx",
    ".ckpt",
    ".pth",
    ".pt",
    ".pkl",
    ".joblib",
    ".keras",
    ".nemo",
    "llamafile",
)
_ALONE = (
    *(
        "from_pretrained",
        "sentencetransformer",
        "crossencoder",
        "snapshot_download",
        "mlx_lm",
        "mlx_vlm",
        "hf_hub_download",
    ),
    *(
        "model_file_download",
        "load_lora",
        "load_ip_adapter",
        "load_textual_inversion",
        "engineargs",
        "trust_remote_code",
    ),
    *(
        "hub.load",
        "torch.load",
        "pickle.load",
        "joblib.load",
        "dill.load",
        "read_pickle",
        "allow_pickle",
        "from_single_file",
    ),
    *(
        "from_model_id",
        "huggingfaceembedding",
        "huggingfacebge",
        "hf_hub:",
        "hf-hub:",
        "hf://",
        "whispermodel",
        "ollama",
        "flagmodel",
    ),
)
_CONSTANTS = (
    "from_pretrained",
    "snapshot_download",
    "hf_hub_download",
    "sentencetransformer",
    "trust_remote_code",
    "mlx_lm",
    "vllm",
)
_TOGETHER = (
    ("pipeline(", "model="),
    ("pipeline", "transformers"),
    ("pipeline", "modelscope"),
    ("llm(", "vllm"),
    ("engine(", "sgl"),
    ("load_adapter", "peft"),
)
"""a word near the change that counts where the file has another one"""
WORDS = {
    "commands": (
        *(
            "ollama",
            "vllm",
            "sglang",
            "llama-",
            "llama.cpp",
            "text-generation",
            "text-embeddings",
            "huggingface",
            "hf download",
            "hf.co",
        ),
        *(
            "mlx_lm",
            "modelscope",
            "trust-remote-code",
            "docker model",
            "lmdeploy",
            "aphrodite",
            "infinity_emb",
            "trtllm",
            "localai",
            "tritonserver",
        ),
        *("lmsysorg", "uvx hf"),
    ),
    "settings": (
        "ollama",
        "trust_remote_code",
        "trust-remote-code",
        "weights_only_load",
        "model_id",
        "vllm_model",
        "hf_model",
        "hf://",
        "ai/",
    ),
    "hosted": (
        *(
            "claude-",
            "gpt-",
            "gemini-",
            "sonnet",
            "opus",
            "haiku",
            "-latest",
            "mistral-",
            "codex",
            "grok-",
            "deepseek",
            "codestral",
        ),
        *("qwen", "kimi", "glm-", '"o1', "'o1", '"o3', "'o3", "o4-mini", "=o3", "=o1"),
    ),
    "addresses": (
        "huggingface.co",
        "hf.co",
        "hf-mirror",
        "modelscope",
        "hf_endpoint",
        "hf_hub_",
        "ca_bundle",
        *_WEIGHT_ENDS,
    ),
    "endpoints": ("base_url", "baseurl", "api_base", "apibase", "_host", "_endpoint", "_api_url"),
}
"""words in lower case of each family that is read line by line"""


def analyze(context: Context) -> Iterator[Outcome]:
    """Everything else loads when a changed file, or the lines round its changes, has one of the words."""
    review = None
    for view in context.files:
        path = view.path.lower()
        locked = path == LOCK or path.endswith(f"/{LOCK}")
        named = locked or path.endswith(FILES) or "modelfile" in path or _is_model_code(path)
        families = frozenset() if locked else _families(view, path)
        if named or families or view.problem == "binary":
            if review is None:
                from trustgate.analyzers.models.review import Review

                review = Review(context)
            yield from review.lock_of(view) if locked else review.file_of(view, families)


def _is_model_code(path: str) -> bool:
    return path.endswith(".py") and path.rpartition("/")[2].startswith(("modeling_", "configuration_", "tokenization_"))


def _families(view: FileView, path: str) -> frozenset[str]:
    """What of the file is to be read, by the words on and near its changed lines."""
    new = view.new
    if new is None or not view.change.hunks or path_kind(view.path) in _NOT_OURS:
        return frozenset()
    near = "\n".join(_near(view, new.lines)).lower()
    found = {family for family, words in WORDS.items() if any(word in near for word in words)}
    if "modelfile" in path:
        found.add("settings")
    if path.endswith(PROGRAMS):
        whole = new.text.lower()
        if any(word in near for word in _ALONE) or any(word in near and other in whole for word, other in _TOGETHER):
            found.add("calls")
        elif any(word in whole for word in _CONSTANTS) and any(map(_may_be_taken, view.added())):
            found.add("calls")  # a constant that a call far away takes
    return frozenset(found)


def _near(view: FileView, lines: list[str]) -> Iterator[str]:
    """The changed lines and REACH lines on either side, each once."""
    done = 0
    for hunk in view.change.hunks:
        first = max(done, hunk.new_start - 1 - REACH, 0)
        done = max(done, hunk.new_start + hunk.new_count + REACH)
        yield from lines[first:done]


def _may_be_taken(line: ChangedLine) -> bool:
    """Whether a changed line may give a name the value that a load uses: a repository, a revision, a switch."""
    text = line.text.lower()
    if "=" not in text and ":" not in text:
        return False
    return any(word in text for word in ("rev", "model", "repo", "main", "trust", "/", "true"))
