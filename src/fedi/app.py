"""The composition root: here, and only here, the parts are put together into what runs.

Nothing is decided in this file; each part gets what it depends on as parameters.
"""

import asyncio
import contextlib
import functools
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from socket import socket
from typing import TYPE_CHECKING, cast

import hypercorn.asyncio
import msgspec
import psycopg
import uvloop
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

import fedi
from fedi import clock, hypercorn_connections
from fedi.activitypub.resolve import Means, open_means
from fedi.activitypub.server import routes as activitypub
from fedi.activitypub.server.edge import open_edge
from fedi.activitypub.signatures import keys
from fedi.api import mount as api
from fedi.api.deps import Deps
from fedi.api.fragments import Fragments
from fedi.api.replica import replica
from fedi.api.streamed import Entities
from fedi.commands import imports
from fedi.commands.context import Context
from fedi.commands.copies import Copies
from fedi.commands.development import ensure_admin
from fedi.commands.moving import take_followers_along
from fedi.commands.scheduled import publish_due
from fedi.commands.strangers import Strangers
from fedi.effects import role as effects
from fedi.effects.deps import Deps as EffectsDeps
from fedi.effects.jobs import worker
from fedi.errors import ConfigurationError
from fedi.log import schema
from fedi.log.appender import Appender
from fedi.log.founding import ensure_founded
from fedi.projections import runner as projector
from fedi.projections.catalogue import projections
from fedi.redis_clients import connecting
from fedi.registry import premises
from fedi.registry.access import Access
from fedi.registry.pool import PATIENCE_SECONDS, Pool, new_pool, pool_of_one
from fedi.services import jobs
from fedi.services.http import HttpClient, open_client
from fedi.services.http_transport import tls_context
from fedi.services.jobs import Jobs
from fedi.services.limiter import Limiter
from fedi.services.media.pictures import Workshop
from fedi.services.redis import open_redis
from fedi.services.storage_choice import open_storage
from fedi.services.translations import Translations, forget_translations
from fedi.services.translator import from_settings
from fedi.settings import Settings
from fedi.sharing_loop import SharingLoop
from fedi.shortcut import Shortcut
from fedi.streams import hypercorn_websockets
from fedi.streams import mount as streams
from fedi.streams.admission import Admission
from fedi.streams.hub import Hub
from fedi.views.author_memory import AuthorMemory
from fedi.views.authors import Authors
from fedi.views.filters import Sieves
from fedi.views.home import HomeTimelines
from fedi.views.progress import Progress
from fedi.views.standby import Standby
from fedi.views.written import Written
from fedi.walking import modules_of
from fedi.web import health
from fedi.web import mount as pages
from fedi.web.parts import Parts

if TYPE_CHECKING:
    from hypercorn.typing import Framework

WEB_CONNECTIONS = 10
"""Database connections a web process may have open at once."""
WEB_PATIENCE = 5.0
"""Seconds for which a request waits for one of them. Other servers hang up after ten, and then count it as a failure of
ours; told 503 in time, they come again when we say."""
EFFECTS_CONNECTIONS = 8
"""The same for the effects."""


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """What a process that reads, writes and asks other servers is made of: connected, and shared by all it does."""

    settings: Settings
    pool: Pool
    redis: Redis
    http: HttpClient
    appender: Appender
    authors: AuthorMemory
    progress: Progress
    means: Means
    strangers: Strangers
    jobs: Jobs
    commands: Context
    standby: Standby | None


def prepare(settings: Settings) -> None:
    """Make the database ready for the roles: tables, the founding, the first generation of views."""
    create_tables(database_url(settings))
    with psycopg.connect(database_url(settings), autocommit=True) as connection:
        ensure_founded(connection, settings.site)
        projector.prepare(connection)


def preload() -> None:
    """Make what every role needs and none changes, so that processes forked from this one share the memory of it."""
    tls_context()
    keys.set_up()
    modules_of("fedi.effects")
    api.table()
    worker.collect()
    projections()


def create_tables(url: str) -> None:
    """Create what is not there yet: the log, the registry and the queues. Running it again changes nothing."""
    try:
        with psycopg.connect(url) as connection:
            schema.create_tables(connection)
            jobs.create_tables(connection)
    except psycopg.OperationalError as error:
        raise ConfigurationError(f"the database does not answer: {error}") from error


