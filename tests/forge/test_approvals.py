"""Approving reviews: whose count, and of which commit."""

import pytest

from trustgate.forge.api import ApiError
from trustgate.forge.approvals import approvals

HEAD, OLD = "b" * 40, "a" * 40


@pytest.fixture
def pull(forge):
    """A pull request by `author` with one commit that `helper` wrote and `third` co-wrote."""
    forge.objects["/repos/o/r/pulls/7"] = {"user": {"login": "Author", "id": 1}, "head": {"sha": HEAD}}
    forge.lists["/repos/o/r/issues/7/events"] = [{"event": "labeled", "created_at": "2030-01-01T00:00:00Z"}]
    message = "Do\n\nCo-authored-by: T <12+third@users.noreply.github.com>"
    commit = {"message": message, "author": {"email": "fourth@users.noreply.github.com"}}
    forge.lists["/repos/o/r/pulls/7/commits"] = [
        {"author": {"login": "helper"}, "committer": {"login": "web-flow"}, "commit": commit}
    ]
    for login, permission in (("reader", "read"), ("maintainer", "admin"), ("writer", "write")):
        forge.objects[f"/repos/o/r/collaborators/{login}/permission"] = {"permission": permission}
    return forge


def review(login, state="APPROVED", commit=HEAD, kind="User", number=99, at="2026-11-21T12:00:00Z"):
    user = {"login": login, "type": kind, "id": number}
    return {"user": user, "state": state, "commit_id": commit, "submitted_at": at}


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


def test_of_those_who_may_write_the_listed_count(pull, api):
    """Being listed gives no access: a login that somebody gave up can be taken by anybody."""
    people = ("WRITER", "reader", "stranger")
    assert refused(
        pull, api, review("writer"), review("reader"), review("stranger"), review("maintainer"), people=people
    ) == {
        "writer": "",
        "reader": "has no write access",
        "stranger": "has no write access",
        "maintainer": "not listed in [people]",
    }


CO_AUTHORS = {
    "capitals in the domain": "Do\n\nCo-authored-by: W <writer@Users.NoReply.GitHub.com>",
    "another forge": "Do\n\nCo-authored-by: W <99+writer@users.noreply.forge.example>",
    "an earlier login": "Do\n\nCo-authored-by: W <99+oldname@users.noreply.github.com>",
    "folded": "Do\n\nCo-authored-by: W\n <writer@users.noreply.github.com>",
    "second in a line": "Do\n\nCo-authored-by: T <t@x.example>, W <writer@users.noreply.github.com>",
    "the address that the account shows": "Do\n\nCo-authored-by: W <Wanda+git@work.example>",
    "the name that the account shows": "Do\n\nCo-authored-by: wanda writer <w@elsewhere.example>",
}


@pytest.mark.parametrize("message", CO_AUTHORS.values(), ids=CO_AUTHORS)
def test_a_co_author_is_known_by_more_than_one_spelling(message, pull, api):
    pull.lists["/repos/o/r/pulls/7/commits"][0]["commit"]["message"] = message
    pull.objects["/users/writer"] = {"login": "writer", "name": "Wanda Writer", "email": "wanda@work.example"}
    (said,) = refused(pull, api, review("writer")).values()
    assert "wrote part" in said or "of a co-author" in said


def test_an_author_without_an_account_is_known_by_the_profile_too(pull, api):
    commit = {"message": "Do", "author": {"name": "x", "email": "wanda@work.example"}}
    pull.lists["/repos/o/r/pulls/7/commits"].append({"author": None, "committer": None, "commit": commit})
    pull.objects["/users/writer"] = {"login": "writer", "name": None, "email": "wanda@work.example"}
    assert "of a co-author" in refused(pull, api, review("writer"))["writer"]


@pytest.mark.parametrize("named", ["Claude <noreply@anthropic.com>", "Wand <wand@work.example>"])
def test_other_co_authors_keep_nobody_from_approving(named, pull, api):
    pull.lists["/repos/o/r/pulls/7/commits"][0]["commit"]["message"] = f"Do\n\nCo-authored-by: {named}"
    pull.objects["/users/writer"] = {"login": "writer", "name": "Wanda Writer", "email": "wanda@work.example"}
    assert refused(pull, api, review("writer")) == {"writer": ""}


def test_who_took_another_login_is_still_the_author(pull, api):
    assert "wrote part" in refused(pull, api, review("writer", number=1))["writer"]


def test_a_pull_request_that_moved_on_is_approved_by_nobody(pull, api):
    """Its list of commits is of another head, so who wrote this one is not known."""
    pull.objects["/repos/o/r/pulls/7"]["head"]["sha"] = OLD
    assert "another head by now" in refused(pull, api, review("writer"))["writer"]


@pytest.mark.parametrize("event", ["base_ref_changed", "automatic_base_change_succeeded"])
@pytest.mark.parametrize(
    ("at", "counts"), [("2026-11-21T11:00:00Z", True), ("2026-11-21T13:00:00Z", False), (None, False)]
)
def test_an_approval_is_of_the_branch_that_it_was_given_for(event, at, counts, pull, api):
    """Aimed at a branch that has most of the change, a pull request shows next to nothing to who approves it."""
    pull.lists["/repos/o/r/issues/7/events"].append({"event": event, "created_at": at})
    said = refused(pull, api, review("writer"))["writer"]
    assert (said == "") is counts and ("another branch" in said) is not counts


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
