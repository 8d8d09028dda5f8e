"""Who wrote the commits of a range, from their own text; and what a person declares by hand."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from trustgate.attribution.attested import Attested, read_attested
from trustgate.attribution.backend import Backend, Served, Stated
from trustgate.attribution.commit_text import claims_of
from trustgate.attribution.evidence import read_records
from trustgate.attribution.gathering import Origins, origin_of
from trustgate.attribution.lines import Blame, Said, line_ranges
from trustgate.attribution.origin import Attribution, Evidence, LineRange, Origin, OriginClass, Trust
from trustgate.attribution.providers import parse_endpoint
from trustgate.attribution.recorded import Recorded, merged, of_commit
from trustgate.attribution.registry import Registry, registry_of
from trustgate.changes.changeset import ChangeSet, CommitInfo, FileChange
from trustgate.errors import UsageError
from trustgate.rulebook import Rulebook
from trustgate.signing import ALLOWED_SIGNERS

_SPEC_LIMIT = 200


class Lines(NamedTuple):
    """What is needed to tell lines of a range apart."""

    files: Sequence[FileChange]
    blame: Blame
    """of a path at the head; raises CannotJudge"""


def attribute_commits(
    commits: Sequence[CommitInfo],
    rulebook: Rulebook,
    touched: Mapping[str, tuple[str, ...]] | None = None,
    records: Mapping[str, Recorded] | None = None,
    lines: Lines | None = None,
    problems: tuple[str, ...] = (),
) -> Attribution:
    """The origins of a range. `default` names all of them; a commit without evidence gives the unknown origin.

    `touched` maps a path to the ids of the commits of the range that changed it; then `files` has the origins of just
    these. A path with a commit that is not in `commits` keeps to `default`. `records` are what recorders and
    attestations say of a commit, beside its own text. Never raises on any text.
    """
    if not commits:
        return Attribution()
    registry, origins = registry_of(rulebook), Origins()
    touched = touched or {}
    said: dict[str, Said] = {}
    for commit in commits:
        text, record = claims_of(commit, registry), (records or {}).get(commit.id, Recorded())
        said[commit.id] = Said(text, record, origins.add(commit.id, (*record.claims, *text)))
    ranges = line_ranges(lines.files, touched, said, origins, lines.blame) if lines else ()
    found = origins.all()
    files = []
    for path, ids in sorted(touched.items()):
        if ids and all(oid in said for oid in ids):
            wanted = {origin for oid in ids for origin in said[oid].origins}
            files.append((path, tuple(origin.id for origin in found if origin.id in wanted)))
    every = {origin for one in said.values() for origin in one.origins}
    default = tuple(origin.id for origin in found if origin.id in every)
    problems += tuple(dict.fromkeys(origins.problems))
    return Attribution(origins=found, default=default, lines=ranges, files=tuple(files), problems=problems)


def attribute_text(
    rulebook: Rulebook,
    message: str,
    author_name: str = "",
    author_email: str = "",
    committer_name: str = "",
    committer_email: str = "",
) -> Attribution:
    """The origins of one commit message without a repository."""
    commit = CommitInfo("", (), author_name, author_email, committer_name, committer_email, message)
    return attribute_commits((commit,), rulebook)


def declared(spec: str, rulebook: Rulebook) -> Origin:
    """The origin of `--backend AGENT[:MODEL][@PROVIDER]`; the provider is an id of the registry or an address.

    Raises UsageError where the text does not have that form or the provider is neither. The trust is `declared`: it
    can raise the bar, never lower it.
    """
    registry = registry_of(rulebook)
    wrong = "--backend: expected AGENT:MODEL@PROVIDER"
    if not spec or len(spec) > _SPEC_LIMIT or not spec.isprintable() or not spec.isascii():
        raise UsageError(wrong, "for example --backend claude-code:glm-5.2@openrouter")
    name, at, provider = spec.rpartition("@") if "@" in spec else (spec, "", "")
    agent, _, model = name.partition(":")
    if not agent.strip() or (at and not provider):
        raise UsageError(wrong, "for example --backend claude-code:glm-5.2@openrouter")
    agent = registry.agents.whole(agent) or agent.strip().lower()
    stated = registry.models.explicit(model) if model else ()
    served = _served(provider, registry) if provider else registry.providers.route(model, litellm=agent == "aider")
    backend = Backend(stated[-1] if stated else Stated(), served)
    backend = Backend(backend.stated, registry.providers.serve(backend.stated, served))
    origin = origin_of(OriginClass.GENERATED, agent, backend, Trust.DECLARED)
    shown = f"--backend {agent}" + (f":{backend.stated.model or 'unnamed'}" if model else "")
    return origin._replace(evidence=(Evidence("declared", shown + (f"@{served.provider}" if served.provider else "")),))


def attribute_change(change: ChangeSet, rulebook: Rulebook) -> Attribution:
    """The origins of a range with everything the repository holds about it: records, and lines by the commit that
    introduced them. `problems` names what could not be read."""
    if change.history is None:
        return attribute_commits(change.commits, rulebook, change.touched)
    registry, history = registry_of(rulebook), change.history
    records = read_records(history, change.commits, registry)
    allowed = partial(change.base_file, ALLOWED_SIGNERS)
    attested = read_attested(history.git, change.commits, allowed, registry, int(time.time()))
    found = with_attested(records.by_commit, attested)
    problems = (*records.problems, *attested.problems)
    lines = Lines(change.files, history.blame)
    attribution = attribute_commits(change.commits, rulebook, change.touched, found, lines, problems)
    return attribution._replace(refused=attested.refused)


def with_attested(records: Mapping[str, Recorded], attested: Attested) -> dict[str, Recorded]:
    """What others recorded of commits, and what our own records say of them."""
    found = dict(records)
    for commit, claims in attested.claims.items():
        found[commit] = merged((found.get(commit, Recorded()), of_commit(*claims)))
    return found


def with_declared(attribution: Attribution, origin: Origin) -> Attribution:
    """The attribution with an origin of the whole change beside all others, for every path and line: a declaration
    replaces no evidence."""
    number = 1 + max((int(other.id[1:]) for other in attribution.origins), default=0)
    added = origin._replace(id=f"o{number}")
    spans = dict.fromkeys((item.path, item.start, item.end) for item in attribution.lines)
    return attribution._replace(
        origins=(*attribution.origins, added),
        default=(*attribution.default, added.id),
        lines=(*attribution.lines, *(LineRange(*span, added.id) for span in spans)),
        files=tuple((path, (*ids, added.id)) for path, ids in attribution.files),
    )


def _served(text: str, registry: Registry) -> Served:
    provider = registry.providers.get(text.lower())
    if provider is not None:
        return provider.served
    endpoint = parse_endpoint(text)
    if endpoint is None or not ("." in endpoint.host or endpoint.port or "://" in text):
        raise UsageError("--backend: the provider is neither a known one nor an address", "name it or give its URL")
    return registry.providers.at(endpoint)
