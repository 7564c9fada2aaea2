import io
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from PIL import Image

from fedi.api.deps import Deps
from fedi.api.entities.accounts import account
from fedi.api.mount import routes
from fedi.clock import now
from fedi.commands import copies
from fedi.descriptions import Attachment
from fedi.effects.jobs import films
from fedi.registry import media
from fedi.registry.media import MediaKind
from fedi.site import RemoteMedia, url_digest
from fedi.views import accounts
from tests.support import views
from tests.support.fake_remote import Answer, FakeRemote, fake_remote
from tests.support.films import SECRET, animation, film
from tests.support.phone import picture
from tests.support.uploads import copy_waiting
from tests.support.web import client


@pytest.fixture(scope="module")
def there() -> Iterator[FakeRemote]:
    with fake_remote() as remote:
        remote.answer("/avatar", Answer(body=picture(), headers={"Content-Type": "application/activity+json"}))
        remote.answer("/face", Answer(body=picture(), headers={"Content-Type": "image/png"}))
        remote.answer("/cat", Answer(body=picture(), headers={"Content-Type": "image/png"}))
        for path in ("/moves.gif", "/moves"):
            remote.answer(path, Answer(body=animation(), headers={"Content-Type": "image/gif"}))
        remote.answer("/film", Answer(body=film(), headers={"Content-Type": "image/png"}))
        remote.answer("/sound", Answer(body=film("mp3", None, "libmp3lame"), headers={"Content-Type": "text/html"}))
        remote.answer("/page", Answer(body=b"<html><script>1</script>", headers={"Content-Type": "image/png"}))
        yield remote


async def show(deps: Deps, kind: RemoteMedia, owner_id: int, url: str, index: int = 0) -> httpx.Response:
    return await client(routes(deps)).get(deps.site.remote_media(kind, owner_id, index, url))


async def test_s_092_remote_pictures_are_shown_encoded_anew(deps: Deps, there: FakeRemote) -> None:
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


@pytest.mark.parametrize("kind", ["avatars", "avatars%3Fx=1", "avatars%26", "..%2Favatars", "AVATARS"])
@pytest.mark.parametrize("owner", ["{id}", "{id}%26x=1", "{id}%3F", "{id}%00", "0{id}.0", "-{id}", "9" * 30])
async def test_s_055_no_part_of_an_address_adds_anything_to_a_request(
    deps: Deps, there: FakeRemote, kind: str, owner: str
) -> None:
    async with deps.pool.connection() as connection:
        await views.create_views(connection)
        zoe = await views.account(connection, "zoe", "zoe.example", avatar_url=there.url("/face"))
    name = f"0-{url_digest(there.url('/face'))}"
    http, before = client(routes(deps)), len(there.received)
    for suffix in ("%3Fsize=9", "%26type=x", "?type=svg%26size=99999", "-x", "%00", ""):
        answer = await http.get(f"/media/remote/{kind}/{owner.format(id=zoe)}/{name}{suffix}")
        right = (kind, owner, suffix.partition("?")[0]) == ("avatars", "{id}", "")
        assert answer.status_code == (200 if right else 404)
    assert {seen.target for seen in there.received[before:]} <= {"/face"}


async def test_s_092_only_what_is_named_here_is_fetched_and_only_pictures_are_shown(
    deps: Deps, there: FakeRemote
) -> None:
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


async def test_a_copy_whose_file_is_lost_is_made_anew(deps: Deps, there: FakeRemote) -> None:
    url = there.url("/moves.gif?lost")
    async with deps.pool.connection() as connection:
        await views.create_views(connection)
        zoe = await views.account(connection, "zoe", "zoe.example", avatar_url=url)
    for lost in ("storage_key", "preview_key"):
        assert (await show(deps, "avatars", zoe, url)).status_code == 200
        await lose(deps, url, lost)
        still = await client(routes(deps)).get(f"{deps.site.remote_media('avatars', zoe, 0, url)}-still")
        assert still.status_code == 200
        assert (await show(deps, "avatars", zoe, url)).status_code == 200
    assert len([seen for seen in there.received if seen.target == "/moves.gif?lost"]) == 3


async def lose(deps: Deps, url: str, key: str) -> None:
    """Delete a file of a copy, and leave its row."""
    async with deps.pool.connection() as connection:
        copy = await media.by_remote_url(connection, url)
    await deps.commands.storage.delete(getattr(copy, key))


