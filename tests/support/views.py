"""Views for tests that read them, with rows written straight into the tables; no log and no fold."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from fedi.ids import id_at
from fedi.meaning.names import key_of
from fedi.meaning.ref import Ref, RefKind
from fedi.projections import runner

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
_NUMBERS = itertools.count(1)
_USED = """
    INSERT INTO read.tag_uses AS used VALUES (%(name)s, 1)
        ON CONFLICT (name) DO UPDATE SET uses = used.uses + 1"""

Connection = AsyncConnection[Any]


async def create_views(connection: Connection) -> None:
    """Create every view's tables where readers find them; where they are already, empty them."""
    found = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'read'")
    tables = [name for (name,) in await found.fetchall() if name not in {"cursor", "projections"}]
    if tables:
        emptied = [SQL("DELETE FROM {}").format(Identifier("read", table)) for table in tables]
        await connection.execute(SQL("; ").join(emptied))
    else:
        await asyncio.to_thread(_create_views, connection.info.dsn)


def _create_views(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        runner.prepare(connection)


async def insert(connection: Connection, table: str, **values: object) -> None:
    """Write one row; structs, and lists of them, become JSON."""
    columns = SQL(", ").join(map(Identifier, values))
    places = SQL(", ").join([SQL("%s")] * len(values))
    query = SQL("INSERT INTO read.{} ({}) VALUES ({})").format(Identifier(table), columns, places)
    await connection.execute(query, [_stored(value) for value in values.values()])


def _stored(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        return Jsonb(msgspec.to_builtins(value))
    if isinstance(value, tuple):
        return Jsonb(msgspec.to_builtins(value))
    return value


async def no_files_from(connection: Connection, domain: str) -> None:
    """Decide that no files are to come from a domain."""
    await insert(
        connection,
        "domain_limits",
        id=next(_NUMBERS),
        domain=domain,
        severity="noop",
        reject_media=True,
        reject_reports=False,
        obfuscate=False,
        public_comment="",
        private_comment="",
        created_at=NOON,
        since=1,
    )


def moment(number: int) -> datetime:
    """Return the instant at which the thing with a number happened: a minute after the one before."""
    return NOON + timedelta(minutes=number)


async def account(connection: Connection, username: str, domain: str | None = None, **fields: object) -> int:
    """Write an account; `domain` is None for a local one. Returns its id."""
    number = next(_NUMBERS)
    base = "http://localhost:3000" if domain is None else f"https://{domain}"
    row: dict[str, object] = {
        "id": id_at(moment(number), number),
        "uri": f"{base}/users/{username}",
        "kind": "Person",
        "username": username,
        "domain": domain,
        "display_name": username.title(),
        "note": "<p>Hello</p>",
        "url": f"{base}/@{username}",
        "avatar_url": "",
        "avatar_description": "",
        "header_url": "",
        "header_description": "",
        "fields": (),
        "emojis": (),
        "locked": False,
        "discoverable": True,
        "indexable": False,
        "memorial": False,
        "suspended": False,
        "show_media": True,
        "show_media_replies": True,
        "show_featured": True,
        "attribution_domains": [],
        "inbox": f"{base}/users/{username}/inbox",
        "shared_inbox": f"{base}/inbox",
        "outbox": f"{base}/users/{username}/outbox",
        "followers_uri": f"{base}/users/{username}/followers",
        "following_uri": f"{base}/users/{username}/following",
        "featured_uri": f"{base}/users/{username}/featured",
        "moved_to_uri": "",
        "feature_automatic": [],
        "feature_manual": [],
        "also_known_as": [],
        "created_at": moment(number),
        "changed_at": moment(number),
    }
    await insert(connection, "accounts", **{**row, **fields})
    return int(str({**row, **fields}["id"]))


async def status(connection: Connection, account_id: int, content: str = "<p>Hi</p>", **fields: object) -> int:
    """Write a post, or a boost if `boost_of_id` is given; its hashtags and named people too. Returns its id."""
    number = next(_NUMBERS)
    row: dict[str, object] = {
        "id": id_at(moment(number), number),
        "account_id": account_id,
        "uri": f"http://localhost:3000/statuses/{number}",
        "url": f"http://localhost:3000/@somebody/{number}",
        "kind": "Note",
        "content": content,
        "spoiler_text": "",
        "sensitive": False,
        "visibility": "public",
        "language": "en",
        "created_at": moment(number),
        "in_reply_to_uri": "",
        "local": True,
        "conversation": "",
        "quote_uri": "",
        "attachments": (),
        "emojis": (),
        "mentions": (),
        "tags": [],
        "position": number,
        "entry": number,
    }
    row.update(fields)
    await insert(connection, "statuses", **row)
    status_id = int(str(row["id"]))
    for name in dict.fromkeys(row["tags"] if isinstance(row["tags"], list) else []):
        await insert(connection, "status_tags", name=name, status_id=status_id)
        if row["visibility"] == "public":
            await connection.execute(_USED, {"name": name})
    for mention in row["mentions"] if isinstance(row["mentions"], tuple) else ():
        values = {"account_id": mention.account_id, "silent": mention.silent}
        await insert(connection, "status_mentions", status_id=status_id, **values)
    return status_id


async def boost(connection: Connection, account_id: int, status_id: int, **fields: object) -> int:
    """Write a boost of a post. Returns its id."""
    return await status(connection, account_id, "", boost_of_id=status_id, **fields)


async def follow(connection: Connection, account_id: int, target_id: int, **fields: object) -> None:
    """Write that one account follows another."""
    row: dict[str, object] = {
        "id": next(_NUMBERS),
        "account_id": account_id,
        "target_id": target_id,
        "accepted": True,
        "since": 1,
        "uri": "",
        "boosts": True,
        "notify": False,
        "languages": [],
    }
    await insert(connection, "follows", **{**row, **fields})


async def block(connection: Connection, account_id: int, target_id: int) -> None:
    """Write that one account blocks another."""
    await insert(connection, "blocks", id=next(_NUMBERS), account_id=account_id, target_id=target_id)


async def mute(connection: Connection, account_id: int, target_id: int, **fields: object) -> None:
    """Write that one account mutes another."""
    row = {"id": next(_NUMBERS), "account_id": account_id, "target_id": target_id, "notifications": True}
    await insert(connection, "mutes", **{**row, **fields})


async def favourite(connection: Connection, account_id: int, status_id: int) -> None:
    """Write that an account favourited a post, without counting it."""
    values = {"account_id": account_id, "status_id": status_id, "author_id": 0, "emoji": ""}
    await insert(connection, "favourites", id=next(_NUMBERS), **values)


async def reference(connection: Connection, uri: str, kind: RefKind, which: int) -> None:
    """Write what a URI stands for."""
    row = msgspec.structs.asdict(Ref(name=uri, uri=uri, kind=kind, id=which))
    await insert(connection, "refs", key=key_of(row.pop("name")), **row)
