from datetime import timedelta

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.commands import favourites, follows, lists, notifications, pins, polls, statuses, tags
from fedi.commands.drafts import PollDraft, StatusDraft
from fedi.commands.follows import Wishes
from fedi.commands.lists import ListDraft
from fedi.errors import ClientError, NotFoundError
from fedi.views import lists as list_views
from fedi.views import statuses as views
from fedi.views import targets
from fedi.views.targets import AccountRef
from tests.support.server import folded, person, said


async def post(server: Deps, author: AccountRef, **fields: object) -> int:
    draft = StatusDraft(**{"text": "Hello", **fields})  # type: ignore[arg-type]
    published = await statuses.publish_status(server.commands, author, draft)
    await folded(server, published.position)
    return published.status_id


async def row(server: Deps, status_id: int, reader: AccountRef) -> views.StatusRow:
    async with server.pool.connection() as connection:
        found = await views.one(connection, status_id, reader.id)
    assert found is not None
    return found.row


async def test_a_favourite_is_a_like_and_is_taken_back_by_its_own_id(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    status_id = await post(server, ada)
    position = await favourites.favourite_status(server.commands, bob, status_id)
    await folded(server, position)
    _, like = await said(server, position)
    assert (like["type"], like["actor"], like["to"]) == ("Like", bob.uri, [ada.uri])
    assert (await row(server, status_id, bob)).favourited
    assert await favourites.favourite_status(server.commands, bob, status_id) is None
    position = await favourites.unfavourite_status(server.commands, bob, status_id)
    await folded(server, position)
    _, undo = await said(server, position)
    assert (undo["type"], undo["object"]["id"]) == ("Undo", like["id"])
    after = await row(server, status_id, bob)
    assert (after.favourited, after.favourites) == (False, 0)
    assert await favourites.unfavourite_status(server.commands, bob, status_id) is None
    await folded(server, await favourites.favourite_status(server.commands, bob, status_id))
    assert (await row(server, status_id, bob)).favourites == 1


async def test_what_one_may_not_see_one_cannot_act_on(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    status_id = await post(server, ada, visibility="private")
    for act in (favourites.favourite_status, favourites.bookmark_status, pins.pin_status):
        with pytest.raises(NotFoundError):
            await act(server.commands, bob, status_id)


async def test_a_bookmark_is_nobody_elses_business(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    status_id = await post(server, ada)
    position = await favourites.bookmark_status(server.commands, bob, status_id)
    await folded(server, position)
    assert (await row(server, status_id, bob)).bookmarked
    assert not (await row(server, status_id, ada)).bookmarked
    assert await favourites.bookmark_status(server.commands, bob, status_id) is None
    await folded(server, await favourites.unbookmark_status(server.commands, bob, status_id))
    assert not (await row(server, status_id, bob)).bookmarked
    assert await favourites.unbookmark_status(server.commands, bob, status_id) is None


async def test_pins_are_ones_own_and_five(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    theirs = await post(server, bob)
    with pytest.raises(ClientError, match="Someone else's post cannot be pinned"):
        await pins.pin_status(server.commands, ada, theirs)
    with pytest.raises(ClientError, match="only visible to mentioned users cannot be pinned"):
        await pins.pin_status(server.commands, ada, await post(server, ada, visibility="direct"))
    own = [await post(server, ada) for _ in range(6)]
    for status_id in own[:5]:
        position = await pins.pin_status(server.commands, ada, status_id)
        await folded(server, position)
    _, add = await said(server, position)
    assert (add["type"], add["target"]) == ("Add", ada.featured_uri)
    assert await pins.pin_status(server.commands, ada, own[0]) is None
    with pytest.raises(ClientError, match="already pinned the maximum number of posts"):
        await pins.pin_status(server.commands, ada, own[5])
    position = await pins.unpin_status(server.commands, ada, own[0])
    await folded(server, position)
    assert (await said(server, position))[1]["type"] == "Remove"
    assert await pins.unpin_status(server.commands, ada, own[0]) is None
    assert not (await row(server, own[0], ada)).pinned


async def test_votes_are_counted_once_and_in_time(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    poll = PollDraft(options=("yes", "no", "maybe"), expires_in=600, multiple=True)
    status_id = await post(server, ada, poll=poll)
    for choices in ([], [3], [-1]):
        with pytest.raises(ClientError, match="The chosen vote option does not exist"):
            await polls.vote(server.commands, bob, status_id, choices)
    with pytest.raises(ClientError, match="You cannot vote in your own polls"):
        await polls.vote(server.commands, ada, status_id, [0])
    position = await polls.vote(server.commands, bob, status_id, [2, 0, 2])
    await folded(server, position)
    event, create = await said(server, position)
    assert (create["object"]["name"], create["to"], event.status_id) == ("yes", [ada.uri], None)
    after = await row(server, status_id, bob)
    assert (after.poll_votes, after.own_votes, after.poll_voters) == ((1, 0, 1), (2, 0), 1)
    with pytest.raises(ClientError, match="You have already voted on this poll"):
        await polls.vote(server.commands, bob, status_id, [1, 2])
    await folded(server, await polls.vote(server.commands, bob, status_id, [1]))
    after = await row(server, status_id, bob)
    assert (after.poll_votes, after.own_votes, after.poll_voters) == ((1, 1, 1), (2, 0, 1), 1)
    later = msgspec.structs.replace(server.commands, clock=lambda: server.clock() + timedelta(minutes=11))
    with pytest.raises(ClientError, match="The poll has already ended"):
        await polls.vote(later, await person(server), status_id, [1])
    with pytest.raises(NotFoundError):
        await polls.vote(server.commands, bob, await post(server, ada), [0])


async def test_a_list_holds_those_whom_its_owner_follows(server: Deps) -> None:
    ada, bob, eve = await person(server, "ada"), await person(server, "bob"), await person(server, "eve")
    with pytest.raises(ClientError, match="Title can't be blank"):
        await lists.create_list(server.commands, ada, ListDraft(title=" "))
    saved = await lists.create_list(server.commands, ada, ListDraft(title="Friends", exclusive=True))
    await folded(server, saved.position)
    number = saved.list.id
    assert (saved.list.replies_policy, saved.list.exclusive) == ("list", True)
    with pytest.raises(NotFoundError):
        await lists.add_to_list(server.commands, ada, number, [bob.id])
    await folded(server, await follows.follow(server.commands, ada, bob.id, Wishes()))
    await folded(server, await lists.add_to_list(server.commands, ada, number, [bob.id, bob.id]))
    async with server.pool.connection() as connection:
        assert await list_views.all_members(connection, number) == [bob.id]
    with pytest.raises(ClientError, match="Account has already been taken"):
        await lists.add_to_list(server.commands, ada, number, [bob.id])
    for act in (lists.add_to_list, lists.remove_from_list):
        with pytest.raises(NotFoundError):
            await act(server.commands, eve, number, [bob.id])
    changed = await lists.edit_list(server.commands, ada, number, ListDraft(replies_policy="none"))
    await folded(server, changed.position)
    assert (changed.list.title, changed.list.replies_policy, changed.list.exclusive) == ("Friends", "none", True)
    await folded(server, await lists.remove_from_list(server.commands, ada, number, [bob.id]))
    assert await lists.remove_from_list(server.commands, ada, number, [bob.id]) is None
    await folded(server, await lists.delete_list(server.commands, ada, number))
    with pytest.raises(NotFoundError):
        await lists.delete_list(server.commands, ada, number)


async def test_a_hashtag_is_followed_in_its_normal_form(server: Deps) -> None:
    ada = await person(server, "ada")
    await folded(server, await tags.follow_tag(server.commands, ada, "Caf\u00e9"))
    async with server.pool.connection() as connection:
        assert await targets.followed_tags(connection, ada.id) == {"cafe"}
    assert await tags.follow_tag(server.commands, ada, "CAFE") is None
    await folded(server, await tags.unfollow_tag(server.commands, ada, "cafe"))
    assert await tags.unfollow_tag(server.commands, ada, "cafe") is None
    with pytest.raises(NotFoundError):
        await tags.follow_tag(server.commands, ada, "no tag")


async def test_notifications_are_dismissed_by_whom_they_are_for(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    for status_id in (await post(server, ada), await post(server, ada)):
        await folded(server, await favourites.favourite_status(server.commands, bob, status_id))
    query = "SELECT id FROM read.notifications WHERE account_id = %s ORDER BY id"

    async def told() -> list[int]:
        async with server.pool.connection() as connection:
            return [number for (number,) in await (await connection.execute(query, [ada.id])).fetchall()]

    first, second = await told()
    with pytest.raises(NotFoundError):
        await notifications.dismiss_notification(server.commands, bob, first)
    await folded(server, await notifications.dismiss_notification(server.commands, ada, first))
    assert await told() == [second]
    await folded(server, await notifications.clear_notifications(server.commands, ada))
    assert await told() == []
