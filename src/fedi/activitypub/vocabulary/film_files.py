"""The files of a Video, as PeerTube lists them: beside the page for people, and within its playlists."""

from collections.abc import Iterator
from typing import Any

from fedi.activitypub.vocabulary import values

MAX_BYTES = 99 * 1024 * 1024
"""A larger file cannot be copied: then there is the page, whose card plays it."""
MAX_FILES = 100
_PLAYLIST = "application/x-mpegurl"
_STREAMS = frozenset({"video", "audio"})


def best(url: object) -> dict[str, Any] | None:
    """Return the largest MP4 that a Video names and that can be copied, None if there is none."""
    found = [(size, number, each) for number, each in enumerate(_files(url)) if 0 < (size := _size(each)) <= MAX_BYTES]
    return max(found)[2] if found else None


def _files(url: object) -> Iterator[dict[str, Any]]:
    """Yield the films: Links by themselves, and those of playlists, whose files are films as well."""
    for place in [*values.objects(url)][:MAX_FILES]:
        within = [*values.objects(place.get("tag"))][:MAX_FILES] if _type(place) == _PLAYLIST else []
        yield from (each for each in (place, *within) if _type(each) == "video/mp4" and _whole(each))


def _whole(link: dict[str, Any]) -> bool:
    """Tell whether a file has pictures and sound, as far as is said: newer playlists keep the two apart."""
    said = [each for each in values.objects(link.get("attachment")) if each.get("name") == "ffprobe_codec_type"]
    streams = {values.plain(each.get("value"), 10) for each in said}
    return not streams or streams >= _STREAMS


def _type(link: dict[str, Any]) -> str:
    said = link.get("mediaType") or link.get("mimeType")
    return said.lower() if isinstance(said, str) else ""


def _size(link: dict[str, Any]) -> int:
    return values.count(link.get("size")) or 0
