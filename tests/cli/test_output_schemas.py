"""Every command with a JSON output has a published schema, and what the real program prints agrees with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from trustgate.attribution.origin import Hosting, OriginClass, Trust
from trustgate.cli.root import cli
from trustgate.finding import BOUNDARIES, Confidence, Kind, Severity
from trustgate.manifests.dependency import SourceKind
from trustgate.policy.lines import ANALYZERS, CLEARABLE
from trustgate.policy.load import CHECKS, PRESETS
from trustgate.policy.model import STAGES
from trustgate.report.schema import names, schema
from trustgate.verdict import Action

OUTPUTS = {
    "review": "report",
    "audit": "report",
    "ci": "report",
    "attribute": "attribution",
    "deps check": "deps-check",
    "deps diff": "deps-diff",
    "config show": "policy",
    "models diff": "models-diff",
    "models list": "models-list",
    "models verify": "models-verify",
    "policy replay": "replay",
    "report": "overview",
    "rules list": "rules",
    "ledger export": "ledger",
    "queue list": "queue",
    "doctor": "doctor",
    # No JSON, or a JSON Schema itself:
    "accept": None,
    "approve": None,
    "agent-hook": None,
    "completion": None,
    "advisories status": None,
    "advisories update": None,
    "attest": None,
    "hook post-commit": None,
    "hook pre-push": None,
    "hook prepare-commit-msg": None,
    "config check": None,
    "config schema": None,
    "eval run": None,
    "explain": None,
    "init": None,
    "mcp": None,
    "models export": None,
    "models pin": None,
    "ledger show": None,
    "ledger verify": None,
    "queue run": None,
    "queue show": None,
    "policy test": None,
    "schema": None,
}
"""every command, and the schema of its JSON output: a new command is entered here, with its schema"""
MORE = {"attribute": "attribution-lines"}
"""a second kind of line of a command, told by its `schema`"""
JSON_LINES = {"audit", "attribute", "deps check", "ledger export", "models verify", "policy replay"}
SCHEMAS = {name: json.loads(schema(name)) for name in names()}
ORIGIN = {"generated": "Assisted-by: Crush:glm-5.2", "two": "Co-authored-by: Claude Opus 4.8 <noreply@anthropic.com>"}
OFF = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, verify=False)\n"
GUARDED = "def drop(r, db):\n    require_admin(r.user)\n    db.drop(r)\n"
HOSTILE = "\x1b[2J\u202e::error::\udcff\udc80"
"""an escape sequence, a bidirectional override, a workflow command, and bytes that are not UTF-8"""


# ------------------------------------------------------------------ which commands there are


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None, name
            if isinstance(command, click.Group):
                yield from commands(command, f"{prefix}{name} ")
            else:
                yield f"{prefix}{name}", command


def test_every_command_is_listed_with_its_schema() -> None:
    assert sorted(name for name, _ in commands(cli)) == sorted(OUTPUTS)
    assert {name for name in (*OUTPUTS.values(), *MORE.values()) if name} == set(names())


def test_every_command_with_a_json_format_has_a_schema() -> None:
    formats = {
        name: option.type.choices if isinstance(option.type, click.Choice) else re.findall(r"\w+", option.help or "")
        for name, command in commands(cli)
        for option in command.params
        if isinstance(option, click.Option) and "--format" in option.opts
    }
    with_json = {name for name, choices in formats.items() if {"json", "jsonl"} & set(choices)}
    assert with_json == {name for name, known in OUTPUTS.items() if known} - {"ci"}
    assert {name for name, choices in formats.items() if "jsonl" in choices} == JSON_LINES


def test_the_page_names_every_schema_and_command() -> None:
    page = (Path(__file__).parents[2] / "docs" / "outputs.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([a-z-]+)` \| `trustgate ([a-z ]+?)(?: --|`)", page, re.MULTILINE))
    pairs = (*OUTPUTS.items(), *MORE.items())
    assert rows == {(name, command) for command, name in pairs if name and command != "ci"}


# ------------------------------------------------------------------ the schemas themselves


def objects_of(value: Any) -> Iterator[dict[str, Any]]:
    """Every sub-schema that is about an object, and whatever else is a mapping."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_of(item)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_strict_and_stands_alone(name: str) -> None:
    document = SCHEMAS[name]
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (document["title"], document["$id"]) == (f"trustgate.{name}/1", f"urn:trustgate:{name}:1")
    refs = {node["$ref"] for node in objects_of(document) if isinstance(node.get("$ref"), str)}
    assert refs == {f"#/$defs/{key}" for key in document.get("$defs", {})}
    for node in objects_of(document):
        if node.get("type") == "object" and "properties" in node:
            assert node["additionalProperties"] is False
            optional = set(node["properties"]) - set(node["required"])
            assert optional <= {"rule", "analyzer", "kind", "boundary", "confidence", "severity_at_least"} | {
                "path", "above_threshold", "with_lane"
            }  # fmt: skip
            assert not optional or node is document["$defs"]["line"]["properties"]["match"]
        elif node.get("type") == "object":
            assert isinstance(node["additionalProperties"], dict)


