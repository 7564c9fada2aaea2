"""Erasing all that is gone, as the effects role does, without the role."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from fedi.effects.erase import Erase
from fedi.effects.erasing import Erasing, Forget
from fedi.effects.facts_reader import FactsReader
from fedi.effects.runner import Runner
from fedi.registry.pool import Pool, new_pool
from fedi.services.storage_folder import FolderStorage
from tests.support.here import SITE, Progress


async def forgotten(_posts: Sequence[int]) -> None:
    """There are no caches."""


async def erase_all(
    url: str,
    *,
    storage: Path | None = None,
    list_file: Path | None = None,
    forget: Forget = forgotten,
    lagging: int = 0,
) -> int:
    """Let the effect see all that is folded, and erase what it notes; return how many payloads were overwritten.

    The other effects have come as far, less `lagging` events.
    """
    with tempfile.TemporaryDirectory(prefix="fedi-erasing-") as folder:
        async with new_pool(url, most=4) as pool:
            facts = FactsReader(url)
            runner = Runner(pool, facts, Progress(), [Erase(lambda: None)])
            position = -1
            while (reached := await runner.step()) != position:
                position = reached
            facts.close()
            async with pool.connection() as connection:
                await connection.execute(
                    "UPDATE effects.cursors SET position = %s WHERE name <> 'erase'", [position - lagging]
                )
            erasing = Erasing(
                database_url=url,
                pool=pool,
                storage=FolderStorage(storage or Path(folder), SITE.base_url),
                list_file=list_file or Path(folder) / "list",
                forget=forget,
            )
            before = await _payloads(pool)
            await erasing.catch_up()
            erasing.close()
            return await _payloads(pool) - before


async def _payloads(pool: Pool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT coalesce(sum(payloads), 0) FROM effects.erasures")).fetchone()
    assert row is not None
    return int(row[0])
