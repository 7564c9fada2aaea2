"""Appending: positions, conflicts, units whole or not at all, and a database that goes away."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from fedi.errors import Unavailable
from fedi.events import encode
from fedi.events.activities import ActivityReceived
from fedi.events.statuses import StatusBookmarked
from fedi.log import queue, reader, session, writer
from fedi.log.appender import Appender
from fedi.log.drafts import BEFORE, Appended, Conflict, Draft
from fedi.log.insert import Answer, Call, append_now, send_prepared
from fedi.log.session import open_session
from tests.support.events import draft


def connect(url: str) -> psycopg.Connection[psycopg.rows.TupleRow]:
    return psycopg.connect(url, autocommit=True)


async def test_positions_are_dense_and_in_the_order_of_the_drafts(database_url: str) -> None:
    async with Appender(database_url) as appender:
        with connect(database_url) as conn:
            start = reader.last_position(conn)
            first = await appender.append([draft(1), draft(2, cause=BEFORE)])
            second = await appender.append([draft(3, cause=first.positions[0])])
            assert first.positions == (start + 1, start + 2)
            assert second.positions == (start + 3,)
            events = reader.read(conn, start, 10)
    assert [recorded.event for recorded in events] == [StatusBookmarked(account_id=1, status_id=n) for n in (1, 2, 3)]
    assert [recorded.cause for recorded in events] == [None, start + 1, start + 1]
    assert [recorded.recorded_at for recorded in events] == [first.recorded_at] * 2 + [second.recorded_at]
    assert first.recorded_at.tzinfo is UTC


async def test_many_appends_at_once_share_transactions_and_lose_none(database_url: str) -> None:
    async with Appender(database_url) as appender:
        with connect(database_url) as conn:
            start = reader.last_position(conn)
            appended = await asyncio.gather(*(appender.append([draft(n)]) for n in range(300)))
            assert sorted(a.positions[0] for a in appended) == list(range(start + 1, start + 301))
            transactions = conn.execute("SELECT count(DISTINCT xmin::text) FROM log.events").fetchone()
    assert transactions is not None
    assert transactions[0] < 50


async def test_what_reaches_the_process_a_moment_later_shares_the_transaction(database_url: str) -> None:
    async def later() -> Appended:
        await asyncio.sleep(0)
        return await appender.append([draft()])

    async with Appender(database_url) as appender:
        first, second = await asyncio.gather(appender.append([draft()]), later())
    assert (second.positions, second.recorded_at) == ((first.positions[0] + 1,), first.recorded_at)


async def test_more_than_a_socket_holds_is_appended_while_the_loop_goes_on(database_url: str) -> None:
    event = ActivityReceived(
        document=msgspec.Raw(b'"' + b"x" * 500_000 + b'"'),
        actor="https://remote.example/felix",
        key="https://remote.example/felix#key",
        signed_at=datetime.now(UTC),
        digest="0" * 64,
    )
    async with Appender(database_url) as appender:
        with connect(database_url) as conn, conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(7378413967429627751)")
            appends = [asyncio.create_task(appender.append([Draft(identity=uuid4(), event=event)])) for _ in range(5)]
            _, waiting = await asyncio.wait(appends, timeout=0.2)
            assert len(waiting) == 5
        positions = [(await append).positions[0] for append in appends]
    with connect(database_url) as conn:
        assert [stored.payload for stored in reader.get_stored(conn, positions)] == [encode(event)[2]] * 5


async def test_who_wants_to_do_something_meanwhile_hears_while_the_database_is_at_work(database_url: str) -> None:
    begun = asyncio.Event()
    async with Appender(database_url) as appender:
        with connect(database_url) as conn, conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(7378413967429627751)")
            append = asyncio.create_task(appender.append([draft()], begun.set))
            async with asyncio.timeout(5):
                await begun.wait()
            assert not append.done()
        assert (await append).positions


async def test_who_is_written_is_told_so_while_the_next_are_written(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next batch is sent first, and takes as long as it takes."""
    monkeypatch.setattr(queue, "BATCH_UNITS", 2)
    sent, go_on = list[int](), asyncio.Event()

    async def slowly(conn: psycopg.Connection[Any], call: Call, *, tell: bool) -> list[Answer]:
        sent.append(len(call.units))
        if len(sent) > 1:
            await go_on.wait()
        return await send_prepared(conn, call, tell=tell)

    monkeypatch.setattr(writer, "send_prepared", slowly)
    async with Appender(database_url) as appender:
        appends = [asyncio.create_task(appender.append([draft(n)])) for n in range(4)]
        first, second = await asyncio.wait_for(asyncio.gather(*appends[:2]), 10)
        assert sent == [2, 2]
        assert not any(append.done() for append in appends[2:])
        go_on.set()
        rest = await asyncio.gather(*appends[2:])
    positions = [each.positions[0] for each in (first, second, *rest)]
    assert positions == list(range(positions[0], positions[0] + 4))


