import asyncio
import io
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from PIL import Image

from fedi.api.deps import Deps
from fedi.commands import media
from fedi.commands.copies import Copies
from fedi.commands.media import Wish
from fedi.errors import ClientError, NotFoundError
from fedi.registry import media as registry
from fedi.services.http import HttpClient, open_client
from fedi.views.borders import Borders
from tests.support.fake_remote import Answer, FakeRemote, fake_remote
from tests.support.server import person
from tests.support.uploads import uploaded


def picture(form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 300), (1, 90, 120)).save(out, form, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def there() -> Iterator[FakeRemote]:
    with fake_remote() as remote:
        yield remote


async def test_an_upload_is_kept_encoded_anew(server: Deps) -> None:
    ada = await person(server, "ada")
    wish = Wish(description="A line", focus=(2, -0.5))
    made = await uploaded(server, ada, picture(comment=b"SECRET"), wish)
    assert (made.state, made.mime, made.description, made.focus_x, made.focus_y) == (
        "ready", "image/jpeg", "A line", 1.0, -0.5
    )  # fmt: skip
    assert made.meta["original"] == {"width": 900, "height": 300, "size": "900x300", "aspect": 3.0}
    assert made.storage_key is not None
    assert made.preview_key is not None
    original = await server.commands.storage.get(made.storage_key)
    small = await server.commands.storage.get(made.preview_key)
    assert original is not None
    assert small is not None
    assert b"SECRET" not in original
    assert Image.open(io.BytesIO(small)).size == (831, 277)
    async with server.pool.connection() as connection:
        assert await registry.by_id(connection, made.id) == made


async def test_an_upload_is_its_owners_alone(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    made = await uploaded(server, ada, picture())
    with pytest.raises(NotFoundError):
        await media.own(server.commands, bob, made.id)
    with pytest.raises(NotFoundError):
        await media.describe(server.commands, bob, made.id, Wish(description="Mine"))
    with pytest.raises(NotFoundError):
        await media.discard(server.commands, bob, made.id)


async def test_an_upload_is_described_and_thrown_away(server: Deps) -> None:
    ada = await person(server, "ada")
    made = await uploaded(server, ada, picture(), Wish(description="Before", focus=(0.5, 0.5)))
    changed = await media.describe(server.commands, ada, made.id, Wish(description="After"))
    assert (changed.description, changed.focus_x) == ("After", 0.5)
    with pytest.raises(ClientError, match="Description is too long"):
        await media.describe(server.commands, ada, made.id, Wish(description="x" * 10_001))
    await media.discard(server.commands, ada, made.id)
    with pytest.raises(NotFoundError):
        await media.own(server.commands, ada, made.id)
    assert await server.commands.storage.get(made.storage_key or "") is None
    assert await server.commands.storage.get(made.preview_key or "") is None


async def test_a_remote_picture_is_fetched_once_and_encoded_anew(server: Deps, there: FakeRemote) -> None:
    there.answer("/a.jpg", Answer(body=picture(comment=b"SECRET"), headers={"Content-Type": "text/html"}, delay=0.1))
    url = f"{there.origin}/a.jpg"
    found = await asyncio.gather(*(server.copies.of("avatars", url) for _ in range(5)))
    assert len({copy.id for copy in found if copy}) == 1
    copy = found[0]
    assert copy is not None
    assert copy.storage_key is not None
    kept = await server.commands.storage.get(copy.storage_key)
    assert kept is not None
    assert b"SECRET" not in kept
    assert Image.open(io.BytesIO(kept)).size == (400, 400)
    assert await server.copies.of("avatars", url) == copy
    assert len([seen for seen in there.received if seen.path == "/a.jpg"]) == 1


async def test_two_processes_that_are_asked_at_once_fetch_once(server: Deps, there: FakeRemote) -> None:
    there.answer("/b.jpg", Answer(body=picture(), delay=0.3))
    url = f"{there.origin}/b.jpg"
    http = open_client(private=server.settings.allowed_private_addresses, user_agent="fedi tests")
    other = Copies(server.commands, http, Borders(server.pool))
    found = await asyncio.gather(*(copies.of("avatars", url) for copies in (server.copies, other) for _ in range(3)))
    await http.close()
    assert None not in found
    assert len({copy.id for copy in found if copy}) == 1
    assert len([seen for seen in there.received if seen.path == "/b.jpg"]) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html><script>alert(1)</script>", headers={"Content-Type": "image/png"}),
        Answer(body=b'{"type": "Person"}', headers={"Content-Type": "image/png"}),
        Answer(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>", headers={"Content-Type": "image/svg+xml"}),
        Answer(status=404),
    ],
)
async def test_what_is_no_picture_is_not_shown_and_not_asked_for_again_soon(
    server: Deps, there: FakeRemote, answer: Answer
) -> None:
    path = f"/{id(answer)}.png"
    there.answer(path, answer)
    url = there.origin + path
    assert await server.copies.of("attachments", url) is None
    there.answer(path, Answer(body=picture("PNG")))
    assert await server.copies.of("attachments", url) is None
    later = msgspec.structs.replace(server.commands, clock=lambda: server.clock() + timedelta(hours=2))
    http: HttpClient = open_client(private=server.settings.allowed_private_addresses, user_agent="fedi tests")
    copy = await Copies(later, http, Borders(server.pool)).of("attachments", url)
    await http.close()
    assert copy is not None
    assert copy.mime == "image/png"
    assert await server.copies.of("attachments", url) == copy


async def test_nobody_answering_is_no_picture(server: Deps) -> None:
    assert await server.copies.of("headers", "http://127.0.0.1:1/a.png") is None
    assert await server.copies.of("headers", "not an address") is None
