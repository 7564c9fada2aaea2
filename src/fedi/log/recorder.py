"""The log as a recorder of the eventsourcing library, so that its subscriptions and tools work on it.

Of the library's ways to write none is used: its table lock fights VACUUM and redaction, its database functions take no
lock at all, and its retries after a lost COMMIT report a conflict with oneself. Reading is the library's own.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from fedi.events import declared
from fedi.log.drafts import Appended, Unit
from fedi.log.insert import insert

CHANNEL = "fedi_log"


class LogDatastore(PostgresDatastore):
    """The library's datastore on a connection string, which its own constructor does not take."""

    def __init__(self, dsn: str) -> None:
        super().__init__("", "", "", "", "", schema="log", originator_id_type="uuid", enable_db_functions=False)
        self.pool = ConnectionPool(
            dsn,
            connection_class=Connection[DictRow],
            kwargs={"row_factory": dict_row},
            min_size=1,
            max_size=4,
            open=False,
            configure=self.after_connect_func(),
        )


class LogRecorder(PostgresApplicationRecorder):
    """Reads and writes `log.events`; topics are wire names, every originator has one event, of version 1."""

    def __init__(self, datastore: LogDatastore) -> None:
        super().__init__(datastore, events_table_name="events")
        self.channel_name = CHANNEL
        self.sql_create_statements = []  # schemas/sql/log.sql makes the table

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        """Append events as one unit, once: unlike the library's, a lost connection is not tried again.

        Payloads are of the current version of their event. Raises IntegrityError when an identity is taken.
        """
        if not stored_events:
            return []
        versions = {name: version for name, version, _ in declared()}
        unit = Unit(
            tuple(UUID(str(event.originator_id)) for event in stored_events),
            tuple(event.topic for event in stored_events),
            tuple(versions[event.topic] for event in stored_events),
            (None,) * len(stored_events),
            tuple(event.state for event in stored_events),
        )
        with self.datastore.get_connection() as conn:
            (answer,) = insert(conn, [unit])
        if not isinstance(answer, Appended):
            raise IntegrityError(str(answer))
        return answer.positions
