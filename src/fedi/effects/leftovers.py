"""What is kept of people and posts in the registry and in queues, beside what goes by reference: it goes with them."""

from collections.abc import Collection
from datetime import datetime

from fedi.registry.rows import Connection, change
from fedi.sql import queries

_SQL = queries(__file__)


async def forget(
    connection: Connection, *, posts: Collection[int], accounts: Collection[int], positions: Collection[int]
) -> None:
    """Forget what is kept of posts and of accounts that are gone, and of what was overwritten at some positions.

    Keys stay for a while (`spent_keys`): the end of an account is to be signed.
    """
    if positions:
        for name in ("faults_of_views", "faults_of_effects"):
            await change(connection, _SQL[name], {"positions": list(positions)})
    if posts:
        for name in ("refreshes", "popular_posts"):
            await change(connection, _SQL[name], {"ids": list(posts)})
    if accounts:
        for name in (
            *("users", "markers", "read_announcements", "annual_reports", "dismissed_suggestions"),
            *("letters", "resets", "jobs", "reached"),
        ):
            await change(connection, _SQL[name], {"ids": list(accounts)})
    if posts or accounts:
        for name in ("popular_tags", "popular_links"):
            await change(connection, _SQL[name], {})


async def spent_keys(connection: Connection, before: datetime) -> int:
    """Delete the keys of accounts whose words had all gone before a time, once nothing waits to be signed by them."""
    return await change(connection, _SQL["keys"], {"before": before})
