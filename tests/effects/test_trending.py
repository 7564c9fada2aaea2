"""What becomes popular, and how it fades."""

from datetime import UTC, datetime, timedelta

from fedi.effects import trending
from fedi.registry.trends import Trend
from fedi.views.trends import Use, Wellliked

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HALF_LIFE = timedelta(hours=4)


def counted(today: int, yesterday: int, before: Trend | None = None, later: float = 0) -> list[Trend]:
    past = {before.key: before} if before else {}
    uses = [Use(key="cats", today=today, yesterday=yesterday)]
    return trending.of_uses(uses, past, HALF_LIFE, NOW + timedelta(hours=later))


def test_more_people_than_yesterday_make_a_trend() -> None:
    (trend,) = counted(10, 2)
    assert (trend.score, trend.max_score, trend.max_score_at) == (32.0, 32.0, NOW)
    assert counted(10, 0)[0].score == 81.0


def test_few_people_or_as_many_as_ever_make_none() -> None:
    assert counted(4, 0) == counted(10, 10) == counted(10, 11) == []


def test_a_trend_decays_from_its_height() -> None:
    before = counted(10, 2)[0]
    (later,) = counted(10, 2, before, later=4)
    assert (later.score, later.max_score, later.max_score_at) == (16.0, 32.0, NOW)
    assert trending.of_uses([], {"cats": before}, HALF_LIFE, NOW + timedelta(hours=8))[0].score == 8.0
    assert counted(10, 2, before, later=24) == []
    (higher,) = counted(20, 2, before, later=4)
    assert (higher.score, higher.max_score_at) == (162.0, NOW + timedelta(hours=4))


def test_a_height_is_forgotten_in_the_end() -> None:
    before = Trend(key="cats", score=1.0, max_score=1e9, max_score_at=NOW)
    (again,) = counted(10, 2, before, later=48)
    assert again.score == 32.0


def liked(number: int, acts: int, author: int = 0, hours: float = 0) -> Wellliked:
    return Wellliked(id=number, account_id=author or number, created_at=NOW - timedelta(hours=hours), acts=acts)


def test_posts_fade_with_their_age() -> None:
    found = trending.of_statuses([liked(1, 7, hours=1), liked(2, 6), liked(3, 40, hours=15), liked(4, 4)], NOW)
    assert [(trend.key, trend.score) for trend in found] == [("2", 25.0), ("1", 18.0)]


def test_nobody_has_more_than_one_popular_post() -> None:
    found = trending.of_statuses([liked(1, 7, author=9), liked(2, 8, author=9), liked(3, 6)], NOW)
    assert [trend.key for trend in found] == ["2", "3"]
