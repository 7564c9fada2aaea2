"""Mastodon's rate limits, as clients meet them."""

from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import httpx
import msgspec
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette

import fedi.api
from fedi.api import limits
from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.api.table import collect
from fedi.registry import tokens, users
from fedi.services.limiter import Limiter
from tests.support.people import NOON, somebody
from tests.support.schemas import assert_valid
from tests.support.views import create_views

MARKERS = "/api/v1/markers"
FORGEABLE = ("X-Forwarded-For", "X-Real-IP", "Client-IP", "Forwarded")


@pytest.fixture
async def limited(deps: Deps) -> Deps:
    """The server with its limits in force, in a window that has only begun."""
    await deps.redis.flushall()
    async with deps.pool.connection() as connection:
        await create_views(connection)
    return msgspec.structs.replace(deps, limiter=Limiter(deps.redis, lambda: NOON))


def client(deps: Deps, peer: str = "192.0.2.7") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Starlette(routes=routes(deps)), client=(peer, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:3000")


async def somebodys_token(deps: Deps, *scopes: str, user: users.User | None = None) -> dict[str, str]:
    async with deps.pool.connection() as connection:
        user = user or await somebody(connection)
        token = await tokens.issue(connection, "key", app_id=None, user_id=user.id, scopes=scopes or ("read", "write"))
    return {"Authorization": f"Bearer {token.secret}"}


async def statuses_of(http: httpx.AsyncClient, times: int, method: str, path: str, **given: Any) -> list[int]:
    return [(await http.request(method, path, **given)).status_code for _ in range(times)]


async def test_every_token_has_its_limit_and_is_told_of_it(limited: Deps) -> None:
    header = await somebodys_token(limited)
    async with client(limited) as http:
        first = await http.get(MARKERS, headers=header)
        assert first.headers["x-ratelimit-limit"] == "300"
        assert first.headers["x-ratelimit-remaining"] == "299"
        assert first.headers["x-ratelimit-reset"] == "2026-01-02T12:05:00.000000Z"
        assert "X-RateLimit-Reset" in first.headers["access-control-expose-headers"]
        assert set(await statuses_of(http, 299, "GET", MARKERS, headers=header)) == {200}
        refused = await http.get(MARKERS, headers=header)
        assert (refused.status_code, refused.headers["x-ratelimit-remaining"]) == (429, "0")
        assert_valid(refused.json(), "Error")
        assert refused.json() == {"error": "Too many requests"}
        other = await somebodys_token(limited)
        assert (await http.get(MARKERS, headers=other)).status_code == 200


async def test_a_person_is_counted_over_all_tokens(limited: Deps) -> None:
    async with limited.pool.connection() as connection:
        user = await somebody(connection)
    await limited.redis.set(f"fedi:limit:person:{user.id}:{int(NOON.timestamp()) + 300}", 1498)
    held = (("read",), ("read:statuses",), ("read", "write"))
    headers = [await somebodys_token(limited, *scopes, user=user) for scopes in held]
    async with client(limited) as http:
        answers = [await http.get(MARKERS, headers=header) for header in headers]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-limit"] for answer in answers] == ["1500"] * 3


async def test_strangers_are_counted_by_address_whatever_they_claim(limited: Deps) -> None:
    """S-137: a forged header gives nobody a new allowance."""
    async with client(limited) as http:
        for number in range(300):
            forged = dict.fromkeys(FORGEABLE, f"198.51.100.{number % 250}")
            assert (await http.get("/api/v1/instance/rules", headers=forged)).status_code != 429
        forged = {"X-Forwarded-For": "203.0.113.9"}
        assert (await http.get("/api/v1/instance/rules", headers=forged)).status_code == 429
    async with client(limited, "192.0.2.8") as elsewhere:
        assert (await elsewhere.get("/api/v1/instance/rules")).status_code != 429


async def test_a_trusted_proxy_is_believed(limited: Deps) -> None:
    settings = msgspec.structs.replace(limited.settings, trusted_proxy_ip=(ip_network("192.0.2.7/32"),))
    async with client(msgspec.structs.replace(limited, settings=settings)) as http:
        left = [
            (await http.get("/api/v1/instance/rules", headers={"X-Forwarded-For": address})).headers[
                "x-ratelimit-remaining"
            ]
            for address in ("198.51.100.1", "198.51.100.1", "198.51.100.2")
        ]
    assert left == ["299", "298", "299"]


async def test_s_137_an_ipv6_customer_is_one_address(limited: Deps) -> None:
    left = []
    for peer in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"):
        async with client(limited, peer) as http:
            left.append((await http.get("/api/v1/instance/rules")).headers["x-ratelimit-remaining"])
    assert left == ["299", "298", "299"]


@pytest.mark.parametrize(
    ("method", "path", "times"),
    [
        ("POST", "/api/v1/media", 30),
        ("POST", "/api/v2/media", 30),
        ("DELETE", "/api/v1/statuses/1", 30),
        ("POST", "/api/v1/statuses/1/unreblog", 30),
        ("POST", "/api/v1/statuses", 300),
    ],
)
async def test_what_costs_more_is_limited_more(limited: Deps, method: str, path: str, times: int) -> None:
    limit, _ = limits._OF[method, path.replace("/1", "/:id", 1) if "/statuses/1" in path else path]
    assert limit.amount == times
    header = await somebodys_token(limited)
    viewer = await limited.access.viewer(header["Authorization"].removeprefix("Bearer "))
    assert viewer is not None
    end = (int(NOON.timestamp()) // limit.seconds + 1) * limit.seconds
    await limited.redis.set(f"fedi:limit:{limit.name}:{viewer.user_id}:{end}", times)
    async with client(limited) as http:
        refused = await http.request(method, path, headers=header)
    assert refused.status_code == 429
    assert refused.headers["x-ratelimit-limit"] == str(times)
    assert refused.headers["x-ratelimit-reset"] == datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def test_apps_are_registered_five_at_a_time(limited: Deps) -> None:
    async with client(limited) as http:
        given = {"client_name": "App", "redirect_uris": "app://cb"}
        assert await statuses_of(http, 7, "POST", "/api/v1/apps", data=given) == [200] * 5 + [429] * 2


async def test_turning_pages_is_counted(limited: Deps) -> None:
    header = await somebodys_token(limited)
    async with client(limited) as http:
        answer = await http.get("/api/v1/lists?max_id=1", headers=header)
        await http.get("/api/v1/lists", headers=header)
    assert answer.status_code == 200
    assert [key async for key in limited.redis.scan_iter("fedi:limit:pages:person:*")]


async def test_guessing_tokens_is_counted_by_address(limited: Deps) -> None:
    await limited.redis.set(f"fedi:limit:address:192.0.2.7:{int(NOON.timestamp()) + 300}", 299)
    async with client(limited) as http:
        answers = [(await http.get(MARKERS, headers={"Authorization": f"Bearer {each}"})).status_code for each in "ab"]
    assert answers == [401, 429]


async def test_redis_away_lets_everybody_in(limited: Deps) -> None:
    header = await somebodys_token(limited)
    async with Redis.from_url("redis://127.0.0.1:1/0") as away:
        parts = msgspec.structs.replace(limited, limiter=Limiter(away, lambda: NOON))
        async with client(parts) as http:
            answer = await http.get(MARKERS, headers=header)
    assert (answer.status_code, "x-ratelimit-limit" in answer.headers) == (200, False)


async def test_without_limits_nothing_is_told(deps: Deps) -> None:
    async with client(deps) as http:
        assert "x-ratelimit-limit" not in (await http.get("/api/v1/instance/rules")).headers


def test_every_limit_is_of_an_endpoint() -> None:
    known = {(method, each.paths[0]) for each in collect(fedi.api) for method in each.methods}
    missing = set(limits._OF) - known
    assert missing <= {("POST", "/api/v1/reports"), ("POST", "/api/v1/emails/confirmations")}
