"""Which commits an event is about, and what cannot be judged (threat T-C11); the runner's files (T-L05)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.errors import CannotJudge
from trustgate.forge.github import SIZE_LIMIT, Event, read_event, write_outputs, write_summary

A, B, C, LONG, ZERO = "a" * 40, "b" * 40, "c" * 40, "d" * 64, "0" * 40


@pytest.fixture
def run(tmp_path):
    """Reads the event of a payload (an object, or the bytes of the file)."""

    def go(kind, payload, **environ):
        file = tmp_path / "event.json"
        file.write_bytes(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
        return read_event({"GITHUB_EVENT_NAME": kind, "GITHUB_EVENT_PATH": str(file), **environ})

    return go


def pull(base=A, head=B, base_repo="o/r", head_repo="o/r", **more):
    return {
        "pull_request": {
            "number": 7,
            "base": {"sha": base, "ref": "main", "repo": {"full_name": base_repo}},
            "head": {"sha": head, "ref": "x", "repo": head_repo and {"full_name": head_repo}},
        },
        "sender": {"login": "octo-cat"},
        **more,
    }


GOOD = [
    pytest.param(
        "pull_request", pull(), {}, Event("pull_request", A, "", B, "main", False, 7, "octo-cat"), id="pull request"
    ),
    pytest.param(
        "pull_request_target",
        pull(head_repo="fork/r"),
        {},
        Event("pull_request_target", A, "", B, "main", True, 7, "octo-cat"),
        id="pull request of a fork",
    ),
    pytest.param(
        "pull_request",
        pull(head_repo=None),
        {},
        Event("pull_request", A, "", B, "main", True, 7, "octo-cat"),
        id="pull request whose repository is deleted",
    ),
    pytest.param(
        "pull_request",
        pull(base=LONG, head=LONG.replace("d", "e")),
        {},
        Event("pull_request", LONG, "", "e" * 64, "main", False, 7, "octo-cat"),
        id="sha-256 repository",
    ),
    pytest.param(
        "merge_group",
        {"merge_group": {"base_sha": A, "head_sha": B, "base_ref": "refs/heads/main"}},
        {"GITHUB_ACTOR": "github-merge-queue[bot]"},
        Event("merge_group", A, A, B, "refs/heads/main", actor="github-merge-queue[bot]"),
        id="merge queue",
    ),
    pytest.param(
        "push",
        {"before": A, "after": B, "ref": "refs/heads/main"},
        {},
        Event("push", A, A, B, "refs/heads/main"),
        id="push",
    ),
    pytest.param(
        "push",
        {"before": ZERO, "after": B, "ref": "refs/heads/topic", "repository": {"default_branch": "main"}},
        {},
        Event("push", "refs/heads/main", "", B, "refs/heads/topic"),
        id="first push of a branch",
    ),
    pytest.param(
        "workflow_dispatch",
        {"ref": "refs/heads/main"},
        {"GITHUB_SHA": C},
        Event("workflow_dispatch", f"{C}~1", f"{C}~1", C, "refs/heads/main"),
        id="run by hand",
    ),
]


@pytest.mark.parametrize(("kind", "payload", "environ", "event"), GOOD)
def test_event(run, kind, payload, environ, event):
    assert run(kind, payload, **environ) == event


def test_stage():
    stages = {kind: Event(kind, A, A, B).stage for kind in ("pull_request", "merge_group", "push", "workflow_dispatch")}
    assert stages == {"pull_request": "pr", "merge_group": "pr", "push": "push", "workflow_dispatch": "push"}


BAD_IDS = [
    "",
    ZERO,
    "0" * 64,
    "main",
    "a" * 39,
    "A" * 40,
    "a" * 41,
    "-" + "a" * 39,
    "a" * 40 + "\n",
    "HEAD",
    None,
    5,
    [A],
]


@pytest.mark.parametrize("value", BAD_IDS, ids=repr)
@pytest.mark.parametrize("which", ["base", "head"])
def test_pull_request_without_a_commit(run, which, value):
    with pytest.raises(CannotJudge, match=f"pull_request.{which}.sha"):
        run("pull_request", pull(**{which: value}))


@pytest.mark.parametrize("value", BAD_IDS, ids=repr)
@pytest.mark.parametrize("which", ["base_sha", "head_sha"])
def test_merge_group_without_a_commit(run, which, value):
    with pytest.raises(CannotJudge, match=f"merge_group.{which}"):
        run("merge_group", {"merge_group": {"base_sha": A, "head_sha": B, which: value}})


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"before": A, "after": ZERO, "ref": "refs/heads/x"}, "deletes a branch"),
        ({"before": "", "after": B}, "no commit id at before"),
        (
            {"before": ZERO, "after": B, "ref": "refs/heads/main", "repository": {"default_branch": "main"}},
            "first push",
        ),
        ({"before": ZERO, "after": B, "ref": "refs/heads/x"}, "first push"),
        *(
            ({"before": ZERO, "after": B, "ref": "refs/heads/x", "repository": {"default_branch": name}}, "first push")
            for name in ("-x", "../x", "a..b", "a b", "a\nb", "x.lock", "a:b", "a^", "@{-1}", "x" * 300)
        ),
    ],
)
def test_push_without_a_base(run, payload, message):
    with pytest.raises(CannotJudge, match=message):
        run("push", payload)


@pytest.mark.parametrize("value", BAD_IDS[:8])
def test_run_by_hand_without_a_commit(run, value):
    with pytest.raises(CannotJudge, match="GITHUB_SHA"):
        run("workflow_dispatch", {}, GITHUB_SHA=value)


@pytest.mark.parametrize("kind", ["issue_comment", "schedule", "\x1b[2J", "pull_request "])
def test_other_events_cannot_be_judged(run, kind):
    with pytest.raises(CannotJudge, match="is not one that can be reviewed") as caught:
        run(kind, pull())
    assert "\x1b" not in caught.value.message


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 200_000, b'{"a":' * 100_000],
    ids=["empty", "torn", "list", "text", "not utf-8", "deep list", "deep object"],
)
def test_payload_that_is_no_object(run, data):
    with pytest.raises(CannotJudge, match="the event file"):
        run("pull_request", data)


def test_payload_over_the_limit(run):
    with pytest.raises(CannotJudge, match="over the limit of 25 MiB"):
        run("pull_request", b" " * (SIZE_LIMIT + 1))


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "GITHUB_EVENT_NAME is not set"),
        ({"GITHUB_EVENT_NAME": "push"}, "GITHUB_EVENT_PATH is not set"),
        ({"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": "/nowhere/event.json"}, "cannot be read: No such file"),
        ({"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": "/"}, "cannot be read"),
    ],
)
def test_no_event(environ, message):
    with pytest.raises(CannotJudge, match=message):
        read_event(environ)


@pytest.mark.parametrize("login", ["a b", "x\n::error::y", "<b>", "", 5, "[bot]", "a" * 200])
def test_hostile_login_is_dropped(run, login):
    assert run("pull_request", pull(sender={"login": login}), GITHUB_ACTOR="\x1b").actor == ""


@pytest.mark.parametrize("number", ["7", -1, 0, True, 1.5, None])
def test_hostile_number_is_dropped(run, number):
    payload = pull()
    payload["pull_request"]["number"] = number
    assert run("pull_request", payload).number == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([A, ZERO]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["pull_request", "merge_group", "base", "head", "sha", "before", "after", "repository"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from(["pull_request", "merge_group", "push", "workflow_dispatch"]), JSON)
def test_any_payload_gives_an_event_or_cannot_judge(tmp_path_factory, kind, payload):
    file = tmp_path_factory.getbasetemp() / "any-event.json"
    file.write_text(json.dumps(payload))
    try:
        event = read_event({"GITHUB_EVENT_NAME": kind, "GITHUB_EVENT_PATH": str(file), "GITHUB_SHA": C})
    except CannotJudge as error:
        assert error.message
        return
    assert event.trusted_base
    assert event.trusted_base != event.head
    assert event.head in (A, C)


def read_outputs(text):
    """The environment file as the runner reads it (actions/runner, FileCommandManager)."""
    values, lines = {}, iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, mark, delimiter = line.partition("<<")
        assert mark
        value = []
        for item in lines:
            if item == delimiter:
                break
            value.append(item)
        values[name] = "\n".join(value)
    return values


def test_outputs_survive_hostile_values(tmp_path):
    file = tmp_path / "output"
    file.write_text("before=1\n")
    values = {"decision": "block", "report": "x\nEOF\nNAME=x\ndecision<<EOF\nallow\nEOF", "empty": ""}
    write_outputs({"GITHUB_OUTPUT": str(file)}, values)
    text = file.read_text()
    assert text.startswith("before=1\n")
    assert read_outputs(text.removeprefix("before=1\n")) == values


def test_outputs_over_the_limit_are_refused(tmp_path):
    with pytest.raises(ValueError, match="over"):
        write_outputs({"GITHUB_OUTPUT": str(tmp_path / "output")}, {"report": "x" * 1_000_001})
    assert not (tmp_path / "output").exists()


def test_summary_is_added(tmp_path):
    file = tmp_path / "summary"
    for text in ("one\n", "two \udcff\n"):
        write_summary({"GITHUB_STEP_SUMMARY": str(file)}, text)
    assert file.read_text() == "one\ntwo \\udcff\n"


def test_files_are_not_written_through_a_link(tmp_path):
    (tmp_path / "target").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match=r".+"):
        write_summary({"GITHUB_STEP_SUMMARY": str(tmp_path / "link")}, "x")
    assert (tmp_path / "target").read_text() == "kept"


def test_outside_a_runner_nothing_is_written():
    assert write_summary({}, "x") is None
    assert write_outputs({}, {"decision": "allow"}) is None
