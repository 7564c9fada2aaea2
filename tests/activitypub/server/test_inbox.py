"""Signed POSTs: what is taken in, what is refused, and that what is refused leaves nothing behind."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from psycopg import AsyncConnection
from starlette.routing import BaseRoute

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.junk import REMEMBERED, Junk, TooMuchJunk
from fedi.activitypub.server.posting import InboxRoute
from fedi.activitypub.server.signers import REMEMBERED_SECONDS
from fedi.events.activities import ActivityReceived, DocumentFetched
from fedi.log.appender import Appender
from tests.activitypub.server.conftest import Ticks
from tests.support.direct import ask, deliver
from tests.support.fake_actor import Document, FakeActor
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import SITE, Here
from tests.support.keys import ed25519_key, rsa_key
from tests.support.lies import IMPOSTURES, SIGNATURE_LIES, Imposture, SignatureLie

INBOX = SITE.shared_inbox


@pytest.fixture
def routes(edge: Edge) -> list[BaseRoute]:
    return [InboxRoute(edge)]


class Log:
    """What was appended since the test began."""

    def __init__(self, here: Here, start: int) -> None:
        self._here = here
        self._start = start

    async def names(self) -> list[str]:
        return [topic for topic, _ in await self._rows()]

    async def received(self) -> list[ActivityReceived]:
        rows = await self._rows()
        return [msgspec.json.decode(state, type=ActivityReceived) for topic, state in rows if topic.startswith("act")]

    async def fetched(self) -> list[DocumentFetched]:
        rows = await self._rows()
        return [msgspec.json.decode(state, type=DocumentFetched) for topic, state in rows if topic.startswith("doc")]

    async def _rows(self) -> list[tuple[Any, ...]]:
        query = "SELECT topic, state FROM log.events WHERE notification_id > %s ORDER BY notification_id"
        return await self._here.rows(query, self._start)


@pytest.fixture
async def log(here: Here) -> Log:
    ((start,),) = await here.rows("SELECT max(notification_id) FROM log.events")
    return Log(here, start)


async def test_a_strangers_activity_is_stored_as_it_came_after_the_strangers_document(
    routes: list[BaseRoute], there: FakeRemote, log: Log, edge: Edge
) -> None:
    alice = there.actor("alice")
    body = b'{"type": "Follow",  "id": "%s#f/1", "actor": "%s", "object": "%s" }' % (
        alice.id.encode(),
        alice.id.encode(),
        SITE.actor("bob").encode(),
    )
    before = datetime.now(UTC).replace(microsecond=0)
    reply = await deliver(routes, alice.sign(body, INBOX))
    assert (reply.status, reply.body) == (202, b"")
    assert await log.names() == ["document.fetched", "activity.received"]
    (received,), (fetched,) = await log.received(), await log.fetched()
    assert bytes(received.document) == body
    assert (received.actor, received.key) == (alice.id, alice.key_id)
    assert before <= received.signed_at <= datetime.now(UTC)
    assert fetched.url == alice.id
    assert edge.tally.counts() == {"accepted": 1}
    assert [seen.path for seen in there.received] == [alice.path]


@pytest.mark.parametrize(
    "changes",
    [
        {"form": "cavage"},
        {"form": "cavage", "algorithm": "hs2019"},
        {"form": "cavage", "algorithm": None},
        {"form": "rfc9421"},
    ],
)
async def test_every_form_of_signature_is_understood(
    routes: list[BaseRoute], there: FakeRemote, log: Log, changes: dict[str, Any]
) -> None:
    alice = there.actor("alice")
    for inbox in (INBOX, f"{INBOX}?relay=1", f"{SITE.instance_actor}/inbox"):
        reply = await deliver(routes, alice.sign(alice.create(alice.note()), inbox, **changes))
        assert reply.status == 202
    assert len(await log.received()) == 3


async def test_an_ed25519_key_is_understood(routes: list[BaseRoute], there: FakeRemote, log: Log) -> None:
    alice = there.actor("alice", key=ed25519_key("alice"))
    reply = await deliver(routes, alice.sign(alice.like(f"{SITE.actor('bob')}/statuses/1"), INBOX, form="rfc9421"))
    assert reply.status == 202
    assert len(await log.received()) == 1


async def test_the_next_activity_of_somebody_known_costs_neither_a_fetch_nor_a_query(
    routes: list[BaseRoute], there: FakeRemote, here: Here, log: Log
) -> None:
    alice = there.actor("alice")
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    async with asyncio.timeout(5):
        held = [await here.pool.getconn() for _ in range(here.pool.max_size)]
        try:
            assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
        finally:
            for connection in held:
                await here.pool.putconn(connection)
    assert len(there.received) == 1
    assert await log.names() == ["document.fetched", "activity.received", "activity.received"]


async def test_a_known_actor_is_not_fetched(routes: list[BaseRoute], there: FakeRemote, here: Here, log: Log) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    here.fold()
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    assert there.received == []
    assert len(await log.received()) == 1


@pytest.mark.parametrize("lie", SIGNATURE_LIES.values(), ids=SIGNATURE_LIES.keys())
async def test_lies_about_a_signature_are_refused_and_leave_no_trace(
    routes: list[BaseRoute], there: FakeRemote, log: Log, edge: Edge, lie: SignatureLie
) -> None:
    alice = there.actor("alice")
    reply = await deliver(routes, lie(alice, alice.create(alice.note()), INBOX))
    assert reply.status in {400, 401}
    assert await log.names() == []
    assert sum(edge.tally.counts().values()) == 1
    assert {seen.path for seen in there.received} <= {alice.path, "/keys/liar"}


@pytest.mark.parametrize("lie", SIGNATURE_LIES.values(), ids=SIGNATURE_LIES.keys())
async def test_lies_about_a_known_actors_signature_are_refused_too(
    routes: list[BaseRoute], there: FakeRemote, log: Log, lie: SignatureLie
) -> None:
    alice = there.actor("alice")
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    honest = await log.names()
    assert (await deliver(routes, lie(alice, alice.create(alice.note()), INBOX))).status in {400, 401}
    assert await log.names() == honest


async def _everything(here: Here, victim: FakeActor, note: Document) -> list[Any]:
    here.fold()
    uris = [victim.id, note["id"]]
    return [
        await here.rows("SELECT * FROM read.accounts WHERE uri = ANY(%s)", uris),
        await here.rows(
            "SELECT s.* FROM read.statuses s JOIN read.accounts a ON a.id = account_id WHERE a.uri = %s", uris[0]
        ),
        await here.rows("SELECT key_id, pem FROM read.account_keys WHERE key_id LIKE %s", f"{victim.id}%"),
        await here.rows("SELECT uri, kind, ended FROM read.refs WHERE uri = ANY(%s) AND kind <> 'tombstone'", uris),
        await here.rows("SELECT count(*) FROM read.blocks"),
    ]


@pytest.mark.parametrize("imposture", IMPOSTURES.values(), ids=IMPOSTURES.keys())
@pytest.mark.parametrize("same_host", [True, False], ids=["same_host", "other_host"])
async def test_whoever_speaks_for_another_changes_nothing_of_the_others(
    routes: list[BaseRoute],
    there: FakeRemote,
    elsewhere: FakeRemote,
    here: Here,
    imposture: Imposture,
    same_host: bool,
) -> None:
    victim, mallory = there.actor("victim"), (there if same_host else elsewhere).actor("mallory")
    note = victim.note("mine")
    for activity in (victim.create(note), victim.like(f"{SITE.actor('bob')}/statuses/1")):
        assert (await deliver(routes, victim.sign(activity, INBOX))).status == 202
    assert (await deliver(routes, mallory.sign(mallory.follow(victim.id), INBOX))).status == 202
    before = await _everything(here, victim, note)
    assert before[0], "the victim is known"
    assert before[1], "the victim's note is known"
    reply = await deliver(routes, mallory.sign(imposture(mallory, victim, note), INBOX))
    assert reply.status < 500
    assert await _everything(here, victim, note) == before
    assert (await deliver(routes, victim.sign(victim.update(note, content="<p>edited</p>"), INBOX))).status == 202
    here.fold()
    (row,) = await here.rows("SELECT content FROM read.statuses WHERE uri = %s", note["id"])
    assert row == ("<p>edited</p>",)


@pytest.mark.parametrize(
    "name", ["s_005_in_the_victims_name", "s_007_id_of_the_victims", "s_011_update_of_the_victims_note"]
)
async def test_what_another_origin_may_not_say_is_refused_at_the_edge(
    routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, log: Log, edge: Edge, name: str
) -> None:
    victim, mallory = there.actor("victim"), elsewhere.actor("mallory")
    reply = await deliver(routes, mallory.sign(IMPOSTURES[name](mallory, victim, victim.note()), INBOX))
    assert reply.status in {400, 401}
    assert await log.names() == []
    assert there.received == []
    assert set(edge.tally.counts()) <= {"not_owner", "key_of_other_origin"}


async def test_s_040_nothing_that_is_forwarded_says_who_somebody_is(
    routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, log: Log, here: Here
) -> None:
    victim, mallory = there.actor("victim"), elsewhere.actor("mallory")
    await here.meet(victim.document())
    await here.meet(mallory.document())
    here.fold()
    proof = {"type": "RsaSignature2017", "creator": victim.key_id, "signatureValue": "AAAA"}
    forged = {
        **victim.document(),
        "attributionDomains": ["evil.example"],
        "alsoKnownAs": [mallory.id],
        "movedTo": mallory.id,
    }
    for speaker in (victim.id, mallory.id):
        update = {**mallory.activity("Update", forged, actor=speaker), "signature": proof}
        await deliver(routes, mallory.sign(update, INBOX))
    here.fold()
    query = "SELECT attribution_domains, also_known_as, moved_to_uri FROM read.accounts WHERE uri = %s"
    assert await here.rows(query, victim.id) == [([], [], "")]


async def test_s_155_what_looks_like_an_event_is_a_document(
    routes: list[BaseRoute], there: FakeRemote, log: Log, here: Here
) -> None:
    alice = there.actor("alice")
    envelope = {"topic": "account.created", "name": "activity.published", "version": 9, "position": 1, "cause": 1}
    envelope |= {"notification_id": 1, "originator_id": "x", "identity": "x", "recorded_at": "1970-01-01T00:00:00Z"}
    envelope |= {
        "account_id": 1,
        "status_id": 1,
        "digest": "0",
        "key": "x",
        "signed_at": "x",
        "state": {},
        "$type": "x",
    }
    like = {**alice.like(f"{SITE.actor('bob')}/statuses/1"), **envelope}
    like["document"] = {"type": "Delete", "actor": "https://victim.example/", "object": "https://victim.example/"}
    here.fold()
    before = await here.rows("SELECT id FROM read.statuses ORDER BY id")
    signed = alice.sign(like, INBOX)
    assert (await deliver(routes, signed)).status == 202
    assert await log.names() == ["document.fetched", "activity.received"]
    (event,) = await log.received()
    assert (event.actor, event.key) == (alice.id, alice.key_id)
    assert bytes(event.document) == signed.body
    here.fold()
    assert await here.rows("SELECT id FROM read.statuses ORDER BY id") == before


async def test_s_007_a_forged_id_does_not_keep_the_real_one_out(
    routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, log: Log
) -> None:
    victim, mallory = there.actor("victim"), elsewhere.actor("mallory")
    like = victim.like(f"{SITE.actor('bob')}/statuses/1")
    assert (await deliver(routes, mallory.sign({**like, "actor": mallory.id}, INBOX))).status == 400
    assert (await deliver(routes, victim.sign(like, INBOX))).status == 202
    assert [received.actor for received in await log.received()] == [victim.id]


async def test_s_007_types_that_mean_nothing_here_are_held_to_it_as_well(
    routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, log: Log
) -> None:
    victim, mallory = there.actor("victim"), elsewhere.actor("mallory")
    listen = {**mallory.activity("Listen", "https://music.example/1"), "id": f"{victim.id}/listens/1"}
    assert (await deliver(routes, mallory.sign(listen, INBOX))).status == 400
    assert await log.received() == []


async def test_s_005_an_actor_of_the_same_origin_is_another_actor(
    routes: list[BaseRoute], there: FakeRemote, log: Log, edge: Edge
) -> None:
    victim, mallory = there.actor("victim"), there.actor("mallory")
    reply = await deliver(routes, mallory.sign(victim.follow(SITE.actor("bob")), INBOX))
    assert reply.status == 401
    assert edge.tally.counts() == {"key_of_another_actor": 1}
    assert await log.names() == []


async def test_s_023_nothing_is_fetched_or_told_before_the_key_is_known_to_be_the_actors(
    routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, log: Log
) -> None:
    victim, mallory = there.actor("victim"), elsewhere.actor("mallory")
    reply = await deliver(routes, mallory.sign(victim.create(victim.note()), INBOX))
    assert reply.status == 401
    assert there.received == []
    assert elsewhere.received == []
    assert await log.names() == []


async def test_s_023_of_a_neighbour_who_forges_nothing_but_the_key_is_asked_for(
    routes: list[BaseRoute], there: FakeRemote, log: Log, here: Here
) -> None:
    victim, mallory = there.actor("victim"), there.actor("mallory")
    waiting = "SELECT (SELECT count(*) FROM effects.fetches), (SELECT count(*) FROM procrastinate_jobs)"
    before = await here.rows(waiting)
    for forged in (victim.create(victim.note()), victim.delete(victim.id), victim.update(victim.note())):
        reply = await deliver(routes, mallory.sign(forged, INBOX))
        assert reply.status in {202, 401}, "202 is for the end of somebody whom nobody here knows: nothing is done then"
    assert {seen.target for seen in there.received} <= {"/users/mallory"}
    assert await log.names() == []
    assert await here.rows(waiting) == before


async def test_s_029_a_hundred_copies_count_once_and_are_all_answered_the_same(
    routes: list[BaseRoute], there: FakeRemote, log: Log, edge: Edge
) -> None:
    alice = there.actor("alice")
    signed = alice.sign(alice.create(alice.note()), INBOX)
    replies = await asyncio.gather(*(deliver(routes, signed) for _ in range(100)))
    assert {reply.status for reply in replies} == {202}
    assert await log.names() == ["document.fetched", "activity.received"]
    assert edge.tally.counts() == {"accepted": 1, "duplicate": 99}
    assert len(there.received) == 1


async def test_a_signature_made_anew_does_not_make_an_activity_new(
    routes: list[BaseRoute], there: FakeRemote, log: Log
) -> None:
    alice = there.actor("alice")
    create = alice.create(alice.note())
    for form in ("cavage", "rfc9421"):
        assert (await deliver(routes, alice.sign(create, INBOX, form=form))).status == 202
    assert len(await log.received()) == 1


async def test_a_follow_that_is_said_again_later_is_a_new_one(
    routes: list[BaseRoute], there: FakeRemote, log: Log
) -> None:
    alice = there.actor("alice")
    follow = alice.follow(SITE.actor("bob"))
    now = datetime.now(UTC)
    for date in (now, now - timedelta(seconds=1), now):
        assert (await deliver(routes, alice.sign(follow, INBOX, date=date))).status == 202
    assert len(await log.received()) == 2


async def test_f_23_the_end_of_a_stranger_is_noise(
    routes: list[BaseRoute], there: FakeRemote, log: Log, edge: Edge
) -> None:
    alice = there.actor("alice")
    assert (await deliver(routes, alice.sign(alice.delete(alice.id), INBOX))).status == 202
    assert await log.names() == []
    assert there.received == []
    assert edge.tally.counts() == {"noise": 1}


async def test_s_073_ends_of_strangers_are_heard_only_so_often_and_cost_no_more_than_one_question(
    edge: Edge, ticks: Ticks, there: FakeRemote, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    execute = AsyncConnection.execute

    def counted(*given: Any, **more: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given, **more)

    monkeypatch.setattr(AsyncConnection, "execute", counted)
    edge = msgspec.structs.replace(edge, ends=Junk(3, ticks))
    routes: list[BaseRoute] = [InboxRoute(edge)]
    flooding, others = {"client": "203.0.113.9"}, {"client": "203.0.113.10"}
    strangers = [there.actor(f"stranger{number}") for number in range(5)]
    gone = [each.sign(each.delete(each.id), INBOX) for each in strangers]
    await edge.borders.now()
    asked = 0
    assert [(await deliver(routes, each, **flooding)).status for each in gone] == [202, 202, 202, 429, 429]
    assert asked == 3
    assert (await deliver(routes, gone[3], **others)).status == 202
    alice = there.actor("alice")
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX), **flooding)).status == 202
    assert (await deliver(routes, alice.sign(alice.delete(alice.id), INBOX), **flooding)).status == 202
    ticks.seconds += 61
    assert (await deliver(routes, gone[4], **flooding)).status == 202


async def test_the_end_of_somebody_known_is_stored(
    routes: list[BaseRoute], there: FakeRemote, log: Log, here: Here
) -> None:
    alice = there.actor("alice")
    await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))
    here.fold()
    there.answer(alice.path, Answer(status=410))
    assert (await deliver(routes, alice.sign(alice.delete(alice.id), INBOX))).status == 202
    assert len(await log.received()) == 2
    here.fold()
    assert await here.rows("SELECT FROM read.accounts WHERE uri = %s", alice.id) == []


async def test_the_end_of_somebody_known_counts_as_their_own_server_tells_it_if_no_key_can_be_had(
    routes: list[BaseRoute], there: FakeRemote, log: Log, here: Here, edge: Edge
) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    here.fold()
    there.answer(alice.path, Answer(status=410))
    signed = alice.sign(alice.delete(alice.id), INBOX, key=rsa_key("another"))
    assert (await deliver(routes, signed)).status == 202
    assert edge.tally.counts() == {"noise": 1}
    assert await log.received() == []
    here.fold()
    assert await here.rows("SELECT FROM read.accounts WHERE uri = %s", alice.id) == []
    there.answer(alice.path, Answer(status=404))


async def test_other_deletes_of_strangers_are_stored_so_that_a_late_create_stays_dead(
    routes: list[BaseRoute], there: FakeRemote, here: Here
) -> None:
    alice = there.actor("alice")
    note = alice.note()
    assert (await deliver(routes, alice.sign(alice.delete(note["id"]), INBOX))).status == 202
    assert (await deliver(routes, alice.sign(alice.create(note), INBOX))).status == 202
    here.fold()
    assert await here.rows("SELECT FROM read.statuses WHERE uri = %s", note["id"]) == []


async def test_s_019_after_a_rotation_the_actor_is_asked_once_and_the_old_key_is_refused(
    routes: list[BaseRoute], there: FakeRemote, here: Here, ticks: Ticks
) -> None:
    alice = there.actor("alice")
    old = alice.key
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    alice.key = rsa_key("rotated")
    ticks.seconds += 61
    for _ in range(3):
        assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX, key=old))).status == 401
    assert len(there.requests(alice.path)) == 2
    here.fold()
    ticks.seconds += REMEMBERED_SECONDS + 1
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX, key=old))).status == 401
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    assert len(there.requests(alice.path)) == 3


async def test_keys_that_change_a_moment_after_we_met_them_lose_nothing(
    routes: list[BaseRoute], there: FakeRemote, ticks: Ticks
) -> None:
    alice = there.actor("alice")
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    alice.key = rsa_key("rotated")
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    alice.key = rsa_key("rotated again")
    said = alice.sign(alice.create(alice.note()), INBOX)
    refused = await deliver(routes, said)
    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    assert len(there.requests(alice.path)) == 2
    ticks.seconds += 61
    assert (await deliver(routes, said)).status == 202


async def test_who_forges_cannot_have_a_new_key_refused(routes: list[BaseRoute], there: FakeRemote) -> None:
    alice = there.actor("alice")
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 202
    forged = [alice.sign(alice.create(alice.note()), INBOX, key=rsa_key("a liar's")) for _ in range(5)]
    answers = [(await deliver(routes, each)).status for each in forged]
    assert answers == [401, 429, 429, 429, 429]
    alice.key = rsa_key("rotated")
    assert (await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))).status == 429
    assert len(there.requests(alice.path)) == 2


async def test_s_035_a_dead_host_is_asked_once_for_a_key_however_many_name_it(
    routes: list[BaseRoute], there: FakeRemote, log: Log
) -> None:
    alice = there.actor("alice")
    there.answer(alice.path, Answer(status=500))
    signed = [alice.sign(alice.create(alice.note()), INBOX) for _ in range(50)]
    first = await asyncio.gather(*(deliver(routes, each, client=f"192.0.2.{n}") for n, each in enumerate(signed)))
    then = [await deliver(routes, each) for each in signed[:5]]
    assert {reply.status for reply in (*first, *then)} == {503}
    assert all(reply.headers["retry-after"] == "60" for reply in first)
    assert len(there.received) <= 2, "once in each form of signature"
    assert await log.names() == []


async def test_s_073_one_caller_cannot_have_any_number_of_keys_fetched_at_once(
    routes: list[BaseRoute], there: FakeRemote
) -> None:
    actors = [there.actor(f"actor{n}", key=rsa_key("shared")) for n in range(40)]
    for actor in actors:
        there.answer(actor.path, Answer(body=actor.document(), delay=0.2))
    signed = [actor.sign(actor.follow(SITE.actor("bob")), INBOX) for actor in actors]
    replies = await asyncio.gather(*(deliver(routes, each) for each in signed))
    statuses = [reply.status for reply in replies]
    assert statuses.count(429) == 8
    assert statuses.count(202) == 32
    assert next(reply for reply in replies if reply.status == 429).headers["retry-after"] == "60"


async def test_s_073_who_sends_junk_is_told_to_wait_before_it_is_read(
    edge: Edge, ticks: Ticks, there: FakeRemote
) -> None:
    edge = msgspec.structs.replace(edge, junk=Junk(5, ticks))
    routes: list[BaseRoute] = [InboxRoute(edge)]
    alice = there.actor("alice")
    like = alice.sign(alice.like(f"{SITE.actor('bob')}/statuses/1"), INBOX)
    flooding, others = {"client": "203.0.113.9"}, {"client": "203.0.113.10"}
    for number in range(7):
        junk = await ask(routes, "POST", "/inbox", [(b"signature", b"junk")], b"{" * 10, **flooding)
        assert junk.status == (400 if number < 5 else 429)
    assert (junk.headers["retry-after"], json.loads(junk.body)["reason"]) == ("60", "too_much_junk")
    assert (await deliver(routes, like, **flooding)).status == 429
    assert there.received == [], "nothing is asked for them"
    assert (await deliver(routes, like, **others)).status == 202
    ticks.seconds += 61
    assert (await deliver(routes, like, **flooding)).status == 202


async def test_s_073_nobody_makes_up_for_junk_without_a_key_or_with_the_same_again(
    edge: Edge, ticks: Ticks, there: FakeRemote
) -> None:
    edge = msgspec.structs.replace(edge, junk=Junk(5, ticks))
    routes: list[BaseRoute] = [InboxRoute(edge)]
    alice, nobody = there.actor("alice"), there.actor("nobody")
    once = alice.sign(alice.like(f"{SITE.actor('bob')}/statuses/1"), INBOX)
    away = nobody.sign(nobody.delete(nobody.id), INBOX)
    flooding = {"client": "203.0.113.9"}
    assert (await deliver(routes, once, **flooding)).status == 202
    for number in range(7):
        junk = await ask(routes, "POST", "/inbox", [(b"signature", b"junk")], b"{" * 10, **flooding)
        assert junk.status == (400 if number < 5 else 429)
        if number < 4:
            assert {(await deliver(routes, each, **flooding)).status for each in (once, away)} == {202}


def test_s_073_what_is_taken_in_makes_up_for_what_is_not_and_memory_has_an_end(ticks: Ticks) -> None:
    junk = Junk(5, ticks)
    for _ in range(50):
        junk.refused("large.example")
        junk.taken("large.example")
        junk.refused("")
    junk.check("large.example")
    junk.check("")
    for number in range(REMEMBERED + 50):
        for _ in range(5):
            junk.refused(f"{number}")
    junk.check("0")
    with pytest.raises(TooMuchJunk):
        junk.check(f"{REMEMBERED}")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/activity+json", 202),
        ("application/activity+json; charset=utf-8", 202),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', 202),
        ('application/ld+json;profile="https://www.w3.org/ns/activitystreams"; charset=utf-8', 202),
        ("application/ld+json", 415),
        ("application/json", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
async def test_the_type_of_a_body_must_be_an_activitys(
    routes: list[BaseRoute], there: FakeRemote, content_type: str, status: int
) -> None:
    alice = there.actor("alice")
    signed = alice.sign(alice.create(alice.note()), INBOX, form="cavage", headers={"content-type": content_type})
    assert (await deliver(routes, signed)).status == status


async def test_inboxes_take_nothing_but_post(routes: list[BaseRoute]) -> None:
    for path in ("/inbox", "/actor/inbox", "/users/bob/inbox"):
        reply = await ask(routes, "GET", path)
        assert (reply.status, reply.headers["allow"]) == (405, "POST")


async def test_a_body_over_a_megabyte_is_refused_before_or_while_it_is_read(
    routes: list[BaseRoute], there: FakeRemote, log: Log
) -> None:
    headers = [(b"content-type", b"application/activity+json"), (b"signature", b"x")]
    assert (await ask(routes, "POST", "/inbox", [*headers, (b"content-length", b"1000001")])).status == 413
    assert (await ask(routes, "POST", "/inbox", headers, [b"x" * 100_000] * 11)).status == 413
    alice = there.actor("alice")
    large = alice.create(alice.note("x" * 900_000))
    assert (await deliver(routes, alice.sign(large, INBOX))).status == 202
    assert len(await log.received()) == 1


async def test_what_is_unsigned_is_not_even_read(routes: list[BaseRoute], edge: Edge) -> None:
    headers = [(b"content-type", b"application/activity+json")]
    reply = await ask(routes, "POST", "/inbox", headers, [b"{"] * 3)
    assert reply.status == 401
    assert edge.tally.counts() == {"unsigned": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"actor": "%s", "actor": "%s"}', "json_duplicate_key"),
        (b'{"type": "Create", "actor": "%s", "id": "%s/1", "object": NaN}', "json_number"),
        (b'{"type": "Create", "actor": "%s", "id": "%s/1", "name": "\\u0000"}', "json_nul"),
        (b'{"type": "Create", "actor": "%s", "id": "%s/1", "name": "\\ud800"}', "json_surrogate"),
        (b'["%s", "%s"]', "json_no_object"),
        (b"%s %s", "bad_json"),
        (b'{"actor": "%s", "id": "%s/1"}', "malformed"),
        (b'{"type": "Create", "actor": "%s", "id": 7, "object": "%s"}', "malformed"),
        (b'{"type": "Create", "actr": "%s", "object": "%s"}', "malformed"),
    ],
)
async def test_s_043_documents_that_could_be_read_two_ways_or_not_at_all_are_refused(
    routes: list[BaseRoute], there: FakeRemote, log: Log, edge: Edge, body: bytes, reason: str
) -> None:
    alice = there.actor("alice")
    me = alice.id.encode()
    reply = await deliver(routes, alice.sign(body % (me, me), INBOX))
    assert (reply.status, msgspec.json.decode(reply.body)["reason"]) == (400, reason)
    assert edge.tally.counts() == {reason: 1}
    assert await log.names() == []


async def test_nobodys_inbox_is_no_inbox(routes: list[BaseRoute], there: FakeRemote, here: Here, log: Log) -> None:
    alice = there.actor("alice")
    create = alice.create(alice.note())
    assert (await deliver(routes, alice.sign(create, f"{SITE.actor('nobody')}/inbox"))).status == 404
    assert await log.names() == []
    name = f"bob{there.port}"
    await here.person(name)
    here.fold()
    for inbox in (f"{SITE.actor(name)}/inbox", f"{SITE.actor(name.upper())}/inbox"):
        assert (await deliver(routes, alice.sign(alice.create(alice.note()), inbox))).status == 202


async def test_our_own_people_do_not_come_in_through_the_inbox(
    routes: list[BaseRoute], there: FakeRemote, log: Log
) -> None:
    bob = SITE.actor("bob")
    like = {"type": "Like", "id": f"{bob}#likes/1", "actor": bob, "object": f"{bob}/statuses/1"}
    signed = there.actor("alice").sign(like, INBOX, key=rsa_key("bob"), key_id=f"{bob}#main-key")
    assert (await deliver(routes, signed)).status == 401
    assert await log.names() == []


async def test_while_the_log_is_away_senders_are_asked_to_come_again(edge: Edge, there: FakeRemote, here: Here) -> None:
    closed = Appender(here.url)
    async with closed:
        pass
    routes = [InboxRoute(msgspec.structs.replace(edge, appender=closed))]
    alice = there.actor("alice")
    reply = await deliver(routes, alice.sign(alice.create(alice.note()), INBOX))
    assert (reply.status, reply.headers["retry-after"]) == (503, "60")
    assert (await deliver([InboxRoute(edge)], alice.sign(alice.create(alice.note()), INBOX))).status == 202
