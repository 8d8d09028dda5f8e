"""`models.lock`: a strict reader and a writer that gives the same bytes for the same pins.

TOML, version 1. What the reader does not know it refuses, with the key named. Two digests tell of edits by hand:
`root` of each model binds names, sizes and digests of its files, and `digest` at the top binds every byte of the file
but its own 64 hex digits. A root or digest that does not hold is no fault of form: see `PinnedModel.root_holds` and
`Lock.seal`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any, NoReturn

from trustgate.errors import ConfigError
from trustgate.weights.pins import (
    FORMATS,
    ROLES,
    SOURCES,
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

__all__ = ["FILE", "Lock", "LockError", "PinnedFile", "PinnedModel", "read_lock", "root_of", "write_lock"]

FILE = "models.lock"
VERSION = 1
SIZE = 4 * 1024 * 1024
"""bytes; a lock of 25,000 files"""
LINE, LINES = 8192, 40_000
"""bytes of one line, and lines"""
LARGEST = 1 << 50
"""bytes of one pinned file (1 PiB)"""
EMPTY = hashlib.sha256(b"").hexdigest()

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_HOST = re.compile(r"[a-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-f:.]{2,45}\](?::[0-9]{1,5})?")
_SEAL = re.compile(rb'^digest = "([0-9a-f]{64})"$', re.MULTILINE)


class LockError(ConfigError):
    """The bytes are no lock; the message names the model and the key."""


def read_lock(data: bytes, name: str = FILE) -> Lock:
    """The lock in `data`; `name` is how messages call the file. Raises LockError for anything else."""
    if len(data) > SIZE:
        raise LockError(f"{name}: {len(data)} bytes are over the limit of {SIZE}")
    _bounded(data, name)
    import tomllib

    try:
        top = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise LockError(f"{name}: not UTF-8 at byte {error.start}") from error
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError; so is a number of many digits
        raise LockError(f"{name}: not valid TOML: {error or 'nested too deeply'}") from error
    keys = _Keys(name, "", top)
    if keys.number("version", 1 << 31) != VERSION:
        keys.fail("version", f"is not {VERSION}, the only one this trustgate reads")
    stated = keys.text("digest", "", pattern=_HEX64)
    lock = Lock(_models(name, keys.raw("model")), _policy(name, keys.raw("policy")), _seal(data, stated))
    keys.done()
    return lock


_STRING_OR_COMMENT = re.compile(rb'"(?:[^"\\]|\\.)*+"?|\'[^\']*\'?|#.*')


def _bounded(data: bytes, name: str) -> None:
    """Refuse what no lock needs and the parser of the standard library pays for in gigabytes: keys of many parts."""
    if b'"""' in data or b"'''" in data:
        raise LockError(f"{name}: not valid TOML for a lock: a string of several lines")
    if data.count(b"\n") > LINES:
        raise LockError(f"{name}: more than {LINES} lines")
    for line in data.split(b"\n"):
        if len(line) > LINE:
            raise LockError(f"{name}: a line is longer than {LINE} bytes", "write it with `trustgate models pin`")
        if line.count(b".") > 4 and _STRING_OR_COMMENT.sub(b"", line).count(b".") > 4:
            raise LockError(f"{name}: a line has a key or keys of many parts", "write it with `trustgate models pin`")


def _seal(data: bytes, stated: str) -> str:
    if not stated:
        return "absent"
    return "intact" if _SEAL.search(data) and seal_of(data) == stated else "broken"


def seal_of(data: bytes) -> str:
    """sha256 over the bytes of a lock, the hex digits of its `digest` line taken out."""
    found = _SEAL.search(data)
    return hashlib.sha256(data[: found.start(1)] + data[found.end(1) :] if found else data).hexdigest()


