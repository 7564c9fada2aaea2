"""An author sees where posts went, and nobody else does."""

import pytest

from fedi.registry.users import User
from fedi.web.parts import Parts
from tests.support import views
from tests.web.conftest import Browser

PAGE = "/settings/deliveries"
QUEUE = """
WITH inbox AS (INSERT INTO effects.inboxes (url, host) VALUES (%(url)s, %(host)s) RETURNING id)
INSERT INTO effects.deliveries (position, inbox_id, host, account_id, kind, about, said_at, attempts, status, outcome)
SELECT 1, id, %(host)s, %(author)s, 'Create', %(about)s, now(), 1, %(status)s, %(outcome)s FROM inbox
"""


@pytest.fixture(autouse=True)
async def prepared(parts: Parts) -> None:
    async with parts.pool.connection() as connection:
        await views.create_views(connection)


async def queue(parts: Parts, author: int, about: int, *outcomes: str | None) -> None:
    """Put deliveries into the queue, one to each host, as they ended."""
    async with parts.pool.connection() as connection:
        for number, outcome in enumerate(outcomes):
            host = f"{about}-{number}.example"
            status = 403 if outcome == "refused" else None
            given = {"url": f"https://{host}/inbox", "host": host, "author": author, "about": about}
            await connection.execute(QUEUE, {**given, "status": status, "outcome": outcome})


async def test_who_has_posted_nothing_is_told_so(browser: Browser, user: User) -> None:
    await browser.sign_in(user)
    page = await browser.get(PAGE)
    assert (page.status_code, "You have posted nothing yet" in page.text) == (200, True)
    assert PAGE in (await browser.get("/settings")).text


async def test_the_author_of_a_post_sees_what_became_of_it(parts: Parts, browser: Browser, user: User) -> None:
    await queue(parts, user.account_id, 4711, "delivered", "refused", "expired", None)
    await browser.sign_in(user)
    page = (await browser.get(f"{PAGE}/4711")).text
    for number, words in enumerate(("delivered", "refused (403)", "given up", "did not get through yet")):
        assert f"<td>4711-{number}.example</td><td>Create</td><td>{words}" in page


async def test_posts_are_listed_with_how_far_they_came(parts: Parts, browser: Browser, user: User) -> None:
    async with parts.pool.connection() as connection:
        author = await views.account(connection, "ada", id=user.account_id)
        sent = await views.status(connection, author, "<p>far and <b>wide</b></p>")
        await views.status(connection, author, "<p>nowhere</p>")
    await queue(parts, author, sent, "delivered", "delivered", None)
    await browser.sign_in(user)
    page = (await browser.get(PAGE)).text
    assert "<p>far and wide<br>" in page
    assert f'<a href="{PAGE}/{sent}">2 delivered, 1 waiting</a>' in page
    assert page.count("sent to no other server") == 1


async def test_nobody_sees_where_the_posts_of_others_went(parts: Parts, browser: Browser, user: User) -> None:
    await queue(parts, user.account_id + 1, 4712, "delivered")
    assert (await browser.get(f"{PAGE}/4712")).headers["location"].startswith("/auth/sign_in")
    await browser.sign_in(user)
    others, nothing = [(await browser.get(f"{PAGE}/{number}")).text for number in (4712, 4713)]
    assert others == nothing
    assert "sent to no other server" in others
    assert (await browser.get(f"{PAGE}/nonsense")).status_code == 404
