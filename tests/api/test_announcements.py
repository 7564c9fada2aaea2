"""Announcements of the staff: published, read, reacted to, taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from fedi.api.deps import Deps
from fedi.commands import announcements, emojis
from fedi.commands.announcements import MAX_REACTIONS, AnnouncementDraft
from fedi.errors import ClientError, NotFoundError
from tests.support.phone import Phone, at, phone, picture
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")


async def announce(deps: Deps, reader: Phone, text: str, **more: Any) -> str:
    number, position = await announcements.publish(deps.commands, AnnouncementDraft(text=text, **more))
    await deps.written.note(reader.owner.id, position)
    return str(number)


async def seen(reader: Phone, query: str = "") -> dict[str, dict[str, Any]]:
    found = await reader.call("GET", "/api/v1/announcements" + query)
    for each in found:
        assert_valid(each, "Announcement")
    return {each["id"]: each for each in found}


async def test_people_read_what_is_announced_until_they_dismiss_it(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    post = await ada.call("POST", "/api/v1/statuses", json={"status": "see"})
    number = await announce(deps, ada, f"Hello {at(ada)}, <see> {post['url']} #News")
    shown = (await seen(ada))[number]
    assert "&lt;see&gt;" in shown["content"]
    assert [(each["id"], each["acct"]) for each in shown["mentions"]] == [(str(ada.owner.id), ada.owner.username)]
    assert shown["statuses"] == [{"id": post["id"], "url": post["url"]}]
    assert (shown["read"], shown["tags"][0]["name"]) == (False, "news")
    assert await ada.call("POST", f"/api/v1/announcements/{number}/dismiss") == {}
    assert number not in await seen(ada)
    assert (await seen(ada, "?with_dismissed=1"))[number]["read"] is True
    await deps.written.note(ada.owner.id, await announcements.remove(deps.commands, int(number)))
    assert number not in await seen(ada, "?with_dismissed=1")
    await ada.call("POST", f"/api/v1/announcements/{number}/dismiss", 404)
    with pytest.raises(NotFoundError):
        await announcements.remove(deps.commands, int(number))


async def test_what_is_over_is_not_shown(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    now = datetime.now(UTC)
    over = await announce(deps, ada, "over", ends_at=now - timedelta(minutes=1))
    still = await announce(deps, ada, "still", starts_at=now, ends_at=now + timedelta(days=1), all_day=True)
    assert {over, still} & set(await seen(ada)) == {still}
    for draft in (
        AnnouncementDraft(text=" "),
        AnnouncementDraft(text="x" * 20_000),
        AnnouncementDraft(text="x", starts_at=now, ends_at=now - timedelta(days=1)),
    ):
        with pytest.raises(ClientError):
            await announcements.publish(deps.commands, draft)


async def test_people_react_with_emoji(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    number = await announce(deps, ada, "What do you say?")
    await deps.written.note(ada.owner.id, await emojis.add(deps.commands, "blobcat", picture()))
    path = f"/api/v1/announcements/{number}/reactions/"
    assert await ada.call("PUT", path + quote("👍🏽")) == {}
    assert await ada.call("PUT", path + quote("👍🏽")) == {}
    assert await bob.call("PATCH", path + quote("👍🏽")) == {}
    await ada.call("PUT", path + "blobcat")
    thumb, cat = (await seen(bob))[number]["reactions"]
    assert (thumb["name"], thumb["count"], thumb["me"]) == ("👍🏽", 2, True)
    assert (cat["name"], cat["count"], cat["me"]) == ("blobcat", 1, False)
    assert cat["url"].endswith(".png")
    await bob.call("DELETE", path + quote("👍🏽"))
    await bob.call("DELETE", path + quote("👍🏽"))
    assert [(each["count"], each["me"]) for each in (await seen(ada))[number]["reactions"]] == [(1, True), (1, True)]
    for nonsense in ("nobody", "a b", "x" * 100, "1"):
        await ada.call("PUT", path + quote(nonsense), 422)
    for emoji in "🐀🐁🐂🐃🐄🐅"[: MAX_REACTIONS - 2]:
        await ada.call("PUT", path + quote(emoji))
    await ada.call("PUT", path + quote("🐇"), 422)
    await ada.call("PUT", "/api/v1/announcements/1/reactions/blobcat", 404)
    narrow = await phone(deps, "eve", "write:accounts")
    await narrow.call("PUT", path + "blobcat", 403)
    assert (await ada.http.put(path + "blobcat")).status_code == 401
