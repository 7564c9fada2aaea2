"""What web clients keep for their users."""

import json

import pytest

from fedi.api.deps import Deps
from fedi.registry import web_settings
from tests.support.phone import phone

pytestmark = pytest.mark.usefixtures("projector")


async def test_what_a_web_client_keeps_is_found_again(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    async with deps.pool.connection() as connection:
        assert await web_settings.of_account(connection, ada.owner.id) is None
    for method, data in (("PUT", {"theme": "dark"}), ("PATCH", {"theme": "light", "columns": [1, None]})):
        assert await ada.call(method, "/api/web/settings", json={"data": data}) == {}
        async with deps.pool.connection() as connection:
            assert await web_settings.of_account(connection, ada.owner.id) == json.dumps(data, separators=(",", ":"))
            assert await web_settings.of_account(connection, bob.owner.id) is None
    await ada.call("PUT", "/api/web/settings", 422, json={"data": {"x": "y" * 70_000}})
    await ada.call("PUT", "/api/web/settings", 422, json={"data": "nothing"})
    await ada.call("PUT", "/api/web/settings", json={"data": {"x": ["\0"]}})
    broken = {"content": rb'{"data": {"\ud800": 1}}', "headers": {"Content-Type": "application/json"}}
    await ada.call("PUT", "/api/web/settings", 400, **broken)


async def test_nobody_subscribes_by_letter(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    path = f"/api/v1/accounts/{ada.owner.id}/email_subscriptions"
    await ada.call("POST", path, 404, json={"email": "reader@example.com"})
