"""Erasure, whole: what somebody deleted is nowhere, whoever had repeated it, and does not come back (S-152)."""

import asyncio
import functools
import itertools
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from redis.asyncio import Redis

from fedi.clock import now
from fedi.effects.jobs import erasures, previews
from fedi.effects.jobs.media_cleaning import UNATTACHED, prune
from fedi.effects.lane import Delivery
from fedi.effects.parcels import Parcels
from fedi.effects.release import Release
from fedi.events import Event
from fedi.events.accounts import AccountNoted, LinkVerified
from fedi.events.activities import ActivityPublished, DocumentVanished
from fedi.events.collections import CollectionSaved
from fedi.events.filters import FilterSaved, Keyword
from fedi.events.links import LinkPreviewed
from fedi.events.lists import ListSaved
from fedi.events.reports import ReportFiled
from fedi.events.scheduled import PlannedPoll, PlannedStatus, StatusScheduled, StatusUnscheduled
from fedi.events.server import ErasureDemanded
from fedi.events.tags import TagFeatured, TagFollowed
from fedi.log import redaction
from fedi.projections.rebuild import rebuild
from fedi.projections.verify import verify
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services.translations import Translations, forget_translations
from fedi.services.translator import Languages, Translated
from tests.support import dumps
from tests.support.acting import deps_of
from tests.support.erasing import erase_all
from tests.support.here import CONTEXT, PUBLIC, Document, Here, Person

BOB, EVE = "https://b.example/users/bob", "https://e.example/users/eve"
THERE = f"{BOB}/statuses/1"


class Words:
    """Words that are in nobody's mouth but of whom they are planted on."""

    def __init__(self, whose: str) -> None:
        self._whose = whose
        self._numbers = itertools.count(1)
        self.planted: list[str] = []

    def new(self) -> str:
        self.planted.append(f"{self._whose}{next(self._numbers):02}z")
        return self.planted[-1]


class Backwards:
    """Translates by turning words around, and leaving them readable."""

    async def languages(self) -> Languages:
        return {}

    async def translate(self, texts: Any, source: str, target: str) -> Translated:
        return Translated(texts=tuple(f"{target} {text}" for text in texts), source=source, provider="")


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


def actor(uri: str, words: Words | None = None) -> Document:
    name = uri.rpartition("/")[2]
    document = {"@context": CONTEXT, "id": uri, "type": "Person", "preferredUsername": name, "inbox": f"{uri}/inbox"}
    document |= {"followers": f"{uri}/followers", "outbox": f"{uri}/outbox", "featured": f"{uri}/featured"}
    return document | (written_of(words) if words else {})


def written_of(words: Words) -> Document:
    link = f'<a href="https://{words.new()}.example/" rel="me">{words.new()}</a>'
    return {
        "name": words.new(),
        "summary": f"<p>{words.new()}</p>",
        "attachment": [{"type": "PropertyValue", "name": words.new(), "value": link}],
        "icon": {"type": "Image", "url": f"https://b.example/{words.new()}.png", "name": words.new()},
        "image": {"type": "Image", "url": f"https://b.example/{words.new()}.png"},
        "tag": [{"type": "Emoji", "name": f":{words.new()}:", "icon": {"url": f"https://b.example/{words.new()}.png"}}],
    }


def written(uri: str, author: str, words: Words, **more: Any) -> Document:
    """Return a post with a word in whatever can have one."""
    note = {
        "id": uri,
        "type": "Question",
        "attributedTo": author,
        "content": f"<p>{words.new()}</p>",
        "contentMap": {"en": f"<p>{words.new()}</p>"},
        "summary": words.new(),
        "source": {"content": words.new(), "mediaType": "text/plain"},
        "url": f"https://b.example/@bob/{words.new()}",
        "published": "2026-02-01T00:00:00Z",
        "to": [PUBLIC],
        "cc": [f"{author}/followers"],
        "oneOf": [{"type": "Note", "name": words.new()}, {"type": "Note", "name": words.new()}],
        "attachment": [
            {
                "type": "Document",
                "mediaType": "image/png",
                "url": f"https://b.example/{words.new()}.png",
                "name": words.new(),
            }
        ],
        "tag": [
            {"type": "Hashtag", "name": f"#{words.new()}"},
            {"type": "Emoji", "name": f":{words.new()}:", "icon": {"url": f"https://b.example/{words.new()}.png"}},
        ],
        "location": {"type": "Place", "name": words.new()},
    }
    return note | more


