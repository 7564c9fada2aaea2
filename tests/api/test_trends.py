"""What many talk about: counted from what they said, and shown with its history."""

from typing import Any

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.commands import moderation
from fedi.effects import trending
from fedi.events import identity
from fedi.events.links import LinkPreviewed
from fedi.log.drafts import Draft
from fedi.registry import trends
from fedi.views import trends as views
from tests.support.phone import Phone, phone
from tests.support.schemas import assert_valid
from tests.support.server import folded
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")
NEWS = "https://news.example/1"
KINDS = ("tags", "statuses", "links")


@pytest.fixture
async def people(deps: Deps) -> list[Phone]:
    """Six people who want to be found."""
    found = [await phone(deps, f"p{number}") for number in range(6)]
    for each in found:
        await each.call("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": True})
    return found


async def count(deps: Deps) -> None:
    """Count as the job does."""
    now = deps.clock()
    async with deps.pool.connection() as connection:
        tags = trending.of_uses(await views.tag_uses(connection, now), {}, trending.TAG_HALF_LIFE, now)
        await trends.replace(connection, "tag", tags)
        links = trending.of_uses(await views.link_uses(connection, now), {}, trending.LINK_HALF_LIFE, now)
        await trends.replace(connection, "link", links)
        liked = await views.well_liked(connection, now, trending.ENOUGH)
        await trends.replace(connection, "status", trending.of_statuses(liked, now))


async def preview(deps: Deps, url: str, **fields: Any) -> None:
    said: dict[str, Any] = {"title": "News", "description": "Of today", "image": "https://news.example/i.png"}
    seen = LinkPreviewed(url=url, kind="link", **said, **fields)
    appended = await deps.commands.appender.append([Draft(identity=identity.fresh(deps.clock()), event=seen)])
    await folded(deps, appended.positions[-1])


