"""Passwords, addresses, sessions and apps, as people manage them."""

from typing import Any

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from fedi.commands import credentials
from fedi.registry import apps, codes, confirmations, mail_choices, sessions, tokens, users
from fedi.services.limiter import Limiter
from fedi.web.mount import routes
from fedi.web.parts import Parts
from tests.support.people import NOON, somebody
from tests.support.web import client
from tests.web.conftest import PASSWORD, Browser

NEW = "another good password"


async def jobs(parts: Parts) -> list[tuple[str, dict[str, Any]]]:
    async with parts.pool.connection() as connection:
        rows = await connection.execute("SELECT task_name, args->'job' FROM procrastinate_jobs ORDER BY id")
        return [(row[0], row[1]) for row in await rows.fetchall()]


async def link(parts: Parts, user: users.User, purpose: confirmations.Purpose, email: str | None = None) -> str:
    async with parts.pool.connection() as connection:
        return await confirmations.make(
            connection, parts.clock(), user_id=user.id, purpose=purpose, email=email or user.email
        )


async def opened(parts: Parts, user: users.User, app: apps.App) -> tuple[str, int, str]:
    """Return a cookie, a token and a code that the present password opened."""
    async with parts.pool.connection() as connection:
        moment = parts.clock()
        cookie = await sessions.open_session(connection, moment, user_id=user.id, ip=None, user_agent="other")
        token = await tokens.issue(connection, "key", app_id=app.id, user_id=user.id, scopes=["read"])
        code = await codes.make(
            connection, moment, app_id=app.id, user_id=user.id, redirect_uri="x", scopes=["read"], challenge=None
        )
    return cookie, token.id, code


async def is_closed(parts: Parts, cookie: str, token_id: int, code: str) -> bool:
    async with parts.pool.connection() as connection:
        left = (
            await sessions.find(connection, cookie, parts.clock()),
            await tokens.alive(connection, [token_id]),
            await codes.find(connection, code),
        )
    return left == (None, [], None)


async def test_s_100_a_reset_ends_everything_and_works_once(
    browser: Browser, parts: Parts, user: users.User, app: apps.App
) -> None:
    left = await opened(parts, user, app)
    secret = await link(parts, user, "reset_password")
    page = await browser.get(f"/auth/password/edit?reset_password_token={secret}")
    for wrong in ({"password": "x", "password_again": "x"}, {"password": NEW, "password_again": "other"}):
        assert (await browser.send(page, 0, **wrong)).status_code == 422
    assert not await is_closed(parts, *left)
    done = await browser.send(page, password=NEW, password_again=NEW)
    assert (done.status_code, done.headers["location"]) == (302, "/auth/sign_in")
    assert await is_closed(parts, *left)
    again = await browser.send(page, password="yet another one", password_again="yet another one")
    assert (again.status_code, "no good any more" in again.text) == (422, True)
    assert (await browser.sign_in(user)).status_code == 422
    assert (await browser.sign_in(user, password=NEW)).status_code == 302
    assert ("mail.send", "password_changed") in [(name, job.get("letter")) for name, job in await jobs(parts)]


async def test_s_100_no_link_that_was_asked_for_before_a_new_password_is_good(parts: Parts, user: users.User) -> None:
    """Somebody who was in asked for an address of their own: with it they could ask for a new password later."""
    elsewhere = await link(parts, user, "confirm_email", f"mallory-{user.email}")
    await credentials.set_password(parts.commands, parts.redis, user, NEW)
    assert await credentials.confirm_email(parts.commands, elsewhere) == "expired"
    forgotten = await link(parts, user, "reset_password")
    own = await link(parts, user, "confirm_email")
    await credentials.set_password(parts.commands, parts.redis, user, NEW)
    assert not await credentials.reset_password(parts.commands, parts.redis, forgotten, NEW)
    assert await credentials.confirm_email(parts.commands, own) == "confirmed"


async def test_an_old_link_and_one_to_an_old_address_are_no_good(parts: Parts, user: users.User) -> None:
    first = await link(parts, user, "reset_password")
    second = await link(parts, user, "reset_password")
    assert not await credentials.reset_password(parts.commands, parts.redis, first, NEW)
    async with parts.pool.connection() as connection:
        await users.set_email(connection, user.id, f"moved-{user.email}", None)
    assert not await credentials.reset_password(parts.commands, parts.redis, second, NEW)


