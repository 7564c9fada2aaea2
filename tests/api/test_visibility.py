"""Who sees what: every post in the eyes of every kind of viewer, through every endpoint that reads (S-112).

The endpoints are those of the table, so a new one is tried without being named here. Each is asked with every id that
is about: what it answers may hold the text of a post only if `can_see` would show that post to the viewer.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

import fedi.api
from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.api.routing import Endpoint
from fedi.api.table import collect
from tests.support.phone import Phone, phone
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")

POSTS = {
    "publicpost": ("public", False),
    "quietpost": ("unlisted", False),
    "followerspost": ("private", False),
    "namedpost": ("private", True),
    "letterpost": ("direct", True),
    "notepost": ("direct", False),
}
"""Posts by a word in them: how visible each is, and whether it names somebody."""
OPEN = {"publicpost", "quietpost"}
EXPECTED = {
    "anybody": OPEN,
    "stranger": OPEN,
    "follower": OPEN | {"followerspost", "namedpost"},
    "former": OPEN,
    "named": OPEN | {"namedpost", "letterpost"},
    "blocked": set[str](),
    "muting": OPEN,
    "author": set(POSTS),
}
QUERIES = (
    "",
    "?q={word}&resolve=false",
    "?q={word}&type=statuses&limit=40",
    "?id[]={status}",
    "?id={status}",
    "?url={url}",
)
MOST = 60
"""Requests of one viewer to one endpoint."""


class World(msgspec.Struct, frozen=True):
    """People by what they are to the author, and the posts by their word."""

    people: dict[str, Phone | None]
    posts: dict[str, dict[str, Any]]
    ids: tuple[str, ...]


@pytest.fixture
async def matrix(deps: Deps) -> World:
    names = ("author", "stranger", "follower", "former", "named", "blocked", "muting")
    people = {name: await phone(deps, name) for name in names}
    author = people["author"]
    at = f"/api/v1/accounts/{author.owner.id}"
    for name in ("follower", "former", "blocked", "muting"):
        await people[name].call("POST", f"{at}/follow")
    posts = {}
    for word, (visibility, names_somebody) in POSTS.items():
        text = f"{word}by{author.owner.username} #matrix" + (
            f" @{people['named'].owner.username}" if names_somebody else ""
        )
        posts[word] = await author.call("POST", "/api/v1/statuses", json={"status": text, "visibility": visibility})
    for name, word in itertools.product(("former", "blocked", "muting", "named"), POSTS):
        if word in EXPECTED["follower"] or (name == "named" and word in EXPECTED["named"]):
            await _touch(people[name], posts[word]["id"])
    await author.call("POST", f"/api/v1/statuses/{posts['followerspost']['id']}/reblog")
    await author.call("POST", f"/api/v1/statuses/{posts['followerspost']['id']}/pin")
    made = await people["former"].call("POST", "/api/v1/lists", json={"title": "x"})
    await people["former"].call(
        "POST", f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": [str(author.owner.id)]}
    )
    await people["former"].call("POST", f"{at}/unfollow")
    await people["muting"].call("POST", f"{at}/unfollow")
    await people["muting"].call("POST", f"{at}/mute")
    await author.call("POST", f"/api/v1/accounts/{people['blocked'].owner.id}/block")
    ids = (str(author.owner.id), made["id"], *(post["id"] for post in posts.values()))
    return World({**people, "anybody": None}, posts, ids)


async def _touch(who: Phone, status_id: str) -> None:
    """Do what leaves a trace in the lists of somebody who may see a post at the time."""
    seen = await who.http.get(f"/api/v1/statuses/{status_id}", headers=who.headers)
    if seen.status_code == 200:
        for act in ("favourite", "bookmark"):
            await who.call("POST", f"/api/v1/statuses/{status_id}/{act}")


def reading() -> list[Endpoint]:
    return [each for each in collect(fedi.api) if "GET" in each.methods]


def requests(endpoint: Endpoint, world: World) -> Iterator[str]:
    """Yield addresses at which an endpoint may be asked about the posts."""
    path = endpoint.paths[0]
    names = [part for part in path.split("/") if part.startswith(":")]
    for chosen in itertools.product((*world.ids, "matrix"), repeat=min(len(names), 1)):
        filled = path
        for name in names:
            filled = filled.replace(name, chosen[0], 1)
        if names:
            yield filled
            continue
        if endpoint.decoder is None:
            yield path
            continue
        fields = {field.name for field in msgspec.structs.fields(endpoint.decoder.kind)}
        yield path
        for query, post in itertools.product(QUERIES, world.posts.values()):
            if query[1:].partition("=")[0].removesuffix("[]") in fields:
                yield path + query.format(word=_word(post), status=post["id"], url=post["url"])


def _word(post: dict[str, Any]) -> str:
    """Return the first word of a post, which stands in no other."""
    return str(post["content"]).removeprefix("<p>").split()[0]


async def test_s_112_no_endpoint_shows_what_may_not_be_seen(matrix: World, deps: Deps) -> None:
    assert matrix.people.keys() == EXPECTED.keys()
    strangers_phone = client(routes(deps))
    for viewer, who in matrix.people.items():
        http, headers = (who.http, who.headers) if who is not None else (strangers_phone, {})
        assert await _shown(viewer, matrix, http, headers) == EXPECTED[viewer], viewer


async def _shown(viewer: str, matrix: World, http: httpx.AsyncClient, headers: dict[str, str]) -> set[str]:
    """Return which posts somebody is shown anywhere; fail at the first that may not be."""
    author = matrix.people["author"]
    assert author is not None
    hidden, whose = set(POSTS) - EXPECTED[viewer], author.owner.username
    shown: set[str] = set()
    for endpoint in reading():
        for address in itertools.islice(dict.fromkeys(requests(endpoint, matrix)), MOST):
            answer = await http.get(address, headers=headers)
            assert answer.status_code < 500, (viewer, address)
            words = {word for word in POSTS if f"{word}by{whose}" in answer.text}
            assert not words & hidden, f"{viewer} reads {words & hidden} at {address}"
            shown |= words
    return shown


async def test_s_112_nobody_acts_on_what_they_may_not_see(matrix: World) -> None:
    acts = [
        each.paths[0]
        for each in collect(fedi.api)
        if "POST" in each.methods and each.paths[0].startswith("/api/v1/statuses/:") and each.paths[0].count(":") == 1
    ]
    assert len(acts) > 10
    for viewer, who in matrix.people.items():
        for word, path in itertools.product(set(POSTS) - EXPECTED[viewer], acts):
            if who is not None:
                at = path.replace(path.split("/")[4], matrix.posts[word]["id"])
                answer = await who.http.post(at, headers=who.headers)
                assert answer.status_code == 404, (viewer, word, at, answer.text)
