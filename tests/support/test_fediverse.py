"""The fake fediverse is as large and as bad as it says, and keeps every byte."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from fedi.activitypub.vocabulary import uris
from fedi.services.http import HttpClient, Response, Unreachable
from tests.support import behaviours
from tests.support.fake_host import FakeRemote, Network
from tests.support.fediverse import KEYS, Fediverse, fediverse


@pytest.fixture(scope="module")
def everywhere() -> Iterator[Fediverse]:
    with fediverse() as found:
        yield found


@pytest.fixture
async def client(everywhere: Fediverse) -> AsyncIterator[HttpClient]:
    found = everywhere.client()
    yield found
    await found.close()


async def post(client: HttpClient, host: FakeRemote, body: bytes = b"{}") -> Response:
    return await client.post(uris.parse(host.url("/inbox")), body, {"X-Test": "Yes"})


async def get(client: HttpClient, host: FakeRemote, path: str) -> Response:
    return await client.fetch(uris.parse(host.url(path)), accept="*/*")


async def test_thousands_of_hosts_cost_little(everywhere: Fediverse, client: HttpClient) -> None:
    before = time.monotonic()
    hosts = everywhere.hosts(3000)
    fans = [host.actor("fan") for host in hosts]
    assert time.monotonic() - before < 5.0
    assert len({fan.id for fan in fans}) == 3000
    assert len({id(fan.key) for fan in fans}) <= KEYS
    for host in (hosts[7], hosts[2999]):
        assert (await get(client, host, "/users/fan")).body.count(host.authority.encode()) > 5
        assert [each.path for each in host.received] == ["/users/fan"]


async def test_every_byte_is_kept(everywhere: Fediverse, client: HttpClient) -> None:
    host = everywhere.host("bytes.example")
    assert (await post(client, host, b'{"a": "unheard-of"}')).status == 202
    (seen,) = host.received
    assert seen.head.startswith(b"POST /inbox HTTP/1.1\r\n")
    assert b"X-Test: Yes\r\n" in seen.head
    assert bytes(seen.answered).startswith(b"HTTP/1.1 202 Accepted\r\n")
    assert everywhere.saw(b"unheard-of") == [seen]
    assert everywhere.received[-1] is seen


async def test_hosts_that_are_addresses_are_reached_by_anybody(everywhere: Fediverse, client: HttpClient) -> None:
    first, second = everywhere.host(), everywhere.host()
    assert first.authority != second.authority
    assert (await post(client, second)).status == 202
    assert (len(first.received), len(second.received)) == (0, 1)


@pytest.mark.parametrize("network", ["refused", "unknown"])
async def test_a_host_may_be_away_in_several_ways(everywhere: Fediverse, client: HttpClient, network: Network) -> None:
    host = everywhere.host(f"{network}.example")
    host.network = network
    with pytest.raises(Unreachable):
        await post(client, host)
    host.network = "open"
    assert (await post(client, host)).status == 202
    host.behave(behaviours.dead)
    with pytest.raises(Unreachable):
        await post(client, host)
    with pytest.raises(Unreachable):
        await client.post(uris.parse(host.url("/inbox").replace("http:", "https:")), b"{}", {})


async def test_a_slow_host_answers_when_it_is_told_to(everywhere: Fediverse, client: HttpClient) -> None:
    host = everywhere.host("slow.example", behaviours.held)
    waiting = asyncio.create_task(post(client, host))
    await asyncio.to_thread(host.wait_for, lambda seen: seen.method == "POST")
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    assert not done
    host.release()
    assert (await waiting).status == 202


async def test_hosts_change_their_mind(everywhere: Fediverse, client: HttpClient) -> None:
    host = everywhere.host("moody.example")
    host.behave(behaviours.flapping(behaviours.honest, behaviours.answering(503, retry_after="7")))
    answers = [await post(client, host) for _ in range(4)]
    assert [each.status for each in answers] == [202, 503, 202, 503]
    assert answers[1].headers["retry-after"] == "7"
    host.behave(behaviours.in_turn(behaviours.shrugging, behaviours.disliking(b"bad")))
    assert [(await post(client, host, body)).status for body in (b"bad", b"good", b"bad")] == [200, 202, 500]


async def test_a_host_that_limits_says_when_to_come_again(everywhere: Fediverse, client: HttpClient) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    host = everywhere.host("limits.example", behaviours.limiting(2, 60, lambda: now))
    answers = [await post(client, host) for _ in range(3)]
    assert [each.status for each in answers] == [202, 202, 429]
    assert answers[2].headers["retry-after"] == "61"
    now += timedelta(seconds=61)
    assert (await post(client, host)).status == 202


@pytest.mark.parametrize("name", behaviours.DOCUMENT_LIES)
async def test_a_liar_serves_something_else_than_the_truth(
    everywhere: Fediverse, client: HttpClient, name: str
) -> None:
    host = everywhere.host(f"{name.replace('_', '-')}.example")
    host.actor("x")
    true = await get(client, host, "/users/x")
    host.behave(behaviours.DOCUMENT_LIES[name])
    try:
        told = await get(client, host, "/users/x")
    except Unreachable:
        return
    assert (told.status, told.content_type, told.body) != (true.status, true.content_type, true.body)


async def test_a_flood_has_no_end(everywhere: Fediverse, client: HttpClient) -> None:
    host = everywhere.host("flood.example", behaviours.flooding)
    host.actor("x")
    path = "/notes/first"
    for _ in range(5):
        document = (await get(client, host, path)).body.decode()
        path = document.split('"inReplyTo": "')[1].split('"')[0].removeprefix(host.origin)
    assert b"OrderedCollectionPage" in (await get(client, host, "/pages/1")).body
