import itertools
from datetime import datetime, timedelta

from msgspec.structs import replace

from fedi.registry import media
from fedi.registry.rows import Connection
from tests.support.people import NOON

IDS = itertools.count(1)


def upload(account_id: int) -> media.Media:
    return media.Media(
        id=next(IDS),
        account_id=account_id,
        purpose="attachment",
        kind="image",
        state="processing",
        mime="image/png",
        size=12,
        created_at=NOON,
    )


async def test_upload_is_processed_described_and_attached(pg: Connection) -> None:
    row = upload(1)
    await media.add(pg, row)
    done = replace(row, state="ready", storage_key="a/b.png", meta={"original": {"width": 3}}, blurhash="LKO2")
    await media.finish(pg, done)
    described = await media.describe(pg, row.id, description="A cat", focus=(0.5, -1.0))
    assert described == replace(done, description="A cat", focus_x=0.5, focus_y=-1.0)
    assert await media.attach(pg, [row.id], account_id=1, status_id=9) == [row.id]
    found = await media.by_ids(pg, [row.id, 0])
    assert found == {row.id: replace(described, status_id=9)}


async def test_only_its_owner_attaches_an_upload_and_only_once(pg: Connection) -> None:
    row = upload(1)
    await media.add(pg, row)
    assert await media.attach(pg, [row.id], account_id=2, status_id=8) == []
    assert await media.attach(pg, [row.id], account_id=1, status_id=9) == [row.id]
    assert await media.attach(pg, [row.id], account_id=1, status_id=9) == [row.id]
    assert await media.attach(pg, [row.id], account_id=1, status_id=10) == []


async def test_upload_is_discarded_by_its_owner_until_a_post_holds_it(pg: Connection) -> None:
    held, loose = upload(1), upload(1)
    for row in (held, loose):
        await media.add(pg, row)
    await media.attach(pg, [held.id], account_id=1, status_id=9)
    assert await media.discard(pg, held.id, account_id=1) is None
    assert await media.discard(pg, loose.id, account_id=2) is None
    assert await media.discard(pg, loose.id, account_id=1) == loose
    assert await media.by_id(pg, loose.id) is None


async def test_remote_file_is_stored_once(pg: Connection) -> None:
    first = replace(upload(1), account_id=None, purpose="remote", remote_url="https://there.example/" + "b" * 4000)
    second = replace(first, id=next(IDS))
    assert await media.add_remote(pg, first) == first
    assert await media.add_remote(pg, second) == first
    assert await media.by_remote_url(pg, first.remote_url or "") == first


async def test_a_remote_file_is_taken_on_by_one_until_that_one_fails_or_vanishes(pg: Connection) -> None:
    url, later = "https://there.example/" + "a" * 4000, NOON + timedelta(hours=2)

    async def claim(now: datetime) -> media.Media | None:
        ago = timedelta(hours=1)
        return await media.claim_remote(pg, next(IDS), url, now=now, failed=now - ago, stale=now - ago)

    first = await claim(NOON)
    assert first is not None
    assert (first.state, first.purpose, first.remote_url) == ("processing", "remote", url)
    assert await claim(NOON) is None
    again = await claim(later)
    assert again is not None
    assert again.id == first.id
    await media.finish(pg, replace(again, state="failed", created_at=later))
    assert await claim(later) is None
    assert await claim(later + timedelta(hours=2)) is not None
    await media.finish(pg, replace(again, state="ready", created_at=NOON))
    assert await claim(later + timedelta(days=99)) is None
    assert (await media.by_remote_url(pg, url)) == replace(again, state="ready", created_at=NOON)


async def test_what_processing_finds_out_does_not_undo_what_was_said_meanwhile(pg: Connection) -> None:
    row = upload(1)
    await media.add(pg, row)
    small = {"width": 3, "height": 2}
    assert await media.illustrate(pg, row.id, preview_key="a/mine.jpg", small=small, blurhash="mine")
    done = replace(row, state="ready", preview_key="a/theirs.jpg", blurhash="theirs", kind="video",
                   meta={"original": {"width": 9}, "small": {"width": 1}})  # fmt: skip
    stored = await media.processed(pg, done)
    assert stored is not None
    assert (stored.kind, stored.preview_key, stored.blurhash) == ("video", "a/mine.jpg", "mine")
    assert stored.meta == {"original": {"width": 9}, "small": small}
    assert await media.processed(pg, done) is None
