"""The names under which home timelines stand in Redis: the projector writes there what the API reads.

A timeline is a sorted set of status ids, all of score 0 and of one length: so Redis keeps them in the order of time
without rounding them to floating point. They have no nought in front, or Redis would keep them as texts instead of
numbers, in twice the room. What is kept about timelines is kept for each slice of their readers, because
several processes share the writing.
"""

from fedi.shares import SLICES

LENGTH = 800
"""Statuses kept of a timeline; what is older is read from Postgres."""
FOLDED = "home:folded"
"""A Redis stream of what each folded batch means for timelines; the ids of its entries are positions."""
DIGITS = 18
"""How long every member of a timeline is. Ids are that long from May 2018 until the year 2453; older ones get a nought
in front, and are kept as texts."""
FORM = 2
"""In which form timelines are written. What stands in another is not read: it is filled again under this number."""
STAY = 14 * 86400
"""Seconds for which somebody who was here keeps a timeline."""


def slice_of(account_id: int) -> int:
    """Return the slice to which a reader belongs, or a list.

    By the milliseconds in its id as well as by the bits below: those that one process makes begin at nought.
    """
    return (account_id >> 16 ^ account_id) % SLICES


def readers(each: int) -> str:
    """Return the key of a sorted set: who of a slice reads, by the second they were last here."""
    return f"home:readers:{each}"


def filled(each: int) -> str:
    """Return the key of the set of those in a slice whose timeline in Redis is whole."""
    return f"home:filled:{FORM}:{each}"


def wanted(each: int) -> str:
    """Return the key of the set of those in a slice who read and found no timeline: they get one soon."""
    return f"home:wanted:{each}"


def cursor(each: int) -> str:
    """Return the key of the position up to which all timelines of a slice are written."""
    return f"home:cursor:{FORM}:{each}"


def timeline(account_id: int) -> str:
    """Return the key of somebody's timeline."""
    return f"home:{account_id}"


def member(status_id: int) -> str:
    """Return a status id as it stands in a timeline.

    An id that no status has, as somebody may ask for pages below or above it, stands at the nearest end.
    """
    return f"{min(max(status_id, 0), 10**DIGITS - 1):0{DIGITS}d}"


def outdated(each: int) -> list[str]:
    """Return the keys under which earlier forms said what is whole in a slice, and how far it is written."""
    return [f"home:filled:{each}", f"home:cursor:{each}"]
