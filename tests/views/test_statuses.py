"""A page of statuses: what it holds, and in how many queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from psycopg import AsyncCursor

from fedi.facts.statuses import MentionedAccount
from fedi.views import statuses
from tests.support.views import Connection, account, boost, favourite, insert, moment, status


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Count the statements that are sent while the block runs."""
    sent: list[object] = []
    execute = AsyncCursor.execute

    async def counting(self: AsyncCursor[Any], query: Any, *rest: Any, **options: Any) -> AsyncCursor[Any]:
        sent.append(query)
        return await execute(self, query, *rest, **options)

    with monkeypatch.context() as patched:
        patched.setattr(AsyncCursor, "execute", counting)
        yield sent


async def rich_page(connection: Connection, size: int) -> tuple[int, list[int]]:
    viewer = await account(connection, f"viewer{size}")
    ids = []
    for number in range(size):
        author = await account(connection, f"author{size}_{number}", "remote.example")
        named = (MentionedAccount(uri="v", name="@viewer", account_id=viewer),)
        post = await status(connection, author, mentions=named, tags=["cats"])
        await insert(
            connection,
            "polls",
            status_id=post,
            account_id=author,
            titles=["a", "b"],
            votes=[0, 1],
            multiple=False,
            hide_totals=False,
        )
        ids += [post, await boost(connection, viewer, post)]
    return viewer, ids


async def test_page_takes_as_many_queries_whatever_is_in_it(read: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {}
    for size in (1, 8):
        viewer, ids = await rich_page(read, size)
        with counted(monkeypatch) as queries:
            found = await statuses.load(read, ids, viewer)
        assert len(found) == 2 * size
        sent[size] = len(queries)
    assert sent == {1: 3, 8: 3}


async def test_what_the_reader_did_is_told_of_the_original_too(read: Connection) -> None:
    author, reader, other = [await account(read, name) for name in ("author", "reader", "other")]
    post = await status(read, author)
    again = await boost(read, other, post)
    await boost(read, reader, post)
    await favourite(read, reader, post)
    await insert(read, "bookmarks", id=1, account_id=reader, status_id=post, author_id=author)
    (found,) = await statuses.load(read, [again], reader)
    assert found.boost_of is not None
    row = found.boost_of.row
    assert (row.favourited, row.boosted, row.bookmarked, row.pinned) == (True, True, True, False)
    (strange,) = await statuses.load(read, [again], None)
    assert strange.boost_of is not None
    assert not strange.boost_of.row.favourited


async def test_order_is_kept_and_what_is_gone_left_out(read: Connection) -> None:
    author = await account(read, "author")
    ids = [await status(read, author) for _ in range(3)]
    wanted = [ids[2], 12345, ids[0], ids[1]]
    assert [found.row.id for found in await statuses.load(read, wanted, None)] == [ids[2], ids[0], ids[1]]
    assert await statuses.load(read, [], None) == []


async def test_only_named_and_known_people_are_mentioned(read: Connection) -> None:
    author, known, silent = [await account(read, name) for name in ("author", "known", "silent")]
    mentions = (
        MentionedAccount(uri="k", name="@known", account_id=known),
        MentionedAccount(uri="s", name="@silent", account_id=silent, silent=True),
        MentionedAccount(uri="u", name="@unknown"),
    )
    post = await status(read, author)
    await read.execute(
        "UPDATE read.statuses SET mentions = %s WHERE id = %s", [msgspec.json.encode(mentions).decode(), post]
    )
    (found,) = await statuses.load(read, [post], None)
    assert [mention.id for mention in found.mentions] == [known]


async def test_poll_is_open_until_its_end(read: Connection) -> None:
    author = await account(read, "author")
    past, future, endless = [await status(read, author) for _ in range(3)]
    for post, end in ((past, moment(0)), (future, moment(10_000_000)), (endless, None)):
        await insert(
            read,
            "polls",
            status_id=post,
            account_id=author,
            titles=["a"],
            votes=[0],
            multiple=False,
            hide_totals=False,
            expires_at=end,
        )
    found = await statuses.load(read, [past, future, endless], None)
    assert [each.row.poll_expired for each in found] == [True, False, None]


async def test_load_visible_leaves_out_what_may_not_be_seen(read: Connection) -> None:
    author, reader = await account(read, "author"), await account(read, "reader")
    open_post, closed_post = await status(read, author), await status(read, author, visibility="private")
    found = await statuses.load_visible(read, [open_post, closed_post], reader)
    assert [each.row.id for each in found] == [open_post]
    assert await statuses.one(read, closed_post, reader) is None
