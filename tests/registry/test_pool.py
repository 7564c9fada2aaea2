"""The pool through a pooler in transaction mode: no session of it may be counted on."""

import pytest

from fedi.registry.pool import new_pool

OFTEN = 10
PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.mark.parametrize(("through_pooler", "prepared"), [(True, False), (False, True)])
async def test_nothing_is_prepared_through_a_pooler(database_url: str, through_pooler: bool, prepared: bool) -> None:
    async with new_pool(database_url, most=1, through_pooler=through_pooler) as pool, pool.connection() as connection:
        for number in range(OFTEN):
            await connection.execute("SELECT %s::int", [number])
        row = await (await connection.execute(PREPARED)).fetchone()
    assert row is not None
    assert (row[0] > 0) == prepared
