"""People who wait to be let in: they are, or they are told that they are not."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from fedi.commands import admission
from fedi.errors import NotAllowedError
from fedi.registry import users
from tests.support.server import person


async def waiting(server: Deps) -> users.User:
    owner = await person(server, "eager")
    async with server.pool.connection() as connection:
        user = await users.by_account(connection, owner.id)
        assert user is not None
        await users.set_state(connection, user.id, approved=False, disabled=False)
        found = await users.by_id(connection, user.id)
    assert found is not None
    return found


async def letters(server: Deps) -> list[tuple[str, dict[str, Any]]]:
    async with server.pool.connection() as connection:
        rows = await connection.execute("DELETE FROM procrastinate_jobs RETURNING task_name, args->'job'")
        return [(row[0], row[1]) for row in await rows.fetchall()]


async def test_who_is_let_in_is_told_once(server: Deps) -> None:
    user = await waiting(server)
    await letters(server)
    await admission.approve(server.commands, user)
    async with server.pool.connection() as connection:
        after = await users.by_id(connection, user.id)
    assert after is not None
    assert after.approved
    await admission.approve(server.commands, after)
    assert [job["letter"] for _, job in await letters(server)] == ["approved"]
    with pytest.raises(NotAllowedError):
        await admission.reject(server.commands, after)


async def test_who_is_not_let_in_is_told_and_forgotten(server: Deps) -> None:
    user = await waiting(server)
    await letters(server)
    await admission.reject(server.commands, user, "You are a machine.")
    ((name, job),) = await letters(server)
    assert (name, job) == (
        "mail.refusal",
        {"email": user.email, "username": user.username, "reason": "You are a machine."},
    )
    async with server.pool.connection() as connection:
        assert await users.by_id(connection, user.id) is None
