"""Tests and checks that get looser, and edits that only look like it."""

from __future__ import annotations

import pytest
from boundary_cases import findings
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.finding import Confidence, Finding, Kind, Side

OWN = frozenset(
    (
        *("assertion-removed", "assertion-loosened", "test-skipped", "test-deleted", "test-emptied", "subject-mocked"),
        *("tolerance-widened", "snapshot-rewritten", "check-silenced", "check-disabled", "ci-step-optional"),
        "coverage-lowered",
    )
)
CODE = ({"app/api.py": "x = 1\n"}, {"app/api.py": "x = 2\n"})
DENIED = "def test_denied(client):\n    answer = client.get('/admin')\n    assert answer.code == 403\n    assert not answer.body\n"
REFUSED = "def refused(answer):\n    assert answer.code == 403\n    assert not answer.body\n"
ALLOWED = "\n\ndef test_allowed(client):\n    assert client.get('/').code == 200\n"


def verified(before: dict[str, str], after: dict[str, str]) -> list[Finding]:
    return [item for item in findings(before, after) if item.rule in OWN]


def beside(before: dict[str, str], after: dict[str, str]) -> list[Finding]:
    """With an edit of app/api.py in the same change."""
    return verified({**CODE[0], **before}, {**CODE[1], **after})


def of_test(before: str, after: str, path: str = "tests/test_api.py") -> list[Finding]:
    return beside({path: before}, {path: after})


