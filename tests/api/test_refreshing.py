"""Polls of other servers are asked how they stand when somebody looks, and not too often."""

import asyncio
from typing import TYPE_CHECKING, cast

import msgspec
import pytest

from fedi.api import refreshing
from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.services.limiter import Limit, Limiter
from tests.support import views
from tests.support.reader import World
from tests.support.web import client

if TYPE_CHECKING:
    from fedi.commands.strangers import Strangers


class Asked:
    """Stands in for who asks other servers."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.uris: list[str] = []
        self.seconds = seconds

    async def by_address(self, address: str) -> str | None:
        self.uris.append(address)
        await asyncio.sleep(self.seconds)
        return address

    def look_again(self, uri: str) -> None:
        self.uris.append(uri)


async def question(deps: Deps, world: World, *, local: bool) -> int:
    async with deps.pool.connection() as connection:
        asked = await views.status(connection, world.ben if local else world.zoe, local=local)
        poll = {"titles": ["yes", "no"], "votes": [2, 1], "multiple": False, "voters_count": 3, "hide_totals": False}
        author = world.ben if local else world.zoe
        await views.insert(connection, "polls", status_id=asked, account_id=author, expires_at=None, **poll)
    return asked


async def look(deps: Deps, world: World, asked: Asked, poll: int, who: str | None = "ann") -> int:
    http = client(routes(msgspec.structs.replace(deps, strangers=cast("Strangers", asked))))
    headers = {} if who is None else {"Authorization": f"Bearer {world.tokens[who]}"}
    return (await http.get(f"/api/v1/polls/{poll}", headers=headers)).status_code


async def test_a_poll_elsewhere_is_asked_once_a_minute(deps: Deps, world: World) -> None:
    asked, poll = Asked(), await question(deps, world, local=False)
    assert await look(deps, world, asked, poll, None) == 200
    assert asked.uris == []
    for who in ("ann", "ann", "ben"):
        assert await look(deps, world, asked, poll, who) == 200
    assert len(asked.uris) == 1


async def test_ones_own_polls_are_asked_nobody(deps: Deps, world: World) -> None:
    asked = Asked()
    assert await look(deps, world, asked, await question(deps, world, local=True)) == 200
    assert await look(deps, world, asked, world.answer) == 404
    assert asked.uris == []


async def test_whoever_is_slow_is_not_waited_for(deps: Deps, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "PATIENCE_SECONDS", 0.05)
    asked = Asked(seconds=30.0)
    assert await look(deps, world, asked, await question(deps, world, local=False)) == 200
    assert len(asked.uris) == 1


async def test_whose_profile_is_opened_is_looked_at_again_once_a_day(deps: Deps, world: World) -> None:
    asked = Asked()
    http = client(routes(msgspec.structs.replace(deps, strangers=cast("Strangers", asked))))
    zoe = (await world.get(f"/api/v1/accounts/{world.zoe}")).json()["uri"]
    for account, who in ((world.zoe, None), (world.ben, "ann"), (world.zoe, "ann"), (world.zoe, "ben")):
        headers = {} if who is None else {"Authorization": f"Bearer {world.tokens[who]}"}
        assert (await http.get(f"/api/v1/accounts/{account}", headers=headers)).status_code == 200
    assert asked.uris == [zoe]


async def test_nobody_has_any_number_of_people_looked_at(
    deps: Deps, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "LOOKUPS", Limit("lookups", 1, 300))
    asked = Asked()
    limited = msgspec.structs.replace(deps, strangers=cast("Strangers", asked), limiter=Limiter(deps.redis, deps.clock))
    http = client(routes(limited))
    async with deps.pool.connection() as connection:
        others = [await views.account(connection, f"u{number}", "far.example") for number in range(3)]
    for account in others:
        await http.get(f"/api/v1/accounts/{account}", headers={"Authorization": f"Bearer {world.tokens['ann']}"})
    assert len(asked.uris) == 1
