"""What is read of a person before it is known whether they may ask at all."""

import asyncio
import gc
import itertools
from collections.abc import Awaitable, Callable

import msgspec
import pytest
from psycopg import AsyncConnection

from fedi.api.deps import Deps
from fedi.api.foreseen import Foreseen
from fedi.registry import tokens, users
from fedi.registry.access import Access
from fedi.registry.rows import Connection
from fedi.registry.tokens import Viewer
from fedi.views.author_memory import AuthorMemory
from fedi.views.authors import Author
from tests.support.phone import Phone, phone

pytestmark = pytest.mark.usefixtures("projector")
POST = ("POST", "/api/v1/statuses")
Ending = Callable[[Connection, int], Awaitable[object]]


class Counting(AuthorMemory):
    """Counts who was looked up, and tells that somebody was; remembers nobody."""

    def __init__(self, authors: AuthorMemory) -> None:
        self._counted = authors
        self.read = asyncio.Event()
        self.times = 0

    def recall(self, account_id: int, app_id: int | None) -> None:
        """Everybody is to be looked up."""

    async def author(self, account_id: int, app_id: int | None) -> Author | None:
        found = await self._counted.author(account_id, app_id)
        self.times += 1
        self.read.set()
        return found


@pytest.fixture
def counting(deps: Deps) -> Counting:
    return Counting(deps.authors)


@pytest.fixture
async def ada(deps: Deps, counting: Counting) -> Phone:
    """Somebody whose token was looked up before, and is looked up again each time: two seconds pass in between."""
    seconds = itertools.count(0, 2)
    access = Access(deps.pool, deps.clock, lambda: next(seconds))
    found = await phone(msgspec.structs.replace(deps, access=access, authors=counting), "ada")
    await found.call("GET", "/api/v1/accounts/verify_credentials")
    return found


async def disable(connection: Connection, user_id: int) -> None:
    await users.set_state(connection, user_id, approved=True, disabled=True)


async def narrow(connection: Connection, user_id: int) -> None:
    await connection.execute("UPDATE registry.tokens SET scopes = '{read}' WHERE user_id = %s", [user_id])


@pytest.mark.parametrize(
    ("end", "status", "error"),
    [
        (tokens.revoke_of_user, 401, "The access token was revoked"),
        (disable, 403, "Your login is currently disabled"),
        (narrow, 403, "This action is outside the authorized scopes"),
    ],
)
async def test_nothing_is_said_before_the_token_is_known_to_hold(
    deps: Deps, ada: Phone, counting: Counting, database_url: str, end: Ending, status: int, error: str
) -> None:
    """The token ends while its look-up waits, after everything else was read."""
    async with deps.pool.connection() as connection:
        user_id = await _number(connection, "SELECT id FROM registry.users WHERE account_id = %s", ada.owner.id)
        before = await _number(connection, "SELECT max(notification_id) FROM log.events")
    async with await AsyncConnection.connect(database_url) as other:
        await other.execute("LOCK TABLE registry.tokens IN ACCESS EXCLUSIVE MODE")
        asking = asyncio.create_task(ada.call(*POST, status, json={"status": "Let me in"}))
        await asyncio.wait_for(counting.read.wait(), 10)
        await end(other, user_id)
    assert await asking == {"error": error}
    async with deps.pool.connection() as connection:
        assert await _number(connection, "SELECT max(notification_id) FROM log.events") == before
    assert counting.times == 1


async def test_what_was_read_ahead_is_not_read_again(ada: Phone, counting: Counting) -> None:
    for number in range(3):
        await ada.call(*POST, json={"status": f"Hello {number}"})
    assert counting.times == 3


async def test_who_was_never_looked_up_here_is_read_once_too(deps: Deps, counting: Counting) -> None:
    bob = await phone(msgspec.structs.replace(deps, authors=counting), "bob")
    await bob.call(*POST, json={"status": "Hello"})
    assert counting.times == 1


async def test_it_is_given_once_and_to_nobody_else(deps: Deps, ada: Phone) -> None:
    async def read(_: Deps, viewer: Viewer) -> int | None:
        return viewer.account_id

    access = Access(deps.pool, deps.clock)
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    viewer = await access.viewer(token)
    assert viewer is not None
    known = msgspec.structs.replace(deps, access=access)
    with Foreseen(known, read, token) as foreseen:
        for other in (None, msgspec.structs.replace(viewer, account_id=1), msgspec.structs.replace(viewer, app_id=1)):
            assert foreseen.take(other) is None
        taken = foreseen.take(viewer)
        assert taken is not None
        assert await taken == ada.owner.id
        assert foreseen.take(viewer) is None
    with Foreseen(known, None, token) as foreseen:
        assert foreseen.take(viewer) is None
    access.forget(token)
    with Foreseen(known, read, token) as foreseen:
        assert foreseen.take(viewer) is None


@pytest.mark.parametrize("turns", [0, 1, 3])
async def test_what_nobody_takes_is_broken_off_or_forgotten(deps: Deps, ada: Phone, turns: int) -> None:
    """Whether it has not begun, is under way, or has failed; the loop would complain of an error that nobody heard."""
    begun, ended, complaints = list[str](), list[str](), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))

    async def read(_: Deps, viewer: Viewer) -> None:
        begun.append("")
        try:
            await asyncio.sleep(0)
            raise RuntimeError("nobody wants to know")
        finally:
            ended.append("")

    access = Access(deps.pool, deps.clock)
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    await access.viewer(token)
    with Foreseen(msgspec.structs.replace(deps, access=access), read, token):
        for _ in range(turns):
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()
    assert begun == ended == [""] * min(turns, 1)
    assert complaints == []


async def _number(connection: Connection, query: str, *values: object) -> int:
    row = await (await connection.execute(query, values)).fetchone()
    assert row is not None
    number: int = row[0]
    return number
