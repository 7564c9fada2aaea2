"""What the projector tells the streams of its batches: all of them, or that it does not know what it left out."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import msgspec
import pytest
import redis
from redis import Redis
from redis.client import Pipeline

from fedi.projections import runner
from fedi.projections.announcements import CHANNEL, Announcement
from fedi.projections.fold import Folded
from fedi.projections.runner import Live


@pytest.fixture
def store(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as opened:
        opened.flushall()
        yield opened


@pytest.fixture
def ears(store: Any) -> Iterator[Any]:
    with store.pubsub(ignore_subscribe_messages=True) as opened:
        opened.subscribe(CHANNEL)
        assert opened.get_message(timeout=5) is None  # the answer that it is subscribed
        yield opened


def batch(before: int, position: int) -> Folded:
    return Folded(before, position, [], [Announcement(event="delete", id=position)])


def heard(ears: Any) -> list[str]:
    found = ears.get_message(timeout=5)
    return [said.event for said in msgspec.json.decode(found["data"], type=list[Announcement])]


def test_the_first_batch_may_follow_others_that_were_never_told(store: Redis, ears: Any) -> None:
    live = Live(store)
    live.told(batch(4, 6))
    assert heard(ears) == ["missed", "delete"]
    live.told(batch(6, 7))
    assert heard(ears) == ["delete"]


def test_what_somebody_else_folded_was_never_told(store: Redis, ears: Any) -> None:
    live = Live(store)
    live.told(batch(4, 6))
    heard(ears)
    live.told(batch(7, 8))
    assert heard(ears) == ["missed", "delete"]


def test_what_redis_may_not_have_got_counts_as_missed(store: Redis, ears: Any) -> None:
    live = Live(store)
    live.told(batch(4, 6))
    heard(ears)
    with mock.patch.object(Pipeline, "execute", side_effect=redis.ConnectionError):
        live.told(batch(6, 7))
    live.told(Folded(7, 8, [], []))
    assert heard(ears) == ["missed"]
    live.told(batch(8, 9))
    assert heard(ears) == ["delete"]


def test_a_redis_that_did_not_answer_is_not_waited_for_with_each_batch(
    store: Redis, ears: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SILENCE_SECONDS", 60.0)
    live = Live(store)
    live.told(batch(4, 6))
    heard(ears)
    with mock.patch.object(Pipeline, "execute", side_effect=redis.TimeoutError) as asked:
        live.told(batch(6, 7))
        live.told(batch(7, 8))
        assert asked.call_count == 1
    live.told(batch(8, 9))
    live.idle(9)
    assert ears.get_message(timeout=0.1) is None
    monkeypatch.setattr(live, "_silent_until", 0.0)
    live.told(batch(9, 10))
    assert heard(ears) == ["missed", "delete"]
