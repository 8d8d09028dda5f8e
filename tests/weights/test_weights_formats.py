"""Headers of safetensors and GGUF against the file's size, and what a pickle would import."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from weight_samples import gguf, safetensors

from trustgate.weights.faults import Unclear, Wrong
from trustgate.weights.formats.gguf import check_gguf
from trustgate.weights.formats.header import check_header
from trustgate.weights.formats.pickles import check_pickle
from trustgate.weights.formats.safetensors import check_safetensors
from trustgate.weights.formats.sniff import role_of


@pytest.fixture
def held(tmp_path: Path) -> Any:
    """`held(function, bytes)`: the function on a descriptor of a file with these bytes."""

    def run(function: Callable[..., Any], data: bytes, *args: Any) -> Any:
        place = tmp_path / "file"
        place.write_bytes(data)
        descriptor = os.open(place, os.O_RDONLY)
        try:
            return function(descriptor, *args)
        finally:
            os.close(descriptor)

    return run


def header(table: Any, data: bytes = b"") -> bytes:
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(begin: int, end: int, dtype: str = "U8", shape: list[Any] | None = None) -> dict[str, Any]:
    return {"dtype": dtype, "shape": [end - begin] if shape is None else shape, "data_offsets": [begin, end]}


def test_sound_safetensors_pass(held: Any) -> None:
    assert held(check_safetensors, safetensors()) == 1
    assert held(check_safetensors, header({"__metadata__": {"format": "pt"}})) == 0
    assert (
        held(check_safetensors, header({"b": tensor(4, 8, "F32", [1]), "a": tensor(0, 4, "F16", [2, 1])}, b"12345678"))
        == 2
    )
    assert held(check_safetensors, header({"a": tensor(0, 3, "F6_E2M3", [4])}, b"123")) == 1
    assert held(check_safetensors, header({"a": tensor(0, 3, "NEW_TYPE", [4])}, b"123")) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"1234567", struct.pack("<Q", 1 << 60), struct.pack("<Q", 100) + b"{}", struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 4) + b"{\"a\"", struct.pack("<Q", 2) + b"\xff\xff", safetensors() + b"x", safetensors()[:-1],
        header({"a": tensor(0, 4), "b": tensor(2, 6)}, b"123456"), header({"a": tensor(0, 4), "b": tensor(5, 9)}, b"123456789"),
        header({"a": tensor(1, 5)}, b"12345"), header({"a": tensor(0, 4, shape=[5])}, b"1234"),
        header({"a": tensor(0, 4, "F64", [1])}, b"1234"), header({"a": tensor(4, 0)}), header({"a": tensor(0, 4, shape=[-4])}, b"1234"),
        header({"a": tensor(0, 4, shape=[True, 4])}, b"1234"), header({"a": 1}), header({"a": {"dtype": "U8"}}),
        header({"a": {**tensor(0, 0), "data_offsets": [0]}}), header({"a": tensor(0, 4, shape=[1 << 70])}, b"1234"),
        header({"a": {**tensor(0, 4), "data_offsets": "04"}}, b"1234"),
        struct.pack("<Q", 90) + b'{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'[:90],
        struct.pack("<Q", 40_000) + b"[" * 40_000,
    ],
    ids=lambda data: repr(data[8:40]),
)  # fmt: skip
def test_broken_safetensors_are_wrong(held: Any, data: bytes) -> None:
    with pytest.raises(Wrong):
        held(check_safetensors, data)


def test_a_key_that_is_there_twice_is_wrong(held: Any) -> None:
    one = '"a":' + json.dumps(tensor(0, 0))
    text = f"{{{one},{one}}}".encode()
    with pytest.raises(Wrong, match="twice"):
        held(check_safetensors, struct.pack("<Q", len(text)) + text)


def test_sound_gguf_passes(held: Any) -> None:
    assert held(check_gguf, gguf()) == 1
    assert held(check_gguf, gguf(version=2)) == 1
    assert held(check_gguf, b"GGUF" + struct.pack("<IQQ", 3, 0, 0)) == 0


@pytest.mark.parametrize("cut", range(len(gguf())))
def test_a_gguf_cut_anywhere_is_wrong(held: Any, cut: int) -> None:
    with pytest.raises(Wrong):
        held(check_gguf, gguf()[:cut])


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (gguf(tail=b"x" * 32), Wrong), (gguf(version=1), Unclear), (gguf(version=0x03000000), Unclear),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), Wrong), (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), Wrong),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 62), Wrong),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 8 + b"\0" * 99, Unclear),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 99) + b"\0" * 99, Wrong),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"t" + struct.pack("<I", 9) + b"\0" * 99, Wrong),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"t" + struct.pack("<IQIQ", 1, 33, 2, 0) + b"\0" * 999, Wrong),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"t" + struct.pack("<IQIQ", 1, 1, 0, 7) + b"\0" * 999, Wrong),
        (b"GGUF" + struct.pack("<IQQ", 3, 2, 0) + (struct.pack("<Q", 1) + b"t" + struct.pack("<IQIQ", 1, 8, 0, 0)) * 2 + b"\0" * 99, Wrong),
    ],
)  # fmt: skip
def test_broken_gguf_is_wrong_or_unclear(held: Any, data: bytes, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        held(check_gguf, data)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_bytes_have_a_header_or_a_fault(held: Any, data: st.DataObject) -> None:
    base = data.draw(st.sampled_from([gguf(), safetensors(), b"\x80\x04", b"PK\x03\x04", b""]))
    at = data.draw(st.integers(0, len(base)))
    content = base[:at] + data.draw(st.binary(max_size=40)) + base[at:]
    for function, args in ((check_gguf, ()), (check_safetensors, ()), (check_header, ("a.bin",)), (check_pickle, ())):
        try:
            held(function, content, *args)
        except (Wrong, Unclear) as fault:
            assert str(fault)


def test_a_name_may_not_hide_a_format_that_runs_code(held: Any) -> None:
    for name in ("a.safetensors", "a.gguf", "a.onnx"):
        with pytest.raises(Wrong):
            held(check_header, pickle.dumps({}), name)
    assert held(check_header, pickle.dumps({}), "a.bin") == "pickle"
    assert held(check_header, b"\0\0", "pytorch_model.bin") == "pickle"
    assert held(check_header, gguf(), "blobs/sha256-x") == "gguf"
    assert held(check_header, b"\x89HDF\r\n\x1a\n", "a.keras") == "hdf5"


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("model.safetensors", "weights"), ("a/pytorch_model.bin", "weights"), ("model.safetensors.index.json", "weights"),
        ("config.json", "config"), ("tokenizer_config.json", "tokenizer"), ("vocab.txt", "tokenizer"),
        ("chat_template.jinja", "template"), ("modeling_x.py", "code"), ("LICENSE", "license"), ("README.md", "other"),
    ],
)  # fmt: skip
def test_roles_by_name(path: str, role: str) -> None:
    assert role_of(path) == role


class Runs:
    """Pickled as a call of something; never loaded here."""

    def __init__(self, *call: Any) -> None:
        self.call = call

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call[0], self.call[1:]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("call", "names"),
    [
        ((os.system, "true"), "system"),
        ((eval, "1"), "eval"),
        ((__import__, "os"), "__import__"),
        ((print, "x"), "print"),
    ],
)
def test_a_pickle_that_would_call_something_is_named(held: Any, protocol: int, call: Any, names: str) -> None:
    (found,) = held(check_pickle, pickle.dumps(Runs(*call), protocol))
    assert names in found


@pytest.mark.parametrize("protocol", range(6))
def test_plain_containers_pass(held: Any, protocol: int) -> None:
    value = OrderedDict(a=[1, 2.5, "x", b"y" * 3, None, True], b={"c": (1, 2)})
    assert held(check_pickle, pickle.dumps(value, protocol)) == ()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def global_pickle(name: str, *, stack: bool) -> bytes:
    module, _, attribute = name.rpartition(".")
    if not stack:
        return b"\x80\x02c" + f"{module}\n{attribute}\n".encode() + b")R."
    parts = b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, attribute))
    return b"\x80\x04" + parts + b"\x93)R."


@pytest.mark.parametrize("stack", [False, True])
@pytest.mark.parametrize(
    "name", ["torch._utils._rebuild_tensor_v2", "torch.FloatStorage", "numpy._core.multiarray._reconstruct"]
)
def test_what_rebuilds_tensors_passes(held: Any, name: str, stack: bool) -> None:
    data = global_pickle(name, stack=stack)
    assert held(check_pickle, data) == ()
    assert held(check_pickle, zipped({"archive/data.pkl": data, "archive/data/0": b"1234"})) == ()


BYPASSES = [
    "numpy.core._internal.eval", "torch.utils.collect_env.run", "importlib.import_module", "builtins.getattr",
    "mlflow.projects.backend.local._run_entry_point", "torch.storage._load_from_bytes", "_io.open", "torch.load",
]  # fmt: skip
"""targets that scanners with lists of bad names let pass (docs/models.md)"""


@pytest.mark.parametrize("stack", [False, True])
@pytest.mark.parametrize("name", BYPASSES)
def test_what_is_not_on_the_list_is_named(held: Any, name: str, stack: bool) -> None:
    data = global_pickle(name, stack=stack)
    module, _, attribute = name.rpartition(".")
    assert held(check_pickle, data) == (f"{module} {attribute}",)
    assert held(check_pickle, zipped({"archive/data.pkl": data})) == (f"{module} {attribute}",)


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04\x8c\x0bcollections\x8c\x0bOrderedDict\x8c\x02os\x8c\x06system0000\x8c\x02os\x940\x8c\x06system\x93.",
        b"\x80\x04\x8c\x02os\x940\x8c\x05torch0h\x00\x8c\x06system\x93.",
        b"\x80\x04\x8c\x05torch\x940N\x940\x8c\x04Size\x94h\x01h\x02\x93.",
        b"\x80\x04\x8c\x0bcollections\x8c\x0bOrderedDict2\x93.",
        b"\x80\x02\x82\x01.",
    ],
    ids=["popped", "memo", "memo overwritten", "dup", "extension"],
)
def test_names_made_at_load_time_are_denied(held: Any, data: bytes) -> None:
    assert held(check_pickle, data) != ()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x80\x04", b"\x80\x04N", b"not a pickle", pickle.dumps({}) + b"\xff\xff", zipped({"a.txt": b"x"}), b"PK\x03\x04",
        zipped({"a/data.pkl": b"cos\n"}),
    ],
    ids=["empty", "header only", "no stop", "text", "bytes behind", "zip without", "broken zip", "cut inside a zip"],
)  # fmt: skip
def test_what_does_not_parse_is_unclear(held: Any, data: bytes) -> None:
    with pytest.raises(Unclear):
        held(check_pickle, data)


def test_a_second_pickle_behind_the_first_is_walked(held: Any) -> None:
    assert held(check_pickle, pickle.dumps({}) + global_pickle("os.system", stack=False)) == ("os system",)


def test_the_old_form_of_torch_is_walked_and_its_storage_left_alone(held: Any) -> None:
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    rest = [
        pickle.dumps(1001, 2),
        pickle.dumps({}, 2),
        global_pickle("torch.Size", stack=False),
        pickle.dumps(["0"], 2),
    ]
    assert held(check_pickle, magic + b"".join(rest) + b"\xff" * 100) == ()
    rest[2] = global_pickle("os.system", stack=False)
    assert held(check_pickle, magic + b"".join(rest) + b"\xff" * 100) == ("os system",)


def test_a_zip_that_unpacks_into_all_of_memory_is_unclear(held: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustgate.weights.formats.pickles.LARGEST", 100)
    many = {f"a/{number}.pkl": pickle.dumps("x" * 60) for number in range(3)}
    with pytest.raises(Unclear, match="more than 100"):
        held(check_pickle, zipped(many))
    with pytest.raises(Unclear, match="over 100"):
        held(check_pickle, zipped({"a/data.pkl": pickle.dumps("x" * 600)}))


def packed(compression: int) -> bytes:
    """A zip whose one pickle is broken behind its header."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        archive.writestr("a/data.pkl", pickle.dumps(list(range(500))))
    data = bytearray(made.getvalue())
    start = data.find(b"data.pkl") + len(b"data.pkl") + 9
    data[start : start + 16] = bytes(byte ^ 0xFF for byte in data[start : start + 16])
    return bytes(data)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_broken_member_is_unclear_however_it_is_packed(held: Any, compression: int) -> None:
    with pytest.raises(Unclear):
        held(check_pickle, packed(compression))


def test_a_header_that_cannot_be_read_is_unclear(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(Unclear, match="cannot be read"):
            check_safetensors(folder)
    finally:
        os.close(folder)


def test_more_values_than_any_vocabulary_are_not_counted_to_the_end(held: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustgate.weights.formats.gguf.STEPS", 1_000)
    many = struct.pack("<IIQQ", 0x46554747, 3, 0, 1) + struct.pack("<Q", 1) + b"k"
    many += struct.pack("<IIQ", 9, 8, 2_000) + bytes(8 * 2_000)
    with pytest.raises(Unclear, match="more than 1000 values"):
        held(check_gguf, many)


def test_two_members_of_one_name_are_unclear(held: Any) -> None:
    out = io.BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/data.pkl", pickle.dumps({}))
        archive.writestr("a/data.pkl", global_pickle("os.system", stack=False))
    with pytest.raises(Unclear, match="one name"):
        held(check_pickle, out.getvalue())