async def seed(settings: Settings) -> bool:
    """Make the development admin if there is none. Returns whether its sign-in is that of development."""
    async with process(settings, connections=2) as parts:
        return await ensure_admin(parts.commands)


Application = Callable[[Process, Hub], ASGIApp]
"""What makes the application of a role."""


@contextlib.asynccontextmanager
async def process(
    settings: Settings,
    *,
    connections: int,
    pooled: str | None = None,
    replica_url: str | None = None,
    plans_once: bool = False,
    patience: float = PATIENCE_SECONDS,
) -> AsyncIterator[Process]:
    """Put a process together and connect it; `connections` to the database are the most it opens for its pool.

    They go through a pooler if `pooled` is its URL; what listens or holds locks never does. As many go to a standby if
    `replica_url` leads there. `plans_once` is for who reads much, as of `new_pool`.

    Raises:
        Unavailable: the database is away.
    """
    site, url = settings.site, database_url(settings)
    async with contextlib.AsyncExitStack() as stack:
        http = open_client(private=settings.allowed_private_addresses, user_agent=user_agent(settings))
        stack.push_async_callback(http.close)
        redis = await stack.enter_async_context(open_redis(redis_url(settings)))
        appender = await stack.enter_async_context(Appender(url, premises.FALLEN))
        pool = await stack.enter_async_context(
            new_pool(
                pooled or url, most=connections, through_pooler=bool(pooled), plans_once=plans_once, patience=patience
            )
        )
        asking = await stack.enter_async_context(pool_of_one(url, patience=patience))
        looking = await stack.enter_async_context(Authors(asking))
        later = Jobs(pool)
        await later.open()
        progress = Progress(url)
        authors = await stack.enter_async_context(
            AuthorMemory(looking, progress)
        )  # left after what tells it has stopped
        await progress.start()
        stack.push_async_callback(progress.stop)
        standby = Standby(replica_url, progress, connections=connections) if replica_url else None
        if standby is not None:
            await standby.start()
            stack.push_async_callback(standby.stop)
        means = await open_means(
            site=site,
            pool=pool,
            appender=appender,
            http=http,
            limited_federation=settings.limited_federation_mode,
        )
        strangers = Strangers(means, progress)
        commands = Context(
            site=site,
            pool=pool,
            appender=appender,
            clock=clock.now,
            storage=open_storage(settings),
            workshop=Workshop(),
            resolve=strangers.by_handle,
            jobs=later,
        )
        yield Process(
            settings=settings,
            pool=pool,
            redis=redis,
            http=http,
            appender=appender,
            authors=authors,
            progress=progress,
            means=means,
            strangers=strangers,
            jobs=later,
            commands=commands,
            standby=standby,
        )


def web_app(parts: Process, hub: Hub) -> ASGIApp:
    """Return the application that answers every request."""
    settings, pool, redis = parts.settings, parts.pool, parts.redis
    access = Access(pool, clock.now)
    sieves = Sieves()
    limiter = Limiter(redis, clock.now) if settings.rate_limits else None
    written = Written(redis, pool, parts.progress)
    translator = from_settings(settings, parts.http)
    deps = Deps(
        site=settings.site,
        settings=settings,
        pool=pool,
        redis=redis,
        clock=clock.now,
        access=access,
        authors=parts.authors,
        written=written,
        commands=parts.commands,
        copies=Copies(parts.commands, parts.http, parts.means.borders),
        homes=HomeTimelines(redis),
        fragments=Fragments(settings.site, sieves, clock.now, parts.progress),
        sieves=sieves,
        translations=Translations(translator, redis) if translator else None,
        strangers=parts.strangers,
        limiter=limiter,
        posted=hub.posted,
    )
    page_parts = Parts(
        site=settings.site,
        settings=settings,
        pool=pool,
        redis=redis,
        clock=clock.now,
        commands=parts.commands,
        written=written,
        strangers=parts.strangers,
        limiter=limiter,
    )
    inboxes, *documents = activitypub.routes(open_edge(parts.means, settings, parts.jobs, parts.progress))
    endpoints = api.routes(deps, replica(deps, parts.standby) if parts.standby else None)
    # Pages step aside where a document is asked for, and endpoints where there is none.
    others = [*health.routes(pool, redis, parts.standby), *stream_routes(parts, access, hub), *pages.routes(page_parts)]
    return Shortcut([inboxes, *endpoints], Starlette(routes=[*documents, *others, *endpoints]))


