"""Whom people want to be spared, ready to be asked about many posts and many people without the database.

For streams that anybody may open: what `can_see`, `unlimited`, `welcome` and `unnamed` say in SQL of one reader is said
here again for posts that are open to everybody; a test holds both side by side. For other posts the database is asked
(`listeners.allowed`).
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from fedi.may_see import SUFFICES
from fedi.registry.rows import Connection, several
from fedi.sql import queries

_SQL = queries(__file__)
_OPEN = [visibility for visibility, ties in SUFFICES.items() if "anyone" in ties]


class Aversions(msgspec.Struct, frozen=True, kw_only=True):
    """Whom one person mutes or blocks, who blocks them, whom they mute until when, and which servers they block."""

    people: frozenset[int] = frozenset()
    until: Mapping[int, datetime] = {}
    domains: frozenset[str] = frozenset()

    def hold_against(self, account_id: int, domain: str | None, now: datetime) -> bool:
        """Tell whether they want to be spared somebody."""
        if account_id in self.people or domain in self.domains:
            return True
        return bool(self.until) and (until := self.until.get(account_id)) is not None and until > now


NONE = Aversions()


class OpenPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is open to everybody: by whom it is, whether the operator hides them, and whom it names."""

    id: int
    account_id: int
    domain: str | None
    hidden: bool
    named: tuple[int, ...] | None
    named_domains: tuple[str, ...] | None

    def welcome(self, reader: int, aversions: Aversions, now: datetime) -> bool:
        """Tell whether somebody may and wants to read it. Naming others, they may read what they say themselves."""
        if self.hidden or aversions.hold_against(self.account_id, self.domain, now):
            return False
        if self.named is None or reader == self.account_id:
            return True
        if self.named_domains is not None and not aversions.domains.isdisjoint(self.named_domains):
            return False
        return not any(aversions.hold_against(each, None, now) for each in self.named)


class _Row(msgspec.Struct, frozen=True):
    account_id: int
    target_id: int | None
    domain: str | None
    expires_at: datetime | None


async def of_people(connection: Connection, ids: Collection[int]) -> dict[int, Aversions]:
    """Return the aversions of some people, whoever has none among them."""
    people: dict[int, set[int]] = {}
    until: dict[int, dict[int, datetime]] = {}
    domains: dict[int, set[str]] = {}
    for row in await several(connection, _SQL["aversions"], {"accounts": list(ids)}, _Row):
        if row.domain is not None:
            domains.setdefault(row.account_id, set()).add(row.domain)
        elif row.target_id is not None and row.expires_at is not None:
            until.setdefault(row.account_id, {})[row.target_id] = row.expires_at
        elif row.target_id is not None:
            people.setdefault(row.account_id, set()).add(row.target_id)
    averse = people.keys() | until.keys() | domains.keys()
    return {
        each: Aversions(
            people=frozenset(people.get(each, ())), until=until.get(each, {}), domains=frozenset(domains.get(each, ()))
        )
        if each in averse
        else NONE
        for each in ids
    }


async def open_posts(connection: Connection, ids: Collection[int]) -> dict[int, OpenPost]:
    """Return those of some statuses that are open to everybody, by id; no boosts."""
    if not ids:
        return {}
    found = await several(connection, _SQL["open_posts"], {"ids": list(ids), "open": _OPEN}, OpenPost)
    return {each.id: each for each in found}
