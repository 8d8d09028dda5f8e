"""Secrets of a change: what counts as new, and that no secret leaves."""

from __future__ import annotations

import random

import pytest
from rule_walk import between, findings

from trustgate.analyzers import secrets as analyzer
from trustgate.changes.memory import change_between
from trustgate.finding import Confidence, Kind
from trustgate.secrets.proofs import base62_crc

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
BASE64 = LETTERS + "+/"


def token(seed: int) -> str:
    body = "".join(random.Random(seed).choices(LETTERS, k=30))
    return f"ghp_{body}{base62_crc(body)}"


def key(seed: int) -> str:
    body = "\n".join("".join(random.Random(seed * 100 + row).choices(BASE64, k=64)) for row in range(12))
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"


LINE = f"TOKEN = '{token(1)}'\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"a.py": LINE}, {"a.py": ""}, id="taken out"),
        pytest.param({"a.py": LINE}, {}, id="file deleted"),
        pytest.param({"a.py": LINE}, {"a.py": LINE + "x = 1\n"}, id="another line changes"),
        pytest.param({"a.py": LINE}, {"a.py": "if x:\n    " + LINE}, id="indented"),
        pytest.param({"a.py": LINE + "x = 1\n"}, {"a.py": "x = 1\n" + LINE}, id="moved in the file"),
        pytest.param({"a.pem": key(1)}, {"a.pem": "# mine\n" + key(1)}, id="private key moved in the file"),
        pytest.param({}, {"a.py": "TOKEN = os.environ['TOKEN']\n"}, id="read from the environment"),
    ],
)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert between(analyzer, _bytes(before), _bytes(after)) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {"a.py": LINE}, [("github-token", "a.py", 1)], id="new file"),
        pytest.param({"a.py": "x = 1\n"}, {"a.py": "x = 1\n" + LINE}, [("github-token", "a.py", 2)], id="new line"),
        pytest.param({"a.py": LINE}, {"b.py": LINE}, [("github-token", "b.py", 1)], id="moved to another file"),
        pytest.param({"a.py": LINE}, {"a.py": LINE.replace(token(1), token(2))}, [("github-token", "a.py", 1)], id="replaced"),
        pytest.param({}, {"a.py": LINE * 3}, [("github-token", "a.py", 1)], id="three times is one finding"),
        pytest.param({}, {"a.txt": "x\n" + key(1)}, [("private-key", "a.txt", 2)], id="private key"),
        pytest.param({"a.txt": key(1)}, {"a.txt": key(2)}, [("private-key", "a.txt", 1)], id="body replaced, frame kept"),
    ],
)  # fmt: skip
def test_flags(before: dict[str, str], after: dict[str, str], expected: list[tuple[str, str, int]]) -> None:
    found = between(analyzer, _bytes(before), _bytes(after))
    assert [(item.rule, item.location.path, item.location.line) for item in found] == expected
    assert {item.kind for item in found} == {Kind.SECRET}
    assert {item.boundary for item in found} == {"secrets"}


def test_no_field_of_a_finding_holds_the_secret() -> None:
    (found,) = between(analyzer, {}, _bytes({"a.py": LINE}))
    assert token(1)[6:] not in repr(found)
    assert "ghp_…[redacted github-token]" in found.message
    assert (found.location.column, found.location.end_column) == (10, 50)


def test_a_private_key_in_a_test_folder_is_not_sure() -> None:
    (found,) = between(analyzer, {}, _bytes({"tests/certs/a.pem": key(1)}))
    assert found.confidence is Confidence.MEDIUM


def test_a_secret_in_utf_16_is_seen() -> None:
    (found,) = between(analyzer, {}, {"a.ps1": b"\xff\xfe" + ("x = 1\n" + LINE).encode("utf-16-le")})
    assert (found.rule, found.location.line) == ("github-token", 2)


def test_bytes_that_are_no_text_hide_nothing() -> None:
    (found,) = between(analyzer, {}, {"a.py": b"# \xff\xfe\x80\n" + LINE.encode()})
    assert (found.rule, found.location.line) == ("github-token", 2)


def test_many_secrets_are_counted_in_one_more_finding() -> None:
    lines = "".join(f"t{number} = '{token(number)}'\n" for number in range(50))
    found = between(analyzer, {}, _bytes({"a.py": lines}))
    assert len(found) == analyzer.MAX_FINDINGS + 1
    assert "10 more" in found[-1].title
    assert found[-1].confidence is Confidence.HIGH


def test_the_fingerprint_knows_secret_and_path_and_no_line() -> None:
    (one,) = between(analyzer, {}, _bytes({"a.py": LINE}))
    (two,) = between(analyzer, {}, _bytes({"a.py": "x = 1\n\n" + LINE}))
    (other,) = between(analyzer, {}, _bytes({"a.py": LINE.replace(token(1), token(2))}))
    assert one.fingerprint == two.fingerprint != other.fingerprint


def test_removed_lines_are_no_finding_in_a_mixed_change() -> None:
    change = change_between(_bytes({"a.py": LINE, "b.py": "x = 1\n"}), _bytes({"a.py": "x = 1\n", "b.py": "y = 1\n"}))
    assert findings(analyzer, change) == []


def _bytes(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}
