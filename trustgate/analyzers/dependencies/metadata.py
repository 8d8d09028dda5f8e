"""What an index says of a package beyond its being there: PEP 691 and PEP 700 for PyPI, npm's package document.

PEP 691: https://peps.python.org/pep-0691/, PEP 700 (`versions`, `upload-time`): https://peps.python.org/pep-0700/.
npm: the `time`, `maintainers`, `repository` and `versions` of the document (npm/registry, package-metadata.md).
An answer is hostile: whatever is not of the expected form counts as not said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from trustgate.errors import CannotJudge
from trustgate.manifests.dependency import clean, normal_pypi

VERSIONS = 5000
"""versions of one package whose dates are kept"""
_ARCHIVE = re.compile(r"(?:\.tar\.(?:gz|bz2|xz)|\.zip|\.whl|\.egg|\.tgz)$")
_INSTALLERS = ("preinstall", "install", "postinstall")


class PackageFacts(NamedTuple):
    """Dates are ISO 8601 days in UTC; empty where the index does not tell."""

    first: str = ""
    """day of the first release that is still there"""
    releases: int = 0
    published: Mapping[str, str] = {}
    """version to the day it was published"""
    maintainers: tuple[str, ...] = ()
    repository: str = ""
    """host and path in lower case, without `.git`"""
    installers: tuple[str, ...] = ()
    """versions that run a script when they are installed"""
    latest: str = ""
    """the version that an install without a version takes, where the index says"""
    deprecated: str = ""

    def age(self, today: date) -> int | None:
        """Days since the first release."""
        return days_since(self.first, today)

    def version_age(self, version: str, today: date) -> int | None:
        """Days since a version was published; of the latest one where none is given."""
        return days_since(self.published.get(version or self.latest, ""), today)

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "published": dict(self.published)}

    @classmethod
    def from_json(cls, value: object) -> PackageFacts | None:
        """What `as_json` made; None for anything else."""
        if not isinstance(value, dict) or set(value) != set(cls._fields):
            return None
        lists = {key: tuple(map(str, value[key])) for key in ("maintainers", "installers")}
        return cls(**{**value, **lists})


def days_since(day: str, today: date) -> int | None:
    try:
        return (today - date.fromisoformat(day)).days if day else None
    except ValueError:
        return None


def read_document(ecosystem: str, body: bytes) -> PackageFacts | None:
    """Facts of an answer, None where it is no JSON of this kind (an index of HTML pages). Raises CannotJudge."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CannotJudge("the index answered with JSON that cannot be read") from error
    if not isinstance(document, dict):
        raise CannotJudge("the index answered with JSON of another form")
    return _pypi(document) if ecosystem == "pypi" else _npm(document)


def _pypi(document: Mapping[str, Any]) -> PackageFacts:
    published: dict[str, str] = {}
    name = normal_pypi(_text(document.get("name")))
    files = document.get("files")
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict) and len(published) < VERSIONS:
            version, day = _version_of(_text(file.get("filename")), name), _day(file.get("upload-time"))
            if version and day and day < published.get(version, "9"):
                published[version] = day
    listed = document.get("versions")
    count = len(listed) if isinstance(listed, list) else len(published)
    return PackageFacts(min(published.values(), default=""), count, published, latest=_newest(published))


def _version_of(filename: str, name: str) -> str:
    """The version in the name of a wheel or source archive of a project (PyPA, "Binary distribution format")."""
    stem = _ARCHIVE.sub("", filename)
    if filename.endswith((".whl", ".egg")):
        parts = stem.split("-")
        return parts[1] if len(parts) > 1 else ""
    for at, char in enumerate(stem):
        if char == "-" and normal_pypi(stem[:at]) == name:
            return stem[at + 1 :]
    return ""


def _newest(published: Mapping[str, str]) -> str:
    from packaging.version import InvalidVersion, Version

    best: tuple[Version, str] | None = None
    for text in published:
        try:
            version = Version(text)
        except InvalidVersion:
            continue
        if not version.is_prerelease and (best is None or version > best[0]):
            best = (version, text)
    return best[1] if best else ""


def _npm(document: Mapping[str, Any]) -> PackageFacts:
    times, versions = _table(document.get("time")), _table(document.get("versions"))
    published = {_text(key): _day(value) for key, value in list(times.items())[:VERSIONS] if key in versions}
    days = [day for day in published.values() if day]
    created = _day(times.get("created"))
    installers = tuple(_text(key) for key, value in versions.items() if _installs(_table(value)))[:VERSIONS]
    people = document.get("maintainers")
    names = [_text(_table(one).get("name")) for one in (people if isinstance(people, list) else ())[:100]]
    latest = _text(_table(document.get("dist-tags")).get("latest"))
    place = document.get("repository")
    return PackageFacts(
        min([created, *days]) if created else min(days, default=""),
        len(versions),
        {version: day for version, day in published.items() if day},
        tuple(sorted(name for name in names if name)),
        _repository(_text(place.get("url")) if isinstance(place, dict) else _text(place)),
        installers,
        latest,
        _text(_table(versions.get(latest)).get("deprecated")),
    )


def _installs(version: Mapping[str, Any]) -> bool:
    return version.get("hasInstallScript") is True or any(key in _table(version.get("scripts")) for key in _INSTALLERS)


def _repository(address: str) -> str:
    """`git+https://github.com/A/B.git`, `github:a/b` and `a/b` as `github.com/a/b`."""
    text = address.lower().removeprefix("git+").partition("#")[0]
    for start in ("https://", "http://", "git://", "ssh://git@", "ssh://", "git@"):
        text = text.removeprefix(start)
    if text.startswith("github:") or re.fullmatch(r"[\w.-]+/[\w.-]+", text):
        text = "github.com/" + text.removeprefix("github:")
    return text.replace("github.com:", "github.com/").removesuffix("/").removesuffix(".git")


def _day(value: object) -> str:
    """The UTC day of an ISO 8601 time."""
    if not isinstance(value, str) or len(value) > 40:
        return ""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return ""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
