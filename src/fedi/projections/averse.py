"""Whose mutes and blocks a batch changes, so that whoever remembers them reads them anew."""

from collections.abc import Iterable, Mapping

from fedi.events import Event
from fedi.events.accounts import AccountMuted, AccountUnmuted, MuteExpired
from fedi.events.domains import DomainBlocked, DomainUnblocked
from fedi.facts import Entry, Fact
from fedi.facts.accounts import AccountDeleted
from fedi.facts.relationships import AccountBlocked, AccountUnblocked
from fedi.projections.announcements import Announcement

_OWN = ("account_id",)
_BOTH = ("account_id", "target_id")
CHANGES: Mapping[type[Fact | Event], tuple[str, ...]] = {
    AccountMuted: _OWN,
    AccountUnmuted: _OWN,
    MuteExpired: _OWN,
    AccountBlocked: _BOTH,
    AccountUnblocked: _BOTH,
    DomainBlocked: _OWN,
    DomainUnblocked: _OWN,
}
"""The fields that name whose aversions a fact changes: who is blocked is to be spared too."""


def aversions_changed(entries: Iterable[Entry]) -> list[Announcement]:
    """Return what is to be told. Of a local account that is deleted, everybody's are others: it is forgotten by all."""
    people: dict[int, None] = {}
    for entry in entries:
        if isinstance(entry.fact, AccountDeleted) and entry.fact.local:
            return [Announcement(event="aversions_changed", id=0)]
        people |= dict.fromkeys(getattr(entry.fact, field) for field in CHANGES.get(type(entry.fact), ()))
    return [Announcement(event="aversions_changed", id=0, account=account) for account in people]
