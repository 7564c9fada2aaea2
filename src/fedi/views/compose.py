"""Statements put together from sections: once, not at every request."""

import re

from psycopg.sql import SQL, Composed

READER = SQL("%(viewer)s::bigint")
"""The account that reads, as a bound value."""
_COMMENT = re.compile(r"--.*$", re.MULTILINE)


def flat(composed: Composed) -> SQL:
    """Return a statement as one short text, without comments.

    Putting the parts together costs more than many a query takes, and psycopg remembers only texts below 4,096
    characters. Keep what this returns.
    """
    text = re.sub(r"\s+", " ", _COMMENT.sub("", composed.as_string(None)))
    return SQL(text.strip())
