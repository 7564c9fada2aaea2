"""Appends what was learnt."""

from collections.abc import Sequence

import msgspec

from fedi.log.appender import Appender
from fedi.log.drafts import Conflict, Draft


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was learnt: the id of the actor or object, and the position at which the views will know it."""

    uri: str
    position: int


async def append(appender: Appender, fetched: Sequence[Draft], said: Sequence[Draft] = ()) -> int:
    """Append fetched documents, and in the same unit what rests on them; return the position of the last that counts.

    A document that the log holds already, in this very version, is left out. Raises `Conflict` if that is so of
    something in `said`, and `Unavailable`.
    """
    drafts, highest = [*fetched], 0
    while drafts or said:
        try:
            appended = await appender.append([*drafts, *said])
        except Conflict as conflict:
            remaining = [draft for draft in drafts if draft.identity != conflict.identity]
            if len(remaining) == len(drafts):
                raise
            drafts, highest = remaining, max(highest, conflict.position)
        else:
            return max(highest, *appended.positions)
    return highest
