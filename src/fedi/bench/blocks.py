"""What happens in the generated world, in blocks that are appended whole.

A block is known from its number, the seed and how many accounts there are. It begins with something of a local person
whose identity follows from the number alone: so the log itself tells which blocks it holds.
"""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from fedi.activitypub.vocabulary import addresses, rendering
from fedi.activitypub.vocabulary.rendering.contexts import Json
from fedi.bench import cast, chances
from fedi.bench.cast import Person
from fedi.events import identity
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.log.drafts import Draft
from fedi.site import Site

ACCOUNTS = 500
FOLLOWS = 1000
TOWARDS_HERE = 0.3
"""How many follows come from elsewhere; the others are those of local people."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Which world, on which server, and how many accounts it has."""

    site: Site
    seed: int
    accounts: int
    public_pem: str

    def person(self, number: int) -> Person:
        """Return the account of a number."""
        return cast.person(self.site, self.seed, number)


def first_account(world: World, block: int) -> UUID:
    """Return the identity of what a block of accounts begins with."""
    return identity.of_account(world.person(block * ACCOUNTS).name)


def accounts(world: World, block: int) -> list[Draft]:
    """Return how the server gets to know a block of people."""
    people = map(world.person, range(block * ACCOUNTS, (block + 1) * ACCOUNTS))
    return [_joined(person, raw(person.document(world.public_pem))) for person in people]


def first_follow(world: World, block: int) -> UUID:
    """Return the identity of what a block of follows begins with."""
    return identity.of_published(addresses.act(world.person(0).uri, "follows", block * FOLLOWS))


def follows(world: World, block: int) -> list[Draft]:
    """Return who follows whom: requests and the answers to them."""
    chance, drafts = chances.of("follows", world.seed, block), list[Draft]()
    for number in range(block * FOLLOWS, (block + 1) * FOLLOWS):
        if number % FOLLOWS == 0:
            asker, target = world.person(0), world.person(1 + block % (world.accounts - 1))
        elif chance.random() < TOWARDS_HERE:
            asker = world.person(chance.randrange(world.accounts))
            target = world.person(local(chances.zipf(chance, world.accounts)))
        else:
            asker = world.person(local(chance.randrange(world.accounts)))
            target = world.person(chances.zipf(chance, world.accounts))
        if asker.number != target.number:
            drafts += following(asker, target, number)
    return drafts


def following(asker: Person, target: Person, number: int) -> list[Draft]:
    """Return a request to follow and the yes to it."""
    follow = rendering.follow(asker.uri, target.uri, number)
    accept = rendering.accept(target.uri, asker.uri, follow["id"], number)
    return [said(asker, follow), said(target, accept)]


def local(number: int) -> int:
    """Return the local account that is the next one below."""
    return number - number % cast.EVERY


def said(
    person: Person,
    activity: Json,
    at: datetime = chances.BEGAN,
    *,
    status_id: int | None = None,
    text: str | None = None,
) -> Draft:
    """Return an activity as the log has it: published here, or received from the author's server."""
    document = raw(activity)
    if person.local:
        published = ActivityPublished(document=document, account_id=person.account_id, status_id=status_id, text=text)
        return Draft(identity=identity.of_published(activity["id"]), event=published)
    digest, at = hashlib.sha256(document).hexdigest(), at.astimezone(UTC)
    received = ActivityReceived(document=document, actor=person.uri, key=person.key_id, signed_at=at, digest=digest)
    return Draft(identity=identity.of_received(activity, person.uri, at, digest), event=received)


def raw(document: Json) -> msgspec.Raw:
    """Return a document as events hold it."""
    return msgspec.Raw(msgspec.json.encode(document))


def _joined(person: Person, document: msgspec.Raw) -> Draft:
    if person.local:
        created = AccountCreated(account_id=person.account_id, username=person.name, document=document)
        return Draft(identity=identity.of_account(person.name), event=created)
    digest = hashlib.sha256(document).hexdigest()
    fetched = DocumentFetched(document=document, url=person.uri)
    return Draft(identity=identity.of_fetched(person.uri, digest, chances.BEGAN.isoformat()), event=fetched)
