"""Rows that are copied in come out as they went in, whatever strangers wrote."""

from datetime import UTC, datetime
from typing import Any
from unittest import mock

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection, Cursor

from fedi.copying import PORTION, array, as_csv, as_json, copy

COLUMNS = ("words", "id", "many", "said", "at", "so")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NASTY = [
    "",
    "null",
    "NULL",
    "\\.",
    "\n\\.\n",
    'a"b',
    "\\",
    "\\\\n",
    "\\n",
    "\n",
    "\r\n",
    "\t",
    "\x01",
    "\x7f",
    "]\n[",
    "],[",
    "é",
]


@pytest.fixture
def connection(database_url: str) -> Any:
    with psycopg.connect(database_url) as opened:
        opened.execute(
            "CREATE TEMP TABLE copied (id bigint, words text, many text[], said jsonb, at timestamptz, so boolean)"
        )
        yield opened


def back(connection: Connection[Any], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE copied")
        copy(
            cursor, "copied", COLUMNS, ((w, n, m and array(m), s and as_json(s), at, so) for n, w, m, s, at, so in rows)
        )
        return cursor.execute("SELECT id, words, many, said, at, so FROM copied ORDER BY id").fetchall()


def test_of_no_rows_the_database_hears_nothing() -> None:
    cursor = mock.create_autospec(Cursor)
    copy(cursor, "copied", COLUMNS, ())
    assert cursor.mock_calls == []


def test_what_is_nasty_in_csv_or_json(connection: Connection[Any]) -> None:
    moment = datetime(2024, 5, 1, 12, 30, 1, 5000, tzinfo=UTC)
    rows: list[tuple[Any, ...]] = [
        (number, text, [text, "x"], {"said": text}, moment, True) for number, text in enumerate(NASTY)
    ]
    rows.append((len(NASTY), None, None, None, None, None))
    assert back(connection, rows) == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.tuples(TEXTS, st.lists(TEXTS, min_size=1, max_size=3)), min_size=1, max_size=5))
def test_any_text(connection: Connection[Any], texts: list[tuple[str, list[str]]]) -> None:
    rows = [(number, text, many, {"said": text}, None, False) for number, (text, many) in enumerate(texts)]
    assert back(connection, rows) == rows


@pytest.mark.parametrize("number", [0, PORTION - 1, PORTION, 2 * PORTION + 1])
def test_more_rows_than_are_sent_at_a_time(connection: Connection[Any], number: int) -> None:
    rows = [(each, "]\n[", None, None, None, None) for each in range(number)]
    assert back(connection, rows) == rows


def test_nothing_stands_for_a_bracket_of_a_row() -> None:
    assert as_csv([(1, "]\n["), (2, "b")]) == b'1,"]\n["\n2,"b"'
    assert msgspec.json.decode(as_json({"a": [1, "é"]})) == {"a": [1, "é"]}