def test_copied_parts_are_the_same() -> None:
    report, attribution = (SCHEMAS[name]["$defs"]["origin"]["properties"] for name in ("report", "attribution"))
    lines = {"lines_added", "lines_removed"}
    assert set(report) - set(attribution) == lines
    assert {key: attribution[key] for key in report if key not in lines} == {
        key: report[key] for key in report if key not in lines
    }
    finding, rule = SCHEMAS["report"]["$defs"]["finding"]["properties"], SCHEMAS["rules"]["$defs"]["rule"]["properties"]
    for key in ("kind", "boundary", "severity", "confidence"):
        assert rule[key] == finding[key]


def labels(kind: type[Enum]) -> list[str]:
    return [member.value if isinstance(member.value, str) else member.label for member in kind]  # type: ignore[attr-defined]


POLICY = SCHEMAS["policy"]["properties"]
LINE = SCHEMAS["policy"]["$defs"]["line"]["properties"]
MATCH = LINE["match"]["properties"]
ATTRIBUTED = SCHEMAS["attribution"]["$defs"]["origin"]["properties"]
BACKEND = SCHEMAS["overview"]["properties"]["backends"]["items"]["properties"]
VALUES = {
    "origin class": (ATTRIBUTED["class"], labels(OriginClass)),
    "origin hosting": (ATTRIBUTED["hosting"], labels(Hosting)),
    "origin trust": (ATTRIBUTED["trust"], labels(Trust)),
    "source kind": (SCHEMAS["deps-diff"]["$defs"]["change"]["properties"]["source_kind"], labels(SourceKind)),
    "overview class": (BACKEND["class"], labels(OriginClass)),
    "overview hosting": (BACKEND["hosting"], labels(Hosting)),
    "overview kind": (BACKEND["findings"]["propertyNames"], labels(Kind)),
    "action": (SCHEMAS["policy"]["$defs"]["action"], labels(Action)),
    "clearable": (LINE["clearable"], list(CLEARABLE)),
    "preset": (POLICY["preset"], list(PRESETS)),
    "required check": (POLICY["required_checks"]["items"], list(CHECKS)),
    "stage": (POLICY["online"]["items"], list(STAGES)),
    "raising host": (POLICY["origins"]["properties"]["hosting"]["items"], labels(Hosting)[:-1]),
    "wanted trust": (POLICY["attribution"]["properties"]["trust_at_least"], labels(Trust)[1:]),
    "match analyzer": (MATCH["analyzer"]["items"], list(ANALYZERS)),
    "match kind": (MATCH["kind"]["items"], labels(Kind)),
    "match boundary": (MATCH["boundary"]["items"], list(BOUNDARIES)),
    "match confidence": (MATCH["confidence"]["items"], labels(Confidence)),
    "match severity": (MATCH["severity_at_least"], labels(Severity)),
}


@pytest.mark.parametrize(("listed", "known"), VALUES.values(), ids=VALUES)
def test_listed_values_are_those_of_the_code(listed: dict[str, Any], known: list[str]) -> None:
    assert listed["enum"] == known


# ------------------------------------------------------------------ what the program prints


def plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert all(one < two for one, two in pairwise(key for key, _ in pairs)), pairs
    return dict(pairs)