async def test_whether_an_address_is_known_shows_nowhere(browser: Browser, parts: Parts, user: users.User) -> None:
    for path in ("/auth/password/new", "/auth/confirmation/new"):
        page = await browser.get(path)
        answers = [await browser.send(page, email=email) for email in (user.email, "nobody@example.com", "nonsense")]
        assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    sent = [job["email"] for name, job in await jobs(parts) if name == "mail.reset_password"]
    assert sent == [user.email, "nobody@example.com"]


async def test_s_139_no_mailbox_gets_more_than_five_mails(parts: Parts, user: users.User) -> None:
    await parts.redis.flushall()
    limited = msgspec.structs.replace(parts, limiter=Limiter(parts.redis, lambda: NOON))
    answers = []
    name, _, domain = user.email.partition("@")
    for number in range(20):
        transport = httpx.ASGITransport(app=_app(limited), client=(f"192.0.2.{number}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
            browser = Browser(http)
            page = await browser.get("/auth/password/new")
            answers.append((await browser.send(page, email=f"{name}+{number}@{domain}")).status_code)
    assert answers == [200] * 5 + [429] * 15


def _app(parts: Parts) -> Any:
    return Starlette(routes=routes(parts))


async def test_one_address_may_not_ask_for_ever(parts: Parts) -> None:
    await parts.redis.flushall()
    async with client(routes(msgspec.structs.replace(parts, limiter=Limiter(parts.redis, lambda: NOON)))) as http:
        browser = Browser(http)
        page = await browser.get("/auth/password/new")
        answers = [(await browser.send(page, email=f"x{each}@example.com")).status_code for each in range(27)]
    assert answers == [200] * 25 + [429] * 2


async def test_an_address_is_confirmed_by_its_link(browser: Browser, parts: Parts, password_hash: str) -> None:
    async with parts.pool.connection() as connection:
        waiting = await somebody(connection, confirmed_at=None, password_hash=password_hash)
    address = f"/auth/confirmation?confirmation_token={await link(parts, waiting, 'confirm_email')}"
    assert (await browser.http.head(address)).status_code == 422
    assert "is confirmed" in (await browser.get(address)).text
    assert (await browser.get(address)).status_code == 422
    assert (await browser.sign_in(waiting)).status_code == 302


async def test_another_address_counts_once_it_is_confirmed(browser: Browser, parts: Parts, user: users.User) -> None:
    await browser.sign_in(user)
    page = await browser.get("/auth/edit")
    assert user.email in page.text
    new = f"new-{user.email}"
    assert (await browser.send(page, 1, email=new, current_password="wrong")).status_code == 422
    async with parts.pool.connection() as connection:
        other = await somebody(connection)
    for email in (other.email, "nonsense"):
        assert (await browser.send(page, 1, email=email, current_password=PASSWORD)).status_code == 422
    assert new in (await browser.send(page, 1, email=new, current_password=PASSWORD)).text
    sent = [job for _, job in await jobs(parts) if job.get("user_id") == user.id]
    assert [(job["letter"], job["email"]) for job in sent] == [("confirm_email", new), ("email_changed", None)]
    assert sent[0]["asked_under"] == user.password_mark
    assert user.email in (await browser.get("/auth/edit")).text
    await browser.get(f"/auth/confirmation?confirmation_token={await link(parts, user, 'confirm_email', new)}")
    assert new in (await browser.get("/auth/edit")).text
    taken = await link(parts, user, "confirm_email", other.email)
    assert "Somebody else" in (await browser.get(f"/auth/confirmation?confirmation_token={taken}")).text


async def test_a_new_password_leaves_only_this_browser(
    browser: Browser, parts: Parts, user: users.User, app: apps.App
) -> None:
    left = await opened(parts, user, app)
    await browser.sign_in(user)
    before = browser.http.cookies["fedi_session"]
    page = await browser.get("/auth/edit")
    for wrong in (
        {"current_password": "wrong", "password": NEW, "password_again": NEW},
        {"current_password": PASSWORD, "password": NEW, "password_again": "other"},
        {"current_password": PASSWORD, "password": "x", "password_again": "x"},
    ):
        assert (await browser.send(page, 0, **wrong)).status_code == 422
    done = await browser.send(page, current_password=PASSWORD, password=NEW, password_again=NEW)
    assert done.status_code == 302
    assert browser.http.cookies["fedi_session"] != before
    assert (await browser.get("/auth/edit")).status_code == 200
    assert await is_closed(parts, *left)


async def test_sessions_are_listed_and_ended(browser: Browser, parts: Parts, user: users.User, app: apps.App) -> None:
    cookie, _, _ = await opened(parts, user, app)
    await browser.sign_in(user)
    page = await browser.get("/settings")
    assert "this browser" in page.text
    async with parts.pool.connection() as connection:
        stranger = await somebody(connection)
        theirs = await sessions.open_session(connection, parts.clock(), user_id=stranger.id, ip=None, user_agent="")
        found = await sessions.find(connection, theirs, parts.clock())
        assert found is not None
    for number in (str(found.id), "x", "9" * 30):
        assert (await browser.send(page, 0, _to=f"/settings/sessions/{number}")).status_code == 404
    assert (await browser.send(page, 0)).status_code == 302
    async with parts.pool.connection() as connection:
        assert await sessions.find(connection, cookie, parts.clock()) is None
        assert await sessions.find(connection, theirs, parts.clock()) is not None


async def test_apps_are_listed_and_shut_out(browser: Browser, parts: Parts, user: users.User, app: apps.App) -> None:
    _, token_id, code = await opened(parts, user, app)
    await browser.sign_in(user)
    page = await browser.get("/oauth/authorized_applications")
    assert "&lt;b&gt;App&lt;/b&gt;" in page.text
    assert (await browser.http.delete(f"/oauth/authorized_applications/{app.id}")).status_code == 403
    assert (await browser.send(page, form_word="forged")).status_code == 403
    assert (await browser.send(page)).status_code == 302
    async with parts.pool.connection() as connection:
        assert await tokens.alive(connection, [token_id]) == []
        assert await codes.find(connection, code) is None
    assert "There are none" in (await browser.get("/oauth/authorized_applications")).text
    assert (await browser.send(page)).status_code == 404


@pytest.mark.parametrize("path", ["/settings", "/auth/edit", "/settings/two_factor", "/oauth/authorized_applications"])
async def test_own_pages_want_a_sign_in(browser: Browser, user: users.User, path: str) -> None:
    first = await browser.get(path)
    assert first.status_code == 302
    answer = await browser.sign_in(user, first.headers["location"])
    assert answer.headers["location"] == path
    assert (await browser.http.post(path)).status_code in {403, 405}


async def test_password_managers_find_the_page(browser: Browser) -> None:
    answer = await browser.get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["location"]) == (302, "/auth/edit")


async def test_a_sign_in_from_elsewhere_is_told(parts: Parts, user: users.User) -> None:
    async with client(routes(parts)) as http:
        browser = Browser(http)
        for agent in ("Firefox", "Firefox", "curl\r\n", "curl"):
            http.headers["user-agent"] = agent.strip()
            await browser.sign_in(user)
    told = [job for _, job in await jobs(parts) if job.get("user_id") == user.id]
    assert [(job["letter"], job["values"]["browser"]) for job in told] == [("new_sign_in", "curl")]
    assert told[0]["values"]["address"] == "192.0.2.7"


async def test_people_choose_of_what_they_get_mail(browser: Browser, parts: Parts, user: users.User) -> None:
    await browser.sign_in(user)
    page = await browser.get("/settings/notifications")
    assert page.text.count(" checked") == 4
    assert "Somebody signs up here" not in page.text
    word = page.text.split('name="form_word" value="')[1].split('"')[0]
    given = {"form_word": word, "reblog": "1", "nonsense": "1"}
    assert (await browser.http.post("/settings/notifications", data=given)).status_code == 302
    async with parts.pool.connection() as connection:
        changed = await users.by_id(connection, user.id)
    assert changed is not None
    assert changed.preferences.mails == ("reblog",)


async def test_a_mail_ends_its_kind_without_a_sign_in_and_only_when_asked(
    browser: Browser, parts: Parts, user: users.User
) -> None:
    """RFC 8058: a POST ends it; a GET, as of programs that look at links before a person does, changes nothing."""
    token = mail_choices.token(parts.settings.secret_key_base, user.id, "follow")
    address = f"/unsubscribe?token={token}"

    async def chosen() -> tuple[str, ...]:
        async with parts.pool.connection() as connection:
            found = await users.by_id(connection, user.id)
        assert found is not None
        return found.preferences.mails

    before = await chosen()
    asked = await browser.get(address)
    assert (asked.status_code, "Somebody follows you" in asked.text, await chosen()) == (200, True, before)
    other = token.replace(f"{user.id}.", f"{user.id + 1}.", 1)
    for forged in (other, token.replace("follow", "mention"), token[:-1], "", "x.y.z", f"{user.id}.poll.\u00e9"):
        assert (await browser.http.post("/unsubscribe", params={"token": forged})).status_code == 404
    assert await chosen() == before
    for _ in range(2):
        done = await browser.http.post(address, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "no more mail" in done.text) == (200, True)
        assert await chosen() == tuple(kind for kind in before if kind != "follow")
