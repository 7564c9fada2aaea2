"""Every endpoint of filters: who may come in, and what is no filter of theirs."""

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, phone

pytestmark = pytest.mark.usefixtures("projector")

DOORS = [
    ("GET", "/api/v2/filters/{filter}"),
    ("PUT", "/api/v2/filters/{filter}"),
    ("PATCH", "/api/v2/filters/{filter}"),
    ("DELETE", "/api/v2/filters/{filter}"),
    ("GET", "/api/v2/filters/{filter}/keywords"),
    ("POST", "/api/v2/filters/{filter}/keywords"),
    ("GET", "/api/v2/filters/keywords/{keyword}"),
    ("PUT", "/api/v2/filters/keywords/{keyword}"),
    ("PATCH", "/api/v2/filters/keywords/{keyword}"),
    ("DELETE", "/api/v2/filters/keywords/{keyword}"),
    ("GET", "/api/v2/filters/{filter}/statuses"),
    ("POST", "/api/v2/filters/{filter}/statuses"),
    ("GET", "/api/v2/filters/statuses/{caught}"),
    ("DELETE", "/api/v2/filters/statuses/{caught}"),
    ("GET", "/api/v1/filters/{keyword}"),
    ("PUT", "/api/v1/filters/{keyword}"),
    ("PATCH", "/api/v1/filters/{keyword}"),
    ("DELETE", "/api/v1/filters/{keyword}"),
]


async def made(owner: Phone) -> dict[str, str]:
    """Make a filter with a keyword and a post; return their ids."""
    wanted = {"title": "pets", "context": ["home"], "keywords_attributes": [{"keyword": "cat"}]}
    found = await owner.call("POST", "/api/v2/filters", json=wanted)
    post = await owner.call("POST", "/api/v1/statuses", json={"status": "hello"})
    path = f"/api/v2/filters/{found['id']}/statuses"
    caught = await owner.call("POST", path, json={"status_id": post["id"]})
    return {"filter": found["id"], "keyword": found["keywords"][0]["id"], "caught": caught["id"], "post": post["id"]}


async def test_s_125_every_door_is_shut_to_others(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    ids = await made(ada)
    reader = await phone(deps, "eve", "read:filters")
    writer = await phone(deps, "eve", "write:filters")
    other = await phone(deps, "eve", "read:statuses", "write:statuses")
    body = {"title": "x", "phrase": "x", "keyword": "x", "context": ["home"], "status_id": ids["post"]}
    before = await ada.call("GET", "/api/v2/filters")
    for method, door in DOORS:
        path = door.format(**ids)
        given = {} if method == "GET" else {"json": body}
        assert (await ada.http.request(method, path)).status_code == 401, (method, path)
        await (writer if method == "GET" else reader).call(method, path, 403, **given)
        await other.call(method, path, 403, **given)
        await bob.call(method, path, 404, **given)
        for unknown in ("1", "x", "9" * 30):
            await ada.call(method, door.format(filter=unknown, keyword=unknown, caught=unknown), 404, **given)
    assert await ada.call("GET", "/api/v2/filters") == before


@pytest.mark.parametrize(
    "body",
    [
        {"title": {"a": 1}},
        {"context": "home,public"},
        {"context": [["home"]]},
        {"filter_action": 1},
        {"expires_in": "soon"},
        {"keywords_attributes": "cat"},
        {"keywords_attributes": [{"keyword": ["cat"]}]},
        {"title": "x\u0000"},
        {"keywords_attributes": [{"keyword": "x" * 100_000}]},
    ],
)
async def test_what_has_the_wrong_shape_changes_nothing(deps: Deps, body: dict[str, object]) -> None:
    ada = await phone(deps, "ada")
    ids = await made(ada)
    before = await ada.call("GET", "/api/v2/filters")
    for method, path in (("POST", "/api/v2/filters"), ("PUT", f"/api/v2/filters/{ids['filter']}")):
        await ada.call(method, path, 422, json={"title": "y", "context": ["home"], **body})
    assert await ada.call("GET", "/api/v2/filters") == before
