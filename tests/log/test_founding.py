"""The founding stands at position 1, once, and other names are refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from fedi.errors import ConfigurationError
from fedi.events.server import ServerFounded
from fedi.log import reader
from fedi.log.founding import ensure_founded
from fedi.log.insert import append_now
from fedi.site import Site
from tests.support import servers
from tests.support.events import draft

SITE = Site(domain="example.org", web_domain="social.example.org", https=True)


@pytest.fixture
def empty(admin_url: str) -> Any:
    with servers.fresh_database(admin_url) as url:
        yield url


def found(url: str, site: Site = SITE) -> ServerFounded:
    with psycopg.connect(url, autocommit=True) as conn:
        return ensure_founded(conn, site)


def test_processes_that_start_together_found_one_server(empty: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        foundings = list(pool.map(found, [empty] * 8))
    assert len({founding.server_id for founding in foundings}) == 1
    with psycopg.connect(empty) as conn:
        assert [recorded.event for recorded in reader.read(conn, 0, 10)] == [foundings[0]]


@pytest.mark.parametrize(
    ("setting", "site"),
    [
        ("LOCAL_DOMAIN=example.org", Site(domain="example.com", web_domain="social.example.org", https=True)),
        ("WEB_DOMAIN=social.example.org", Site(domain="example.org", web_domain="example.org", https=True)),
        ("FEDI_HTTPS=true", Site(domain="example.org", web_domain="social.example.org", https=False)),
    ],
)
def test_another_name_is_refused(database_url: str, setting: str, site: Site) -> None:
    found(database_url)
    with pytest.raises(ConfigurationError, match=f"founded with {setting}, and now"):
        found(database_url, site)


def test_a_log_that_begins_otherwise_is_refused(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as conn:
        append_now(conn, [draft()])
    with pytest.raises(ConfigurationError, match=r"begins with status\.bookmarked"):
        found(empty)
