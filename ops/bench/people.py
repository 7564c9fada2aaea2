"""People for the load: local ones with logins and tokens, strangers with real keys, and who follows whom.

They are written into the registry and said to the log as the program itself would, only many at once.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from psycopg import AsyncConnection

from fedi import clock
from fedi.activitypub.vocabulary import rendering
from fedi.commands.accounts import new_key_pair
from fedi.events import Event
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.log.appender import Appender
from fedi.log.drafts import Draft
from fedi.registry import keys, tokens, users
from fedi.registry.keys import Key
from fedi.registry.users import NewUser
from fedi.site import Site
from ops.bench.running import Server

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{CONTEXT}#Public"
SCOPES = ("read", "write", "follow", "push")
UNIT = 500
LOG_FILES = 10
"""Files of the write-ahead log that are there to be used again; of 256 MB the database keeps all."""
FOLD_SECONDS = 120.0

Document = dict[str, Any]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody local."""

    name: str
    account_id: int
    uri: str
    token: str


class Stranger(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on another server, with the key that signs in their name."""

    uri: str
    key: rsa.RSAPrivateKey

    @property
    def key_id(self) -> str:
        return f"{self.uri}#main-key"

    def document(self) -> Document:
        """Return the actor document that their server would serve."""
        host, name = self.uri.partition("/users/")[::2]
        return {
            "@context": [CONTEXT, "https://w3id.org/security/v1"],
            "id": self.uri,
            "type": "Person",
            "preferredUsername": name,
            "name": name.title(),
            "summary": f"<p>I am {name} and I write now and then.</p>",
            "url": f"{host}/@{name}",
            "inbox": f"{self.uri}/inbox",
            "outbox": f"{self.uri}/outbox",
            "followers": f"{self.uri}/followers",
            "following": f"{self.uri}/following",
            "icon": {"type": "Image", "mediaType": "image/png", "url": f"{host}/avatars/{name}.png"},
            "published": "2024-05-01T00:00:00Z",
            "publicKey": {"id": self.key_id, "owner": self.uri, "publicKeyPem": _public_pem(self.key)},
        }


def stranger(origin: str, name: str, key: str = "shared") -> Stranger:
    """Return somebody of another server; who names the same `key` has the same one, because to make one takes long."""
    return Stranger(uri=f"{origin}/users/{name}", key=_key(key))


async def settle(server: Server, names: Sequence[str]) -> list[Person]:
    """Sign people up, all with the same keys and with tokens that may do everything."""
    private_pem, public_pem = _pair()
    people, drafts = [], list[Event]()
    connection = await AsyncConnection.connect(server.database_url)
    async with Appender(server.database_url) as appender, connection:
        for name in names:
            new = _login(name, appender.allot(clock.now()))
            user = await users.create(connection, new)
            pair = Key(account_id=user.account_id, kind="rsa", private_pem=private_pem, public_pem=public_pem)
            await keys.add(connection, pair)
            secret = server.settings.secret_key_base
            token = await tokens.issue(connection, secret, app_id=None, user_id=user.id, scopes=SCOPES)
            site = server.settings.site
            people.append(Person(name=name, account_id=user.account_id, uri=site.actor(name), token=token.secret))
            drafts.append(_arrives(server.settings.site, people[-1], public_pem, user.created_at))
    await say(server, drafts)
    return people


async def crowd(server: Server, names: Sequence[str]) -> list[Person]:
    """Have people here who do not log in: all of them that others see."""
    async with Appender(server.database_url) as appender:
        found = [newcomer(server.settings.site, name, appender.allot(clock.now())) for name in names]
    await say(server, arrivals(server.settings.site, found))
    return found


def newcomer(site: Site, name: str, account_id: int) -> Person:
    """Return somebody who comes to live on the server `site` and does not log in."""
    return Person(name=name, account_id=account_id, uri=site.actor(name), token="")


def arrivals(site: Site, newcomers: Iterable[Person]) -> list[Event]:
    """Return the events by which people have come to live on the server `site`."""
    public_pem, now = _pair()[1], clock.now()
    return [_arrives(site, person, public_pem, now) for person in newcomers]


async def wrote(server: Server, person: Person, number: int) -> None:
    """Let somebody have written so many posts, which nobody was told of."""
    published = f"{clock.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    async with Appender(server.database_url) as appender:
        ids = [appender.allot(clock.now()) for _ in range(number)]
    addressed = {"to": [PUBLIC], "cc": [f"{person.uri}/followers"]}
    said = list[Event]()
    for status_id in ids:
        uri = f"{person.uri}/statuses/{status_id}"
        own = {"attributedTo": person.uri, "content": "<p>What was.</p>", "published": published, "url": uri}
        note = {"id": uri, "type": "Note", **own, **addressed}
        create = {"id": f"{uri}/activity", "type": "Create", "actor": person.uri, **addressed, "object": note}
        document = raw({"@context": CONTEXT, **create})
        said.append(ActivityPublished(document=document, account_id=person.account_id, status_id=status_id, text=""))
    await say(server, said)


async def say(server: Server, events: Iterable[Event]) -> None:
    """Append events in their order, and return when the views hold them."""
    await folded(server, await append(server.database_url, events))


async def append(database_url: str, events: Iterable[Event]) -> int:
    """Append events in their order; return the position of the last."""
    said = list(events)
    position = 0
    async with Appender(database_url) as appender:
        for start in range(0, len(said), UNIT):
            unit = [Draft(identity=uuid4(), event=event) for event in said[start : start + UNIT]]
            position = (await appender.append(unit)).positions[-1]
    return position


async def folded(server: Server, position: int) -> None:
    """Wait until the views hold the event at a position. Raises TimeoutError."""
    deadline = time.monotonic() + FOLD_SECONDS
    async with await AsyncConnection.connect(server.database_url, autocommit=True) as connection:
        while True:
            cursor = await connection.execute("SELECT position FROM read.cursor")
            row = await cursor.fetchone()
            if row is not None and row[0] >= position:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"the views do not reach position {position}")
            await asyncio.sleep(0.05)


def known(strangers: Iterable[Stranger]) -> list[Event]:
    """Return the events by which the server has learnt of strangers."""
    return [fetched(each.document()) for each in strangers]


def follows_stranger(person: Person, target: Stranger) -> list[Event]:
    """Return what makes a local person follow a stranger: the request, and the stranger's answer."""
    follow = _follow(person.uri, target.uri)
    accept = {"@context": CONTEXT, "id": f"{target.uri}#accepts/{uuid4()}", "type": "Accept", "actor": target.uri}
    return [
        ActivityPublished(document=raw(follow), account_id=person.account_id),
        received(target, {**accept, "object": follow}),
    ]


def follows_person(person: Person, target: Person) -> list[Event]:
    """Return what makes a local person follow another one."""
    follow = _follow(person.uri, target.uri)
    accept = {"@context": CONTEXT, "id": f"{target.uri}#accepts/{uuid4()}", "type": "Accept", "actor": target.uri}
    return [
        ActivityPublished(document=raw(follow), account_id=person.account_id),
        ActivityPublished(document=raw({**accept, "object": follow}), account_id=target.account_id),
    ]


def asks_to_follow(asker: Stranger, target: Person) -> Event:
    """Return what makes a stranger follow a local person; the server itself answers it."""
    return received(asker, _follow(asker.uri, target.uri))


def received(speaker: Stranger, activity: Document) -> ActivityReceived:
    """Return an activity of a stranger's as if it had come signed."""
    return ActivityReceived(
        document=raw(activity), actor=speaker.uri, key=speaker.key_id, signed_at=clock.now(), digest=uuid4().hex * 2
    )


def note(author: Stranger, number: int, content: str, moment: datetime, **fields: Any) -> Document:
    """Return the Create of a stranger's public note."""
    uri = f"{author.uri}/statuses/{number}"
    published = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    followers = f"{author.uri}/followers"
    said: Document = {
        "id": uri,
        "type": "Note",
        "attributedTo": author.uri,
        "content": content,
        "published": published,
        "url": f"{uri}.html",
        "to": [PUBLIC],
        "cc": [followers],
        "sensitive": False,
        **fields,
    }
    return {
        "@context": CONTEXT,
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": author.uri,
        "published": published,
        "to": said["to"],
        "cc": said["cc"],
        "object": said,
    }


def encoded(document: Document) -> bytes:
    """Return a document as it goes over the wire."""
    return msgspec.json.encode(document)


def raw(document: Document) -> msgspec.Raw:
    """Return a document as events hold it."""
    return msgspec.Raw(encoded(document))


def rest(server: Server) -> None:
    """Wait until the effects have seen all that was said, or it would be measured too, and bring the database where
    that of a server that has run for a while is.
    """
    behind = "SELECT (SELECT position FROM read.cursor) - min(position) FROM effects.cursors"
    deadline = time.monotonic() + FOLD_SECONDS
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        while (row := connection.execute(behind).fetchone()) is None or row[0] > 0:
            if time.monotonic() > deadline:
                raise TimeoutError("the effects do not reach the end of the log")
            time.sleep(0.1)
    settle_database(server.database_url)


def settle_database(database_url: str) -> None:
    """Let the database look at what it holds, and have files of its write-ahead log that it can use again, as on a
    server that has run for a while.

    Each file that is made, of 16 MB which are all noughts at first, holds everybody up for 80 ms.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        for _ in range(LOG_FILES):
            connection.execute("SELECT pg_logical_emit_message(false, 'bench', '')")
            connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")


def _login(name: str, account_id: int) -> NewUser:
    return NewUser(
        account_id=account_id,
        username=name,
        email=f"{name}@example.com",
        password_hash="fits no password",
        confirmed_at=clock.now(),
        approved=True,
    )


def _arrives(site: Site, person: Person, public_pem: str, joined: datetime) -> Event:
    profile = rendering.local_profile(site, person.name, public_key=public_pem, joined=joined)
    document = raw(rendering.actor_document(site, profile))
    return AccountCreated(account_id=person.account_id, username=person.name, document=document)


def _follow(asker: str, target: str) -> Document:
    return {"@context": CONTEXT, "id": f"{asker}#follows/{uuid4()}", "type": "Follow", "actor": asker, "object": target}


def fetched(document: Document) -> Event:
    """Return what is said when a document was looked up."""
    return DocumentFetched(document=raw(document), url=document["id"])


@cache
def _pair() -> tuple[str, str]:
    return new_key_pair()


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _public_pem(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
