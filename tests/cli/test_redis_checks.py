"""What the doctor says of a Redis."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis, ResponseError

from fedi.cli.checks import of_redis
from fedi.settings.loading import load
from fedi.supervisor.valkey import TIMELINE_ENTRIES

OPTION = "zset-max-listpack-entries"


@pytest.fixture
def store(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client
        client.config_set(OPTION, TIMELINE_ENTRIES)


def found(redis_url: str) -> dict[str, str]:
    return {check.finding: check.verdict for check in of_redis(load({"REDIS_URL": redis_url}))}


def test_ours_is_good(redis_url: str) -> None:
    assert set(found(redis_url).values()) == {"good"}


def test_one_that_keeps_timelines_at_six_times_the_memory_is_named(redis_url: str, store: Redis) -> None:
    store.config_set(OPTION, 128)
    said = "home timelines take six times the memory: set zset-max-listpack-entries to 1000"
    assert found(redis_url)[said] == "doubtful"


def test_one_that_does_not_tell_its_options_is_not_judged(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise ResponseError("unknown command 'CONFIG'")

    monkeypatch.setattr(Redis, "config_get", refused)
    assert set(found(redis_url).values()) == {"good"}


@pytest.mark.parametrize("status", ["aof_last_write_status", "rdb_last_bgsave_status"])
def test_one_whose_disk_is_full_is_bad(redis_url: str, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    whole = Redis.info

    def failing(self: Redis) -> Any:
        facts: Any = whole(self)
        return {**facts, status: "err"}

    monkeypatch.setattr(Redis, "info", failing)
    assert found(redis_url)["cannot write to its disk: it may be full, see its log"] == "bad"
