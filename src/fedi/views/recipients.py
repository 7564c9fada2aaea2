"""Where people elsewhere receive things: the inboxes of an audience as it was at a position of the log.

Local people have none: the views tell them. The shared inbox of a server is preferred to those of its people.
"""

from collections.abc import Collection, Sequence

from fedi.registry.rows import Connection
from fedi.sql import queries

_SQL = queries(__file__)

At = tuple[int, int]
"""A position, and the id of an account or status."""


async def inboxes(
    connection: Connection,
    *,
    accounts: Sequence[At],
    authors_of: Sequence[At],
    followers_of: Sequence[At],
    personal: Collection[int],
) -> list[tuple[int, str]]:
    """Return the distinct inboxes for each position.

    `accounts` receive it themselves, and so do the authors of the statuses `authors_of` and, as far as they followed at
    the position, the followers of the local accounts `followers_of`. What is said at a position in `personal` goes to
    people's own inboxes.
    """
    found = await connection.execute(
        _SQL["inboxes"],
        {
            "account_positions": [position for position, _ in accounts],
            "account_ids": [account_id for _, account_id in accounts],
            "author_positions": [position for position, _ in authors_of],
            "author_status_ids": [status_id for _, status_id in authors_of],
            "followed_positions": [position for position, _ in followers_of],
            "followed_ids": [account_id for _, account_id in followers_of],
            "personal": list(personal),
        },
    )
    return await found.fetchall()


async def of_accounts(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the inbox to reach each account at that is elsewhere."""
    found = await connection.execute(_SQL["of_accounts"], {"ids": list(ids)})
    return dict(await found.fetchall())
