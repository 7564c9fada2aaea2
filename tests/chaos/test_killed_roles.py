"""Two processes of each role side by side, and one after the other killed: nothing is lost, and nothing comes double.

One person posts. Others follow her here, with open streams, and on servers elsewhere.
"""

import asyncio
import contextlib
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import httpx
import psycopg
import pytest
from mastodon import MastodonNetworkError

from fedi import shares
from fedi.effects import fence
from fedi.supervisor.home import is_alive
from tests.support.fake_actor import Document
from tests.support.fake_remote import FakeRemote, fake_remote
from tests.support.listening import Listening, websocket
from tests.support.program import family
from tests.support.whole import Server, eventually, server

TWO = {"WEB_CONCURRENCY": "2", "FEDI_PROJECTOR_PROCESSES": "2", "FEDI_EFFECTS_PROCESSES": "2"}
READERS = ("bob", "cat", "dan", "eve")
HOSTS = 8
POSTS = 8
HOLDERS = {"feeds": shares.FEEDS, "deliveries": shares.DELIVERIES, "member": shares.MEMBER, "fence": fence.LOCK}


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("ann", *READERS), more=TWO) as started:
        for name in READERS:
            person = started.people[name]
            person.account_follow(person.account_lookup("ann"))
        eventually(lambda: all(len(set(slices.values())) == 1 for slices in shared(started)))
        yield started


@pytest.fixture(scope="module")
def elsewhere(here: Server) -> Iterator[list[FakeRemote]]:
    """Servers elsewhere, and on each somebody who follows."""
    with contextlib.ExitStack() as stack:
        hosts = [stack.enter_context(fake_remote()) for _ in range(HOSTS)]
        for host in hosts:
            fan = host.actor("fan")
            assert fan.send(fan.follow(here.actor("ann")), here.inbox).status == 202
        for host in hosts:
            host.wait_for(lambda seen: seen.method == "POST" and seen.activity["type"] == "Accept", timeout=20)
        yield hosts


def holders(here: Server, work: str) -> dict[int, int]:
    """Return the processes that have a right to a work, and how many slices each has."""
    with psycopg.connect(here.database, autocommit=True) as connection:
        rows = connection.execute(shares.SQL["holders"], HOLDERS).fetchall()
    return {int(name.rpartition("/")[2]): slices for found, name, slices in rows if found == work}


def shared(here: Server) -> tuple[dict[int, int], dict[int, int]]:
    """Return who shares what, once two processes do."""
    found = holders(here, "home feeds"), holders(here, "deliveries")
    return found if all(len(each) == 2 for each in found) else ({0: 0, 1: 1}, {})


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not is_alive(pid))


class Ann:
    """Posts one text after the other, each until it is acknowledged; `posted` are the addresses."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.posted: list[str] = []
        self._client = client

    async def post(self, number: int) -> list[str]:
        before = len(self.posted)
        for _ in range(number):
            text = uuid4().hex
            while not await self._post(text):
                pass
        return self.posted[before:]

    async def _post(self, text: str) -> bool:
        with contextlib.suppress(httpx.TransportError):
            answer = await self._client.post(
                "/api/v1/statuses", json={"status": text}, headers={"Idempotency-Key": text}
            )
            assert answer.status_code == 200 or answer.status_code >= 500, answer.text
            if answer.status_code == 200:
                self.posted.append(answer.json()["uri"])
                return True
        return False


@pytest.fixture
async def ann(here: Server) -> AsyncIterator[Ann]:
    signed_in = {"Authorization": f"Bearer {here.people['ann'].access_token}"}
    async with httpx.AsyncClient(base_url=f"http://{here.domain}", headers=signed_in, timeout=20) as client:
        yield Ann(client)


@contextlib.asynccontextmanager
async def streams(here: Server) -> AsyncIterator[list[Listening]]:
    """Open everybody's user stream."""
    port = int(here.domain.rpartition(":")[2])
    async with contextlib.AsyncExitStack() as stack:
        opened = [websocket(port, str(here.people[name].access_token), stream="user") for name in READERS]
        yield [await stack.enter_async_context(each) for each in opened]


async def heard(stream: Listening, number: int) -> list[str]:
    """Return the addresses of the next posts on a stream; then it is silent."""
    async with asyncio.timeout(20):
        told = [await stream.told() for _ in range(number)]
    assert [event for _, event, _ in told] == ["update"] * number
    assert await stream.silent()
    return [payload["uri"] for _, _, payload in told]


def sent(host: FakeRemote) -> list[str]:
    return [each.activity["object"]["id"] for each in host.deliveries("Create")]


async def arrived(hosts: list[FakeRemote], posted: list[str]) -> None:
    await asyncio.to_thread(eventually, lambda: all(set(posted) <= set(sent(host)) for host in hosts))


