#!/bin/sh
# Seconds from a clean clone to a first verdict (`make review`, package cache warm), and from `trustgate init --yes --hooks`
# to a hook that blocks. Usage: first_minutes.sh [REPOSITORY]
set -eu
source=${1:-$(cd "$(dirname "$0")/.." && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

git clone --quiet "$source" "$folder/warm"
(cd "$folder/warm" && make setup >/dev/null 2>&1) # fills the package cache

began=$(now)
git clone --quiet "$source" "$folder/clone"
(cd "$folder/clone" && make review) >"$folder/said" 2>&1 || { cat "$folder/said"; exit 1; }
grep "^trustgate's exit code" "$folder/said"
echo "clean clone to first verdict: $(since "$began") s (at most 60)"

bin=$folder/clone/.venv/bin
user=$folder/user
git init --quiet "$user"
cd "$user"
git config user.name bench
git config user.email bench@example.com
printf 'import requests\n\n\ndef ping(url):\n    return requests.get(url, timeout=5)\n' >app.py
git add app.py
git commit --quiet --message start
printf 'import requests\n\n\ndef ping(url):\n    return requests.get(url, timeout=5, verify=False)\n' >app.py
git add app.py
export TRUSTGATE_CACHE_DIR="$folder/cache" PATH="$bin:$PATH"

began=$(now)
trustgate init --yes --hooks >/dev/null
sed -i 's/^preset *=.*/preset = "standard"/' trustgate.toml
git add trustgate.toml
git commit --quiet --no-verify --message "policy" trustgate.toml
if git commit --quiet --message unsafe >"$folder/said" 2>&1; then
  cat "$folder/said"
  echo "the hook did not block"
  exit 1
fi
grep -q tls-verify-off "$folder/said" || { cat "$folder/said"; exit 1; }
echo "init to a hook that blocks: $(since "$began") s (at most 5)"
