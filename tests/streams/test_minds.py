"""What is remembered of listeners is what the views say after every commit: what is announced is enough for that."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from fedi.events import Event
from fedi.events.accounts import AccountMuted, AccountUnmuted, FollowOptionsChanged, MuteExpired
from fedi.events.domains import DomainBlocked, DomainUnblocked, RelationshipsSevered
from fedi.facts import Entry, Fact
from fedi.facts.accounts import AccountDeleted
from fedi.facts.relationships import (
    AccountBlocked,
    AccountUnblocked,
    FollowAccepted,
    FollowEnded,
    FollowRequested,
)
from fedi.projections import averse, domain_blocks, generation, relationships
from fedi.projections.announcements import Announcement
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.streams import minds
from fedi.streams.minds import Minds
from fedi.views import aversions, filters, listeners
from fedi.views.aversions import NONE, Aversions, OpenPost
from tests.support.talking import talking_in
from tests.support.world import START, World

BATCH = 4
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def talking(admin_url: str) -> Iterator[str]:
    """A database in whose log a world has talked; nothing of it is folded yet."""
    with talking_in(admin_url, World(seed=5).events(220)) as url:
        yield url


@pytest.fixture
async def reading(talking: str) -> AsyncIterator[AsyncConnection[Any]]:
    async with await AsyncConnection.connect(talking, autocommit=True) as opened:
        yield opened


async def test_it_is_what_the_views_say_after_every_commit(talking: str, reading: AsyncConnection[Any]) -> None:
    """Who is to hear of which post is judged from memory, and asked of the database as well."""
    mind, known, kept, answers = Minds(), projections(), 0, set[tuple[bool, bool]]()
    people = frozenset(person.account_id for person in World(seed=5).people)
    with psycopg.connect(talking, autocommit=True) as folding:
        generation.look_at(folding, generation.LIVE)
        while folded := fold(folding, known, live=True, limit=BATCH):
            for said in folded.announcements:
                mind.hear(said)
            kept += len(mind.aversions)
            await mind.learn(reading, people, people)
            assert mind.aversions == await aversions.of_people(reading, people)
            fresh = await filters.of_accounts(reading, people)
            assert {each: bool(sieve) for each, sieve in mind.sieves.items()} == {
                each: bool(found) for each, found in fresh.items()
            }
            ids = [row[0] for row in await (await reading.execute("SELECT id FROM read.statuses")).fetchall()]
            posts = await aversions.open_posts(reading, ids)
            allowed = await listeners.allowed(reading, [(post, reader) for post in posts for reader in people])
            for post in posts.values():
                for reader in people:
                    welcome = post.welcome(reader, mind.aversions[reader], NOW)
                    assert welcome == ((post.id, reader) in allowed)
                    answers.add((welcome, post.named is not None))
    assert kept > 500
    assert len(answers) == 4


async def test_posts_that_are_not_for_everybody_are_asked_about(reading: AsyncConnection[Any]) -> None:
    rows = await (await reading.execute("SELECT id, visibility, boost_of_id FROM read.statuses")).fetchall()
    posts = await aversions.open_posts(reading, [row[0] for row in rows])
    assert set(posts) == {row[0] for row in rows if row[1] in {"public", "unlisted"} and row[2] is None}
    assert 0 < len(posts) < len(rows)


CHANGES: list[tuple[Fact | Event, set[int | None]]] = [
    (AccountBlocked(account_id=1, target_id=2), {1, 2}),
    (AccountUnblocked(account_id=1, target_id=2), {1, 2}),
    (AccountMuted(account_id=1, target_id=2, notifications=True), {1}),
    (AccountUnmuted(account_id=1, target_id=2), {1}),
    (MuteExpired(account_id=1, target_id=2, mute_id=9), {1}),
    (DomainBlocked(account_id=1, domain="x.example"), {1}),
    (DomainUnblocked(account_id=1, domain="x.example"), {1}),
    (AccountDeleted(account_id=1, local=True), {None}),
    (AccountDeleted(account_id=1), set()),
]


@pytest.mark.parametrize(("fact", "whose"), CHANGES)
def test_it_is_told_whose_aversions_change(fact: Fact | Event, whose: set[int | None]) -> None:
    entry = Entry(position=1, ordinal=0, at=START, origin="received", fact=fact)
    told = averse.aversions_changed([entry])
    assert {each.account for each in told} == whose
    assert {each.event for each in told} <= {"aversions_changed"}


def test_it_is_decided_of_everything_that_these_tables_are_made_of() -> None:
    """Who adds a fact to these projections must say whose aversions it changes, or here that it changes none."""
    none = {FollowRequested, FollowAccepted, FollowEnded, FollowOptionsChanged, RelationshipsSevered, AccountDeleted}
    handled = {*relationships.PROJECTION.handles, *domain_blocks.PROJECTION.handles}
    assert handled - none == set(averse.CHANGES)


@pytest.fixture
async def mind(reading: AsyncConnection[Any]) -> Minds:
    found = Minds()
    await found.learn(reading, frozenset({7, 8}), frozenset({7, 8}))
    return found


async def test_only_what_is_said_to_have_changed_is_forgotten(mind: Minds) -> None:
    mind.hear(Announcement(event="aversions_changed", id=0, account=7))
    assert (set(mind.aversions), set(mind.sieves)) == ({8}, {7, 8})
    mind.hear(Announcement(event="filters_changed", id=0, account=8))
    assert (set(mind.aversions), set(mind.sieves)) == ({8}, {7})


async def test_everybodys_aversions_may_change(mind: Minds) -> None:
    mind.hear(Announcement(event="aversions_changed", id=0))
    assert (set(mind.aversions), set(mind.sieves)) == (set(), {7, 8})


async def test_where_something_was_missed_nothing_is_remembered(mind: Minds) -> None:
    mind.hear(Announcement(event="missed", id=0))
    assert (set(mind.aversions), set(mind.sieves)) == (set(), set())


async def test_it_does_not_grow_for_ever(
    mind: Minds, reading: AsyncConnection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minds, "MOST", 2)
    await mind.learn(reading, frozenset({9}), frozenset({9}))
    await mind.learn(reading, frozenset({9, 10}), frozenset({9, 10}))
    assert (set(mind.aversions), set(mind.sieves)) == ({9, 10}, {9, 10})


def post(**fields: Any) -> OpenPost:
    given = {"id": 1, "account_id": 5, "domain": None, "hidden": False, "named": None, "named_domains": None, **fields}
    return OpenPost(**given)


@pytest.mark.parametrize("place", [{}, {"account_id": 6, "named": (5,)}])
def test_a_mute_ends_by_the_clock(place: dict[str, Any]) -> None:
    averse_until = Aversions(until={5: NOW})
    assert not post(**place).welcome(9, averse_until, NOW - timedelta(seconds=1))
    assert post(**place).welcome(9, averse_until, NOW)


def test_what_one_says_oneself_is_heard_whomever_it_names() -> None:
    averse_to = Aversions(people=frozenset({7}), domains=frozenset({"x.example"}))
    names = post(named=(7, 8), named_domains=("x.example",))
    assert names.welcome(5, averse_to, NOW)
    assert not names.welcome(6, averse_to, NOW)
    assert names.welcome(6, NONE, NOW)
    assert not post(hidden=True).welcome(5, NONE, NOW)
