"""The client finds the master that Sentinels name, and the next one when that is gone."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from fedi.errors import ConfigurationError
from fedi.redis_clients import Watched, connected, pooled, watched
from fedi.settings.loading import load
from fedi.supervisor.binaries import valkey_server
from tests.support.program import free_port

PATIENCE_SECONDS = 30.0


def test_the_settings_are_mastodons() -> None:
    settings = load(
        {
            "REDIS_SENTINELS": "one.example, two.example:5000",
            "REDIS_SENTINEL_MASTER": "main/one",
            "REDIS_SENTINEL_PASSWORD": "w@tch",
            "REDIS_PASSWORD": "s/cret",
            "REDIS_DB": "3",
        }
    )
    assert settings.redis_url is not None
    assert watched(settings.redis_url) == Watched(
        sentinels=[("one.example", 26379), ("two.example", 5000)],
        master="main/one",
        db=3,
        username=None,
        password="s/cret",
        sentinel_password="w@tch",
    )
    assert watched("redis://localhost:6379/0") is None
    with pytest.raises(ConfigurationError, match="REDIS_SENTINELS"):
        load({"REDIS_SENTINELS": "one.example:port"})


@contextlib.contextmanager
def started(
    folder: Path, name: str, *lines: str, sentinel: bool = False
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    port = free_port()
    config = folder / f"{name}.conf"
    config.write_text("\n".join((f"port {port}", "bind 127.0.0.1", 'save ""', f"dir {folder}", *lines)))
    command = [str(valkey_server(None)), str(config), *(["--sentinel"] if sentinel else [])]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: redis.Redis(port=port).ping())
            yield port, process
        finally:
            process.kill()


def eventually(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with contextlib.suppress(redis.RedisError):
            if look():
                return
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


async def test_a_master_that_dies_is_followed_by_another() -> None:
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        first, process = stack.enter_context(started(folder, "first"))
        second, _ = stack.enter_context(started(folder, "second", f"replicaof 127.0.0.1 {first}"))
        watching = (
            f"sentinel monitor mymaster 127.0.0.1 {first} 1",
            "sentinel down-after-milliseconds mymaster 300",
            "sentinel failover-timeout mymaster 2000",
        )
        sentinel, _ = stack.enter_context(started(folder, "sentinel", *watching, sentinel=True))
        url = load({"REDIS_SENTINELS": f"127.0.0.1:{sentinel}"}).redis_url
        assert url is not None
        client, async_client = connected(url, socket_timeout=5, decode_responses=True), pooled(url, 10, 5)
        stack.callback(client.close)
        stack.push_async_callback(async_client.aclose)
        client.set("kept", "1")
        assert await async_client.get("kept") == b"1"
        eventually(lambda: redis.Redis(port=second).get("kept") == b"1")
        eventually(lambda: redis.Redis(port=sentinel).info("sentinel")["master0"]["slaves"] == 1)
        process.kill()
        eventually(lambda: client.set("written", "2"))
        assert redis.Redis(port=second, decode_responses=True).get("written") == "2"
        with contextlib.suppress(
            redis.ConnectionError
        ):  # a connection of before the failover says once that it is lost
            await async_client.get("written")
        assert await async_client.get("written") == b"2"
