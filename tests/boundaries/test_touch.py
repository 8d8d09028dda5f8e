"""Touches: which boundary, how strong, and what never counts."""

from __future__ import annotations

import pytest
from boundary_cases import findings, outcomes

from trustgate.verdict import Mechanical

LEFT_ALONE = {
    "prose": ({}, {"docs/auth.md": "how to login with a password\n"}),
    "a style sheet": ({}, {"static/login.css": ".password { color: red }\n"}),
    "a locale file": ({}, {"locales/en.json": '{"login": "Log in with your password"}\n'}),
    "a test": ({}, {"tests/test_login.py": "def test_login():\n    login(password='x')\n"}),
    "an import": ({"a.py": "x = 1\n"}, {"a.py": "from auth import login\nx = 1\n"}),
    "the path alone": ({"auth/page.py": "x = 1\n"}, {"auth/page.py": "x = 2\n"}),
    "one weak word": ({"a.py": "x = 1\n"}, {"a.py": "x = user\n"}),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert findings(before, after) == []


FLAGGED = {
    "camel case": ("auth", {"a.js": "x = 1;\n"}, {"a.js": "x = requirePermissions(1);\n"}),
    "a removed line": ("crypto", {"a.py": "x = 1\ny = decrypt(x)\n"}, {"a.py": "x = 1\n"}),
    "a resolved name": ("crypto", {}, {"a.py": "from hashlib import sha3_224 as h\n\nz = h(b'')\n"}),
    "scope and word": (
        "auth",
        {"a.py": "class LoginView:\n    def go(self):\n        return self.user\n"},
        {"a.py": "class LoginView:\n    def go(self):\n        return self.users\n"},
    ),
    "a language without a grammar": ("secrets", {"a.lua": "x = 1\n"}, {"a.lua": "x = read_password(1)\n"}),
}


@pytest.mark.parametrize(("boundary", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags(boundary: str, before: dict[str, str], after: dict[str, str]) -> None:
    found = findings(before, after)
    assert boundary in {item.boundary for item in found}
    assert all(item.evidence and 0 < item.score <= 100 for item in found)


MECHANICAL = {
    "layout": ("def login(a,b):\n    return check(a,b)\n", "def login(\n    a, b\n):\n    return check(a, b)\n"),
    "a comment": ("def login(a):\n    return a\n", "# who\ndef login(a):\n    return a\n"),
}


@pytest.mark.parametrize(("old", "new"), MECHANICAL.values(), ids=MECHANICAL)
def test_proven_mechanical_changes_are_no_touch(old: str, new: str) -> None:
    found = outcomes({"auth.py": old}, {"auth.py": new})
    assert [type(item) for item in found] == [Mechanical]


NOT_MECHANICAL = {
    "a statement leaves its block": (
        "def login(a):\n    if a:\n        check(a)\n        password(a)\n",
        "def login(a):\n    if a:\n        check(a)\n    password(a)\n",
    ),
    "a string changes inside": (
        "def login(a):\n    return token('a b')\n",
        "def login(a):\n    return token('a  b')\n",
    ),
    "one operator changes": (
        "def login(a, b):\n    return token(a and b)\n",
        "def login(a, b):\n    return token(a or b)\n",
    ),
}


@pytest.mark.parametrize(("old", "new"), NOT_MECHANICAL.values(), ids=NOT_MECHANICAL)
def test_other_changes_are_not_mechanical(old: str, new: str) -> None:
    assert not [item for item in outcomes({"auth.py": old}, {"auth.py": new}) if isinstance(item, Mechanical)]


ANNOTATIONS = {
    "a parameter and a result": (
        "a.py",
        "def login(user, password):\n    return user\n",
        "def login(user: User, password: str) -> User:\n    return user\n",
    ),
    "a variable": ("a.py", "session_token = None\n", "session_token: str | None = None\n"),
    "in TypeScript": (
        "a.ts",
        "function login(password) { return password; }\n",
        "function login(password: string): string { return password; }\n",
    ),
}


@pytest.mark.parametrize(("path", "before", "after"), ANNOTATIONS.values(), ids=ANNOTATIONS)
def test_an_annotation_that_is_added_is_no_touch(path: str, before: str, after: str) -> None:
    assert findings({path: before}, {path: after}) == []


READ = {
    "an annotation that a framework runs": "def login(user: Annotated[User, Depends(current_user)], password):\n    return user\n",
    "a default beside it": "def login(user, password: str = 'admin'):\n    return user\n",
}


@pytest.mark.parametrize("after", READ.values(), ids=READ)
def test_an_annotation_with_more_to_it_is_a_touch(after: str) -> None:
    found = findings({"a.py": "def login(user, password):\n    return user\n"}, {"a.py": after})
    assert {"auth", "secrets"} & {finding.boundary for finding in found}


def test_a_picture_is_a_boundary_only_with_a_script() -> None:
    plain = '<svg><text id="login">password token</text></svg>\n'
    assert findings({}, {"a.svg": plain}) == []
    scripted = "<svg><script>\nsend(document.cookie, password);\n</script></svg>\n"
    assert "secrets" in {finding.boundary for finding in findings({}, {"a.svg": scripted})}
