from datetime import UTC, datetime, timedelta

import pytest

from fedi.effects.verdicts import BREAKER_OPENS, judge, may_dislike_form, pause, retry_after

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "delivered"),
        (202, "delivered"),
        (301, "later"),
        (307, "later"),
        (400, "refused"),
        (401, "later"),
        (403, "refused"),
        (404, "refused"),
        (408, "later"),
        (410, "refused"),
        (413, "refused"),
        (429, "later"),
        (500, "later"),
        (501, "refused"),
        (503, "later"),
    ],
)
def test_what_a_status_means(status: int, verdict: str) -> None:
    assert judge(status) == verdict


def test_only_answers_that_may_mean_the_signature_are_worth_another_knock() -> None:
    assert [status for status in range(200, 600) if may_dislike_form(status)] == [400, 401, 403, 404, 410]


def test_pauses_grow_and_the_breaker_probes_every_half_hour_at_most() -> None:
    pauses = [pause(failures, 0.0) for failures in range(1, 60)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=15)
    assert pauses[BREAKER_OPENS - 1] == timedelta(minutes=30)
    assert pauses[-1] == timedelta(hours=6)
    assert pause(5, 1.0) > pause(5, 0.0)
    assert sum(pauses[: BREAKER_OPENS - 1], timedelta()) < timedelta(minutes=20)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("999999999", 86_400),
        ("Fri, 02 Jan 2026 12:01:00 GMT", 60),
        ("Fri, 02 Jan 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: int) -> None:
    assert retry_after(header, NOW) == timedelta(seconds=seconds)
