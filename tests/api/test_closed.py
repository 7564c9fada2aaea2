"""Where the API is closed, strangers are told nothing but what apps must know before anybody signs in."""

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from tests.support.phone import phone
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")
SHOWN = "/api/v1/timelines/public"


@pytest.mark.parametrize(
    ("setting", "about"), [("disallow_unauthenticated_api_access", 200), ("limited_federation_mode", 401)]
)
async def test_only_people_who_are_signed_in_are_answered(deps: Deps, setting: str, about: int) -> None:
    settings = msgspec.structs.replace(deps.settings, **{setting: True})
    closed = msgspec.structs.replace(deps, settings=settings)
    ada = await phone(closed, "ada")
    stranger = client(routes(closed))
    for path in (SHOWN, f"/api/v1/accounts/{ada.owner.id}", "/api/v1/directory", "/api/v1/trends/tags"):
        refused = await stranger.get(path)
        assert (refused.status_code, refused.json()) == (401, {"error": "This method requires an authenticated user"})
        assert (await ada.http.get(path, headers=ada.headers)).status_code == 200
    for path in ("/api/v1/instance", "/api/v2/instance"):
        assert (await stranger.get(path)).status_code == 200
    assert (await stranger.get("/api/v1/instance/peers")).status_code == about
    app = await stranger.post("/api/v1/apps", json={"client_name": "x", "redirect_uris": "https://x.example/"})
    assert app.status_code == 200
    limited = (await stranger.get("/api/v2/instance")).json()["configuration"]["limited_federation"]
    assert limited is (setting == "limited_federation_mode")


async def test_otherwise_strangers_are_answered(deps: Deps) -> None:
    assert (await client(routes(deps)).get(SHOWN)).status_code == 200
