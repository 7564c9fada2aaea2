"""What is read fast must be what its reader may see: looked for when a measurement has filled every cache there is.

Each look is made over all connections, and so by all web processes.
"""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import uuid4

from fedi import clock
from fedi.events import Event
from ops.bench import people
from ops.bench.load import Caller, expecting, get, post
from ops.bench.people import CONTEXT, Document, Person, Stranger
from ops.bench.running import Server

PAGE = "/api/v1/timelines/home?limit=20"
HEARD_SECONDS = 0.5
"""After so long every web process has heard of what others did; of what people do themselves they hear at once."""
NOBODY = ""


async def look_for_leaks(server: Server, callers: Sequence[Caller], friend: Person, other: Person) -> None:
    """Let a friend of somebody read what others may not; then a post is deleted, and people are blocked.

    Raises:
        RuntimeError: a post was shown to somebody who may not see it, or not any more; or was not shown at all.
    """
    author = people.stranger("https://friends.localhost", f"friend{uuid4().hex[:8]}", "friend")
    said = [
        people.note(author, 1, "<p>For everybody.</p>", clock.now()),
        people.note(author, 2, "<p>For everybody, until I delete it.</p>", clock.now()),
        people.note(author, 3, "<p>For those who follow me.</p>", clock.now(), to=[f"{author.uri}/followers"], cc=[]),
    ]
    await people.say(server, [*people.known([author]), *people.follows_stranger(friend, author)])
    await people.say(server, [people.received(author, each) for each in said])
    await asyncio.sleep(HEARD_SECONDS)
    uris = [each["object"]["id"] for each in said]
    ids, author_id = await _found(server, callers, friend, uris)
    kept, doomed, closed = (ids[uri] for uri in uris)
    everybody = (friend.token, other.token, NOBODY)
    for token in everybody * 2:  # what was found for the first time is remembered for the second
        await _answered(server, callers, kept, token, 200)
        await _answered(server, callers, doomed, token, 200)
        await _answered(server, callers, closed, token, 200 if token == friend.token else 404)
    await _not_at_home(server, callers, other, uris)

    deletion = _act(author, "Delete", {"id": uris[1], "type": "Tombstone"})
    await people.say(server, [deletion, _act(author, "Block", other.uri)])
    await asyncio.sleep(HEARD_SECONDS)
    for token in everybody:
        await _answered(server, callers, doomed, token, 404)
        await _answered(server, callers, kept, token, 404 if token == other.token else 200)
    await _not_at_home(server, callers, friend, uris[1:2])

    expecting(200)(await callers[0].ask(post(server, f"/api/v1/accounts/{author_id}/block", friend.token, {})))
    await _not_at_home(server, callers, friend, uris)


async def _found(
    server: Server, callers: Sequence[Caller], reader: Person, uris: Iterable[str]
) -> tuple[dict[str, str], str]:
    """Return the ids of posts that must all be at somebody's home, by URI, and that of their author."""
    wanted = set(uris)
    for _ in range(2):  # what was rendered for the first time is remembered for the second
        for caller in callers:
            page = (await caller.ask(get(server, PAGE, reader.token))).json()
            found = {status["uri"]: status for status in page if status["uri"] in wanted}
            if found.keys() != wanted:
                raise RuntimeError(f"{wanted - found.keys()} did not come home to somebody who may see it")
    (author_id,) = {str(status["account"]["id"]) for status in found.values()}
    return {uri: str(status["id"]) for uri, status in found.items()}, author_id


async def _not_at_home(server: Server, callers: Sequence[Caller], reader: Person, uris: Iterable[str]) -> None:
    for caller in callers:
        page = (await caller.ask(get(server, PAGE, reader.token))).json()
        if leaked := {status["uri"] for status in page}.intersection(uris):
            raise RuntimeError(f"{leaked} was shown at home to somebody who may not see it")


async def _answered(server: Server, callers: Sequence[Caller], status_id: str, token: str, status: int) -> None:
    for caller in callers:
        expecting(status)(await caller.ask(get(server, f"/api/v1/statuses/{status_id}", token)))


def _act(author: Stranger, kind: str, what: str | Document) -> Event:
    act = {"@context": CONTEXT, "id": f"{author.uri}#{kind.lower()}", "type": kind, "actor": author.uri, "object": what}
    return people.received(author, act)
