"""What makes something popular: Mastodon's formulas, without Mastodon's tables. Pure.

A hashtag or page is as popular as it has more people today than yesterday; it is remembered at its height, from which
it decays. A post is as popular as people liked and boosted it, and fades by its age.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from fedi.registry.trends import Trend
from fedi.views.trends import Use, Wellliked

ENOUGH = 5
"""People or acts below which nothing is popular."""
FORGOTTEN = timedelta(days=2)
"""How long a height counts."""
TAG_HALF_LIFE = timedelta(hours=4)
LINK_HALF_LIFE = timedelta(hours=8)
STATUS_HALF_LIFE = timedelta(hours=1)
LEAST = 1.0
LEAST_OF_STATUSES = 0.3
MOST = 500
"""How much of each kind is kept."""


def of_uses(uses: Iterable[Use], before: Mapping[str, Trend], half_life: timedelta, now: datetime) -> list[Trend]:
    """Return what is popular by how many use it, the most popular first; `before` is the last count."""
    counted = {use.key: use for use in uses}
    trends = []
    for key in dict.fromkeys((*counted, *before)):
        trend = _counted(key, counted.get(key), before.get(key), half_life, now)
        if trend.score >= LEAST:
            trends.append(trend)
    return _first(trends)


def of_statuses(found: Iterable[Wellliked], now: datetime) -> list[Trend]:
    """Return which posts are popular, the most popular first; of each author only one."""
    best: dict[int, Trend] = {}
    for each in found:
        score = _decayed(_excess(each.acts, 1), each.created_at, STATUS_HALF_LIFE, now)
        if score >= LEAST_OF_STATUSES and score > (best[each.account_id].score if each.account_id in best else 0):
            best[each.account_id] = Trend(key=str(each.id), score=score)
    return _first(best.values())


def _counted(key: str, use: Use | None, before: Trend | None, half_life: timedelta, now: datetime) -> Trend:
    height, since = 0.0, None
    if before is not None and before.max_score_at is not None and now - before.max_score_at < FORGOTTEN:
        height, since = before.max_score, before.max_score_at
    excess = _excess(use.today, max(use.yesterday, 1)) if use is not None else 0.0
    if excess > height:
        height, since = excess, now
    score = _decayed(height, since, half_life, now) if since is not None else 0.0
    return Trend(key=key, score=score, max_score=height, max_score_at=since)


def _excess(observed: int, expected: int) -> float:
    """Return by how much more there is than was to be expected (a chi-squared statistic)."""
    if observed < ENOUGH or expected > observed:
        return 0.0
    return (observed - expected) ** 2 / expected


def _decayed(score: float, since: datetime, half_life: timedelta, now: datetime) -> float:
    halves = max(now - since, timedelta()) / half_life
    return score * math.exp2(-halves)


def _first(trends: Iterable[Trend]) -> list[Trend]:
    return sorted(trends, key=lambda trend: (-trend.score, trend.key))[:MOST]