async def at_home(here: Server, name: str, posted: list[str]) -> None:
    """Wait until somebody's home timeline begins with just these posts."""

    def found() -> bool:
        home = [status.uri for status in here.people[name].timeline_home(limit=40)]
        return home[: len(posted)] == posted[::-1]

    await asyncio.to_thread(eventually, found)


async def test_side_by_side_each_thing_happens_once(here: Server, ann: Ann, elsewhere: list[FakeRemote]) -> None:
    async with streams(here) as open_streams:
        posted = await ann.post(POSTS)
        for stream in open_streams:
            assert await heard(stream, POSTS) == posted
    await arrived(elsewhere, posted)
    assert [sent(host) for host in elsewhere] == [posted] * HOSTS


async def test_who_writes_timelines_is_killed_and_streams_hear_everything_once(here: Server, ann: Ann) -> None:
    (leader,) = holders(here, "fold")
    (other,) = holders(here, "home feeds").keys() - {leader}
    async with streams(here) as open_streams:
        posting = asyncio.create_task(ann.post(POSTS))
        await asyncio.to_thread(eventually, lambda: ann.posted)
        await asyncio.to_thread(kill, other)
        posted = await posting
        for stream in open_streams:
            assert await heard(stream, POSTS) == posted
    await asyncio.to_thread(eventually, lambda: sum(holders(here, "home feeds").values()) == shares.SLICES)


async def test_one_of_each_is_killed_while_it_works(here: Server, ann: Ann, elsewhere: list[FakeRemote]) -> None:
    before = [len(host.received) for host in elsewhere]
    for work in ("fold", "deliveries", "effects", "home feeds"):
        pids = await asyncio.to_thread(eventually, lambda work=work: holders(here, work))
        await ann.post(2)
        posting = asyncio.create_task(ann.post(POSTS - 2))
        await asyncio.to_thread(kill, min(pids))
        await posting
    posted = ann.posted[:]
    await arrived(elsewhere, posted)
    for host, start in zip(elsewhere, before, strict=True):
        came = [each for each in host.received[start:] if each.method == "POST" and each.activity["type"] == "Create"]
        ids = [each.activity["object"]["id"] for each in came]
        assert list(dict.fromkeys(ids)) == posted
        assert len({each.body for each in came}) == len(posted)
        # What a killed sender had sent and not yet written down is sent again, with the same bytes.
        assert all(times <= 3 for times in Counter(ids).values())
    for name in READERS:
        await at_home(here, name, posted)
    done = here.run("projections", "verify", "--all", "--json")
    assert done.returncode == 0, done.stdout + done.stderr


async def test_what_comes_in_by_two_web_processes_at_once_is_told_once_though_one_is_killed(
    here: Server, elsewhere: list[FakeRemote]
) -> None:
    fan, bob = elsewhere[0].actor("fan"), here.actor("bob")
    mention = {"type": "Mention", "href": bob, "name": "@bob"}
    said = [fan.create(fan.note(tag=[mention], cc=[bob])) for _ in range(POSTS)]
    accepted = Counter[str]()

    async def deliver(activity: Document) -> None:
        """Send until it is accepted, as servers do; each time by another connection."""
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(OSError):
                    answer = await fan.send_async(activity, here.inbox)
                    assert answer.status == 202 or answer.status >= 500, answer
                    if answer.status == 202:
                        accepted[activity["object"]["id"]] += 1
                        return

    sending = asyncio.gather(*(deliver(activity) for activity in [*said, *said[::-1]]))
    await asyncio.to_thread(eventually, lambda: accepted)
    await asyncio.to_thread(kill, web_process(here))
    await sending
    uris = {activity["object"]["id"] for activity in said}
    assert accepted == dict.fromkeys(uris, 2)

    def told() -> list[str]:
        with contextlib.suppress(MastodonNetworkError):  # a connection that is kept may have led to who was killed
            notices = here.people["bob"].notifications(types=["mention"], limit=80)
            return [notice.status.uri for notice in notices if notice.status.uri in uris]
        return []

    await asyncio.to_thread(eventually, lambda: len(told()) >= POSTS)
    assert sorted(told()) == sorted(uris)


async def test_a_web_process_is_killed_and_the_doctor_names_who_does_what(here: Server, ann: Ann) -> None:
    posting = asyncio.create_task(ann.post(POSTS))
    await asyncio.to_thread(eventually, lambda: ann.posted)
    await asyncio.to_thread(kill, web_process(here))
    posted = await posting
    await at_home(here, "bob", posted)
    said = here.run("doctor").stdout
    for what in ("folds the log", "writes home timelines", "queues what is to be sent", "sends to other servers"):
        assert what in said, said
    assert f"has {shares.SLICES // 2} of {shares.SLICES} slices" in said


def web_process(here: Server) -> int:
    return next(pid for pid, name in family(here.pid).items() if name == "fedi web 1")