def activity(kind: str, by: str, obj: Any, number: int, **more: Any) -> Document:
    made = {"@context": CONTEXT, "id": f"{by}/acts/{kind}/{number}", "type": kind, "actor": by, "object": obj}
    return made | more


async def repeated(here: Here, by: str, post: Document) -> None:
    """Let somebody repeat a post in all the ways there are."""
    create = activity("Create", post["attributedTo"], post, 900)
    quoting = {
        "id": f"{by}/statuses/7",
        "type": "Note",
        "attributedTo": by,
        "content": "mine",
        "to": [PUBLIC],
        "quote": post,
    }
    ways: list[tuple[str, Any, Document]] = [
        ("Announce", post, {"to": [PUBLIC]}),
        ("Announce", create, {"to": [PUBLIC]}),
        ("Like", post, {}),
        ("Flag", [post["attributedTo"], post], {"content": "look at this"}),
        ("Create", quoting, {"to": [PUBLIC]}),
        ("QuoteRequest", post, {"instrument": quoting}),
        ("Undo", activity("Announce", by, post, 1), {}),
        ("Follow", {**actor(by), "pinned": [post]}, {}),
    ]
    for number, (kind, obj, more) in enumerate(ways):
        await here.hear(activity(kind, by, obj, number, **more))
    page = {"type": "OrderedCollectionPage", "id": f"{by}/outbox", "orderedItems": [create]}
    await here.meet({"@context": CONTEXT, **page})


async def previewed(here: Here, url: str, words: Words) -> None:
    """Look at a page that is shared, with a word wherever it says something of itself."""
    image = f"https://p.example/{words.new()}.png"
    said = LinkPreviewed(
        url=url, kind="link", title=words.new(), description=words.new(), author_name=words.new(), image=image
    )
    await here.append(said)
    await copied(here, image, words.new())


async def copied(here: Here, url: str, word: str) -> None:
    """Keep a copy of a remote picture."""
    number = here.appender.allot(now())
    row = Media(
        id=number, account_id=None, purpose="remote", kind="image", state="ready", mime="image/png", size=3,
        storage_key=f"remote/{number}/a.png", remote_url=url, created_at=now(),
    )  # fmt: skip
    await here.storage.put(row.storage_key or "", word.encode())
    async with here.pool.connection() as connection:
        await media.add(connection, row)


async def uploaded(here: Here, person: Person, words: Words, status_id: int) -> int:
    number = here.appender.allot(now())
    row = Media(
        id=number, account_id=person.account_id, purpose="attachment", kind="image", state="ready", mime="image/png",
        size=3, storage_key=f"attachments/{number}/a.png", description=words.new(), status_id=status_id,
        created_at=now(),
    )  # fmt: skip
    await here.storage.put(row.storage_key or "", words.new().encode())
    async with here.pool.connection() as connection:
        await media.add(connection, row)
    return number


class Kept:
    """Looks at all that is kept."""

    def __init__(self, here: Here, redis_url: str) -> None:
        self._here, self._redis_url = here, redis_url

    def found(self, words: Iterable[str]) -> dict[str, list[str]]:
        """Return which of some words are where."""
        places = dumps.database(self._here.url)
        places["redis"] = dumps.redis(self._redis_url)
        places["media"] = dumps.folder(self._here.folder)
        said = {place: [word for word in words if word in text.lower()] for place, text in places.items()}
        return {place: found for place, found in said.items() if found}

    def everywhere(self, words: Words) -> set[str]:
        """Return all words that are somewhere."""
        return {word for found in self.found(words.planted).values() for word in found}


