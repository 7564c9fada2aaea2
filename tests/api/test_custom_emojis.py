"""Custom emoji: added by the staff, used in posts and profiles, shown to apps and servers."""

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.commands import emojis
from fedi.errors import ClientError, NotFoundError
from tests.support.phone import Phone, phone, picture
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")


async def blobcat(deps: Deps, owner: Phone) -> None:
    await deps.written.note(owner.owner.id, await emojis.add(deps.commands, "blobcat", picture(), "cats"))


async def test_emoji_are_added_shown_and_removed(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    await blobcat(deps, ada)
    await blobcat(deps, ada)
    (shown,) = await ada.call("GET", "/api/v1/custom_emojis")
    assert_valid(shown, "CustomEmoji")
    assert (shown["shortcode"], shown["visible_in_picker"], shown["category"]) == ("blobcat", True, "cats")
    file = await ada.http.get(shown["url"])
    assert (file.status_code, file.headers["content-type"]) == (200, "image/png")
    await deps.written.note(ada.owner.id, await emojis.remove(deps.commands, "blobcat"))
    assert await ada.call("GET", "/api/v1/custom_emojis") == []
    with pytest.raises(NotFoundError):
        await emojis.remove(deps.commands, "blobcat")


async def test_posts_and_profiles_carry_the_emoji_they_use(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    await blobcat(deps, ada)
    draft = {"status": "hello :blobcat: not:blobcat: :nobody:", "spoiler_text": ":blobcat:"}
    post = await ada.call("POST", "/api/v1/statuses", json=draft)
    assert [each["shortcode"] for each in post["emojis"]] == ["blobcat"]
    assert (await ada.call("GET", f"/api/v1/statuses/{post['id']}"))["emojis"] == post["emojis"]
    edited = await ada.call("PUT", f"/api/v1/statuses/{post['id']}", json={"status": "bye"})
    assert edited["emojis"] == []
    named = await ada.call("PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "Ada :blobcat:"})
    assert [each["shortcode"] for each in named["emojis"]] == ["blobcat"]
    bare = await ada.call("PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "Ada"})
    assert bare["emojis"] == []


async def test_servers_are_told_of_emoji_by_documents(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    await blobcat(deps, ada)
    post = await ada.call("POST", "/api/v1/statuses", json={"status": ":blobcat:"})
    async with deps.pool.connection() as connection:
        cursor = await connection.execute("SELECT document FROM read.statuses WHERE id = %s", [int(post["id"])])
        ((document,),) = await cursor.fetchall()
    (tag,) = msgspec.json.decode(document)["tag"]
    (shown,) = await ada.call("GET", "/api/v1/custom_emojis")
    number = shown["url"].split("/")[-2]
    assert (tag["type"], tag["name"], tag["id"]) == ("Emoji", ":blobcat:", f"{deps.site.base_url}/emojis/{number}")
    assert tag["icon"]["url"] == shown["url"]


async def test_what_cannot_be_an_emoji_is_refused(deps: Deps) -> None:
    for shortcode, data in (("a b", picture()), ("x", picture()), ("cat", b"no picture"), ("cat", b"x" * 300_000)):
        with pytest.raises(ClientError):
            await emojis.add(deps.commands, shortcode, data)
    with pytest.raises(ClientError):
        await emojis.add(deps.commands, "cat", picture(), "c" * 100)
