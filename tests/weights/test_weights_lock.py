"""`models.lock`: reads back what it writes, refuses the rest, and notices every byte that changes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.weights.lock import LockError, fold, path_fault, read_lock, write_lock
from trustgate.weights.pins import (
    FORMATS,
    ROLES,
    Api,
    License,
    Lock,
    LockPolicy,
    PinnedFile,
    PinnedModel,
    Signature,
    Strength,
    root_of,
)

DIGEST = "ab" * 32
COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = PinnedFile("model.safetensors", 10, DIGEST, "weights")


def model(name: str = "bert", *files: PinnedFile, **more: object) -> PinnedModel:
    files = files or (WEIGHTS,)
    base = PinnedModel(name, "hf", "acme/bert", COMMIT, files=files, root=root_of(files))
    return base._replace(**more)  # type: ignore[arg-type]


FULL = Lock(
    (
        model(
            "bert",
            PinnedFile("config.json", 3, DIGEST, "config"),
            WEIGHTS,
            PinnedFile("modeling_a.py", 5, DIGEST, "code"),
            followed="main",
            format="safetensors",
            license=License("Apache-2.0", DIGEST),
            backends=("vllm",),
            remote_code=("modeling_a.py",),
            ignore=("*.md",),
            signature=Signature("bert.sig", DIGEST),
        ),
        PinnedModel("hosted", "api", "", api=Api("anthropic", "api.example.com", "model-20250929", True)),
    ),
    LockPolicy((("hf", Strength.BYTES),), ("gguf", "safetensors"), ("hub.example.com",)),
)


def test_a_lock_reads_back_as_it_was_written() -> None:
    data = write_lock(FULL)
    assert read_lock(data) == FULL
    assert write_lock(read_lock(data)) == data


def test_order_of_models_and_files_makes_no_difference_to_the_bytes() -> None:
    turned = FULL._replace(models=tuple(m._replace(files=m.files[::-1]) for m in reversed(FULL.models)))
    assert write_lock(turned) == write_lock(FULL)


def test_the_smallest_lock_is_empty() -> None:
    assert read_lock(b"version = 1\n") == Lock(seal="absent")


def test_lines_of_quotes_that_never_end_keep_nobody_busy() -> None:
    line = b'\\"' * 2_000 + b"#.....\n"
    began = time.process_time()
    with pytest.raises(LockError):
        read_lock(b"version = 1\n" + line * 100)
    assert time.process_time() - began < 1


words = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,20}", fullmatch=True)
paths = st.text(min_size=1, max_size=30).filter(lambda text: not path_fault(text))
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
files = st.builds(
    PinnedFile, paths, st.integers(1, 1 << 50), digests, st.sampled_from(ROLES), st.sampled_from(["", "a/b+c"])
)


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    names = draw(st.lists(words, max_size=3, unique_by=str.casefold))
    models = []
    for name in names:
        rows = tuple(draw(st.lists(files, min_size=1, max_size=4, unique_by=lambda item: fold(item.path))))
        rows = tuple(sorted(rows, key=lambda item: item.path.encode()))
        models.append(
            PinnedModel(
                name, "hf", draw(words), draw(st.sampled_from(["", COMMIT])), format=draw(st.sampled_from(FORMATS)),
                files=rows, root=root_of(rows), seen=draw(st.booleans()),
            )
        )  # fmt: skip
    return Lock(tuple(sorted(models, key=lambda item: item.name.casefold())))


@pytest.mark.parametrize("path", [" ", "a/ /b", " /a", ".. /a", "\u00a0"])
def test_a_path_of_blanks_is_refused_before_it_is_written(path: str) -> None:
    assert path_fault(path)


@given(locks())
def test_any_lock_reads_back(lock: Lock) -> None:
    data = write_lock(lock)
    assert read_lock(data) == lock
    assert all(found.root_holds for found in lock.models)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_a_lock_or_raise_its_own_error(data: bytes) -> None:
    try:
        read_lock(data)
    except LockError as error:
        assert error.message


@settings(max_examples=300)
@given(st.data())
def test_a_lock_with_a_piece_of_anything_in_it_parses_or_raises_its_own_error(data: st.DataObject) -> None:
    text = write_lock(FULL)
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 40)))
    piece = data.draw(
        st.binary(max_size=20) | st.sampled_from([b"[[model]]", b'""', b"[]", b"{}", b"1e9", b"\n", b"#"])
    )
    try:
        read_lock(text[:at] + piece + text[until:])
    except LockError as error:
        assert error.message


def test_every_single_byte_change_of_a_lock_is_noticed() -> None:
    data = write_lock(FULL)
    unseen = []
    for place in range(len(data)):
        for byte in {data[place] ^ 1, data[place] ^ 32, ord("#"), ord(" "), ord("\n"), ord("0")} - {data[place]}:
            try:
                seal = read_lock(data[:place] + bytes([byte]) + data[place + 1 :]).seal
            except LockError:
                continue
            if seal == "intact":
                unseen.append((place, byte))
    assert unseen == []


@given(st.data())
def test_every_byte_that_is_added_to_or_taken_from_a_lock_is_noticed(data: st.DataObject) -> None:
    text = write_lock(FULL)
    at = data.draw(st.integers(0, len(text)))
    added = text[:at] + data.draw(st.binary(min_size=1, max_size=1)) + text[at:]
    for changed in (added, text[:at] + text[at + 1 :]):
        if changed == text:
            continue
        try:
            assert read_lock(changed).seal != "intact"
        except LockError as error:
            assert error.message


@pytest.mark.parametrize("field", ["path", "size", "sha256"])
def test_the_root_binds_name_size_and_digest(field: str) -> None:
    other = {"path": "modeling_evil.py", "size": 11, "sha256": "cd" * 32}[field]
    changed = model()._replace(files=(WEIGHTS._replace(**{field: other}),))
    assert changed.root_holds is False


HEAD = 'version = 1\n[[model]]\nname = "a"\nsource = "file"\nref = "a"\n'
ROOT = f'root = "{DIGEST}"\n'


def listed(row: str) -> str:
    return HEAD + ROOT + "files = [ { " + row + " } ]\n"


GOOD = listed(f'path = "a", size = 1, sha256 = "{DIGEST}"')
HOSTED = 'version = 1\n[[model]]\nname = "a"\nsource = "api"\nprovider = "p"\nhost = "h"\nmodel = "m"\n'

REFUSED = {
    "no version": ("", "version"),
    "another version": ("version = 2\n", "version"),
    "unknown key": ("version = 1\nmodels = 1\n", "models"),
    "unknown key of a model": (HEAD + ROOT + 'sha = "x"\nfiles = [{path="a",size=1,sha256="' + DIGEST + '"}]', "sha"),
    "unknown key of a file": (listed(f'path = "a", size = 1, sha256 = "{DIGEST}", mode = 1'), "mode"),
    "unknown policy key": ("version = 1\n[policy]\nmax = 1\n", "max"),
    "unknown source": ('version = 1\n[[model]]\nname = "a"\nsource = "ftp"\n', "source"),
    "two names": (GOOD + GOOD.removeprefix("version = 1\n").replace('name = "a"', 'name = "A"'), "two models"),
    "dots": (listed(f'path = "../a", size = 1, sha256 = "{DIGEST}"'), "path"),
    "dots inside": (listed(f'path = "a/../../b", size = 1, sha256 = "{DIGEST}"'), "path"),
    "absolute": (listed(f'path = "/etc/passwd", size = 1, sha256 = "{DIGEST}"'), "absolute"),
    "backslash": (listed(f"path = '..\\a', size = 1, sha256 = \"{DIGEST}\""), "backslash"),
    "not NFC": (listed(f'path = "e\u0301", size = 1, sha256 = "{DIGEST}"'), "NFC"),
    "short digest": (listed('path = "a", size = 1, sha256 = "abcd"'), "sha256"),
    "digest in capitals": (listed(f'path = "a", size = 1, sha256 = "{DIGEST.upper()}"'), "sha256"),
    "digest of nothing": (listed(
        'path = "a", size = 1, sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'
    ), "sha256"),
    "empty weights": (listed(
        'path = "a", size = 0, role = "weights", sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'
    ), "never empty"),
    "size true": (listed(f'path = "a", size = true, sha256 = "{DIGEST}"'), "size"),
    "size below zero": (listed(f'path = "a", size = -1, sha256 = "{DIGEST}"'), "size"),
    "file source without files": (HEAD + ROOT, "files"),
    "root outside": ('version = 1\n[[model]]\nname = "a"\nsource = "file"\nref = "../secret"\n' + ROOT, "ref"),
    "no root": (HEAD + f'files = [{{ path = "a", size = 1, sha256 = "{DIGEST}" }}]\n', "root"),
    "files of a hosted model": (HOSTED + f'files = [{{ path = "a", size = 1, sha256 = "{DIGEST}" }}]\n', "files"),
    "signature of anybody": (HEAD + ROOT + 'signature = { type = "oms", bundle = "a.sig" }\n'
        + f'files = [{{ path = "a", size = 1, sha256 = "{DIGEST}" }}]\n', "key_sha256"),
    "not UTF-8": (b"\xff", "UTF-8"),
    "deep": ("a = " + "[" * 4000, "TOML"),
    "long number": ("version = " + "1" * 6000, "TOML"),
    "key of many parts": ("a" + ".a" * 900 + " = 1", "many parts"),
    "key of many parts after an escape": ('x = { y = "\\\\", a' + ".a" * 900 + ' = "\\"" }', "many parts"),
    "many lines": ("\n" * 50_000, "lines"),
    "key of many parts behind a string": (
        "x = { y = '''\n\"''', a" + ".a" * 900 + ' = "1" }', "several lines"),
    "long line": ("a" + ".a" * 9000 + " = 1", "line"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(case: str) -> None:
    text, says = REFUSED[case]
    with pytest.raises(LockError) as caught:
        read_lock(text if isinstance(text, bytes) else text.encode())
    assert says in caught.value.message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("one", "other"), [("Model.bin", "model.bin"), ("stra\u00dfe", "STRASSE"), ("\u00e9", "\u00c9")]
)
def test_twins_by_case_or_unicode_form_are_refused(one: str, other: str) -> None:
    twins = tuple(PinnedFile(path, 1, DIGEST) for path in (one, other))
    with pytest.raises(LockError, match="twice"):
        read_lock(write_lock(Lock((model("a", *twins),))))


@pytest.mark.parametrize(
    ("pin", "strength"),
    [
        (model(), Strength.BYTES),
        (model()._replace(files=()), Strength.COMMIT),
        (model()._replace(files=(), revision=DIGEST), Strength.MANIFEST),
        (model()._replace(files=(), revision="", followed="main"), Strength.TAG),
        (model()._replace(files=(), revision=""), Strength.NAME),
    ],
)
def test_how_firmly_a_pin_holds(pin: PinnedModel, strength: Strength) -> None:
    assert pin.strength is strength


def test_a_thousand_shards_are_read_quickly() -> None:
    """The target is 50 ms (benchmarks/models/hashing.py measures it); this only catches a blow-up on a loaded machine."""
    shards = [PinnedFile(f"model-{n:05}-of-01000.safetensors", n, f"{n:064x}", "weights") for n in range(1, 1001)]
    data = write_lock(Lock((model("big", *shards),)))
    start = time.process_time()
    assert len(read_lock(data).models[0].files) == 1000
    assert time.process_time() - start < 0.5
