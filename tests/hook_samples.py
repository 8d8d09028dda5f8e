"""Three changes that every form of the hook is tried with, and the way to commit them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from trustgate.secrets.proofs import base62_crc

CODE = "import requests\n\n\ndef get(url):\n    return requests.get(url, timeout=3)\n"
BASE = {"app/fetch.py": CODE}
HARMLESS = {"app/names.py": "def full(first, last):\n    return f'{first} {last}'\n"}
OFF = {"app/fetch.py": CODE + "\n\ndef put(url, data):\n    return requests.put(url, data=data, verify=False)\n"}
"""`verify=False` in a function that has no old side"""
_BODY = "8cF2kQ7wLx0ZpV3nRt5YbM1sHd9JgA"
TOKEN = f"ghp_{_BODY}{base62_crc(_BODY)}"
"""drawn at random, issued to nobody; its checksum adds up"""
SECRET = {"app/conf.py": f'TOKEN = "{TOKEN}"\n'}


class Committed(NamedTuple):
    code: int
    said: str


def commit(folder: Path, *paths: str, env: Mapping[str, str] = {}) -> Committed:
    """`git commit` as a person calls it, hooks and all."""
    who = {"GIT_AUTHOR_NAME": "A U Thor", "GIT_AUTHOR_EMAIL": "author@example.com"}
    who |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in who.items()}
    done = subprocess.run(
        ("git", "commit", "-q", "-m", "change", "--", *paths),
        cwd=folder,
        env={**os.environ, **who, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return Committed(done.returncode, done.stdout + done.stderr)