def _models(name: str, value: Any) -> tuple[PinnedModel, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise LockError(f"{name}: key `model` must be an array of tables", "write [[model]]")
    models: dict[str, PinnedModel] = {}
    for number, item in enumerate(value, 1):
        model = _model(_Keys(name, f"[[model]] {number}", item))
        key = model.name.casefold()
        if key in models:
            raise LockError(f"{name}: two models are called {model.name}")
        models[key] = model
    return tuple(models[key] for key in sorted(models))


def _model(keys: _Keys) -> PinnedModel:
    called = keys.text("name", pattern=_NAME)
    keys.where = f"model {called}"
    source = keys.choice("source", SOURCES)
    api = None
    if source == "api":
        host = keys.text("host", pattern=_HOST)
        api = Api(
            keys.text("provider", pattern=_WORD), host, keys.text("model", pattern=_NAME), keys.flag("dated", True)
        )
    files = _files(keys)
    model = PinnedModel(
        name=called,
        source=source,
        ref="" if api else (keys.path("ref") if source == "file" else keys.text("ref", pattern=_NAME)),
        revision=keys.text("revision", "", pattern=_REVISION),
        followed=keys.text("followed", "", pattern=_NAME),
        format=keys.choice("format", FORMATS, ""),
        license=_license(keys),
        backends=keys.texts("backends", _WORD),
        remote_code=_remote_code(keys),
        ignore=keys.texts("ignore", None),
        seen=keys.flag("seen", True),
        root="" if api else keys.text("root", pattern=_HEX64),
        files=files,
        signature=_signature(keys),
        api=api,
    )
    keys.done()
    if api and files:
        keys.fail("files", "cannot be pinned for a hosted model: nobody here has its bytes")
    if source == "file" and not files:
        keys.fail("files", "is missing: a file source is pinned by its bytes or not at all")
    return model


def _files(keys: _Keys) -> tuple[PinnedFile, ...]:
    value = keys.raw("files")
    if value is None:
        return ()
    if not isinstance(value, list):
        keys.fail("files", "must be a list of tables")
    files: dict[str, PinnedFile] = {}
    for number, item in enumerate(value, 1):
        row = _Keys(keys.file, f"{keys.where}, file {number}", item)
        path = row.path("path")
        key = fold(path)
        if key in files:
            row.fail(
                "path", f"is there twice, or differs only by case or Unicode form: {path!r} and {files[key].path!r}"
            )
        size = row.number("size", LARGEST)
        digest = row.text("sha256", pattern=_HEX64)
        if (digest == EMPTY) is not (size == 0):
            row.fail("sha256", "is the digest of no bytes and `size` is not 0, or the other way round")
        role = row.choice("role", ROLES, "other")
        if digest == EMPTY and role == "weights":
            row.fail("sha256", "is the digest of no bytes: weights are never empty")
        files[key] = PinnedFile(path, size, digest, role, row.text("media", ""))
        row.done()
    return tuple(sorted(files.values(), key=lambda item: item.path.encode()))


def _license(keys: _Keys) -> License | None:
    value = keys.raw("license")
    if value is None:
        return None
    row = _Keys(keys.file, f"{keys.where}, license", value)
    found = License(row.text("spdx"), row.text("sha256", "", pattern=_HEX64))
    row.done()
    return found


def _remote_code(keys: _Keys) -> tuple[str, ...] | None:
    value = keys.raw("remote_code")
    if value is None or value == "deny":
        return None
    paths = keys.texts("remote_code", None)
    for path in paths:
        if fault := path_fault(path):
            keys.fail("remote_code", f"names {path!r}, which {fault}")
    return paths


def _signature(keys: _Keys) -> Signature | None:
    value = keys.raw("signature")
    if value is None:
        return None
    row = _Keys(keys.file, f"{keys.where}, signature", value)
    row.choice("type", ("oms",))
    found = Signature(
        row.path("bundle"), row.text("key_sha256", "", pattern=_HEX64), row.text("identity", ""), row.text("issuer", "")
    )
    row.done()
    if not (found.key_sha256 or (found.identity and found.issuer)):
        row.fail("key_sha256", "is missing, and there is no `identity` with `issuer`: anybody may sign")
    return found


def _policy(name: str, value: Any) -> LockPolicy:
    if value is None:
        return LockPolicy()
    keys = _Keys(name, "[policy]", value)
    least: list[tuple[str, Strength]] = []
    if keys.raw("min_pin") is not None:
        row = _Keys(name, "[policy] min_pin", keys.raw("min_pin"))
        labels = [strength.label for strength in Strength]
        least = [(source, Strength[row.choice(source, labels).upper()]) for source in SOURCES if source in row.values]
        row.done()
    policy = LockPolicy(tuple(least), keys.texts("allow_formats", _WORD), keys.texts("allow_hosts", _HOST))
    for item in policy.allow_formats:
        if item not in FORMATS:
            keys.fail("allow_formats", f"has the unknown value {item!r}", f"known: {', '.join(FORMATS)}")
    keys.done()
    return policy


def fold(path: str) -> str:
    """What two paths share that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def path_fault(path: str) -> str:
    """Why a path may not stand in a lock, in words; empty where it may."""
    if not path or len(path) > 1024:
        return "has no or more than 1024 characters"
    if path.startswith("/") or "\\" in path:
        return "is absolute or has a backslash"
    if any(part.strip() in ("", ".", "..") for part in path.split("/")):
        return "has a blank part, `.` or `..`, and so may lead out of the model's folder"
    if not path.isprintable():
        return "has characters that cannot be seen"
    return "" if unicodedata.is_normalized("NFC", path) else "is not in Unicode form NFC"


class _Keys:
    """One table; every key is asked for by name and type, and `done` refuses what was not asked for."""

    def __init__(self, file: str, where: str, value: Any) -> None:
        self.file, self.where = file, where
        if not isinstance(value, dict):
            raise LockError(f"{file}: {where} must be a table")
        self.values: dict[str, Any] = value
        self._asked: set[str] = set()

    def fail(self, key: str, problem: str, hint: str = "") -> NoReturn:
        raise LockError(f"{self.file}: {self.where + ': ' if self.where else ''}key `{key}` {problem}", hint)

    def raw(self, key: str) -> Any:
        self._asked.add(key)
        return self.values.get(key)

    def done(self) -> None:
        for key in self.values:
            if key not in self._asked:
                self.fail(key[:100], "is not known here", f"known: {', '.join(sorted(self._asked))}")

    def text(self, key: str, default: str | None = None, pattern: re.Pattern[str] | None = None) -> str:
        value = self.raw(key)
        if value is None:
            if default is None:
                self.fail(key, "is missing")
            return default
        if not isinstance(value, str) or not value.strip() or len(value) > 1024 or not value.isprintable():
            self.fail(key, "must be a string of 1 to 1024 visible characters")
        if pattern is not None and not pattern.fullmatch(value):
            self.fail(key, f"has not the right form: {value[:100]!r}")
        return value

    def path(self, key: str) -> str:
        value = self.text(key)
        if fault := path_fault(value):
            self.fail(key, f"is {value[:100]!r}, which {fault}")
        return value

    def choice(self, key: str, choices: Any, default: str | None = None) -> str:
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or value not in choices:
            self.fail(key, "is missing or unknown", f"one of: {', '.join(choices)}")
        return value

    def number(self, key: str, most: int) -> int:
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.fail(key, f"must be a whole number from 0 to {most}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, "must be true or false")
        return default if value is None else value

    def texts(self, key: str, pattern: re.Pattern[str] | None) -> tuple[str, ...]:
        """Different strings, in order of their characters."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fail(key, "must be a list of strings")
        for item in value:
            _Keys(self.file, self.where, {key: item}).text(key, pattern=pattern)
        if len(set(value)) != len(value):
            self.fail(key, "names something twice")
        return tuple(sorted(value))


_HEAD = "# Written by `trustgate models pin`. After an edit by hand: `trustgate models pin --reseal`.\n"


def write_lock(lock: Lock) -> bytes:
    """The bytes of a lock, equal for equal pins: fixed order, no dates. `read_lock` reads them back as equal pins."""
    out = [_HEAD, f"version = {VERSION}\n", f'digest = "{"0" * 64}"\n']
    policy = lock.policy
    if policy != LockPolicy():
        out.append("\n[policy]\n")
        if policy.min_pin:
            least = ", ".join(f"{source} = {_quoted(strength.label)}" for source, strength in sorted(policy.min_pin))
            out.append(f"min_pin = {{ {least} }}\n")
        out += _lines("allow_formats", policy.allow_formats)
        out += _lines("allow_hosts", policy.allow_hosts)
    for model in sorted(lock.models, key=lambda item: item.name.casefold()):
        out += ["\n[[model]]\n", *_entry(model)]
    data = "".join(out).encode()
    return data.replace(b"0" * 64, seal_of(data).encode(), 1)


def _entry(model: PinnedModel) -> list[str]:
    texts = [("name", model.name), ("source", model.source), ("ref", model.ref)]
    if model.api is not None:
        texts += [("provider", model.api.provider), ("host", model.api.host), ("model", model.api.model)]
    texts += [("revision", model.revision), ("followed", model.followed), ("format", model.format)]
    out = [f"{key} = {_quoted(value)}\n" for key, value in texts if value]
    if model.api is not None:
        out.append(f"dated = {'true' if model.api.dated else 'false'}\n")
    if model.license is not None:
        digest = f", sha256 = {_quoted(model.license.sha256)}" if model.license.sha256 else ""
        out.append(f"license = {{ spdx = {_quoted(model.license.spdx)}{digest} }}\n")
    out += _lines("backends", model.backends)
    if model.source != "api":
        out += (
            ['remote_code = "deny"\n'] if model.remote_code is None else _lines("remote_code", model.remote_code, True)
        )
    out += _lines("ignore", model.ignore)
    out += [] if model.seen else ["seen = false\n"]
    if model.signature is not None:
        pairs = zip(("bundle", "key_sha256", "identity", "issuer"), model.signature, strict=True)
        rest = "".join(f", {key} = {_quoted(value)}" for key, value in pairs if value)
        out.append(f'signature = {{ type = "oms"{rest} }}\n')
    if model.root:
        out.append(f"root = {_quoted(model.root)}\n")
    if model.files:
        out += ["files = [\n", *map(_file, sorted(model.files, key=lambda item: item.path.encode())), "]\n"]
    return out


def _file(item: PinnedFile) -> str:
    media = f", media = {_quoted(item.media)}" if item.media else ""
    return (
        f"  {{ path = {_quoted(item.path)}, size = {item.size}, sha256 = {_quoted(item.sha256)}, "
        f"role = {_quoted(item.role)}{media} }},\n"
    )


def _lines(key: str, values: tuple[str, ...], always: bool = False) -> list[str]:
    if not values:
        return [f"{key} = []\n"] if always else []
    return [f"{key} = [\n", *(f"  {_quoted(value)},\n" for value in sorted(values)), "]\n"]


def _quoted(text: str) -> str:
    """A TOML basic string. The reader lets no control character in, so two escapes are enough."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
