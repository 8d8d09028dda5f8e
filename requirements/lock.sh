#!/bin/sh
# Writes the hash-locked requirement files. They keep hashes and no index address; uv is needed.
set -eu
cd "$(dirname "$0")/.."
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --upgrade "$@"
}
compile pyproject.toml requirements/build.in -o requirements/install.txt
compile pyproject.toml requirements/build.in --extra dev --extra languages -o requirements/dev.txt
compile pyproject.toml requirements/build.in --extra dev --extra languages --extra deep -o requirements/deep.txt
