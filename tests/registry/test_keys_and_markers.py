from datetime import timedelta

from msgspec.structs import replace

from fedi.registry import confirmations, keys, markers
from fedi.registry.rows import Connection
from tests.support.people import NOON, somebody


async def test_first_key_stays_until_it_is_replaced(pg: Connection) -> None:
    key = keys.Key(account_id=keys.INSTANCE_ACTOR, kind="rsa", private_pem="p1", public_pem="q1")
    other = replace(key, private_pem="p2", public_pem="q2")
    assert await keys.add(pg, key)
    assert not await keys.add(pg, other)
    assert await keys.of_account(pg, keys.INSTANCE_ACTOR) == {"rsa": key}
    await keys.replace(pg, other)
    edwards = replace(key, kind="ed25519")
    assert await keys.add(pg, edwards)
    assert await keys.of_account(pg, keys.INSTANCE_ACTOR) == {"rsa": other, "ed25519": edwards}


async def test_marker_counts_its_moves(pg: Connection) -> None:
    await markers.move(pg, NOON, account_id=1, timeline="home", last_read_id=10)
    later = NOON + timedelta(hours=1)
    moved = await markers.move(pg, later, account_id=1, timeline="home", last_read_id=8)
    assert moved == markers.Marker(timeline="home", last_read_id=8, version=1, updated_at=later)
    assert await markers.of_account(pg, 1, ["home", "notifications"]) == [moved]
    assert await markers.of_account(pg, 2, ["home"]) == []


async def test_mailed_link_works_once_for_its_purpose_and_not_after_a_newer_one(pg: Connection) -> None:
    user = await somebody(pg)
    old, new = [
        await confirmations.make(pg, NOON, user_id=user.id, purpose="reset_password", email=user.email)
        for _ in range(2)
    ]
    assert await confirmations.take(pg, old, "reset_password", NOON) is None
    assert await confirmations.take(pg, new, "confirm_email", NOON) is None
    assert await confirmations.take(pg, new, "reset_password", NOON + timedelta(hours=6)) is None
    taken = await confirmations.take(pg, new, "reset_password", NOON)
    assert taken == confirmations.Confirmation(user_id=user.id, email=user.email)
    assert await confirmations.take(pg, new, "reset_password", NOON) is None
