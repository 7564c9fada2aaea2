"""The names under which home timelines stand in Redis: the projector writes there what the API reads.

A timeline is a sorted set of status ids, all of score 0 and of one length: so Redis keeps them in the order of time
without rounding them to floating point.
"""

LENGTH = 800
"""Statuses kept of a timeline; what is older is read from Postgres."""
READERS = "home:readers"
"""A sorted set: who reads, by the second they were last here."""
FILLED = "home:filled"
"""The set of those whose timeline in Redis is whole."""
WANTED = "home:wanted"
"""The set of those who read and found no timeline: they get one soon."""
CURSOR = "home:cursor"
"""The position up to which all timelines are written."""
STAY = 14 * 86400
"""Seconds for which somebody who was here keeps a timeline."""


def timeline(account_id: int) -> str:
    """Return the key of somebody's timeline."""
    return f"home:{account_id}"


def member(status_id: int) -> str:
    """Return a status id as it stands in a timeline."""
    return f"{status_id:019d}"
