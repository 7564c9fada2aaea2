import asyncio
import io
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PIL import Image

from fedi.api.deps import Deps
from fedi.commands import boosts, edits, media, statuses
from fedi.commands.drafts import PollDraft, StatusDraft
from fedi.commands.edits import Description
from fedi.commands.media import Wish
from fedi.commands.statuses import Published
from fedi.errors import ClientError, NotAllowedError, NotFoundError, Unavailable
from fedi.registry import media as registry
from fedi.registry import users
from fedi.registry.users import Preferences
from fedi.views import statuses as views
from fedi.views.targets import AccountRef
from tests.support.server import folded, person, said
from tests.support.uploads import uploaded

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def picture(shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, 90, 120)).save(out, "PNG")
    return out.getvalue()


async def publish(server: Deps, author: AccountRef, text: str = "Hello", **fields: Any) -> Published:
    published = await statuses.publish_status(server.commands, author, StatusDraft(text=text, **fields))
    await folded(server, published.position)
    return published


async def shown(server: Deps, status_id: int, reader: AccountRef | None = None) -> views.Status | None:
    async with server.pool.connection() as connection:
        return await views.one(connection, status_id, reader.id if reader else None)


async def test_a_post_is_said_as_others_will_hear_it_and_shown_as_it_was_said(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    text = f"Hi @{bob.username} and @nobody #Cats https://b.example/"
    published = await publish(server, ada, text, application=("App", "https://app.example"))
    event, create = await said(server, published.position)
    assert (event.account_id, event.status_id, event.text) == (ada.id, published.status_id, text)
    assert (create["type"], create["actor"], create["to"]) == ("Create", ada.uri, [PUBLIC])
    assert create["cc"] == [ada.followers_uri, bob.uri]
    note = create["object"]
    assert note["id"] == f"{ada.uri}/statuses/{published.status_id}"
    assert f'<a href="{bob.url}" class="u-url mention">@<span>{bob.username}</span></a>' in note["content"]
    assert "@nobody" in note["content"]
    mention, tag = note["tag"]
    assert mention == {"type": "Mention", "href": bob.uri, "name": f"@{bob.username}@localhost:3000"}
    assert (tag["type"], tag["name"]) == ("Hashtag", "#Cats")
    status = await shown(server, published.status_id)
    assert status is not None
    assert status.row.application == ("App", "https://app.example")
    assert [each.id for each in status.mentions] == [bob.id]
    assert status.row.visibility == "public"


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        (StatusDraft(), "Validation failed: Text can't be blank"),
        (StatusDraft(text=" \n\r\n"), "Validation failed: Text can't be blank"),
        (StatusDraft(text="x" * 501), "Validation failed: Text character limit of 500 exceeded"),
        (
            StatusDraft(text="x" * 400, spoiler_text="y" * 101),
            "Validation failed: Text character limit of 500 exceeded",
        ),
        (StatusDraft(text="x" * 1_000_000), "Validation failed: Text character limit of 500 exceeded"),
        (StatusDraft(text="x", media_ids=(1, 2, 3, 4, 5)), "Cannot attach more than 4 files"),
        (StatusDraft(text="x", media_ids=(1,)), "Media with IDs 1 not found or already attached to another post"),
        (
            StatusDraft(text="x", poll=PollDraft(options=("a",), expires_in=600)),
            "Validation failed: Options must have more than one item",
        ),
        (
            StatusDraft(text="x", poll=PollDraft(options=("a", "a"), expires_in=600)),
            "Validation failed: Options contain duplicate items",
        ),
        (
            StatusDraft(text="x", poll=PollDraft(options=("a", "b"), expires_in=10)),
            "Validation failed: Expires at is too soon",
        ),
        (
            StatusDraft(text="x", poll=PollDraft(options=("a", "b" * 51), expires_in=600)),
            "Validation failed: Options cannot be longer than 50 characters each",
        ),
    ],
)
async def test_a_draft_that_cannot_be_posted_is_refused_in_mastodons_words(
    server: Deps, draft: StatusDraft, message: str
) -> None:
    ada = await person(server, "ada")
    with pytest.raises(ClientError) as refused:
        await statuses.publish_status(server.commands, ada, draft)
    assert str(refused.value) == message


async def test_long_links_and_far_handles_count_little(server: Deps) -> None:
    ada = await person(server, "ada")
    text = "x" * 470 + " https://b.example/" + "y" * 300 + " @a@" + "z" * 50 + ".example"
    assert (await publish(server, ada, text)).status_id


