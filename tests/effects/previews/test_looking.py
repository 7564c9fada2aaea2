"""Pages are looked at once, at the right time, and what they say is shown."""

import msgspec
import pytest

from fedi.effects.deps import Deps
from fedi.effects.jobs import previews
from fedi.effects.preview import LookAtPage, Preview
from fedi.effects.previews import asking
from fedi.registry import media
from fedi.services.http import open_client
from tests.support.acting import deps_of
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import SITE, Here, Progress
from tests.support.phone import picture

HTML = {"Content-Type": "text/html; charset=utf-8"}
CARDS = "SELECT kind, title, width, height, image, html, blurhash <> '' FROM read.cards"
WAITING = "SELECT args->'job'->>'url', scheduled_at - now() > '0 s' FROM procrastinate_jobs ORDER BY id"


@pytest.fixture
async def deps(here: Here) -> Deps:
    here.fold()
    return await deps_of(here)


def page(there: FakeRemote, path: str, head: str, **headers: str) -> str:
    there.answer(path, Answer(body=f"<html><head>{head}</head></html>".encode(), headers={**HTML, **headers}))
    return there.url(path)


async def look(deps: Deps, here: Here, url: str) -> None:
    await previews.look_at_page.do(LookAtPage(url=url), deps)
    here.fold()


async def test_a_shared_page_becomes_a_card(deps: Deps, here: Here, there: FakeRemote) -> None:
    there.answer("/cat.png", Answer(body=picture(), headers={"Content-Type": "image/png"}))
    head = '<title>Cats</title><meta property="og:image" content="/cat.png">'
    url = page(there, "/cats", head)
    await look(deps, here, url)
    image = there.url("/cat.png")
    assert await here.rows(CARDS) == [("link", "Cats", 60, 40, image, "", True)]
    async with here.pool.connection() as connection:
        copy = await media.by_remote_url(connection, image)
    assert copy is not None
    assert copy.storage_key is not None
    assert await here.storage.get(copy.storage_key)
    assert len(there.received) == 2
    await look(deps, here, url)
    assert len(there.received) == 2


async def test_a_page_is_asked_once_a_day_whatever_it_answers(deps: Deps, here: Here, there: FakeRemote) -> None:
    there.answer("/gone", Answer(status=404, headers=HTML))
    there.answer("/file", Answer(body=b"<title>x</title>", headers={"Content-Type": "application/pdf"}))
    nameless = page(there, "/nameless", "")
    for url in (there.url("/gone"), there.url("/file"), nameless):
        await look(deps, here, url)
        await look(deps, here, url)
    assert len(there.received) == 3
    assert await here.rows(CARDS) == []


