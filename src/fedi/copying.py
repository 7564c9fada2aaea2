"""Many rows into a table at once, by COPY: a statement that reads them from JSON takes two to three times as long.

For a few it is the other way round, so whoever writes few and many does both: `MANY` is where COPY begins to win.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.pq import PipelineStatus
from psycopg.sql import SQL, Identifier

MANY = 8
"""Rows from which on COPY is the cheaper way."""
PORTION = 250
"""Rows sent at a time: while the database takes them in, the next are made."""
_COPY = SQL("COPY {table} ({columns}) FROM STDIN (FORMAT csv, ESCAPE '\\', NULL 'null')")
_encoder = msgspec.json.Encoder()
_ESCAPED = re.compile(rb"\\(?:u00([01][0-9a-f])|([bfnrt\\]))")
_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": rb"\\"}


def is_worth_it(cursor: Cursor[Any], rows: int) -> bool:
    """Tell whether COPY is the way to add so many rows; where statements are not waited for there is none."""
    return rows >= MANY and cursor.connection.pgconn.pipeline_status == PipelineStatus.OFF


def copy(cursor: Cursor[Any], table: str, columns: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    r"""Add rows, none of which is there already. Values are texts, numbers, booleans, times or None.

    No text can end the data, as a line that is `\.` would: texts stand in quotes, and their backslashes are doubled.
    """
    left = iter(rows)
    portion = list(islice(left, PORTION))
    if not portion:
        return
    statement = _COPY.format(table=Identifier(table), columns=SQL(", ").join(map(Identifier, columns)))
    with cursor.copy(statement) as pipe:
        while portion:
            pipe.write(as_csv(portion) + b"\n")
            portion = list(islice(left, PORTION))


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    r"""Return rows as CSV in which `\` escapes and `null` is NULL.

    That is what JSON's arrays are but for their brackets and for control characters, which CSV has as themselves.
    """
    lines = _encoder.encode_lines(rows)[1:-2].replace(b"]\n[", b"\n")
    return _ESCAPED.sub(_itself, lines) if b"\\" in lines else lines


def array(texts: Iterable[str]) -> str:
    """Return texts as the value of a text[] column."""
    return "{" + ",".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts) + "}"


def as_json(value: object) -> str:
    """Return a value as that of a json or jsonb column."""
    return _encoder.encode(value).decode()


def _itself(match: re.Match[bytes]) -> bytes:
    return _LETTERS[match[2]] if match[2] else bytes((int(match[1], 16),))
