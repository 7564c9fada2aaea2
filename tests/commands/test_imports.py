"""Lists that people take from one server to another: written, read again, and carried out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.api.deps import Deps
from fedi.commands import favourites, follows, imports, lists_as_csv, moderation
from fedi.commands.follows import Wishes
from fedi.commands.imports import Reach
from fedi.errors import ClientError
from fedi.registry import imports as registry
from fedi.registry import users
from fedi.registry.imports import KINDS, Import, Line, ListKind
from fedi.views import moves
from fedi.views.taken_along import Held
from fedi.views.targets import AccountRef
from tests.commands.test_statuses import publish
from tests.support.here import SITE
from tests.support.server import folded, person


def reach(server: Deps) -> Reach:
    async def wait(position: int) -> None:
        await folded(server, position)

    async def find(_: str) -> None:
        return None

    return Reach(wait=wait, find=find)


async def carried_out(server: Deps, owner: AccountRef, kind: ListKind, text: str, *, overwrite: bool = False) -> Import:
    async with server.pool.connection() as connection:
        user = await users.by_account(connection, owner.id)
    assert user is not None
    number = await imports.begin(server.commands, user, kind, text, overwrite=overwrite)
    while await imports.carry_on(server.commands, reach(server), number):
        pass
    async with server.pool.connection() as connection:
        found = await registry.load(connection, number)
    assert found is not None
    return found


async def test_what_is_taken_along_is_the_same_again(server: Deps) -> None:
    old, new, bob, eve = [await person(server, name) for name in ("old", "new", "bob", "eve")]
    wishes = Wishes(boosts=False, notify=True, languages=("en", "de"))
    await folded(server, await follows.follow(server.commands, old, bob.id, wishes))
    await folded(server, await follows.follow(server.commands, old, eve.id, Wishes()))
    brought: dict[ListKind, str] = {
        "blocks": f"{new.username}@localhost:3000\n",
        "mutes": f"Account address,Hide notifications\n{eve.username},false\n",
        "domain_blocks": "#domain\nbad.example\n",
        "lists": f"friends,{bob.username}\nfriends,{eve.username}\nothers,{eve.username}\n",
    }
    for kind, text in brought.items():
        assert (await carried_out(server, old, kind, text)).failed == 0, kind
    status_id = (await publish(server, bob)).status_id
    await folded(server, await favourites.bookmark_status(server.commands, old, status_id))
    taken = {kind: await imports.export(server.commands, old.id, kind) for kind in KINDS}
    assert taken["follows"].splitlines()[0] == "Account address,Show boosts,Notify on new posts,Languages"
    assert f'{bob.username}@localhost:3000,false,true,"en, de"' in taken["follows"]
    assert taken["mutes"].splitlines()[1:] == [f"{eve.username}@localhost:3000,false"]
    third = await person(server, "third")
    for kind in KINDS:
        found = await carried_out(server, third, kind, taken[kind])
        assert (found.finished, found.failed) == (True, 0), kind
        assert await imports.export(server.commands, third.id, kind) == taken[kind]


async def test_s_131_of_who_was_shut_out_nothing_more_is_carried_out(server: Deps) -> None:
    ada, bob = await person(server, "ada"), await person(server, "bob")
    async with server.pool.connection() as connection:
        user = await users.by_account(connection, ada.id)
    assert user is not None
    number = await imports.begin(server.commands, user, "follows", f"{bob.username}\n", overwrite=False)
    await moderation.disable(server.commands, server.redis, ada, disabled=True, tell=False)
    assert not await imports.carry_on(server.commands, reach(server), number)
    async with server.pool.connection() as connection:
        assert await moves.local_followers(connection, bob.id) == []
    await moderation.disable(server.commands, server.redis, ada, disabled=False)
    await imports.carry_on(server.commands, reach(server), number)
    async with server.pool.connection() as connection:
        assert await moves.local_followers(connection, bob.id) == [ada.id]


async def test_what_is_replaced_ends_and_what_fails_is_kept(server: Deps) -> None:
    ada, bob, eve = [await person(server, name) for name in ("ada", "bob", "eve")]
    await folded(server, await follows.follow(server.commands, ada, bob.id, Wishes()))
    merged = await carried_out(server, ada, "follows", f"{eve.username}\nnobody@nowhere.example\n{ada.username}\n")
    assert (merged.total, merged.done, merged.failed) == (3, 1, 2)
    both = await imports.export(server.commands, ada.id, "follows")
    assert bob.username in both
    assert eve.username in both
    replaced = await carried_out(server, ada, "follows", f"{eve.username}@localhost:3000\n", overwrite=True)
    assert (replaced.done, replaced.failed) == (1, 0)
    assert bob.username not in await imports.export(server.commands, ada.id, "follows")
    async with server.pool.connection() as connection:
        left = [each.row.subject for each in await registry.failed(connection, merged.id)]
    assert left == ["nobody@nowhere.example", ada.username]
    assert not await imports.carry_on(server.commands, reach(server), merged.id)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("follows", "a@b.example\n", [Line(subject="a@b.example")]),
        ("follows", "\ufeffaccount address\n@a@b.example\nA@B.example\n", [Line(subject="a@b.example")]),
        (
            "follows",
            "Languages,Account address,Show boosts\nen,a@b.example,false\n",
            [Line(subject="a@b.example", boosts=False, languages=("en",))],
        ),
        ("mutes", "a@b.example,true\n", [Line(subject="a@b.example", hide_notifications=True)]),
        ("domain_blocks", "#domain,#severity\nbad.example,suspend\n", [Line(subject="bad.example")]),
        ("lists", "List name,Account\n x ,@a@b.example\nincomplete\n", [Line(subject="a@b.example", title="x")]),
        ("bookmarks", "https://b.example/1\n\n", [Line(subject="https://b.example/1")]),
    ],
)
def test_files_of_others_are_read(kind: ListKind, text: str, expected: list[Line]) -> None:
    assert lists_as_csv.read(kind, text) == expected


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Account address\n", '"open', "a@b\n" * 3 + '"x"y', "x,account address\ny\n", "@\n"]
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ClientError):
        lists_as_csv.read("follows", text)


def test_too_much_is_refused() -> None:
    with pytest.raises(ClientError, match="20000 lines"):
        lists_as_csv.read("blocks", "".join(f"a{number}@b.example\n" for number in range(20_001)))


@given(st.text(alphabet=st.characters(codec="utf-8")), st.sampled_from(KINDS))
def test_anything_is_read_or_refused(text: str, kind: ListKind) -> None:
    try:
        lines = lists_as_csv.read(kind, text)
    except ClientError:
        return
    assert all(line.subject for line in lines)
    lists_as_csv.write_lines(kind, lines, SITE)


def test_titles_and_languages_survive_commas_and_quotes() -> None:
    held = [Held(subject="a@b.example", target_id=1, title='x, "y"', boosts=False, languages=("en", "de"))]
    (line,) = lists_as_csv.read("lists", lists_as_csv.write("lists", held, SITE))
    assert (line.subject, line.title) == ("a@b.example", 'x, "y"')
    (line,) = lists_as_csv.read("follows", lists_as_csv.write("follows", held, SITE))
    assert (line.boosts, line.notify, line.languages) == (False, False, ("en", "de"))
