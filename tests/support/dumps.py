"""All that a server keeps, in one text: every table of the database, Redis, and the media folder."""

import json
from pathlib import Path

import psycopg
from psycopg import sql
from redis import Redis

TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""


def database(url: str) -> dict[str, str]:
    """Return each table as COPY writes it; bytes are in hexadecimal there, and as text besides."""
    found = {}
    with psycopg.connect(url) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))
            with connection.cursor().copy(statement) as copy:
                text = b"".join(copy).decode()
            found[f"{schema}.{table}"] = text + _bytes_in(text)
    return found


def redis(url: str) -> str:
    """Return every key with what it holds."""
    with Redis.from_url(url) as client:
        return "\n".join(f"{key!r} {client.dump(key)!r} {_held(client, key)}" for key in client.scan_iter())


def folder(root: Path) -> str:
    """Return every file, with its name."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return "\n".join(f"{path.relative_to(root)} {path.read_bytes()!r}" for path in files)


def _held(client: Redis, key: bytes) -> str:
    return json.dumps(str(client.hgetall(key) if client.type(key) == b"hash" else ""))


def _bytes_in(text: str) -> str:
    fields = (field for line in text.splitlines() for field in line.split("\t"))
    return "\n".join(
        bytes.fromhex(field[3:]).decode("utf-8", "replace") for field in fields if field.startswith("\\\\x")
    )