async def erase(here: Here, redis: Redis) -> int:
    """Fold, and do all that the deletion leads to; minutes later what is known of pages, a day later also the files."""
    await here.run(Release())
    await previews.forget_unshared.do(await deps_of(here))
    here.fold()
    forget = functools.partial(forget_translations, redis)
    erased = await erase_all(here.url, storage=here.folder, forget=forget)
    here.fold()
    await prune(here.pool, here.storage, media.unattached, now() + UNATTACHED)
    return erased


async def test_s_152_a_deleted_post_of_another_server_is_nowhere(here: Here, redis: Redis, redis_url: str) -> None:
    gone, kept = Words("gone"), Words("kept")
    look = Kept(here, redis_url)
    for who, words in ((BOB, kept), (EVE, None)):
        await here.meet(actor(who, words))
    old, new = written(THERE, BOB, gone), written(THERE, BOB, gone, updated="2026-02-02T00:00:00Z")
    await here.hear(activity("Create", BOB, old, 1, to=[PUBLIC], signature={"signatureValue": "x"}))
    await here.hear(activity("Update", BOB, new, 2, to=[PUBLIC]))
    await here.meet({"@context": CONTEXT, **new})
    await here.hear(activity("Create", BOB, written(f"{BOB}/statuses/2", BOB, kept), 3, to=[PUBLIC]))
    await repeated(here, EVE, new)
    option = new["oneOf"][0]["name"]
    vote = {"id": f"{EVE}/vote", "type": "Note", "attributedTo": EVE, "name": option, "inReplyTo": THERE, "to": [BOB]}
    await here.hear(activity("Create", EVE, vote, 20))
    await copied(here, new["attachment"][0]["url"], gone.new())
    here.fold()
    ((status_id,),) = await here.rows("SELECT id FROM read.statuses WHERE uri = %s", THERE)
    await Translations(Backwards(), redis).translate(status_id, [gone.new()], "en", "de")
    assert look.everywhere(gone) == set(gone.planted)
    assert look.everywhere(kept) == set(kept.planted)

    await here.hear(activity("Delete", BOB, {"id": THERE, "type": "Tombstone"}, 30))
    assert await erase(here, redis) > 10
    assert look.found(gone.planted) == {}
    assert look.everywhere(kept) == set(kept.planted)
    assert await here.rows("SELECT count(*) FROM read.statuses WHERE content LIKE '%%mine%%'") == [(1,)]

    await here.hear(activity("Update", BOB, written(THERE, BOB, gone, updated="2026-03-01T00:00:00Z"), 31))
    await here.hear(activity("Create", BOB, written(THERE, BOB, gone), 32))
    await here.meet({"@context": CONTEXT, **written(THERE, BOB, gone)})
    await repeated(here, EVE, written(THERE, BOB, gone))
    await erase(here, redis)
    assert look.found(gone.planted) == {}
    assert await here.rows("SELECT count(*) FROM read.statuses WHERE uri = %s", THERE) == [(0,)]
    await asyncio.to_thread(rebuild, here.url)
    assert look.found(gone.planted) == {}
    assert (await asyncio.to_thread(verify, here.url, None)).equal


