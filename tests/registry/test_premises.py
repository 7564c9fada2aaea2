"""What is appended in somebody's name stands on their token and their login as they were read."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest

from fedi.log.appender import Appender
from fedi.log.drafts import Fallen
from fedi.registry import premises, tokens, users
from fedi.registry.rows import Connection
from fedi.registry.secrets import digest
from fedi.registry.tokens import Viewer
from fedi.registry.users import Preferences
from tests.support.events import draft
from tests.support.people import somebody

KEY = "a secret of the server, long enough"


@pytest.fixture
async def appender(pg: Connection, database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url, premises.FALLEN) as opened:
        yield opened


async def viewer(pg: Connection, user_id: int | None) -> Viewer:
    token = await tokens.issue(pg, KEY, app_id=None, user_id=user_id, scopes=["write"])
    found = await tokens.viewer(pg, digest(token.secret))
    assert found is not None
    return found


async def revoke(pg: Connection, asks: Viewer) -> None:
    await tokens.revoke(pg, [asks.token_id])


async def narrow(pg: Connection, asks: Viewer) -> None:
    await pg.execute("UPDATE registry.tokens SET scopes = '{read}' WHERE id = %s", [asks.token_id])


async def remove(pg: Connection, asks: Viewer) -> None:
    await pg.execute("DELETE FROM registry.tokens WHERE id = %s", [asks.token_id])


async def prefer(pg: Connection, asks: Viewer) -> None:
    assert asks.user_id is not None
    await users.set_preferences(pg, asks.user_id, Preferences(default_privacy="private"))


async def disable(pg: Connection, asks: Viewer) -> None:
    assert asks.user_id is not None
    await users.set_state(pg, asks.user_id, approved=True, disabled=True)


async def erase(pg: Connection, asks: Viewer) -> None:
    await pg.execute("DELETE FROM registry.users WHERE id = %s", [asks.user_id])


@pytest.mark.parametrize("change", [revoke, narrow, remove, prefer, disable, erase])
async def test_it_falls_with_any_change(
    pg: Connection, appender: Appender, change: Callable[[Connection, Viewer], Awaitable[None]]
) -> None:
    asks, other = await viewer(pg, (await somebody(pg)).id), await viewer(pg, (await somebody(pg)).id)
    await appender.append([draft()], premise=premises.premise_of(asks))
    await change(pg, asks)
    with pytest.raises(Fallen):
        await appender.append([draft()], premise=premises.premise_of(asks))
    await appender.append([draft()], premise=premises.premise_of(other))


async def test_it_stands_again_once_it_was_read_again(pg: Connection, appender: Appender) -> None:
    asks = await viewer(pg, (await somebody(pg)).id)
    await prefer(pg, asks)
    await tokens.touch(pg, [asks.token_id], datetime.now(UTC))
    again = await viewer(pg, asks.user_id)
    assert again.token_id == asks.token_id
    await appender.append([draft()], premise=premises.premise_of(again))


async def test_nothing_stands_on_a_token_without_a_login(pg: Connection, appender: Appender) -> None:
    with pytest.raises(Fallen):
        await appender.append([draft()], premise=premises.premise_of(await viewer(pg, None)))
