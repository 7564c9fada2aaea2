"""What `fedi doctor` sees of the pooler before the database."""

import asyncio

import psycopg
from psycopg import AsyncConnection

from fedi.cli.checks import Check
from fedi.registry.pool import set_up_through_pooler
from fedi.settings import Settings


def of_pooler(settings: Settings) -> list[Check]:
    """Look whether it answers, and whether statements can be prepared through it."""
    if settings.pooled_database_url is None:
        return []
    try:
        prepares = asyncio.run(_prepares(settings.pooled_database_url))
    except psycopg.Error as error:
        return [Check("pooler", "bad", f"does not answer: {str(error).strip().splitlines()[0]}")]
    if prepares:
        return [Check("pooler", "good", "statements are prepared through it")]
    finding = "every query is planned anew: take pgbouncer 1.22 or later, with max_prepared_statements"
    return [Check("pooler", "doubtful", finding)]


async def _prepares(url: str) -> bool:
    async with await AsyncConnection.connect(url, connect_timeout=5) as connection:
        await set_up_through_pooler(connection)
        return connection.prepare_threshold is not None
