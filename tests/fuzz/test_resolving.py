"""Servers that lie as they like: whatever is kept of them was found at its own id, and speaks for its own origin."""

import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from fedi.activitypub import resolve
from fedi.activitypub.resolve.quotas import Once
from fedi.activitypub.vocabulary import uris, values
from fedi.activitypub.vocabulary.documents import read_document
from fedi.errors import PeerError
from fedi.events.activities import DocumentFetched
from fedi.services.http import HttpClient
from fedi.services.http_transport import GuardedTransport, tls_context
from tests.support import servers
from tests.support.here import Here, running
from tests.support.keys import public_pem, rsa_key

HOSTS = ("http://good.example", "http://evil.example", "http://good.example:8080")
PATHS = ("/alice", "/note", "/key", "/page")
WORLDS = 14
URLS = tuple(f"{host}{path}" for host in HOSTS for path in PATHS)


class Liars:
    """Every address answers with a document, or leads elsewhere, by chance."""

    def __init__(self) -> None:
        self.answers: dict[str, httpx.Response | dict[str, Any]] = {}

    def change(self, chance: random.Random) -> None:
        """Tell other lies from now on."""
        self.answers = {url: _answer(url, chance) for url in URLS}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        found = self.answers.get(str(request.url).removesuffix("#"))
        if isinstance(found, dict):
            return httpx.Response(200, json=found, headers={"Content-Type": "application/activity+json"})
        return httpx.Response(found.status_code, headers=found.headers) if found else httpx.Response(404)


def _answer(url: str, chance: random.Random) -> httpx.Response | dict[str, Any]:
    if chance.random() < 0.15:
        return httpx.Response(302, headers={"Location": chance.choice(URLS)})

    def somewhere() -> str:
        return url if chance.random() < 0.6 else chance.choice(URLS)

    def owner() -> str:
        host = uris.parse(url).origin if chance.random() < 0.7 else chance.choice(HOSTS)
        return f"{host}/alice"

    key = {"id": chance.choice([f"{owner()}#key", f"{owner()[:-6]}/key"]), "owner": owner()}
    key["publicKeyPem"] = public_pem(rsa_key("liar"))
    kind = chance.choice({"alice": ("Person",), "key": ("Key",)}.get(url.rpartition("/")[2], ("Note", "Question")))
    found = {"id": somewhere(), "type": kind, "content": "x", "to": ["as:Public"], "attributedTo": owner()}
    found |= {"preferredUsername": "alice", "inbox": f"{owner()}/inbox"} if kind == "Person" else {}
    return found | (key if kind == "Key" else {"publicKey": key})


class Asked(GuardedTransport):
    """Leads to no network, but to the liars."""

    def __init__(self, liars: Liars) -> None:
        super().__init__((), _nowhere, tls_context())
        self._liars = liars

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._liars(request)


async def _nowhere(_host: str, _port: int) -> list[str]:
    return []


@pytest.fixture
def liars() -> Liars:
    return Liars()


@pytest.fixture
async def here(admin_url: str, liars: Liars) -> AsyncIterator[Here]:
    client = HttpClient(Asked(liars), user_agent="fedi-test")
    with servers.fresh_database(admin_url) as url:
        async with running(url, client) as server:
            server.fold()
            yield server


async def test_s_002_what_is_kept_was_found_at_its_own_id_and_speaks_for_its_own_origin(
    here: Here, liars: Liars
) -> None:
    keys = 0
    for seed in range(WORLDS):
        liars.change(random.Random(seed))
        means = msgspec.structs.replace(here.means, keys=Once())  # which forgets what it heard in the last world
        for url in URLS:
            for learn in (resolve.resolve_object, resolve.resolve_actor, resolve.first_contact):
                try:
                    await learn(means, url)
                except PeerError:
                    continue
        for named in (*URLS, *(f"{host}/alice#key" for host in HOSTS)):
            try:
                key = await resolve.fetch_key(means, uris.parse(named, fragment=True))
            except PeerError:
                continue
            keys += 1
            assert values.same_origin(key.actor, key.key_id)
            (draft,) = key.drafts
            assert isinstance(draft.event, DocumentFetched)
            assert draft.event.url == key.actor
    rows = await here.rows("SELECT state FROM log.events WHERE topic = 'document.fetched'")
    kept = [msgspec.json.decode(state, type=DocumentFetched) for (state,) in rows]
    assert len(kept) > WORLDS
    assert keys >= 5
    for event in kept:
        _assert_own(event)


def _assert_own(event: DocumentFetched) -> None:
    document = msgspec.json.decode(event.document)
    assert document["id"] == event.url
    author = document["attributedTo"] if document["type"] in {"Note", "Question"} else event.url
    assert values.same_origin(author, event.url)
    claim = read_document(document)
    for key in getattr(getattr(claim, "profile", None), "keys", ()):
        assert values.same_origin(key.key_id, event.url)
