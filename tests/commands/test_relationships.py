from datetime import timedelta

import pytest

from fedi.api.deps import Deps
from fedi.commands import blocks, follows, profiles
from fedi.commands.follows import Wishes
from fedi.commands.profiles import ProfileDraft
from fedi.errors import NotAllowedError, NotFoundError
from fedi.views import relationships, targets
from fedi.views.relationships import Relationship
from fedi.views.targets import AccountRef
from tests.support.server import folded, person, said


async def relation(server: Deps, one: AccountRef, other: AccountRef) -> Relationship:
    async with server.pool.connection() as connection:
        found = await relationships.to_one(connection, one.id, other.id)
    assert found is not None
    return found


async def locked(server: Deps) -> AccountRef:
    """Somebody who answers each request by hand."""
    account = await person(server, "locked")
    await folded(server, await profiles.update_profile(server.commands, account, ProfileDraft(locked=True)))
    async with server.pool.connection() as connection:
        found = await targets.account(connection, account.id)
    assert found is not None
    assert found.locked
    return found


async def follow(server: Deps, one: AccountRef, other: AccountRef, wishes: Wishes | None = None) -> int | None:
    position = await follows.follow(server.commands, one, other.id, wishes or Wishes())
    if position is not None:
        await folded(server, position)
    return position


async def test_an_open_local_account_is_followed_and_accepts_in_one_unit(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    position = await follow(server, ada, bob, Wishes(boosts=False, notify=True, languages=("nl",)))
    assert position is not None
    event, asked = await said(server, position - 1)
    _, accept = await said(server, position)
    assert (asked["type"], asked["actor"], asked["object"]) == ("Follow", ada.uri, bob.uri)
    assert (accept["type"], accept["actor"], accept["object"]["id"]) == ("Accept", bob.uri, asked["id"])
    assert (event.boosts, event.notify, event.languages) == (False, True, ("nl",))
    now = await relation(server, ada, bob)
    assert (now.following, now.boosts, now.notify, now.languages) == (True, False, True, ("nl",))
    assert (await relation(server, bob, ada)).followed_by


async def test_following_again_changes_only_what_is_wanted(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    await follow(server, ada, bob)
    assert await follow(server, ada, bob) is None
    assert await follow(server, ada, bob, Wishes(boosts=False)) is not None
    now = await relation(server, ada, bob)
    assert (now.following, now.boosts, now.notify) == (True, False, False)


async def test_a_locked_account_answers_by_hand(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await locked(server)
    await follow(server, ada, bob)
    assert (await relation(server, ada, bob)).requested
    await folded(server, await follows.authorize_request(server.commands, bob, ada.id))
    assert (await relation(server, ada, bob)).following
    with pytest.raises(NotFoundError):
        await follows.authorize_request(server.commands, bob, ada.id)
    await folded(server, await follows.remove_follower(server.commands, bob, ada.id))
    now = await relation(server, ada, bob)
    assert (now.following, now.requested) == (False, False)
    assert await follows.remove_follower(server.commands, bob, ada.id) is None


async def test_a_request_is_refused_and_may_be_made_again(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await locked(server)
    await follow(server, ada, bob)
    position = await follows.reject_request(server.commands, bob, ada.id)
    await folded(server, position)
    _, reject = await said(server, position)
    assert (reject["type"], reject["object"]["actor"]) == ("Reject", ada.uri)
    assert not (await relation(server, ada, bob)).requested
    assert await follow(server, ada, bob) is not None
    assert (await relation(server, ada, bob)).requested


async def test_a_follow_is_taken_back_by_its_own_id(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    position = await follow(server, ada, bob)
    assert position is not None
    _, asked = await said(server, position - 1)
    position = await follows.unfollow(server.commands, ada, bob.id)
    await folded(server, position)
    _, undo = await said(server, position)
    assert (undo["type"], undo["object"]["id"], undo["object"]["object"]) == ("Undo", asked["id"], bob.uri)
    assert not (await relation(server, ada, bob)).following
    assert await follows.unfollow(server.commands, ada, bob.id) is None


async def test_nobody_follows_themselves_or_nobody(server: Deps) -> None:
    ada = await person(server, "ada")
    for target_id in (ada.id, 12345):
        with pytest.raises(NotFoundError):
            await follows.follow(server.commands, ada, target_id, Wishes())


async def test_a_block_ends_what_stood_between_the_two(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    await follow(server, ada, bob)
    await follow(server, bob, ada)
    position = await blocks.block(server.commands, ada, bob.id)
    await folded(server, position)
    assert position is not None
    assert {(await said(server, position - back))[1]["type"] for back in range(3)} == {"Undo", "Reject", "Block"}
    now = await relation(server, ada, bob)
    assert (now.blocking, now.following, now.followed_by) == (True, False, False)
    assert await blocks.block(server.commands, ada, bob.id) is None
    for one, other in ((ada, bob), (bob, ada)):
        with pytest.raises(NotAllowedError):
            await follow(server, one, other)
    _, block = await said(server, position)
    undone = await blocks.unblock(server.commands, ada, bob.id)
    await folded(server, undone)
    _, undo = await said(server, undone)
    assert (undo["type"], undo["object"]["id"]) == ("Undo", block["id"])
    assert not (await relation(server, ada, bob)).blocking
    assert await blocks.unblock(server.commands, ada, bob.id) is None
    assert await follow(server, bob, ada) is not None


async def test_a_mute_is_nobody_elses_business_and_may_end(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    position = await blocks.mute(server.commands, ada, bob.id, notifications=False, seconds=600)
    await folded(server, position)
    now = await relation(server, ada, bob)
    assert (now.muting, now.muting_notifications) == (True, False)
    assert now.muting_expires_at is not None
    assert now.muting_expires_at - server.clock() < timedelta(seconds=600)
    async with server.pool.connection() as connection:
        cursor = await connection.execute("SELECT topic FROM log.events WHERE notification_id = %s", [position])
        assert await cursor.fetchone() == ("account.muted",)
    await folded(server, await blocks.unmute(server.commands, ada, bob.id))
    assert not (await relation(server, ada, bob)).muting
    assert await blocks.unmute(server.commands, ada, bob.id) is None


async def test_a_mute_for_longer_than_time_lasts_is_one_for_ever(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    await folded(server, await blocks.mute(server.commands, ada, bob.id, notifications=True, seconds=2**62))
    now = await relation(server, ada, bob)
    assert (now.muting, now.muting_expires_at) == (True, None)


async def test_nobody_blocks_or_mutes_themselves(server: Deps) -> None:
    ada = await person(server, "ada")
    with pytest.raises(NotAllowedError):
        await blocks.block(server.commands, ada, ada.id)
    with pytest.raises(NotAllowedError):
        await blocks.mute(server.commands, ada, ada.id, notifications=True, seconds=0)
