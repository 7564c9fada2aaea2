"""Search on a PostgreSQL that has no pg_trgm and another text search configuration: slower, and still right."""

import logging
from collections.abc import Iterator
from logging.handlers import BufferingHandler

import psycopg
import pytest
from psycopg import sql

from fedi.api.deps import Deps
from fedi.app import create_tables
from tests.api.test_search import found, say
from tests.support import servers
from tests.support.phone import phone

pytestmark = pytest.mark.usefixtures("projector")
SETTINGS = {"extension_control_path": "/nowhere", "default_text_search_config": "pg_catalog.german"}


@pytest.fixture(scope="module")
def database_url(admin_url: str) -> Iterator[str]:
    with servers.fresh_database(admin_url, template="template0") as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for name, value in SETTINGS.items():
                database = sql.Identifier(connection.info.dbname)
                statement = sql.SQL("ALTER DATABASE {} SET {} = {}")
                connection.execute(statement.format(database, sql.Identifier(name), sql.Literal(value)))
        yield url


@pytest.fixture(scope="module")
def projector(tables: list[str], projector: None) -> None:
    """The projector, once there are tables."""


@pytest.fixture(scope="module", autouse=True)
def tables(database_url: str) -> list[str]:
    """Make the tables, and return what was logged meanwhile."""
    listening = BufferingHandler(100)
    logger = logging.getLogger("fedi.log.schema")
    logger.addHandler(listening)
    create_tables(database_url)
    create_tables(database_url)
    logger.removeHandler(listening)
    return [record.getMessage() for record in listening.buffer]


def test_the_log_says_what_to_do(tables: list[str]) -> None:
    (line,) = tables
    assert "pg_trgm cannot be created" in line
    assert "fedi projections rebuild" in line


async def test_statuses_and_people_are_found(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    running = await say(ada, "She was running through the zinnias", language="en")
    cats = await say(ada, "東京の猫が好きです zinnias", language="ja")
    assert await found(ada, "run zinnias") == [running]
    assert await found(ada, "zinnias") == [cats, running]
    assert await found(ada, "猫が") == [cats]
    assert await found(ada, "zinnias -猫") == [running]
    answer = await ada.call("GET", "/api/v2/search", params={"q": ada.owner.username[1:], "type": "accounts"})
    assert [each["id"] for each in answer["accounts"]] == [str(ada.owner.id)]
    async with deps.pool.connection() as connection:
        rows = await (await connection.execute("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")).fetchall()
    assert rows == []
