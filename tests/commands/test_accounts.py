import json

import pytest

from fedi.api.deps import Deps
from fedi.commands import accounts
from fedi.commands.accounts import SignUp, SignUpRefused
from fedi.errors import Unavailable
from fedi.events import identity
from fedi.events.accounts import AccountCreated
from fedi.log import lookup
from fedi.registry import keys, passwords, users
from fedi.views import targets
from tests.support.server import folded


def wish(**fields: object) -> SignUp:
    given = {"username": "ada", "email": "ada@example.com", "password": "correct horse", "agreement": True}
    return SignUp(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "username",
    ["adm1n", "admin_", "_root", "r00t", "adrnin", "m0derat0r", "5upport", "\u0430dmin", "xn--dmin-7cd"],
)
async def test_s_149_nobody_is_called_almost_as_the_server(server: Deps, username: str) -> None:
    with pytest.raises(SignUpRefused) as refused:
        await accounts.sign_up(server.commands, wish(username=username))
    assert {problem.code for problem in refused.value.problems} <= {"ERR_RESERVED", "ERR_INVALID"}


@pytest.mark.parametrize("username", ["ada", "ted", "minna", "roots", "admiral", "its", "mediator", "iris", "new5y"])
async def test_s_149_honest_names_are_free(server: Deps, username: str) -> None:
    assert await accounts.sign_up(server.commands, wish(username=username, email=f"{username}@x.example"))


async def test_signing_up_makes_a_login_a_key_and_an_account(server: Deps) -> None:
    signed_up = await accounts.sign_up(server.commands, wish(username=" Grace ", email="grace@example.com"))
    await folded(server, signed_up.position)
    async with server.pool.connection() as connection:
        user = await users.by_username(connection, "grace")
        assert user is not None
        assert user.functional
        assert await passwords.password_matches(user.password_hash, "correct horse")
        key = (await keys.of_account(connection, user.account_id))["rsa"]
        recorded = await lookup.by_identity(connection, identity.of_account("grace"))
        account = await targets.account(connection, user.account_id)
    assert recorded is not None
    assert isinstance(recorded.event, AccountCreated)
    document = json.loads(bytes(recorded.event.document))
    assert document["publicKey"]["publicKeyPem"] == key.public_pem
    assert "PRIVATE" not in bytes(recorded.event.document).decode()
    assert account is not None
    assert account.uri == "http://localhost:3000/users/grace"
    assert account.followers_uri == "http://localhost:3000/users/grace/followers"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"username": ""}, [("username", "ERR_BLANK")]),
        ({"username": "a.b"}, [("username", "ERR_INVALID")]),
        ({"username": "x" * 31}, [("username", "ERR_TOO_LONG")]),
        ({"username": "Admin"}, [("username", "ERR_RESERVED")]),
        ({"email": ""}, [("email", "ERR_BLANK")]),
        ({"email": "a b@c"}, [("email", "ERR_INVALID")]),
        ({"password": ""}, [("password", "ERR_BLANK")]),
        ({"password": "short"}, [("password", "ERR_TOO_SHORT")]),
        ({"password": "x" * 129}, [("password", "ERR_TOO_LONG")]),
        ({"agreement": False, "username": "é"}, [("username", "ERR_INVALID"), ("agreement", "ERR_ACCEPTED")]),
    ],
)
async def test_what_is_wrong_is_said_field_by_field(
    server: Deps, fields: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(SignUpRefused, match="Validation failed: ") as refused:
        await accounts.sign_up(server.commands, wish(**fields))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == expected


async def test_a_name_and_an_address_are_given_once(server: Deps) -> None:
    await accounts.sign_up(server.commands, wish(username="linus", email="linus@example.com"))
    with pytest.raises(SignUpRefused) as refused:
        await accounts.sign_up(server.commands, wish(username="LINUS", email="other@example.com"))
    assert [(each.field, each.code) for each in refused.value.problems] == [("username", "ERR_TAKEN")]
    with pytest.raises(SignUpRefused) as refused:
        await accounts.sign_up(server.commands, wish(username="other", email="LINUS@example.com"))
    assert [(each.field, each.code) for each in refused.value.problems] == [("email", "ERR_TAKEN")]


async def test_a_login_whose_event_could_not_be_written_is_taken_back(
    server: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(server.commands.appender, "append", away)
        with pytest.raises(Unavailable):
            await accounts.sign_up(server.commands, wish(username="tim", email="tim@example.com"))
    async with server.pool.connection() as connection:
        assert await users.by_username(connection, "tim") is None
        orphans = "SELECT count(*) FROM registry.keys WHERE account_id NOT IN (SELECT account_id FROM registry.users)"
        assert await (await connection.execute(orphans)).fetchone() == (0,)
    await accounts.sign_up(server.commands, wish(username="tim", email="tim@example.com"))
