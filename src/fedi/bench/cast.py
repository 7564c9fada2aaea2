"""Who lives in the generated world: every fifth account is a local one, the others are spread over many hosts.

An account is known from its number alone, so that a world can grow and refer to people who came long ago.
"""

from datetime import datetime, timedelta

import msgspec

from fedi.activitypub.vocabulary import addresses, rendering
from fedi.activitypub.vocabulary.rendering.contexts import Json
from fedi.bench import chances
from fedi.ids import id_at
from fedi.site import Site

EVERY = 5
"""One account in so many is local."""
PER_HOST = 20
"""Accounts for each host, on average; most hosts have fewer and a few have very many."""
DAYS = 3000
"""On how many days people came."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody. `site` is that of their server, `account_id` counts for local people."""

    number: int
    name: str
    site: Site
    local: bool

    @property
    def uri(self) -> str:
        return self.site.actor(self.name)

    @property
    def key_id(self) -> str:
        return addresses.key(self.uri)

    @property
    def followers(self) -> str:
        return addresses.followers(self.uri)

    @property
    def joined(self) -> datetime:
        """When they came. Servers tell only the day: if all came on one, they would be after the same ids."""
        return chances.BEGAN - timedelta(days=1 + self.number % DAYS) + timedelta(seconds=self.number // DAYS)

    @property
    def account_id(self) -> int:
        return id_at(self.joined)

    def document(self, public_pem: str) -> Json:
        """Return the actor document that their server serves."""
        chance = chances.of("profile", self.name)
        profile = rendering.local_profile(
            self.site,
            self.name,
            public_key=public_pem,
            joined=self.joined,
            display_name=self.name.title(),
            note=f"<p>{chances.sentence(chance, chance.randint(3, 25))}</p>",
            discoverable=chance.random() < 0.7,
            indexable=chance.random() < 0.7,
        )
        return rendering.actor_document(self.site, profile)


def person(site: Site, seed: int, number: int) -> Person:
    """Return the account of a number in the world of a seed on the server `site`."""
    name = f"w{seed}_{number}"
    if number % EVERY == 0:
        return Person(number=number, name=name, site=site, local=True)
    host = f"h{chances.rank(chances.share(seed, number), number // PER_HOST + 1)}.invalid"
    return Person(number=number, name=name, site=Site(domain=host, web_domain=host, https=True), local=False)
