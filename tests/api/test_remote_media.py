import io
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.facts import Attachment
from fedi.site import RemoteMedia
from tests.support import views
from tests.support.fake_remote import Answer, FakeRemote, fake_remote
from tests.support.phone import picture
from tests.support.web import client


@pytest.fixture(scope="module")
def there() -> Iterator[FakeRemote]:
    with fake_remote() as remote:
        remote.answer("/avatar", Answer(body=picture(), headers={"Content-Type": "application/activity+json"}))
        remote.answer("/cat", Answer(body=picture(), headers={"Content-Type": "image/png"}))
        remote.answer("/page", Answer(body=b"<html><script>1</script>", headers={"Content-Type": "image/png"}))
        yield remote


async def show(deps: Deps, kind: RemoteMedia, owner_id: int, url: str, index: int = 0) -> httpx.Response:
    return await client(routes(deps)).get(deps.site.remote_media(kind, owner_id, index, url))


async def test_remote_pictures_are_shown_encoded_anew(deps: Deps, there: FakeRemote) -> None:
    async with deps.pool.connection() as connection:
        await views.create_views(connection)
        zoe = await views.account(connection, "zoe", "zoe.example", avatar_url=there.url("/avatar"))
        cat = Attachment(kind="image", url=there.url("/cat"))
        status = await views.status(connection, zoe, attachments=(cat,), local=False)
    avatar = await show(deps, "avatars", zoe, there.url("/avatar"))
    assert avatar.status_code == 200
    assert avatar.headers["content-type"] == "image/png"
    assert avatar.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert Image.open(io.BytesIO(avatar.content)).size == (400, 400)
    attachment = await show(deps, "attachments", status, there.url("/cat"))
    assert Image.open(io.BytesIO(attachment.content)).size == (60, 40)


async def test_only_what_is_named_here_is_fetched_and_only_pictures_are_shown(deps: Deps, there: FakeRemote) -> None:
    async with deps.pool.connection() as connection:
        await views.create_views(connection)
        zoe = await views.account(connection, "zoe", "zoe.example", avatar_url=there.url("/page"))
    before = len(there.received)
    for kind, owner, url, index in (
        ("avatars", zoe, there.url("/cat"), 0),
        ("avatars", zoe, there.url("/page"), 1),
        ("headers", zoe, there.url("/page"), 0),
        ("avatars", zoe + 1, there.url("/page"), 0),
        ("attachments", zoe, there.url("/page"), 999),
    ):
        assert (await show(deps, kind, owner, url, index)).status_code == 404  # type: ignore[arg-type]
    assert len(there.received) == before
    assert (await show(deps, "avatars", zoe, there.url("/page"))).status_code == 404
    assert len(there.received) == before + 1
