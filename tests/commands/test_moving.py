"""Moving to another account, with its consent and with all followers; and leaving for good."""

import pytest

from fedi.api.deps import Deps
from fedi.commands import follows, leaving, moving
from fedi.commands.follows import Wishes
from fedi.errors import ClientError, NotAllowedError
from fedi.registry import users
from fedi.views import accounts, targets
from fedi.views.targets import AccountRef
from tests.support.server import folded, person


async def following(server: Deps, follower: AccountRef, target: AccountRef) -> bool:
    async with server.pool.connection() as connection:
        return (await targets.between(connection, follower.id, target.id)).following


async def test_followers_go_along_where_the_new_account_agrees(server: Deps) -> None:
    old, new, fan, both, shy = [await person(server, name) for name in ("old", "new", "fan", "both", "shy")]
    for follower, target, boosts in ((fan, old, False), (both, old, True), (both, new, True)):
        await folded(server, await follows.follow(server.commands, follower, target.id, Wishes(boosts=boosts)))
    with pytest.raises(ClientError, match="does not name this account"):
        await moving.move(server.commands, old, new.username)
    assert await moving.take_followers_along(server.commands, old.id, new.uri) == 0
    await folded(server, await moving.add_alias(server.commands, new, f"@{old.username}"))
    assert await moving.add_alias(server.commands, new, old.username) is None
    assert await moving.aliases(server.commands, new) == (old.uri,)
    await folded(server, await moving.move(server.commands, old, new.username))
    assert await moving.take_followers_along(server.commands, old.id, new.uri) == 2
    await folded(server, await moving.add_alias(server.commands, new, shy.username))
    for follower in (fan, both):
        assert await following(server, follower, new)
        assert not await following(server, follower, old)
    async with server.pool.connection() as connection:
        assert not (await targets.between(connection, fan.id, new.id)).boosts
        row = await accounts.one(connection, old.id)
    assert row is not None
    assert row.moved_to is not None
    assert row.moved_to.id == new.id
    assert await moving.take_followers_along(server.commands, old.id, new.uri) == 0
    moved = await targets_account(server, old)
    with pytest.raises(NotAllowedError):
        await follows.follow(server.commands, shy, moved.id, Wishes())
    with pytest.raises(ClientError, match="less than 30 days ago"):
        await moving.move(server.commands, old, new.username)
    await folded(server, await moving.stay(server.commands, old))
    assert await moving.stay(server.commands, old) is None
    await folded(server, await moving.remove_alias(server.commands, new, old.uri))
    assert await moving.remove_alias(server.commands, new, old.uri) is None


async def test_s_143_who_moves_on_and_on_leads_nobody_about(server: Deps) -> None:
    old, fan, *new = [await person(server) for _ in range(4)]
    await folded(server, await follows.follow(server.commands, fan, old.id, Wishes()))
    for each in new:
        await folded(server, await moving.add_alias(server.commands, each, old.username))
    taken = [await moving.take_followers_along(server.commands, old.id, each.uri) for each in new]
    assert taken == [1, 0]
    assert await moving.take_followers_along(server.commands, old.id, "https://nobody.example/1") == 0


async def targets_account(server: Deps, owner: AccountRef) -> AccountRef:
    async with server.pool.connection() as connection:
        found = await targets.account(connection, owner.id)
    assert found is not None
    return found


async def test_nobody_moves_to_nobody_or_to_themselves(server: Deps) -> None:
    ada = await person(server, "ada")
    for handle in ("nobody", ada.username):
        with pytest.raises(ClientError):
            await moving.add_alias(server.commands, ada, handle)
        with pytest.raises(ClientError):
            await moving.move(server.commands, ada, handle)


async def test_who_leaves_is_gone_with_login_and_files_and_the_name_stays_taken(server: Deps) -> None:
    ada = await person(server, "ada")
    for _ in range(2):
        await leaving.delete_account(server.commands, ada)
    async with server.pool.connection() as connection:
        assert await users.by_account(connection, ada.id) is None
        row = await (await connection.execute("SELECT max(notification_id) FROM log.events")).fetchone()
    assert row is not None
    await folded(server, row[0])
    async with server.pool.connection() as connection:
        assert await accounts.one(connection, ada.id) is None
    events = await said(server, ada)
    assert events == 1


async def said(server: Deps, owner: AccountRef) -> int:
    async with server.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM log.events WHERE convert_from(state, 'UTF8') LIKE %s", [f"%{owner.uri}#delete%"]
        )
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
