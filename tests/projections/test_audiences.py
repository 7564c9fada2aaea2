"""Who reads a plain post is remembered for as long as it is so, and asked as seldom as that allows."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import msgspec
import pytest
from psycopg import Connection

from fedi import homes
from fedi.projections import audiences
from fedi.projections.audiences import Audience, Audiences
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.news import News, Plain, gap, news_of
from tests.support.talking import live_views, say
from tests.support.world import World

Readers = dict[int, frozenset[int]]
POST, KEY = 10**17, Plain(7, "en")


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    with live_views(database_url) as opened:
        yield opened


def by_slice(people: list[int]) -> Readers:
    return {
        each: frozenset(who for who in people if homes.slice_of(who) == each) for each in map(homes.slice_of, people)
    }


def said(found: Audience, status: int) -> tuple[list[int], list[int]]:
    return sorted(found.at_home[status]), sorted(found.lists[status])


@pytest.mark.parametrize(("seed", "limit"), [(36, 1), (43, 7)])
def test_what_is_remembered_is_what_the_views_say_after_every_batch(
    connection: Connection[Any], seed: int, limit: int
) -> None:
    world = World(seed)
    people = [person.account_id for person in world.local]
    readers, found, fresh = by_slice(people), Audiences(connection), Audiences(connection)
    say(connection, world.events(350))
    examples: dict[Plain, int] = {}
    compared, somebody_read = 0, 0
    while folded := fold(connection, projections(), live=True, limit=limit):
        news = news_of(folded)
        found.hear(news)
        examples |= {key: status for status, key in (news.plain or {}).items()}
        there = fresh.of(examples.values(), people)
        for key, status in examples.items():
            if there.plain.get(status) == key:
                asked = News(before=news.position, position=news.position, new={status: True}, plain={status: key})
                assert said(found.of_new(asked, readers), status) == said(there, status), (key, news)
                compared += 1
                somebody_read += bool(there.at_home[status])
    assert compared > 100
    assert somebody_read > 100


class Views:
    """A few posts in the views, and for whom was asked who reads them."""

    def __init__(self) -> None:
        self.followers = {1, 2, 3, 17}
        self.plain = dict.fromkeys(range(POST, POST + 5), KEY)
        self.asked: list[tuple[int, set[int]]] = []

    def execute(self, _: object, asked: dict[str, Any]) -> "Views":
        readers = {int(each) for each in asked["readers"].strip("{}").split(",") if each}
        self.rows = [("author", status, *self.plain[status]) for status in asked["ids"] if status in self.plain]
        for status in asked["ids"]:
            self.asked.append((status, readers))
            self.rows += [("reader", status, who, "") for who in self.followers & readers]
            self.rows += [("list", status, 40, "")]
        return self

    def fetchall(self) -> list[tuple[str, int, int, str]]:
        return self.rows


@pytest.fixture
def views() -> Any:
    return Views()


READERS = by_slice([1, 2, 4, 17])


def post(place: int, **more: Any) -> News:
    news = News(before=place, position=place + 1, new={POST + place: True}, plain={POST + place: KEY})
    return msgspec.structs.replace(news, **more)


def readers_of(found: Audiences, news: News, readers: Readers = READERS) -> list[int]:
    found.hear(news)
    (status,) = news.new
    return said(found.of_new(news, readers), status)[0]


def test_the_next_post_of_an_author_is_asked_nothing_about(views: Any) -> None:
    found = Audiences(views)
    assert readers_of(found, post(0)) == [1, 2, 17]
    assert readers_of(found, post(1)) == [1, 2, 17]
    assert said(found.of_new(post(1), READERS), POST + 1) == ([1, 2, 17], [40])
    assert views.asked == [(POST, {1, 2, 4, 17})]


def test_who_comes_and_who_reads_otherwise_is_asked_and_nobody_else(views: Any) -> None:
    found = Audiences(views)
    readers_of(found, post(0))
    views.followers = {2, 3, 17, 33}
    assert readers_of(found, post(1, stale=[1, 900]), by_slice([1, 2, 3, 4, 17, 33])) == [2, 3, 17, 33]
    assert views.asked[1:] == [(POST + 1, {1, 3, 33})]


def test_other_slices_are_asked_when_they_are_told(views: Any) -> None:
    found, some = Audiences(views), {1: READERS[1]}
    found.hear(post(0))
    assert said(found.of_new(post(0), some), POST)[0] == [1, 17]
    assert said(found.of_new(post(0), {each: who for each, who in READERS.items() if each != 1}), POST)[0] == [2]
    assert views.asked == [(POST, {1, 17}), (POST, {2, 4})]


@pytest.mark.parametrize(
    "between",
    [
        gap(1),
        News(before=0, position=1),
        News(before=0, position=1, plain={}, masked=[8]),
        News(before=0, position=1, plain={}, otherwise=[7]),
        News(before=0, position=1, plain={}, lists=True),
    ],
)
def test_what_may_have_changed_is_asked_again(views: Any, between: News) -> None:
    found = Audiences(views)
    found.hear(gap(0))
    readers_of(found, post(0, before=0, position=0))
    found.hear(between)
    readers_of(found, post(1))
    assert [status for status, _ in views.asked] == [POST, POST + 1]


def test_what_was_missed_lets_everything_be_asked_again(views: Any) -> None:
    found = Audiences(views)
    readers_of(found, post(0))
    readers_of(found, post(2))
    assert [status for status, _ in views.asked] == [POST, POST + 2]


def test_a_post_that_is_gone_or_otherwise_by_now_is_no_example(views: Any) -> None:
    found = Audiences(views)
    views.plain[POST] = Plain(7, "de")
    del views.plain[POST + 1]
    for place in range(3):
        assert readers_of(found, post(place)) == [1, 2, 17]
    assert readers_of(found, post(3)) == [1, 2, 17]
    assert [status for status, _ in views.asked] == [POST, POST, POST + 1, POST + 1, POST + 2]


@pytest.mark.parametrize("more", [{"gone": {POST + 1: 7}}, {"changed": [POST + 1]}])
def test_what_goes_or_changes_in_its_own_batch_is_asked_about(views: Any, more: dict[str, Any]) -> None:
    found = Audiences(views)
    readers_of(found, post(0))
    readers_of(found, post(1, **more))
    assert [status for status, _ in views.asked] == [POST, POST + 1]


def test_no_more_is_remembered_than_there_is_room_for(views: Any) -> None:
    found = Audiences(views)
    with mock.patch.object(audiences, "MOST_READINGS", 2):
        for place in range(3):
            readers_of(found, post(place))
    assert [status for status, _ in views.asked] == [POST, POST + 1, POST + 2]


def test_nor_of_who_is_to_be_asked_again(views: Any) -> None:
    found = Audiences(views)
    with mock.patch.object(audiences, "MOST_READINGS", 4):
        assert readers_of(found, post(0)) == [1, 2, 17]
        found.hear(News(before=1, position=2, plain={}, stale=[2, 4]))
        found.hear(News(before=2, position=3, plain={}))
        readers_of(found, post(3))
    assert views.asked == [(POST, {1, 2, 4, 17}), (POST + 3, {1, 2, 4, 17})]


def test_who_is_met_first_in_a_slice_needs_no_room_with_every_author(views: Any) -> None:
    found, another = Audiences(views), Plain(8, "en")
    views.plain[POST + 1] = another
    with mock.patch.object(audiences, "MOST_READINGS", 4):
        assert readers_of(found, post(0)) == [1, 2, 17]
        assert readers_of(found, post(1, plain={POST + 1: another}), by_slice([3, 5, 6, 21])) == [3]
        assert readers_of(found, post(2)) == [1, 2, 17]
    assert [status for status, _ in views.asked] == [POST, POST + 1]
