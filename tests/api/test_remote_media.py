import io
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image

from fedi.api.deps import Deps
from fedi.api.entities.accounts import account
from fedi.api.mount import routes
from fedi.descriptions import Attachment
from fedi.site import RemoteMedia
from fedi.views import accounts
from tests.support import views
from tests.support.fake_remote import Answer, FakeRemote, fake_remote
from tests.support.films import animation
from tests.support.phone import picture
from tests.support.web import client


@pytest.fixture(scope="module")
def there() -> Iterator[FakeRemote]:
    with fake_remote() as remote:
        remote.answer("/avatar", Answer(body=picture(), headers={"Content-Type": "application/activity+json"}))
        remote.answer("/cat", Answer(body=picture(), headers={"Content-Type": "image/png"}))
        for path in ("/moves.gif", "/moves"):
            remote.answer(path, Answer(body=animation(), headers={"Content-Type": "image/gif"}))
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


async def test_what_moves_elsewhere_moves_here_unless_a_still_is_wanted(deps: Deps, there: FakeRemote) -> None:
    async with deps.pool.connection() as connection:
        await views.create_views(connection)
        zoe = await views.account(
            connection, "zoe", "zoe.example", avatar_url=there.url("/moves.gif"), header_url=there.url("/moves")
        )
        row = await accounts.one(connection, zoe)
    assert row is not None
    shown = account(row, deps.site)
    http = client(routes(deps))
    kinds = {
        name: (await http.get(getattr(shown, name))).headers["content-type"]
        for name in ("avatar_static", "avatar", "header", "header_static")
    }
    assert kinds == {
        "avatar_static": "image/png", "avatar": "image/gif", "header": "image/png", "header_static": "image/png"
    }  # fmt: skip
    assert len([seen for seen in there.received if seen.path == "/moves.gif"]) == 1
    still = await http.get(f"{deps.site.remote_media('headers', zoe, 0, there.url('/moves'))}-still")
    assert still.status_code == 200
    assert (await http.get(f"{shown.header}-moving")).status_code == 404
