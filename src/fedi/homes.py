"""The names under which home timelines stand in Redis: the projector writes there what the API reads.

A timeline is a sorted set of what is missing from status ids to the highest number of as many digits, all of score 0
and of one length: so Redis keeps them in the order of time without rounding them to floating point, and the newest
first, which it meets first where it looks for the place of another. They have no nought in front, or Redis would keep
them as texts instead of numbers, in twice the room. What is kept about timelines is kept for each slice of their
readers, because several processes share the writing.
"""

from fedi.shares import SLICES

LENGTH = 800
"""Statuses kept of a timeline; what is older is read from Postgres."""
FOLDED = "home:folded"
"""A Redis stream of what each folded batch means for timelines; the ids of its entries are positions."""
DIGITS = 18
"""How long every member of a timeline is. Those of ids from the year 2405 on get a nought in front, and are kept as
texts; ids are that long until 2453."""
_HIGHEST = int("9" * DIGITS)
FORM = 3
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
    """Return what stands in a timeline for a status id.

    An id that no status has, as somebody may ask for pages below or above it, stands at the nearest end.
    """
    return f"{_HIGHEST - min(max(status_id, 0), _HIGHEST):0{DIGITS}d}"


def status(found: str | bytes) -> int:
    """Return the status id for which something stands in a timeline; raises ValueError if that is no number."""
    return _HIGHEST - int(found)


def outdated(each: int) -> list[str]:
    """Return the keys under which earlier forms said what is whole in a slice, and how far it is written."""
    return [f"home:{what}:{form}{each}" for form in ("", "2:") for what in ("filled", "cursor")]
