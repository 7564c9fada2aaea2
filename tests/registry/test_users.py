import pytest

from fedi.registry import users
from fedi.registry.passwords import hash_password, password_matches
from fedi.registry.rows import Connection
from tests.support.people import NOON, somebody


async def test_login_is_found_by_name_and_by_address_in_any_case(pg: Connection) -> None:
    alice = await somebody(pg, username="Alice", email="Alice@Example.com")
    for login in ("alice", "@ALICE", " alice@example.COM "):
        assert await users.by_login(pg, login) == alice
    assert await users.by_login(pg, "alice@elsewhere.example") is None
    assert await users.by_account(pg, alice.account_id) == alice
    assert await users.by_username(pg, "aLiCe") == alice


@pytest.mark.parametrize(("field", "value"), [("username", "BOB"), ("email", "Bob@example.com")])
async def test_names_and_addresses_are_unique_whatever_the_case(pg: Connection, field: str, value: str) -> None:
    if await users.by_username(pg, "bob") is None:
        await somebody(pg, username="bob", email="bob@example.com")
    with pytest.raises(users.TakenError) as refusal:
        await somebody(pg, **{field: value})
    assert refusal.value.field == field


async def test_refused_login_leaves_the_transaction_usable(pg: Connection) -> None:
    first = await somebody(pg)
    async with pg.transaction():
        with pytest.raises(users.TakenError):
            await somebody(pg, username=first.username)
        assert await users.by_id(pg, first.id) == first


async def test_preferences_survive_and_defaults_are_not_stored(pg: Connection) -> None:
    user = await somebody(pg)
    chosen = users.Preferences(default_privacy="private", default_language="eo")
    await users.set_preferences(pg, user.id, chosen)
    found = await users.by_id(pg, user.id)
    assert found is not None
    assert found.preferences == chosen
    cursor = await pg.execute("SELECT preferences FROM registry.users WHERE id = %s", [user.id])
    assert await cursor.fetchone() == ({"default_privacy": "private", "default_language": "eo"},)


@pytest.mark.parametrize("fields", [{"confirmed_at": None}, {"approved": False}])
async def test_unconfirmed_and_pending_logins_do_not_function(pg: Connection, fields: dict[str, object]) -> None:
    user = await somebody(pg, **fields)
    assert not user.functional
    await users.confirm(pg, user.id, NOON)
    await users.set_state(pg, user.id, approved=True, disabled=False)
    now_functional = await users.by_id(pg, user.id)
    assert now_functional is not None
    assert now_functional.functional
    await users.set_state(pg, user.id, approved=True, disabled=True)
    disabled = await users.by_id(pg, user.id)
    assert disabled is not None
    assert not disabled.functional


async def test_passwords_match_only_themselves() -> None:
    stored = await hash_password("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert await password_matches(stored, "correct horse battery")
    assert not await password_matches(stored, "Correct horse battery")
    assert not await password_matches(None, "nobody has this password")
    assert not await password_matches("unusable", "unusable")
