"""The list of what was erased: a file outside the database, a line of JSON for each thing.

A backup holds what was deleted after it was made. Whoever restores one replays this list (`fedi erase replay`), and
what stands in it goes again. There are no words in it, only what is gone and on whose demand.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from fedi.log.redaction import Demand

_encode = msgspec.json.Encoder().encode


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A post or an account that was erased. Of a post that was never seen here, `actor` alone may say that it is."""

    key: str
    what: Literal["post", "account", "unseen"]
    uri: str
    actor: str
    demand: Demand
    at: datetime


def add(file: Path, lines: Iterable[Line]) -> None:
    """Write lines at the end of the list, and to the disk. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as opened:
        opened.write(b"".join(_encode(line) + b"\n" for line in lines))
        opened.flush()
        os.fsync(opened.fileno())


def read(file: Path) -> Iterator[Line]:
    """Yield what a list holds. A line that was cut off by a crash is no line; it was written again after it.

    Raises OSError.
    """
    with file.open("rb") as opened:
        for line in opened:
            try:
                yield msgspec.json.decode(line, type=Line)
            except msgspec.DecodeError:
                continue
