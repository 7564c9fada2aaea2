"""On which public streams a status is told."""

import msgspec
import pytest

from fedi.projections.public_streams import Streamed, announce_changed, channels

POST = Streamed(
    id=7, account_id=3, visibility="public", local=True, boost=False, answers_other=False, media=False, tags=()
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"public", "public:local"}),
        ({"local": False, "media": True}, {"public", "public:media", "public:remote", "public:remote:media"}),
        ({"answers_other": True, "tags": ("cats",)}, {"hashtag:cats", "hashtag:local:cats"}),
        ({"local": False, "tags": ("cats",)}, {"public", "public:remote", "hashtag:cats"}),
        ({"boost": True}, set()),
        ({"visibility": "unlisted", "tags": ("cats",)}, set()),
        ({"visibility": "private"}, set()),
        ({"visibility": "direct"}, set()),
    ],
)
def test_only_what_is_for_everybody_is_on_public_streams(fields: dict[str, object], expected: set[str]) -> None:
    told = channels(msgspec.structs.replace(POST, **fields))
    assert set(told) == expected
    assert len(told) == len(expected)


def test_lists_are_found_by_the_author_but_not_for_direct_posts() -> None:
    assert announce_changed("delete", POST).account == 3
    assert announce_changed("delete", msgspec.structs.replace(POST, visibility="direct")).account is None