async def test_s_152_a_deleted_account_of_another_server_is_nowhere(here: Here, redis: Redis, redis_url: str) -> None:
    gone, kept = Words("gone"), Words("kept")
    look = Kept(here, redis_url)
    profile = actor(BOB, gone)
    await here.meet(profile)
    await here.meet(actor(EVE, kept))
    await here.hear(activity("Update", BOB, actor(BOB, gone), 1))
    await copied(here, profile["icon"]["url"], gone.new())
    await here.hear(activity("Create", BOB, written(THERE, BOB, gone), 2))
    unknown = written(f"{BOB}/statuses/2", BOB, gone)
    await repeated(here, EVE, unknown)
    await here.hear(activity("EmojiReact", BOB, f"{EVE}/statuses/7", 3, content=f":{gone.new()}:", tag=gone.new()))
    await here.hear(activity("Flag", BOB, [EVE], 4, content=gone.new()))
    here.fold()
    assert look.everywhere(gone) == set(gone.planted)

    await here.hear(activity("Delete", BOB, BOB, 30))
    await erase(here, redis)
    assert look.found(gone.planted) == {}
    assert look.everywhere(kept) == set(kept.planted)

    await here.hear(activity("Update", BOB, actor(BOB, gone), 31))
    await here.meet(actor(BOB, gone))
    await here.hear(activity("Create", BOB, written(f"{BOB}/statuses/3", BOB, gone), 32))
    await erase(here, redis)
    assert look.found(gone.planted) == {}
    await asyncio.to_thread(rebuild, here.url)
    assert look.found(gone.planted) == {}
    assert await here.rows("SELECT count(*) FROM read.accounts WHERE uri = %s", BOB) == [(0,)]


def private_acts(person: Person, other: int, words: Words) -> list[Event]:
    """Return all that somebody can write down for themselves."""
    mine = person.account_id
    poll = PlannedPoll(options=(words.new(), words.new()), expires_in=600)
    planned = PlannedStatus(text=words.new(), spoiler_text=words.new(), poll=poll)
    at = datetime(2030, 1, 1, tzinfo=UTC)
    keyword = Keyword(id=mine + 2, keyword=words.new(), whole_word=True)
    return [
        AccountNoted(account_id=mine, target_id=other, comment=words.new()),
        ListSaved(list_id=mine + 1, account_id=mine, title=words.new(), replies_policy="list", exclusive=False),
        FilterSaved(
            filter_id=mine + 1,
            account_id=mine,
            title=words.new(),
            context=("home",),
            action="warn",
            keywords=(keyword,),
        ),
        CollectionSaved(
            collection_id=mine + 1, account_id=mine, name=words.new(), description=words.new(), tag=words.new()
        ),
        StatusScheduled(scheduled_id=mine + 5, account_id=mine, scheduled_at=at, status=planned),
        ReportFiled(report_id=mine + 6, account_id=mine, target_id=other, comment=words.new(), category="spam"),
        TagFollowed(account_id=mine, name=words.new()),
        TagFeatured(account_id=mine, name=words.new(), written=words.new()),
        LinkVerified(account_id=mine, url=f"https://{words.new()}.example/", verified_at=at),
    ]


async def logged_in(here: Here, person: Person, words: Words) -> None:
    """Give somebody a login, with all that hangs on it."""
    ((user,),) = await here.rows(
        "INSERT INTO registry.users (account_id, username, email, password_hash, reason, confirmed_at)"
        " VALUES (%s, %s, %s, 'x', %s, now()) RETURNING id",
        person.account_id, person.name, f"{words.new()}@example.org", words.new(),
    )  # fmt: skip
    mine, report = person.account_id, f'{{"word": "{words.new()}"}}'
    session = "registry.sessions (hash, user_id, user_agent, expires_at) VALUES (%s, %s, %s, now())"
    letter = (
        "procrastinate_jobs (queue_name, task_name, status, args) VALUES ('mailers', 'mail.send', 'failed',"
        " jsonb_build_object('job', jsonb_build_object('user_id', %s::bigint, 'email', %s::text)))"
    )
    for statement, *values in (
        (session, person.name, user, words.new()),
        ("registry.web_settings (user_id, data) VALUES (%s, %s)", user, words.new()),
        ("registry.annual_reports (account_id, year, data) VALUES (%s, 2025, %s)", mine, report),
        ("registry.markers (account_id, timeline, last_read_id) VALUES (%s, 'home', 1)", mine),
        ("registry.read_announcements (account_id, announcement_id) VALUES (%s, 1)", mine),
        ("registry.dismissed_suggestions (account_id, target_id) VALUES (%s, 1), (1, %s)", mine, mine),
        (letter, user, words.new()),
    ):  # fmt: skip
        await here.rows(f"INSERT INTO {statement} RETURNING 1", *values)


