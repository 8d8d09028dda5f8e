"""Records held against their commits: what counts, what is refused, and that refusing never makes anything milder."""

from __future__ import annotations

import json
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.attested import Attested, read_attested, unfit
from trustgate.attribution.attesting import LIFE, records_seen
from trustgate.attribution.binding import REF, binding_of, patch_key
from trustgate.attribution.environment import running_agents
from trustgate.attribution.origin import Hosting, OriginClass, Trust
from trustgate.attribution.resolve import with_attested
from trustgate.attribution.statement import (
    BackendRecord,
    Binding,
    NotARecord,
    Record,
    line_of,
    payload_of,
    read_line,
    read_payload,
    signed_bytes,
)
from trustgate.changes.commits import read_commits
from trustgate.changes.git import Git
from trustgate.changes.notes_adding import add_notes
from trustgate.signing import key_name, sign

NOW = int(time.time())
GLM = BackendRecord("glm-5.2", "", "zai", "api.z.ai", "vendor-hosted", "CN")


def make_key(path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return make_key(folder / "known"), make_key(folder / "stranger")


@pytest.fixture
def allowed(keys):
    return f"dev@example.com {keys[0].with_suffix('.pub').read_text()}".encode()


@pytest.fixture
def two(repo):
    """Two commits; the second is the one that is written about."""
    repo.commit({"f.py": "a\nb\nc\nd\n"})
    repo.commit({"f.py": "a\nb\nC\nd\n"})
    return repo


def record(binding, **changes):
    made = Record(
        binding, "generated", "claude-code", "2.1", (GLM,), (("environment", "recorded", "CLAUDECODE is set"),), (),
        "0.1", NOW, NOW + LIFE,
    )  # fmt: skip
    return made._replace(**changes)


def line(made, key=None, over=None):
    """The line of a record, signed by `key`; `over`: the signature is made over another payload."""
    payload = payload_of(made)
    if key is None:
        return line_of(payload, [])
    config = {"gpg.format": "ssh", "user.signingkey": str(key)}
    blob = sign(signed_bytes(over or payload), lambda name: config.get(name, "")).data
    return line_of(payload, [(key_name(blob), blob)])


def bound(repo, commit=None):
    with Git.open(str(repo.path)) as git:
        return binding_of(git, commit or repo.head)


def put(repo, text, commit=None, patch=""):
    with Git.open(str(repo.path)) as git:
        add_notes(git, REF, {patch_key(git, patch) if patch else commit or repo.head: text}, "m")


def read(repo, registry, allowed=None, now=NOW, **options) -> Attested:
    with Git.open(str(repo.path)) as git:
        return read_attested(git, read_commits(git, [repo.head]), lambda: allowed, registry, now, **options)


def only(found, repo):
    (claim,) = found.claims[repo.head]
    return claim


class TestCounts:
    def test_unsigned_and_bound_is_recorded(self, two, registry):
        put(two, line(record(bound(two))))
        found = read(two, registry)
        claim = only(found, two)
        assert (claim.kind, claim.trust, claim.origin_class) == ("attestation", Trust.RECORDED, OriginClass.GENERATED)
        (backend,) = claim.backends
        assert (backend.stated.model, backend.served.provider, backend.served.jurisdiction) == ("glm-5.2", "zai", "CN")
        assert found.refused == found.problems == ()

    def test_signed_by_a_key_of_the_base_is_signed(self, two, registry, keys, allowed):
        put(two, line(record(bound(two)), keys[0]))
        claim = only(read(two, registry, allowed), two)
        assert claim.trust is Trust.SIGNED
        assert "signed by dev@example.com" in claim.detail

    @pytest.mark.parametrize("how", ["amended message", "cherry-pick"])
    def test_the_same_patch_in_another_commit(self, two, registry, keys, allowed, how):
        made = record(bound(two))
        if how == "cherry-pick":
            picked = two.head
            two.branch("side", "HEAD~1")
            two.commit({"other.py": "x\n"})
            two.git("cherry-pick", picked)
        else:
            two.git("commit", "-q", "--amend", "-m", "other words")
        assert two.head != made.binding.commit
        put(two, line(made, keys[0]), patch=made.binding.patch)
        assert only(read(two, registry, allowed), two).trust is Trust.SIGNED

    def test_a_merge_and_a_first_commit(self, repo, registry):
        repo.commit({"f.py": "1\n"})
        put(repo, line(record(bound(repo))))
        assert only(read(repo, registry), repo).trust is Trust.RECORDED
        repo.branch("side")
        repo.commit({"g.py": "1\n"})
        repo.checkout("main")
        repo.commit({"h.py": "1\n"})
        repo.merge("side")
        assert bound(repo).patch == ""
        put(repo, line(record(bound(repo))))
        assert only(read(repo, registry), repo).trust is Trust.RECORDED

    def test_several_records_all_count(self, two, registry):
        put(two, line(record(bound(two))) + b"\n" + line(record(bound(two), agent="codex")))
        assert {claim.agent for claim in read(two, registry).claims[two.head]} == {"claude-code", "codex"}

    def test_no_record_no_claim(self, two, registry):
        assert read(two, registry) == Attested()

    def test_an_old_record_still_counts_for_the_commit_that_it_names(self, two, registry):
        put(two, line(record(bound(two))))
        assert only(read(two, registry, now=NOW + 5 * LIFE), two).trust is Trust.RECORDED


def wrong(field, value):
    return lambda at: at._replace(**{field: value})


FORGED = {
    "wrong tree": (wrong("tree", "1" * 40), "wrong tree"),
    "wrong parents": (wrong("parents", ("2" * 40,)), "wrong parents"),
    "no parents": (wrong("parents", ()), "wrong parents"),
    "wrong patch id": (wrong("patch", "3" * 64), "wrong patch id"),
    "no patch id": (wrong("patch", ""), "wrong patch id"),
    "another commit": (lambda at: Binding("4" * 40, "5" * 40, ("6" * 40,), "7" * 64), "another change"),
}


class TestRefused:
    @pytest.mark.parametrize(("bend", "reason"), FORGED.values(), ids=FORGED)
    @pytest.mark.parametrize("signing", [False, True], ids=["unsigned", "signed"])
    def test_a_record_of_something_else(self, two, registry, keys, allowed, bend, reason, signing):
        made = record(bend(bound(two)))
        put(two, line(made, keys[0] if signing else None))
        found = read(two, registry, allowed)
        assert only(found, two).trust is Trust.NONE
        assert reason in found.refused[0] and two.head[:12] in found.refused[0]

    def test_a_bad_signature(self, two, registry, keys, allowed):
        made = record(bound(two))
        put(two, line(made, keys[0], over=payload_of(made._replace(agent="codex"))))
        found = read(two, registry, allowed)
        assert only(found, two).trust is Trust.NONE and "signature is bad" in found.refused[0]

    @pytest.mark.parametrize("base", ["other key", "no file", "empty"])
    def test_a_key_that_the_base_does_not_allow(self, two, registry, keys, allowed, base):
        put(two, line(record(bound(two)), keys[1]))
        found = read(two, registry, {"other key": allowed, "no file": None, "empty": b""}[base])
        assert only(found, two).trust is Trust.NONE and "allowed_signers" in found.refused[0]

    def test_a_signature_taken_away_leaves_it_unsigned(self, two, registry, keys, allowed):
        """Less trust than with it: `recorded` is what anybody who may push notes can write."""
        envelope = json.loads(line(record(bound(two)), keys[0]))
        put(two, json.dumps({**envelope, "signatures": []}).encode())
        assert only(read(two, registry, allowed), two).trust is Trust.RECORDED

    def test_replayed_for_the_next_commit(self, two, registry, keys, allowed):
        old = line(record(bound(two)), keys[0])
        two.commit({"f.py": "a\nb\nC\nD\n"})
        put(two, old)
        found = read(two, registry, allowed)
        assert only(found, two).trust is Trust.NONE and "another change" in found.refused[0]

    def test_the_same_patch_again_after_it_has_expired(self, two, registry, keys, allowed):
        made = record(bound(two))
        two.git("revert", "--no-edit", "HEAD")
        again = two.commit({"f.py": "a\nb\nC\nd\n"})
        assert bound(two, again).patch == made.binding.patch
        put(two, line(made, keys[0]), patch=made.binding.patch)
        assert only(read(two, registry, allowed, now=NOW + LIFE - 10), two).trust is Trust.SIGNED
        found = read(two, registry, allowed, now=NOW + LIFE + 10)
        assert only(found, two).trust is Trust.NONE and "expired" in found.refused[0]

    def test_a_record_cannot_give_itself_a_longer_life(self, two):
        at = bound(two)
        made = record(at, expires=1 << 39)
        assert "expired" in unfit(made, at._replace(commit="1" * 40), NOW + 500 * 24 * 3600)

    def test_from_the_future(self, two, registry):
        put(two, line(record(bound(two), time=NOW + 10 * 24 * 3600)))
        assert "future" in read(two, registry).refused[0]

    @pytest.mark.parametrize("text", [b"nonsense", b"{}", b"[" * 60_000, b'{"payload": 1}', b"\xff\xfe", b"x" * 70_000])
    def test_what_is_no_record(self, two, registry, text):
        put(two, text)
        found = read(two, registry)
        claim = only(found, two)
        assert (claim.trust, claim.origin_class) == (Trust.NONE, OriginClass.UNKNOWN)
        assert "cannot be read" in found.refused[0]

    def test_a_refused_claim_of_no_model_says_nothing(self, two, registry):
        put(two, line(record(bound(two)._replace(tree="1" * 40), origin_class="declared_no_ai", agent="", backends=())))
        claim = only(read(two, registry), two)
        assert (claim.trust, claim.origin_class) == (Trust.NONE, OriginClass.UNKNOWN)

    def test_refusals_are_told_but_not_without_end(self, two, registry, monkeypatch):
        monkeypatch.setattr("trustgate.attribution.attested.NOTE_LINES", 3)
        put(two, b"\n".join(b"bad %d" % n for n in range(50)))
        found = read(two, registry)
        assert len(found.refused) == 4 and found.refused[3] == "29 more records refused"
        assert "50 records, 32 of them were read" in found.problems[0]

    def test_a_signature_that_cannot_be_checked_is_a_problem(self, two, registry, keys, allowed, monkeypatch, tmp_path):
        put(two, line(record(bound(two)), keys[0]))
        with Git.open(str(two.path)) as git:
            commits = read_commits(git, [two.head])
            with monkeypatch.context() as patch:
                patch.setenv("PATH", str(tmp_path))
                found = read_attested(git, commits, lambda: allowed, registry, NOW)
        assert only(found, two).trust is Trust.NONE
        assert "could not be checked" in found.problems[0]

    def test_a_broken_ref_is_a_problem(self, two, registry):
        (two.path / ".git" / "refs" / "notes").mkdir()
        (two.path / ".git" / REF).write_text("nonsense\n")
        assert read(two, registry).problems


class TestBackends:
    def read(self, two, registry, **fields):
        put(two, line(record(bound(two), backends=(BackendRecord(**fields),))))
        return only(read(two, registry), two).backends

    def test_the_endpoint_wins_over_a_nicer_provider(self, two, registry):
        (backend,) = self.read(
            two, registry, model="claude-opus-4-8", provider="anthropic", endpoint="gate.evil.example"
        )
        assert backend.served.provider == "unknown"

    def test_hosting_and_country_are_ours_to_say(self, two, registry):
        (backend,) = self.read(two, registry, provider="zai", hosting="frontier-hosted", jurisdiction="US")
        assert (backend.served.hosting, backend.served.jurisdiction) == (Hosting.VENDOR, "CN")

    def test_a_free_tier_and_a_cloud_tag_stay(self, two, registry):
        (backend,) = self.read(two, registry, model="qwen3-coder", provider="openrouter", free=True)
        assert backend.served.hosting is Hosting.FREE
        assert backend.stated.free

    def test_a_local_daemon_is_local_by_its_name(self, two, registry):
        (backend,) = self.read(two, registry, model="qwen3-coder:30b", provider="ollama-local", endpoint="127.0.0.1")
        assert backend.served.hosting is Hosting.SELF

    def test_a_relay_stays_one(self, two, registry):
        (backend,) = self.read(two, registry, provider="unknown", endpoint="10.0.0.1", hosting="loopback-relay")
        assert backend.served.hosting is Hosting.RELAY


ENVIRON = {
    "CLAUDECODE": "1",
    "AI_AGENT": "claude-code@2.1.133",
    "ANTHROPIC_BASE_URL": "https://me:hunter2@api.z.ai/api/anthropic?k=hunter2",
    "ANTHROPIC_AUTH_TOKEN": "hunter2",
    "ANTHROPIC_MODEL": "glm-5.2",
}


def test_notes_of_others_hide_no_record_of_ours(two, registry):
    """A line that a git-ai note speaks of has the record's origin beside the note's."""
    put(two, line(record(bound(two))))
    found = with_attested({}, read(two, registry))[two.head]
    assert found.wide == found.claims != ()


class TestMaking:
    def test_what_the_environment_says_comes_back_and_no_credential_with_it(self, two, registry, book):
        at = bound(two)
        (made,) = records_seen(at, running_agents(ENVIRON, None, book), ENVIRON, version="1", now=NOW)
        assert (made.agent, made.agent_version, made.origin_class) == ("claude-code", "2.1.133", "generated")
        (backend,) = made.backends
        assert (backend.model, backend.provider, backend.endpoint) == ("glm-5.2", "zai", "api.z.ai")
        assert read_payload(payload_of(made)) == made
        assert b"hunter2" not in payload_of(made)
        put(two, line(made))
        assert only(read(two, registry), two).backends[0].served.provider == "zai"

    def test_no_agent_is_said_to_be_none_seen(self, two, registry):
        (made,) = records_seen(bound(two), (), {}, version="1", now=NOW)
        assert (made.origin_class, made.agent, made.backends) == ("unknown", "", ())
        put(two, line(made))
        assert "no agent seen" in only(read(two, registry), two).detail

    def test_the_form_is_in_totos(self, two):
        statement = json.loads(payload_of(record(bound(two))))
        assert statement["_type"] == "https://in-toto.io/Statement/v1"
        assert [item["name"] for item in statement["subject"]] == ["commit", "tree", "parent", "patch"]
        assert signed_bytes(b"x") == b"DSSEv1 28 application/vnd.in-toto+json 1 x"
        assert b"\n" not in line(record(bound(two)))


TEXTS = st.text(max_size=200)
IDS = st.text("0123456789abcdef", min_size=40, max_size=40)
RECORDS = st.builds(
    Record,
    st.builds(Binding, IDS, IDS, st.lists(IDS, max_size=3).map(tuple), st.just("") | IDS.map(lambda x: x + "0" * 24)),
    TEXTS, TEXTS, TEXTS,
    st.lists(st.builds(BackendRecord, *(TEXTS,) * 6, st.booleans(), st.booleans()), max_size=3).map(tuple),
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=3).map(tuple),
    st.lists(TEXTS, max_size=3).map(tuple), TEXTS, st.integers(0, 1 << 39), st.integers(0, 1 << 39),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(RECORDS, st.lists(st.tuples(TEXTS, st.binary(max_size=50)), max_size=3))
def test_what_is_written_is_read_again(made, signatures):
    text = line_of(payload_of(made), signatures)
    assert b"\n" not in text
    envelope = read_line(text)
    assert read_payload(envelope.payload) == made
    assert envelope.signatures == tuple(blob for _, blob in signatures)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.integers() | st.text(max_size=9), lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(
        ["payload", "payloadType", "signatures", "sig", "_type", "subject", "predicate"]), x, max_size=5), max_leaves=9,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_any_line_is_read_or_refused(data):
    for reader in (read_line, read_payload):
        with pytest.raises(NotARecord):
            reader(data)
    with pytest.raises(NotARecord):
        read_payload(read_line(line_of(data, [])).payload)
