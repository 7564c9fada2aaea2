"""A block of statuses: posts, answers, boosts and the favourites that they get."""

import random
from collections.abc import Iterator
from uuid import UUID

import msgspec

from fedi.activitypub.vocabulary import addresses, rendering
from fedi.activitypub.vocabulary.visibility import audience
from fedi.bench import chances
from fedi.bench.blocks import World, local, said
from fedi.bench.cast import Person
from fedi.descriptions import Attachment, Mention, Visibility
from fedi.events import identity
from fedi.ids import id_at
from fedi.log.drafts import Draft

STATUSES = 1000
BOOSTS = 0.12
ANSWERS = 0.35
TAGGED = 0.25
NAMING = 0.1
ILLUSTRATED = 0.2
FAVOURITES = 2.2
"""The exponent of how many favourites a post gets: most get none, few get many."""
MOST = 200
AUDIENCES: dict[Visibility, float] = {"public": 0.8, "unlisted": 0.12, "private": 0.06, "direct": 0.02}


class _Post(msgspec.Struct, frozen=True):
    uri: str
    author: Person
    conversation: str


def first_status(world: World, block: int) -> UUID:
    """Return the identity of what a block of statuses begins with."""
    return identity.of_published(addresses.creation(_uri(world.person(0), block * STATUSES)))


def statuses(world: World, block: int) -> list[Draft]:
    """Return what is said in a block."""
    talk = _Talk(world, chances.of("statuses", world.seed, block))
    numbers = range(block * STATUSES, (block + 1) * STATUSES)
    return [draft for number in numbers for draft in talk.say(number)]


class _Talk:
    """Says one thing after another; people come back to what was said shortly before."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self._world = world
        self._chance = chance
        self._open: list[_Post] = []

    def say(self, number: int) -> Iterator[Draft]:
        """Yield a status, and the favourites that come with it."""
        first = number % STATUSES == 0
        author = self._world.person(0 if first else chances.zipf(self._chance, self._world.accounts))
        if self._open and self._chance.random() < BOOSTS:
            yield self._boost(author, number)
        else:
            yield self._post(author, number)
        for each in range(min(MOST, int(self._chance.paretovariate(FAVOURITES)) - 1)):
            if self._open:
                yield self._favourite(number * MOST + each)

    def _post(self, author: Person, number: int) -> Draft:
        chance, at, status_id = self._chance, chances.moment(number), id_at(chances.moment(number))
        parent = self._recent() if self._open and chance.random() < ANSWERS else None
        named = [parent.author] if parent else []
        seen_by: Visibility = chance.choices(list(AUDIENCES), list(AUDIENCES.values()))[0]
        if seen_by == "direct" or chance.random() < NAMING:
            named.append(self._world.person(local(chances.zipf(chance, self._world.accounts))))
        mentions = tuple(Mention(uri=each.uri, name=f"@{each.name}@{each.site.domain}") for each in named)
        to, cc = audience(seen_by, author.followers, [each.uri for each in named])
        text = chances.sentence(chance, chance.randint(4, 40))
        post = rendering.local_post(
            author.site,
            author.name,
            status_id,
            content=f"<p>{text}</p>",
            published=at,
            to=to,
            cc=cc,
            language=chances.LANGUAGES[chances.zipf(chance, len(chances.LANGUAGES))],
            in_reply_to=parent.uri if parent else "",
            conversation=parent.conversation if parent else "",
            mentions=mentions,
            hashtags=self._tags(),
            attachments=self._pictures(author, status_id),
        )
        if seen_by in {"public", "unlisted"}:
            self._open.append(_Post(post.uri, author, post.conversation))
        create = rendering.create(rendering.note(author.site, post))
        return said(author, create, at, status_id=status_id, text=text)

    def _boost(self, author: Person, number: int) -> Draft:
        post, at, uri = self._recent(), chances.moment(number), _uri(author, number)
        announce = rendering.announce(uri, author.uri, post.uri, post.author.uri, "public", at)
        return said(author, announce, at, status_id=id_at(at))

    def _favourite(self, number: int) -> Draft:
        """A favourite that this server hears of: by somebody here, or of something said here."""
        post, who = self._recent(), self._chance.randrange(self._world.accounts)
        by = self._world.person(who if post.author.local else local(who))
        return said(by, rendering.like(by.uri, post.uri, post.author.uri, number))

    def _recent(self) -> _Post:
        return self._open[-1 - chances.zipf(self._chance, len(self._open))]

    def _tags(self) -> tuple[str, ...]:
        if self._chance.random() >= TAGGED:
            return ()
        ranks = {chances.zipf(self._chance, chances.TAGS) for _ in range(self._chance.randint(1, 3))}
        return tuple(f"topic{rank}" for rank in sorted(ranks))

    def _pictures(self, author: Person, status_id: int) -> tuple[Attachment, ...]:
        if author.local or self._chance.random() >= ILLUSTRATED:  # files of people here would have to be uploaded
            return ()
        number = self._chance.choice((1, 1, 1, 2, 4))
        return tuple(
            self._picture(f"https://{author.site.domain}/files/{status_id}-{each}.jpg") for each in range(number)
        )

    def _picture(self, url: str) -> Attachment:
        return Attachment(
            kind="image",
            url=url,
            media_type="image/jpeg",
            description=chances.sentence(self._chance, 8),
            blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
            width=1600,
            height=1200,
        )


def _uri(author: Person, number: int) -> str:
    return author.site.status(author.name, id_at(chances.moment(number)))
