from datetime import timedelta

import msgspec
from redis.asyncio import Redis

from fedi.registry import apps, codes, kill, sessions, tokens, users
from fedi.registry.rows import Connection
from fedi.registry.secrets import digest
from tests.support.people import NOON, somebody

KEY = "a secret of the server, long enough"


async def new_app(pg: Connection) -> apps.App:
    app, _ = await apps.register(pg, name="App", website=None, redirect_uris=["urn:x"], scopes=["read", "write"])
    return app


async def test_app_knows_its_secret_and_no_other(pg: Connection) -> None:
    app, secret = await apps.register(pg, name="App", website=None, redirect_uris=["a:b"], scopes=["read"])
    found = await apps.by_client_id(pg, app.client_id)
    assert found == app
    assert found.has_secret(secret)
    assert not found.has_secret(secret[:-1] + "!")


async def test_same_app_user_and_scopes_get_the_same_token(pg: Connection) -> None:
    app, user = await new_app(pg), await somebody(pg)
    first = await tokens.issue(pg, KEY, app_id=app.id, user_id=user.id, scopes=["write", "read"])
    again = await tokens.issue(pg, KEY, app_id=app.id, user_id=user.id, scopes=["read", "write"])
    assert again == first
    others = [
        await tokens.issue(pg, KEY, app_id=app.id, user_id=user.id, scopes=["read"]),
        await tokens.issue(pg, KEY, app_id=app.id, user_id=None, scopes=["read", "write"]),
        await tokens.issue(pg, KEY, app_id=None, user_id=user.id, scopes=["read", "write"]),
        await tokens.issue(
            pg, "another secret of the server", app_id=app.id, user_id=user.id, scopes=["read", "write"]
        ),
    ]
    assert len({first.secret, *(other.secret for other in others)}) == 5


async def test_token_is_stored_as_a_digest_only(pg: Connection) -> None:
    token = await tokens.issue(pg, KEY, app_id=None, user_id=(await somebody(pg)).id, scopes=["read"])
    cursor = await pg.execute("SELECT t::text FROM registry.tokens AS t WHERE id = %s", [token.id])
    row = await cursor.fetchone()
    assert row is not None
    assert token.secret not in row[0]
    assert digest(token.secret).hex() in row[0]


async def test_viewer_is_who_stands_behind_a_token(pg: Connection) -> None:
    app, user = await new_app(pg), await somebody(pg, approved=False)
    token = await tokens.issue(pg, KEY, app_id=app.id, user_id=user.id, scopes=["read", "follow"])
    viewer = await tokens.viewer(pg, digest(token.secret))
    assert viewer is not None
    assert (viewer.account_id, viewer.user_id, viewer.app_id) == (user.account_id, user.id, app.id)
    assert viewer.scopes == {"read", "follow"}
    assert (viewer.confirmed, viewer.approved, viewer.disabled, viewer.revoked) == (True, False, False, False)
    alone = await tokens.issue(pg, KEY, app_id=app.id, user_id=None, scopes=["read"])
    app_viewer = await tokens.viewer(pg, digest(alone.secret))
    assert app_viewer is not None
    assert app_viewer.account_id is None
    assert await tokens.viewer(pg, digest("never issued")) is None


async def test_revoked_token_is_known_as_such_and_not_issued_again(pg: Connection) -> None:
    user = await somebody(pg)
    token = await tokens.issue(pg, KEY, app_id=None, user_id=user.id, scopes=["read"])
    assert await tokens.revoke(pg, [token.id]) == [token.id]
    assert await tokens.revoke(pg, [token.id]) == []
    viewer = await tokens.viewer(pg, digest(token.secret))
    assert viewer is not None
    assert viewer.revoked
    renewed = await tokens.issue(pg, KEY, app_id=None, user_id=user.id, scopes=["read"])
    assert renewed.secret != token.secret


async def test_ending_all_of_a_user_spares_others(pg: Connection) -> None:
    app, user, other = await new_app(pg), await somebody(pg), await somebody(pg)
    mine = [await tokens.issue(pg, KEY, app_id=app.id, user_id=user.id, scopes=[s]) for s in ("read", "write")]
    theirs = await tokens.issue(pg, KEY, app_id=app.id, user_id=other.id, scopes=["read"])
    code = await codes.make(
        pg, NOON, app_id=app.id, user_id=user.id, redirect_uri="a:b", scopes=["read"], challenge=None
    )
    assert sorted(await tokens.revoke_of_user(pg, user.id)) == [token.id for token in mine]
    assert await codes.find(pg, code) is None
    spared = await tokens.viewer(pg, digest(theirs.secret))
    assert spared is not None
    assert not spared.revoked


async def test_code_remembers_its_use(pg: Connection) -> None:
    app, user = await new_app(pg), await somebody(pg)
    code = await codes.make(
        pg, NOON, app_id=app.id, user_id=user.id, redirect_uri="a:b", scopes=["write", "read"], challenge="c"
    )
    found = await codes.find(pg, code)
    assert found is not None
    assert (found.scopes, found.challenge, found.used_at) == (("read", "write"), "c", None)
    assert found.expires_at == NOON + timedelta(minutes=10)
    token = await tokens.issue(pg, KEY, app_id=app.id, user_id=user.id, scopes=found.scopes)
    await codes.use(pg, code, token.id, NOON)
    used = await codes.find(pg, code)
    assert used is not None
    assert (used.used_at, used.token_id) == (NOON, token.id)


async def test_session_lives_until_closed_expired_or_its_user_disabled(pg: Connection) -> None:
    user = await somebody(pg)
    cookies = [
        await sessions.open_session(pg, NOON, user_id=user.id, ip="2001:db8::1", user_agent="x" * 900) for _ in range(2)
    ]
    found = await sessions.find(pg, cookies[0], NOON)
    assert found is not None
    assert found.user == user
    assert await sessions.find(pg, cookies[0], NOON + sessions.LIFE) is None
    await sessions.close(pg, cookies[0])
    assert await sessions.find(pg, cookies[0], NOON) is None
    await users.set_state(pg, user.id, approved=True, disabled=True)
    assert await sessions.find(pg, cookies[1], NOON) is None


async def test_ended_tokens_are_announced(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis, redis.pubsub() as listener:
        await listener.subscribe(kill.CHANNEL)
        await kill.kill_tokens(redis, [])
        await kill.kill_tokens(redis, [3, 4])
        await kill.kill_account(redis, 7)
        heard = [await listener.get_message(timeout=5) for _ in range(3)]
    payloads = [msgspec.json.decode(message["data"]) for message in heard[1:] if message]
    assert payloads == [{"token_ids": [3, 4]}, {"account_id": 7}]
