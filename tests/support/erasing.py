"""Erasing all that is gone, as the effects role does, without the role."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from fedi.effects.erase import Erase
from fedi.effects.erasing import Erasing
from fedi.effects.facts_reader import FactsReader
from fedi.effects.runner import Runner
from fedi.registry.pool import Pool, new_pool
from fedi.services.storage import FolderStorage
from tests.support.here import SITE, Progress, nothing


async def erase_all(url: str, *, storage: Path | None = None, list_file: Path | None = None) -> int:
    """Let the effect see all that is folded, and erase what it notes; return how many payloads were overwritten."""
    with tempfile.TemporaryDirectory(prefix="fedi-erasing-") as folder:
        async with new_pool(url, most=4) as pool:
            facts = FactsReader(url)
            runner = Runner(pool, facts, Progress(), [Erase(lambda: None)])
            position = -1
            while (reached := await runner.step()) != position:
                position = reached
            facts.close()
            async with pool.connection() as connection:
                await connection.execute("UPDATE effects.cursors SET position = %s", [position])
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


async def forget(posts: Sequence[int]) -> None:
    """There are no caches."""
    await nothing(posts)


async def _payloads(pool: Pool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT coalesce(sum(payloads), 0) FROM effects.erasures")).fetchone()
    assert row is not None
    return int(row[0])
