"""What a process remembers of those who listen: what they filter, and whom they want to be spared.

The projector says whose changed, on the channel on which it announces things and before what comes later: so what is
remembered is right for whatever is told next, and a change counts from the next message on.
"""

from collections.abc import Mapping

from fedi.projections.announcements import Announcement
from fedi.registry.rows import Connection
from fedi.views import aversions, filters
from fedi.views.aversions import Aversions
from fedi.views.filtering import Sieve

MOST = 20_000
"""People of whom it is remembered, whoever of them still listens; as many for each of both."""


class Minds:
    """What is remembered of people, by account."""

    def __init__(self) -> None:
        self._sieves: dict[int, Sieve] = {}
        self._aversions: dict[int, Aversions] = {}

    @property
    def sieves(self) -> Mapping[int, Sieve]:
        return self._sieves

    @property
    def aversions(self) -> Mapping[int, Aversions]:
        return self._aversions

    def forget_all(self) -> None:
        """Read everything anew: something may have changed without our hearing of it."""
        self._sieves.clear()
        self._aversions.clear()

    def hear(self, said: Announcement) -> None:
        """Forget what an announcement says has changed."""
        match said.event:
            case "filters_changed" if said.account is not None:
                self._sieves.pop(said.account, None)
            case "aversions_changed" if said.account is not None:
                self._aversions.pop(said.account, None)
            case "aversions_changed":
                self._aversions.clear()
            case "missed":
                self.forget_all()

    def know(self, listeners: frozenset[int], averse: frozenset[int]) -> bool:
        """Tell whether there is nothing new to learn of these."""
        return self._sieves.keys() >= listeners and self._aversions.keys() >= averse

    async def learn(self, connection: Connection, listeners: frozenset[int], averse: frozenset[int]) -> None:
        """Read the filters of listeners and the aversions of some of them, as far as they are new here."""
        if missing := _missing(self._sieves, listeners):
            self._sieves.update(await filters.sieves(connection, missing))
        if missing := _missing(self._aversions, averse):
            self._aversions.update(await aversions.of_people(connection, missing))


def _missing(known: dict[int, Sieve] | dict[int, Aversions], wanted: frozenset[int]) -> frozenset[int]:
    missing = wanted - known.keys()
    if missing and len(known) > MOST:
        known.clear()
        return wanted
    return missing
