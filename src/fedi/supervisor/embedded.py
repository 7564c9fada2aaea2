"""The embedded parts together: what `fedi serve`, a command line verb and the test suite start and stop."""

import logging
from pathlib import Path

import msgspec

from fedi.errors import ConfigurationError
from fedi.settings import Settings
from fedi.supervisor import postgres, valkey
from fedi.supervisor.home import Lock, locate, prepare

log = logging.getLogger(__name__)

LOCK_SECONDS = 30.0


class Embedded:
    """PostgreSQL and Valkey under one data directory, each only if it is wanted.

    Made from the main thread, because the children live as long as the thread that started them.
    """

    def __init__(self, data_dir: Path, *, want_postgres: bool = True, want_valkey: bool = True, durable: bool = True):
        self._durable = durable
        self.home = prepare(data_dir)
        if self.home.root != data_dir.absolute() and self.home.owner is not None:
            log.info("%s cannot reach %s: the data is kept in %s", self.home.owner.name, data_dir, self.home.root)
        self._lock = Lock(self.home)
        self._take_lock()
        self.postgres: postgres.Postgres | None = None
        self.valkey: valkey.Valkey | None = None
        try:
            if want_valkey:
                self.valkey = valkey.start(self.home, lock=self._lock.descriptor, durable=durable)
            if want_postgres:
                self.postgres = postgres.start(self.home, lock=self._lock.descriptor, durable=durable)
        except BaseException:
            self.stop()
            raise

    def restart_dead(self) -> list[str]:
        """Start again what has died, and return the names of it."""
        revived: list[str] = []
        if self.valkey is not None and self.valkey.process.poll() is not None:
            self.valkey = valkey.start(self.home, lock=self._lock.descriptor, durable=self._durable)
            revived.append(self.valkey.what)
        if self.postgres is not None and self.postgres.process.poll() is not None:
            self.postgres = postgres.start(self.home, lock=self._lock.descriptor, durable=self._durable)
            revived.append(self.postgres.what)
        return revived

    def fill_in(self, settings: Settings) -> Settings:
        """Return the settings with these servers' URLs in the places that were empty."""
        return msgspec.structs.replace(
            settings,
            database_url=settings.database_url or (self.postgres and self.postgres.url),
            redis_url=settings.redis_url or (self.valkey and self.valkey.url),
        )

    def stop(self) -> None:
        """Stop both, the database first, and let the data directory go."""
        for part in (self.postgres, self.valkey):
            if part is not None:
                part.stop()
        self._lock.release()

    def _take_lock(self) -> None:
        """Wait for a killed predecessor's children to be gone; a living predecessor is an error at once."""
        if self._lock.take(0):
            return
        holder = self._lock.holder()
        if holder is None and self._lock.take(LOCK_SECONDS):
            return
        self._lock.release()
        who = f"process {holder}" if holder else "a process left over from an earlier start"
        raise ConfigurationError(f"{self.home.root} is in use by {who}")


def start(settings: Settings) -> Embedded | None:
    """Start the embedded parts that no URL replaces; None where URLs replace both."""
    if settings.database_url and settings.redis_url:
        return None
    return Embedded(settings.data_dir, want_postgres=not settings.database_url, want_valkey=not settings.redis_url)


def find(settings: Settings) -> Settings | None:
    """Return the settings with every URL filled in, by embedded parts that run already; None if they do not."""
    home = locate(settings.data_dir)
    if settings.database_url is None and not postgres.answers(home):
        return None
    if settings.redis_url is None and not valkey.answers(home):
        return None
    return msgspec.structs.replace(
        settings,
        database_url=settings.database_url or postgres.url(home),
        redis_url=settings.redis_url or valkey.url(home),
    )
