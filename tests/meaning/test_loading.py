"""What a batch asks for is loaded in two round trips at most, and what comes again and again is remembered."""

import pytest

from fedi.meaning import references
from fedi.meaning.marks import Marks
from fedi.meaning.ref import Ref, RefKind
from fedi.meaning.references import References
from tests.support.saying import PUBLIC, Saying, note

ANN = "http://localhost:3000/users/ann"
BOB = "https://far.example/users/bob"
EVE = "https://near.example/users/eve"
DAN = "https://near.example/users/dan"
ACCOUNT: RefKind = "account"
STATUS: RefKind = "status"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of each round trip."""
    asked, load = list[list[str]](), References._load

    def noting(self: References, names: dict[str, None], ids: list[int]) -> None:
        asked.append(list(names))
        load(self, names, ids)

    monkeypatch.setattr(References, "_load", noting)
    return asked


def test_what_a_post_is_about_and_for_whom_is_loaded_in_two_round_trips(saying: Saying, asked: list[list[str]]) -> None:
    saying.signs_up(ANN, 1)
    for each in (BOB, EVE, DAN):
        saying.arrives(each)
    saying.received(BOB, "Create", note(BOB, 1))
    asked.clear()
    spoken_to = [f"{EVE}/followers", f"{BOB}/followers", DAN, ANN]
    mention = {"type": "Mention", "href": ANN, "name": "@ann"}
    answer = note(EVE, 2, inReplyTo=f"{BOB}/notes/1", to=[PUBLIC], cc=spoken_to, tag=[mention])
    assert saying.facts(saying.received(EVE, "Create", answer)) == ["StatusPublished"]
    first, second = asked
    assert {EVE, ANN, f"{BOB}/notes/1"} <= set(first)
    assert second == [f"{BOB}/followers", DAN], "whose followers may read it is known from the author"


def test_an_act_on_a_post_that_is_not_for_everybody_is_judged_by_what_two_round_trips_loaded(
    saying: Saying, asked: list[list[str]]
) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    saying.received(BOB, "Create", note(BOB, 1, to=[EVE], cc=[]))
    asked.clear()
    assert saying.facts(saying.received(EVE, "Like", f"{BOB}/notes/1")) == ["StatusFavourited"]
    assert len(asked) == 2


def kept(saying: Saying, *kinds: RefKind) -> References:
    """Let a fold that remembers eight references write some of these kinds, in this order, and go on."""
    refs = References(saying.connection.cursor(), 0, Marks())
    for number, kind in enumerate(kinds):
        refs.put(Ref(name=f"{kind} {number}", uri="", kind=kind, id=2 * number, author_id=1, position=1))
    refs.store([])
    refs.follow(1)
    return refs


def test_accounts_are_remembered_longest(
    saying: Saying, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "REMEMBERED", 8)
    with saying.connection.transaction():
        refs = kept(saying, ACCOUNT, *12 * (STATUS,))
        assert refs.at("account 0") is not None
        assert refs.at("status 12") is not None
        assert asked == []
        assert refs.at("status 1") is not None
        assert asked == [["status 1"]]


def test_there_is_an_end_to_the_accounts_that_are_remembered(
    saying: Saying, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "REMEMBERED", 8)
    with saying.connection.transaction():
        refs = kept(saying, STATUS, *12 * (ACCOUNT,))
        for name in ("status 0", "account 1", "account 8"):
            assert refs.at(name) is not None
        assert asked == [["status 0"], ["account 1"], ["account 8"]]
        assert refs.at("account 9") is not None
        assert len(asked) == 3
