"""Approving reviews: whose count, and of which commit."""

import pytest

from trustgate.forge.api import ApiError
from trustgate.forge.approvals import approvals

HEAD, OLD = "b" * 40, "a" * 40


@pytest.fixture
def pull(forge):
    """A pull request by `author` with one commit that `helper` wrote and `third` co-wrote."""
    forge.objects["/repos/o/r/pulls/7"] = {"user": {"login": "Author"}}
    message = "Do\n\nCo-authored-by: T <12+third@users.noreply.github.com>"
    commit = {"message": message, "author": {"email": "fourth@users.noreply.github.com"}}
    forge.lists["/repos/o/r/pulls/7/commits"] = [
        {"author": {"login": "helper"}, "committer": {"login": "web-flow"}, "commit": commit}
    ]
    for login, permission in (("reader", "read"), ("maintainer", "admin"), ("writer", "write")):
        forge.objects[f"/repos/o/r/collaborators/{login}/permission"] = {"permission": permission}
    return forge


def review(login, state="APPROVED", commit=HEAD, kind="User"):
    return {"user": {"login": login, "type": kind}, "state": state, "commit_id": commit}


def refused(forge, api, *reviews, people=()):
    forge.lists["/repos/o/r/pulls/7/reviews"] = list(reviews)
    return {a.login: a.refused for a in approvals(api, "o/r", 7, HEAD, people)}


@pytest.mark.parametrize("login", ["maintainer", "writer"])
def test_who_may_write_and_wrote_nothing_counts(pull, api, login):
    assert refused(pull, api, review(login)) == {login: ""}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (review("writer", commit=OLD), "earlier commit"),
        (review("writer", kind="Bot"), "not a person"),
        (review("helper"), "wrote part"),
        (review("author"), "wrote part"),
        (review("third"), "wrote part"),
        (review("fourth"), "wrote part"),
        (review("reader"), "no write access"),
        (review("stranger"), "no write access"),
    ],
    ids=[
        "before a push",
        "bot",
        "commit author",
        "opener, other case",
        "co-author",
        "noreply mail",
        "reader",
        "stranger",
    ],
)
def test_others_do_not_count_and_it_is_said_why(pull, api, given, why):
    (said,) = refused(pull, api, given).values()
    assert why in said


def test_the_last_word_of_a_reviewer_is_what_counts(pull, api):
    assert refused(pull, api, review("writer"), review("writer", "CHANGES_REQUESTED")) == {}
    assert refused(pull, api, review("writer"), review("writer", "DISMISSED")) == {}
    assert refused(pull, api, review("writer", "CHANGES_REQUESTED"), review("writer")) == {"writer": ""}


def test_a_comment_after_an_approval_takes_nothing_back(pull, api):
    assert refused(pull, api, review("writer"), review("writer", "COMMENTED")) == {"writer": ""}


def test_listed_people_count_and_only_they(pull, api):
    assert refused(pull, api, review("Reader"), review("writer"), people=("reader",)) == {
        "Reader": "",
        "writer": "not listed in [people]",
    }


def test_a_change_with_more_commits_than_can_be_read_is_approved_by_nobody(pull, api):
    pull.lists["/repos/o/r/pulls/7/commits"] *= 250
    (said,) = refused(pull, api, review("writer")).values()
    assert "more commits" in said


def test_reviews_that_cannot_be_read_are_an_error(pull, api):
    pull.refuse = [("GET", "/reviews", 500, {})]
    with pytest.raises(ApiError):
        approvals(api, "o/r", 7, HEAD)


def test_without_reviews_nothing_more_is_asked(pull, api):
    assert refused(pull, api) == {}
    assert len(pull.asked) == 1