async def test_s_152_a_deleted_account_of_this_server_is_nowhere(here: Here, redis: Redis, redis_url: str) -> None:
    gone, kept = Words("gone"), Words("kept")
    look = Kept(here, redis_url)
    alice, carol = await here.person("alice"), await here.person("carol")
    await here.meet(actor(EVE))
    for person, words, other in ((alice, gone, carol), (carol, kept, alice)):
        await here.say(person, "Update", person.document() | written_of(words))
        await logged_in(here, person, words)
        for event in private_acts(person, EVE_ID if person is carol else other.account_id, words):
            await here.append(event)
        number = here.appender.allot(now())
        post = written(f"{person.id}/statuses/{number}", person.id, words)
        await uploaded(here, person, words, number)
        raw = msgspec.Raw(msgspec.json.encode(activity("Create", person.id, post, 1, to=[PUBLIC])))
        said = ActivityPublished(
            document=raw,
            account_id=person.account_id,
            status_id=number,
            text=words.new(),
            application=(words.new(), ""),
        )
        await here.append(said)
        await repeated(here, EVE, post)
    await here.append(AccountNoted(account_id=carol.account_id, target_id=alice.account_id, comment=gone.new()))
    await here.hear(activity("Flag", EVE, [alice.id], 77, content=gone.new()))
    here.fold()
    assert look.everywhere(gone) == set(gone.planted)
    assert look.everywhere(kept) == set(kept.planted)

    await here.say(alice, "Delete", alice.id)
    await erase(here, redis)
    assert look.found(gone.planted) == {}
    assert look.everywhere(kept) == set(kept.planted)
    ours = "SELECT count(*) FROM {} WHERE account_id = %s"
    for table in (
        "registry.markers",
        "registry.read_announcements",
        "registry.dismissed_suggestions",
        "registry.users",
    ):
        assert await here.rows(ours.format(table), alice.account_id) == [(0,)]
    assert (await asyncio.to_thread(verify, here.url, None)).equal


async def test_of_a_deleted_account_its_keys_and_whom_it_reached_go_once_its_end_was_told(
    here: Here, redis: Redis
) -> None:
    alice, carol = await here.person("alice"), await here.person("carol")
    here.fold()
    for person in (alice, carol):
        await here.rows(
            "INSERT INTO effects.reached (account_id, inbox_id) VALUES (%s, 1) RETURNING 1", person.account_id
        )
    position = await here.say(alice, "Delete", alice.id)
    row = "(position, inbox_id, host, account_id, about, said_at) VALUES (%s, 1, '', %s, 1, now())"
    await here.rows(f"INSERT INTO effects.deliveries {row} RETURNING 1", position, alice.account_id)
    deps = await deps_of(here)

    async def signers() -> list[tuple[Any, ...]]:
        await erasures.delete_keys.do(deps)
        return await here.rows("SELECT account_id FROM registry.keys ORDER BY 1")

    here.fold()
    both, one = [(alice.account_id,), (carol.account_id,)], [(carol.account_id,)]
    assert await signers() == both
    await erase(here, redis)
    assert await here.rows("SELECT account_id FROM effects.reached") == one
    await here.rows("UPDATE effects.erasures SET done_at = done_at - interval '31 days' RETURNING 1")
    assert await signers() == both
    await here.rows("UPDATE effects.deliveries SET outcome = 'expired' RETURNING 1")
    assert await signers() == one


