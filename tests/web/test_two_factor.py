"""Two-factor sign-in, as a person with a phone does it."""

import re
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
import pyotp
import pytest

from fedi.registry import second_factor, users
from fedi.registry.secrets import seal, unseal
from fedi.web.mount import routes
from fedi.web.parts import Parts
from tests.support.people import NOON
from tests.support.web import client
from tests.web.conftest import PASSWORD, Browser

PAGE = "/settings/two_factor"


class Clock:
    """Time as a test wants it."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


class Phone:
    def __init__(self, page: str, clock: Clock) -> None:
        found = re.search(r'<p class="code">(\w+)</p>', page)
        assert found is not None
        self.totp = pyotp.TOTP(found[1])
        self.clock = clock

    @property
    def code(self) -> str:
        return self.totp.at(self.clock.moment)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(parts: Parts, clock: Clock) -> Parts:
    return msgspec.structs.replace(parts, clock=clock)


async def set_up(browser: Browser, clock: Clock) -> tuple[Phone, list[str]]:
    """Switch it on; return the phone and the recovery codes."""
    scan = await browser.send(await browser.get(PAGE), current_password=PASSWORD)
    assert "<svg" in scan.text
    phone = Phone(scan.text, clock)
    wrong = await browser.send(scan, code="000000" if phone.code != "000000" else "111111")
    assert (wrong.status_code, "is wrong" in wrong.text) == (422, True)
    shown = await browser.send(scan, code=phone.code)
    codes = re.findall(r'<li class="code">([a-z2-7-]+)</li>', shown.text)
    assert len(set(codes)) == 10
    return phone, codes


async def jobs(parts: Parts, user: users.User) -> list[str]:
    asked = (
        "SELECT args->'job'->>'letter' FROM procrastinate_jobs WHERE (args->'job'->>'user_id')::int = %s ORDER BY id"
    )
    async with parts.pool.connection() as connection:
        return [row[0] for row in await (await connection.execute(asked, [user.id])).fetchall()]


def entered(answer: httpx.Response) -> bool:
    return answer.status_code == 302 and "fedi_session" in answer.cookies


async def test_signing_in_wants_a_code_that_is_good_once(timed: Parts, user: users.User, clock: Clock) -> None:
    async with client(routes(timed)) as http:
        browser = Browser(http)
        await browser.sign_in(user)
        phone, codes = await set_up(browser, clock)
        assert "It is on" in (await browser.get(PAGE)).text
        http.cookies.clear()
        clock.moment += timedelta(seconds=60)
        second = await browser.sign_in(user)
        assert not entered(second)
        assert "Code from your app" in second.text
        code = phone.code
        assert not entered(await browser.send(second, code="12345"))
        assert entered(await browser.send(second, code=f" {code[:3]} {code[3:]} "))
        http.cookies.clear()
        second = await browser.sign_in(user)
        replayed = await browser.send(second, code=code)
        assert (entered(replayed), "used already" in replayed.text) == (False, True)
        assert entered(await browser.send(second, code=codes[0].upper()))
        http.cookies.clear()
        second = await browser.sign_in(user)
        assert not entered(await browser.send(second, code=codes[0]))
        clock.moment += timedelta(seconds=30)
        assert entered(await browser.send(second, code=phone.code))
    assert await jobs(timed, user) == ["two_factor_enabled"]


async def test_the_first_step_is_of_no_use_elsewhere_or_later(timed: Parts, user: users.User, clock: Clock) -> None:
    async with client(routes(timed)) as http, client(routes(timed)) as elsewhere:
        browser, other = Browser(http), Browser(elsewhere)
        await browser.sign_in(user)
        phone, _ = await set_up(browser, clock)
        http.cookies.clear()
        clock.moment += timedelta(seconds=60)
        second = await browser.sign_in(user)
        carried = re.findall(r'name="carried" value="([^"]*)"', second.text)[0]
        page = await other.get("/auth/sign_in")
        for forged in (carried, f"{user.id}.99999999999.x", "x", "1.2", ""):
            refused = await other.send(page, carried=forged, code=phone.code)
            assert (refused.status_code, entered(refused)) == (422, False)
        clock.moment += timedelta(minutes=11)
        late = await browser.send(second, code=phone.code)
        assert (late.status_code, "too long" in late.text) == (422, True)


async def test_codes_cannot_be_guessed(timed: Parts, user: users.User, clock: Clock) -> None:
    limited = msgspec.structs.replace(timed, settings=msgspec.structs.replace(timed.settings, rate_limits=True))
    async with client(routes(limited)) as http:
        browser = Browser(http)
        await browser.sign_in(user)
        phone, _ = await set_up(browser, clock)
        http.cookies.clear()
        clock.moment += timedelta(seconds=60)
        second = await browser.sign_in(user)
        for _ in range(9):
            await browser.send(second, code="000000")
        answer = await browser.send(second, code=phone.code)
    assert (entered(answer), "Too many attempts" in answer.text) == (False, True)


async def test_only_the_password_switches_it_off(timed: Parts, user: users.User, clock: Clock) -> None:
    async with client(routes(timed)) as http:
        browser = Browser(http)
        await browser.sign_in(user)
        _, codes = await set_up(browser, clock)
        page = await browser.get(PAGE)
        assert (await browser.send(page, number=0, current_password="wrong")).status_code == 422
        renewed = await browser.send(page, number=1, current_password=PASSWORD)
        assert len(re.findall(r'<li class="code">', renewed.text)) == 10
        assert codes[0] not in renewed.text
        assert (await browser.send(page, number=0, current_password=PASSWORD)).status_code == 302
        http.cookies.clear()
        assert entered(await browser.sign_in(user))
    assert await jobs(timed, user) == ["two_factor_enabled", "recovery_codes_changed", "two_factor_disabled"]


async def test_secrets_are_not_in_the_tables(timed: Parts, user: users.User, clock: Clock) -> None:
    async with client(routes(timed)) as http:
        browser = Browser(http)
        await browser.sign_in(user)
        phone, codes = await set_up(browser, clock)
        cookie = http.cookies["fedi_session"]
    async with timed.pool.connection() as connection:
        texts: list[Any] = []
        for table in ("users", "recovery_codes", "sessions", "devices"):
            rows = await (await connection.execute(f"SELECT kept::text FROM registry.{table} AS kept")).fetchall()
            texts += [row[0] for row in rows]
    kept = "\n".join(texts)
    assert not [secret for secret in (phone.totp.secret, cookie, codes[0], codes[0].replace("-", "")) if secret in kept]


def test_what_is_sealed_opens_with_its_own_key_only() -> None:
    sealed = seal("key", "totp", "secret")
    assert unseal("key", "totp", sealed) == "secret"
    assert unseal("other", "totp", sealed) is None
    assert unseal("key", "other", sealed) is None
    assert unseal("key", "totp", sealed[:-1] + bytes([sealed[-1] ^ 1])) is None
    assert unseal("key", "totp", b"") is None
    assert second_factor.TOLERANCE == 1
