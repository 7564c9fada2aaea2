"""A new status is answered from what was said, without waiting for the views: just as they will show it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import msgspec
import pytest

from fedi.api import pending
from fedi.api.deps import Deps
from fedi.api.streamed import Entities
from fedi.commands.context import note
from fedi.errors import Unavailable
from fedi.events import Event
from fedi.events.emojis import EmojiAdded
from fedi.events.links import LinkPreviewed
from fedi.log.appender import Appender
from fedi.log.drafts import Appended, Draft
from fedi.log.queue import Queue, Waiting
from fedi.projections import generation
from fedi.registry import apps, tokens
from fedi.registry.rows import Connection
from fedi.streams import posted as posts
from fedi.views import statuses
from fedi.views.listeners import ANYBODY, seen_by
from fedi.views.statuses import Status
from fedi.views.write_marks import Last, Marks
from tests.support.phone import Phone, at, phone, picture
from tests.support.server import folded

pytestmark = pytest.mark.usefixtures("projector")

STATUSES = "/api/v1/statuses"


async def say(deps: Deps, *events: Event) -> None:
    await folded(deps, await note(deps.commands, *events))


async def answered(someone: Phone, **body: Any) -> tuple[httpx.Response, httpx.Response]:
    """Post, and return the answer, and what is read afterwards."""
    posted = await someone.http.post(STATUSES, json=body, headers=someone.headers)
    assert posted.status_code == 200, posted.text
    return posted, await someone.http.get(f"{STATUSES}/{posted.json()['id']}", headers=someone.headers)


async def upload(someone: Phone, **form: str) -> str:
    made = await someone.call("POST", "/api/v2/media", files={"file": ("a.png", picture())}, data=form)
    return str(made["id"])


PLAIN: list[dict[str, Any]] = [
    {"status": "Nothing in particular"},
    {"status": "One line\nand <b>another</b> & more\n\nA paragraph"},
    {"status": "#Cats, #cats and #Caf\u00e9; not#this"},
    {"status": "Well?", "poll": {"options": ["a", "b :blob:"], "expires_in": 600}},
    {"status": "Which?", "poll": {"options": ["a", "b"], "expires_in": 600, "multiple": True, "hide_totals": True}},
    {"status": ":blob: is :blob:, :nobody: is not", "spoiler_text": "about :blob:"},
    {"status": "", "spoiler_text": "only this"},
    {"status": "careful", "spoiler_text": "cw"},
    {"status": "careful", "sensitive": True},
    {"status": "Ik spreek", "language": "nl"},
    {"status": "I speak", "language": "no language"},
    {"status": "Look at https://page.example/new?a=1&b=2#there"},
    {"status": "Look at https://page.example/known"},
    {"status": "Look at https://page.example/known and https://page.example/new"},
    {"status": "Mine alone", "quote_approval_policy": "nobody"},
    {"status": "Yours", "quote_approval_policy": "followers"},
    {"status": "a private word", "visibility": "private", "quote_approval_policy": "public"},
    {"status": "to nobody", "visibility": "direct"},
    {"status": "aside #quiet", "visibility": "unlisted"},
    {"status": "caught by a filter"},
]

FILTER = {"title": "F", "context": ["home"], "filter_action": "warn", "keywords_attributes": [{"keyword": "filter"}]}


@pytest.mark.parametrize("named", [False, True])
async def test_what_is_answered_is_what_will_be_read(deps: Deps, named: bool) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await say(
        deps,
        EmojiAdded(emoji_id=7 + named, shortcode="blob", url=f"{deps.site.base_url}/blob.png"),
        LinkPreviewed(url="https://page.example/known", kind="link", title="Known"),
    )
    await ada.call("POST", "/api/v2/filters", json=FILTER)
    for body in PLAIN:
        text = f"{at(bob)} and {at(ada)}: {body['status']} {at(bob)} @nobody" if named else body["status"]
        posted, read = await answered(ada, **{**body, "status": text})
        assert posted.json() == read.json(), body
        assert bool(posted.json()["mentions"]) is named


async def test_what_is_handed_over_is_told_as_what_is_read(deps: Deps) -> None:
    shown: list[Status] = []
    listened = msgspec.structs.replace(deps, posted=shown.append)
    ada, bob = await phone(listened, "ada"), await phone(listened, "bob")
    await say(deps, EmojiAdded(emoji_id=9, shortcode="blob", url=f"{deps.site.base_url}/blob.png"))
    await ada.call("POST", "/api/v2/filters", json=FILTER)
    told = Entities(deps.site).status
    plain = [body for body in PLAIN if "known" not in body["status"]]  # what links there is read in any case
    for body in (*plain, {"status": f"{at(bob)} and {at(ada)}"}, {"status": "Look", "media_ids": [await upload(ada)]}):
        posted, _ = await answered(ada, **body)
        (said,) = [msgspec.json.encode(posts.for_all(each)) for each in shown]
        shown.clear()
        assert b"preferences" not in said
        handed = posts.understood(said)
        assert (handed.viewer, handed.filtered, handed.row.filters_version) == (None, (), None)
        assert bool(posted.json()["filtered"]) is ("filter" in body["status"])
        assert str(handed.row.id) == posted.json()["id"]
        async with deps.pool.connection() as connection:
            (read,) = await statuses.load(connection, [handed.row.id], None)
        assert handed.searchable == read.searchable
        for eyes in (ANYBODY, handed.account.id):
            assert told(seen_by(handed, eyes, {}, {})) == told(seen_by(read, eyes, {}, {})), body


async def test_media_are_answered_as_they_will_be_read(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    for ids in (
        [await upload(ada)],
        [await upload(ada, description="A", focus="0.5,-0.25"), await upload(ada)],
    ):
        posted, read = await answered(ada, status="Look", media_ids=ids)
        assert [each["id"] for each in posted.json()["media_attachments"]] == ids
        assert posted.json() == read.json()


async def test_replies_are_answered_as_they_will_be_read(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    theirs = await bob.call("POST", STATUSES, json={"status": "Theirs"})
    boost = await bob.call("POST", f"{STATUSES}/{theirs['id']}/reblog")
    mine = await ada.call("POST", STATUSES, json={"status": "Mine", "in_reply_to_id": theirs["id"]})
    loud = await ada.call("POST", STATUSES, json={"status": "Loud"})
    await ada.call("POST", f"{STATUSES}/{loud['id']}/mute")
    for parent, muted in ((theirs, False), (boost, False), (mine, False), (loud, True)):
        for visibility in ("public", "private", "direct"):
            posted, read = await answered(ada, status="So", in_reply_to_id=parent["id"], visibility=visibility)
            assert posted.json() == read.json()
            assert posted.json()["muted"] is muted
            assert posted.json()["in_reply_to_id"] == (theirs if parent is boost else parent)["id"]


async def test_quotes_are_answered_as_they_will_be_read(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    for quoted in (
        await bob.call("POST", STATUSES, json={"status": "Theirs"}),
        (await answered(ada, status="1"))[1].json(),
    ):
        posted, read = await answered(ada, status="See", quoted_status_id=quoted["id"])
        assert posted.json() == read.json()
        assert posted.json()["quote"]["quoted_status"]["id"] == quoted["id"]


async def test_the_app_is_answered_as_it_will_be_read(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    async with deps.pool.connection() as connection:
        row = await (
            await connection.execute("SELECT id FROM registry.users WHERE account_id = %s", [ada.owner.id])
        ).fetchone()
        assert row is not None
        for website in (None, "https://app.example"):
            app, _ = await apps.register(
                connection, name="App", website=website, redirect_uris=["urn:ietf:wg:oauth:2.0:oob"], scopes=["write"]
            )
            key = deps.settings.secret_key_base
            token = await tokens.issue(connection, key, app_id=app.id, user_id=row[0], scopes=["read", "write"])
            ada.headers = {"Authorization": f"Bearer {token.secret}"}
            posted, read = await answered(ada, status="By an app")
            assert posted.json() == read.json()
            assert posted.json()["application"] == {"name": "App", "website": website}


async def test_the_answer_waits_for_no_view_and_the_next_read_does(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await phone(deps, "ada")
    waited = list[int]()
    real = deps.written._progress.wait_for

    async def wait_for(position: int, within: float = 1.0) -> bool:
        waited.append(position)
        return await real(position, within)

    monkeypatch.setattr(deps.written._progress, "wait_for", wait_for)
    posted = await ada.http.post(STATUSES, json={"status": "Quick"}, headers=ada.headers)
    before = max(waited, default=0)
    home = await ada.call("GET", "/api/v1/timelines/home")
    assert home[0]["id"] == posted.json()["id"]
    assert max(waited) > before


async def test_who_posts_again_waits_for_no_view_and_has_one_status_more(
    deps: Deps, pg: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await phone(deps, "ada")

    async def wait_for(position: int, within: float = 1.0) -> bool:
        assert position <= deps.written._progress.reached
        return True

    async with pg.transaction():
        await pg.execute(generation.SQL["fold_lock"])
        with monkeypatch.context() as patched:
            patched.setattr(deps.written._progress, "wait_for", wait_for)
            for visibility, statuses in (("public", 1), ("direct", 1), ("private", 2), ("unlisted", 3)):
                said = {"status": "Quick", "visibility": visibility}
                posted = await ada.http.post(STATUSES, json=said, headers=ada.headers)
                assert posted.json()["account"]["statuses_count"] == statuses
    shown = await ada.call("GET", f"/api/v1/accounts/{ada.owner.id}")
    assert shown["statuses_count"] == 3


async def test_whoever_names_a_new_status_at_once_finds_it(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    for _ in range(5):
        posted = (await ada.http.post(STATUSES, json={"status": "Fresh"}, headers=ada.headers)).json()
        assert (await bob.call("GET", f"{STATUSES}/{posted['id']}"))["id"] == posted["id"]
        posted = (await ada.http.post(STATUSES, json={"status": "Fresh"}, headers=ada.headers)).json()
        reply = await bob.call("POST", STATUSES, json={"status": "And so?", "in_reply_to_id": posted["id"]})
        assert reply["in_reply_to_id"] == posted["id"]


async def test_what_is_not_there_is_not_waited_for_twice(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    secret = await ada.call("POST", STATUSES, json={"status": "between us", "visibility": "direct"})
    await bob.call("GET", f"{STATUSES}/{secret['id']}", 404)
    await bob.call("GET", f"{STATUSES}/{int(secret['id']) + 1}", 404)
    await bob.call("POST", STATUSES, 404, json={"status": "So", "in_reply_to_id": secret["id"]})


async def test_other_processes_see_that_somebody_posts_before_they_are_answered_and_nobody_waits_to_tell_them_more(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await phone(deps, "ann")
    append, put, committed, seen = Appender.append, Marks.set, asyncio.Event(), asyncio.Event()

    async def once_it_is_seen(self: Marks, account_id: int, mark: str) -> Last | None:
        await seen.wait()
        return await put(self, account_id, mark)

    async def noted(self: Appender, drafts: Sequence[Draft], *how: Any) -> Appended:
        appended = await append(self, drafts, *how)
        committed.set()
        return appended

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Marks, "set", once_it_is_seen)
    monkeypatch.setattr(Appender, "append", noted)
    monkeypatch.setattr(Marks, "tell", never)
    answering = asyncio.create_task(ann.call("POST", STATUSES, json={"status": "Seen in time"}))
    await asyncio.wait_for(committed.wait(), 10)
    assert not (await asyncio.wait([answering], timeout=0.2))[0]
    assert not await deps.redis.exists(f"fedi:writing:{ann.owner.id}")
    seen.set()
    await answering
    assert await deps.redis.exists(f"fedi:writing:{ann.owner.id}") == 1


async def test_the_answer_is_made_while_the_post_is_committed_and_given_afterwards(
    deps: Deps, pg: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await phone(deps, "ann")
    made, make = asyncio.Event(), pending.new_post

    async def noted(*given: Any) -> Status | None:
        shown = await make(*given)
        made.set()
        return shown

    monkeypatch.setattr(pending, "new_post", noted)
    await pg.execute("SELECT pg_advisory_lock(7378413967429627751)")
    answering = asyncio.create_task(ann.call("POST", STATUSES, json={"status": "Soon"}))
    await asyncio.wait_for(made.wait(), 10)
    assert not (await asyncio.wait([answering], timeout=0.2))[0]
    await pg.execute("SELECT pg_advisory_unlock(7378413967429627751)")
    assert (await answering)["content"] == "<p>Soon</p>"


async def test_twins_of_a_request_are_answered_with_the_one_post_that_was_made(
    deps: Deps, pg: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each the answer is made while the log is at work on it, and it takes only one of them."""
    ann = await phone(deps, "ann")
    put, waiting, both_wait = Queue.put, list[Waiting](), asyncio.Event()

    def noted(self: Queue, unit: Waiting) -> None:
        put(self, unit)
        waiting.append(unit)
        if len(waiting) == 2:
            both_wait.set()

    monkeypatch.setattr(Queue, "put", noted)
    await pg.execute("SELECT pg_advisory_lock(7378413967429627751)")
    keyed: dict[str, Any] = {"json": {"status": "Once"}, "headers": {"Idempotency-Key": "twins"}}
    twins = [asyncio.create_task(ann.call("POST", STATUSES, **keyed)) for _ in range(2)]
    await asyncio.wait_for(both_wait.wait(), 10)
    await pg.execute("SELECT pg_advisory_unlock(7378413967429627751)")
    one, other = await asyncio.gather(*twins)
    assert one["id"] == other["id"]
    assert (await ann.call("GET", f"{STATUSES}/{one['id']}"))["content"] == "<p>Once</p>"


async def test_of_what_the_log_does_not_take_nobody_is_answered(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await phone(deps, "ann")
    put = Queue.put

    def full(self: Queue, waiting: Waiting) -> None:
        assert waiting.begun is not None
        waiting.begun()
        raise Unavailable("too much waits")

    monkeypatch.setattr(Queue, "put", full)
    await ann.call("POST", STATUSES, 503, json={"status": "Not yet"})
    monkeypatch.setattr(Queue, "put", put)
    assert (await ann.call("GET", "/api/v1/accounts/verify_credentials"))["statuses_count"] == 0