async def say(someone: Phone, text: str, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = await someone.call("POST", "/api/v1/statuses", json={"status": text, **more})
    return said


async def test_what_many_say_is_popular(deps: Deps, people: list[Phone]) -> None:
    first = people[0]
    await preview(deps, NEWS, author_id=first.owner.id, author_name="Ann", width=40, height=30, blurhash="L")
    for someone in people[:5]:
        await say(someone, f"#Rain {NEWS}")
    post = await say(first, "everybody likes this")
    for someone in people[1:]:
        await someone.call("POST", f"/api/v1/statuses/{post['id']}/favourite")
    await count(deps)
    (tag,) = await first.call("GET", "/api/v1/trends/tags")
    assert_valid(tag, "Tag")
    assert (tag["name"], tag["history"][0]["uses"], tag["history"][0]["accounts"]) == ("rain", "5", "5")
    assert len(tag["history"]) == 7
    (link,) = await first.call("GET", "/api/v1/trends/links")
    assert_valid(link, "TrendsLink")
    assert (link["url"], link["title"], link["history"][0]["accounts"]) == (NEWS, "News", "5")
    assert link["authors"][0]["account"]["id"] == str(first.owner.id)
    (status,) = await first.call("GET", "/api/v1/trends/statuses")
    assert_valid(status, "Status")
    assert status["id"] == post["id"]
    nobody = client(routes(deps))
    old = await nobody.get("/api/v1/trends")
    assert old.json()[0]["name"] == "rain"
    assert old.headers["deprecation"] == "@1648598400"
    timeline = await first.call("GET", f"/api/v1/timelines/link?url={NEWS}&limit=3")
    assert [each["card"]["url"] for each in timeline] == [NEWS] * 3


async def test_pages_of_trends_are_linked(deps: Deps) -> None:
    async with deps.pool.connection() as connection:
        found = [trends.Trend(key=f"tag{number}", score=9.0 - number) for number in range(5)]
        await trends.replace(connection, "tag", found)
    page = await client(routes(deps)).get("/api/v1/trends/tags?limit=2&offset=2")
    assert [tag["name"] for tag in page.json()] == ["tag2", "tag3"]
    assert "offset=4" in page.links["next"]["url"]
    assert "offset=0" in page.links["prev"]["url"]
    last = await client(routes(deps)).get("/api/v1/trends/tags?limit=2&offset=4")
    assert [tag["name"] for tag in last.json()] == ["tag4"]
    assert "next" not in last.links


@pytest.mark.parametrize("kind", KINDS)
async def test_odd_parts_are_answered(deps: Deps, kind: str) -> None:
    nobody = client(routes(deps))
    for query, status in (("limit=-3", 200), ("offset=-1", 200), ("offset=99999999999", 200), ("limit=x", 422)):
        assert (await nobody.get(f"/api/v1/trends/{kind}?{query}")).status_code == status
    refused = await nobody.get(f"/api/v1/trends/{kind}", headers={"Authorization": "Bearer nonsense"})
    assert refused.status_code == 401


async def test_nothing_is_shown_unless_the_operator_wants_it(deps: Deps, people: list[Phone]) -> None:
    for someone in people:
        await say(someone, "#snow")
    await count(deps)
    careful = msgspec.structs.replace(deps, settings=msgspec.structs.replace(deps.settings, trendable_by_default=False))
    http = client(routes(careful))
    for kind in KINDS:
        assert (await http.get(f"/api/v1/trends/{kind}")).json() == []
    instance = (await http.get("/api/v2/instance")).json()
    assert instance["configuration"]["timelines_access"]["trending_link_feeds"]["local"] == "disabled"
    assert (await http.get(f"/api/v1/timelines/link?url={NEWS}")).status_code == 404


async def test_s_116_what_is_not_public_is_no_trend(deps: Deps, people: list[Phone]) -> None:
    for visibility in ("unlisted", "private", "direct"):
        for someone in people:
            await say(someone, f"#{visibility} https://news.example/{visibility}", visibility=visibility)
    hidden = await say(people[0], "for some", visibility="unlisted")
    for someone in people:
        await someone.call("POST", f"/api/v1/statuses/{hidden['id']}/favourite")
    await count(deps)
    async with deps.pool.connection() as connection:
        keys = {trend.key for kind in ("tag", "link", "status") for trend in await trends.all_of(connection, kind)}
    assert not keys & {"unlisted", "private", "direct", hidden["id"]}
    assert not any("news.example/" in key and key != NEWS for key in keys)


async def test_readers_do_not_see_whom_they_block(deps: Deps, people: list[Phone]) -> None:
    post = await say(people[0], "not for all")
    for someone in people[1:]:
        await someone.call("POST", f"/api/v1/statuses/{post['id']}/reblog")
    await count(deps)
    reader = people[1]
    assert post["id"] in [each["id"] for each in await reader.call("GET", "/api/v1/trends/statuses")]
    await reader.call("POST", f"/api/v1/accounts/{people[0].owner.id}/block")
    assert post["id"] not in [each["id"] for each in await reader.call("GET", "/api/v1/trends/statuses")]


async def test_only_popular_pages_have_a_timeline(deps: Deps, people: list[Phone]) -> None:
    await say(people[0], "https://quiet.example/1")
    for url in ("https://quiet.example/1", "no address", "https://nowhere.example"):
        await people[0].call("GET", f"/api/v1/timelines/link?url={url}", 404)
    await people[0].call("GET", "/api/v1/timelines/link", 422)
    narrow = await phone(deps, "narrow", "read:lists")
    await narrow.call("GET", f"/api/v1/timelines/link?url={NEWS}", 403)


async def test_a_card_is_shown_everywhere_and_its_picture_is_ours(deps: Deps, people: list[Phone]) -> None:
    url, writer = "https://news.example/card", people[0]
    post = await say(writer, f"look {url} and https://news.example/other")
    assert post["card"] is None
    await preview(deps, url, width=40, height=30)
    shown = await writer.call("GET", f"/api/v1/statuses/{post['id']}")
    assert_valid(shown, "Status")
    card = shown["card"]
    assert_valid(card, "PreviewCard")
    assert (card["url"], card["title"], card["type"], card["width"]) == (url, "News", "link", 40)
    assert card["image"].startswith(f"{deps.site.base_url}/media/remote/cards/")
    (listed,) = await writer.call("GET", f"/api/v1/accounts/{writer.owner.id}/statuses")
    assert listed["card"] == card
    edited = await writer.call("PUT", f"/api/v1/statuses/{post['id']}", json={"status": "no link"})
    assert edited["card"] is None


async def test_what_those_say_who_are_limited_makes_nothing_popular(deps: Deps, people: list[Phone]) -> None:
    url = "https://windy.example/1"
    await preview(deps, url)
    for someone in people[:5]:
        await say(someone, f"#Wind {url}")
    popular = []
    for _ in range(2):
        await count(deps)
        tags, links = [await people[1].call("GET", f"/api/v1/trends/{kind}") for kind in ("tags", "links")]
        popular.append(("wind" in {tag["name"] for tag in tags}, url in {link["url"] for link in links}))
        loud = moderation.restrict(deps.commands, deps.redis, people[0].owner, "silence", tell=False)
        await folded(deps, await loud)
    assert popular == [(True, True), (False, False)]