async def test_what_cannot_be_sent_is_answered_and_the_rest_written(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether its batch was made ready before it was wanted or not; who was in one with it tries again."""
    monkeypatch.setattr(queue, "BATCH_UNITS", 2)
    too_much = draft(cause=1 << 70)
    async with Appender(database_url) as appender:
        batches = [[too_much, draft()], [draft(), draft()], [too_much]]
        appends = [asyncio.create_task(appender.append([each])) for batch in batches for each in batch]
        answers = await asyncio.wait_for(asyncio.gather(*appends, return_exceptions=True), 10)
        assert [type(each) for each in answers] == [Unavailable, Unavailable, Appended, Appended, Unavailable]
        assert (await appender.append([draft()])).positions


async def test_a_unit_with_a_taken_identity_is_dropped_whole_and_told_where(database_url: str) -> None:
    taken = draft()
    async with Appender(database_url) as appender:
        first = await appender.append([taken])
        with pytest.raises(Conflict) as caught:
            await appender.append([draft(), taken])
        after = await appender.append([draft()])
    conflict = caught.value
    assert (conflict.identity, conflict.position) == (taken.identity, first.positions[0])
    assert conflict.recorded_at == first.recorded_at
    assert after.positions == (first.positions[0] + 1,)


async def test_units_of_one_batch_that_share_an_identity_meet_in_the_log(database_url: str) -> None:
    shared = uuid4()
    units = [[draft(n, identity=shared), draft(n)] for n in range(50)]
    async with Appender(database_url) as appender:
        with connect(database_url) as conn:
            start = reader.last_position(conn)
            outcomes = await asyncio.gather(*(appender.append(unit) for unit in units), return_exceptions=True)
            assert reader.last_position(conn) == start + 2
    assert [type(outcome) for outcome in outcomes].count(Conflict) == 49


async def test_a_unit_is_checked_before_it_is_queued(database_url: str) -> None:
    one = draft()
    async with Appender(database_url) as appender:
        for drafts in ([], [one, one], [draft(cause=BEFORE)], [draft(cause=0)]):
            with pytest.raises(ValueError, match=r"unit"):
                await appender.append(drafts)


async def test_recorded_at_never_goes_back(database_url: str) -> None:
    with connect(database_url) as conn:
        conn.execute(
            "INSERT INTO log.events (originator_id, notification_id, recorded_at, version, topic, state)"
            " SELECT gen_random_uuid(), coalesce(max(notification_id), 0) + 1, now() + interval '1 minute', 1,"
            """ 'status.bookmarked', '{"account_id":1,"status_id":1}' FROM log.events"""
        )
        (last,) = reader.read(conn, reader.last_position(conn) - 1, 1)
        assert append_now(conn, [draft()]).recorded_at == last.recorded_at > datetime.now(UTC) + timedelta(seconds=30)


async def test_a_killed_session_costs_nobody_an_event(database_url: str) -> None:
    async with Appender(database_url) as appender:
        with connect(database_url) as conn:
            start = reader.last_position(conn)
            for _ in range(5):
                appends = [asyncio.create_task(appender.append([draft()])) for _ in range(100)]
                await asyncio.sleep(0.002)
                conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'fedi log' AND datname = current_database()"
                )
                positions = [(await append).positions[0] for append in appends]
                assert len(set(positions)) == 100
            assert reader.last_position(conn) == start + 500


async def test_ids_allotted_by_two_processes_differ(database_url: str) -> None:
    moment = datetime.now(UTC)
    async with Appender(database_url) as one, Appender(database_url) as other:
        ids = [appender.allot(moment) for appender in (one, other) for _ in range(2000)]
    assert len(set(ids)) == 4000


async def test_without_a_database_an_appender_does_not_start() -> None:
    with pytest.raises(Unavailable):
        await Appender("postgresql:///nothing?host=/nonexistent").__aenter__()


async def test_a_view_transaction_that_does_not_wait_for_the_disk_does_when_it_appends(database_url: str) -> None:
    with connect(database_url) as conn:
        conn.execute("SET synchronous_commit = off")
        with conn.transaction():
            append_now(conn, [draft()])
            assert conn.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert conn.execute("SHOW synchronous_commit").fetchone() == ("off",)


async def test_the_log_refuses_removal_and_reordering(database_url: str) -> None:
    with connect(database_url) as conn:
        append_now(conn, [draft()])
        for statement in (
            "DELETE FROM log.events",
            "TRUNCATE log.events",
            "UPDATE log.events SET recorded_at = now()",
            "UPDATE log.events SET notification_id = notification_id + 1",
        ):
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                conn.execute(statement)


async def test_a_waiter_that_gives_up_disturbs_nobody(database_url: str) -> None:
    async with Appender(database_url) as appender:
        given_up = asyncio.create_task(appender.append([draft()]))
        await asyncio.sleep(0)
        given_up.cancel()
        other = await appender.append([draft()])
    assert other.positions


async def test_leaving_writes_what_still_waits(database_url: str) -> None:
    async with Appender(database_url) as appender:
        appends = [asyncio.create_task(appender.append([draft()])) for _ in range(20)]
        await asyncio.sleep(0)
    assert len({(await append).positions for append in appends}) == 20
    with pytest.raises(Unavailable, match="closed"):
        await appender.append([draft()])


async def test_who_cannot_have_the_log_is_told_so_after_a_while(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOCK_SECONDS", 0.2)
    async with Appender(database_url) as appender:
        with connect(database_url) as conn, conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(7378413967429627751)")
            with pytest.raises(Unavailable):
                await asyncio.wait_for(appender.append([draft()]), 5)
        assert (await appender.append([draft()])).positions


def test_what_the_log_asks_is_planned_once_and_not_for_tables_as_small_as_they_are(database_url: str) -> None:
    asked = "SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')"
    with contextlib.closing(open_session(database_url).conn) as conn:
        assert conn.execute(asked).fetchone() == ("force_generic_plan", "off")