LEFT_ALONE = {
    "another value": (DENIED, DENIED.replace("403", "404")),
    "a stricter comparison": (DENIED.replace("== 403", "in (401, 403)"), DENIED),
    "a test under another name": (DENIED, DENIED.replace("test_denied", "test_admin_is_denied")),
    "a test in a class now": (DENIED, "class TestApi:\n    " + DENIED.replace("\n", "\n    ").rstrip() + "\n"),
    "two tests become a table": (
        DENIED + DENIED.replace("denied", "refused").replace("/admin", "/root"),
        "@pytest.mark.parametrize('path', ['/admin', '/root'])\n" + DENIED.replace("'/admin'", "path"),
    ),
    "assertions move to a helper that is called": (
        DENIED,
        REFUSED + "\n\ndef test_denied(client):\n    refused(client.get('/admin'))\n",
    ),
    "an assertion moves to a test of its own": (
        DENIED,
        DENIED.replace("    assert not answer.body\n", "")
        + "\n\ndef test_bare(client):\n    answer = client.get('/admin')\n    assert not answer.body\n",
    ),
    "two assertions become one": (
        DENIED,
        DENIED.replace(
            "assert answer.code == 403\n    assert not answer.body", "assert (answer.code, answer.body) == (403, '')"
        ),
    ),
    "a new test that is skipped": (ALLOWED, ALLOWED + "\n\n@pytest.mark.skip\n" + DENIED),
    "a skip that gets a reason": (
        "@pytest.mark.skip\n" + DENIED,
        "@pytest.mark.skip(reason='slow')\n" + DENIED,
    ),
    "a skip taken off": ("@pytest.mark.skip\n" + DENIED, DENIED),
    "a comment speaks of skipping": (DENIED, "# @pytest.mark.skip\n" + DENIED),
    "a tolerance a little wider": (
        "def test_sum():\n    assert total() == approx(3, abs=0.001)\n",
        "def test_sum():\n    assert total() == approx(3, abs=0.002)\n",
    ),
    "equality with True": (
        "class T(TestCase):\n    def test_on(self):\n        self.assertEqual(on(), True)\n",
        "class T(TestCase):\n    def test_on(self):\n        self.assertTrue(on())\n",
    ),
    "a stand-in for what the function calls": (
        "from app import api\n\n\ndef test_x():\n    assert api.x() == 1\n",
        "from app import api\n\n\n@patch('app.clock.now')\ndef test_x(now):\n    assert api.x() == 1\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_tests_alone(before: str, after: str) -> None:
    assert of_test(before, after) == []


FLAGGED = {
    "an assertion goes": ("assertion-removed", DENIED, DENIED.replace("    assert answer.code == 403\n", "")),
    "exact to membership": ("assertion-loosened", DENIED, DENIED.replace("== 403", "in (200, 403)")),
    "exact to a range": ("assertion-loosened", DENIED, DENIED.replace("== 403", ">= 400")),
    "exact to anything": ("assertion-loosened", DENIED, DENIED.replace("answer.code == 403", "answer.code")),
    "exact to about": (
        "assertion-loosened",
        "def test_sum():\n    assert total([1]) == 3\n",
        "def test_sum():\n    assert total([1]) == pytest.approx(3)\n",
    ),
    "any error will do": (
        "assertion-loosened",
        "def test_sum():\n    with pytest.raises(KeyError):\n        total({})\n",
        "def test_sum():\n    with pytest.raises(Exception):\n        total({})\n",
    ),
    "the error's message is not looked at": (
        "assertion-loosened",
        "def test_sum():\n    with pytest.raises(KeyError, match='total'):\n        total({})\n",
        "def test_sum():\n    with pytest.raises(KeyError):\n        total({})\n",
    ),
    "a test under another name loses its check": (
        "test-emptied",
        DENIED.replace("\n    assert", "\n    log(1)\n    log(2)\n    log(3)\n    log(4)\n    assert", 1),
        "def test_admin(client):\n    answer = client.get('/admin')\n    log(1)\n    log(2)\n    log(3)\n    log(4)\n",
    ),
    "pass": ("test-emptied", DENIED, "def test_denied(client):\n    pass\n"),
    "an assertion of nothing": ("test-emptied", DENIED, "def test_denied(client):\n    assert True\n"),
    "an early return": (
        "test-emptied",
        DENIED,
        DENIED.replace("    assert answer", "    return\n    assert answer", 1),
    ),
    "xfail": ("test-skipped", DENIED, "@pytest.mark.xfail\n" + DENIED),
    "a skip inside": ("test-skipped", DENIED, DENIED.replace("    answer", "    pytest.skip('later')\n    answer", 1)),
    "a test goes": ("test-deleted", DENIED + ALLOWED, ALLOWED),
    "fewer decimal places": (
        "tolerance-widened",
        "class T(TestCase):\n    def test_sum(self):\n        self.assertAlmostEqual(total(), 3, places=7)\n",
        "class T(TestCase):\n    def test_sum(self):\n        self.assertAlmostEqual(total(), 3, places=2)\n",
    ),
}


@pytest.mark.parametrize(("rule", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags_tests(rule: str, before: str, after: str) -> None:
    found = of_test(before, after)
    assert [item.rule for item in found] == [rule]
    assert found[0].confidence is Confidence.MEDIUM
    assert found[0].kind is Kind.WEAKENING
    assert any("beside the code it tests: named after app/api.py" in line for line in found[0].evidence)


@pytest.mark.parametrize(("rule", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_without_the_code_it_is_low(rule: str, before: str, after: str) -> None:
    found = verified({"tests/test_api.py": before}, {"tests/test_api.py": after})
    assert [(item.rule, item.confidence) for item in found] == [(rule, Confidence.LOW)]


def test_a_file_of_tests_that_goes_is_one_finding() -> None:
    found = beside({"tests/test_api.py": DENIED + ALLOWED}, {})
    assert [(item.rule, item.confidence, item.location.side) for item in found] == [
        ("test-deleted", Confidence.MEDIUM, Side.OLD)
    ]


def test_tests_that_go_with_their_code_are_no_loss() -> None:
    before = {"app/api.py": "def admin():\n    return 403\n\n\ndef root():\n    return 200\n"}
    after = {"app/api.py": "def root():\n    return 200\n"}
    kept = "def test_root():\n    assert api.root() == 200\n"
    tests = {"tests/test_api.py": kept + "\n\ndef test_admin():\n    assert api.admin() == 403\n"}
    assert verified({**before, **tests}, {**after, "tests/test_api.py": kept}) == []
    assert verified({**before, "tests/test_admin.py": DENIED}, after) == []


def test_tests_that_move_to_another_file_are_no_loss() -> None:
    before = {"tests/test_api.py": DENIED + ALLOWED, "tests/test_more.py": "X = 1\n"}
    assert beside(before, {"tests/test_api.py": ALLOWED.lstrip(), "tests/test_more.py": "X = 1\n\n\n" + DENIED}) == []


def test_a_test_that_moves_and_gets_looser_is_seen() -> None:
    before = {"tests/test_api.py": DENIED + ALLOWED}
    moved = DENIED.replace("== 403", ">= 400")
    found = beside(before, {"tests/test_api.py": ALLOWED.lstrip(), "tests/test_api_denied.py": moved})
    assert [item.rule for item in found] == ["assertion-loosened"]


JS = "it('is denied', () => {\n  const answer = get('/admin');\n  expect(answer.code).toBe(403);\n  expect(answer.body).toBe('');\n});\n"
JS_CODE = ({"src/api.ts": "export const x = 1;\n"}, {"src/api.ts": "export const x = 2;\n"})
OTHER_LANGUAGES = {
    "vitest, loosened": (
        "assertion-loosened",
        "src/api.test.ts",
        JS,
        JS.replace("toBe(403)", "toBeTruthy()"),
        JS_CODE,
    ),
    "jest, removed": (
        "assertion-removed",
        "src/api.test.ts",
        JS,
        JS.replace("  expect(answer.code).toBe(403);\n", ""),
        JS_CODE,
    ),
    "playwright, only": ("test-skipped", "e2e/api.spec.ts", JS, JS.replace("it(", "test.only("), JS_CODE),
    "node:test, skipped": (
        "test-skipped",
        "test/api.test.js",
        "test('is denied', () => {\n  assert.strictEqual(get(), 403);\n});\n",
        "test('is denied', { skip: true }, () => {\n  assert.strictEqual(get(), 403);\n});\n",
        JS_CODE,
    ),
    "node:test, loosened": (
        "assertion-loosened",
        "test/api.test.js",
        "test('is denied', () => {\n  assert.strictEqual(get('/admin'), 403);\n});\n",
        "test('is denied', () => {\n  assert.ok(get('/admin'));\n});\n",
        JS_CODE,
    ),
    "go, emptied": (
        "test-emptied",
        "api/api_test.go",
        'package api\n\nfunc TestDenied(t *testing.T) {\n\tif get() != 403 {\n\t\tt.Fatal("open")\n\t}\n}\n',
        "package api\n\nfunc TestDenied(t *testing.T) {\n\tget()\n}\n",
        ({"api/api.go": "package api\n\nvar x = 1\n"}, {"api/api.go": "package api\n\nvar x = 2\n"}),
    ),
    "go, skipped": (
        "test-skipped",
        "api/api_test.go",
        "package api\n\nfunc TestDenied(t *testing.T) {\n\tassert.Equal(t, 403, get())\n}\n",
        'package api\n\nfunc TestDenied(t *testing.T) {\n\tt.Skip("flaky")\n\tassert.Equal(t, 403, get())\n}\n',
        ({"api/api.go": "package api\n\nvar x = 1\n"}, {"api/api.go": "package api\n\nvar x = 2\n"}),
    ),
    "assertj, loosened": (
        "assertion-loosened",
        "src/test/java/a/ApiTests.java",
        "class ApiTests {\n\t@Test\n\tvoid denied() {\n\t\tassertThat(api.get()).isEqualTo(403);\n\t}\n}\n",
        "class ApiTests {\n\t@Test\n\tvoid denied() {\n\t\tassertThat(api.get()).isNotNull();\n\t}\n}\n",
        (
            {"src/main/java/a/Api.java": "class Api { int x = 1; }\n"},
            {"src/main/java/a/Api.java": "class Api { int x = 2; }\n"},
        ),
    ),
    "rspec, removed": (
        "test-deleted",
        "spec/api_spec.rb",
        'it "is denied" do\n  expect(get("/admin")).to eq(403)\nend\n\nit "opens" do\n  expect(get("/")).to eq(200)\nend\n',
        'it "opens" do\n  expect(get("/")).to eq(200)\nend\n',
        ({"lib/api.rb": "x = 1\n"}, {"lib/api.rb": "x = 2\n"}),
    ),
}


@pytest.mark.parametrize(("rule", "path", "before", "after", "code"), OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES)
def test_flags_in_other_languages(
    rule: str, path: str, before: str, after: str, code: tuple[dict[str, str], dict[str, str]]
) -> None:
    found = verified({**code[0], path: before}, {**code[1], path: after})
    assert [(item.rule, item.confidence) for item in found] == [(rule, Confidence.MEDIUM)]


WORKFLOW = "jobs:\n  test:\n    steps:\n      - run: ruff check .\n      - run: pytest\n"
CHECKS_LEFT_ALONE = {
    "a marker that moves with its line": (
        {"app/a.py": "x = f(1)  # type: ignore\ny = 2\n"},
        {"app/a.py": "y = 2\nif y:\n    x = f(1)  # type: ignore\n"},
    ),
    "a marker for a security scanner is another rule": (
        {"app/a.py": "x = f(1)\n"},
        {"app/a.py": "x = f(1)  # noqa: S307\n"},
    ),
    "a checker under another name": (
        {".github/workflows/ci.yml": WORKFLOW},
        {".github/workflows/ci.yml": WORKFLOW.replace("run: pytest", "run: uv run pytest -n 2")},
    ),
    "a clean-up that may fail": (
        {".github/workflows/ci.yml": WORKFLOW},
        {".github/workflows/ci.yml": WORKFLOW + "      - run: rm -f log || true\n"},
    ),
    "the first configuration": ({}, {"tsconfig.json": '{\n  "strict": false\n}\n'}),
    "a higher floor": ({".coveragerc": "fail_under = 80\n"}, {".coveragerc": "fail_under = 81\n"}),
    "a floor that moves in its file": (
        {"pyproject.toml": "fail_under = 80\n[x]\ny = 1\n"},
        {"pyproject.toml": "[x]\ny = 1\nfail_under = 80\n"},
    ),
}


@pytest.mark.parametrize(("before", "after"), CHECKS_LEFT_ALONE.values(), ids=CHECKS_LEFT_ALONE)
def test_leaves_checks_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert beside(before, after) == []


CHECKS_FLAGGED = {
    "a marker in a change proven mechanical": (
        "check-silenced",
        Confidence.LOW,
        {"app/a.py": "x = f(1)\n"},
        {"app/a.py": "x = f(1)  # type: ignore\n"},
    ),
    "a marker for the whole file": (
        "check-silenced",
        Confidence.MEDIUM,
        {"app/a.py": "x = f(1)\n"},
        {"app/a.py": "# mypy: ignore-errors\nx = f(1)\n"},
    ),
    "a step that may fail": (
        "ci-step-optional",
        Confidence.MEDIUM,
        {".github/workflows/test.yml": WORKFLOW},
        {".github/workflows/test.yml": WORKFLOW + "        continue-on-error: true\n"},
    ),
    "a step that is gone": (
        "ci-step-optional",
        Confidence.MEDIUM,
        {".github/workflows/test.yml": WORKFLOW},
        {".github/workflows/test.yml": WORKFLOW.replace("      - run: pytest\n", "")},
    ),
    "a strict setting": (
        "check-disabled",
        Confidence.MEDIUM,
        {"tsconfig.json": '{\n  "strict": true\n}\n'},
        {"tsconfig.json": '{\n  "strict": false\n}\n'},
    ),
    "a lower floor": (
        "coverage-lowered",
        Confidence.MEDIUM,
        {".coveragerc": "fail_under = 90\n"},
        {".coveragerc": "fail_under = 60\n"},
    ),
    "no floor": (
        "coverage-lowered",
        Confidence.MEDIUM,
        {".coveragerc": "[report]\nfail_under = 90\n"},
        {".coveragerc": "[report]\n"},
    ),
    "a golden file": (
        "snapshot-rewritten",
        Confidence.LOW,
        {"testdata/page.golden": "denied\n"},
        {"testdata/page.golden": "welcome\n"},
    ),
}


@pytest.mark.parametrize(("rule", "confidence", "before", "after"), CHECKS_FLAGGED.values(), ids=CHECKS_FLAGGED)
def test_flags_checks(rule: str, confidence: Confidence, before: dict[str, str], after: dict[str, str]) -> None:
    assert [(item.rule, item.confidence) for item in beside(before, after)] == [(rule, confidence)]


PATHS = ("tests/test_a.py", "a.test.ts", "a_test.go", "ATest.java", "tests/a_spec.rb", ".github/workflows/test.yml")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PATHS), st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read(path: str, before: str, after: str) -> None:
    assert isinstance(beside({path: "def test_a():\n" + before}, {path: "def test_a():\n" + after}), list)
