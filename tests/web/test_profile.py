from datetime import datetime
from html.parser import HTMLParser

import msgspec
import pytest

from fedi.descriptions import Attachment, Emoji, Field
from fedi.registry.users import User
from fedi.web.mount import routes
from fedi.web.parts import Parts
from tests.support import views
from tests.support.web import client
from tests.web.conftest import Browser

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
DOCUMENT = {"Accept": "application/activity+json"}


@pytest.fixture
async def alice(parts: Parts) -> int:
    async with parts.pool.connection() as connection:
        await views.create_views(connection)
        return await views.account(
            connection,
            "alice",
            display_name="<i>Alice</i>",
            note="<p>Hello &amp; <b>welcome</b></p>",
            fields=(Field(name="<b>Site</b>", value='<a href="https://a.example">a</a>'),),
        )


async def post(parts: Parts, account_id: int, content: str, **fields: object) -> int:
    async with parts.pool.connection() as connection:
        return await views.status(connection, account_id, content, **fields)


async def test_profile_shows_what_is_for_everybody(browser: Browser, parts: Parts, alice: int) -> None:
    await post(parts, alice, "<p>for everybody</p>")
    await post(parts, alice, "<p>for followers</p>", visibility="private")
    await post(parts, alice, "<p>for one</p>", visibility="direct")
    page = await browser.http.get("/@alice", headers=HTML)
    assert page.status_code == 200
    assert "&lt;i&gt;Alice&lt;/i&gt;" in page.text
    assert "&lt;b&gt;Site&lt;/b&gt;" in page.text
    assert "<p>Hello &amp; <b>welcome</b></p>" in page.text
    assert 'content="Hello &amp; welcome"' in page.text
    assert "for everybody" in page.text
    assert "for followers" not in page.text
    assert "for one" not in page.text
    assert page.headers["vary"] == "Accept"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_nothing_keeps_for_strangers_what_only_members_may_see(parts: Parts, alice: int, user: User) -> None:
    shown = await post(parts, alice, "<p>among us #Cats</p>", tags=["cats"])
    settings = msgspec.structs.replace(parts.settings, limited_federation_mode=True)
    limited = routes(msgspec.structs.replace(parts, settings=settings))
    pages = ("/@alice", f"/@alice/{shown}", f"/@alice/{shown}/embed", "/tags/cats")
    async with client(limited) as stranger, client(limited) as member:
        await Browser(member).sign_in(user)
        for path in pages:
            page, refused = await member.get(path, headers=HTML), await stranger.get(path, headers=HTML)
            assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store"), path
            assert (refused.status_code, refused.headers["cache-control"]) == (302, "private, no-store"), path


async def test_profile_leads_to_older_posts(browser: Browser, parts: Parts, alice: int) -> None:
    for number in range(21):
        await post(parts, alice, f"<p>number {number:02}</p>")
    first = await browser.get("/@alice")
    older = await browser.get("/@alice" + first.text.split('rel="next" href="')[1].split('"')[0])
    assert ("number 00" in first.text, "number 01" in first.text) == (False, True)
    assert ("number 00" in older.text, "number 01" in older.text) == (True, False)


async def test_post_stands_between_what_it_answers_and_its_answers(browser: Browser, parts: Parts, alice: int) -> None:
    async with parts.pool.connection() as connection:
        remote = await views.account(connection, "rob", "there.example", avatar_url="https://there.example/a.png")
    above = await post(parts, remote, "<p>the question</p>", local=False)
    picture = Attachment(kind="image", url="https://files.example/p.png", description="A <cat>")
    middle = await post(
        parts, alice, "<p>the answer</p>", in_reply_to_id=above, spoiler_text="Careful", attachments=(picture,)
    )
    await post(parts, remote, "<p>the thanks</p>", in_reply_to_id=middle)
    page = await browser.get(f"/@alice/{middle}")
    places = [page.text.index(text) for text in ("the question", "the answer", "the thanks")]
    assert places == sorted(places)
    assert "<summary>Careful</summary>" in page.text
    assert 'alt="A &lt;cat&gt;"' in page.text
    assert "https://there.example/a.png" not in page.text
    assert "https://files.example/p.png" not in page.text


async def test_a_post_may_stand_in_a_frame(browser: Browser, parts: Parts, alice: int) -> None:
    shown = await post(parts, alice, "<p>framed</p>")
    hidden = await post(parts, alice, "<p>not framed</p>", visibility="private")
    page = await browser.get(f"/@alice/{shown}/embed")
    assert "<p>framed</p>" in page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers
    for path in (f"/@alice/{hidden}/embed", "/@alice/x/embed", f"/@bob/{shown}/embed"):
        refused = await browser.http.get(path, headers=HTML)
        assert (refused.status_code, refused.headers["x-frame-options"]) == (404, "DENY")


