"""What the server says of itself, week by week."""

from datetime import UTC, datetime, timedelta

from fedi.ids import id_at
from fedi.registry import tokens
from fedi.views import instance
from tests.support.people import somebody
from tests.support.views import Connection, account, status

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NOW = MONDAY + timedelta(days=2, hours=5)


async def test_weeks_begin_on_mondays_and_count_each_who_was_here_once(read: Connection) -> None:
    ann, ben, gone = await somebody(read), await somebody(read), 10**15
    await read.execute(
        "UPDATE registry.users SET created_at = %s WHERE id = %s", (MONDAY - timedelta(seconds=1), ben.id)
    )
    await read.execute("UPDATE registry.users SET created_at = %s WHERE id = %s", (MONDAY, ann.id))
    token = await tokens.issue(read, "s" * 64, app_id=None, user_id=ann.id, scopes=["read"])
    used = "UPDATE registry.tokens SET last_used_at = %s WHERE id = %s"
    await read.execute(used, (MONDAY + timedelta(days=1), token.id))
    said = [
        (ann.account_id, MONDAY, True),
        (ann.account_id, NOW, True),
        (gone, NOW, True),
        (ann.account_id, NOW, False),
        (ben.account_id, MONDAY - timedelta(seconds=1), True),
        (ben.account_id, MONDAY - timedelta(weeks=11), True),
        (ben.account_id, MONDAY - timedelta(weeks=11, seconds=1), True),
    ]
    for number, (author, moment, local) in enumerate(said):
        await status(read, author, id=id_at(moment, number), created_at=moment, local=local, visibility="private")
    weeks = await instance.activity(read, NOW)
    assert [week.week for week in weeks] == [(MONDAY - timedelta(weeks=back)).timestamp() for back in range(12)]
    seen = {back: week for back, week in enumerate(weeks) if week.statuses or week.logins or week.registrations}
    assert {back: (week.statuses, week.logins, week.registrations) for back, week in seen.items()} == {
        0: (3, 1, 1),
        1: (1, 1, 1),
        11: (1, 1, 0),
    }


async def test_servers_whose_names_begin_so_those_with_most_people_first(read: Connection) -> None:
    here = ["Example.org", "examples.net", "example.org", "exam.net", "other.example", "ex%mple.org"]
    for number, domain in enumerate(here):
        await account(read, f"one{number}", domain)
    await account(read, "gone", "examined.org", suspended=True)
    await account(read, "example")
    assert await instance.peers_like(read, "EXAM", 10) == ["example.org", "exam.net", "examples.net"]
    assert await instance.peers_like(read, "EXAM", 1) == ["example.org"]
    assert await instance.peers_like(read, "ex%", 10) == ["ex%mple.org"]
    assert await instance.peers_like(read, "_", 10) == []
