"""The pages of hashtags, where those in posts lead; and what browsers are told of the server."""

import pytest

from fedi.web.parts import Parts
from fedi.web.profile import PAGE_SIZE
from tests.support import views
from tests.web.conftest import Browser


async def tagged(parts: Parts, author: int, content: str, **fields: object) -> int:
    async with parts.pool.connection() as connection:
        return await views.status(connection, author, content, tags=["cats"], **fields)


async def test_a_hashtag_leads_to_what_is_for_everybody(browser: Browser, parts: Parts) -> None:
    async with parts.pool.connection() as connection:
        await views.create_views(connection)
        author = await views.account(connection, "alice")
    await tagged(parts, author, "<p>first</p>")
    for visibility in ("unlisted", "private", "direct"):
        await tagged(parts, author, f"<p>{visibility}</p>", visibility=visibility)
    for number in range(PAGE_SIZE):
        await tagged(parts, author, f"<p>number{number}</p>")
    page = await browser.http.get("/tags/Cats")
    assert page.status_code == 200
    assert "number0<" in page.text
    assert not any(hidden in page.text for hidden in ("first", "unlisted<", "private<", "direct<"))
    older = page.text.partition('rel="next" href="')[2].partition('"')[0]
    assert "first" in (await browser.http.get(f"/tags/cats{older}")).text
    nothing = await browser.http.get("/tags/dogs")
    assert (nothing.status_code, "Nobody has written" in nothing.text) == (200, True)


@pytest.mark.parametrize("name", ["a%20b", "%3Cscript%3E", "123", "%00", "x" * 3000])
async def test_what_is_no_hashtag_is_not_found(browser: Browser, name: str) -> None:
    assert (await browser.http.get(f"/tags/{name}")).status_code == 404


async def test_browsers_are_told_what_this_is(browser: Browser, parts: Parts) -> None:
    answer = await browser.http.get("/manifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    document = answer.json()
    assert (document["name"], document["start_url"]) == (parts.site.domain, "/")
    assert (await browser.http.get(document["icons"][0]["src"])).status_code == 200
