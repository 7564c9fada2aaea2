"""How much of each role runs here, and what stands between it and its servers. Part of `settings.Settings`."""

from typing import Annotated

from fedi.settings.media import MediaSettings
from fedi.settings.setting import Setting

MOST_PROCESSES = 32


class ScaleSettings(MediaSettings, frozen=True, kw_only=True):
    """By default one machine does everything; docs/scaling.md says what to add first."""

    web_concurrency: Annotated[int, Setting("WEB_CONCURRENCY", "How many processes the web role runs (1 to 32).")] = 2
    projector_processes: Annotated[
        int,
        Setting(
            "FEDI_PROJECTOR_PROCESSES",
            "How many processes the projector role runs here (1 to 32): of all that run anywhere one folds, and all of "
            "them write home timelines.",
        ),
    ] = 1
    effects_processes: Annotated[
        int,
        Setting(
            "FEDI_EFFECTS_PROCESSES",
            "How many processes the effects role runs here (1 to 32): of all that run anywhere one queues, and all of "
            "them deliver and do jobs.",
        ),
    ] = 1
    pooled_database_url: Annotated[
        str | None,
        Setting(
            "FEDI_POOLED_DATABASE_URL",
            "The same database through pgbouncer in transaction mode, for what the API and the pages read and write; "
            "DATABASE_URL has to lead there directly.",
        ),
    ] = None
    replica_database_url: Annotated[
        str | None,
        Setting(
            "REPLICA_DATABASE_URL",
            "A standby of that database, one server, which the API reads as far as it has come; directly, not "
            "through a pooler.",
        ),
    ] = None
    redis_sentinels: Annotated[
        str | None,
        Setting(
            "REDIS_SENTINELS",
            "Hosts of the Redis Sentinels, each with its port or without, with commas; instead of REDIS_URL.",
        ),
    ] = None
    redis_sentinel_port: Annotated[
        int, Setting("REDIS_SENTINEL_PORT", "Port of those Sentinels that are named without one.")
    ] = 26379
    redis_sentinel_master: Annotated[
        str, Setting("REDIS_SENTINEL_MASTER", "What the Sentinels call the group of servers to use.")
    ] = "mymaster"
    redis_sentinel_password: Annotated[
        str | None, Setting("REDIS_SENTINEL_PASSWORD", "Password of the Sentinels, where one is needed.")
    ] = None
