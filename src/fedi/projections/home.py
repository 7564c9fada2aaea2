"""Home timelines: what home is, is one query over the views.

The functions `home_timeline` and `home_readers` belong to a generation of the views like its tables. `feeds` writes the
newest part of it to Redis for those who are here; while that is not there, people read from Postgres.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor, sql
from psycopg.sql import Composed, Identifier

from fedi.facts import Entry
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection
from fedi.sql import queries

SQL = queries(__file__)


def apply(_cursor: Cursor[Any], _entries: Sequence[Entry]) -> list[Announcement]:
    """Home has no table of its own: it is a query over other views."""
    return []


def _functions() -> Composed:
    """Return the functions that define home, both ways of turning a page and who reads what, from the same rules."""
    turns = (("home_timeline", "DESC"), ("home_timeline_upwards", "ASC"))
    rules = SQL["rules"]
    pages = [
        SQL["timeline_function"].format(name=Identifier(name), order=sql.SQL(order), rules=rules)
        for name, order in turns
    ]
    return sql.SQL("\n").join([*pages, SQL["readers_function"].format(rules=rules)])


PROJECTION = Projection(
    name="home",
    version=3,
    handles=(),
    create=_functions(),
    apply=apply,
    after=("statuses", "relationships", "lists", "followed_tags", "domain_blocks", "accounts"),
)
