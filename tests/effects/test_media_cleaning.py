"""Files that nobody needs any longer."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import msgspec
import pytest

from fedi.clock import now
from fedi.effects.jobs.media_cleaning import UNATTACHED, clean, prune
from fedi.effects.release import Release
from fedi.events.activities import ActivityPublished
from fedi.registry import media
from fedi.registry.media import Media
from tests.support.acting import deps_of
from tests.support.here import CONTEXT, PUBLIC, Here

OLD = timedelta(days=2)


@pytest.fixture(autouse=True)
async def effects(here: Here) -> AsyncIterator[None]:
    here.fold()
    yield
    await here.rows("DELETE FROM registry.media RETURNING id")


async def keep(here: Here, at: datetime, **more: object) -> Media:
    number = here.appender.allot(now())
    usual = Media(
        id=number,
        account_id=1,
        purpose="attachment",
        kind="image",
        state="ready",
        mime="image/png",
        size=3,
        storage_key=f"attachments/{number}/a.png",
        created_at=at,
    )
    row = msgspec.structs.replace(usual, **more)
    await here.storage.put(row.storage_key or "", b"abc")
    async with here.pool.connection() as connection:
        await media.add(connection, row)
    return row


async def kept(here: Here, row: Media) -> bool:
    """Whether a file is there; its row and its bytes go together."""
    rows = await here.rows("SELECT id FROM registry.media WHERE id = %s", row.id)
    there = await here.storage.get(row.storage_key or "") is not None
    assert there is bool(rows)
    return there


async def test_uploads_that_no_post_holds_go_after_a_day(here: Here) -> None:
    loose, fresh = await keep(here, now() - OLD), await keep(here, now())
    held, face = await keep(here, now() - OLD, status_id=7), await keep(here, now() - OLD, purpose="avatar")
    await clean.do(await deps_of(here))
    assert [await kept(here, row) for row in (loose, fresh, held, face)] == [False, True, True, True]


async def test_copies_go_after_their_retention_and_many_at_a_time(here: Here) -> None:
    urls = [f"https://there.example/{number}" for number in range(60)]
    old = [await keep(here, now() - OLD, purpose="remote", account_id=None, remote_url=url) for url in urls]
    new = await keep(here, now(), purpose="remote", account_id=None, remote_url="https://there.example/new")
    await clean.do(await deps_of(here))
    assert await kept(here, old[0])
    assert await prune(here.pool, here.storage, media.old_copies, now() - UNATTACHED) == 60
    assert not await kept(here, old[0])
    assert await kept(here, new)


async def test_the_media_of_a_deleted_post_wait_a_day_and_go(here: Here) -> None:
    ann = await here.person("ann")
    note = await here.post(ann)
    status_id = int(note["id"].rpartition("/")[2])
    row = await keep(here, now() - OLD, account_id=ann.account_id, status_id=status_id)
    other = await keep(here, now() - OLD, account_id=ann.account_id, status_id=status_id + 1)
    await here.say(ann, "Delete", note["id"])
    await here.run(Release())
    await clean.do(await deps_of(here))
    assert await kept(here, row)  # a post that is deleted may be written anew
    await here.rows("UPDATE registry.media SET created_at = created_at - interval '2 days' RETURNING id")
    await clean.do(await deps_of(here))
    assert not await kept(here, row)
    assert await kept(here, other)


async def test_all_files_of_somebody_who_is_gone_go(here: Here) -> None:
    bob = await here.person("bob")
    face = await keep(here, now(), account_id=bob.account_id, purpose="avatar")
    shown = await keep(here, now(), account_id=bob.account_id, status_id=5)
    await here.say(bob, "Delete", bob.id)
    await here.run(Release())
    await here.rows("UPDATE registry.media SET created_at = created_at - interval '2 days' RETURNING id")
    await clean.do(await deps_of(here))
    assert not await kept(here, face)
    assert not await kept(here, shown)


async def test_what_a_post_shows_after_all_is_kept(here: Here) -> None:
    """Saying a post may seem to fail, and its media be let go, though the post is in the log."""
    ann = await here.person("ann")
    status_id = here.appender.allot(now())
    shown, loose = [await keep(here, now() - OLD, account_id=ann.account_id) for _ in range(2)]
    note = {
        "id": f"{ann.id}/statuses/{status_id}",
        "type": "Note",
        "attributedTo": ann.id,
        "content": "<p>look</p>",
        "to": [PUBLIC],
        "attachment": [{"type": "Document", "mediaType": "image/png", "url": "http://localhost:3000/media/a.png"}],
    }
    create = {"@context": CONTEXT, "id": f"{note['id']}/activity", "type": "Create", "actor": ann.id, "object": note}
    document = msgspec.Raw(msgspec.json.encode(create))
    event = ActivityPublished(document=document, account_id=ann.account_id, status_id=status_id, media_ids=(shown.id,))
    await here.append(event)
    here.fold()
    await clean.do(await deps_of(here))
    assert [await kept(here, row) for row in (shown, loose)] == [True, False]
    assert await here.rows("SELECT status_id FROM registry.media WHERE id = %s", shown.id) == [(status_id,)]