async def test_visibility_decides_who_is_addressed(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    expected = {
        "public": ([PUBLIC], [ada.followers_uri, bob.uri]),
        "unlisted": ([ada.followers_uri], [PUBLIC, bob.uri]),
        "private": ([ada.followers_uri], [bob.uri]),
        "direct": ([bob.uri], []),
    }
    for visibility, (to, cc) in expected.items():
        published = await publish(server, ada, f"@{bob.username}", visibility=visibility)
        _, create = await said(server, published.position)
        assert (create["object"]["to"], create["object"]["cc"]) == (to, cc)


async def test_preferences_decide_what_a_draft_leaves_open(server: Deps) -> None:
    ada = await person(server, "ada")
    async with server.pool.connection() as connection:
        user = await users.by_account(connection, ada.id)
        assert user is not None
        chosen = Preferences(default_privacy="private", default_sensitive=True, default_language="nl")
        await users.set_preferences(connection, user.id, chosen)
    published = await publish(server, ada)
    _, create = await said(server, published.position)
    note = create["object"]
    assert (note["to"], note["sensitive"], list(note["contentMap"])) == ([ada.followers_uri], True, ["nl"])


async def test_one_answers_only_what_one_may_see(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    secret = await publish(server, ada, visibility="private")
    with pytest.raises(NotFoundError, match="Record not found"):
        await publish(server, bob, in_reply_to_id=secret.status_id)
    with pytest.raises(NotFoundError):
        await publish(server, bob, in_reply_to_id=1)
    open_post = await publish(server, ada)
    reply = await publish(server, bob, in_reply_to_id=open_post.status_id)
    _, create = await said(server, reply.position)
    assert create["object"]["inReplyTo"] == f"{ada.uri}/statuses/{open_post.status_id}"
    assert open_post.post is not None
    assert create["object"]["conversation"] == open_post.post.conversation != ""
    status = await shown(server, reply.status_id)
    assert status is not None
    assert (status.row.in_reply_to_id, status.row.in_reply_to_account_id) == (open_post.status_id, ada.id)


async def test_media_are_bound_to_their_post(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    upload = await uploaded(server, ada, picture(), Wish(description="A cat", focus=(0.5, -0.5)))
    with pytest.raises(ClientError, match="not found or already attached"):
        await publish(server, bob, media_ids=(upload.id,))
    published = await publish(server, ada, "", media_ids=(upload.id,))
    event, create = await said(server, published.position)
    assert event.media_ids == (upload.id,)
    document = create["object"]["attachment"][0]
    assert document["url"] == f"http://localhost:3000/media/{upload.storage_key}"
    assert (document["name"], document["focalPoint"], document["width"]) == ("A cat", [0.5, -0.5], 60)
    status = await shown(server, published.status_id)
    assert status is not None
    assert [each.media_id for each in status.row.attachments] == [upload.id]
    with pytest.raises(ClientError, match="not found or already attached"):
        await publish(server, ada, media_ids=(upload.id,))


async def test_media_of_a_post_that_was_not_said_are_free_again(server: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await person(server, "ada")
    upload = await uploaded(server, ada, picture())

    async def away(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(server.commands.appender, "append", away)
        with pytest.raises(Unavailable):
            await publish(server, ada, media_ids=(upload.id,))
    assert (await publish(server, ada, media_ids=(upload.id,))).status_id


async def test_a_key_means_the_same_post_for_an_hour_and_another_one_later(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    first = await publish(server, ada, key="k")
    again = await publish(server, ada, "Something else", key="k")
    assert (again.status_id, again.position) == (first.status_id, first.position)
    assert (await publish(server, bob, key="k")).status_id != first.status_id
    later = msgspec.structs.replace(server.commands, clock=lambda: server.clock() + timedelta(hours=1, seconds=1))
    second = await statuses.publish_status(later, ada, StatusDraft(text="Later", key="k"))
    assert second.status_id != first.status_id


async def test_twins_of_a_keyed_request_make_one_post(server: Deps) -> None:
    ada = await person(server, "ada")
    upload = await uploaded(server, ada, picture())
    draft = StatusDraft(text="Once", media_ids=(upload.id,), key="twin")
    twins = [statuses.publish_status(server.commands, ada, draft) for _ in range(5)]
    assert len({published.status_id for published in await asyncio.gather(*twins)}) == 1


async def test_a_poll_is_a_question(server: Deps) -> None:
    ada = await person(server, "ada")
    poll = PollDraft(options=("yes", "no"), expires_in=600, multiple=True)
    published = await publish(server, ada, "Well?", poll=poll)
    _, create = await said(server, published.position)
    assert create["object"]["type"] == "Question"
    assert [option["name"] for option in create["object"]["anyOf"]] == ["yes", "no"]
    status = await shown(server, published.status_id, ada)
    assert status is not None
    assert (status.row.poll_titles, status.row.poll_votes) == (("yes", "no"), (0, 0))


async def test_an_edit_is_an_update_and_keeps_what_a_post_is(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    upload = await uploaded(server, ada, picture())
    published = await publish(server, ada, "Before", media_ids=(upload.id,), visibility="unlisted", language="nl")
    draft = StatusDraft(text=f"After @{bob.username}", media_ids=(upload.id,), visibility="public")
    described = {upload.id: Description(description="Now described")}
    edited = await edits.edit_status(server.commands, ada, published.status_id, draft, described)
    assert edited is not None
    await folded(server, edited.position)
    event, update = await said(server, edited.position)
    note = update["object"]
    assert (update["type"], event.text, event.media_ids) == ("Update", draft.text, (upload.id,))
    assert (note["to"], note["cc"]) == ([ada.followers_uri], [PUBLIC, bob.uri])
    assert note["updated"]
    assert note["attachment"][0]["name"] == "Now described"
    status = await shown(server, published.status_id)
    assert status is not None
    assert "After" in status.row.content
    assert (status.row.visibility, status.row.language) == ("unlisted", "nl")
    assert status.row.edited_at is not None
    assert status.row.created_at == (published.post.published if published.post else None)


async def test_an_edit_that_changes_nothing_is_not_said(server: Deps) -> None:
    ada = await person(server, "ada")
    published = await publish(server, ada, "Same", spoiler_text="cw")
    draft = StatusDraft(text="Same", spoiler_text="cw")
    assert await edits.edit_status(server.commands, ada, published.status_id, draft) is None


async def test_media_that_an_edit_leaves_out_are_free_again(server: Deps) -> None:
    ada = await person(server, "ada")
    kept = await uploaded(server, ada, picture())
    gone = await uploaded(server, ada, picture(9))
    published = await publish(server, ada, media_ids=(kept.id, gone.id))
    draft = StatusDraft(text="Hello", media_ids=(kept.id,))
    assert await edits.edit_status(server.commands, ada, published.status_id, draft)
    async with server.pool.connection() as connection:
        found = await registry.by_ids(connection, [kept.id, gone.id])
    assert (found[kept.id].status_id, found[gone.id].status_id) == (published.status_id, None)


async def test_a_post_is_changed_and_deleted_by_its_author_alone(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    published = await publish(server, ada)
    with pytest.raises(NotFoundError):
        await edits.edit_status(server.commands, bob, published.status_id, StatusDraft(text="Mine"))
    with pytest.raises(NotFoundError):
        await statuses.delete_status(server.commands, bob, published.status_id, media_too=False)


async def test_a_deleted_post_is_gone_and_its_media_can_be_posted_again(server: Deps) -> None:
    ada = await person(server, "ada")
    upload = await uploaded(server, ada, picture())
    published = await publish(server, ada, media_ids=(upload.id,))
    position = await statuses.delete_status(server.commands, ada, published.status_id, media_too=False)
    await folded(server, position)
    _, delete = await said(server, position)
    assert (delete["type"], delete["object"]["type"]) == ("Delete", "Tombstone")
    assert await shown(server, published.status_id, ada) is None
    with pytest.raises(NotFoundError):
        await statuses.delete_status(server.commands, ada, published.status_id, media_too=False)
    again = await publish(server, ada, media_ids=(upload.id,))
    await statuses.delete_status(server.commands, ada, again.status_id, media_too=True)
    with pytest.raises(NotFoundError):
        await media.own(server.commands, ada, upload.id)


async def test_a_boost_is_announced_once_and_taken_back(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    published = await publish(server, ada)
    boosted = await boosts.boost_status(server.commands, bob, published.status_id)
    await folded(server, boosted.position)
    assert boosted.position is not None
    _, announce = await said(server, boosted.position)
    assert (announce["type"], announce["object"]) == ("Announce", f"{ada.uri}/statuses/{published.status_id}")
    assert (announce["to"], announce["cc"]) == ([PUBLIC], [bob.followers_uri, ada.uri])
    status = await shown(server, boosted.boost_id, bob)
    assert status is not None
    assert status.boost_of is not None
    assert status.boost_of.row.boosted
    again = await boosts.boost_status(server.commands, bob, boosted.boost_id)
    assert (again.boost_id, again.position) == (boosted.boost_id, None)
    position = await boosts.unboost_status(server.commands, bob, boosted.boost_id)
    await folded(server, position)
    assert position is not None
    _, undo = await said(server, position)
    assert (undo["type"], undo["object"]["id"]) == ("Undo", announce["id"])
    assert await shown(server, boosted.boost_id, bob) is None
    assert await boosts.unboost_status(server.commands, bob, published.status_id) is None
    anew = await boosts.boost_status(server.commands, bob, published.status_id)
    assert anew.boost_id != boosted.boost_id


async def test_what_is_not_for_everybody_is_boosted_by_its_author_alone(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    private = await publish(server, ada, f"@{bob.username}", visibility="private")
    direct = await publish(server, ada, f"@{bob.username}", visibility="direct")
    with pytest.raises(NotAllowedError):
        await boosts.boost_status(server.commands, bob, private.status_id)
    with pytest.raises(NotAllowedError):
        await boosts.boost_status(server.commands, ada, direct.status_id)
    boosted = await boosts.boost_status(server.commands, ada, private.status_id)
    assert boosted.position is not None
    _, announce = await said(server, boosted.position)
    assert (announce["to"], announce["cc"]) == ([ada.followers_uri], [])
