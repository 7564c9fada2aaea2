"""Loads the `.sql` file that stands beside a Python file: named sections, each begun by a line `-- name --`.

And tells what went wrong: a database that is away from one that will never take a statement.
"""

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

import psycopg
from psycopg import errors
from psycopg.sql import SQL

_SECTION = re.compile(r"^-- (\w+) --$", re.MULTILINE)


class Queries:
    """The named statements of one `.sql` file; an unknown name is an error when it is asked for."""

    def __init__(self, source: Path) -> None:
        self._source = source
        parts = _SECTION.split(source.read_text(encoding="utf-8"))
        names = parts[1::2]
        if len(names) != len(set(names)):
            raise ValueError(f"{source}: a section name stands twice")
        self._texts = dict(zip(names, (body.strip() for body in parts[2::2]), strict=True))

    def __getitem__(self, name: str) -> SQL:
        """Return the statement called `name`."""
        try:
            return SQL(cast("LiteralString", self._texts[name]))
        except KeyError:
            raise KeyError(f"{self._source} has no section '-- {name} --'") from None

    def __contains__(self, name: object) -> bool:
        return name in self._texts


@cache
def queries(python_file: str) -> Queries:
    """Return the statements beside a module: call it as `queries(__file__)`."""
    return Queries(Path(python_file).with_suffix(".sql"))


OTHER_VIEWS = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction)
"""What says that the views are not made yet, or were made by an older or a newer program: a projector of this one makes
them anew beside them, and the same succeeds later."""


def is_outage(error: BaseException) -> bool:
    """Tell whether the database failed and not the statement, so that the same may succeed later.

    psycopg counts a row too large for its index as operational too (class 54, program limit exceeded), and a statement
    that was passed over because one before it failed: whoever waited for that to pass would wait for ever.
    """
    if isinstance(error, errors.PipelineAborted):
        return False
    return isinstance(error, psycopg.OperationalError) and not (error.sqlstate or "").startswith("54")


def said(error: BaseException) -> str:
    """Return what an error says in one line: the database's own add the statement, a hint and where it stood."""
    return str(error).strip().partition("\n")[0]
