"""The forge's API: pages, refusals, limits, and a token that stays where it belongs."""

import time

import pytest

from trustgate.errors import UsageError
from trustgate.forge.api import PAGES, Api, ApiError
from trustgate.transport import TransportError


def test_a_list_is_read_to_its_end(forge, api):
    forge.lists["/x"] = [{"n": n} for n in range(250)]
    assert [item["n"] for item in api.pages("x")] == list(range(250))
    assert len(forge.asked) == 3


def test_a_list_without_end_is_an_error(forge, api):
    forge.lists["/x"] = [{}] * (PAGES * 100 + 1)
    with pytest.raises(ApiError, match="more than"):
        list(api.pages("x"))


@pytest.mark.parametrize("headers", [{"retry-after": "1"}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"}])
def test_a_short_rate_limit_is_waited_for(forge, api, headers):
    forge.objects["/x"] = {"ok": 1}
    forge.refuse = [("GET", "/x", 429, headers)]
    assert api.get("x") == {"ok": 1}


@pytest.mark.parametrize(
    "headers",
    [{"retry-after": "3600"}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 3600)}],
    ids=["retry-after", "reset"],
)
def test_a_long_rate_limit_is_an_error_at_once(forge, api, headers):
    forge.refuse = [("GET", "/x", 403, headers)]
    with pytest.raises(ApiError, match="rate limit"):
        api.get("x")
    assert len(forge.asked) == 1


def test_many_short_waits_come_to_an_end(forge, api):
    forge.lists["/x"] = [{}] * 2000
    forge.refuse = [("GET", f"&page={page}", 502, {}) for page in range(1, 10)]
    with Api(forge.base, "t", seconds=2.5) as short, pytest.raises(ApiError, match=r"too long|rate limit"):
        list(short.pages("x"))
    assert len(forge.asked) < 8


def test_a_refusal_says_route_and_reason_and_no_token(forge, api):
    forge.refuse = [("GET", "/x", 403, {})]
    with pytest.raises(ApiError, match=r"GET x: answered 403 \(refused\)") as caught:
        api.get("x")
    assert caught.value.status == 403
    assert "t0ken" not in str(vars(caught.value))


def test_the_token_is_sent_as_a_bearer(forge, api):
    forge.objects["/x"] = {}
    api.get("x")
    assert forge.tokens == {"Bearer t0ken"}


def test_names_cannot_leave_their_place_in_a_route(forge, api):
    with pytest.raises(ApiError):
        api.get("repos", "o/../../admin", "r?x=1")
    assert forge.asked == [("GET", "/repos/o%2F..%2F..%2Fadmin/r%3Fx%3D1")]


def test_without_a_token_there_is_no_api():
    assert Api.from_environ({"GITHUB_API_URL": "https://forge.example"}) is None


@pytest.mark.parametrize("token", ["a b", "a\nb"])
def test_a_token_that_would_break_a_header_is_refused(token):
    with pytest.raises(UsageError):
        Api("https://forge.example", token)


def test_a_forge_that_is_not_there_is_an_error():
    with Api("http://127.0.0.1:9", "t") as api, pytest.raises(TransportError):
        api.get("x")
