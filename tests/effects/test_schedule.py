from datetime import UTC, datetime, timedelta
from typing import Any

from fedi.effects.schedule import Schedule
from fedi.events.accounts import AccountMuted
from fedi.events.scheduled import PlannedStatus, StatusScheduled
from tests.support.here import Here, nothing

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_mute_ends_when_its_time_has_come_and_not_before(here: Here) -> None:
    ann, bob, cora = [await here.person(name) for name in ("ann", "bob", "cora")]
    for whom, until in ((bob, NOON), (cora, None)):
        await here.append(
            AccountMuted(account_id=ann.account_id, target_id=whom.account_id, notifications=True, expires_at=until)
        )
    here.fold()
    clock = [NOON - timedelta(seconds=1)]
    schedule = Schedule(here.pool, here.appender, lambda: clock[0], nothing)

    await schedule.look()
    here.fold()
    assert len(await here.rows("SELECT 1 FROM read.mutes")) == 2

    clock[0] = NOON
    await schedule.look()
    await schedule.look()
    here.fold()
    assert await here.rows("SELECT target_id FROM read.mutes") == [(cora.account_id,)]
    assert len(await here.rows("SELECT 1 FROM log.events WHERE topic = 'mute.expired'")) == 1


async def test_a_mute_said_anew_goes_on(here: Here) -> None:
    dora, emil = [await here.person(name) for name in ("dora", "emil")]
    pair = {"account_id": dora.account_id, "target_id": emil.account_id}
    await here.append(AccountMuted(**pair, notifications=True, expires_at=NOON))
    here.fold()
    await here.append(AccountMuted(**pair, notifications=True, expires_at=None))
    await Schedule(here.pool, here.appender, lambda: NOON, nothing).look()
    here.fold()
    assert await here.rows(f"SELECT expires_at FROM read.mutes WHERE account_id = {dora.account_id}") == [(None,)]


async def test_posts_that_cannot_be_published_keep_nobody_elses_from_it(here: Here) -> None:
    """However many somebody leaves standing; and after a week nobody tries them any more."""
    ann, bob = [await here.person(name) for name in ("ann", "bob")]
    of_ann, of_bob = range(1_000, 1_150), 2_000
    for number in (*of_ann, of_bob):
        owner, at = (bob, NOON) if number == of_bob else (ann, NOON - timedelta(hours=1))
        planned = StatusScheduled(
            scheduled_id=number, account_id=owner.account_id, scheduled_at=at, status=PlannedStatus(text="later")
        )
        await here.append(planned)
    here.fold()
    clock, tried = [NOON], list[int]()

    async def refused(scheduled_id: int) -> None:
        tried.append(scheduled_id)

    schedule = Schedule(here.pool, here.appender, lambda: clock[0], refused)
    await schedule.look()
    await schedule.look()
    assert sorted(tried) == [*of_ann, of_bob]
    await schedule.look()
    assert len(tried) == len(of_ann) + 1, "each is left in peace for a while"
    clock[0] += timedelta(minutes=11)
    await schedule.look()
    assert len(tried) == len(of_ann) + 101
    clock[0] += timedelta(days=7)
    await schedule.look()
    assert len(tried) == len(of_ann) + 101


async def test_a_poll_ends_once_and_those_concerned_are_told(here: Here) -> None:
    flora, gus, hans = [await here.person(name) for name in ("flora", "gus", "hans")]
    ends = datetime.now(UTC) + timedelta(minutes=10)
    question: dict[str, Any] = {
        "type": "Question",
        "oneOf": [{"type": "Note", "name": name, "replies": {"totalItems": 0}} for name in ("yes", "no")],
        "endTime": ends.isoformat(),
    }
    note = await here.post(flora, **question)
    for voter in (gus, hans):
        vote = {"id": f"{voter.id}#votes/1", "type": "Note", "attributedTo": voter.id, "name": "yes"}
        await here.say(voter, "Create", {**vote, "inReplyTo": note["id"], "to": flora.id}, to=flora.id)
    here.fold()
    clock = [ends - timedelta(seconds=1)]
    schedule = Schedule(here.pool, here.appender, lambda: clock[0], nothing)
    told = "SELECT account_id, from_account_id FROM read.notifications WHERE type = 'poll' ORDER BY account_id"
    for _ in range(2):
        await schedule.look()
        here.fold()
    assert await here.rows(told) == []
    clock[0] = ends + timedelta(seconds=1)
    for _ in range(3):
        await schedule.look()
        await schedule.look()
        here.fold()
    assert await here.rows(told) == [(each.account_id, flora.account_id) for each in (flora, gus, hans)]
    assert len(await here.rows("SELECT 1 FROM log.events WHERE topic = 'poll.expired'")) == 1
