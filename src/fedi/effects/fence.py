"""Lets one process at a time act: whoever holds a lock of the database's, for as long as its session lives.

A second effects process idles, and takes over when the first is gone. The session needs a direct connection, not one
through a pooler in transaction mode.
"""

import asyncio
import logging
from typing import Any

import psycopg
from psycopg import AsyncConnection

from fedi.shares import NOTICED, session_of
from fedi.sql import queries

_SQL = queries(__file__)
LOCK = 7_310_455_213_050
RETRY_SECONDS = 1.0
CHECK_SECONDS = 2.0

_log = logging.getLogger(__name__)


class Fence:
    """The right to act. `take` waits for it; `watch` returns when it is lost."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._connection: AsyncConnection[Any] | None = None

    async def take(self) -> None:
        """Wait until this process is the one that acts."""
        waited = False
        while True:
            try:
                if self._connection is None:
                    self._connection = await AsyncConnection.connect(
                        self._database_url, autocommit=True, application_name=session_of("effects"), options=NOTICED
                    )
                row = await (await self._connection.execute(_SQL["take"], {"lock": LOCK})).fetchone()
                if row == (True,):
                    return
                if not waited:
                    _log.info("another process runs the effects; this one takes over when that ends")
                waited = True
            except psycopg.OperationalError as error:
                _log.warning("effects wait for the database: %s", error)
                await self.release()
            await asyncio.sleep(RETRY_SECONDS)

    async def watch(self) -> None:
        """Return when the session is lost: somebody else may act from then on."""
        assert self._connection is not None
        while True:
            try:
                await self._connection.execute(_SQL["held"])
            except psycopg.OperationalError as error:
                _log.warning("the right to run the effects is lost: %s", error)
                return
            await asyncio.sleep(CHECK_SECONDS)

    async def release(self) -> None:
        """Let another process act."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
