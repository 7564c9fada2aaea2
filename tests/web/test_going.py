"""Moving and leaving in the browser."""

import pytest

from fedi.api.deps import Deps
from fedi.registry import users
from fedi.views import accounts
from fedi.views.targets import AccountRef
from fedi.web.parts import Parts
from tests.support.server import PASSWORD, person
from tests.web.conftest import Browser

PAGE = "/settings/migration"
pytestmark = pytest.mark.usefixtures("projector")


async def entered(browser: Browser, server: Deps, owner: AccountRef) -> users.User:
    browser.http.cookies.clear()
    async with server.pool.connection() as connection:
        user = await users.by_account(connection, owner.id)
    assert user is not None
    assert (await browser.sign_in(user, password=PASSWORD)).status_code == 302
    return user


async def test_a_move_wants_an_alias_and_the_password_and_can_be_taken_back(browser: Browser, server: Deps) -> None:
    old, new = await person(server, "old"), await person(server, "new")
    await entered(browser, server, old)
    early = await browser.send(await browser.get(PAGE), 1, account=new.username, current_password=PASSWORD)
    assert (early.status_code, "does not name this account as its alias" in early.text) == (422, True)
    nobody = await browser.send(early, 0, account="nobody-at-all")
    assert (nobody.status_code, "There is nobody called" in nobody.text) == (422, True)

    await entered(browser, server, new)
    assert (await browser.send(await browser.get(PAGE), 0, account=f"@{old.username}")).headers["location"] == PAGE
    assert old.uri in (await browser.get(PAGE)).text

    await entered(browser, server, old)
    page = await browser.get(PAGE)
    wrong = await browser.send(page, 1, account=new.username, current_password="wrong")
    assert (wrong.status_code, "present password is wrong" in wrong.text) == (422, True)
    assert (await browser.send(page, 1, account=new.username, current_password=PASSWORD)).status_code == 302
    moved = await browser.get(PAGE)
    assert new.uri in moved.text
    assert (await browser.send(moved, 1)).status_code == 302
    assert new.uri not in (await browser.get(PAGE)).text

    await entered(browser, server, new)
    await browser.send(await browser.get(PAGE), 0)
    assert old.uri not in (await browser.get(PAGE)).text


async def test_an_account_is_deleted_with_the_password_only(browser: Browser, server: Deps, parts: Parts) -> None:
    owner = await person(server, "leaver")
    user = await entered(browser, server, owner)
    page = await browser.get("/settings/delete")
    assert (await browser.send(page, current_password="wrong")).status_code == 422
    async with server.pool.connection() as connection:
        assert await users.by_id(connection, user.id) is not None
    done = await browser.send(page, current_password=PASSWORD)
    assert (done.status_code, "Goodbye" in done.text) == (200, True)
    assert (await browser.get("/settings")).status_code == 302
    await person(server, "later")  # what was said before is folded by then
    async with parts.pool.connection() as connection:
        assert await users.by_id(connection, user.id) is None
        assert await accounts.one(connection, owner.id) is None


async def test_who_is_not_signed_in_signs_in_first(browser: Browser) -> None:
    for page in (PAGE, "/settings/delete"):
        assert (await browser.get(page)).headers["location"].startswith("/auth/sign_in")
        assert (await browser.http.post(page, data={"act": "stay"})).status_code == 302