async def test_s_086_previews_of_a_page_hold_well_formed_text_of_public_posts_alone(
    browser: Browser, parts: Parts, alice: int
) -> None:
    async with parts.pool.connection() as connection:
        tricky = await views.account(connection, "tricky", display_name='"><script>]]>&\x0b')
    text = '<p>]]&gt; &amp; "quoted" &lt;b&gt; \u2028 \x0b</p>'
    shown = await post(parts, tricky, text, spoiler_text='"/><meta http-equiv="refresh">')
    plain = await post(parts, tricky, text)
    for status_id in (shown, plain):
        page = await browser.get(f"/@tricky/{status_id}")
        head = page.text.partition("</head>")[0]
        reader = _Metas()
        reader.feed(head)
        assert reader.found["og:title"] == '"><script>]]>&\x0b (@tricky@localhost:3000)'
        assert "script" not in reader.tags
        assert reader.names == {"viewport", "color-scheme", "robots", "description", "referrer"} & reader.names
    for visibility in ("private", "direct"):
        hidden = await post(parts, alice, "<p>for few</p>", visibility=visibility)
        for path in (f"/@alice/{hidden}", f"/@alice/{hidden}/embed", "/@alice", "/"):
            answer = await browser.http.get(path, headers=HTML)
            assert "for few" not in answer.text
            assert answer.status_code == (404 if str(hidden) in path else 200)


class _Metas(HTMLParser):
    """Collects what a head tells of its page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "meta":
            self.found[given.get("property") or ""] = given.get("content") or ""
            self.names.add(given.get("name") or given.get("http-equiv") or "viewport")


async def test_s_082_emoji_replace_nothing_inside_tags(browser: Browser, parts: Parts, alice: int) -> None:
    blob = Emoji(shortcode="blob", url='https://e.test/"><script>.png')
    content = '<p><a href="https://x.test/:blob:" class="mention">:blob:</a> <span lang=":blob:">:blob:</span></p>'
    picture = Attachment(kind="image", url="https://files.test/1.png", description=":blob:")
    told = await post(parts, alice, content, emojis=(blob,), attachments=(picture,), spoiler_text=":blob:")
    page = await browser.get(f"/@alice/{told}")
    assert content in page.text
    assert 'alt=":blob:"' in page.text
    assert "<script" not in page.text


async def test_nobody_learns_what_they_may_not_see(browser: Browser, parts: Parts, alice: int) -> None:
    async with parts.pool.connection() as connection:
        bob = await views.account(connection, "bob")
        await views.account(connection, "carl", suspended=True)
    hidden = await post(parts, alice, "<p>x</p>", visibility="private")
    others = await post(parts, bob, "<p>x</p>")
    for path in (
        f"/@alice/{hidden}",
        f"/@alice/{others}",
        "/@alice/12345",
        "/@alice/x",
        "/@nobody",
        "/@alice@there.example",
    ):
        missing = await browser.get(path)
        assert (missing.status_code, "There is nothing at this address" in missing.text) == (404, True)
    assert (await browser.get("/@carl")).status_code == 410
    assert (await browser.get("/@ALICE@localhost:3000")).status_code == 200


async def test_documents_are_left_to_others(browser: Browser, parts: Parts, alice: int) -> None:
    status_id = await post(parts, alice, "<p>x</p>")
    for path, page in [
        ("/@alice", None),
        (f"/@alice/{status_id}", None),
        ("/users/alice", "http://localhost:3000/@alice"),
        (f"/users/alice/statuses/{status_id}", f"http://localhost:3000/@alice/{status_id}"),
    ]:
        document = await browser.http.get(path, headers=DOCUMENT)
        assert (document.status_code, document.text) == (404, "Not Found")
        assert (await browser.http.get(path, headers=HTML)).headers.get("location") == page


async def test_front_page_shows_what_was_said_here(browser: Browser, parts: Parts, alice: int) -> None:
    await post(parts, alice, "<p>said here</p>", created_at=datetime.fromisoformat("2026-02-03T04:05:06Z"))
    page = await browser.get("/")
    assert "said here" in page.text
    assert "3 February 2026, 04:05 UTC" in page.text


async def test_a_page_has_all_it_names(browser: Browser, parts: Parts, alice: int) -> None:
    picture = Attachment(kind="image", url="https://files.example/p.png", width=640, height=480)
    await post(parts, alice, "<p>x</p>", attachments=(picture, picture))
    page = await browser.get("/@alice")
    assert page.text.count('width="640" height="480"') == 2
    assert 'class="media many"' in page.text
    assert "0&nbsp;replies" in page.text
    for kind in ("icon", "stylesheet"):
        asset = await browser.get(page.text.split(f'rel="{kind}" href="')[1].split('"')[0])
        assert (asset.status_code, "immutable" in asset.headers["cache-control"]) == (200, True)
    assert (await browser.get("/about")).status_code == 200
