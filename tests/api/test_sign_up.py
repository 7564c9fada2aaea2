"""Signing up through an app, and waiting for the confirmation."""

import asyncio
from typing import Any
from unittest import mock

import httpx
import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.commands import accounts
from fedi.registry import apps, invites, tokens, users
from fedi.registry.addresses import is_address, mailbox
from fedi.services.limiter import Limiter
from tests.support.people import NOON
from tests.support.schemas import assert_valid
from tests.support.server import _key_pair
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")
SIGN_UP = "/api/v1/accounts"
JOBS = "SELECT args->'job' FROM procrastinate_jobs WHERE task_name = 'mail.send' ORDER BY id"


class App:
    """An app that signs people up, on a server with these settings."""

    def __init__(self, deps: Deps, **settings: object) -> None:
        self.deps = msgspec.structs.replace(deps, settings=msgspec.structs.replace(deps.settings, **settings))
        self.http = client(routes(self.deps))
        self.header: dict[str, str] = {}
        self.number = 0

    async def start(self) -> "App":
        async with self.deps.pool.connection() as connection:
            app, _ = await apps.register(
                connection, name="App", website=None, redirect_uris=["app://cb"], scopes=["read", "write"]
            )
            token = await tokens.issue(connection, "key", app_id=app.id, user_id=None, scopes=["read", "write"])
        self.header = {"Authorization": f"Bearer {token.secret}"}
        return self

    async def sign_up(self, name: str, **given: object) -> httpx.Response:
        form = {"username": name, "email": f"{name}@example.com", "password": "a good password", "agreement": True}
        with mock.patch.object(accounts, "new_key_pair", _key_pair):
            return await self.http.post(SIGN_UP, json={**form, **given}, headers=self.header)

    async def mails(self) -> list[dict[str, Any]]:
        async with self.deps.pool.connection() as connection:
            return [row[0] for row in await (await connection.execute(JOBS)).fetchall()]


