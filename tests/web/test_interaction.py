"""Buttons of other servers lead here: whom and what they are about is shown, and then done if that is wanted."""

from urllib.parse import quote

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.commands import statuses
from fedi.commands.drafts import StatusDraft
from fedi.registry import users
from fedi.services.limiter import Limit, Limiter
from fedi.views import relationships
from fedi.views.targets import AccountRef
from fedi.web import guards
from fedi.web.mount import routes
from fedi.web.parts import Parts
from fedi.web.places import interaction_address
from tests.support.server import PASSWORD, person
from tests.support.web import client
from tests.web.conftest import Browser

pytestmark = pytest.mark.usefixtures("projector")


@pytest.fixture
async def ada(server: Deps) -> AccountRef:
    return await person(server)


@pytest.fixture
async def bob(server: Deps) -> AccountRef:
    return await person(server)


@pytest.fixture
async def entered(browser: Browser, server: Deps, ada: AccountRef) -> Browser:
    """Ada's browser."""
    async with server.pool.connection() as connection:
        user = await users.by_account(connection, ada.id)
    assert user is not None
    assert (await browser.sign_in(user, password=PASSWORD)).status_code == 302
    return browser


async def said(server: Deps, author: AccountRef, **more: str) -> str:
    """Let somebody post; return the post's id."""
    draft = msgspec.convert({"text": "who comes along?", **more}, StatusDraft)
    published = await statuses.publish_status(server.commands, author, draft)
    await server.written.note(author.id, published.position)
    return server.site.status(author.username, published.status_id)


async def following(server: Deps, one: AccountRef, other: AccountRef) -> bool:
    async with server.pool.connection() as connection:
        found = await relationships.to_one(connection, one.id, other.id)
    assert found is not None
    return found.following


async def test_whoever_is_not_signed_in_comes_back_to_the_same_address(
    browser: Browser, server: Deps, ada: AccountRef, bob: AccountRef
) -> None:
    address = interaction_address(f"acct:{bob.username}@{server.site.domain}")
    asked = await browser.get(address)
    async with server.pool.connection() as connection:
        user = await users.by_account(connection, ada.id)
    assert user is not None
    led = await browser.sign_in(user, asked.headers["location"], PASSWORD)
    assert led.headers["location"] == address
    assert "Follow</button>" in (await browser.get(address)).text
    assert "Follow</button>" in (await browser.get(address.replace("?uri=acct%3A", "?acct="))).text


@pytest.mark.parametrize(
    "form",
    ["acct:{name}@{domain}", "@{name}@{domain}", "{name}@{domain}", "{name}", "{base}/users/{name}", "{base}/@{name}"],
)
async def test_somebody_is_followed_and_followed_no_longer(
    entered: Browser, server: Deps, ada: AccountRef, bob: AccountRef, form: str
) -> None:
    site = server.site
    address = interaction_address(form.format(name=bob.username, domain=site.domain, base=site.base_url))
    page = await entered.get(address)
    assert f"@{bob.username}@{site.domain}" in page.text
    assert not await following(server, ada, bob)
    done = await entered.send(page)
    assert (done.status_code, done.headers["location"]) == (302, address)
    assert await following(server, ada, bob)
    again = await entered.get(address)
    assert "You follow this account." in again.text
    await entered.send(again)
    assert not await following(server, ada, bob)


async def test_a_post_is_favourited_boosted_and_answered(
    entered: Browser, server: Deps, ada: AccountRef, bob: AccountRef
) -> None:
    uri = await said(server, bob)
    address = interaction_address(uri)
    page = await entered.get(address)
    assert "who comes along?" in page.text
    for act in ("favourite", "boost"):
        await entered.send(page, 0, act=act)
    page = await entered.get(address)
    assert "Favourite no longer" in page.text
    assert "Boost no longer" in page.text
    for act in ("unfavourite", "unboost"):
        await entered.send(page, 0, act=act)
    page = await entered.get(address)
    assert "no longer" not in page.text
    refused = await entered.send(page, 2, text="x" * 501)
    assert (refused.status_code, "x" * 501 in refused.text) == (422, True)
    answered = await entered.send(refused, 2, text=f"@{bob.username} me!", visibility="public")
    assert answered.headers["location"].startswith(server.site.profile(ada.username))
    assert "who comes along?" in (await entered.get(answered.headers["location"])).text


async def test_a_post_for_others_is_not_there(entered: Browser, server: Deps, bob: AccountRef) -> None:
    hidden = await said(server, bob, visibility="direct")
    for nothing in (hidden, server.site.status("nobody", 1), "nobody", "", "https://", "x" * 3000, "\\@evil"):
        assert (await entered.get(interaction_address(nothing))).status_code == 404, nothing


async def test_what_is_done_was_chosen_on_our_page(entered: Browser, server: Deps, bob: AccountRef) -> None:
    forged = await entered.http.post("/authorize_interaction", data={"uri": bob.username, "act": "follow"})
    assert forged.status_code == 403


async def test_nobody_has_any_number_of_names_looked_up(
    server: Deps, parts: Parts, entered: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "LOOKUPS", Limit("lookups", 2, 300))
    limited = msgspec.structs.replace(parts, limiter=Limiter(server.redis, server.clock))
    async with client(routes(limited)) as http:
        http.cookies = entered.http.cookies
        answers = [(await http.get(interaction_address(f"x{n}@far.example"))).status_code for n in range(3)]
    assert answers == [404, 404, 429]


async def test_a_share_button_leads_to_a_post(entered: Browser, server: Deps, ada: AccountRef) -> None:
    page = await entered.get("/share?title=Cats&text=%3Cb%3E%20all&url=https%3A%2F%2Fcats.example%2F")
    assert "Cats &lt;b&gt; all https://cats.example/</textarea>" in page.text
    refused = await entered.send(page, text="x" * 501, visibility="unlisted")
    assert (refused.status_code, "x" * 501 in refused.text) == (422, True)
    done = [
        (await entered.send(refused, text="look at cats", visibility="public")).headers["location"] for _ in range(2)
    ]
    assert done[0] == done[1], "sent twice it is said once"
    assert "look at cats" in (await entered.get(done[0])).text


@pytest.mark.parametrize(
    ("intent", "led"),
    [
        ("web+mastodon://follow?uri=acct%3Abob%40far.example", "/authorize_interaction?uri=acct%3Abob%40far.example"),
        ("web+mastodon://share?text=a%20%26%20b", "/share?text=a+%26+b"),
    ],
)
async def test_an_intent_leads_on(browser: Browser, intent: str, led: str) -> None:
    assert (await browser.get(f"/intent?uri={quote(intent, safe='')}")).headers["location"] == led


@pytest.mark.parametrize(
    "intent", ["", "https://evil.example/", "web+mastodon://follow", "web+mastodon://else?uri=x", "web+mastodon://["]
)
async def test_what_is_no_intent_leads_nowhere(browser: Browser, intent: str) -> None:
    assert (await browser.get(f"/intent?uri={quote(intent, safe='')}")).status_code == 404


async def test_the_address_that_is_the_same_on_all_servers_leads_on(browser: Browser) -> None:
    for asked, led in (("uri=https%3A%2F%2Ffar.example%2F1", "https%3A%2F%2Ffar.example%2F1"), ("acct=a%40b", "a%40b")):
        answer = await browser.get(f"/.well-known/proxy?{asked}")
        assert answer.headers["location"] == f"/authorize_interaction?uri={led}"