async def test_a_plan_is_forgotten_when_it_is_over(here: Here, redis: Redis, redis_url: str) -> None:
    gone = Words("plan")
    look = Kept(here, redis_url)
    alice = await here.person("alice")
    planned = PlannedStatus(text=gone.new())
    later = now() + timedelta(days=1)
    await here.append(StatusScheduled(scheduled_id=5, account_id=alice.account_id, scheduled_at=later, status=planned))
    await erase(here, redis)
    assert look.everywhere(gone) == set(gone.planted)
    await here.append(StatusUnscheduled(scheduled_id=5, account_id=alice.account_id))
    await erase(here, redis)
    assert look.found(gone.planted) == {}


def sharing(who: str, number: int, content: str) -> Document:
    uri = f"{who}/statuses/{number}"
    note = {"id": uri, "type": "Note", "attributedTo": who, "content": content, "to": [PUBLIC]}
    return activity("Create", who, note, number, to=[PUBLIC])


async def test_a_page_is_known_for_as_long_as_somebody_shares_it(here: Here, redis: Redis, redis_url: str) -> None:
    gone, kept = Words("gone"), Words("kept")
    look = Kept(here, redis_url)
    lone, common = f"https://p.example/{gone.new()}", f"https://p.example/{kept.new()}"
    for who in (BOB, EVE):
        await here.meet(actor(who))
    for number, (who, url) in enumerate([(BOB, lone), (EVE, common), (BOB, common)]):
        content = f'<p><a href="{url}">page</a></p>'
        await here.hear(sharing(who, number, content))
    await previewed(here, lone, gone)
    await previewed(here, common, kept)
    await erase(here, redis)
    assert look.everywhere(gone) == set(gone.planted)
    assert look.everywhere(kept) == set(kept.planted)

    await here.hear(activity("Delete", BOB, BOB, 30))
    await erase(here, redis)
    assert look.found(gone.planted) == {}
    assert look.everywhere(kept) == set(kept.planted)
    await asyncio.to_thread(rebuild, here.url)
    assert look.found(gone.planted) == {}
    assert await here.rows("SELECT url FROM read.cards") == [(common,)]
    assert (await asyncio.to_thread(verify, here.url, None)).equal

    again = f'<p><a href="{lone}">again</a></p>'
    await here.hear(sharing(EVE, 9, again))
    await previewed(here, lone, Words("new"))
    await erase(here, redis)
    assert await here.rows("SELECT title FROM read.cards WHERE url = %s", lone) == [("new02z",)]


async def test_what_was_taken_back_before_it_came_is_not_kept(here: Here, redis: Redis, redis_url: str) -> None:
    gone, kept = Words("gone"), Words("kept")
    look = Kept(here, redis_url)
    for who in (BOB, EVE):
        await here.meet(actor(who))
    await here.hear(activity("Delete", BOB, THERE, 1))
    await here.hear(activity("Create", BOB, written(THERE, BOB, gone), 2))
    elsewhere = written(THERE, EVE, kept)
    await here.hear(activity("Announce", EVE, elsewhere, 3))
    assert await erase(here, redis) == 1
    assert look.found(gone.planted) == {}
    assert look.everywhere(kept) == set(kept.planted)


async def test_an_operator_erases_what_nobody_deleted(here: Here, redis: Redis, redis_url: str) -> None:
    gone = Words("gone")
    look = Kept(here, redis_url)
    await here.meet(actor(BOB))
    await here.hear(activity("Create", BOB, written(THERE, BOB, gone), 2))
    await here.append(ErasureDemanded(uri=THERE, actor=BOB, demand="moderator"))
    await erase(here, redis)
    assert look.found(gone.planted) == {}
    demands = await here.rows("SELECT demand FROM effects.erasures")
    assert demands == [("moderator",)]
    said = await here.rows("SELECT convert_from(state, 'UTF8') FROM log.events WHERE topic = 'log.redacted'")
    assert '"demand":"moderator"' in said[0][0]