def valid(name: str, text: str, lines: bool) -> list[Any]:
    """The JSON values of an output, each of which agrees with its schema and has sorted keys, none twice."""
    assert text.isascii() and (text.endswith("\n") or (lines and not text))
    values = [json.loads(part, object_pairs_hook=plain) for part in (text.splitlines() if lines else [text])]
    for value in values:
        if lines and value["schema"].partition("/")[0].removeprefix("trustgate.") in MORE.values():
            name = value["schema"].partition("/")[0].removeprefix("trustgate.")
        Draft202012Validator(SCHEMAS[name]).validate(value)
        if isinstance(value, dict):
            assert value["schema"] == f"trustgate.{name}/1"
            assert not Draft202012Validator(SCHEMAS[name]).is_valid({**value, "surprise": 1})
            assert not Draft202012Validator(SCHEMAS[name]).is_valid({**value, "schema": f"trustgate.{name}/2"})
    return values


@pytest.fixture
def printed(repo: Any, trustgate: Callable[[Path], Any]) -> Callable[..., list[Any]]:
    """`printed(command, *args)`: valid values of a command's output in `repo`, which is the same for two hash seeds."""

    def run(command: str, *args: str, code: int = 0, stdin: bytes = b"", **environ: str) -> list[Any]:
        name = OUTPUTS[command]
        assert name is not None
        texts = set()
        for seed in ("1", "2"):
            done = trustgate(repo.path)(*command.split(), *args, stdin=stdin, PYTHONHASHSEED=seed, **environ)
            assert done.returncode == code, done.stderr
            texts.add(re.sub(r'("seconds": ?)[0-9.e-]+', r"\g<1>0", done.stdout))
        (text,) = texts
        return valid(name, text, command in JSON_LINES)

    return run


@pytest.fixture
def hostile(repo: Any) -> Any:
    """Two commits whose message, author and paths are hostile; the second brings dependencies and a switched-off check."""
    folder = "sub\udcff\x1b"
    repo.commit({f"{folder}/requirements.txt": "flask==1.0\nold\n"}, "start")
    repo.stage({
        f"{folder}/requirements.txt": b"flask==2.0\nbad\xff\xfename==1\ngood @ git+https://u:p@forge.example/x.git\n",
        "package.json": json.dumps({"dependencies": {"\ud800\x1b": "^1", "left-pad": "file:../x"}}),
        f"{folder}/fetch.py": OFF,
    })  # fmt: skip
    message = f"{HOSTILE}\n\n{ORIGIN['generated']}{HOSTILE}\n{ORIGIN['two']}"
    head = f"tree {repo.git('write-tree')}\nparent {repo.head}\n"
    head += f"author {HOSTILE} (aider) <\udcff@x.example> 1700000000 +0000\ncommitter {HOSTILE} <> 1700000000 +0000\n\n"
    data = (head + message).encode("utf-8", "surrogateescape")  # `git commit` would take the bytes for Latin-1
    repo.git("update-ref", "HEAD", repo.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=data))
    return repo


def test_rules(repo: Any, printed: Callable[..., list[Any]]) -> None:
    (value,) = printed("rules list", "--format", "json")
    ids = [rule["id"] for rule in value["rules"]]
    assert ids == sorted(set(ids)) and len(ids) > 100


def test_policy_without_a_file(repo: Any, printed: Callable[..., list[Any]]) -> None:
    (value,) = printed("config show", "--format", "json")
    assert (value["configured"], value["exceptions"], value["sources"]["origins.hosting"]) == (
        False, [], "shipped: standard",
    )  # fmt: skip
    repo.commit({"a": "1"})
    assert printed("config show", "--format", "json") == [value]


