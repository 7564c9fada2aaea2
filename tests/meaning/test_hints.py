"""What communities tell of others' doings: a reason to look, and the end of their own boosts."""

from collections.abc import Callable
from typing import Any

from tests.support.saying import Saying, note

BOB = "https://far.example/users/bob"
CATS = "https://groups.example/c/cats"
ANN = "http://localhost:3000/users/ann"
Rows = Callable[[str], list[tuple[Any, ...]]]


def relayed(saying: Saying, kind: str, obj: Any) -> list[tuple[str, str]]:
    inner = {"id": f"{BOB}/acts/of/{kind}", "type": kind, "actor": BOB, "object": obj}
    saying.received(CATS, "Announce", inner, to=["as:Public"])
    return [(wanted.uri, wanted.reason) for wanted in saying.last[0].wanted]


def test_a_moderators_deletion_ends_the_boost_and_leaves_the_post_to_its_author(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(CATS, type="Group")
    saying.received(BOB, "Create", note(BOB, 1))
    relayed(saying, "Create", note(BOB, 1))
    assert rows("SELECT count(*) FROM statuses WHERE boost_of_id IS NOT NULL") == [(1,)]
    assert relayed(saying, "Delete", f"{BOB}/notes/1") == [(f"{BOB}/notes/1", "changed")]
    assert rows("SELECT count(*) FROM statuses WHERE boost_of_id IS NOT NULL") == [(0,)]
    assert rows("SELECT count(*) FROM statuses") == [(1,)]
    relayed(saying, "Create", note(BOB, 1))
    assert rows("SELECT count(*) FROM statuses WHERE boost_of_id IS NOT NULL") == [(1,)]


def test_hints_say_what_is_worth_a_look(saying: Saying) -> None:
    saying.arrives(BOB)
    saying.arrives(CATS, type="Group")
    saying.signs_up(ANN, 7 << 16)
    saying.received(BOB, "Create", note(BOB, 1))
    saying.published(ANN, "Create", note(ANN, 1), status_id=9 << 16)
    comment = note(BOB, 2, inReplyTo=f"{BOB}/notes/1")
    assert relayed(saying, "Create", comment) == [(comment["id"], "hinted")]
    assert relayed(saying, "Create", note(BOB, 1, inReplyTo=ANN)) == []
    assert relayed(saying, "Update", note(BOB, 1)) == [(f"{BOB}/notes/1", "changed")]
    assert relayed(saying, "Update", note(BOB, 77)) == []
    assert relayed(saying, "Update", note(ANN, 1)) == []
    assert relayed(saying, "Like", f"{ANN}/notes/1") == [(f"{BOB}/acts/of/Like", "hinted")]
    assert relayed(saying, "Like", f"{BOB}/notes/1") == []


def test_a_stranger_hints_at_nothing(saying: Saying) -> None:
    assert relayed(saying, "Create", note(BOB, 2, inReplyTo=f"{BOB}/notes/1")) == []
