"""Pages that are put together of what was shown before: what the views say, and nobody else's."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import pytest

from fedi.api import finished
from fedi.api.deps import Deps
from fedi.api.encoding import encode
from fedi.api.finished import Finished, FinishedTexts
from fedi.api.fragments import Fragments
from fedi.registry.rows import Connection
from fedi.touched import Touched
from fedi.views.filters import Sieves
from fedi.views.progress import Progress
from fedi.views.stamp_memory import StampMemory
from fedi.views.stamps import Acts, Shared, Stamp
from tests.support.phone import Phone, phone

READER, OTHER = 77, 78


def stamp(status_id: int, account_id: int = 1, boost_of_id: int | None = None) -> Stamp:
    shared = Shared(
        id=status_id, account_id=account_id, boost_of_id=boost_of_id, visibility="public", version="1",
        has_poll=False, replies=0, boosts=0, favourites=0, quotes=0, quoting=False, quote_automatic=(), quote_manual=(),
    )  # fmt: skip
    acts = Acts(favourited=True, boosted=False, bookmarked=False, pinned=False, muted=False, quotable="denied")
    return Stamp(shared=shared, acts=acts, mutes_threads=False, account_version="9", filters_version=None)


POST, BOOST = stamp(5), stamp(6, 2, boost_of_id=5)


@pytest.fixture
def memory() -> StampMemory:
    found = StampMemory()
    found.learn({5: POST, 6: BOOST}, READER, found.epoch)
    return found


@pytest.fixture
def texts(memory: StampMemory) -> FinishedTexts:
    """Who read a boost of the post of somebody else."""
    found = FinishedTexts(memory)
    found.learn(READER, {6: Finished((BOOST, POST), 10.0, msgspec.Raw(b"{}"))})
    return found


def test_what_stands_is_given_to_who_had_it(texts: FinishedTexts) -> None:
    assert texts.recall([5, 6], READER, 10.0).keys() == {6}
    assert texts.recall([6], READER, 10.5) == {}
    assert texts.recall([6], OTHER, 10.0) == {}


def test_nobody_is_given_what_was_made_for_another(memory: StampMemory, texts: FinishedTexts) -> None:
    memory.learn({5: POST, 6: BOOST}, OTHER, memory.epoch)
    assert texts.recall([6], OTHER, 0.0) == {}
    assert texts.recall([6], READER, 0.0).keys() == {6}


@pytest.mark.parametrize(
    "told",
    [
        Touched(statuses=(6,)),
        Touched(statuses=(5,)),
        Touched(accounts=(1,)),
        Touched(accounts=(2,)),
        Touched(readers=(READER,)),
        Touched(published=(6,)),
        Touched(everything=True),
    ],
)
def test_what_is_touched_does_not_stand(memory: StampMemory, texts: FinishedTexts, told: Touched) -> None:
    memory.forget(told)
    assert texts.recall([6], READER, 0.0) == {}
    memory.learn({5: stamp(5), 6: stamp(6, 2, boost_of_id=5)}, READER, memory.epoch)
    assert told.accounts or texts.recall([6], READER, 0.0) == {}, "what is read anew may be otherwise"


def test_what_others_touch_stands(memory: StampMemory, texts: FinishedTexts) -> None:
    memory.forget(Touched(statuses=(7,), accounts=(3,), readers=(OTHER,), published=(8,)))
    assert texts.recall([6], READER, 0.0).keys() == {6}


def test_it_does_not_grow_for_ever(memory: StampMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finished, "READERS", 2)
    texts = FinishedTexts(memory)
    for reader in (READER, OTHER, 79):
        memory.learn({5: POST}, reader, memory.epoch)
        texts.learn(reader, {5: Finished((POST,), 10.0, msgspec.Raw(b"{}"))})
    assert [each for each in (READER, OTHER, 79) if texts.recall([5], each, 0.0)] == [OTHER, 79]


@pytest.fixture
async def connection(deps: Deps) -> AsyncIterator[Connection]:
    async with deps.pool.connection() as found:
        await found.set_autocommit(True)
        yield found
        await found.set_autocommit(False)


async def as_the_views_say(deps: Deps, connection: Connection, reader: Phone, ids: Sequence[int]) -> None:
    """Read a page again and again, as one does at home; each time it must be what the views say."""
    anew = Fragments(deps.site, Sieves(), deps.clock, Progress(""))
    expected = msgspec.json.decode(encode(await anew.render(connection, ids, reader.owner.id)))
    for _ in range(3):
        page = deps.fragments.remembered(ids, reader.owner.id, 0)
        if page is None:
            page = await deps.fragments.render(connection, ids, reader.owner.id)
        assert msgspec.json.decode(encode(page)) == expected


@pytest.mark.usefixtures("projector")
async def test_pages_are_what_the_views_say_after_every_act(
    deps: Deps, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_together = 0
    recall = FinishedTexts.recall

    def counted(self: FinishedTexts, ids: Sequence[int], viewer: int, now: float) -> dict[int, Finished]:
        nonlocal put_together
        known = recall(self, ids, viewer, now)
        put_together += len(known)
        return known

    monkeypatch.setattr(FinishedTexts, "recall", counted)
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")

    async def say(who: Phone, text: str) -> str:
        posted: dict[str, Any] = await who.call("POST", "/api/v1/statuses", json={"status": text})
        return str(posted["id"])

    cat, dog, own = await say(bob, "my cat"), await say(bob, "my dog"), await say(ada, "mine")
    boost = (await ada.call("POST", f"/api/v1/statuses/{dog}/reblog"))["id"]
    ids = [int(each) for each in (boost, own, dog, cat)]
    words = {"title": "pets", "context": ["home"], "keywords_attributes": [{"keyword": "cat"}], "expires_in": 3600}
    acts: list[tuple[Phone, str, str, dict[str, Any]]] = [
        (ada, "POST", f"/api/v1/statuses/{cat}/favourite", {}),
        (bob, "POST", f"/api/v1/statuses/{dog}/favourite", {}),
        (ada, "POST", f"/api/v1/statuses/{dog}/bookmark", {}),
        (ada, "POST", f"/api/v1/statuses/{own}/pin", {}),
        (bob, "PUT", f"/api/v1/statuses/{dog}", {"status": "my old dog"}),
        (bob, "PATCH", "/api/v1/accounts/update_credentials", {"display_name": "Robert"}),
        (ada, "POST", f"/api/v1/accounts/{bob.owner.id}/follow", {}),
        (ada, "POST", f"/api/v1/statuses/{cat}/mute", {}),
        (ada, "POST", f"/api/v1/statuses/{cat}/unmute", {}),
        (ada, "POST", "/api/v2/filters", words),
        (bob, "DELETE", f"/api/v1/statuses/{cat}", {}),
    ]
    for who, method, path, body in acts:
        for reader in (ada, bob):
            await as_the_views_say(deps, connection, reader, ids)
        await who.call(method, path, json=body)
    for reader in (ada, bob):
        await as_the_views_say(deps, connection, reader, ids)
    assert put_together > 40
