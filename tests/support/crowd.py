"""A crowd around one reader, which grows: of everything that lists show there is as much as there are people in it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from fedi.api.deps import Deps
from fedi.commands import announcements, emojis
from fedi.commands.announcements import AnnouncementDraft
from fedi.events import identity
from fedi.events.links import LinkPreviewed
from fedi.log.drafts import Draft
from fedi.registry import trends
from fedi.registry.trends import Trend
from tests.support.phone import Phone, at, phone, picture
from tests.support.server import folded

MOST = 9
"""Hashtags on a profile, and collections beside the one with everybody, that anybody may have."""


class Crowd:
    """`reader` and those around them. `named` are what addresses are filled with."""

    def __init__(self, deps: Deps, reader: Phone, root: dict[str, Any]) -> None:
        self.deps, self.reader, self.root = deps, reader, root
        self.friends: list[Phone] = []
        self.posts: list[dict[str, Any]] = []
        self.named: dict[str, str] = {"reader": str(reader.owner.id), "root": root["id"]}

    @property
    def size(self) -> int:
        return len(self.friends)

    async def grow(self, size: int) -> None:
        """Let there be `size` of everything."""
        new = range(self.size, size)
        self.friends += [await phone(self.deps, "friend") for _ in new]
        self.posts += await asyncio.gather(*(self._befriend(number) for number in new))
        for number in new:
            await self._own(number)
        await asyncio.gather(*(self._surround() for _ in new))
        self.named["first"] = str(self.friends[0].owner.id)
        self.named["friends"] = "&".join(f"id[]={each.owner.id}" for each in self.friends)
        self.named["posts"] = "&".join(f"id[]={each['id']}" for each in self.posts)
        await self._count()

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        """Ask as the reader."""
        return await self.reader.call(method, path, json=body or None)

    async def _befriend(self, number: int) -> dict[str, Any]:
        """Somebody new, in every tie with the reader that people can be in, says rich things."""
        reader, friend = self.reader, self.friends[number]
        await self._adorn(number, friend)
        await friend.call("POST", f"/api/v1/accounts/{reader.owner.id}/follow")
        await self.ask("POST", f"/api/v1/follow_requests/{friend.owner.id}/authorize")
        for act in ("follow", "endorse"):
            await self.ask("POST", f"/api/v1/accounts/{friend.owner.id}/{act}")
        post: dict[str, Any] = await friend.call("POST", "/api/v1/statuses", json=await self._rich(number, friend))
        for act in ("favourite", "reblog"):
            await friend.call("POST", f"/api/v1/statuses/{self.root['id']}/{act}")
            await self.ask("POST", f"/api/v1/statuses/{post['id']}/{act}")
        await self.ask("POST", f"/api/v1/statuses/{post['id']}/bookmark")
        letter = {"status": f"{at(reader)} psst :e{number}:", "visibility": "direct"}
        await friend.call("POST", "/api/v1/statuses", json=letter)
        if number < MOST:
            mine = await friend.call("POST", "/api/v1/collections", json={"name": "mine"})
            await self._collect(mine["collection"]["id"], friend, reader)
        return post

    async def _collect(self, collection_id: str, owner: Phone, member: Phone) -> None:
        path = f"/api/v1/collections/{collection_id}/items"
        await owner.call("POST", path, json={"account_id": str(member.owner.id)})

    async def _adorn(self, number: int, friend: Phone) -> None:
        await self._folded(await emojis.add(self.deps.commands, f"e{number}", picture(), ""))
        profile = {
            "display_name": f"Friend :e{number}:",
            "discoverable": True,
            "indexable": True,
            "fields_attributes": [{"name": "home", "value": f"https://friend.example/{number}"}],
        }
        await friend.call("PATCH", "/api/v1/accounts/update_credentials", json=profile)

    async def _rich(self, number: int, friend: Phone) -> dict[str, Any]:
        """What a post can have: a picture or a poll, and all the rest."""
        text = f"{at(self.reader)} rich #cats #tag{number} :e{number}: https://news.example/0"
        quote, answer = {"quoted_status_id": self.root["id"]}, {"in_reply_to_id": self.root["id"]}
        said: dict[str, Any] = {"status": text, "spoiler_text": "cw", "language": "en", **quote, **answer}
        if number % 2:
            return {**said, "poll": {"options": ["a", "b"], "expires_in": 600}}
        upload = await friend.call("POST", "/api/v1/media", files={"file": ("a.png", picture())})
        return {**said, "media_ids": [upload["id"]]}

    async def _own(self, number: int) -> None:
        """What the reader has of their own."""
        ask, friend = self.ask, self.friends[number]
        await self._collect(self.named["collection"], self.reader, friend)
        if number < MOST:
            made = await ask("POST", "/api/v1/collections", name=f"collection {number}")
            await self._collect(made["collection"]["id"], self.reader, friend)
            await ask("POST", "/api/v1/featured_tags", name=f"tag{number}")
        listed = await ask("POST", "/api/v1/lists", title=f"list {number}")
        whole = self.named.setdefault("list", listed["id"])
        await ask("POST", f"/api/v1/lists/{whole}/accounts", account_ids=[str(friend.owner.id)])
        if whole != listed["id"]:
            first = str(self.friends[0].owner.id)
            await ask("POST", f"/api/v1/lists/{listed['id']}/accounts", account_ids=[first])
        words = [{"keyword": f"word{number}"}]
        made = await ask("POST", "/api/v2/filters", title="f", context=["home"], keywords_attributes=words)
        whole = self.named.setdefault("filter", made["id"])
        await ask("POST", f"/api/v2/filters/{whole}/keywords", keyword=f"more{number}")
        await ask("POST", f"/api/v2/filters/{whole}/statuses", status_id=self.posts[number]["id"])
        await ask("POST", f"/api/v1/tags/tag{number}/follow")
        await ask("POST", "/api/v1/domain_blocks", domain=f"bad{number}.example")
        later = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
        await ask("POST", "/api/v1/statuses", status=f"later {number} #tag{number}", scheduled_at=later)
        await ask("POST", "/api/v1/statuses", status=f"once #once{number}")
        await ask("PUT", f"/api/v1/statuses/{self.root['id']}", status=f"root {number} #cats https://news.example/0")
        _, position = await announcements.publish(self.deps.commands, AnnouncementDraft(text=f"news {number}"))
        await self._folded(position)

    async def _surround(self) -> None:
        """People whom the reader does not follow."""
        shunned, asking = await phone(self.deps, "shunned"), await phone(self.deps, "asking")
        for act in ("block", "mute"):
            await self.ask("POST", f"/api/v1/accounts/{shunned.owner.id}/{act}")
        await asking.call("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": True})
        await asking.call("POST", f"/api/v1/accounts/{self.reader.owner.id}/follow")
        await asking.call("POST", "/api/v1/statuses", json={"status": f"{at(self.reader)} hm", "visibility": "direct"})
        await self.friends[0].call("POST", f"/api/v1/accounts/{asking.owner.id}/follow")

    async def _count(self) -> None:
        """Let everything be popular."""
        kept = {
            "tag": [f"tag{number}" for number in range(self.size)],
            "link": [f"https://news.example/{number}" for number in range(self.size)],
            "status": [each["id"] for each in self.posts],
        }
        for url, friend in zip(kept["link"], self.friends, strict=True):
            said = LinkPreviewed(
                url=url,
                kind="link",
                title="News",
                description="Of today",
                image="https://news.example/i.png",
                author_name="Friend",
                author_id=friend.owner.id,
            )
            draft = Draft(identity=identity.fresh(self.deps.clock()), event=said)
            await self._folded((await self.deps.commands.appender.append([draft])).positions[-1])
        async with self.deps.pool.connection() as connection:
            await trends.replace(connection, "tag", [Trend(key=each, score=9.0) for each in kept["tag"]])
            await trends.replace(connection, "link", [Trend(key=each, score=9.0) for each in kept["link"]])
            await trends.replace(connection, "status", [Trend(key=each, score=9.0) for each in kept["status"]])

    async def _folded(self, position: int | None) -> None:
        await folded(self.deps, position)


async def crowd(deps: Deps) -> Crowd:
    """Return a reader with nobody around yet."""
    reader = await phone(deps, "reader")
    profile = {"locked": True, "discoverable": True}
    await reader.call("PATCH", "/api/v1/accounts/update_credentials", json=profile)
    root = await reader.call("POST", "/api/v1/statuses", json={"status": "root #cats"})
    found = Crowd(deps, reader, root)
    collection = await reader.call("POST", "/api/v1/collections", json={"name": "all"})
    found.named["collection"] = collection["collection"]["id"]
    return found
