"""What is no note, and what is no HTML, becomes something that people can read."""

from typing import Any

import pytest

from fedi.activitypub.vocabulary import html
from fedi.activitypub.vocabulary.posts import read_post
from fedi.descriptions import Attachment, Mention, Post

ADA = "https://far.test/ada"
BEN = "https://here.test/users/ben"


def post(kind: str, **said: Any) -> Post:
    document = {"id": f"{ADA}/1", "type": kind, "attributedTo": ADA, "to": ["as:Public"], "published": "2026-05-01"}
    return read_post(document | said)


def shown(kind: str, **said: Any) -> str:
    return html.to_text(html.clean(post(kind, **said).content))


@pytest.mark.parametrize("kind", ["Article", "Page", "Image", "Audio", "Video", "Event", "Album", "Recipe"])
def test_each_kind_is_title_summary_and_link(kind: str) -> None:
    said = {"name": "A title", "summary": "In short", "content": "<p>" + "at length " * 500 + "</p>"}
    assert shown(kind, **said) == f"A title\n\nIn short\n\n{ADA}/1"


def test_a_short_text_stands_for_a_summary_and_a_long_one_is_cut_between_words() -> None:
    assert shown("Article", name="T", content="<p>one</p><p>two</p>") == f"T\n\none\n\ntwo\n\n{ADA}/1"
    lead = shown("Article", name="T", content="<p>" + "words " * 200 + "</p>").split("\n\n")[1]
    assert lead.endswith("words…")
    assert len(lead) <= 501


def test_a_summary_that_only_repeats_the_title_is_none() -> None:
    assert shown("Page", name="T", summary="T", content="text") == f"T\n\ntext\n\n{ADA}/1"


def test_an_event_says_when_and_where() -> None:
    address = {"type": "PostalAddress", "streetAddress": "2 Mill Lane", "addressLocality": "Ghent"}
    place = {"type": "Place", "name": "The mill", "address": address}
    event = {"name": "A walk", "startTime": "2026-05-02T18:00:00+02:00", "endTime": "2026-05-02T20:00:00+02:00"}
    assert shown("Event", **event, location=place) == (
        f"A walk\n\n2026-05-02 18:00 UTC+02:00 – 2026-05-02 20:00 UTC+02:00\nThe mill, 2 Mill Lane, Ghent\n\n{ADA}/1"
    )
    assert "Ghent" in shown("Event", **event, location=[{"type": "Place", "name": "Ghent"}])
    assert "18:00" in shown("Event", **event, location="Ghent")


@pytest.mark.parametrize("when", [None, "soon", 5, ["2026-05-02T18:00:00Z"], "9999-12-31T23:59:59Z"])
def test_an_event_without_a_time_is_shown_all_the_same(when: object) -> None:
    assert shown("Event", name="A walk", startTime=when) == f"A walk\n\n{ADA}/1"


def test_a_page_leads_first_to_what_it_shares() -> None:
    attached = [{"type": "Link", "href": "https://news.test/1"}, {"type": "Link", "href": "https://pict.test/2.png"}]
    page = post("Page", name="T", attachment=attached)
    assert html.to_text(page.content) == f"T\n\nhttps://news.test/1\n\n{ADA}/1"
    assert page.attachments == (Attachment(kind="image", url="https://pict.test/2.png", media_type="image/png"),)


def test_a_picture_and_a_sound_are_attached_to_themselves() -> None:
    links = [
        {"type": "Link", "mediaType": "text/html", "href": "https://far.test/p/1"},
        {"type": "Link", "mediaType": "image/jpeg", "href": "https://far.test/big.jpg", "width": 2200, "height": 1100},
        {"type": "Link", "mediaType": "image/jpeg", "href": "https://far.test/small.jpg", "width": 320, "height": 160},
    ]
    picture = post("Image", name="T", url=links)
    assert [(each.kind, each.url, each.width) for each in picture.attachments] == [
        ("image", "https://far.test/big.jpg", 2200)
    ]
    assert picture.url == "https://far.test/p/1"
    sound = post("Audio", name="T", url=[{"type": "Link", "mimeType": "audio/ogg", "href": "https://far.test/listen"}])
    assert [(each.kind, each.media_type) for each in sound.attachments] == [("audio", "audio/ogg")]
    film = post("Video", name="T", url=[{"type": "Link", "mediaType": "video/mp4", "href": "https://far.test/1.mp4"}])
    assert film.attachments == ()


