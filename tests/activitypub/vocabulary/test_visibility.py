"""Who a post is for."""

import sys
from typing import get_args

import pytest

from fedi.activitypub.vocabulary.visibility import (
    PUBLIC,
    audience,
    normal_audience,
    of,
    silent_mentions,
)
from fedi.descriptions import Mention, Visibility

FOLLOWERS = "https://x.test/users/ada/followers"
BOB = "https://y.test/users/bob"
EVE = "https://z.test/users/eve"


@pytest.mark.parametrize(
    ("to", "cc", "expected"),
    [
        ([PUBLIC], [FOLLOWERS], "public"),
        (["as:Public"], [], "public"),
        (["Public"], [], "public"),
        (["http://www.w3.org/ns/activitystreams#Public"], [], "public"),
        ([FOLLOWERS], [PUBLIC], "unlisted"),
        ([FOLLOWERS], [BOB], "private"),
        ([BOB], [FOLLOWERS], "direct"),
        ([BOB], [], "direct"),
        ([], [], "direct"),
        (["https://x.test/users/eve/followers"], [], "direct"),
    ],
)
def test_visibility_of_what_comes_in(to: list[str], cc: list[str], expected: str) -> None:
    assert of(to, cc, FOLLOWERS) == expected


def test_unknown_followers_make_nothing_private() -> None:
    assert of([FOLLOWERS], [], "") == "direct"


@pytest.mark.parametrize("visibility", get_args(Visibility))
def test_what_goes_out_comes_back(visibility: Visibility) -> None:
    to, cc = audience(visibility, FOLLOWERS, [BOB, BOB])
    assert of(to, cc, FOLLOWERS) == visibility
    assert (*to, *cc).count(BOB) == 1


def test_those_addressed_without_a_mention_are_silent() -> None:
    assert silent_mentions([PUBLIC, EVE], [FOLLOWERS, BOB, EVE], FOLLOWERS, [Mention(uri=BOB)]) == (EVE,)


def test_audiences_come_in_all_shapes() -> None:
    assert normal_audience("as:Public") == (PUBLIC,)
    assert normal_audience({"id": BOB}) == (BOB,)
    assert normal_audience([BOB, BOB, None, 5, {"id": "as:Public"}]) == (PUBLIC, BOB)
    assert normal_audience(None) == ()


def test_nothing_long_that_a_stranger_sends_as_an_audience_is_kept() -> None:
    long = BOB + "x" * 1_000_000
    before = sys.getrefcount(long)
    assert normal_audience([long, BOB]) == (BOB,)
    assert sys.getrefcount(long) == before
