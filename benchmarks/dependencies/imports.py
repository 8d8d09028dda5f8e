"""How often undeclared imports are told on real commits: each one is printed, to be read.

    python benchmarks/dependencies/imports.py MIRROR_DIR [--commits 45] [OWNER+NAME...]

MIRROR_DIR holds bare clones as `owner+name/repo`. The last commits of each that change code are taken, merges left out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from trustgate.analyzers.context import Context
from trustgate.analyzers.dependencies.import_findings import import_findings
from trustgate.analyzers.dependencies.lookup import Lookup
from trustgate.analyzers.dependencies.making import maker_for
from trustgate.analyzers.dependencies.undeclared import taken_on
from trustgate.changes.opening import open_change
from trustgate.errors import TrustgateError
from trustgate.facts import FileView
from trustgate.review import today
from trustgate.rulebook import load_rulebook

CODE = ("*.py", "*.js", "*.ts", "*.tsx", "*.jsx", "*.vue", "*.svelte", "*.mjs")


def commits(clone: Path, most: int) -> list[str]:
    command = ("git", f"--git-dir={clone}", "log", "--no-merges", "--all", "--format=%H", f"-{most}", "--", *CODE)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mirror", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--commits", type=int, default=45)
    options = parser.parse_args()
    rulebook = load_rulebook()
    seen = fired = suspect = open_ = 0
    spent = 0.0
    for clone in sorted(options.mirror.glob("*/repo")):
        if options.names and clone.parent.name not in options.names:
            continue
        for commit in commits(clone, options.commits):
            start = time.process_time()
            try:
                with open_change(str(clone), f"{commit}^..{commit}", False, False, None) as change:
                    views = tuple(FileView(item, change) for item in change.files)
                    found, missed = taken_on(Context(change, views, rulebook))
                    with Lookup({}, Path("/"), offline=True, today=today()) as lookup:
                        known = {
                            (one.ecosystem, one.name): lookup.ask(one.ecosystem, [one.name])[one.name] for one in found
                        }
                    told = list(import_findings(found, known, maker_for(rulebook, {view.path: view for view in views})))
            except TrustgateError as error:
                if "^" not in error.message and "unknown revision" not in error.message:
                    print(f"{clone.parent.name} {commit[:12]}: {error.message}", file=sys.stderr)
                continue  # a first commit has no parent
            seen, fired, open_ = seen + 1, fired + bool(told), open_ + bool(missed)
            suspect += any(one.rule == "import-suspect" for one in told)
            spent += time.process_time() - start
            for one in told:
                print(
                    f"{clone.parent.name} {commit[:12]} {one.rule} {one.location.path}:{one.location.line} {one.title}"
                )
    print(f"{seen} commits: {fired} with a finding ({100 * fired / (seen or 1):.2f} %), {suspect} of them suspect,")
    print(f"{open_} with a manifest that could not be read; {1000 * spent / (seen or 1):.0f} ms of CPU a commit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
