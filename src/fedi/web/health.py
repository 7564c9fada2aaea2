"""Liveness and readiness, for supervisors and load balancers.

`/health` says that this process answers and nothing else: a lost Redis must not make an orchestrator kill the web role.
`/readyz` says whether the servers it stands on answer too. A standby that is away does not make it unready.
"""

import asyncio
from collections.abc import Awaitable

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from fedi.views.standby import Standby

PATIENCE_SECONDS = 2.0


def routes(pool: AsyncConnectionPool, redis: Redis, standby: Standby | None = None) -> list[Route]:
    """Return the two routes, over the connections of this process."""

    async def health(_: Request) -> PlainTextResponse:
        return PlainTextResponse("OK")

    async def readyz(_: Request) -> JSONResponse:
        postgres_answers, redis_answers = await asyncio.gather(_answers(_ask_postgres(pool)), _answers(redis.ping()))
        ready = postgres_answers and redis_answers
        report = {"ready": ready, "postgres": postgres_answers, "redis": redis_answers}
        if standby is not None:
            report["replica"] = standby.is_followed
        return JSONResponse(report, status_code=200 if ready else 503)

    return [Route("/health", health), Route("/readyz", readyz)]


async def _ask_postgres(pool: AsyncConnectionPool) -> None:
    async with pool.connection(timeout=PATIENCE_SECONDS) as connection:
        await connection.execute("SELECT 1")


async def _answers(question: Awaitable[object]) -> bool:
    try:
        await asyncio.wait_for(question, PATIENCE_SECONDS)
    except (psycopg.Error, PoolTimeout, RedisError, TimeoutError, OSError):
        return False
    return True
