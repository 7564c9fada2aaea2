"""Threads and conversations depend on the order in which things were said, and not on how the log is cut."""

import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import Connection

from fedi.events import Event
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished
from fedi.events.server import ServerFounded
from fedi.events.threads import ConversationDeleted, ConversationMarked, ThreadMuted, ThreadUnmuted
from fedi.projections.rebuild import fold_aside
from tests.support import servers
from tests.support.compared import differences
from tests.support.talking import say
from tests.support.world import CONTEXT, Person

PEOPLE = [Person(f"local{number}", None, number) for number in range(3)]
POSTS = 60


def status_id(number: int) -> int:
    return (1_760_000_000_000 + number) << 16


def uri(author: Person, number: int) -> str:
    return f"{author.id}/statuses/{number}"


def direct(chance: random.Random, author: Person, number: int, parent: str | None) -> Event:
    named = chance.sample(PEOPLE, chance.choice([0, 1, 2]))
    note: dict[str, Any] = {
        "id": uri(author, number),
        "type": "Note",
        "attributedTo": author.id,
        "content": "<p>psst</p>",
        "published": "2026-03-01T00:00:00Z",
        "to": [each.id for each in named],
        "tag": [{"type": "Mention", "href": each.id, "name": f"@{each.name}"} for each in named],
    }
    if parent is not None:
        note["inReplyTo"] = parent
    create = {"@context": CONTEXT, "id": f"{note['id']}/activity", "type": "Create", "actor": author.id, "object": note}
    return published(author, create | {"to": note["to"]}, status_id=status_id(number))


def published(author: Person, document: dict[str, Any], **more: Any) -> Event:
    return ActivityPublished(document=msgspec.Raw(json.dumps(document).encode()), account_id=author.account_id, **more)


def said(seed: int) -> Iterator[Event]:
    """Yield a log in which answers come before what they answer, and much is taken back."""
    chance = random.Random(seed)
    yield ServerFounded(domain="localhost:3000", web_domain="localhost:3000", https=False, server_id="x")
    for person in PEOPLE:
        document = msgspec.Raw(json.dumps(person.document(False)).encode())
        yield AccountCreated(account_id=person.account_id, username=person.name, document=document)
    authors = {number: chance.choice(PEOPLE) for number in range(POSTS)}
    began: list[int] = []
    there: list[int] = []
    position = 1 + len(PEOPLE)
    for number in chance.sample(range(POSTS), POSTS):
        parent = chance.randrange(POSTS) if chance.random() < 0.7 else None
        position += 1
        began += [(position << 12) << 8 | place for place in range(2)]
        yield direct(chance, authors[number], number, None if parent is None else uri(authors[parent], parent))
        there.append(number)
        for act in _acts(chance, began, there, authors):
            position += 1
            yield act


def _acts(chance: random.Random, began: list[int], there: list[int], authors: dict[int, Person]) -> Iterator[Event]:
    """Yield what somebody does about a conversation that there may be, as its owner or not."""
    mine, talk, number = chance.choice(PEOPLE).account_id, chance.choice(began), chance.choice(there)
    gone = {"@context": CONTEXT, "type": "Delete", "object": uri(authors[number], number)}
    acts: list[Event] = [
        ThreadMuted(account_id=mine, status_id=status_id(number)),
        ThreadMuted(account_id=mine, status_id=status_id(number)),
        ThreadUnmuted(account_id=mine, status_id=status_id(number)),
        ConversationMarked(account_id=mine, conversation_id=talk, unread=chance.random() < 0.5),
        ConversationMarked(account_id=mine, conversation_id=talk, unread=chance.random() < 0.5),
        ConversationDeleted(account_id=mine, conversation_id=talk),
        published(authors[number], {**gone, "id": f"{gone['object']}#delete{len(began)}", "actor": authors[number].id}),
    ]
    yield from chance.sample(acts, chance.choice([0, 1, 2]))


@pytest.fixture(params=[1, 2, 3, 4])
def talked(admin_url: str, request: pytest.FixtureRequest) -> Iterator[Connection[Any]]:
    with servers.fresh_database(admin_url) as url, psycopg.connect(url, autocommit=True) as opened:
        say(opened, said(request.param))
        yield opened


def test_any_batch_size_gives_the_same_conversations(talked: Connection[Any]) -> None:
    for size in (1, 5, 500):
        fold_aside(talked, f"by_{size}", batch=size)
    assert "\n".join(differences(talked, "by_1", "by_5")) == ""
    assert "\n".join(differences(talked, "by_1", "by_500")) == ""
    for table in ("threads", "thread_mutes", "conversations", "conversation_statuses"):
        row = talked.execute(f"SELECT count(*) FROM by_1.{table}").fetchone()
        assert row is not None
        assert row[0] > 3, table
    empty = "SELECT id FROM by_1.conversations EXCEPT SELECT conversation_id FROM by_1.conversation_statuses"
    assert talked.execute(empty).fetchall() == []
    lost = "SELECT FROM by_1.thread_mutes m JOIN by_1.threads t ON t.status_id = m.thread_id"
    assert talked.execute(lost).fetchall() == []
    astray = "SELECT FROM by_1.threads t JOIN by_1.threads root ON root.status_id = t.thread_id"
    assert talked.execute(astray).fetchall() == []
