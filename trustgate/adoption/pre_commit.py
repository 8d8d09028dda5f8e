"""An entry in .pre-commit-config.yaml, where a repository uses that framework.

The file is the team's, with its comments and its layout, so it is not parsed and written again: the entry is put at the
end where the list of repositories stands last, and is left to a person otherwise.
"""

from __future__ import annotations

import re
from pathlib import Path

from trustgate import __version__
from trustgate.adoption.plan import Advice, Step, read

CONFIG = ".pre-commit-config.yaml"
_TOP_KEY = re.compile(r"^([A-Za-z_-]+)\s*:", re.MULTILINE)
_ITEM = re.compile(r"^( *)- +(?:repo|hooks)\s*:", re.MULTILINE)
ENTRY = f"""\
- repo: local
  hooks:
    - id: trustgate
      name: trustgate
      entry: trustgate review --staged
      language: python
      additional_dependencies: ["trustgate-review=={__version__}"]
      pass_filenames: false
      always_run: true
      require_serial: true
      verbose: true
"""


def step(top: Path) -> Step | Advice:
    """The entry, nothing to do, or the lines for a person to put in."""
    path = top / CONFIG
    before = read(path) or b""
    what = "the hook's entry in .pre-commit-config.yaml"
    if b"trustgate" in before:
        return Step(path, before, before, what)
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError:
        return Advice(what, ENTRY)
    keys = _TOP_KEY.findall(text)
    item = _ITEM.search(text)
    if not keys or keys[-1] != "repos" or item is None or text.rstrip().endswith("]"):
        return Advice(what, ENTRY)
    indent = item[1]
    entry = "".join(f"{indent}{line}\n" for line in ENTRY.splitlines())
    return Step(path, before, (text.rstrip("\n") + "\n" + entry).encode(), what)
