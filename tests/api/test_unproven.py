"""Who posts again is taken for whom they were, and nothing comes of it if they are not."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import msgspec
import psycopg
import pytest

from fedi.api.deps import Deps
from fedi.commands import attachments
from fedi.log.appender import Appender
from fedi.log.drafts import Appended
from fedi.log.queue import Queue, Waiting
from fedi.registry import access, tokens, users
from fedi.registry.access import Access
from fedi.registry.rows import Connection
from fedi.registry.users import Preferences
from fedi.views import author_memory
from fedi.views.author_memory import AuthorMemory
from fedi.views.authors import Authors
from fedi.views.write_marks import Last, Marks
from tests.support.events import draft
from tests.support.phone import Phone, phone, picture

pytestmark = pytest.mark.usefixtures("projector")
STATUSES = "/api/v1/statuses"
LATER = (datetime.now(UTC) + timedelta(days=1)).isoformat()
Ending = Callable[[Connection, int], Awaitable[object]]


class Asked:
    """What the database was asked of who asks: tokens, and people who write."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tokens = self.authors = 0
        viewers, author = tokens.viewers, Authors.author

        async def looked_up(*given: Any) -> Any:
            self.tokens += 1
            return await viewers(*given)

        async def read(*given: Any) -> Any:
            self.authors += 1
            return await author(*given)

        monkeypatch.setattr(access, "viewers", looked_up)
        monkeypatch.setattr(Authors, "author", read)

    def forget(self) -> None:
        self.tokens = self.authors = 0


