"""Whether a version lies in the range that a manifest asks for. Says None where that cannot be told for sure.

npm: node-semver's ranges; Cargo and Poetry: caret, tilde and comparisons; Ruby: `~>`; PyPI: PEP 440 through packaging.
A pre-release counts as its release, which never makes an honest pair look wrong.
"""

from __future__ import annotations

import re

from trustgate.manifests.dependency import CARGO, GEM, NPM, PYPI

_VERSION = re.compile(
    r"[v=\s]*(\d{1,9})(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}))?(?:[-+.a-zA-Z].{0,200})?$"
)
_COMPARISON = re.compile(r"(\^|~>|~|>=|<=|==|!=|>|<|=)?\s*([v\d][^\s,<>=^~|]{0,100}|[*xX])")
_LIMIT = 300

Release = tuple[int, int, int, int]
_TOP = 10**10


def allows(ecosystem: str, spec: str, version: str) -> bool | None:
    """Whether `version` satisfies `spec`; None where either is not understood."""
    spec = spec.strip()
    if not spec or len(spec) > _LIMIT or not version:
        return None
    if ecosystem == PYPI and not spec.startswith(("^", "~ ")) and not re.match(r"~\s*\d", spec):
        return _python(spec, version)
    release = _release(version)
    if release is None or ecosystem not in (NPM, CARGO, GEM, PYPI):
        return None
    answers = [_all(ecosystem, part.strip(), release) for part in spec.split("||")]
    if any(answer for answer in answers):
        return True
    return None if None in answers else False


def _python(spec: str, version: str) -> bool | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    text = f"=={spec}" if spec[0].isdigit() else spec
    try:
        return SpecifierSet(text).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return None


def _release(text: str) -> Release | None:
    match = _VERSION.match(text)
    if match is None:
        return None
    numbers = [int(part) if part and part.isdigit() else 0 for part in match.groups()]
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _all(ecosystem: str, part: str, release: Release) -> bool | None:
    """Whether all comparisons of one alternative hold."""
    if part in ("", "*", "x", "X"):
        return True
    if "latest" in part or ":" in part:
        return None
    hyphen = re.fullmatch(r"([v\d][^\s]*)\s+-\s+([v\d][^\s]*)", part)
    if hyphen:
        low, high = _bounds(NPM, ">=", hyphen[1]), _bounds(NPM, "<=", hyphen[2])
        return None if low is None or high is None else low[0] <= release < high[1]
    found = _COMPARISON.findall(part)
    if not found or _COMPARISON.sub("", part).strip(" ,"):
        return None
    for operator, text in found:
        if operator == "!=":
            continue
        bounds = _bounds(ecosystem, operator, text)
        if bounds is None:
            return None
        if not bounds[0] <= release < bounds[1]:
            return False
    return True


def _bounds(ecosystem: str, operator: str, text: str) -> tuple[Release, Release] | None:
    """Lowest allowed release and the first one that is too high."""
    if text in ("*", "x", "X"):
        return (0, 0, 0, 0), (_TOP, 0, 0, 0)
    match = _VERSION.match(text)
    if match is None:
        return None
    given = [part for part in match.groups() if part and part.isdigit()]
    parts = [int(part) for part in given] + [0] * (4 - len(given))
    low: Release = (parts[0], parts[1], parts[2], parts[3])
    top: Release = (_TOP, 0, 0, 0)
    if operator == ">=":
        return low, top
    if operator == ">":
        return (low if len(given) > 2 and _later(text) else _raised(parts, len(given) - 1)), top
    if operator == "<":
        return (0, 0, 0, 0), (low if not _later(text) else _raised(parts, len(given) - 1))
    if operator == "<=":
        return (0, 0, 0, 0), _raised(parts, len(given) - 1)
    if operator == "~>":
        return low, _raised(parts, max(len(given) - 2, 0))
    if operator == "~":
        return low, _raised(parts, min(len(given) - 1, 1))
    if operator == "^" or (operator == "" and ecosystem == CARGO):
        first = next((place for place, part in enumerate(parts[: len(given)]) if part), len(given) - 1)
        return low, _raised(parts, min(first, 2))
    if operator in ("=", "==", "") and (ecosystem != GEM or operator in ("=", "")):
        return low, _raised(parts, len(given) - 1)
    return None


def _later(text: str) -> bool:
    """Whether a version has a pre-release part, which makes the comparison with its release a matter of detail."""
    return "-" in text


def _raised(parts: list[int], place: int) -> Release:
    """The first release above all that agree with `parts` up to `place`."""
    raised = [*parts[:place], parts[place] + 1, 0, 0, 0]
    return raised[0], raised[1], raised[2], raised[3]
