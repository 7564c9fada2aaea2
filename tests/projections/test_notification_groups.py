"""Notifications that come within twelve hours of the first of their kind are one group."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import Cursor

from fedi.events.notifications import StaffNotified
from fedi.facts import Entry
from fedi.facts.interactions import StatusFavourited
from fedi.projections.notification_spans import Spans
from tests.support.talking import live_views


@pytest.fixture
def cursor(database_url: str) -> Iterator[Cursor[Any]]:
    """A cursor on views with nothing in them."""
    with live_views(database_url) as connection:
        yield connection.cursor()


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = int(NOON.timestamp()) // 3600


@pytest.mark.parametrize(("hours", "began"), [(0, 0), (11, 0), (12, 12), (23, 12), (40, 40)])
def test_a_group_lasts_twelve_hours_from_its_first(cursor: Cursor[Any], hours: int, began: int) -> None:
    fact = StatusFavourited(account_id=2, status_id=7, status_account_id=1)
    spans = Spans(cursor, [Entry(position=1, ordinal=0, at=NOON, origin="received", fact=fact)])
    keys = [spans.key(1, "favourite", 7, NOON + timedelta(hours=passed)) for passed in sorted({0, 11, 12, hours})]
    assert keys[0] == f"favourite-7-{HOUR}"
    assert keys[sorted({0, 11, 12, hours}).index(hours)] == f"favourite-7-{HOUR + began}"


def test_everybody_has_groups_of_their_own(cursor: Cursor[Any]) -> None:
    told = StaffNotified(kind="admin.sign_up", about_account_id=9, staff_ids=(1, 2))
    spans = Spans(cursor, [Entry(position=1, ordinal=0, at=NOON, origin="private", fact=told)])
    assert spans.key(1, "admin.sign_up", None, NOON) == f"admin.sign_up-{HOUR}"
    later = NOON + timedelta(hours=5)
    assert spans.key(1, "admin.sign_up", None, later) == f"admin.sign_up-{HOUR}"
    assert spans.key(2, "admin.sign_up", None, later) == f"admin.sign_up-{HOUR + 5}"
