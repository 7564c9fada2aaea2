"""Hashtags that people elsewhere show on their profiles: added, removed, or listed as a whole."""

from collections.abc import Callable
from typing import Any

from tests.support.saying import Saying

BOB = "https://far.example/users/bob"
EVE = "https://far.example/users/eve"
ANN = "http://localhost:3000/users/ann"
SHOWN = "SELECT name, written FROM featured_tags ORDER BY name"
Rows = Callable[[str], list[tuple[Any, ...]]]


def tag(name: str) -> dict[str, str]:
    return {"type": "Hashtag", "href": f"https://far.example/tags/{name}", "name": f"#{name}"}


def listed(*names: str) -> dict[str, Any]:
    return {"id": f"{BOB}/tags", "type": "Collection", "totalItems": len(names), "items": [*map(tag, names)]}


def test_a_hashtag_is_shown_and_no_longer(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB, featuredTags=f"{BOB}/tags")
    for target in (f"{BOB}/featured", f"{BOB}/tags"):
        saying.received(BOB, "Add", tag("Mills"), target=target)
        assert rows(SHOWN) == [("mills", "Mills")]
        saying.received(BOB, "Remove", tag("mills"), target=target)
        assert rows(SHOWN) == []


def test_the_list_says_which_there_are(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB, featuredTags=f"{BOB}/tags")
    saying.fetched(listed("Mills", "Water"))
    assert rows(SHOWN) == [("mills", "Mills"), ("water", "Water")]
    saying.fetched(listed("Water", "Wind"))
    assert rows(SHOWN) == [("water", "Water"), ("wind", "Wind")]
    saying.fetched(listed())
    assert rows(SHOWN) == []


def test_nobody_shows_hashtags_for_others(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB, featuredTags=f"{BOB}/tags")
    saying.arrives(EVE, featuredTags=f"{BOB}/tags")
    saying.signs_up(ANN, 7 << 16, featuredTags=f"{ANN}/tags")
    saying.received(EVE, "Add", tag("Mills"), target=f"{BOB}/tags")
    saying.received(EVE, "Add", tag("Mills"), target=f"{EVE}/elsewhere")
    saying.published(ANN, "Add", tag("Mills"), target=f"{ANN}/tags")
    assert rows(SHOWN) == []


def test_who_is_gone_shows_nothing(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB, featuredTags=f"{BOB}/tags")
    saying.fetched(listed("Mills"))
    saying.received(BOB, "Delete", BOB)
    assert rows(SHOWN) == []
