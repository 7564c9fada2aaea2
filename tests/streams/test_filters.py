"""What a listener's filters catch says so, and whoever changes them is told."""

from fedi.projections.announcements import Announcement
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import websocket


async def filters(place: Place, account: int, keyword: str | None) -> Announcement:
    """Let somebody filter a word, or nothing any longer; return what the projector says of it."""
    await place.read.execute("DELETE FROM read.filters WHERE account_id = %s", [account])
    if keyword is not None:
        await place.read.execute(
            "INSERT INTO read.filters VALUES (%s, %s, 'words', '{home,public}', 'warn', NULL)", [account + 1, account]
        )
        await place.read.execute("DELETE FROM read.filter_keywords")
        await place.read.execute("INSERT INTO read.filter_keywords VALUES (1, %s, %s, true)", [account + 1, keyword])
    return Announcement(event="filters_changed", id=0, homes=(account,), account=account)


async def test_each_listener_has_filters_of_their_own(place: Place) -> None:
    post = await views.status(place.read, place.zoe, content="<p>a <b>cat</b></p>")
    await filters(place, place.ann, "cat")
    said = Announcement(event="update", id=post, channels=("public",))
    async with (
        websocket(place.port, await place.token(place.ann), stream="public") as ann,
        websocket(place.port, await place.token(place.ben), stream="public") as ben,
    ):
        await ann.settled()
        await ben.settled()
        await place.announce(said)
        (result,) = (await ann.told())[2]["filtered"]
        assert (result["keyword_matches"], result["status_matches"]) == (["cat"], None)
        assert "keywords" not in result["filter"]
        assert (await ben.told())[2]["filtered"] == []


async def test_changed_filters_count_at_once_and_are_told(place: Place) -> None:
    post = await views.status(place.read, place.zoe, content="<p>a cat</p>")
    said = Announcement(event="update", id=post, homes=(place.ann,))
    async with websocket(place.port, await place.token(place.ann), stream="user") as ann:
        await ann.settled()
        for keyword, caught in ((None, 0), ("cat", 1), ("dog", 0), ("a", 1), (None, 0)):
            await place.announce(await filters(place, place.ann, keyword), said)
            assert await ann.hear() == {"stream": ["user"], "event": "filters_changed"}
            assert len((await ann.told())[2]["filtered"]) == caught
