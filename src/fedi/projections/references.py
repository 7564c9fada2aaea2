"""The references view: what each URI stands for. It is written by the interpretation itself, before any other view."""

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor
from psycopg.sql import Composed

from fedi.facts import Entry
from fedi.meaning import references
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection


def apply(_cursor: Cursor[Any], _entries: Sequence[Entry]) -> list[Announcement]:
    """References are stored before facts exist, so no fact is left to fold."""
    return []


PROJECTION = Projection(
    name="references",
    version=8,
    handles=(),
    create=Composed([references.SQL["create"], references.SQL["put_in_order"]]),
    indexes=references.SQL["indexes"],
    apply=apply,
)
