"""What is remembered of stamps is what the views say after every commit: what is told of commits is enough for that."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import AsyncConnection

from fedi.events import Event
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched, DocumentVanished
from fedi.events.domains import DomainAllowed, DomainBlocked, DomainDisallowed, DomainLimited, DomainUnlimited
from fedi.events.moderation import AccountRestricted, AccountUnrestricted
from fedi.facts import Entry
from fedi.facts.relationships import AccountBlocked
from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.touching import touched
from fedi.touched import EVERYTHING, MOST, Touched, payloads, understood
from fedi.views.can_see import can_see
from fedi.views.recent import KEPT
from fedi.views.stamp_memory import READERS, StampMemory
from fedi.views.stamps import Acts, Shared, Stamp, stamps
from tests.support.talking import talking_in
from tests.support.world import START, World

BATCH = 4
RARE = (
    DomainAllowed, DomainBlocked, DomainDisallowed, DomainLimited, DomainUnlimited, AccountRestricted,
    AccountUnrestricted, DocumentVanished,
)  # fmt: skip
"""Whatever touches everything: a world without it has more to remember."""


def is_common(event: Event) -> bool:
    if isinstance(event, ActivityPublished | ActivityReceived | DocumentFetched):
        return msgspec.json.decode(event.document)["type"] not in {"Delete", "Tombstone", "Update"}
    return not isinstance(event, RARE)


@pytest.fixture(scope="module", params=["everything", "what is common"])
def talking(admin_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database in whose log a world has talked; nothing of it is folded yet."""
    world = World(seed=9)
    events = world.events(150) if request.param == "everything" else filter(is_common, world.events(200))
    with talking_in(admin_url, events) as url:
        yield url


@pytest.fixture
async def reading(talking: str) -> AsyncIterator[AsyncConnection[Any]]:
    async with await AsyncConnection.connect(talking, autocommit=True) as opened:
        yield opened


async def test_it_is_what_the_views_say_after_every_commit(talking: str, reading: AsyncConnection[Any]) -> None:
    memory, known, recalled, seen, standing = StampMemory(), projections(), 0, 0, 0
    learnt: list[tuple[int, object, Stamp]] = []
    viewers = [None, *(person.account_id for person in World(seed=9).local)]
    with psycopg.connect(talking, autocommit=True) as folding:
        generation.look_at(folding, generation.LIVE)
        while folded := fold(folding, known, live=True, limit=BATCH):
            memory.forget(touched(folded.entries))
            rows = await (await reading.execute("SELECT id FROM read.statuses")).fetchall()
            ids, epoch = [row[0] for row in rows], memory.epoch
            for reader, remembered, made_of in learnt:
                if memory.reader(reader) is remembered and memory.stands([made_of]):
                    standing += 1
                    assert (await stamps(reading, [made_of.shared.id], reader))[made_of.shared.id] == made_of
            learnt.clear()
            for viewer in viewers:
                fresh = await stamps(reading, ids, viewer)
                for each in ids:
                    found, missing = memory.recall([each], viewer)
                    recalled += not missing
                    assert found.items() <= fresh.items()
                    if memory.recall_seen(each, viewer) is not None:
                        seen += 1
                        assert await can_see(reading, each, viewer)
                memory.learn(fresh, viewer, epoch)
                if viewer is not None:
                    learnt += [(viewer, memory.reader(viewer), fresh[each]) for each in ids[::7]]
                for each in ids[::5]:
                    if await can_see(reading, each, viewer):
                        memory.learn_seen(each, viewer, epoch)
    assert recalled > 500
    assert seen > 20
    assert standing > 50


def test_a_block_is_told_for_what_the_blocked_saw_before() -> None:
    blocked = Entry(position=1, ordinal=0, at=START, origin="received", fact=AccountBlocked(account_id=1, target_id=2))
    assert set(touched([blocked]).readers) == {1, 2}


def stamp(status_id: int, account_id: int = 1, boost_of_id: int | None = None, version: str = "1") -> Stamp:
    shared = Shared(
        id=status_id, account_id=account_id, boost_of_id=boost_of_id, visibility="public", version=version,
        has_poll=False, replies=0, boosts=0, favourites=0, quotes=0, quoting=False, quote_automatic=(), quote_manual=(),
    )  # fmt: skip
    acts = Acts(favourited=True, boosted=False, bookmarked=False, pinned=False, muted=False, quotable="denied")
    return Stamp(shared=shared, acts=acts, mutes_threads=False, account_version="9", filters_version=None)


@pytest.fixture
def memory() -> StampMemory:
    found = StampMemory()
    found.learn({5: stamp(5), 6: stamp(6, 2, boost_of_id=5)}, 77, found.epoch)
    return found


