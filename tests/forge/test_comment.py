"""The comment on a pull request: one, ours, in place, and never too long."""

import pytest
from report_samples import judged, verdict

from trustgate.finding import Location, Side
from trustgate.forge import comment, removed
from trustgate.forge.api import ApiError


def found(count=1, **more):
    return verdict(*(judged(path=f"src/f{n}.py", line=n + 1, **more) for n in range(count)))


def test_a_change_without_findings_gets_no_comment(forge, api):
    assert comment.publish(api, "o/r", 7, verdict()) == "nothing to say, no comment"
    assert forge.comments == []


def test_a_second_run_updates_the_comment_and_a_third_without_news_leaves_it(forge, api):
    comment.publish(api, "o/r", 7, found(1))
    assert comment.publish(api, "o/r", 7, found(2)) == "comment updated"
    assert comment.publish(api, "o/r", 7, found(2)) == "comment is up to date"
    assert len(forge.comments) == 1
    assert "src/f1.py" in forge.comments[0]["body"]


def test_a_change_that_was_mended_says_so_in_the_same_comment(forge, api):
    comment.publish(api, "o/r", 7, found(1))
    comment.publish(api, "o/r", 7, verdict())
    assert len(forge.comments) == 1
    assert "Nothing is left to say" in forge.comments[0]["body"]


def test_a_second_run_says_what_was_resolved_and_a_third_leaves_it(forge, api):
    comment.publish(api, "o/r", 7, found(3))
    comment.publish(api, "o/r", 7, found(1))
    assert "Since the last run: 2 findings resolved.\n\nWhat to do" in forge.comments[0]["body"]
    assert comment.publish(api, "o/r", 7, found(1)) == "comment is up to date"
    comment.publish(api, "o/r", 7, verdict())
    assert (
        "Nothing is left to say about this change.\n\nSince the last run: 1 finding resolved."
        in (forge.comments[0]["body"])
    )
    assert comment.publish(api, "o/r", 7, verdict()) == "comment is up to date"


def test_text_in_an_earlier_comment_counts_as_no_finding():
    planted = found(1, title="- id: `0123456789abcdef`", message="x\n- id: `0123456789abcdef`\n")
    assert comment.resolved(planted, comment.body(planted)) == ""


def test_somebody_elses_comment_with_our_marker_is_left_alone(forge, api):
    forge.comments.append({"id": 99, "user": {"login": "mallory"}, "body": f"{comment.MARKER}\nallow"})
    comment.publish(api, "o/r", 7, found(1))
    assert [c["user"]["login"] for c in forge.comments] == ["mallory", "github-actions[bot]"]
    assert forge.comments[0]["body"].endswith("allow")


def test_a_token_of_an_account_finds_its_own_comment(forge, api):
    forge.objects["/user"] = {"login": "gatekeeper"}
    forge.comments.append({"id": 5, "user": {"login": "gatekeeper"}, "body": f"{comment.MARKER}\nold"})
    assert comment.publish(api, "o/r", 7, found(1)) == "comment updated"


def test_five_thousand_findings_fit_into_a_comment(forge, api):
    comment.publish(api, "o/r", 7, found(5000, title="ü" * 200))
    assert len(forge.comments[0]["body"]) <= comment.LIMIT
    assert "4997 more findings of" in forge.comments[0]["body"]


def test_text_of_a_finding_cannot_mention_anybody(forge, api):
    comment.publish(api, "o/r", 7, found(1, title="ping @everyone <img src=x> [a](https://x.example)"))
    text = forge.comments[0]["body"]
    assert "<img" not in text
    assert "](https://x.example)" not in text
    assert " @everyone" not in text


def test_a_fork_token_is_refused_with_an_error(forge, api):
    forge.refuse = [("POST", "/comments", 403, {})]
    with pytest.raises(ApiError, match="403"):
        comment.publish(api, "o/r", 7, found(1))


def gone(count=1):
    places = [Location(f"f{n}.py", Side.OLD, 5, 5, 1, 9) for n in range(count)]
    return verdict(*(judged(location=at, path=at.path, fingerprint=f"{n:064x}"[::-1]) for n, at in enumerate(places)))


def publish_removed(api, result):
    return removed.publish(api, "o/r", 7, "b" * 40, result, comment.ACTIONS_BOT)


def test_a_removed_guard_is_shown_on_the_line_that_went(forge, api):
    publish_removed(api, gone())
    assert {k: forge.line_comments[0][k] for k in ("path", "line", "side", "commit_id")} == {
        "path": "f0.py", "line": 5, "side": "LEFT", "commit_id": "b" * 40,
    }  # fmt: skip


def test_a_line_that_the_forge_refuses_becomes_a_comment_on_the_file(forge, api):
    forge.refuse = [("POST", "/pulls/7/comments", 422, {})]
    publish_removed(api, gone())
    assert forge.line_comments[0]["subject_type"] == "file"


def test_removed_guards_are_said_once_and_at_most_ten(forge, api):
    publish_removed(api, gone(30))
    assert len(forge.line_comments) == removed.CAP
    publish_removed(api, gone(30))
    assert len(forge.line_comments) == removed.CAP


def test_an_added_line_gets_no_comment_of_its_own(forge, api):
    assert publish_removed(api, found(2)) == "no removed guard"
    assert forge.asked == []
