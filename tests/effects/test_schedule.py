from datetime import UTC, datetime, timedelta

from fedi.effects.schedule import Schedule
from fedi.events.accounts import AccountMuted
from tests.support.here import Here

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_mute_ends_when_its_time_has_come_and_not_before(here: Here) -> None:
    ann, bob, cora = [await here.person(name) for name in ("ann", "bob", "cora")]
    for whom, until in ((bob, NOON), (cora, None)):
        await here.append(
            AccountMuted(account_id=ann.account_id, target_id=whom.account_id, notifications=True, expires_at=until)
        )
    here.fold()
    clock = [NOON - timedelta(seconds=1)]
    schedule = Schedule(here.pool, here.appender, lambda: clock[0])

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
    await Schedule(here.pool, here.appender, lambda: NOON).look()
    here.fold()
    assert await here.rows(f"SELECT expires_at FROM read.mutes WHERE account_id = {dora.account_id}") == [(None,)]
