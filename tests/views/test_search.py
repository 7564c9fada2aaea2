"""Accounts found by what somebody types are those that the whole table would give first, whatever is looked at."""

import random
import re
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL

from fedi.views import search
from tests.support import views

Connection = AsyncConnection[Any]
DOMAINS = (None, None, "one.example", "two.example")


class Crowd:
    """Many who are called alike, and a reader who follows some."""

    def __init__(self) -> None:
        self.named: dict[int, tuple[str, str | None, str]] = {}
        self.followed: set[int] = set()
        self.reader = 0

    async def gather(self, connection: Connection) -> None:
        chance = random.Random(4)
        self.reader = await views.account(connection, "reader")
        self.named[self.reader] = "reader", None, "reader"
        handles = {("ann", domain): "Ann" for domain in DOMAINS}
        while len(handles) < 120:
            name = chance.choice(("ann", "Ann", "an", "joann", "annie_", "anne%", "zoe"))
            name += f"{chance.choice(('', *'abcde'))}{chance.randint(0, 40)}"
            handles[name.lower(), chance.choice(DOMAINS)] = name
        for (_, domain), name in handles.items():
            shown = chance.choice(("Hannah", "Ärger", name))
            found = await views.account(connection, name, domain, display_name=shown)
            self.named[found] = name, domain, shown
            if chance.random() < 0.1:
                self.followed.add(found)
                await views.follow(connection, self.reader, found)

    def expected(self, text: str, *, following: bool = False) -> list[int]:
        """Return all who are found, by looking at everybody."""

        def rank(found: int) -> tuple[bool, bool, bool, bool, str, str]:
            name, domain, _ = self.named[found]
            is_followed, begins = found in self.followed, name.lower().startswith(text)
            return name.lower() != text, not is_followed, not begins, domain is not None, name.lower(), domain or ""

        return sorted(
            (
                found
                for found, (name, _, shown) in self.named.items()
                if name.lower().startswith(text) or (len(text) > 2 and text in f"{name} {shown}".lower())
                if found in self.followed or not following
            ),
            key=rank,
        )


@pytest.fixture
async def crowd(read: AsyncConnection[psycopg.rows.TupleRow]) -> Crowd:
    gathered = Crowd()
    await gathered.gather(read)
    return gathered


@pytest.mark.parametrize("text", ["a", "an", "ann", "anna", "annie_", "anne%", "nah", "ärg", "zoe", "nobody"])
async def test_the_first_are_found_whatever_there_is_beyond(read: Connection, crowd: Crowd, text: str) -> None:
    for following in (False, True):
        everybody = crowd.expected(text, following=following)
        for limit in (1, 5, 200):
            found = await search.accounts(read, text, crowd.reader, limit=limit, following=following)
            assert found == everybody[:limit]


async def test_pages_follow_each_other(read: Connection, crowd: Crowd) -> None:
    turned = [
        found
        for offset in range(0, 120, 7)
        for found in await search.accounts(read, "ann", crowd.reader, limit=7, offset=offset)
    ]
    assert turned == crowd.expected("ann")


async def test_no_more_are_looked_at_than_some_by_a_part_of_a_name(
    read: Connection, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", 2)
    everybody = crowd.expected("nah")
    found = await search.accounts(read, "nah", crowd.reader, limit=20)
    assert set(found) < set(everybody)
    assert len(found) == 20
    assert found != everybody[:20], "better ones were not looked at"
    followed = [each for each in everybody if each in crowd.followed]
    assert found[: len(followed)] == followed


async def test_a_beginning_is_looked_up_in_the_order_of_handles(read: Connection) -> None:
    values = {"name": "ann", "beyond": "ann\U0010ffff", "domain": None, "viewer": 1, "most": 20}
    async with read.transaction():
        await read.execute("SET LOCAL enable_seqscan TO off; SET LOCAL plan_cache_mode TO force_generic_plan")
        for statement, index in (
            (search.BEGINNING, "accounts_handle "),
            (search.BEGINNING_HERE, "accounts_handle_here"),
        ):
            found = await read.execute(SQL("EXPLAIN {}").format(statement), values)
            plan = "\n".join(line[0] for line in await found.fetchall())
            assert f"using {index}" in plan
            assert not re.search(r"(?<!Incremental )\bSort  \(", plan), plan