async def test_nobody_is_flooded_by_our_looking(
    deps: Deps, here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PER_HOST", 2)
    urls = [page(there, f"/{number}", f"<title>{number}</title>") for number in range(3)]
    for url in urls:
        await look(deps, here, url)
    assert len(there.received) == 2
    assert await here.rows(WAITING) == [(urls[2], True)]


@pytest.mark.parametrize(
    ("head", "most"),
    [
        ("", 3),
        ('<meta property="og:image" content="ELSEWHERE/cat.png">', 3),
        ('<link rel="alternate" type="application/json+oembed" href="ELSEWHERE/oembed">', 3),
        ('<meta name="fediverse:creator" content="@ann@HOST">', 6),  # each is asked for in two ways
    ],
    ids=["redirect", "picture", "oembed", "author"],
)
async def test_s_076_whoever_pages_lead_to_is_not_flooded_either(
    deps: Deps,
    here: Here,
    there: FakeRemote,
    elsewhere: FakeRemote,
    monkeypatch: pytest.MonkeyPatch,
    head: str,
    most: int,
) -> None:
    monkeypatch.setattr(asking, "PER_HOST", 3)
    named = head.replace("ELSEWHERE", elsewhere.url("")).replace("HOST", elsewhere.authority)
    moved = Answer(status=302, headers={"Location": elsewhere.url("/gone")})
    for number in range(5):
        url = page(there, f"/{number}", f"<title>{number}</title>{named}")
        if not head:
            there.answer(f"/{number}", moved)
        await asking_nothing_of(deps, there)
        await look(deps, here, url)
    assert len(elsewhere.received) == most
    assert len(await here.rows(WAITING)) >= 1


async def asking_nothing_of(deps: Deps, host: FakeRemote) -> None:
    """Forget that the host of the pages themselves was asked."""
    async with deps.pool.connection() as connection:
        await connection.execute("DELETE FROM effects.asked_hosts WHERE host = %s", (host.authority.partition(":")[0],))


async def test_s_061_of_an_endless_page_only_the_beginning_is_read(deps: Deps, here: Here, there: FakeRemote) -> None:
    url = page(there, "/long", "<title>Long</title>" + "<meta name=a content=b>" * 100_000)
    await look(deps, here, url)
    assert [row[1] for row in await here.rows(CARDS)] == ["Long"]


async def test_s_046_previews_do_not_reach_inside(deps: Deps, here: Here, there: FakeRemote) -> None:
    url = page(there, "/inside", "<title>secret</title>")
    guarded = open_client(private=(), user_agent="test")
    await look(msgspec.structs.replace(deps, http=guarded), here, url)
    await guarded.close()
    assert there.received == []
    assert await here.rows(CARDS) == []


async def test_films_play_in_a_frame_of_our_own(deps: Deps, here: Here, there: FakeRemote) -> None:
    link = '<link rel="alternate" type="application/json+oembed" href="/oembed">'
    url = page(there, "/film", f"<title>Film</title>{link}")
    film = {"version": "1.0", "type": "video", "html": '<script>1</script><iframe src="https://films.example/1">'}
    there.answer("/oembed", Answer(body=film | {"width": 640, "height": 360, "author_name": "Bea"}))
    await look(deps, here, url)
    ((kind, title, width, height, _, html, _),) = await here.rows(CARDS)
    assert (kind, title, width, height) == ("video", "Film", 640, 360)
    assert html.startswith('<iframe src="https://films.example/1"')
    assert "script>" not in html


async def test_a_broken_oembed_leaves_the_page_its_own_words(deps: Deps, here: Here, there: FakeRemote) -> None:
    there.answer("/oembed", Answer(status=500))
    link = '<link rel="alternate" type="application/json+oembed" href="/oembed">'
    await look(deps, here, page(there, "/film", f"<title>Film</title>{link}"))
    assert [row[:2] for row in await here.rows(CARDS)] == [("link", "Film")]


async def test_authors_are_named_only_where_they_allow_it(deps: Deps, here: Here, there: FakeRemote) -> None:
    willing = there.actor("willing")
    there.actor("other")
    there.answer("/users/willing", Answer(body=willing.document() | {"attributionDomains": ["localhost", "127.0.0.1"]}))
    for name in ("willing", "other"):
        meta = f'<meta name="fediverse:creator" content="@{name}@{there.host}:{there.port}">'
        await look_and_meet(deps, here, page(there, f"/{name}-wrote", f"<title>{name}</title>{meta}"))
    credited = "SELECT c.title, a.username FROM read.cards c LEFT JOIN read.accounts a ON a.id = c.author_id ORDER BY 1"
    assert await here.rows(credited) == [("other", None), ("willing", "willing")]


async def look_and_meet(deps: Deps, here: Here, url: str) -> None:
    """Look at a page whose author has to be met: the views come to know them meanwhile."""

    class Folding(Progress):
        async def wait_for(self, position: int, within: float = 1.0) -> bool:
            here.fold()
            return True

    here.fold()
    await look(msgspec.structs.replace(deps, progress=Folding()), here, url)


async def test_s_076_shared_pages_wait_for_a_moment_of_their_own(deps: Deps, here: Here, there: FakeRemote) -> None:
    ann = await here.person("ann")
    zoe = there.actor("zoe")
    await here.meet(zoe.document())
    shared = "https://news.example/1"
    text = f'<p><a href="{shared}">read</a> <a href="{SITE.base_url}/@ann/1">own</a></p>'
    await here.hear(zoe.create(zoe.note(text)))
    await here.hear(zoe.create(zoe.note(text)))
    await here.run(Preview(SITE, here.means.clock, deps.jobs))
    assert await here.rows(WAITING) == [(shared, True)]
    await here.post(ann, content='<p><a href="https://news.example/2">read</a></p>')
    await here.post(ann, content=f'<p><a href="{SITE.base_url}/@ann/1">own</a></p>')
    await here.run(Preview(SITE, here.means.clock, deps.jobs))
    assert await here.rows(WAITING) == [(shared, True), ("https://news.example/2", False)]