def bearer(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    assert_valid(answer.json(), "Token")
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_who_signed_up_is_in_at_once_where_nothing_is_asked(deps: Deps) -> None:
    app = await App(deps).start()
    header = bearer(await app.sign_up("grace", locale="en", reason=None))
    seen = await app.http.get("/api/v1/accounts/verify_credentials", headers=header)
    assert seen.json()["username"] == "grace"
    assert await app.mails() == []


async def test_everything_that_is_wrong_is_told_field_by_field(deps: Deps) -> None:
    app = await App(deps, registrations="approval", min_age=16).start()
    assert (await app.sign_up("hopper", reason="x", date_of_birth="1990-01-01")).status_code == 200
    answer = await app.sign_up("Hopper!", email="a@b@c", password="x", agreement=False, date_of_birth="2025-01-01")
    assert answer.status_code == 422
    assert_valid(answer.json(), "ValidationError")
    details = {field: [each["error"] for each in found] for field, found in answer.json()["details"].items()}
    assert details == {
        "username": ["ERR_INVALID"],
        "email": ["ERR_INVALID"],
        "password": ["ERR_TOO_SHORT"],
        "agreement": ["ERR_ACCEPTED"],
        "reason": ["ERR_BLANK"],
        "date_of_birth": ["ERR_BELOW_LIMIT"],
    }
    for born, code in [(None, "ERR_BLANK"), ("nonsense", "ERR_BLANK"), ("2999-01-01", "ERR_INVALID")]:
        wrong = await app.sign_up("x1", reason="x", date_of_birth=born)
        assert wrong.json()["details"]["date_of_birth"][0]["error"] == code
    taken = await app.sign_up("HOPPER", reason="x", date_of_birth="1990-01-01", email="other@example.com")
    assert taken.json()["details"]["username"][0]["error"] == "ERR_TAKEN"
    assert taken.json()["error"] == "Validation failed: Username has already been taken"


async def test_who_waits_for_approval_is_told_so(deps: Deps) -> None:
    app = await App(deps, registrations="approval").start()
    header = bearer(await app.sign_up("waits", reason="because"))
    refused = await app.http.get("/api/v1/accounts/verify_credentials", headers=header)
    assert (refused.status_code, refused.json()) == (403, {"error": "Your login is currently pending approval"})
    async with deps.pool.connection() as connection:
        user = await users.by_username(connection, "waits")
    assert user is not None
    assert (user.approved, user.reason) == (False, "because")


async def test_who_is_not_confirmed_may_only_ask_again(deps: Deps) -> None:
    app, other = await App(deps, confirm_email=True).start(), await App(deps).start()
    header = bearer(await app.sign_up("linda"))
    async with deps.pool.connection() as connection:
        user = await users.by_username(connection, "linda")
        assert user is not None
        elsewhere = await tokens.issue(connection, "key", app_id=None, user_id=user.id, scopes=["write"])
    assert await app.mails() == [
        {"user_id": user.id, "letter": "confirm_email", "values": {}, "email": None, "asked_under": None}
    ]
    refused = await app.http.get("/api/v1/timelines/home", headers=header)
    assert (refused.status_code, refused.json()["error"]) == (403, "Your login is missing a confirmed e-mail address")
    check = "/api/v1/emails/check_confirmation"
    assert (await app.http.get(check, headers=header)).json() is False
    again = await app.http.post("/api/v1/emails/confirmations", headers=header, json={"email": "l@example.com"})
    assert (again.status_code, again.json()) == (200, {})
    assert len(await app.mails()) == 2
    for email, code in [("nonsense", "ERR_INVALID"), ("grace@example.com", "ERR_TAKEN")]:
        if code == "ERR_TAKEN":
            await app.sign_up("grace2", email=email)
        wrong = await app.http.post("/api/v1/emails/confirmations", headers=header, json={"email": email})
        assert (wrong.status_code, wrong.json()["details"]["email"][0]["error"]) == (422, code)
    foreign = await app.http.post(
        "/api/v1/emails/confirmations", headers={"Authorization": f"Bearer {elsewhere.secret}"}
    )
    assert foreign.status_code == 403
    assert "originally signed-up" in foreign.json()["error"]
    async with deps.pool.connection() as connection:
        await users.confirm(connection, user.id, NOON)
        changed = await users.by_id(connection, user.id)
    assert changed is not None
    assert changed.email == "l@example.com"
    assert (await app.http.get(check, headers=header)).json() is True
    late = await app.http.post("/api/v1/emails/confirmations", headers=header)
    assert (late.status_code, "awaiting confirmation" in late.json()["error"]) == (403, True)
    for method, path in [("GET", check), ("POST", "/api/v1/emails/confirmations")]:
        assert (await app.http.request(method, path)).status_code == 401
        assert (await app.http.request(method, path, headers=other.header)).status_code == 422


async def test_closed_doors_open_to_invites_only(deps: Deps) -> None:
    app = await App(deps, registrations="closed").start()
    async with deps.pool.connection() as connection:
        invite = await invites.create(connection, max_uses=1, expires_at=None)
        late = await invites.create(connection, max_uses=None, expires_at=NOON)
    for code in (None, "", "nonsense", late.code):
        refused = await app.sign_up("guest", invite_code=code)
        assert (refused.status_code, refused.json()["error"]) == (403, "This action is not allowed")
    assert (await app.sign_up("guest", invite_code=invite.code, email="nonsense")).status_code == 422
    answers = await asyncio.gather(*(app.sign_up(f"guest{each}", invite_code=invite.code) for each in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403]
    assert (await app.sign_up("guest", invite_code=invite.code)).status_code == 403


async def test_only_apps_sign_people_up(deps: Deps) -> None:
    app = await App(deps).start()
    header = bearer(await app.sign_up("ivan"))
    app.header = header
    assert (await app.sign_up("ivan2")).status_code == 403
    app.header = {}
    assert (await app.sign_up("ivan3")).status_code == 401


async def test_s_139_a_mailbox_gets_five_mails_however_it_is_written(deps: Deps) -> None:
    await deps.redis.flushall()
    app = await App(
        msgspec.structs.replace(deps, limiter=Limiter(deps.redis, lambda: NOON)), confirm_email=True
    ).start()
    header = bearer(await app.sign_up("mara"))
    answers = []
    for spelling in ("ma.ra@example.com", "mara+1@example.com", "MARA@example.com", "m.a.r.a+x@example.com") * 2:
        again = await app.http.post("/api/v1/emails/confirmations", headers=header, json={"email": spelling})
        answers.append(again.status_code)
    assert answers == [200] * 5 + [429] * 3


@pytest.mark.parametrize(
    "email",
    [
        '"a b"@example.com', "a(comment)@example.com", "a%b@example.com", "a!b@example.com", "a@example.com.",
        "a@exam\u3002ple.com", "a@[127.0.0.1]", "a@b@example.com", "+ADw-a@example.com\n", "a..b@example.com",
        "a@-x.com", "é@example.com", "a@example.com,b@example.com", "<a@example.com>", "a" * 250 + "@example.com", "",
    ],
)  # fmt: skip
def test_s_134_ambiguous_addresses_are_refused(email: str) -> None:
    assert not is_address(email)


def test_ordinary_addresses_are_taken() -> None:
    for email in ("ada@example.com", "ada.lovelace+fedi@mail.example.co.uk", "admin@localhost", "a_b-c@x-y.org"):
        assert is_address(email)
    assert mailbox("A.da+tag@Example.com") == mailbox("ada@example.com") != mailbox("ada@example.org")
