"""The GitHub workflow: one required job without secrets, which works on forks and in a merge queue."""

from __future__ import annotations

import re
from pathlib import Path

from trustgate import __version__
from trustgate.adoption.plan import Step, read, within
from trustgate.errors import UsageError

PATH = ".github/workflows/trustgate.yml"
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
HEAD = f"""\
# Written by `trustgate init`. Make the job a required check, without `if:` and without path filters: GitHub counts a
# skipped job as passed.
name: trustgate
on:
  pull_request:
    types: [opened, synchronize, reopened, edited] # edited: also when it is sent to another branch
  merge_group:

permissions: {{}}

concurrency:
  group: trustgate-${{{{ github.event.pull_request.number || github.ref }}}}
  cancel-in-progress: true

jobs:
  review:
    name: trustgate
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
      contents: read
    steps:
      - uses: {CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
"""
INSTALLED = f"""\
      # -I: the working directory is the change under review, and Python must not import from it.
      - name: Install trustgate
        run: |
          python3 -I -m venv "$RUNNER_TEMP/trustgate/venv"
          "$RUNNER_TEMP/trustgate/venv/bin/python" -I -m pip install --quiet --only-binary :all: \\
            "trustgate-review=={__version__}"
      - name: Review the change
        run: |
          "$RUNNER_TEMP/trustgate/venv/bin/python" -I -m trustgate ci --report-dir "$RUNNER_TEMP/trustgate"
"""
_ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}")


def step(top: Path, action: str = "") -> Step:
    """The workflow. `action` is `OWNER/REPOSITORY@COMMIT`; without it the tool is installed from the package index.

    A workflow that is there is left alone. Raises UsageError for an action that is not pinned by a full commit id.
    """
    if action and not _ACTION.fullmatch(action):
        raise UsageError(f"--action {action}: not OWNER/REPOSITORY@COMMIT with a full commit id")
    within(top, top / PATH)
    before = read(top / PATH)
    use = f"      - uses: {action}\n" if action else INSTALLED
    return Step(top / PATH, before, (HEAD + use).encode() if before is None else before, "the workflow for GitHub")