def test_a_boost_is_recalled_with_its_original(memory: StampMemory) -> None:
    found, missing = memory.recall([6, 7], 77)
    assert found.keys() == {5, 6}
    assert missing == [7]


def test_nobody_has_the_acts_of_another(memory: StampMemory) -> None:
    assert memory.recall([5], 78) == ({}, [5])
    assert memory.recall([5], 77)[0][5].acts.favourited
    assert not memory.recall([5], None)[0][5].acts.favourited


@pytest.mark.parametrize(
    "told", [Touched(statuses=(5,)), Touched(accounts=(1,)), Touched(readers=(77,)), Touched(everything=True)]
)
def test_what_is_touched_is_forgotten(memory: StampMemory, told: Touched) -> None:
    assert not memory.recall([5], 77)[1]
    memory.forget(told)
    assert memory.recall([5], 77)[1]
    assert memory.recall([6], 77)[1]


def test_with_what_is_new_nobody_did_anything_yet(memory: StampMemory) -> None:
    memory.forget(Touched(published=(8,)))
    memory.learn({8: stamp(8)}, None, memory.epoch)
    found, missing = memory.recall([8], 77)
    assert not missing
    assert not found[8].acts.favourited


@pytest.mark.parametrize("told", [Touched(readers=(77,)), Touched(everything=True)])
def test_with_what_is_new_somebody_may_have_done_something(memory: StampMemory, told: Touched) -> None:
    memory.forget(Touched(published=(8,)))
    memory.forget(told)
    memory.learn({5: stamp(5)}, 77, memory.epoch)
    memory.learn({8: stamp(8)}, None, memory.epoch)
    assert memory.recall([8], 77)[1]


def test_what_others_touch_is_kept(memory: StampMemory) -> None:
    memory.forget(Touched(statuses=(7,), accounts=(8,), readers=(78,)))
    assert not memory.recall([5, 6], 77)[1]


@pytest.mark.parametrize(
    "told", [Touched(statuses=(5,)), Touched(accounts=(1,)), Touched(readers=(77,)), Touched(everything=True)]
)
def test_what_is_touched_while_it_is_read_is_not_learnt(told: Touched) -> None:
    memory = StampMemory()
    begun = memory.epoch
    memory.forget(told)
    memory.learn({5: stamp(5)}, 77, begun)
    assert memory.recall([5], 77)[1]


def test_nothing_is_learnt_that_took_too_long_to_read() -> None:
    memory = StampMemory()
    for _ in range(KEPT + 1):
        memory.forget(Touched(statuses=(1,)))
    memory.learn({5: stamp(5)}, None, 0)
    assert memory.recall([5], None)[1]


def test_acts_are_those_with_the_status_as_it_is(memory: StampMemory) -> None:
    memory.forget(Touched(statuses=(5,)))
    memory.learn({5: stamp(5, version="2")}, None, memory.epoch)
    assert not memory.recall([5], None)[1]
    assert memory.recall([5], 77)[1]


def test_it_does_not_grow_for_ever(memory: StampMemory) -> None:
    for reader in range(100, 100 + READERS):
        memory.learn({5: stamp(5)}, reader, memory.epoch)
    assert memory.recall([5], 77)[1]
    assert not memory.recall([5], 100 + READERS - 1)[1]


def test_who_was_not_seen_to_see_it_is_not_told(memory: StampMemory) -> None:
    assert memory.recall_seen(5, 77) is None
    memory.learn_seen(5, 77, memory.epoch)
    assert memory.recall_seen(5, 77) is not None
    assert memory.recall_seen(5, None) is None


@pytest.mark.parametrize("number", [0, 5, 700, MOST])
def test_a_batch_is_told_whole_however_large(number: int) -> None:
    touched = Touched(tuple(range(10**18, 10**18 + number)), (1, 2, 3), ()) if number < MOST else EVERYTHING
    said = payloads(10, 20, touched)
    heard = [understood(payload) for payload in said]
    assert all(len(payload) < 8_000 for payload in said)
    assert [each.before for each in heard] == [10] * len(heard)
    assert [each.position for each in heard][-1] == 20
    assert [status for each in heard for status in each.touched.statuses] == list(touched.statuses)
    assert [account for each in heard for account in each.touched.accounts] == list(touched.accounts)
    assert any(each.touched.everything for each in heard) == touched.everything


def test_a_batch_of_too_much_touches_everything() -> None:
    assert [understood(each).touched for each in payloads(1, 2, Touched(tuple(range(MOST + 1))))] == [EVERYTHING]