@pytest.mark.usefixtures("impatient")
async def test_a_film_whose_file_is_lost_is_fetched_again(deps: Deps, there: FakeRemote) -> None:
    url = there.url("/sound?lost")
    status = await film_of(deps, "audio", url)
    for _ in range(2):
        assert (await show(deps, "attachments", status, url)).status_code == 503
        assert await copy_waiting(deps) == 1
        assert (await show(deps, "attachments", status, url)).status_code == 200
        await lose(deps, url, "storage_key")


async def film_of(deps: Deps, kind: MediaKind, url: str) -> int:
    """Post a film elsewhere; return the number of its status."""
    async with deps.pool.connection() as connection:
        await views.create_views(connection)
        zoe = await views.account(connection, "zoe", "zoe.example")
        return await views.status(connection, zoe, attachments=(Attachment(kind=kind, url=url),), local=False)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "FILM_SECONDS", 0.0)


@pytest.mark.parametrize(("path", "kind", "mime"), [("/film", "video", "video/mp4"), ("/sound", "audio", "audio/mpeg")])
@pytest.mark.usefixtures("impatient")
async def test_remote_films_and_sound_are_shown_written_anew(
    deps: Deps, there: FakeRemote, path: str, kind: MediaKind, mime: str
) -> None:
    """By their content, whatever the other server calls them, and fetched once however often somebody looks."""
    status = await film_of(deps, kind, there.url(path))
    early = [await show(deps, "attachments", status, there.url(path)) for _ in range(2)]
    assert [(each.status_code, each.headers["retry-after"]) for each in early] == [(503, "5")] * 2
    assert await copy_waiting(deps) == 1
    shown = await show(deps, "attachments", status, there.url(path))
    assert (shown.status_code, shown.headers["content-type"]) == (200, mime)
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert SECRET.encode() not in shown.content
    part = {"Range": "bytes=0-9"}
    url = deps.site.remote_media("attachments", status, 0, there.url(path))
    assert len((await client(routes(deps)).get(url, headers=part)).content) == 10
    assert len([seen for seen in there.received if seen.target == path]) == 1
    async with deps.pool.connection() as connection:
        copy = await media.by_remote_url(connection, there.url(path))
        assert copy is not None
        assert [row.id for row in await media.old_copies(connection, now() + timedelta(1), 99) if row.id == copy.id]


@pytest.mark.parametrize("path", ["/page", "/cat", "/nothing"])
@pytest.mark.usefixtures("impatient")
async def test_what_is_no_film_is_looked_at_where_it_is(deps: Deps, there: FakeRemote, path: str) -> None:
    url = there.url(f"{path}?film")
    status = await film_of(deps, "video", url)
    assert (await show(deps, "attachments", status, url)).status_code == 503
    assert await copy_waiting(deps) == 1
    answer = await show(deps, "attachments", status, url)
    assert (answer.status_code, answer.headers["location"]) == (302, url)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert await copy_waiting(deps) == 0


@pytest.mark.usefixtures("impatient")
async def test_nobody_is_led_to_a_film_from_where_no_files_are_to_come(deps: Deps, there: FakeRemote) -> None:
    """Whoever shows it: it is answered as a picture is."""
    url = there.url("/film?rejected")
    status = await film_of(deps, "video", url)
    async with deps.pool.connection() as connection:
        await views.no_files_from(connection, there.authority)
    before = len(there.received)
    assert (await show(deps, "attachments", status, url)).status_code == 404
    assert await copy_waiting(deps) == 0
    assert len(there.received) == before


@pytest.mark.usefixtures("impatient")
async def test_no_film_is_copied_from_where_no_files_are_to_come_and_nobody_led_to_an_address_that_leads_there(
    deps: Deps, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    elsewhere.answer("/film", Answer(status=302, headers={"Location": there.url("/film?rejected")}))
    url = elsewhere.url("/film")
    status = await film_of(deps, "video", url)
    async with deps.pool.connection() as connection:
        await views.no_files_from(connection, there.authority)
    before = len(there.received)
    assert (await show(deps, "attachments", status, url)).status_code == 503
    assert await copy_waiting(deps) == 1
    assert (await show(deps, "attachments", status, url)).status_code == 404
    assert len(there.received) == before


@pytest.mark.usefixtures("impatient")
async def test_a_film_that_is_too_large_is_not_kept(
    deps: Deps, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "MAX_FILM_BYTES", 1000)
    url = there.url("/film?large")
    status = await film_of(deps, "video", url)
    await show(deps, "attachments", status, url)
    await copy_waiting(deps)
    assert (await show(deps, "attachments", status, url)).status_code == 302
