"""Notifications: who is spared what, groups, and how many are unread."""

import pytest

from fedi.views import notifications
from fedi.views.notifications import Wanted
from fedi.views.pages import Page
from tests.support.views import Connection, account, block, insert, moment, mute, status

ALL = Page(limit=40)


async def told(connection: Connection, number: int, reader: int, sender: int, kind: str, **fields: object) -> int:
    row = {"group_key": f"ungrouped-{number}", "created_at": moment(number), **fields}
    await insert(connection, "notifications", id=number, account_id=reader, from_account_id=sender, type=kind, **row)
    return number


async def listed(connection: Connection, reader: int, wanted: Wanted = notifications.EVERYTHING) -> list[int]:
    return [each.id for each in await notifications.of_account(connection, reader, ALL, wanted)]


async def test_kinds_and_senders_are_chosen(read: Connection) -> None:
    reader, one, other = [await account(read, name) for name in ("reader", "one", "other")]
    await told(read, 1, reader, one, "follow")
    await told(read, 2, reader, other, "mention", status_id=await status(read, other))
    await told(read, 3, other, one, "follow")
    assert await listed(read, reader) == [2, 1]
    assert await listed(read, reader, Wanted(types=["follow"])) == [1]
    assert await listed(read, reader, Wanted(exclude_types=["follow"])) == [2]
    assert await listed(read, reader, Wanted(from_account_id=other)) == [2]


async def test_nobody_is_told_of_the_muted_the_blocked_and_the_invisible(read: Connection) -> None:
    reader, sender = await account(read, "reader"), await account(read, "sender")
    muted, quiet, blocked, gone = [await account(read, name) for name in ("muted", "quiet", "blocked", "gone")]
    await read.execute("UPDATE read.accounts SET suspended = true WHERE id = %s", [gone])
    await mute(read, reader, muted)
    await mute(read, reader, quiet, notifications=False)
    await block(read, reader, blocked)
    for number, who in enumerate((muted, quiet, blocked, gone), 1):
        await told(read, number, reader, who, "follow")
    await told(read, 5, reader, sender, "mention", status_id=await status(read, sender, visibility="direct"))
    await told(read, 6, reader, sender, "mention", status_id=12345)
    assert await listed(read, reader) == [2]
    assert await notifications.one(read, 1, reader) is None
    assert await notifications.one(read, 2, sender) is None


async def test_alike_ones_make_a_group(read: Connection) -> None:
    reader = await account(read, "reader")
    post = await status(read, reader)
    senders = [await account(read, f"sender{number}") for number in range(10)]
    for number, sender in enumerate(senders, 1):
        await told(read, number, reader, sender, "favourite", status_id=post, group_key=f"favourite-{post}-1")
    await told(read, 20, reader, senders[0], "mention", status_id=await status(read, senders[0]))
    mention, favourites = await notifications.groups(read, reader, ALL)
    assert (mention.group_key, mention.count) == ("ungrouped-20", 1)
    assert (favourites.count, favourites.newest_id, favourites.oldest_id) == (10, 10, 1)
    assert favourites.account_ids == tuple(reversed(senders[2:]))
    assert await notifications.one_group(read, f"favourite-{post}-1", reader) == favourites
    assert [each.id for each in await notifications.of_group(read, "ungrouped-20", reader, 5)] == [20]
    assert len(await notifications.groups(read, reader, ALL, Wanted(grouped=[]))) == 11
    assert await notifications.unread(read, reader, 100) == 11
    assert await notifications.unread(read, reader, 100, in_groups=True) == 2
    assert await notifications.unread(read, reader, 3) == 3


@pytest.mark.parametrize("key", ["favourite-1-1", "ungrouped-999", "ungrouped-", "ungrouped-99999999999999999999"])
async def test_group_that_is_not_there(read: Connection, key: str) -> None:
    assert await notifications.one_group(read, key, await account(read, "reader")) is None


async def test_only_what_is_newer_than_the_marker_is_unread(read: Connection) -> None:
    reader, sender = await account(read, "reader"), await account(read, "sender")
    for number in (1, 2, 3):
        await told(read, number, reader, sender, "follow")
    await read.execute(
        "INSERT INTO registry.markers (account_id, timeline, last_read_id) VALUES (%s, 'notifications', 2)", [reader]
    )
    assert await notifications.unread(read, reader, 100) == 1
