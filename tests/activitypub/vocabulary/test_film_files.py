"""Which file of a PeerTube film is shown."""

from typing import Any

import pytest

from fedi.activitypub.vocabulary import film_files
from fedi.activitypub.vocabulary.media import itself
from fedi.services.media.film_limits import MAX_FILM_BYTES

MB = 1024 * 1024
PAGE = {"type": "Link", "mediaType": "text/html", "href": "https://films.test/w/1"}


def file(height: int, megabytes: float, *streams: object) -> dict[str, Any]:
    said = [{"type": "PropertyValue", "name": "ffprobe_codec_type", "value": stream} for stream in streams]
    link = {"type": "Link", "mediaType": "video/mp4", "href": f"https://films.test/{height}.mp4", "attachment": said}
    return link | {"height": height, "width": height * 16 // 9, "size": int(megabytes * MB)}


def shown(*links: object) -> list[str]:
    return [each.url for each in itself({"type": "Video", "url": list(links)})]


def playlist(*files: object) -> dict[str, Any]:
    return {"type": "Link", "mediaType": "application/x-mpegURL", "href": "https://films.test/m.m3u8", "tag": [*files]}


def test_the_largest_film_that_can_be_copied_is_attached() -> None:
    document = {
        "type": "Video",
        "name": "My film",
        "duration": "PT90S",
        "icon": [{"type": "Image", "url": "https://films.test/t.jpg"}],
        "url": [PAGE, file(1080, 300), file(720, 80), file(480, 40)],
    }
    (film,) = itself(document)
    assert (film.kind, film.url, film.media_type) == ("video", "https://films.test/720.mp4", "video/mp4")
    assert (film.width, film.height, film.duration) == (1280, 720, 90.0)
    assert (film.preview_url, film.description) == ("https://films.test/t.jpg", "My film")


def test_files_of_a_playlist_count_if_they_have_pictures_and_sound() -> None:
    apart = [file(720, 80, "video"), file(0, 9, "audio"), file(480, 40, "video", "audio")]
    assert shown(PAGE, playlist(*apart)) == ["https://films.test/480.mp4"]
    assert shown(PAGE, playlist(file(360, 20))) == ["https://films.test/360.mp4"]


@pytest.mark.parametrize(
    "links",
    [
        [PAGE],
        [file(1080, 99.1)],
        [file(720, 0)],
        [file(720, 9) | {"size": "much"}],
        [file(720, 9) | {"href": "javascript:1"}],
        [file(720, 9) | {"mediaType": ["video/mp4"]}],
        [file(720, 9, {}, [], 7)],
        [playlist() | {"tag": 7}],
        [[[]], None, "x"],
    ],
)
def test_a_film_that_is_none_or_too_large_is_not_attached(links: list[Any]) -> None:
    assert shown(*links) == []


def test_what_is_attached_can_be_copied() -> None:
    assert film_files.MAX_BYTES == MAX_FILM_BYTES