def test_policy_with_every_setting(repo: Any, printed: Callable[..., list[Any]]) -> None:
    day = datetime.now(UTC).date() + timedelta(days=30)
    accepted = f'reason = "r\\u202e\\u001b"\nowner = "o"\nexpires = {day}\n'
    repo.commit({
        "trustgate.toml": f"""preset = "strict"
required_checks = ["metadata", "existence"]
[origins]
open_weights = false
hosting = ["free-tier", "aggregator"]
home_jurisdictions = ["US", "FR"]
models = ["glm-*"]
[attribution]
trust_at_least = "forge"
trailer = true
[limits]
touch_threshold = 0
[online]
commit = true
[packages]
private = ["acme-*"]
trusted = [{{ name = "npm:@acme/core", {", ".join(accepted.strip().splitlines())} }}, {{ name = "pypi:A_b", {", ".join(accepted.strip().splitlines())} }}]
[[line]]
id = "touch-core"
unknown = "warn"
[[line]]
id = "ours"
match = {{ rule = ["weak-cipher"], analyzer = ["boundaries"], kind = ["flaw"], boundary = ["core", "auth"], confidence = ["low"], severity_at_least = "high", path = ["src/\\u202e/**"], above_threshold = true, with_lane = true }}
commit = "silent"
unknown = "note"
raised = "block"
clearable = "person"
accept = "fingerprint"
why = "ours"
""",
        ".trustgate/exceptions.toml": f"""[[exception]]
rule = "weak-cipher"
fingerprint = "0123456789abcdef"
{accepted}
[[exception]]
rule = "weak-cipher"
path = "tests/**"
{accepted}""",
    })  # fmt: skip
    (value,) = printed("config show", "--format", "json")
    assert (value["preset"], value["configured"], value["lines"][0]["source"]) == ("strict", True, "trustgate.toml")
    assert set(value["lines"][0]["match"]) == set(MATCH)
    assert value["lines"][0]["match"]["severity_at_least"] == "high"
    assert next(line["was"] for line in value["lines"] if line["id"] == "touch-core") == "silent/note/escalate"
    assert [bool(entry["fingerprint"]) for entry in value["exceptions"]] == [True, False]
    assert [package["name"] for package in value["packages"]["trusted"]] == ["npm:@acme/core", "pypi:a-b"]


def test_overview_of_hostile_commits(hostile: Any, printed: Callable[..., list[Any]]) -> None:
    (value,) = printed("report", "--format", "json")
    assert (value["commits"], value["not_judged"], value["reviews"]) == (2, [], None)
    assert sum(value["decisions"].values()) == 2


def test_attribution_of_nothing(repo: Any, printed: Callable[..., list[Any]]) -> None:
    repo.commit({"a": "1"})
    assert printed("attribute", "HEAD..HEAD") == []


def test_attribution_of_commits(hostile: Any, printed: Callable[..., list[Any]]) -> None:
    first, second = printed("attribute", "--commits", "-", stdin=b"HEAD~1\nHEAD\n")
    assert (first["origin"]["class"], first["origin"]["open_weights"], len(first["all"])) == ("unknown", None, 1)
    assert {origin["open_weights"] for origin in second["all"]} > {True, False}
    assert second["origin"] in second["all"]
    assert any("\udcff" in e["detail"] for origin in second["all"] for e in origin["evidence"])


def test_attribution_of_lines(hostile: Any, printed: Callable[..., list[Any]]) -> None:
    commit, shares = printed("attribute", "HEAD~1..HEAD", "--lines")
    assert (commit["schema"], shares["schema"]) == ("trustgate.attribution/1", "trustgate.attribution-lines/1")
    assert sum(share["lines"] for share in shares["shares"]) == shares["lines"] > 0
    assert commit["origin"] in [share["origin"] for share in shares["shares"]]


def test_attribution_of_texts(repo: Any, printed: Callable[..., list[Any]]) -> None:
    entries = [{"message": f"x\n\n{text}", "sha": HOSTILE} for text in ORIGIN.values()]
    entries += [{"message": "\ud800", "author_name": "dependabot[bot]", "author_email": "\udcff"}, {"message": ""}]
    values = printed("attribute", "--text", "-", stdin="\n".join(map(json.dumps, entries)).encode())
    assert [value["commit"] for value in values] == [HOSTILE, HOSTILE, "", ""]
    assert [value["origin"]["class"] for value in values[2:]] == ["automation", "unknown"]


def test_attribution_with_a_commit_that_is_not_there(repo: Any, printed: Callable[..., list[Any]]) -> None:
    head = repo.commit({"a": "1"})
    (value,) = printed("attribute", "--commits", "-", stdin=f"{'9' * 40}\n{head}\n".encode(), code=3)
    assert value["commit"] == head


