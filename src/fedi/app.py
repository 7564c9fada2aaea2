"""The composition root: here, and only here, the parts are put together into what runs.

Nothing is decided in this file; each part gets what it depends on as parameters.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from socket import socket
from typing import TYPE_CHECKING, cast

import hypercorn.asyncio
import msgspec
import psycopg
import uvloop
from hypercorn.config import Config
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis
from starlette.applications import Starlette

import fedi
from fedi import clock
from fedi.activitypub.resolve import open_means
from fedi.api import mount as api
from fedi.api.deps import Deps, Pool
from fedi.commands.context import Context, lookup_only
from fedi.commands.copies import Copies
from fedi.effects import role
from fedi.errors import ConfigurationError
from fedi.log import schema
from fedi.log.appender import Appender
from fedi.log.founding import ensure_founded
from fedi.projections import runner
from fedi.registry.access import Access
from fedi.services.http import open_client
from fedi.services.pictures import Workshop
from fedi.services.storage import FolderStorage
from fedi.settings import Settings
from fedi.views.home import HomeTimelines
from fedi.views.progress import Progress
from fedi.views.written import Written
from fedi.web import health
from fedi.web import mount as pages
from fedi.web.parts import Parts

if TYPE_CHECKING:
    from hypercorn.typing import Framework

WEB_CONNECTIONS = 10
"""Database connections a web process may have open at once."""
EFFECTS_CONNECTIONS = 8
"""The same for the effects."""


class SignIn(msgspec.Struct, frozen=True):
    """With what somebody can sign in."""

    email: str
    password: str


def prepare(settings: Settings) -> SignIn | None:
    """Make the database ready for the roles. Returns the development admin's sign-in, where there is one."""
    create_tables(database_url(settings))
    with psycopg.connect(database_url(settings), autocommit=True) as connection:
        ensure_founded(connection, settings.site)
        runner.prepare(connection)
    return None


def create_tables(url: str) -> None:
    """Create what is not there yet: the log, the registry and the queues. Running it again changes nothing."""
    try:
        with psycopg.connect(url) as connection:
            schema.create_tables(connection)
    except psycopg.OperationalError as error:
        raise ConfigurationError(f"the database does not answer: {error}") from error


def web_app(settings: Settings) -> Starlette:
    """Return the application that answers every request; its connections are open from its start to its end."""
    pool: Pool = AsyncConnectionPool(database_url(settings), min_size=1, max_size=WEB_CONNECTIONS, open=False)
    redis = Redis.from_url(redis_url(settings))
    progress = Progress(database_url(settings))
    appender = Appender(database_url(settings))
    http = open_client(private=settings.allowed_private_addresses, user_agent=user_agent(settings))
    commands = Context(
        site=settings.site,
        pool=pool,
        appender=appender,
        clock=clock.now,
        storage=FolderStorage(settings.data_dir / "media", settings.site.base_url),
        workshop=Workshop(),
        resolve=lookup_only(settings.site, pool),
    )
    deps = Deps(
        site=settings.site,
        settings=settings,
        pool=pool,
        redis=redis,
        clock=clock.now,
        access=Access(pool, clock.now),
        written=Written(redis, progress),
        commands=commands,
        copies=Copies(commands, http),
        homes=HomeTimelines(redis),
    )
    parts = Parts(site=settings.site, settings=settings, pool=pool, redis=redis, clock=clock.now)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with pool, redis, appender:
            await progress.start()
            try:
                yield
            finally:
                await progress.stop()
                await http.close()

    routes = [*health.routes(pool, redis), *pages.routes(parts), *api.routes(deps)]
    return Starlette(routes=routes, lifespan=lifespan)


def user_agent(settings: Settings) -> str:
    """Return how this server calls itself when it asks others."""
    return f"fedi/{fedi.__version__} (+{settings.site.base_url}/)"


def serve_web(settings: Settings, door: socket) -> None:
    """Run one process of the web role until SIGTERM."""
    run(lambda told: _serve_http(web_app(settings), door, told))


def serve_streaming(settings: Settings, door: socket) -> None:
    """Run streaming alone until SIGTERM."""
    run(lambda told: _serve_http(web_app(settings), door, told))


def serve_projector(settings: Settings) -> None:
    """Fold the log into views until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runner.run(database_url(settings), redis_url(settings), stop)


def serve_effects(settings: Settings) -> None:
    """Tell the world until SIGTERM."""
    run(lambda told: _effects(settings, told))


def run(main: Callable[[asyncio.Event], Coroutine[object, object, object]]) -> None:
    """Run a role's coroutine; the event it is given is set when the process is told to stop."""

    async def until_told() -> None:
        told = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        await main(told)

    uvloop.run(until_told())


def database_url(settings: Settings) -> str:
    """Return the URL of the database; the supervisor has filled it in where an embedded one serves."""
    if settings.database_url is None:
        raise ConfigurationError("DATABASE_URL is not set and no embedded database runs")
    return settings.database_url


def redis_url(settings: Settings) -> str:
    """Return the URL of Redis; the supervisor has filled it in where an embedded one serves."""
    if settings.redis_url is None:
        raise ConfigurationError("REDIS_URL is not set and no embedded Valkey runs")
    return settings.redis_url


async def _effects(settings: Settings, told: asyncio.Event) -> None:
    url = database_url(settings)
    progress = Progress(url)
    http = open_client(private=settings.allowed_private_addresses, user_agent=user_agent(settings))
    pool: Pool = AsyncConnectionPool(url, min_size=1, max_size=EFFECTS_CONNECTIONS, open=False)
    async with pool, Appender(url) as appender:
        await progress.start()
        try:
            means = await open_means(site=settings.site, pool=pool, appender=appender, http=http)
            deps = role.Deps(database_url=url, pool=pool, http=http, means=means, progress=progress)
            await role.run(deps, told)
        finally:
            await progress.stop()
            await http.close()


async def _serve_http(application: Starlette, door: socket, told: asyncio.Event) -> None:
    config = Config()
    config.bind = [f"fd://{door.fileno()}"]
    config.backlog = 1024
    config.loglevel = "WARNING"
    config.include_server_header = False
    config.keep_alive_timeout = 75  # longer than a proxy keeps idle connections, or it meets ones just closed
    config.keep_alive_max_requests = 1_000_000_000  # the default of 1000 closes a proxy's connections under load
    config.graceful_timeout = 1
    await hypercorn.asyncio.serve(cast("Framework", application), config, shutdown_trigger=told.wait)
