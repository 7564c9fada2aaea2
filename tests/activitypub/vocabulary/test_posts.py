"""Posts as each kind of server writes them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fedi.activitypub.vocabulary.posts import read_post
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.descriptions import Attachment, Emoji, Mention, Poll, PollOption
from fedi.errors import PeerError
from tests.support.documents import fixture

ADA = "https://mastodon.test/users/ada"


def embedded(name: str) -> dict[str, Any]:
    document: dict[str, Any] = fixture(name)["object"]
    return document


def test_a_note_of_mastodon() -> None:
    post = read_post(embedded("mastodon_create_note"))
    assert (post.kind, post.author, post.url) == ("Note", ADA, "https://mastodon.test/@ada/111")
    assert post.published == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert (post.language, post.sensitive, post.summary, post.title) == ("en", False, "", "")
    assert post.to == (PUBLIC,)
    assert post.cc == (f"{ADA}/followers", "https://other.test/users/bob")
    assert post.in_reply_to == "https://other.test/notes/9"
    assert post.mentions == (Mention(uri="https://other.test/users/bob", name="@bob@other.test"),)
    assert post.hashtags == ("Engines",)
    assert (post.likes, post.shares) == (3, 1)
    assert post.conversation == "tag:mastodon.test,2024-05-06:objectId=5:objectType=Conversation"
    assert post.attachments == (
        Attachment(
            kind="image",
            url="https://mastodon.test/media/1.jpg",
            media_type="image/jpeg",
            description="A mill",
            blurhash="UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
            width=1200,
            height=800,
            focus=(0.5, -1.0),
        ),
    )


def test_a_poll() -> None:
    assert read_post(embedded("mastodon_create_poll")).poll == Poll(
        options=(PollOption(title="yes", votes=3), PollOption(title="no", votes=0)),
        expires_at=datetime(2024, 5, 7, 7, 8, 9, tzinfo=UTC),
        voters_count=4,
    )


@pytest.mark.parametrize(
    ("closed", "at"),
    [("2024-05-06T10:00:00Z", 6), (True, 7), (False, None), (None, None)],
)
def test_a_closed_poll(closed: object, at: int | None) -> None:
    poll = read_post(embedded("mastodon_create_poll") | {"closed": closed}).poll
    assert poll is not None
    assert (poll.closed_at.day if poll.closed_at else None) == at


def test_s_065_a_poll_has_few_and_short_options() -> None:
    options = [{"type": "Note", "name": "x" * 1_000_000}] * 10_000
    poll = read_post(embedded("mastodon_create_poll") | {"oneOf": options}).poll
    assert poll is not None
    assert (len(poll.options), len(poll.options[0].title)) == (20, 500)


def test_a_note_of_pleroma() -> None:
    post = read_post(fixture("pleroma_note"))
    assert post.emojis == (Emoji(shortcode="fire", url="https://pleroma.test/emoji/fire.png"),)
    assert post.attachments[0].url == "https://pleroma.test/media/1.png"
    assert (post.sensitive, post.language) == (False, "")


def test_a_quote_of_misskey() -> None:
    assert read_post(fixture("misskey_quote")).quote == "https://other.test/notes/9"


def test_a_quote_in_a_tag() -> None:
    tag = {"type": "Link", "rel": "https://misskey-hub.net/ns#_misskey_quote", "href": "https://other.test/notes/8"}
    assert read_post(fixture("pleroma_note") | {"tag": tag}).quote == "https://other.test/notes/8"


def test_a_page_is_title_text_and_links() -> None:
    post = read_post(fixture("lemmy_page"))
    assert post.title == "A <b>title</b>"
    assert post.content.startswith("<p><strong>A &lt;b&gt;title&lt;/b&gt;</strong></p><p>long</p><p><a href=")
    assert post.content.index("https://news.test/1") < post.content.index("https://lemmy.test/post/7")
    assert (post.kind, post.language, post.attachments) == ("Page", "fr", ())


def test_an_article_shows_its_summary() -> None:
    post = read_post(fixture("lemmy_page") | {"type": "Article", "summary": "In short", "url": "https://lemmy.test/a"})
    assert "<p>In short</p>" in post.content
    assert 'href="https://lemmy.test/a"' in post.content
    assert post.summary == ""


def test_a_video_has_the_page_for_people_as_url() -> None:
    post = read_post(embedded("peertube_create_video"))
    assert (post.url, post.author) == ("https://peertube.test/w/abc", "https://peertube.test/accounts/joe")
    assert (post.title, post.hashtags) == ("My film", ("film",))


def test_an_event_may_be_told_by_person_or_group() -> None:
    event = fixture("mobilizon_event")
    for speaker in ("https://mobilizon.test/@tcit", "https://mobilizon.test/@group"):
        assert read_post(event, by=speaker).author == speaker
    assert read_post(event).title == "A walk"


def test_an_unknown_kind_without_a_title_shows_its_content() -> None:
    post = read_post(fixture("pleroma_note") | {"type": "Comment"})
    assert (post.kind, post.content) == ("Comment", "hi<br>there")


def test_plain_text_is_escaped() -> None:
    post = read_post(fixture("pleroma_note") | {"content": "a < b\nc", "mediaType": "text/plain"})
    assert post.content == "<p>a &lt; b<br>c</p>"


def test_content_may_be_in_a_language_map_alone() -> None:
    post = read_post(fixture("pleroma_note") | {"content": None, "contentMap": {"fr": "salut", "en": "hi"}})
    assert (post.content, post.language) == ("salut", "fr")


@pytest.mark.parametrize("language", ["und", "", "x" * 40, "en_US<"])
def test_no_language(language: str) -> None:
    assert read_post(fixture("pleroma_note") | {"contentMap": {language: "x"}}).language == ""


def test_the_envelope_holds_where_the_object_is_silent() -> None:
    note = fixture("pleroma_note") | {"to": None, "cc": []}
    assert read_post(note, envelope={"to": "as:Public", "cc": []}).to == (PUBLIC,)
    assert read_post(fixture("pleroma_note"), envelope={"to": "as:Public"}).to == (
        "https://pleroma.test/users/lain/followers",
    )


def test_hidden_recipients_are_not_read() -> None:
    note = fixture("pleroma_note") | {"to": [], "bto": [PUBLIC], "bcc": [PUBLIC]}
    assert (read_post(note).to, read_post(note).cc) == ((), ())


def test_s_067_floods_are_cut() -> None:
    mentions = [{"type": "Mention", "href": f"https://x.test/{n}"} for n in range(5_000)]
    hashtags = [{"type": "Hashtag", "name": f"#t{n}"} for n in range(5_000)]
    both = [tag for pair in zip(mentions, hashtags, strict=True) for tag in pair]
    post = read_post(fixture("pleroma_note") | {"tag": both})
    assert (len(post.mentions), len(post.hashtags)) == (50, 50)


def test_the_public_is_never_cut_off() -> None:
    to = [f"https://x.test/{n}" for n in range(1_000)]
    assert read_post(fixture("pleroma_note") | {"to": [*to, "as:Public"]}).to[0] == PUBLIC


def test_content_is_cut() -> None:
    assert len(read_post(fixture("pleroma_note") | {"content": "x" * 500_000}).content) == 100_000


@pytest.mark.parametrize(
    "published",
    [
        "9999-12-31T23:59:59Z",
        "2300-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "soon",
        5,
        None,
        "1969-12-31T23:59:59Z",
    ],
)
def test_s_146_absurd_dates_are_none(published: object) -> None:
    assert read_post(fixture("pleroma_note") | {"published": published}).published is None


@pytest.mark.parametrize(
    ("kind", "media_type", "expected"),
    [
        ("Document", "video/mp4", "video"),
        ("Image", "audio/ogg", "audio"),
        ("Image", None, "image"),
        ("Document", None, "unknown"),
        ("Video", "application/pdf", "unknown"),
    ],
)
def test_the_media_type_decides(kind: str, media_type: str | None, expected: str) -> None:
    attachment = {"type": kind, "mediaType": media_type, "url": "https://x.test/1"}
    assert read_post(fixture("pleroma_note") | {"attachment": attachment}).attachments[0].kind == expected


def test_attachments_are_limited_and_need_a_web_address() -> None:
    attachments = [{"type": "Image", "url": f"https://x.test/{n}"} for n in range(40)]
    post = read_post(fixture("pleroma_note") | {"attachment": [{"type": "Image", "url": "data:x"}, *attachments]})
    assert len(post.attachments) == 16


@pytest.mark.parametrize(
    ("blurhash", "kept"),
    [
        ("UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH", True),
        ("UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5N", False),
        ("UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NHx", False),
        ("|" * 166, True),
        ("|" * 164, False),
        ("}" * 24, False),
        ("~" * 44, False),
        ("0" * 6, True),
        ("0" * 7, False),
        ("UBL_", False),
        ("x" * 5_000, False),
        ("ÄBL_:rOpGG", False),
    ],
)
def test_s_095_a_blurhash_is_well_formed_or_dropped(blurhash: str, kept: bool) -> None:
    attachment = {"type": "Image", "url": "https://x.test/1", "blurhash": blurhash}
    found = read_post(fixture("pleroma_note") | {"attachment": attachment}).attachments[0].blurhash
    assert found == (blurhash if kept else "")


@pytest.mark.parametrize(
    ("duration", "seconds"), [("PT1M30.5S", 90.5), (12, 12.0), ("PT", None), (-1, None), ("1:30", None)]
)
def test_durations(duration: object, seconds: float | None) -> None:
    attachment = {"type": "Audio", "url": "https://x.test/1", "duration": duration}
    assert read_post(fixture("pleroma_note") | {"attachment": attachment}).attachments[0].duration == seconds


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"attributedTo": "https://good.test/users/alice", "actor": None}, "not_owner"),
        ({"attributedTo": None, "actor": None}, "not_owner"),
        ({"id": None}, "malformed"),
        ({"id": "tag:pleroma.test:1"}, "malformed"),
        ({"type": "Person"}, "malformed"),
        ({"type": None}, "malformed"),
    ],
)
def test_a_fetched_post_must_be_of_its_authors_origin(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(PeerError) as caught:
        read_post(fixture("pleroma_note") | changed)
    assert caught.value.reason == reason