CHECKED = [
    pytest.param("pypi", ["requests"], ["pass"], [], 0, id="pass"),
    pytest.param("pypi", ["django-requests", "skimage"], ["note", "note"], ["combo", "import-map"], 0, id="note"),
    pytest.param(
        "pypi", ["reqeusts", "attrs2"], ["warn", "warn"], ["absent", "similar-strong", "similar-weak"], 0, id="warn"
    ),
    pytest.param("npm", ["flatmap-stream", "lodash"], ["block", "pass"], ["malicious"], 1, id="block"),
    pytest.param("npm", ["quiet-tail-otter"], ["unknown"], [], 0, id="unknown"),
    pytest.param("npm", [HOSTILE, "\udcff" * 250], ["unknown", "unknown"], [], 0, id="hostile"),
]


@pytest.mark.parametrize(("ecosystem", "given", "verdicts", "signals", "code"), CHECKED)
def test_deps_check(
    ecosystem: str,
    given: list[str],
    verdicts: list[str],
    signals: list[str],
    code: int,
    printed: Callable[..., list[Any]],
) -> None:
    stdin = "\n".join(given).encode("utf-8", "surrogateescape")
    values = printed("deps check", "--offline", "--ecosystem", ecosystem, "-", stdin=stdin, code=code)
    assert [value["verdict"] for value in values] == verdicts
    assert sorted({signal["id"] for value in values for signal in value["signals"]}) == signals


def test_the_checked_names_have_every_verdict_and_signal() -> None:
    fields = SCHEMAS["deps-check"]["properties"]
    rows: list[Any] = [row.values for row in CHECKED]
    assert {verdict for row in rows for verdict in row[2]} == set(fields["verdict"]["enum"])
    asked = {
        "young-package",
        "young-version",
        "install-script",
        "shared-owner",
        "deprecated",
        "established",
        "advisory",
    }
    assert {signal for row in rows for signal in row[3]} == set(
        fields["signals"]["items"]["properties"]["id"]["enum"]
    ) - asked


def test_deps_check_with_an_index_that_does_not_answer(printed: Callable[..., list[Any]]) -> None:
    environ = {"npm_config_registry": "http://127.0.0.1:1/"}
    (value,) = printed("deps check", "--ecosystem", "npm", "quiet-tail-otter", code=3, **environ)
    assert (value["verdict"], "existence" in value["not_checked"]) == ("unknown", True)


def test_deps_diff_of_nothing(repo: Any, printed: Callable[..., list[Any]]) -> None:
    repo.commit({"a.py": "1"})
    assert printed("deps diff") == [[]]


def test_deps_diff_of_hostile_manifests(hostile: Any, printed: Callable[..., list[Any]]) -> None:
    (rows,) = printed("deps diff", "--diff", "HEAD~1")
    assert {(row["name"], row["from"], row["to"]) for row in rows} > {("flask", "1.0", "2.0"), ("old", "", None)}
    assert {row["source_kind"] for row in rows} == {"registry", "git", "path"}
    assert any("\udcff\x1b" in row["manifest"] for row in rows)
    assert "u:p" not in json.dumps(rows)
    (gone,) = printed("deps diff", "--diff", "HEAD..HEAD~1")
    assert len(gone) == len([row for row in rows if not row["imported_only"]])


def test_deps_diff_of_lock_files(repo: Any, printed: Callable[..., list[Any]]) -> None:
    def npm(version: str) -> str:
        package = {"version": version, "resolved": f"https://registry.example/x-{version}.tgz"}
        return json.dumps({"lockfileVersion": 3, "packages": {"node_modules/@s/x": package}})

    source = 'source = { registry = "https://registry.example/simple" }'
    repo.commit({"package-lock.json": npm("1.0.0")})
    repo.write({"package-lock.json": npm("1.1.0")})
    repo.write({"uv.lock": f'version = 1\n[[package]]\nname = "x"\nversion = "1.1.0"\n{source}\n'})
    (rows,) = printed("deps diff")
    assert [(row["purl"], row["from"], row["direct"]) for row in rows] == [
        ("pkg:npm/%40s/x@1.1.0", "1.0.0", False), ("pkg:pypi/x@1.1.0", None, False),
    ]  # fmt: skip


