"""Two things from elsewhere may want one id: the second gets the next, however much is remembered of the first."""

from datetime import UTC, datetime
from itertools import count, islice

import pytest
from psycopg import Connection

from fedi.ids import id_of_digest
from fedi.meaning import references
from fedi.meaning.marks import Marks
from fedi.meaning.names import key_of
from fedi.meaning.ref import Ref
from fedi.meaning.references import References
from tests.support.saying import Saying

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FIRST = id_of_digest(AT, "0000")
ALIKE = list(islice((uri for n in count() if key_of(uri := f"https://a.test/{n}").startswith("0000")), 3))


def allotted(connection: Connection[object], remembered: References | None, batch: int) -> list[int]:
    """Return the ids that are allotted in turn, so many in a batch, each batch foreseen as it is in a fold."""
    ids: list[int] = []
    for start in range(0, len(ALIKE), batch):
        refs = remembered or References(connection.cursor(), start)
        some = ALIKE[start : start + batch]
        if not refs.whole:
            refs.prefetch(some, [(AT, uri) for uri in some])
        for position, uri in enumerate(some, start=start + 1):
            ids.append(refs.allot(AT, uri))
            refs.put(Ref(name=uri, uri=uri, kind="status", id=ids[-1], position=position))
        refs.store([])
        refs.follow(start + batch)
    return ids


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("room", [None, 1, 100])
def test_no_id_is_allotted_twice(saying: Saying, monkeypatch: pytest.MonkeyPatch, batch: int, room: int | None) -> None:
    with saying.connection.transaction():
        remembered = None
        if room is not None:
            monkeypatch.setattr(references, "REMEMBERED", room)
            remembered = References(saying.connection.cursor(), 0, Marks())
        assert allotted(saying.connection, remembered, batch) == [FIRST, FIRST + 2, FIRST + 4]
        assert remembered is None or remembered.whole == (room == 100)
