"""Signing up in the browser."""

import re
from unittest import mock

import msgspec
import pytest

from fedi.commands import accounts
from fedi.registry import invites, users
from fedi.services.limiter import Limiter
from fedi.web.mount import routes
from fedi.web.parts import Parts
from tests.support.people import NOON
from tests.support.server import _key_pair
from tests.support.web import client
from tests.web.conftest import Browser

PASSWORD = "a good password"


@pytest.fixture(autouse=True)
def _quick_keys() -> object:
    with mock.patch.object(accounts, "new_key_pair", _key_pair):
        yield


def settled(parts: Parts, **settings: object) -> Parts:
    return msgspec.structs.replace(parts, settings=msgspec.structs.replace(parts.settings, **settings))


def filled(name: str, **fields: str) -> dict[str, str]:
    given = {"username": name, "email": f"{name}@example.com", "password": PASSWORD, "password_again": PASSWORD}
    return {**given, "agreement": "1", **fields}


async def test_who_signs_up_is_signed_in(browser: Browser) -> None:
    page = await browser.get("/auth/sign_up")
    wrong = await browser.send(page, 0, **filled("Ada!", password_again="other", agreement="", email="x"))
    assert wrong.status_code == 422
    assert len(re.findall('class="problem"', wrong.text)) == 4
    assert 'value="Ada!"' in wrong.text
    assert PASSWORD not in wrong.text
    done = await browser.send(wrong, 0, **filled("ada"))
    assert (done.status_code, done.headers["location"]) == (302, "/")
    assert "@ada@localhost:3000" in (await browser.get("/settings")).text


async def test_who_has_to_confirm_is_told_so(parts: Parts) -> None:
    async with client(routes(settled(parts, confirm_email=True))) as http:
        browser = Browser(http)
        done = await browser.send(await browser.get("/auth/sign_up"), 0, **filled("bea"))
    assert "sent a link" in done.text
    assert "fedi_session" not in done.cookies
    async with parts.pool.connection() as connection:
        user = await users.by_username(connection, "bea")
    assert user is not None
    assert user.confirmed_at is None


async def test_who_wants_to_be_approved_says_why(parts: Parts) -> None:
    async with client(routes(settled(parts, registrations="approval", min_age=16))) as http:
        browser = Browser(http)
        page = await browser.get("/auth/sign_up")
        wrong = await browser.send(page, 0, **filled("cleo", reason=" ", date_of_birth="x"))
        assert len(re.findall('class="problem"', wrong.text)) == 2
        done = await browser.send(page, 0, **filled("cleo", reason="because", date_of_birth="1990-01-31"))
        assert "was noted" in done.text
        assert (
            "waiting for approval"
            in (await browser.send(await browser.get("/auth/sign_in"), login="cleo", password=PASSWORD)).text
        )


async def test_an_invite_opens_the_door_once(parts: Parts) -> None:
    async with parts.pool.connection() as connection:
        invite = await invites.create(connection, max_uses=1, expires_at=None)
    async with client(routes(settled(parts, registrations="closed"))) as http:
        browser = Browser(http)
        assert (await browser.get("/auth/sign_up")).status_code == 403
        assert (await browser.get("/auth/sign_up?invite_code=nonsense")).status_code == 403
        led = await browser.get(f"/invite/{invite.code}")
        as_json = await http.get(f"/invite/{invite.code}", headers={"Accept": "application/json"})
        assert as_json.json() == {
            "invite_code": invite.code,
            "instance_api_url": "http://localhost:3000/api/v2/instance",
        }
        page = await browser.get(led.headers["location"])
        assert (await browser.send(page, 0, **filled("dora"))).status_code == 302
        assert (await browser.send(page, 0, **filled("eva"))).status_code == 403
        assert (await browser.get(f"/invite/{invite.code}")).status_code == 404
        spent = await http.get(f"/invite/{invite.code}", headers={"Accept": "application/json"})
        assert spent.status_code == 401


async def test_sign_ups_of_one_address_are_counted(parts: Parts) -> None:
    await parts.redis.flushall()
    async with client(routes(msgspec.structs.replace(parts, limiter=Limiter(parts.redis, lambda: NOON)))) as http:
        browser = Browser(http)
        page = await browser.get("/auth/sign_up")
        answers = [(await browser.send(page, 0, **filled("x", email="x"))).status_code for _ in range(26)]
    assert answers == [422] * 25 + [429]