def test_models(repo: Any, printed: Callable[..., list[Any]], trustgate: Callable[[Path], Any]) -> None:
    repo.commit({"w/model.onnx": "weights", "w/config.json": "{}"})
    assert trustgate(repo.path)("models", "pin", "m", "--from", "w").returncode == 0
    (value,) = printed("models verify", "--format", "json")
    assert (value["status"], [file["status"] for file in value["files"]]) == ("verified", ["verified"] * 2)
    repo.commit({"models.lock": (repo.path / "models.lock").read_bytes()})
    (repo.path / "w" / "sub\udcff\x1b").write_bytes(b"x")
    repo.write({"w/model.onnx": "weightz", "w/config.json": None})
    (value,) = printed("models verify", "--format", "json", code=1)
    assert sorted(file["status"] for file in value["files"]) == ["extra", "mismatch", "missing"]
    (value,) = printed("models list", "--format", "json")
    assert [model["strength"] for model in value["models"]] == ["bytes"]
    assert printed("models diff", "HEAD", "models.lock", "--format", "json") == [
        {"schema": "trustgate.models-diff/1", "findings": []}
    ]
    old = (repo.path / "models.lock").read_text()
    (repo.path / "w" / "sub\udcff\x1b").unlink()
    assert trustgate(repo.path)("models", "pin", "m", "--from", "w", "--update").returncode == 0
    assert (repo.path / "models.lock").read_text() != old
    (value,) = printed("models diff", "HEAD", "models.lock", "--format", "json", code=1)
    assert {"high", "critical"} & {finding["severity"] for finding in value["findings"]}


def test_replay(repo: Any, printed: Callable[..., list[Any]], tmp_path: Path) -> None:
    softer = tmp_path / "softer.toml"
    softer.write_text('[[line]]\nid = "weakening-core"\nunknown = "note"\n')
    args = ("--policy", str(softer), "--format", "jsonl")
    start = repo.commit({"api.py": GUARDED}, "start")
    assert printed("policy replay", f"{start}..HEAD", *args) == [
        {"schema": "trustgate.replay/1", "status": "total", "altered": 0, "same": 0, "not_cached": 0}
    ]
    repo.commit({"api.py": GUARDED.replace("    require_admin(r.user)\n", "")}, HOSTILE)
    repo.commit({"b.py": "x = 1\n"}, "calm")
    assert [line["decision"] for line in printed("audit", f"{start}..HEAD")] == ["escalate", "allow"]
    repo.commit({"c.py": "x = 1\n"}, "not audited")
    values = printed("policy replay", f"{start}..HEAD", *args, code=3)
    assert [value["status"] for value in values] == ["altered", "not-cached", "total"]
    assert (values[0]["before"], values[0]["after"]) == ("escalate (exit 4)", "allow (exit 0)")
    assert [values[-1][key] for key in ("altered", "same", "not_cached")] == [1, 1, 1]


def test_report_of_hostile_text(hostile: Any, printed: Callable[..., list[Any]]) -> None:
    (value,) = printed("review", "--offline", "--format", "json", "--diff", "HEAD~1", code=1)
    assert any("\udcff\x1b" in finding["path"] for finding in value["findings"])
    (line,) = printed("audit", "HEAD~1..HEAD")
    assert [f["fingerprint"] for f in line["findings"]] == [f["fingerprint"] for f in value["findings"]]


def test_report_of_nothing(repo: Any, printed: Callable[..., list[Any]]) -> None:
    repo.commit({"a.py": "x = 1\n"})
    (value,) = printed("review", "--offline", "--format", "json")
    assert (value["decision"], value["findings"]) == ("allow", [])


def test_report_that_ci_writes(repo: Any, trustgate: Callable[[Path], Any], tmp_path: Path) -> None:
    base = repo.commit({"a.py": "x = 1\n"})
    head = repo.commit({"fetch.py": OFF})
    (tmp_path / "temp").mkdir()
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": head}}}))
    done = trustgate(repo.path)(
        "ci",
        GITHUB_EVENT_NAME="pull_request",
        GITHUB_EVENT_PATH=str(event),
        GITHUB_WORKSPACE=str(repo.path),
        RUNNER_TEMP=str(tmp_path / "temp"),
    )
    assert done.returncode == 1, done.stderr
    (value,) = valid("report", (tmp_path / "temp" / "trustgate.json").read_text(encoding="utf-8"), lines=False)
    assert value["head"] == head


