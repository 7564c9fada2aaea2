"""A server of our own without its web: a log, views folded when asked, and people who say things."""

import asyncio
import contextlib
import itertools
import tempfile
import threading
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from fedi.activitypub.resolve import Knocker, Means
from fedi.clock import now
from fedi.effects.facts_reader import FactsReader
from fedi.effects.runner import Effect, Runner
from fedi.events import Event, identity
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.events.server import ServerFounded
from fedi.log.appender import Appender
from fedi.log.drafts import Draft
from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.runner import prepare
from fedi.registry import keys
from fedi.registry.pool import Pool, new_pool
from fedi.services.http import HttpClient, open_client
from fedi.services.storage_folder import FolderStorage
from fedi.settings import LOOPBACK
from fedi.site import Site
from fedi.views.borders import Borders
from tests.support.keys import private_pem, public_pem, rsa_key

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
SITE = Site(domain="localhost:3000", web_domain="localhost:3000", https=False)
Document = dict[str, Any]


class Progress:
    """The views are folded by the test itself: nobody waits."""

    async def wait_for(self, position: int, within: float = 1.0) -> bool:
        return True


async def nothing(*_: object) -> None:
    """Publish no planned post, and take nobody along: there is none."""


async def no_more(_: int) -> bool:
    """Carry out no line of an import: there is none."""
    return False


class Person:
    """Somebody local."""

    def __init__(self, name: str, account_id: int) -> None:
        self.name = name
        self.account_id = account_id

    @property
    def id(self) -> str:
        return SITE.actor(self.name)

    @property
    def followers(self) -> str:
        return f"{self.id}/followers"

    def document(self, **fields: Any) -> Document:
        return {
            "@context": CONTEXT,
            "id": self.id,
            "type": "Person",
            "preferredUsername": self.name,
            "inbox": f"{self.id}/inbox",
            "followers": self.followers,
            "publicKey": {
                "id": f"{self.id}#main-key",
                "owner": self.id,
                "publicKeyPem": public_pem(rsa_key(self.name)),
            },
            **fields,
        }


class Here:
    """The server; `say` and `hear` answer with the position of what was said."""

    def __init__(self, url: str, pool: Pool, appender: Appender, http: HttpClient, folder: Path) -> None:
        self.url = url
        self.pool = pool
        self.appender = appender
        self.http = http
        self.folder = folder
        self.storage = FolderStorage(folder, SITE.base_url)
        self.borders = Borders(pool, own=frozenset({SITE.domain}), ticks=itertools.count(step=2).__next__)
        knocker = Knocker(http, self.borders, key_id=f"{SITE.instance_actor}#main-key", key=rsa_key("instance"))
        self.means = Means(knocker=knocker, appender=appender, pool=pool, site=SITE, borders=self.borders)
        self._numbers = itertools.count(1)

    async def append(self, event: Event) -> int:
        appended = await self.appender.append([Draft(identity=identity.fresh(now()), event=event)])
        return appended.positions[-1]

    async def person(self, name: str, **fields: Any) -> Person:
        """Sign somebody up, with a key."""
        person = Person(name, self.appender.allot(now()))
        key = rsa_key(name)
        async with self.pool.connection() as connection:
            await keys.add(
                connection,
                keys.Key(
                    account_id=person.account_id,
                    kind="rsa",
                    private_pem=private_pem(key),
                    public_pem=public_pem(key),
                ),
            )
        document = msgspec.Raw(msgspec.json.encode(person.document(**fields)))
        await self.append(AccountCreated(account_id=person.account_id, username=name, document=document))
        return person

    async def say(self, person: Person, kind: str, target: Any, /, **fields: Any) -> int:
        """Publish an activity; `status_id` is for the event, the other fields for the document."""
        status_id = fields.pop("status_id", None)
        document = {
            "@context": CONTEXT,
            "id": f"{person.id}#act/{next(self._numbers)}",
            "type": kind,
            "actor": person.id,
            "object": target,
            **fields,
        }
        raw = msgspec.Raw(msgspec.json.encode(document))
        return await self.append(ActivityPublished(document=raw, account_id=person.account_id, status_id=status_id))

    async def post(self, person: Person, *, to: Sequence[str] = (PUBLIC,), **fields: Any) -> Document:
        """Publish a note, and return it."""
        status_id = self.appender.allot(now())
        note = {
            "id": SITE.status(person.name, status_id),
            "type": "Note",
            "attributedTo": person.id,
            "content": "<p>hello</p>",
            "published": now().isoformat(),
            "to": list(to),
            "cc": [person.followers],
            **fields,
        }
        await self.say(person, "Create", note, to=note["to"], cc=note["cc"], status_id=status_id)
        return note

    async def hear(self, activity: Document) -> int:
        """Receive an activity, as if its signature had held."""
        raw = msgspec.json.encode(activity)
        return await self.append(
            ActivityReceived(
                document=msgspec.Raw(raw),
                actor=activity["actor"],
                key=f"{activity['actor']}#main-key",
                signed_at=datetime.now(UTC),
                digest=f"{next(self._numbers)}",
            )
        )

    async def meet(self, document: Document) -> int:
        """Have an actor's or an object's document fetched."""
        raw = msgspec.Raw(msgspec.json.encode(document))
        return await self.append(DocumentFetched(document=raw, url=document["id"]))

    def fold(self) -> None:
        """Bring the views up to the log."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            prepare(connection)
            generation.look_at(connection, generation.LIVE)
            while fold(connection, projections(), live=True) is not None:
                pass

    async def run(self, *effects: Effect) -> None:
        """Fold, and let effects act on all there is."""
        self.fold()
        facts = FactsReader(self.url)
        runner = Runner(self.pool, facts, Progress(), effects)
        position = -1
        while (reached := await runner.step()) != position:
            position = reached
        facts.close()

    async def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        async with self.pool.connection() as connection:
            return await (await connection.execute(query, values)).fetchall()


async def until(here: Here, query: str, expected: list[tuple[Any, ...]], seconds: float = 10.0) -> None:
    """Ask until the database says what is expected; fails with what it says in the end."""
    found = await here.rows(query)
    for _ in range(int(seconds / 0.02)):
        if found == expected:
            break
        await asyncio.sleep(0.02)
        found = await here.rows(query)
    assert found == expected


@contextlib.asynccontextmanager
async def folding(here: Here) -> AsyncIterator[None]:
    """Keep the views up to the log, as the projector does."""
    over = threading.Event()

    def fold_on() -> None:
        with psycopg.connect(here.url, autocommit=True) as connection:
            prepare(connection)
            generation.look_at(connection, generation.LIVE)
            while not over.wait(0.01):
                fold(connection, projections(), live=True)

    thread = threading.Thread(target=fold_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        await asyncio.to_thread(thread.join)


@contextlib.asynccontextmanager
async def running(url: str, client: HttpClient | None = None) -> AsyncIterator[Here]:
    """Run a server on an empty database with all tables; `client` is closed with it."""
    http = client or open_client(private=LOOPBACK, user_agent="fedi-test")
    folder = tempfile.TemporaryDirectory(prefix="fedi-here-")
    async with new_pool(url, most=6) as pool, Appender(url) as appender:
        here = Here(url, pool, appender, http, Path(folder.name))
        await here.append(
            ServerFounded(domain=SITE.domain, web_domain=SITE.web_domain, https=SITE.https, server_id="test")
        )
        try:
            yield here
        finally:
            folder.cleanup()
            await http.close()
