"""What is quoted in a stream is shown to each listener as far as that listener may see it."""

from typing import Any

from fedi.projections.announcements import Announcement
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import websocket


async def quoting(place: Place, quoted: int, by: int) -> int:
    post = await views.status(place.read, by, quote_uri=f"https://example.com/{quoted}")
    await views.insert(
        place.read,
        "quotes",
        status_id=post,
        account_id=by,
        quoted_uri=f"https://example.com/{quoted}",
        quoted_id=quoted,
        quoted_account_id=place.zoe,
        state="accepted",
        stamp="",
        gone=False,
    )
    return post


async def told_both(place: Place, said: Announcement) -> tuple[Any, Any]:
    """Return what Ann and Ben hear of something."""
    async with (
        websocket(place.port, await place.token(place.ann), stream="user") as ann,
        websocket(place.port, await place.token(place.ben), stream="user") as ben,
    ):
        await ann.settled()
        await ben.settled()
        await place.announce(said)
        return (await ann.told())[2], (await ben.told())[2]


async def test_who_is_blocked_by_the_quoted_does_not_see_what_others_see(place: Place) -> None:
    quoted = await views.status(place.read, place.zoe)
    first = await quoting(place, quoted, place.zoe)
    outer = await quoting(place, first, place.zoe)
    await views.insert(place.read, "blocks", id=1, account_id=place.zoe, target_id=place.ann)
    boost = await views.status(place.read, place.ben, boost_of_id=first, boost_of_account_id=place.zoe)
    for post in (first, outer, boost):
        said = Announcement(event="update", id=post, homes=(place.ann, place.ben))
        hers, his = await told_both(place, said)
        hers, his = (hers["reblog"] or hers)["quote"], (his["reblog"] or his)["quote"]
        assert hers == {"state": "unauthorized", "quoted_status": None}
        assert (his["state"], his["quoted_status"]["favourited"]) == ("accepted", False)


async def test_what_is_quoted_for_few_is_shown_to_them(place: Place) -> None:
    quoted = await views.status(place.read, place.ann, visibility="private")
    post = await quoting(place, quoted, place.ann)
    async with websocket(place.port, await place.token(place.ann), stream="user") as ann:
        await ann.settled()
        await place.announce(Announcement(event="update", id=post, homes=(place.ann,)))
        assert (await ann.told())[2]["quote"]["quoted_status"]["id"] == str(quoted)


async def test_whose_filters_catch_what_is_quoted_is_told_so(place: Place) -> None:
    quoted = await views.status(place.read, place.zoe, content="<p>a cat</p>")
    post = await quoting(place, quoted, place.zoe)
    await place.read.execute("INSERT INTO read.filters VALUES (3, %s, 'words', '{home}', 'warn', NULL)", [place.ann])
    await place.read.execute("INSERT INTO read.filter_keywords VALUES (1, 3, 'cat', true)")
    said = Announcement(event="update", id=post, homes=(place.ann, place.ben))
    hers, his = await told_both(place, said)
    assert [len(each["quote"]["quoted_status"]["filtered"]) for each in (hers, his)] == [1, 0]
    assert hers["filtered"] == []