@pytest.fixture
def remembering(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> Deps:
    """A process in which two seconds pass between any two questions who asks: it takes no token for known."""
    monkeypatch.setattr(author_memory, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(author_memory, "ROUND_SECONDS", 0.01)
    seconds = itertools.count(0, 2)
    return msgspec.structs.replace(deps, access=Access(deps.pool, deps.clock, lambda: next(seconds)))


@pytest.fixture
async def ada(remembering: Deps) -> Phone:
    """Somebody who has posted here, and is remembered."""
    found = await phone(remembering, "ada")
    await found.call("POST", STATUSES, json={"status": "First"})
    await found.call("POST", STATUSES, json={"status": "Second"})  # that the token was used is noted with the first
    await known(remembering.authors, found)
    return found


@pytest.fixture
def asked(ada: Phone, monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


async def known(authors: AuthorMemory, someone: Phone) -> None:
    """Wait until somebody is remembered, which their last post has made forgotten."""
    for _ in range(1_000):
        if authors.recall(someone.owner.id, None) is not None:
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


async def login(pg: Connection, someone: Phone) -> int:
    return await number(pg, "SELECT id FROM registry.users WHERE account_id = %s", someone.owner.id)


async def last(pg: Connection) -> int:
    return await number(pg, "SELECT max(notification_id) FROM log.events")


async def number(pg: Connection, query: str, *values: object) -> int:
    row = await (await pg.execute(query, values)).fetchone()
    assert row is not None
    found: int = row[0]
    return found


async def disable(pg: Connection, user_id: int) -> None:
    await users.set_state(pg, user_id, approved=True, disabled=True)


async def narrow(pg: Connection, user_id: int) -> None:
    await pg.execute("UPDATE registry.tokens SET scopes = '{read}' WHERE user_id = %s", [user_id])


async def remove(pg: Connection, user_id: int) -> None:
    await pg.execute("DELETE FROM registry.tokens WHERE user_id = %s", [user_id])


ENDINGS: list[tuple[Ending, int, str]] = [
    (tokens.revoke_of_user, 401, "The access token was revoked"),
    (remove, 401, "The access token is invalid"),
    (disable, 403, "Your login is currently disabled"),
    (narrow, 403, "This action is outside the authorized scopes"),
]


async def test_who_is_remembered_is_neither_looked_up_nor_read(
    ada: Phone, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(author_memory, "ROUND_SECONDS", 60.0)  # nor read again meanwhile
    await ada.call("POST", STATUSES, json={"status": "Third"})
    assert (asked.tokens, asked.authors) == (0, 0)


async def test_nobody_is_asked_for_who_is_remembered(
    remembering: Deps, ada: Phone, asked: Asked, pg: Connection
) -> None:
    posted = await ada.call("POST", STATUSES, json={"status": "Third"})
    assert (posted["content"], posted["account"]["statuses_count"]) == ("<p>Third</p>", 3)
    assert asked.tokens == 0
    await known(remembering.authors, ada)
    asked.forget()
    posted = await ada.call("POST", STATUSES, json={"status": "Fourth", "in_reply_to_id": posted["id"]})
    assert posted["account"]["statuses_count"] == 4
    assert asked.tokens == 0


async def test_somebody_is_read_once_they_are_not_remembered(ada: Phone, asked: Asked, remembering: Deps) -> None:
    await remembering.written.all_said()
    remembering.authors._known.clear()
    await ada.call("POST", STATUSES, json={"status": "Third"})
    assert (asked.tokens, asked.authors > 0) == (1, True)


@pytest.mark.parametrize(("end", "status", "error"), ENDINGS)
@pytest.mark.parametrize(
    "what",
    [{"status": "Let me in"}, {"status": "Let me in", "scheduled_at": LATER}, {"status": ""}, {"status": "x" * 501}],
    ids=["a post", "later", "nothing", "too much"],
)
async def test_whose_token_ended_says_nothing_and_is_told_so(
    ada: Phone, pg: Connection, end: Ending, status: int, error: str, what: dict[str, str]
) -> None:
    before = await last(pg)
    await end(pg, await login(pg, ada))
    assert await ada.call("POST", STATUSES, status, json=what) == {"error": error}
    assert await last(pg) == before
    assert await ada.call("POST", STATUSES, status, json=what) == {"error": error}


async def test_whose_token_ended_is_not_told_what_they_said_before(
    remembering: Deps, ada: Phone, pg: Connection
) -> None:
    keyed: dict[str, Any] = {"json": {"status": "Once"}, "headers": {"Idempotency-Key": "again"}}
    posted = await ada.call("POST", STATUSES, **keyed)
    await known(remembering.authors, ada)
    assert (await ada.call("POST", STATUSES, **keyed))["id"] == posted["id"]
    await known(remembering.authors, ada)
    await tokens.revoke_of_user(pg, await login(pg, ada))
    assert await ada.call("POST", STATUSES, 401, **keyed) == {"error": "The access token was revoked"}


async def test_a_token_that_ended_is_not_taken_for_known_because_it_was_just_looked_up(
    remembering: Deps, pg: Connection
) -> None:
    now = [0.0]
    standing = Access(remembering.pool, remembering.clock, lambda: now[0])
    bob = await phone(msgspec.structs.replace(remembering, access=standing), "bob")
    for now[0], text in ((0.0, "First"), (2.0, "Second")):
        await bob.call("POST", STATUSES, json={"status": text})
    await known(remembering.authors, bob)
    before = await last(pg)
    await tokens.revoke_of_user(pg, await login(pg, bob))
    await bob.call("POST", STATUSES, 401, json={"status": "Third"})
    assert await last(pg) == before


async def test_what_somebody_prefers_counts_from_the_next_post_on(
    remembering: Deps, ada: Phone, asked: Asked, pg: Connection
) -> None:
    user_id = await login(pg, ada)
    for privacy in ("private", "unlisted", "public"):
        await known(remembering.authors, ada)
        await users.set_preferences(pg, user_id, Preferences(default_privacy=privacy))
        asked.forget()
        assert (await ada.call("POST", STATUSES, json={"status": privacy}))["visibility"] == privacy
        assert asked.tokens == 1


async def test_what_changes_while_a_post_is_made_counts_too(
    ada: Phone, pg: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id, append, before = await login(pg, ada), Appender.append, await last(pg)

    async def after_a_change(*given: Any) -> Appended:
        monkeypatch.setattr(Appender, "append", append)
        await users.set_preferences(pg, user_id, Preferences(default_privacy="private"))
        return await append(*given)

    monkeypatch.setattr(Appender, "append", after_a_change)
    assert (await ada.call("POST", STATUSES, json={"status": "Soon"}))["visibility"] == "private"
    assert await last(pg) == before + 1


async def test_a_new_name_is_in_the_answer_to_the_next_post(remembering: Deps, ada: Phone) -> None:
    await ada.call("PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "Ada L."})
    assert (await ada.call("POST", STATUSES, json={"status": "Me"}))["account"]["display_name"] == "Ada L."
    await known(remembering.authors, ada)
    await ada.call("PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "Ada B."})
    assert (await ada.call("POST", STATUSES, json={"status": "Me"}))["account"]["display_name"] == "Ada B."


async def test_a_token_that_was_not_used_for_an_hour_is_looked_up(
    remembering: Deps, ada: Phone, asked: Asked, pg: Connection
) -> None:
    later = remembering.clock() + timedelta(hours=2)
    there = msgspec.structs.replace(remembering, clock=lambda: later)
    used = await phone(there, "other")
    used.owner, used.headers = ada.owner, ada.headers
    asked.forget()
    await used.call("POST", STATUSES, json={"status": "After a while"})
    assert asked.tokens == 1


async def test_uploads_of_who_may_not_post_can_be_used_again(ada: Phone, pg: Connection) -> None:

    upload = await ada.call("POST", "/api/v1/media", files={"file": ("a.png", picture(), "image/png")})
    await disable(pg, await login(pg, ada))
    shown = {"status": "Look", "media_ids": [upload["id"]]}
    await ada.call("POST", STATUSES, 403, json=shown)
    await users.set_state(pg, await login(pg, ada), approved=True, disabled=False)
    assert [each["id"] for each in (await ada.call("POST", STATUSES, json=shown))["media_attachments"]] == [
        upload["id"]
    ]


@pytest.mark.parametrize("names", [None, "status", "spoiler_text"])
async def test_nothing_is_taken_and_nobody_looked_for_before_who_asks_is_known(
    remembering: Deps, pg: Connection, names: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought = list[str]()

    async def resolve(handle: str) -> None:
        sought.append(handle)

    commands = msgspec.structs.replace(remembering.commands, resolve=resolve)
    bob = await phone(msgspec.structs.replace(remembering, commands=commands), "bob")
    upload = await bob.call("POST", "/api/v1/media", files={"file": ("a.png", picture(), "image/png")})
    for each in ("First", "Second"):
        await bob.call("POST", STATUSES, json={"status": each})
    await known(remembering.authors, bob)
    await tokens.revoke_of_user(pg, await login(pg, bob))
    bound = mock.AsyncMock()
    monkeypatch.setattr(attachments, "bind", bound)
    said = {names: "Look, @stranger@elsewhere.example"} if names else {"media_ids": [upload["id"]]}
    await bob.call("POST", STATUSES, 401, json=said)
    assert sought == []
    assert not bound.called


async def test_what_somebody_prefers_counts_though_their_token_was_just_looked_up(
    remembering: Deps, ada: Phone, pg: Connection
) -> None:
    await users.set_preferences(pg, await login(pg, ada), Preferences(default_privacy="private"))
    await ada.call("GET", "/api/v1/accounts/verify_credentials")
    assert remembering.authors.recall(ada.owner.id, None) is not None
    assert (await ada.call("POST", STATUSES, json={"status": "Now"}))["visibility"] == "private"


@pytest.mark.parametrize("remembered", [True, False])
async def test_posts_are_counted_once_though_another_process_may_have_written_too(
    remembering: Deps, ada: Phone, remembered: bool
) -> None:
    """Its mark says so, and stays when it dies: nobody knows whether there is more than the views hold."""
    await remembering.redis.zadd(f"fedi:writing:{ada.owner.id}", {"another:1": datetime.now(UTC).timestamp()})
    for number in range(3, 8):
        await known(remembering.authors, ada)
        if not remembered:
            remembering.authors._known.clear()
        posted = await ada.call("POST", STATUSES, json={"status": f"Number {number}"})
        assert posted["account"]["statuses_count"] == number


async def test_nothing_is_asked_while_a_post_is_committed(
    remembering: Deps, ada: Phone, pg: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read then would have the post said again."""

    async def elsewhere(*_: object) -> Last:
        return Last(await last(pg))

    monkeypatch.setattr(Marks, "set", elsewhere)
    monkeypatch.setattr(AuthorMemory, "author", mock.AsyncMock(side_effect=psycopg.OperationalError("away")))
    before = await last(pg)
    await ada.call("POST", STATUSES, json={"status": "Third"})
    assert await last(pg) == before + 1


async def test_who_goes_away_before_it_is_written_leaves_no_mark(
    remembering: Deps, ada: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, held, queued = Queue.put, list[tuple[Queue, Waiting]](), asyncio.Event()

    def hold(self: Queue, waiting: Waiting) -> None:
        held.append((self, waiting))
        queued.set()

    monkeypatch.setattr(Queue, "put", hold)
    asking = asyncio.create_task(ada.http.post(STATUSES, headers=ada.headers, json={"status": "Third"}))
    await asyncio.wait_for(queued.wait(), 10)
    asking.cancel()
    await asyncio.wait([asking])
    for queue, waiting in held:
        put(queue, waiting)
    monkeypatch.setattr(Queue, "put", put)
    await remembering.commands.appender.append([draft()])
    await asyncio.gather(*remembering.written._telling)
    await asyncio.sleep(0.05)
    assert not await remembering.redis.exists(f"fedi:writing:{ada.owner.id}")
