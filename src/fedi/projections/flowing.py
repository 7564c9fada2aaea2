"""Statements that go to the database one after the other, without waiting for what each answers.

A small batch takes several, whose answers hardly anybody looks at. The database takes them in their order while the
next are made, and none after one that failed (libpq's pipeline mode).
"""

from typing import Any, Self

from psycopg import Connection, Cursor


class Flowing(Cursor[Any]):
    """A cursor for such statements, whose answers are those of the last one.

    One of psycopg's own, used again before an answer has come, takes it for that of its next statement.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        super().__init__(connection)
        self._last = Cursor(connection)

    def execute(self, *args: Any, **kwargs: Any) -> Self:
        """Send a statement."""
        self._last = Cursor(self.connection)
        self._last.execute(*args, **kwargs)
        return self

    def fetchone(self) -> Any:
        """Wait for the next row of the last statement, and for all statements before it."""
        return self._last.fetchone()

    def fetchall(self) -> list[Any]:
        """Wait for the rows of the last statement, and for all statements before it."""
        return self._last.fetchall()

    def __next__(self) -> Any:
        return next(self._last)