def streaming_app(parts: Process, hub: Hub) -> ASGIApp:
    """Return the application that answers only those who listen."""
    access = Access(parts.pool, clock.now)
    return Starlette(routes=[*health.routes(parts.pool, parts.redis), *stream_routes(parts, access, hub)])


def stream_routes(parts: Process, access: Access, hub: Hub) -> list[BaseRoute]:
    """Return the streaming API over the parts of a process."""
    admission = Admission(access=access, pool=parts.pool, hub=hub)
    settings = parts.settings
    return streams.routes(admission, base_url=settings.streaming_api_base_url, web_domain=settings.web_domain)


@contextlib.asynccontextmanager
async def streaming(parts: Process) -> AsyncIterator[Hub]:
    """Put the streams of a process together. They find a lost Redis again by themselves, so their client must not.

    It would even if told to try no more: it subscribes anew before it says what failed, and for nothing.
    """
    ears = connecting(redis_url(parts.settings), retry=Retry(NoBackoff(), 0, supported_errors=()))
    asking = pool_of_one(database_url(parts.settings))
    hub = Hub(asking=asking, redis=parts.redis, ears=ears, renderer=Entities(parts.settings.site))
    async with ears, asking, hub.listening():
        yield hub


def user_agent(settings: Settings) -> str:
    """Return how this server calls itself when it asks others."""
    return f"fedi/{fedi.__version__} (+{settings.site.base_url}/)"


def serve_web(settings: Settings, door: socket) -> None:
    """Run one process of the web role until SIGTERM."""
    _serve(settings, door, web_app)


def serve_streaming(settings: Settings, door: socket) -> None:
    """Run one process of the streaming role, which answers nothing else, until SIGTERM."""
    _serve(settings, door, streaming_app)


def _serve(settings: Settings, door: socket, application: Application) -> None:
    loop = SharingLoop if settings.web_concurrency > 1 else uvloop.new_event_loop
    run(lambda told: serve_http(settings, door, told, application), loop)


def serve_projector(settings: Settings) -> None:
    """Fold the log into views until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    projector.run(database_url(settings), redis_url(settings), stop)


def serve_effects(settings: Settings) -> None:
    """Tell the world until SIGTERM."""

    async def act(told: asyncio.Event) -> None:
        async with process(settings, connections=EFFECTS_CONNECTIONS) as parts:
            reach = imports.Reach(wait=parts.progress.wait_for, find=parts.strangers.by_address)
            deps = EffectsDeps(
                database_url=database_url(settings),
                pool=parts.pool,
                http=parts.http,
                means=parts.means,
                progress=parts.progress,
                jobs=parts.jobs,
                settings=settings,
                workshop=parts.commands.workshop,
                publish=functools.partial(publish_due, parts.commands),
                storage=parts.commands.storage,
                take_along=functools.partial(take_followers_along, parts.commands),
                forget=functools.partial(forget_translations, parts.redis),
                import_some=functools.partial(imports.carry_on, parts.commands, reach),
            )
            await effects.run(deps, told)

    run(act)


def run(
    main: Callable[[asyncio.Event], Coroutine[object, object, object]],
    loop: Callable[[], uvloop.Loop] = uvloop.new_event_loop,
) -> None:
    """Run a role's coroutine; the event it is given is set when the process is told to stop."""

    async def until_told() -> None:
        told = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        await main(told)

    uvloop.run(until_told(), loop_factory=loop)


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


async def serve_http(settings: Settings, door: socket, told: asyncio.Event, application: Application) -> None:
    """Put a process together, and answer requests that come to a listening socket until `told` is set."""
    parts_of = process(
        settings,
        connections=WEB_CONNECTIONS,
        pooled=settings.pooled_database_url,
        replica_url=settings.replica_database_url,
        plans_once=True,
        patience=WEB_PATIENCE,
    )
    async with parts_of as parts, streaming(parts) as hub:

        async def told_to_end() -> None:
            await told.wait()
            hub.dismiss()

        served = cast("Framework", application(parts, hub))
        hypercorn_connections.install()
        hypercorn_websockets.install()
        await hypercorn.asyncio.serve(served, hypercorn_connections.configured(door), shutdown_trigger=told_to_end)
