"""Accounts, relations between them, and finding them."""

import pytest

from fedi.views import accounts, relationships, search
from fedi.views.pages import Page
from tests.support.views import Connection, account, block, follow, insert, moment, mute

ALL = Page(limit=40)


async def test_remote_numbers_are_what_their_server_says(read: Connection) -> None:
    local = await account(read, "local")
    remote = await account(read, "remote", "r.example", total_followers=900, total_statuses=70)
    for each in (local, remote):
        await insert(read, "follow_counts", account_id=each, followers=3, following=2)
        await insert(read, "account_statuses", account_id=each, statuses=5, last_status_at=moment(0))
    found = await accounts.load(read, [local, remote])
    assert [(row.followers, row.following, row.statuses) for row in (found[local], found[remote])] == [
        (3, 2, 5),
        (900, 2, 70),
    ]


async def test_handles_are_found_whatever_their_case(read: Connection) -> None:
    local, remote = await account(read, "Ann"), await account(read, "ann", "Remote.example")
    assert await accounts.by_handle(read, "aNN", None) == local
    assert await accounts.by_handle(read, "ANN", "remote.EXAMPLE") == remote
    assert await accounts.by_handle(read, "ann", "other.example") is None


async def test_followers_are_listed_without_those_whom_a_block_divides(read: Connection) -> None:
    target, reader = await account(read, "target"), await account(read, "reader")
    names = ("first", "second", "blocked", "blocking", "asking")
    people = {name: await account(read, name) for name in names}
    for name, each in people.items():
        await follow(read, each, target, accepted=name != "asking")
    await block(read, reader, people["blocked"])
    await block(read, people["blocking"], reader)
    found = await accounts.followers(read, target, reader, ALL)
    assert [each.id for each in found] == [people["second"], people["first"]]
    below = Page(limit=40, max_id=found[0].place)
    assert [each.id for each in await accounts.followers(read, target, reader, below)] == [people["first"]]
    assert len(await accounts.followers(read, target, None, ALL)) == 4
    assert [each.id for each in await accounts.requests(read, target, ALL)] == [people["asking"]]
    assert await accounts.count_requests(read, target) == 1
    assert [each.id for each in await accounts.following(read, people["first"], None, ALL)] == [target]


async def test_mutes_end(read: Connection) -> None:
    reader, short, long = [await account(read, name) for name in ("reader", "short", "long")]
    await mute(read, reader, short, expires_at=moment(0))
    await mute(read, reader, long, expires_at=moment(10_000_000))
    assert [each.id for each in await accounts.muted(read, reader, ALL)] == [long]
    found = {each.id: each.muting for each in await relationships.between(read, reader, [short, long])}
    assert found == {short: False, long: True}


async def test_relationship_is_seen_from_both_sides(read: Connection) -> None:
    one, other = await account(read, "one"), await account(read, "other")
    await follow(read, one, other, notify=True, languages=["de"])
    await follow(read, other, one, accepted=False)
    await block(read, other, one)
    mine, theirs = await relationships.to_one(read, one, other), await relationships.to_one(read, other, one)
    assert mine is not None
    assert theirs is not None
    assert (mine.following, mine.notify, mine.boosts, mine.languages) == (True, True, True, ("de",))
    assert (mine.requested, mine.requested_by, mine.blocked_by, mine.blocking) == (False, True, True, False)
    assert (theirs.requested, theirs.followed_by, theirs.blocking) == (True, True, True)
    assert await relationships.to_one(read, one, 12345) is None


async def test_familiar_followers_are_those_one_follows(read: Connection) -> None:
    reader, friend, stranger, target = [await account(read, name) for name in ("r", "f", "s", "t")]
    await follow(read, reader, friend)
    for each in (friend, stranger):
        await follow(read, each, target)
    assert await accounts.familiar(read, [target, friend], reader) == {target: [friend], friend: []}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alice", ["alice", "alice@a.example", "malice"]),
        ("@ALICE", ["alice", "alice@a.example", "malice"]),
        ("alice@a.ex", ["alice@a.example"]),
        ("Ali", ["alice", "alice@a.example", "malice"]),
        ("al", ["alice", "alice@a.example"]),
        ("lic", ["alice", "malice", "alice@a.example"]),
        ("100%_", []),
        ("%", []),
        ("@", []),
        ("  ", []),
        ("x" * 100_000, []),
        ("алиса", ["c@b.example"]),
    ],
)
async def test_accounts_are_found(read: Connection, text: str, expected: list[str]) -> None:
    for username, domain in (("malice", None), ("alice", "a.example"), ("alice", None)):
        await account(read, username, domain)
    await account(read, "c", "b.example", display_name="Алиса")
    await account(read, "alice_suspended", suspended=True)
    rows = await accounts.in_order(read, await search.accounts(read, text, None, limit=10))
    found = [row.username if row.domain is None else f"{row.username}@{row.domain}" for row in rows]
    assert found == expected


async def test_those_one_follows_are_found_first(read: Connection) -> None:
    reader = await account(read, "reader")
    first, second = await account(read, "bobby", "a.example"), await account(read, "bobbin", "a.example")
    await follow(read, reader, second)
    assert await search.accounts(read, "bob", reader, limit=10) == [second, first]
    assert await search.accounts(read, "bob", reader, limit=10, following=True) == [second]
    assert await search.accounts(read, "bob", reader, limit=1, offset=1) == [first]
