"""The tables of the log, the registry and the queues: schemas/sql/*.sql, applied as a whole and as often as one likes.

Views are not among them: a projection makes its own tables.
"""

import hashlib
import logging
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.errors import Diagnostic
from psycopg.sql import SQL

from fedi.sql import queries

_sql = queries(__file__)
_log = logging.getLogger(__name__)
_PACKAGE = Path(__file__).parents[1]


def schemas_folder() -> Path:
    """Return the folder `schemas`: inside an installed package, beside `src` in a checkout."""
    installed = _PACKAGE / "_schemas"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "schemas"


def create_tables(conn: Connection[Any]) -> None:
    """Create or update the tables, in one transaction. Processes that start together wait for each other.

    Files already applied as they stand are left alone, so that a second start neither waits for locks on tables in use
    nor takes any. What the files warn of is logged.
    """
    conn.add_notice_handler(_tell)
    with conn.transaction():
        conn.execute(_sql["lock"])
        conn.execute(_sql["prepare"])
        applied = dict(conn.execute(_sql["applied"]).fetchall())
        for file in sorted((schemas_folder() / "sql").glob("*.sql")):
            text = file.read_text(encoding="utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()
            if applied.get(file.name) != digest:
                conn.execute(SQL(text))
                conn.execute(_sql["note"], {"file": file.name, "digest": digest})


def _tell(notice: Diagnostic) -> None:
    """Log a warning; what else there is to notice, as that a table is there already, is nothing."""
    if notice.severity_nonlocalized == "WARNING":
        _log.warning("%s", notice.message_primary)
