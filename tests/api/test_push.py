"""Subscriptions to web push, one for each token."""

from typing import Any

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.registry import push
from tests.support.phone import Phone, phone
from tests.support.push_receiver import Browser
from tests.support.schemas import assert_valid
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")

SUBSCRIPTION = "/api/v1/push/subscription"
ENDPOINT = "https://push.example/abc"


def wish(**fields: Any) -> dict[str, Any]:
    place = {"endpoint": ENDPOINT, "keys": Browser().keys, "standard": True, **fields}
    return {"subscription": place, "data": {"alerts": {"mention": True, "poll": "on", "follow": False}}}


async def test_a_token_has_one_subscription(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    await ada.call("GET", SUBSCRIPTION, 404)
    await ada.call("PUT", SUBSCRIPTION, 404, json={"data": {"alerts": {"mention": True}}})
    made = await ada.call("POST", SUBSCRIPTION, json=wish())
    assert_valid(made, "WebPushSubscription")
    assert (made["endpoint"], made["standard"], made["policy"]) == (ENDPOINT, True, "all")
    assert {kind for kind, wanted in made["alerts"].items() if wanted} == {"mention", "poll"}
    assert made == await ada.call("GET", SUBSCRIPTION)
    assert made["server_key"] == (await ada.call("GET", "/api/v2/instance"))["configuration"]["vapid"]["public_key"]
    for method in ("PUT", "PATCH"):
        chosen = await ada.call(
            method, SUBSCRIPTION, data={"data[alerts][favourite]": "true", "data[policy]": "followed"}
        )
        assert {kind for kind, wanted in chosen["alerts"].items() if wanted} == {"favourite"}
        assert (chosen["id"], chosen["policy"]) == (made["id"], "followed")
    again = await ada.call("POST", SUBSCRIPTION, json=wish(endpoint="https://push.example/other", standard=False))
    assert (again["endpoint"], again["standard"]) == ("https://push.example/other", False)
    assert await ada.call("DELETE", SUBSCRIPTION) == {}
    assert await ada.call("DELETE", SUBSCRIPTION) == {}
    await ada.call("GET", SUBSCRIPTION, 404)


async def test_forms_say_the_same_as_json(deps: Deps) -> None:
    ada, keys = await phone(deps, "ada"), Browser().keys
    form = {"subscription[endpoint]": ENDPOINT, "data[alerts][mention]": "1", "data[alerts][admin.report]": "true"}
    form |= {f"subscription[keys][{name}]": key for name, key in keys.items()}
    made = await ada.call("POST", SUBSCRIPTION, data=form)
    assert {kind for kind, wanted in made["alerts"].items() if wanted} == {"mention", "admin.report"}
    assert made["standard"] is False


@pytest.mark.parametrize(
    "place",
    [
        {"endpoint": "ftp://push.example"},
        {"endpoint": ""},
        {"endpoint": "https://push.example/" + "x" * 3000},
        {"keys": {"p256dh": "abc", "auth": "abc"}},
        {"keys": {"auth": Browser().keys["auth"]}},
        {"standard": "perhaps"},
    ],
)
async def test_what_is_of_no_use_is_refused(deps: Deps, place: dict[str, Any]) -> None:
    ada = await phone(deps, "ada")
    await ada.call("POST", SUBSCRIPTION, 422, json=wish(**place))
    await ada.call("POST", SUBSCRIPTION, 422, json={**wish(), "data": {"policy": "strangers"}})


async def test_in_production_push_services_speak_https(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    settings = msgspec.structs.replace(deps.settings, env="production")
    there = Phone(
        client(routes(msgspec.structs.replace(deps, settings=settings))), ada.owner, ada.headers, deps.written
    )
    await there.call("POST", SUBSCRIPTION, 422, json=wish(endpoint="http://push.example/abc"))
    await ada.call("POST", SUBSCRIPTION, json=wish(endpoint="http://push.example/abc"))


async def test_only_the_scope_of_push_lets_in(deps: Deps) -> None:
    wrong = await phone(deps, "ada", "read", "write", "follow")
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        await wrong.call(method, SUBSCRIPTION, 403, json=wish())
        await wrong.call(method, SUBSCRIPTION, 401, json=wish(), headers={"Authorization": ""})
    right = await phone(deps, "ada", "push")
    await right.call("POST", SUBSCRIPTION, json=wish())


async def test_s_125_a_subscription_by_its_number_is_that_of_the_token(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    made = await ada.call("POST", "/api/web/push_subscriptions", json=wish())
    theirs = await bob.call("POST", SUBSCRIPTION, json=wish())
    body = {"data": {"alerts": {"follow": True}, "policy": "none"}}
    for method in ("PUT", "PATCH"):
        assert (await ada.call(method, f"/api/web/push_subscriptions/{made['id']}", json=body))["policy"] == "none"
        await ada.call(method, f"/api/web/push_subscriptions/{theirs['id']}", 404, json=body)


async def test_who_knows_its_secret_name_can_end_a_subscription(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    made = await ada.call("POST", SUBSCRIPTION, json=wish())
    async with deps.pool.connection() as connection:
        holder = await push.holder(connection, made["id"])
    assert holder is not None
    name = push.unsubscribe(deps.settings.secret_key_base, holder.subscription)
    for guess in (str(made["id"]), f"{made['id']}--x", name + "x", "x", "--", "9" * 30):
        assert (await ada.http.delete(f"/api/web/push_subscriptions/{guess}")).status_code == 404
    await ada.call("GET", SUBSCRIPTION)
    assert (await ada.http.delete(f"/api/web/push_subscriptions/{name}")).json() == {}
    await ada.call("GET", SUBSCRIPTION, 404)
