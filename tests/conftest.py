"""The servers every test may use, and fresh databases on them.

`database_url`: a database of the test module's own, with all tables, empty. `redis_url`: the worker's own Valkey,
emptied for the module. `pg`: a connection to that database. `durable_database_url`: as `database_url`, on a server that
syncs to disk as in production; slow to get, so only for tests that are about durability or speed.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from hypothesis import HealthCheck, settings
from psycopg import AsyncConnection

from fedi.app import create_tables
from fedi.supervisor import postgres
from fedi.supervisor.home import locate
from tests.support import servers
from tests.support.fake_remote import FakeRemote, fake_remote

_RUN = contextlib.ExitStack()
TESTS = Path(__file__).parent
LONGEST = (
    "contract/test_openapi.py",
    "fuzz/test_whole.py",
    "projections/test_every_projection.py",
    "chaos/test_killed_web.py",
    "chaos/test_killed_inbox.py",
    "chaos/test_power_cut.py",
    "chaos/test_soak.py",
    "replay/test_restored_backup.py",
    "replay/test_a_running_server.py",
    "effects/test_role.py",
    "cli/test_verbs.py",
    "projections/test_overlap.py",
    "cli/test_domains.py",
    "ops/test_bench.py",
    "contract/test_rows.py",
    "federation/test_delivering.py",
    "supervisor/test_serve.py",
    "ops/test_demo.py",
    "ops/test_production.py",
)
"""Files of tests that take ten seconds and more, as a worker gets a file whole."""

# A busy machine is slow in places of its own choosing: what hypothesis tries is judged by its outcome, not by its time.
settings.register_profile("fedi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fedi")


def pytest_configure(config: pytest.Config) -> None:
    """Start the shared PostgreSQL in the process that outlives all workers; without workers, only when it is needed."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        _RUN.enter_context(servers.shared_postgres())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: what begins last and long is waited for by workers with nothing to do."""
    last = len(LONGEST)
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.relative_to(TESTS).as_posix(), last))


def pytest_unconfigure(config: pytest.Config) -> None:
    _RUN.close()


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """The URL of a database from which others are created, on the run's PostgreSQL."""
    with servers.shared_postgres() as directory:
        url = postgres.url(locate(directory), "postgres")
        servers.ensure_template(directory, url)
        yield url


@pytest.fixture(scope="module")
def database_url(admin_url: str) -> Iterator[str]:
    with servers.fresh_database(admin_url) as url:
        yield url


@pytest.fixture(scope="module")
def durable_database_url() -> Iterator[str]:
    with servers.embedded(want_postgres=True, want_valkey=False, durable=True) as parts:
        assert parts.postgres is not None
        create_tables(parts.postgres.url)
        yield parts.postgres.url


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with servers.embedded(want_postgres=False, want_valkey=True, durable=False) as parts:
        assert parts.valkey is not None
        yield parts.valkey.url


@pytest.fixture(scope="module")
def redis_url(valkey_url: str) -> str:
    with redis.Redis.from_url(valkey_url) as client:
        client.flushall()
    return valkey_url


@pytest.fixture
async def pg(database_url: str) -> AsyncIterator[AsyncConnection[psycopg.rows.TupleRow]]:
    connection = await AsyncConnection.connect(database_url, autocommit=True)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
def there() -> Iterator[FakeRemote]:
    """A server elsewhere."""
    with fake_remote() as remote:
        yield remote


@pytest.fixture
def elsewhere() -> Iterator[FakeRemote]:
    """A server of another origin than `there`."""
    with fake_remote("localhost") as remote:
        yield remote
