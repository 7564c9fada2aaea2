import io
from typing import Any

import pytest
from PIL import Image

from fedi.api.deps import Deps
from fedi.commands import profiles
from fedi.commands.profiles import ProfileDraft
from fedi.errors import ClientError
from fedi.views import accounts
from fedi.views.accounts import AccountRow
from fedi.views.targets import AccountRef
from tests.support.server import folded, person, said


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 300), (1, 90, 120)).save(out, "JPEG")
    return out.getvalue()


async def update(server: Deps, owner: AccountRef, **fields: Any) -> int | None:
    position = await profiles.update_profile(server.commands, owner, ProfileDraft(**fields))
    if position is not None:
        await folded(server, position)
    return position


async def seen(server: Deps, owner: AccountRef) -> AccountRow:
    async with server.pool.connection() as connection:
        row = await accounts.one(connection, owner.id)
    assert row is not None
    return row


async def test_a_profile_is_changed_for_everybody(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    note = f"Friend of @{bob.username}\nhttps://b.example/"
    position = await update(
        server,
        ada,
        display_name="Ada",
        note=note,
        fields=[("Home", "https://ada.example/"), (" ", "nothing"), ("Cat", "<b>")],
        locked=True,
        discoverable=True,
        bot=True,
    )
    _, sent = await said(server, position)
    document = sent["object"]
    assert (sent["type"], document["type"], document["name"]) == ("Update", "Service", "Ada")
    assert f'<a href="{bob.url}" class="u-url mention">' in document["summary"]
    assert document["publicKey"]["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----")
    row = await seen(server, ada)
    assert (row.display_name, row.locked, row.discoverable, row.kind) == ("Ada", True, True, "Service")
    assert [field.name for field in row.fields] == ["Home", "Cat"]
    assert 'rel="nofollow noopener me"' in document["attachment"][0]["value"]
    assert '<a href="https://ada.example/"' in row.fields[0].value
    assert row.fields[1].value == "&lt;b&gt;"
    assert row.note.startswith("<p>Friend of")


async def test_what_is_not_given_stays_and_nothing_new_is_not_said(server: Deps) -> None:
    ada = await person(server, "ada")
    await update(server, ada, display_name="Ada", note="Hello")
    assert await update(server, ada, display_name="Ada") is None
    await update(server, ada, locked=True)
    row = await seen(server, ada)
    assert (row.display_name, row.note, row.locked) == ("Ada", "<p>Hello</p>", True)


async def test_pictures_are_cropped_kept_and_taken_away(server: Deps) -> None:
    ada = await person(server, "ada")
    await update(server, ada, avatar=picture(), header=picture(), avatar_description="Me")
    row = await seen(server, ada)
    for url, size in ((row.avatar_url, (400, 400)), (row.header_url, (1500, 500))):
        kept = await server.commands.storage.get(url.removeprefix("http://localhost:3000/media/"))
        assert kept is not None
        assert Image.open(io.BytesIO(kept)).size == size
    assert row.avatar_description == "Me"
    await update(server, ada, avatar=b"")
    row = await seen(server, ada)
    assert row.avatar_url == ""
    assert row.header_url != ""


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"display_name": "x" * 41}, "Display name is too long"),
        ({"avatar_description": "x" * 10_001}, "Description is too long"),
        ({"header_description": "x" * 10_001}, "Description is too long"),
        ({"note": "x" * 501}, "Note character limit of 500 exceeded"),
        ({"fields": [("a", "b")] * 5}, "Fields can't be more than 4"),
        ({"fields": [("a", "b" * 256)]}, "Fields must be at most 255 characters"),
        ({"avatar": b"no picture"}, "File content type is invalid"),
    ],
)
async def test_limits_are_mastodons(server: Deps, fields: dict[str, Any], message: str) -> None:
    ada = await person(server, "ada")
    with pytest.raises(ClientError, match=message):
        await update(server, ada, **fields)
