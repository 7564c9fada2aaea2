import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from fedi.registry import apps, codes, users
from fedi.registry.scopes import SCOPES
from fedi.web.parts import Parts
from fedi.web.scope_words import in_words
from tests.web.conftest import Browser

STATE = 's /?&=é"<'
CHALLENGE = "c" * 43


def address(app: apps.App, **params: str) -> str:
    asked = {
        "client_id": app.client_id,
        "response_type": "code",
        "redirect_uri": "app://cb?x=1",
        "scope": "read",
        **params,
    }
    return f"/oauth/authorize?{urlencode(asked)}"


def answer_in(location: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


async def test_stranger_signs_in_first_and_comes_back(browser: Browser, user: users.User, app: apps.App) -> None:
    asked = address(app, state=STATE)
    first = await browser.get(asked)
    assert first.status_code == 302
    signed_in = await browser.sign_in(user, first.headers["location"])
    page = await browser.get(signed_in.headers["location"])
    assert page.status_code == 200
    assert "&lt;b&gt;App&lt;/b&gt;" in page.text
    assert "<b>App" not in page.text
    assert f"@{user.username}@localhost:3000" in page.text


async def test_consent_gives_the_app_a_code_and_its_state(
    browser: Browser, parts: Parts, user: users.User, app: apps.App
) -> None:
    await browser.sign_in(user)
    page = await browser.get(
        address(app, state=STATE, scope="read write:lists", code_challenge=CHALLENGE, code_challenge_method="S256")
    )
    answer = await browser.send(page)
    location = answer.headers["location"]
    assert answer.status_code == 302
    assert location.startswith("app://cb?x=1&")
    given = answer_in(location)
    assert (given["state"], given["x"]) == (STATE, "1")
    async with parts.pool.connection() as connection:
        code = await codes.find(connection, given["code"])
    assert code is not None
    assert (code.app_id, code.user_id, code.redirect_uri) == (app.id, user.id, "app://cb?x=1")
    assert (code.scopes, code.challenge) == (("read", "write:lists"), CHALLENGE)


async def test_s_106_refusal_is_told_to_the_app_with_its_state(
    browser: Browser, user: users.User, app: apps.App
) -> None:
    await browser.sign_in(user)
    page = await browser.get(address(app, state=STATE))
    for answer in (
        await browser.send(page, number=1),
        await browser.http.request(
            "DELETE",
            "/oauth/authorize",
            data=dict(parse_qsl(urlsplit(address(app, state=STATE)).query))
            | {"form_word": re.findall(r'name="form_word" value="([^"]*)"', page.text)[0]},
        ),
    ):
        given = answer_in(answer.headers["location"])
        assert (given["error"], given["state"]) == ("access_denied", STATE)


async def test_code_is_shown_where_a_person_carries_it(browser: Browser, user: users.User, app: apps.App) -> None:
    await browser.sign_in(user)
    page = await browser.get(address(app, redirect_uri="urn:ietf:wg:oauth:2.0:oob"))
    answer = await browser.send(page)
    assert answer.headers["location"].startswith("/oauth/authorize/native?code=")
    shown = await browser.get(answer.headers["location"])
    assert answer_in(answer.headers["location"])["code"] in shown.text
    refused = await browser.send(page, number=1)
    assert (refused.status_code, "location" in refused.headers) == (400, False)


@pytest.mark.parametrize(
    ("params", "error"),
    [({"scope": "push"}, "invalid_scope"), ({"response_type": "token"}, "unsupported_response_type")],
)
async def test_fault_is_told_to_the_app_but_only_after_sign_in(
    browser: Browser, user: users.User, app: apps.App, params: dict[str, str], error: str
) -> None:
    asked = address(app, state=STATE, **params)
    assert (await browser.get(asked)).headers["location"].startswith("/auth/sign_in?")
    await browser.sign_in(user)
    given = answer_in((await browser.get(asked)).headers["location"])
    assert (given["error"], given["state"]) == (error, STATE)


@pytest.mark.parametrize(
    "params", [{"redirect_uri": "app://cb"}, {"client_id": "unknown"}, {"redirect_uri": "app://cb?x=1&y"}]
)
async def test_s_103_nobody_is_sent_to_an_address_that_was_not_registered(
    browser: Browser, user: users.User, app: apps.App, params: dict[str, str]
) -> None:
    await browser.sign_in(user)
    answer = await browser.get(address(app, **params))
    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_s_106_consent_needs_our_own_form_and_is_judged_again(
    browser: Browser, user: users.User, app: apps.App
) -> None:
    await browser.sign_in(user)
    page = await browser.get(address(app))
    assert (await browser.send(page, form_word="forged")).status_code == 403
    changed = await browser.send(page, redirect_uri="https://evil.example/")
    assert (changed.status_code, "location" in changed.headers) == (400, False)
    widened = await browser.send(page, scope="admin:write")
    assert answer_in(widened.headers["location"])["error"] == "invalid_scope"


async def test_app_puts_no_fields_of_its_own_into_our_form(browser: Browser, user: users.User, app: apps.App) -> None:
    await browser.sign_in(user)
    page = await browser.get(address(app, form_word="theirs", _method="delete", next="//evil.example"))
    assert "theirs" not in page.text
    assert "evil" not in page.text
    assert "code" in answer_in((await browser.send(page)).headers["location"])


async def test_app_may_ask_for_another_sign_in_and_add_a_slash(
    browser: Browser, user: users.User, app: apps.App
) -> None:
    await browser.sign_in(user)
    forced = await browser.get(address(app, force_login="true"))
    assert forced.headers["location"].startswith("/auth/sign_in?")
    again = await browser.sign_in(user, forced.headers["location"])
    assert (await browser.get(again.headers["location"])).status_code == 200
    slashed = await browser.get(address(app).replace("/authorize?", "/authorize/?"))
    assert slashed.status_code == 200
    assert slashed.headers["x-frame-options"] == "DENY"


def test_every_scope_is_explained() -> None:
    words = in_words(SCOPES)
    assert len(set(words)) == len(SCOPES)
