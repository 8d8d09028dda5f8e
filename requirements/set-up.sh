#!/bin/sh
# Makes a virtual environment and installs a hash-locked requirement file and this checkout into it.
# Usage: set-up.sh PYTHON VENV REQUIREMENTS. Uses uv when it is there; works on an externally managed Python.
set -eu
python=$1 venv=$2 requirements=$3

if [ -z "$python" ]; then
  echo "trustgate needs Python 3.11 or later, and none was found (python3.11, python3, python)" >&2
  exit 2
fi

if command -v uv >/dev/null 2>&1; then
  echo "setting up $venv with uv" >&2
  [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
  uv pip install --quiet --python "$venv/bin/python" --compile-bytecode --require-hashes -r "$requirements"
  if [ "$requirements" = requirements/dev.txt ]; then
    uv pip install --quiet --python "$venv/bin/python" --require-hashes --no-deps --only-binary :all: -r requirements/localmodel.txt
  fi
  uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
  exit 0
fi

echo "setting up $venv with pip" >&2
if [ ! -x "$venv/bin/python" ] && ! "$python" -m venv "$venv" >/dev/null 2>&1; then
  # Debian keeps ensurepip in python3-venv; without it the system's pip can still install into the environment.
  rm -rf "$venv"
  if ! "$python" -m pip --version >/dev/null 2>&1 || ! "$python" -m venv --without-pip "$venv"; then
    rm -rf "$venv"
    echo "this Python cannot make a virtual environment: apt-get install python3-venv, or install uv" >&2
    exit 2
  fi
fi
if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }
else
  pip() { "$python" -m pip --python "$venv/bin/python" --disable-pip-version-check "$@"; }
fi
pip install --quiet --require-hashes -r "$requirements"
if [ "$requirements" = requirements/dev.txt ]; then
  pip install --quiet --require-hashes --no-deps --only-binary :all: -r requirements/localmodel.txt
fi
pip install --quiet --no-deps --no-build-isolation -e .
