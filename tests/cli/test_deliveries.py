"""What operators see of deliveries, and what they can do about them."""

import asyncio
import json
from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from fedi.cli.command_line import command_line
from fedi.errors import FediError
from tests.support import servers
from tests.support.behaviours import answering, dead
from tests.support.delivering import Delivering, delivering, posts
from tests.support.fediverse import Fediverse, fediverse
from tests.support.here import SITE

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def everywhere() -> Iterator[Fediverse]:
    with fediverse() as found:
        yield found


def on(url: str) -> Run:
    """Return `fedi deliveries` on a database."""
    settings = {"DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1/0", "LOCAL_DOMAIN": SITE.domain}
    return lambda *arguments: CliRunner().invoke(command_line(), ["deliveries", *arguments], env=settings)


@pytest.fixture(scope="module")
def unused(database_url: str) -> Run:
    """`fedi deliveries` on a server that never sent anything."""
    return on(database_url)


@pytest.fixture
def used(admin_url: str, everywhere: Fediverse) -> Iterator[Run]:
    """`fedi deliveries` on a server whose posts were taken by one host, refused by one, and not heard by another."""

    async def send(post: Delivering) -> None:
        alice = await post.here.person("alice")
        manners = {"well.example": answering(202), "closed.example": answering(403), "away.example": dead}
        for name, manner in manners.items():
            await post.followed(alice, everywhere.host(name, manner))
        await posts(post.here, alice, 2)
        await post.pass_time(hours=1)

    async def prepare(url: str) -> None:
        async with delivering(url, everywhere) as post:
            await send(post)

    with servers.fresh_database(admin_url) as url:
        asyncio.run(prepare(url))
        yield on(url)


def lines(answer: Result) -> list[str]:
    assert answer.exception is None, answer.exception
    return answer.stdout.splitlines()


def test_what_was_never_sent_is_not_shown(unused: Run) -> None:
    assert lines(unused("show")) == ["nothing like that was sent in the last two weeks"]
    assert json.loads(unused("show", "--json").stdout) == {"counts": {}, "deliveries": []}
    assert lines(unused("hosts")) == ["nothing waits, and no host fails"]
    assert lines(unused("hosts", "--all")) == ["nothing was sent yet"]
    assert json.loads(unused("hosts", "--json").stdout) == []
    assert lines(unused("retry", "nowhere.example")) == ["nothing waits for nowhere.example"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("show", "nonsense"), "nonsense is neither a post's address nor its number"),
        (("show", "--account", "@nobody"), "there is no account @nobody here"),
        (("retry",), "name a host, or say --all"),
        (("retry", "a.example", "--all"), "name a host, or say --all"),
    ],
)
def test_faults_are_said(unused: Run, arguments: tuple[str, ...], fault: str) -> None:
    answer = unused(*arguments)
    assert isinstance(answer.exception, FediError)
    assert str(answer.exception) == fault


def test_each_delivery_shows_how_it_ended(used: Run, everywhere: Fediverse) -> None:
    shown = lines(used("show", "--account", "alice"))
    assert shown[0].split("  ")[0] == "said at"
    assert shown[-1] == "6 deliveries: 2 delivered, 2 refused, 2 waiting"
    assert len(shown) == 8
    found = json.loads(used("show", "--outcome", "refused", "--json").stdout)
    assert found["counts"] == {"refused": 2}
    sent = found["deliveries"][0]
    assert (sent["kind"], sent["author"], sent["status"], sent["outcome"]) == ("Create", "alice", 403, "refused")
    post = f"http://localhost:3000/users/alice/statuses/{sent['about']}"
    of_one = json.loads(used("show", post, "--json").stdout)
    assert {each["outcome"] for each in of_one["deliveries"]} == {"delivered", "refused", "waiting"}
    later, first = lines(used("show", "--host", f"away.example:{everywhere.port}"))[1:-1]
    assert f"@alice  http://away.example:{everywhere.port}/inbox  waiting  none" in first
    assert f"@alice  http://away.example:{everywhere.port}/inbox  waiting  - " in later, "it waits for the first"
    assert len(lines(used("show", str(sent["about"]), "--host", f"away.example:{everywhere.port}"))) == 3
    assert lines(used("show", "-n", "1"))[-1].endswith("; shown are the latest 1")


def test_hosts_in_trouble_show_and_are_tried_again(used: Run, everywhere: Fediverse) -> None:
    away, closed = f"away.example:{everywhere.port}", f"closed.example:{everywhere.port}"
    headings, only = lines(used("hosts"))
    assert headings.split()[:4] == ["host", "state", "waiting", "since"]
    assert only.split()[:3] == [away, "away", "2"]
    every = {each["name"]: each for each in json.loads(used("hosts", "--all", "--json").stdout)}
    assert {name.partition(":")[0]: each["state"] for name, each in every.items()} == {
        "away.example": "away",
        "well.example": "well",
        "closed.example": "well",
    }
    assert lines(used("retry", away)) == [f"{away}: 2 deliveries will be tried within half a minute"]
    (tried,) = json.loads(used("hosts", "--json").stdout)
    assert tried["next_at"] < every[away]["next_at"]
    assert lines(used("retry", closed)) == [f"nothing waits for {closed}"]
    assert lines(used("retry", closed, "--refused")) == [f"{closed}: 2 deliveries will be tried within half a minute"]
    again = json.loads(used("retry", "--all", "--json").stdout)
    assert sorted(each["host"] for each in again) == sorted([away, closed])
