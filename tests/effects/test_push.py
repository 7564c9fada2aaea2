"""Notifications pushed, all the way to a push service on a real socket, and read with the browser's keys."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from py_vapid import Vapid01, Vapid02

from fedi.api.entities.accounts import MISSING_AVATAR
from fedi.clock import now
from fedi.effects.jobs import push as pushing
from fedi.effects.jobs.push import NO_AVATAR, PushDelayed
from fedi.effects.push import Push
from fedi.projections.rebuild import rebuild
from fedi.registry import push as subscriptions
from fedi.registry import tokens
from fedi.registry.push import PushPolicy, Wish
from fedi.registry.push_key import own_key
from fedi.registry.secrets import digest
from fedi.services.http import AddressRefused, open_client
from fedi.services.push import SendPush, judge
from fedi.settings import Settings
from tests.support.acting import deps_of
from tests.support.here import Here, Person
from tests.support.people import somebody
from tests.support.push_receiver import Browser
from tests.support.raw_server import RawServer, raw_server

SETTINGS = Settings()


class Service:
    """A push service: it keeps what it gets, and answers as it is told to."""

    def __init__(self) -> None:
        self.status = 201
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.server: RawServer | None = None

    async def handle(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.got.append(({**headers, ":request": lines[0]}, body))
        writer.write(b"HTTP/1.1 %d Answer\r\nContent-Length: 0\r\n\r\n" % self.status)

    @property
    def endpoint(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.port}/send/abc"


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    async with raw_server(made.handle) as made.server:
        yield made


async def subscribed(
    here: Here,
    person: Person,
    service: Service,
    browser: Browser,
    *alerts: str,
    standard: bool = True,
    policy: PushPolicy = "all",
) -> tuple[int, str]:
    """Have somebody's notifications pushed; return the number of the subscription, and the token."""
    async with here.pool.connection() as connection:
        user = await somebody(connection, account_id=person.account_id, username=f"{person.name}{uuid4().hex[:8]}")
        issued = await tokens.issue(connection, SETTINGS.secret_key_base, app_id=None, user_id=user.id, scopes=["push"])
        keys = browser.keys
        wish = Wish(
            endpoint=service.endpoint,
            p256dh=keys["p256dh"],
            auth=keys["auth"],
            standard=standard,
            alerts=alerts,
            policy=policy,
        )
        made = await subscriptions.subscribe(connection, token_id=issued.id, user_id=user.id, wish=wish)
    return made.id, issued.secret


async def waiting(here: Here) -> list[SendPush]:
    found = await here.rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'push.send' ORDER BY id")
    return [msgspec.convert(args["job"], SendPush) for (args,) in found]


async def liked(here: Here, *, spoiler: str = "") -> tuple[Person, Person]:
    """Let Bob favourite a post of Alice's."""
    alice, bob = await here.person("alice"), await here.person("bob")
    post = await here.post(alice, content="<p>Hello &amp; goodbye</p>", summary=spoiler)
    await here.say(bob, "Like", post["id"])
    return alice, bob


@pytest.mark.parametrize("standard", [True, False])
async def test_a_notification_reaches_the_browser_that_asked_for_it(
    here: Here, service: Service, standard: bool
) -> None:
    browser = Browser()
    alice, _ = await liked(here)
    _, token = await subscribed(here, alice, service, browser, "favourite", standard=standard)
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    (job,) = await waiting(here)
    await pushing.send.do(job, deps)
    async with here.pool.connection() as connection:
        key = await own_key(connection, None)
    ((headers, body),) = service.got
    assert headers[":request"] == "POST /send/abc HTTP/1.1"
    assert (headers["ttl"], headers["urgency"]) == ("172800", "normal")
    if standard:
        assert headers["content-encoding"] == "aes128gcm"
        text = browser.read(body)
        assert Vapid02.verify(headers["authorization"])
        assert headers["authorization"].endswith(f",k={key.public}")
    else:
        assert headers["content-encoding"] == "aesgcm"
        text = browser.read_legacy(body, headers["encryption"], headers["crypto-key"])
        assert Vapid01.verify(key=key.public, auth=headers["authorization"])
        assert headers["crypto-key"].endswith(f";p256ecdsa={key.public}")
    message = json.loads(text)
    assert message == {
        "access_token": token,
        "preferred_locale": "en",
        "notification_id": job.notification_id,
        "notification_type": "favourite",
        "icon": "http://localhost:3000/avatars/original/missing.png",
        "title": "bob favorited your post",
        "body": "Hello & goodbye",
    }
    async with here.pool.connection() as connection:
        viewer = await tokens.viewer(connection, digest(token))
        name = headers["unsubscribe-url"].rpartition("/")[2]
        assert await subscriptions.by_unsubscribe(connection, SETTINGS.secret_key_base, name)
    assert viewer is not None
    assert NO_AVATAR == MISSING_AVATAR


