import pytest

from fedi.activitypub.vocabulary.media_types import is_activity_json


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/activity+json", True),
        ("Application/Activity+JSON; charset=utf-8", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ('application/ld+json;charset=utf-8;PROFILE="https://a.example https://www.w3.org/ns/activitystreams"', True),
        ("application/ld+json; profile=https://www.w3.org/ns/activitystreams", True),
        ("application/ld+json", False),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams.evil"', False),
        ("application/json", False),
        ("text/html; application/activity+json", False),
        ("application/activity+json, text/html", False),
        ("", False),
        (";", False),
    ],
)
def test_only_what_is_declared_as_activitypub_is_read_as_such(content_type: str, expected: bool) -> None:
    assert is_activity_json(content_type) is expected
