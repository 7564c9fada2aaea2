import asyncio
from unittest import mock

import httpx
import msgspec
import pytest

from fedi.registry import sign_in, users
from fedi.registry.sign_in import Attempt
from fedi.web.mount import routes
from fedi.web.parts import Parts
from tests.support.people import somebody
from tests.support.web import client
from tests.web.conftest import PASSWORD, Browser


async def test_signing_in_leads_on_and_signing_out_ends_the_session(browser: Browser, user: users.User) -> None:
    answer = await browser.sign_in(user, "/auth/sign_in?next=/somewhere%3Fx%3D1")
    assert (answer.status_code, answer.headers["location"]) == (302, "/somewhere?x=1")
    cookie = browser.http.cookies["fedi_session"]
    page = await browser.get("/auth/sign_in")
    word = page.text.split('name="form_word" value="')[1].split('"')[0]
    left = await browser.http.post("/auth/sign_out", data={"form_word": word})
    assert left.status_code == 302
    browser.http.cookies.set("fedi_session", cookie)
    refused = await browser.get("/oauth/authorize?client_id=x")
    assert refused.headers["location"].startswith("/auth/sign_in?")


@pytest.mark.parametrize(
    "onwards",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\nb",
        "/\u00e9",
        "\\/x",
    ],
)
async def test_sign_in_leads_nowhere_else(browser: Browser, user: users.User, onwards: str) -> None:
    page = await browser.get("/auth/sign_in")
    answer = await browser.send(page, login=user.username, password=PASSWORD, next=onwards)
    assert answer.headers["location"] == "/"


async def test_wrong_password_and_unknown_name_look_the_same(browser: Browser, user: users.User) -> None:
    page = await browser.get("/auth/sign_in")
    answers = [
        await browser.send(page, login=login, password=password)
        for login, password in [(user.email, "wrong"), ("nobody", "wrong"), ("' OR 1=1 --", "x"), (user.email, "")]
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "do not belong together" in answer.text
        assert "fedi_session" not in answer.cookies


@pytest.mark.parametrize(
    ("fields", "text"), [({"confirmed_at": None}, "confirm your e-mail"), ({"approved": False}, "waiting for approval")]
)
async def test_login_that_does_not_function_is_told_why(
    browser: Browser, parts: Parts, password_hash: str, fields: dict[str, object], text: str
) -> None:
    async with parts.pool.connection() as connection:
        waiting = await somebody(connection, password_hash=password_hash, **fields)
    answer = await browser.sign_in(waiting)
    assert text in answer.text
    assert "fedi_session" not in answer.cookies


async def test_form_from_elsewhere_is_refused(browser: Browser, user: users.User) -> None:
    await browser.get("/auth/sign_in")
    for word in ("", "x", "\u00e9"):
        given = {"login": user.email, "password": PASSWORD, "form_word": word}
        answer = await browser.http.post("/auth/sign_in", data=given)
        assert answer.status_code == 403
    assert (await browser.http.post("/auth/sign_out")).status_code == 403


@pytest.mark.parametrize("content", [b"login=%ff", b"login=%00", b"x" * (65 << 10), b"a=1&" * 200, b"\xff"])
async def test_unreadable_form_is_refused(browser: Browser, content: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await browser.http.post("/auth/sign_in", content=content, headers=kind)).status_code == 400


async def test_every_sign_in_gets_a_cookie_of_its_own_and_ends_the_last(browser: Browser, user: users.User) -> None:
    await browser.sign_in(user)
    first = browser.http.cookies["fedi_session"]
    await browser.sign_in(user)
    assert browser.http.cookies["fedi_session"] != first
    browser.http.cookies.set("fedi_session", first)
    answer = await browser.get("/oauth/authorize?client_id=x")
    assert answer.status_code == 302


async def test_cookie_is_kept_from_scripts_and_other_hosts(parts: Parts, user: users.User) -> None:
    secure = msgspec.structs.replace(parts, site=msgspec.structs.replace(parts.site, https=True))
    async with client(routes(secure), base_url="https://localhost:3000") as http:
        answer = await Browser(http).sign_in(user)
    cookies = answer.headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("__Host-fedi_session="))
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert flag in session
    assert "Domain" not in session


async def test_s_101_a_session_that_was_signed_out_opens_nothing(browser: Browser, user: users.User) -> None:
    await browser.sign_in(user)
    cookie = browser.http.cookies["fedi_session"]
    own = ("/settings", "/auth/edit", "/settings/two_factor", "/oauth/authorized_applications")
    assert {(await browser.get(path)).status_code for path in own} == {200}
    await browser.send(await browser.get("/settings"), _to="/auth/sign_out")
    browser.http.cookies.set("fedi_session", cookie)
    for path in own:
        refused = await browser.get(path)
        assert refused.headers["location"].startswith("/auth/sign_in?")


async def test_s_110_guesses_that_are_made_at_once_are_counted_as_well(parts: Parts, user: users.User) -> None:
    attempt = Attempt(login=user.email, password="wrong", address=None)

    async def guess(number: int) -> users.User | None:
        guessed = msgspec.structs.replace(attempt, address=f"2001:db8:0:{number:x}::1")
        return await sign_in.sign_in(parts.pool, parts.redis, guessed, limited=True)

    with mock.patch.object(sign_in, "password_matches", _Judge()) as judged:
        answers = await asyncio.gather(*map(guess, range(200)), return_exceptions=True)
    assert judged.tried == sign_in.PER_LOGIN
    assert answers.count(None) == sign_in.PER_LOGIN
    with pytest.raises(sign_in.TooManyAttemptsError):
        await guess(201)


class _Judge:
    """Says no, when everybody has asked."""

    def __init__(self) -> None:
        self.tried = 0

    async def __call__(self, stored: str | None, password: str) -> bool:
        self.tried += 1
        await asyncio.sleep(0.05)
        return False


async def test_s_110_what_was_right_is_not_counted(parts: Parts, user: users.User) -> None:
    right = Attempt(login=user.email, password=PASSWORD, address="192.0.2.9")
    for _ in range(sign_in.PER_LOGIN + 2):
        assert await sign_in.sign_in(parts.pool, parts.redis, right, limited=True) == user


async def test_s_110_guessing_is_slowed_down(parts: Parts, user: users.User) -> None:
    limited = msgspec.structs.replace(parts, settings=msgspec.structs.replace(parts.settings, rate_limits=True))
    async with client(routes(limited)) as http:
        browser = Browser(http)
        for _ in range(10):
            await browser.sign_in(user, password="wrong")
        answer = await browser.sign_in(user)
    assert "Too many attempts" in answer.text
    assert "fedi_session" not in answer.cookies


def assert_guarded(answer: httpx.Response) -> None:
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_s_106_pages_cannot_be_framed_and_run_nothing(browser: Browser) -> None:
    page = await browser.get("/auth/sign_in")
    assert_guarded(page)
    assert_guarded(await browser.http.post("/auth/sign_in"))
    assert "<script" not in page.text
    sheet = await browser.get(page.text.split('rel="stylesheet" href="')[1].split('"')[0])
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]


async def test_lost_database_is_a_page_that_says_when_to_come_back(parts: Parts) -> None:
    async with client(routes(parts)) as http:
        browser = Browser(http)
        page = await browser.get("/auth/sign_in")
        await parts.pool.close()
        answer = await browser.send(page, login="x", password="y")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
