"""Shares of a work: equal parts, every slice somebody's, and none two people's."""

import psycopg
import pytest

from fedi.shares import ALL, DELIVERIES, FEEDS, SLICES, Shares, connect


def settle(*having: Shares) -> list[frozenset[int]]:
    """Let all look until nothing moves."""
    seen = [each.look() for each in having]
    while (now := [each.look() for each in having]) != seen:
        seen = now
    return now


def test_one_has_all_and_gives_half_to_a_second(database_url: str) -> None:
    one = Shares(connect(database_url, "one"), DELIVERIES)
    assert settle(one) == [ALL]
    other = Shares(connect(database_url, "other"), DELIVERIES)
    parts = settle(one, other)
    assert [len(part) for part in parts] == [SLICES // 2] * 2
    assert frozenset.union(*parts) == ALL
    one.close()
    other.close()


def test_a_slice_that_is_busy_is_held_until_it_is_not(database_url: str) -> None:
    one, other = Shares(connect(database_url, "one"), DELIVERIES), Shares(connect(database_url, "other"), DELIVERIES)
    assert one.look() | other.look() == ALL
    third = Shares(connect(database_url, "third"), DELIVERIES)
    kept = one.look(busy=ALL)
    given = ALL - kept - other.look(busy=ALL)
    assert given
    assert [one.look(busy=ALL), third.look()] == [kept, frozenset()]
    parts = settle(one, other, third)
    assert sum(len(part) for part in parts) == SLICES
    assert frozenset.union(*parts) == ALL
    for each in (one, other, third):
        each.close()


def test_who_dies_is_followed_and_another_work_is_none_of_ours(database_url: str) -> None:
    one, other, elsewhere = (
        Shares(connect(database_url, "one"), DELIVERIES),
        Shares(connect(database_url, "other"), DELIVERIES),
        Shares(connect(database_url, "elsewhere"), FEEDS),
    )
    settle(one, other)
    assert settle(elsewhere) == [ALL]
    with psycopg.connect(database_url, autocommit=True) as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'fedi one %'"
        )
    with pytest.raises(psycopg.OperationalError):
        one.look()
    assert settle(other) == [ALL]
    for each in (one, other, elsewhere):
        each.close()
