"""Who folds alone may do without the indexes of references while nothing is looked for: the table ends the same."""

from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import Connection

from fedi.meaning import references
from fedi.meaning.marks import Marks
from fedi.meaning.ref import Ref, Waiting
from fedi.meaning.references import References
from tests.support.saying import Saying

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def spoken(connection: Connection[object], *, putting_off: bool) -> References:
    """Let somebody post twice, and be gone in the batch of the second post; a Like of the first ends at last."""
    refs = References(connection.cursor(), 0, Marks())
    if putting_off:
        refs.put_off_order()
    author = Ref(name="author", uri="author", kind="account", id=1, position=1)
    like = Ref(name="like", uri="like", kind="like", author_id=1, position=2)
    refs.put(author)
    refs.put(like)
    refs.put(Ref(name="first", uri="first", kind="status", id=3, author_id=1, position=2))
    refs.wait(Waiting(name="later", position=2, ordinal=0, at=AT, origin="received", actor="author", claim="{}"))
    refs.store([])
    refs.follow(2)
    refs.end(like, 3)
    refs.store([])
    refs.follow(3)
    refs.put(Ref(name="second", uri="second", kind="status", id=5, author_id=1, position=4))
    refs.end_posts(author, 5)
    refs.release("later", 5)
    refs.store([])
    refs.follow(5)
    return refs


def stored(connection: Connection[Any]) -> list[list[tuple[Any, ...]]]:
    """Return the references and what waits, without their keys, and take them away."""
    refs = connection.execute("SELECT uri, position, ended FROM refs ORDER BY 1").fetchall()
    waiting = connection.execute("SELECT position, resolved FROM pending_claims").fetchall()
    connection.execute("TRUNCATE refs, pending_claims")
    return [refs, waiting]


def indexes(connection: Connection[Any]) -> set[str]:
    """Return by what references are found."""
    found = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'refs'::regclass"
    return {row[0] for row in connection.execute(found)}


def test_posts_of_who_is_gone_are_found_though_the_indexes_were_put_off(saying: Saying) -> None:
    before = indexes(saying.connection)
    with saying.connection.transaction():
        spoken(saying.connection, putting_off=False)
        expected = stored(saying.connection)
        assert expected == [[("author", 1, None), ("first", 2, 5), ("like", 2, 3), ("second", 4, 5)], [(2, 5)]]
        spoken(saying.connection, putting_off=True)
        assert stored(saying.connection) == expected
        assert indexes(saying.connection) == before


@pytest.mark.parametrize("forgetting", [False, True])
def test_what_changed_meanwhile_is_written_once_they_are_there(
    saying: Saying, monkeypatch: pytest.MonkeyPatch, forgetting: bool
) -> None:
    before = indexes(saying.connection)
    with saying.connection.transaction():
        refs = References(saying.connection.cursor(), 0, Marks())
        refs.put_off_order()
        assert indexes(saying.connection) == set()
        post = refs.put(Ref(name="post", uri="post", kind="status", id=3, author_id=1, position=1))
        refs.store([])
        refs.follow(1)
        refs.end(post, 2)
        refs.store([])
        if forgetting:
            monkeypatch.setattr(references, "REMEMBERED", 0)
            refs.follow(2)
        else:
            refs.put_in_order()
            refs.store([])
        assert indexes(saying.connection) == before
        assert stored(saying.connection) == [[("post", 1, 2)], []]
