"""The parts of a server that writes and folds, for tests of commands and of endpoints."""

import contextlib
import functools
import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
from argon2 import PasswordHasher

from fedi import clock
from fedi.api.deps import Deps
from fedi.api.fragments import Fragments
from fedi.commands import accounts
from fedi.commands.accounts import SignUp
from fedi.commands.context import Context, lookup_only
from fedi.commands.copies import Copies
from fedi.events.activities import ActivityPublished
from fedi.log.appender import Appender
from fedi.registry import passwords, premises, tokens
from fedi.registry.access import Access
from fedi.registry.pool import new_pool, pool_of_one
from fedi.registry.scopes import SCOPES
from fedi.services.http import open_client
from fedi.services.jobs import Jobs
from fedi.services.media.pictures import Workshop
from fedi.services.redis import open_redis
from fedi.services.storage_folder import FolderStorage
from fedi.settings import Settings
from fedi.views import targets
from fedi.views.author_memory import AuthorMemory
from fedi.views.authors import Authors
from fedi.views.borders import Borders
from fedi.views.filters import Sieves
from fedi.views.home import HomeTimelines
from fedi.views.progress import Progress
from fedi.views.targets import AccountRef
from fedi.views.written import Written

PASSWORD = "correct horse"
_NUMBERS = itertools.count(1)


@contextlib.asynccontextmanager
async def running(database_url: str, redis_url: str, folder: Path) -> AsyncIterator[Deps]:
    """Put the parts together as the composition root does, on a database and a Redis of the test's own."""
    settings = Settings(database_url=database_url, show_domain_blocks="all")
    pool = new_pool(database_url, most=4)
    http = open_client(private=settings.allowed_private_addresses, user_agent="fedi tests")
    progress = Progress(database_url)
    async with (
        pool,
        pool_of_one(database_url) as asking,
        Authors(asking) as looking,
        AuthorMemory(looking, progress) as authors,
        open_redis(redis_url) as redis,
        Appender(database_url, premises.FALLEN) as appender,
    ):
        later = Jobs(pool)
        await later.open()
        commands = Context(
            site=settings.site,
            pool=pool,
            appender=appender,
            clock=clock.now,
            storage=FolderStorage(folder, settings.site.base_url),
            workshop=Workshop(),
            resolve=lookup_only(settings.site, pool),
            jobs=later,
        )
        await progress.start()
        sieves = Sieves()
        yield Deps(
            site=settings.site,
            settings=settings,
            pool=pool,
            redis=redis,
            clock=clock.now,
            access=Access(pool, clock.now),
            authors=authors,
            written=Written(redis, pool, progress),
            commands=commands,
            copies=Copies(commands, http, Borders(pool)),
            homes=HomeTimelines(redis),
            fragments=Fragments(settings.site, sieves, clock.now, progress),
            sieves=sieves,
        )
        await progress.stop()
    await http.close()


async def folded(deps: Deps, position: int | None) -> None:
    """Wait until the views hold what a command wrote."""
    assert position is not None
    assert await deps.written.note(0, position, within=10)


_key_pair = functools.cache(accounts.new_key_pair)
_hash = functools.cache(PasswordHasher().hash)


async def _hashed(password: str) -> str:
    return _hash(password)


async def person(deps: Deps, name: str = "person") -> AccountRef:
    """Sign somebody up, under a name that nobody has yet. Everybody has the same keys and hash: they take long."""
    number = next(_NUMBERS)
    wish = SignUp(username=f"{name}{number}", email=f"{name}{number}@example.com", password=PASSWORD, agreement=True)
    with (
        mock.patch.object(accounts, "new_key_pair", _key_pair),
        mock.patch.object(passwords, "hash_password", _hashed),
    ):
        signed_up = await accounts.sign_up(deps.commands, wish)
    await folded(deps, signed_up.position)
    async with deps.pool.connection() as connection:
        account = await targets.account(connection, signed_up.user.account_id)
    assert account is not None
    return account


async def bearer(deps: Deps, account: AccountRef, *scopes: str) -> dict[str, str]:
    """Return the header of a token that may do everything, or what `scopes` say, in somebody's name."""
    async with deps.pool.connection() as connection:
        cursor = await connection.execute("SELECT id FROM registry.users WHERE account_id = %s", [account.id])
        row = await cursor.fetchone()
        assert row is not None
        issued = await tokens.issue(
            connection, deps.settings.secret_key_base, app_id=None, user_id=row[0], scopes=scopes or SCOPES
        )
    return {"Authorization": f"Bearer {issued.secret}"}


async def said(deps: Deps, position: int | None) -> tuple[ActivityPublished, dict[str, Any]]:
    """Return what was published at a position, and its document."""
    assert position is not None
    async with deps.pool.connection() as connection:
        cursor = await connection.execute("SELECT state FROM log.events WHERE notification_id = %s", [position])
        row = await cursor.fetchone()
    assert row is not None
    event = msgspec.json.decode(row[0], type=ActivityPublished)
    return event, json.loads(bytes(event.document))