def test_a_file_that_does_not_say_what_it_is_goes_by_its_name() -> None:
    attached = [{"type": "Document", "url": f"https://far.test/cover.{end}"} for end in ("JPG?v=2", "mp3", "exe")]
    assert [each.kind for each in post("Note", content="x", attachment=attached).attachments] == [
        *("image", "audio", "unknown"),
    ]


def test_a_note_shows_its_title_once() -> None:
    assert shown("Note", name="A title", content="<p>text</p>") == "A title\n\ntext"
    assert shown("Note", name="A title", content="<h1>A title</h1><p>text</p>") == "A title\n\ntext"
    assert shown("Question", name="A title", oneOf=[{"name": "yes"}]) == "A title"


def test_a_quotation_shows_what_it_quotes() -> None:
    assert shown("Quotation", quote="<p>to be</p>", content="hm") == "to be\n\n\n\nhm"


def test_a_message_of_a_chat_is_for_whom_it_is_addressed_to() -> None:
    message = post("ChatMessage", content="psst", to=[BEN])
    assert (message.content, message.mentions, message.to) == ("psst", (Mention(uri=BEN),), (BEN,))


def test_a_language_is_found_wherever_it_is_said() -> None:
    assert post("Page", name="T", content=None, contentMap={"nl": None}).language == "nl"
    assert post("Page", name="T", contentMap={"nl": None, "de": "hallo"}).language == "de"
    assert post("Event", name="T", inLanguage="fr").language == "fr"
    assert post("Video", name="T", language={"identifier": "sv", "name": "Svenska"}).language == "sv"


HANDLE = {"type": "Mention", "href": BEN, "name": "@ben@here.test"}
TAG = {"type": "Hashtag", "href": "https://far.test/tag/mills", "name": "#mills"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("*so* **it** is\nand\n\n- a\n- b", "so it is\nand\n\na\nb"),
        ("<b>x</b> & <script>", "<b>x</b> & <script>"),
        ("![a mill](https://far.test/mill.png)", "!a mill"),
        ("# Title\n\ntext", "Title\n\ntext"),
    ],
)
def test_markdown_is_read(written: str, expected: str) -> None:
    content = post("Note", content=written, mediaType="text/markdown").content
    assert html.to_text(html.clean(content)) == expected


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown"])
def test_addresses_handles_and_hashtags_in_plain_text_lead_somewhere(kind: str) -> None:
    text = "@ben @ben@here.test look at https://far.test/1 #Mills #others @nobody"
    content = html.clean(post("Note", content=text, mediaType=kind, tag=[HANDLE, TAG]).content)
    assert html.to_text(content) == text
    assert content.count(f'<a href="{BEN}" class="u-url mention"') == 2
    assert content.count("<a ") == 4
    assert '<a href="https://far.test/tag/mills" class="mention hashtag"' in content


def test_the_source_counts_only_where_nothing_else_is_there() -> None:
    source = {"content": "**from** the source", "mediaType": "text/markdown"}
    assert shown("Note", source=source) == "from the source"
    assert shown("Note", content="", source=source) == "from the source"
    assert shown("Note", content="<p>content</p>", source=source) == "content"
    assert shown("Note", source="a < b") == "a < b"
    assert shown("Note", source={"content": "$[x mfm]", "mediaType": "text/x.misskeymarkdown"}) == "$[x mfm]"


def test_no_markdown_is_dear() -> None:
    for piece in ("[", "*a **a ", "`", "> ", "[a](", "![[", "**a*", "[a\n", "<a:", "- "):
        content = post("Note", content=piece * 50_000, mediaType="text/markdown").content
        assert len(content) < 1_000_000