async def test_nobody_whom_an_operator_erased_comes_back(here: Here, redis: Redis, redis_url: str) -> None:
    gone = Words("gone")
    look = Kept(here, redis_url)
    for before in (True, False):
        if before:
            await here.meet(actor(BOB, gone))
        uri = BOB if before else EVE
        await here.append(ErasureDemanded(uri=uri, actor=uri, demand="moderator"))
        await here.meet(actor(uri, gone))
        await here.hear(activity("Create", uri, written(f"{uri}/statuses/1", uri, gone), 3))
        await erase(here, redis)
    assert await here.rows("SELECT uri FROM read.accounts") == []
    assert {word for word in look.everywhere(gone) if word in gone.planted} == set()


async def test_who_was_found_gone_and_is_there_again_keeps_what_is_said_since(here: Here, redis: Redis) -> None:
    await here.meet(actor(BOB))
    await here.append(DocumentVanished(url=BOB))
    await here.meet(actor(BOB) | {"name": "again"})
    await erase(here, redis)
    assert await here.rows("SELECT display_name FROM read.accounts") == [("again",)]
    await asyncio.to_thread(rebuild, here.url)
    assert await here.rows("SELECT display_name FROM read.accounts") == [("again",)]


async def test_nothing_is_erased_that_an_effect_has_yet_to_read(here: Here) -> None:
    await here.meet(actor(BOB))
    await here.hear(activity("Create", BOB, written(THERE, BOB, Words("gone")), 2))
    await here.hear(activity("Delete", BOB, THERE, 3))
    here.fold()
    assert await erase_all(here.url, lagging=2) == 0
    assert await here.rows("SELECT through FROM effects.erasures WHERE done_at IS NOT NULL") == []
    assert await erase_all(here.url) == 1


async def test_nobody_is_sent_a_stub_and_everybody_the_deletion(here: Here) -> None:
    alice = await here.person("alice")
    post = await here.post(alice, content=Words("gone").new())
    tombstone = {"id": post["id"], "type": "Tombstone", "atomUri": post["id"]}
    await here.say(alice, "Delete", tombstone)
    await here.say(alice, "Delete", alice.id)
    here.fold()
    await here.rows(
        "INSERT INTO effects.inboxes (url, host) VALUES ('https://b.example/inbox', 'b.example') RETURNING 1"
    )
    for position in (3, 4, 5):
        row = "(position, inbox_id, host, account_id, about, said_at) VALUES (%s, 1, '', 1, 1, now())"
        await here.rows(f"INSERT INTO effects.deliveries {row} RETURNING 1", position)
    await erase_all(here.url)
    outcomes = await here.rows("SELECT position, outcome FROM effects.deliveries ORDER BY position")
    assert outcomes == [(3, "expired"), (4, None), (5, None)]


async def test_nor_does_who_was_about_to_send_it_find_anything_but_a_stub(here: Here) -> None:
    alice = await here.person("alice")
    post = await here.post(alice, content=Words("gone").new())
    await here.say(alice, "Delete", {"id": post["id"], "type": "Tombstone"})
    here.fold()
    delivery = Delivery(
        position=3, inbox_id=1, url="", account_id=alice.account_id, about=1, said_at=now(), attempts=0, status=None
    )
    turn = [delivery, msgspec.structs.replace(delivery, position=4)]
    found = []
    for _ in range(2):
        parcels = Parcels(here.url, here.pool)
        found.append(set(await parcels.of(turn)))
        parcels.close()
        await erase_all(here.url)
    assert found == [{3, 4}, {4}]


