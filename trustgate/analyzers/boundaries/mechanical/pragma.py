"""Comments that a tool or a language obeys: a change of one is a change, whatever the trees say."""

from __future__ import annotations

import re
from functools import lru_cache

_ANYWHERE = (
    r"noqa|nosec|nosonar|nopmd|nolint|nosemgrep|noinspection|no-?cover|\bpragma\b|-\*-|coding[:=]|\$non-nls|\$flow|[#@]__\w|"
    r"sourcemappingurl|sourceurl|eslint|@ts-|prettier-ignore|istanbul|webpack[a-z]+:|@vite|/// ?(?:script|<)|\+build|"
    r"\b[\w-]{2,30}[:-] ?(?:ignore|disable|enable|allow|skip|off|on|no|expect|exclude|next-line|line)\b|"
    r"(?:ignore|disable)-|"
    r"@(?:jsx|flow|noflow|jest|vitest|license|preserve|format|babel|internal|type|typedef|deprecated|override)\b"
)
_AT_START = (
    r"^[\s#/*!<;-]*(?:type:|(?:pylint|fmt|isort|ruff|flake8|mypy|pyright|pytype|pyre|yapf|cython|distutils|autopep8|black|"
    r"bandit|skipcq|lgtm|codeql|snyk|sonar|gitleaks|trufflehog|checkov|tfsec|trivy|kics|zizmor|renovate|yamllint|actionlint|"
    r"hadolint|shellcheck|cspell|biome|oxlint|dprint|jshint|jslint|tslint|stylelint|deno|swc|c8|v8|node|vi|vim|ex|syntax|"
    r"escape|checkstyle|suppress|output|unordered output|globals?|exported|code generated|yaml-language-server)"
    r"[-:= ]|\+\w|@generated)|^#!|^//[a-z0-9]+:[a-z]|^///"
)
LOOKED_AT = 20_000
"""characters of a comment"""


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile(f"{_ANYWHERE}|{_AT_START}", re.IGNORECASE)


@lru_cache(maxsize=4096)
def obeyed(comment: str, language: str) -> bool:
    """Whether the comment (its marks included) says something to a tool. In doubt it does: that costs a proof only."""
    if language == "go" and comment[2:3].isalpha() and comment.startswith("//"):
        return True  # `//name` without a blank is how a Go directive is written
    return len(comment) > LOOKED_AT or bool(_pattern().search(comment))


def canonical(comment: str, language: str) -> str:
    """The comment without blanks that no tool looks at: Python formatters put one behind the mark."""
    if language == "python" and not comment.startswith(("#!", "# !")):
        return "# " + comment[1:].strip()
    return comment.rstrip()