async def test_no_picture_leads_a_phone_to_a_strangers_server(here: Here, service: Service) -> None:
    browser = Browser()
    alice, bob = await liked(here)
    await subscribed(here, alice, service, browser, "favourite")
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    await here.rows(
        "UPDATE read.accounts SET domain = 'there.example', avatar_url = 'https://there.example/a.png'"
        f" WHERE id = {bob.account_id} RETURNING 1"
    )
    await pushing.send.do((await waiting(here))[0], deps)
    icon = json.loads(browser.read(service.got[0][1]))["icon"]
    assert icon.startswith(f"http://localhost:3000/media/remote/avatars/{bob.account_id}/0-")


async def test_what_hides_behind_a_warning_is_not_pushed(here: Here, service: Service) -> None:
    browser = Browser()
    alice, _ = await liked(here, spoiler="Spoilers")
    await subscribed(here, alice, service, browser, "favourite")
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    await pushing.send.do((await waiting(here))[0], deps)
    assert json.loads(browser.read(service.got[0][1]))["body"] == "Spoilers"


@pytest.mark.parametrize(
    ("alerts", "policy", "pushed"),
    [
        (("favourite",), "all", True),
        (("mention", "reblog"), "all", False),
        (("favourite",), "none", False),
        (("favourite",), "followed", False),
        (("favourite",), "follower", True),
    ],
)
async def test_only_what_was_asked_for_is_pushed(
    here: Here, service: Service, alerts: tuple[str, ...], policy: PushPolicy, pushed: bool
) -> None:
    alice, bob = await here.person("alice"), await here.person("bob")
    await here.say(bob, "Follow", alice.id)
    await here.say(alice, "Accept", {"type": "Follow", "actor": bob.id, "object": alice.id})
    post = await here.post(alice)
    await subscribed(here, alice, service, Browser(), *alerts, policy=policy)
    await here.say(bob, "Like", post["id"])
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    assert bool(await waiting(here)) is pushed


async def test_folding_again_pushes_nothing(here: Here, service: Service) -> None:
    alice, _ = await liked(here)
    await subscribed(here, alice, service, Browser(), "favourite")
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    await here.rows("DELETE FROM procrastinate_jobs RETURNING 1")
    await asyncio.to_thread(rebuild, here.url)
    await here.run(Push(deps.jobs))
    assert await waiting(here) == []


async def test_what_is_kept_apart_is_not_pushed(here: Here, service: Service) -> None:
    alice, bob = await here.person("alice"), await here.person("bob")
    await subscribed(here, alice, service, Browser(), "mention")
    named = [{"type": "Mention", "href": alice.id, "name": "@alice"}]
    await here.post(bob, to=[alice.id], cc=[], tag=named)
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    assert await here.rows("SELECT filtered FROM read.notifications") == [(True,)]
    assert await waiting(here) == []


@pytest.mark.parametrize(("status", "left"), [(404, 0), (410, 0), (403, 0), (201, 1)])
async def test_who_is_gone_is_forgotten(here: Here, service: Service, status: int, left: int) -> None:
    alice, _ = await liked(here)
    await subscribed(here, alice, service, Browser(), "favourite")
    service.status = status
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    await pushing.send.do((await waiting(here))[0], deps)
    assert await here.rows("SELECT count(*) FROM registry.push_subscriptions") == [(left,)]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_who_is_busy_is_asked_again(here: Here, service: Service, status: int) -> None:
    alice, _ = await liked(here)
    await subscribed(here, alice, service, Browser(), "favourite")
    service.status = status
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    with pytest.raises(PushDelayed):
        await pushing.send.do((await waiting(here))[0], deps)
    assert await here.rows("SELECT count(*) FROM registry.push_subscriptions") == [(1,)]


async def test_what_is_stale_or_gone_or_revoked_is_not_sent(here: Here, service: Service) -> None:
    alice, _ = await liked(here)
    number, _ = await subscribed(here, alice, service, Browser(), "favourite")
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    (job,) = await waiting(here)
    await pushing.send.do(msgspec.structs.replace(job, notification_id=1), deps)
    await pushing.send.do(msgspec.structs.replace(job, subscription_id=number + 1), deps)
    later = msgspec.structs.replace(here.means, clock=lambda: now() + timedelta(hours=49))
    await pushing.send.do(job, msgspec.structs.replace(deps, means=later))
    await here.rows("UPDATE registry.tokens SET revoked_at = now() RETURNING 1")
    await pushing.send.do(job, deps)
    assert service.got == []


async def test_s_046_no_private_address_is_asked(here: Here, service: Service) -> None:
    alice, _ = await liked(here)
    await subscribed(here, alice, service, Browser(), "favourite")
    guarded = open_client(private=(), user_agent="fedi tests")
    deps = await deps_of(here, settings=SETTINGS)
    await here.run(Push(deps.jobs))
    with pytest.raises(AddressRefused):
        await pushing.send.do((await waiting(here))[0], msgspec.structs.replace(deps, http=guarded))
    await guarded.close()
    assert service.got == []


def test_answers_of_push_services() -> None:
    assert {judge(status) for status in (200, 201, 202)} == {"sent"}
    assert {judge(status) for status in (400, 401, 403, 404, 410)} == {"gone"}
    assert {judge(status) for status in (301, 408, 413, 429, 500, 503)} == {"later"}