def test_doctor_in_an_odd_repository(printed: Callable[..., list[Any]], repo: Any) -> None:
    repo.commit({"a/trustgate.toml": "", ".github/workflows/x.yml": HOSTILE.encode("utf-8", "surrogateescape")})
    (value,) = printed("doctor", "--format", "json")
    assert {line["group"] for line in value["lines"]} >= {"versions", "hook", "in CI"}


def test_an_empty_queue_and_one_with_hostile_paths(
    repo: Any, printed: Callable[..., list[Any]], tmp_path: Path
) -> None:
    from trustgate.reviewer.queue import Change, Queue, Waiting

    state = {"TRUSTGATE_STATE_DIR": str(tmp_path / "state")}
    assert printed("queue list", "--format", "json", **state)[0]["entries"] == []
    waiting = (Waiting("guard-removed", "f" * 64, HOSTILE, 3),)
    with Queue(tmp_path / "state") as queue:
        queue.enqueue(Change("r" * 64, "a" * 40, "b" * 40, "c" * 40, "pr", "d" * 64, ("p",), waiting), "unreachable")
        done = queue.enqueue(Change("r" * 64, "a" * 64, "b" * 64, "c" * 64, "push", "d" * 64, (), ()), "refused")
        queue.done(done.id, "allow")
    (value,) = printed("queue list", "--all", "--format", "json", **state)
    assert {entry["decision"] for entry in value["entries"]} == {None, "allow"}
    assert any(entry["findings"] and entry["findings"][0]["path"] == HOSTILE for entry in value["entries"])


def test_a_ledger_with_every_kind_of_row(repo: Any, printed: Callable[..., list[Any]], tmp_path: Path) -> None:
    import sqlite3

    from trustgate.ledger.book import FILE, Ledger
    from trustgate.ledger.rows import Attempt, Judgement, Scope, now

    state = {"TRUSTGATE_STATE_DIR": str(tmp_path / "state")}
    scope = Scope("run", "", "r" * 64, "c" * 40)
    call = Attempt(
        now(), scope, "p", 1, 1, "main", "openai", "unknown", "h", "internal", "m", "a", "b", 10, "http_error",
        quota={"x-ratelimit-remaining": "1"}, usage={"prompt_tokens": 1}, http_status=500, error_type="api_error",
    )  # fmt: skip
    with Ledger(tmp_path / "state") as ledger:
        for row in (call, call, Judgement(now(), scope, "p", "main", "m", "allow")):
            ledger.add(row)
    raw = sqlite3.connect(tmp_path / "state" / FILE)
    with raw:
        raw.execute("UPDATE rows SET body = 'x' WHERE seq = 2")
    raw.close()
    rows = printed("ledger export", **state)
    assert [row["trustgate.kind"] for row in rows] == ["attempt", "damaged", "judgement"]
    assert (rows[0]["error.type"], rows[0]["http.response.status_code"]) == ("api_error", 500)


def test_policy_with_a_lane(repo: Any, printed: Callable[..., list[Any]]) -> None:
    lane = """[reviewer.budget]
unlimited = ["day"]
[[reviewer.lane]]
name = "main"
api = "anthropic"
base_url = "https://api.anthropic.com"
model = "claude-opus-4-7"
"""
    home = lane.partition("[[")[2].replace("main", "home") + "prices = { input = 0, output = 0.25 }\n"
    repo.commit({"trustgate.toml": f"{lane}[[{home}"})
    (value,) = printed("config show", "--format", "json")
    assert [entry["name"] for entry in value["reviewer"]["lanes"]] == ["main", "home"]
    assert value["reviewer"]["lanes"][1]["prices"]["output"] == 250_000
    assert value["reviewer"]["budget_microdollars"] == {"run": 1_000_000, "pull_request": 5_000_000, "day": None}
