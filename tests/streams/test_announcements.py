"""What the staff announces goes to everybody who listens to their home."""

from fedi.projections.announcements import Announcement
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import websocket
from tests.support.schemas import assert_valid


async def test_everybody_hears_what_is_announced(place: Place) -> None:
    moment = views.moment(1)
    row = {"content": "<p>Hello</p>", "all_day": False, "published_at": moment, "updated_at": moment}
    await views.insert(place.read, "staff_announcements", id=7, **row, mention_ids=[], tags=[], status_ids=[])
    await views.insert(place.read, "announcement_reactions", id=1, announcement_id=7, name="🐈", account_id=place.ben)
    async with (
        websocket(place.port, await place.token(place.ann), stream="user") as ann,
        websocket(place.port, await place.token(place.ben), stream="user") as ben,
        websocket(place.port, await place.token(place.ben), stream="public") as public,
    ):
        for each in (ann, ben, public):
            await each.settled()
        await place.announce(Announcement(event="announcement", id=7))
        await place.announce(Announcement(event="announcement.reaction", id=7, name="🐈"))
        await place.announce(Announcement(event="announcement.reaction", id=7, name="🐕"))
        await place.announce(Announcement(event="announcement.delete", id=7))
        for listener in (ann, ben):
            _, event, payload = await listener.told()
            assert event == "announcement"
            assert_valid(payload, "Announcement")
            assert ("read" in payload, "me" in payload["reactions"][0]) == (False, False)
            for name, count in (("🐈", 1), ("🐕", 0)):
                _, event, payload = await listener.told()
                assert (event, payload) == (
                    "announcement.reaction",
                    {"name": name, "count": count, "announcement_id": "7"},
                )
            _, event, payload = await listener.told()
            assert (event, str(payload)) == ("announcement.delete", "7")
        assert await public.silent()
