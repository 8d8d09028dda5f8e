"""Every file that a page shows is one that its reader accepts: policies, rules, exceptions, workflows, hook settings."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from doc_pages import PAGES, ROOT, Block, blocks

TOOLS = Path(sys.executable).parent
TODAY = datetime.now(UTC).date()
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def shown(kind: str) -> dict[str, list[Block]]:
    found = {page: [block for block in blocks(page) if block.kind == kind] for page in PAGES}
    return {page: blocks for page, blocks in found.items() if blocks}


def run(*words: str | Path, cwd: Path) -> None:
    done = subprocess.run([TOOLS / words[0], *words[1:]], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def name_of(block: Block) -> str:
    """The path in the first line, or that of the only file which begins like this."""
    first = re.match(r"# (\S+\.toml)\n", block.text)
    if first:
        return first[1]
    return ".trustgate/exceptions.toml" if block.text.startswith("[[exception]]") else "trustgate.toml"


def dated(text: str) -> str:
    """Pages do not go out of date: an end lies ahead, a beginning is today."""
    text = re.sub(r"(?m)^expires = \S+$", f"expires = {TODAY + timedelta(days=60)}", text)
    return re.sub(r"(?m)^added = \S+$", f"added = {TODAY}", text)


@pytest.mark.parametrize("page", shown("toml"))
def test_what_is_shown_as_toml_is_taken(page, make_repo):
    repo = make_repo()
    files = [(name_of(block), dated(block.text)) for block in blocks(page) if block.kind == "toml"]
    repo.write({name: text for name, text in files if name != "trustgate.toml"})
    for text in [text for name, text in files if name == "trustgate.toml"]:
        repo.write({"trustgate.toml": text})
        run("trustgate", "config", "check", cwd=repo.path)
    if (repo.path / "policy-cases.toml").exists():
        run("trustgate", "policy", "test", "policy-cases.toml", cwd=repo.path)


def workflow(part: Any) -> dict[str, Any]:
    """A whole workflow round what is shown: events, jobs, steps, or the inputs of the action's step."""
    if isinstance(part, dict) and {"on", "jobs"} & set(part):
        return {"on": "push", "jobs": {"one": {"runs-on": "x", "steps": [{"run": "x"}]}}, **part}
    steps = part if isinstance(part, list) else [{"uses": "owner/trustgate@0123456789abcdef", **part}]
    return {"on": "push", "jobs": {"one": {"runs-on": "ubuntu-latest", "steps": steps}}}


def parts() -> dict[str, Any]:
    """Each YAML block by the name of its page and its line."""
    found = {}
    for page, page_blocks in shown("yaml").items():
        for block in page_blocks:
            part = yaml.safe_load(block.text)
            if True in part:
                part["on"] = part.pop(True)  # YAML 1.1 takes `on` for a truth value
            found[f"{page.replace('/', '-')}-{block.line}.yaml"] = part
    return found


def is_hooks(part: Any) -> bool:
    return "repos" in part or (isinstance(part, list) and not {"uses", "run"} & set(part[0]))


def test_what_is_shown_for_pre_commit_is_taken(tmp_path):
    files = {name: part for name, part in parts().items() if is_hooks(part)}
    assert files
    for name, part in files.items():
        whole = (
            {"repos": [{"repo": "https://x.example", "rev": "v", "hooks": part}]} if isinstance(part, list) else part
        )
        repos = whole["repos"]
        (tmp_path / name).write_text(yaml.safe_dump(whole))
        assert {hook["id"] for repo in repos for hook in repo["hooks"]} <= HOOKS
    run("pre-commit", "validate-config", *files, cwd=tmp_path)


def test_what_is_shown_of_workflows_is_taken(tmp_path):
    files = {name: workflow(part) for name, part in parts().items() if not is_hooks(part)}
    assert files
    for name, whole in files.items():
        (tmp_path / name).write_text(yaml.safe_dump(whole))
        for step in [step for job in whole["jobs"].values() for step in job["steps"]]:
            if "trustgate" in step.get("uses", "") or "this repository" in step.get("uses", ""):
                assert set(step.get("with", ())) <= set(ACTION["inputs"])
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files, cwd=tmp_path)


def test_what_is_shown_as_json_is_ours():
    assert shown("json")
    for page_blocks in shown("json").values():
        for block in page_blocks:
            value = json.loads(block.text)
            schema = ROOT / "trustgate/report/schema" / f"{value['schema'].partition('.')[2].partition('/')[0]}.json"
            jsonschema.validate(value, json.loads(schema.read_text()))