async def test_what_cannot_be_erased_keeps_nothing_else_from_it(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    await here.meet(actor(BOB))
    for number in (1, 2, 3):
        await here.hear(activity("Create", BOB, written(f"{BOB}/statuses/{number}", BOB, Words("gone")), number))
        await here.hear(activity("Delete", BOB, f"{BOB}/statuses/{number}", number))
    here.fold()
    whole = redaction.redact

    def faulty(connection: Any, positions: Any, *rest: Any) -> Any:
        if 5 in positions:
            raise ValueError("a fault of ours")
        return whole(connection, positions, *rest)

    monkeypatch.setattr(redaction, "redact", faulty)
    assert await erase_all(here.url) == 2
    assert await here.rows("SELECT uri FROM effects.erasures WHERE done_at IS NULL") == [(f"{BOB}/statuses/2",)]


async def test_more_than_a_thousand_posts_of_one_account_go_in_seconds(here: Here) -> None:
    await here.meet(actor(BOB))
    raws = [
        msgspec.json.encode(activity("Create", BOB, written(f"{BOB}/statuses/{n}", BOB, Words("many")), n))
        for n in range(1200)
    ]
    async with asyncio.TaskGroup() as tasks:
        for raw in raws:
            tasks.create_task(here.hear(msgspec.json.decode(raw)))
    await here.hear(activity("Delete", BOB, BOB, 4000))
    here.fold()
    started = asyncio.get_running_loop().time()
    assert await erase_all(here.url) == 1201
    assert asyncio.get_running_loop().time() - started < 30
    ((left,),) = await here.rows("SELECT count(*) FROM log.events WHERE convert_from(state, 'UTF8') LIKE '%%many%%'")
    assert left == 0


async def test_a_list_of_what_was_erased_brings_it_down_again_after_a_restore(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "list" / "erasures.jsonl"
    await here.meet(actor(BOB))
    await here.hear(activity("Create", BOB, written(THERE, BOB, Words("gone")), 2))
    await here.hear(activity("Delete", BOB, THERE, 3))
    here.fold()
    await erase_all(here.url, list_file=file)
    (line,) = [msgspec.json.decode(line) for line in file.read_bytes().splitlines()]
    assert (line["what"], line["uri"], line["actor"], line["demand"]) == ("post", THERE, BOB, "origin")
    await erase_all(here.url, list_file=file)
    assert file.read_bytes().count(b"\n") == 1


def test_a_list_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    from fedi.effects import erasure_list

    file = tmp_path / "erasures.jsonl"
    line = erasure_list.Line(key="k", what="post", uri=THERE, actor=BOB, demand="origin", at=now())
    erasure_list.add(file, [line])
    file.write_bytes(file.read_bytes() + b'{"key": "cut')
    assert list(erasure_list.read(file)) == [line]
    assert file.stat().st_mode & 0o077 == 0


async def test_the_check_finds_what_the_index_missed_and_has_it_erased(here: Here) -> None:
    from fedi.effects import erasure_check

    await here.meet(actor(BOB))
    await here.hear(activity("Create", BOB, written(THERE, BOB, Words("gone")), 2))
    here.fold()
    await here.rows("DELETE FROM read.log_index RETURNING 1")
    await here.hear(activity("Delete", BOB, THERE, 3))
    here.fold()
    assert await erase_all(here.url) == 0
    with psycopg.connect(here.url, autocommit=True) as connection:
        found = list(erasure_check.check(connection))
        assert [(each.position, each.uri) for each in found] == [(3, THERE)]
        assert erasure_check.again(connection, found) == 1
    assert await erase_all(here.url) == 1
    with psycopg.connect(here.url, autocommit=True) as connection:
        assert list(erasure_check.check(connection)) == []


EVE_ID = 4242
"""Somebody of whom nothing more is known."""


async def test_a_list_that_cannot_be_written_stops_nothing(
    here: Here, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    await here.meet(actor(BOB))
    await here.hear(activity("Create", BOB, written(THERE, BOB, Words("gone")), 2))
    await here.hear(activity("Delete", BOB, THERE, 3))
    here.fold()
    assert await erase_all(here.url, list_file=tmp_path / "file" / "list") == 1
    assert "cannot be written down" in caplog.text
    await erase_all(here.url, list_file=tmp_path / "list")
    assert THERE in (tmp_path / "list").read_text()
