"""Pictures and other media in documents: attachments of posts, avatars and headers of actors."""

import re
from datetime import timedelta
from typing import Any, Literal

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.film_files import best
from fedi.descriptions import Attachment, Image

MAX_ATTACHMENTS = 16
MAX_DESCRIPTION = 10_000
_MAX_PIXELS = 100_000
_Kind = Literal["image", "gifv", "video", "audio", "unknown"]
_KINDS: dict[str, _Kind] = {"Image": "image", "Video": "video", "Audio": "audio"}
_ATTACHED = frozenset({"Document", "Link", *_KINDS})
_ENDINGS = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "mp4": "video/mp4", "webm": "video/webm", "mp3": "audio/mpeg", "ogg": "audio/ogg",
}  # fmt: skip
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60}")
_DURATION = re.compile(r"P(?:(\d{1,4})D)?T?(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?")
_BASE83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_CHARACTERS = frozenset(_BASE83)


def attachments(value: object) -> tuple[Attachment, ...]:
    """Return the media attached to a post. The media type decides what it is; ActivityPub's types are hints."""
    found: list[Attachment] = []
    if not value:
        return ()
    for each in values.objects(value):
        attachment = _attachment(each)
        if attachment is not None:
            found.append(attachment)
        if len(found) == MAX_ATTACHMENTS:
            break
    return tuple(found)


def itself(document: values.Document) -> tuple[Attachment, ...]:
    """Return the file that an Image, an Audio or a Video is, from its `url`.

    Of several sounds and pictures the first, which is the best; of films the largest that can be copied.
    """
    kind = values.kind_in(document, _ATTACHED)
    if kind == "Video":
        return _film(document)
    wanted = {"Image": "image/", "Audio": "audio/"}.get(kind, "")
    if not wanted:
        return ()
    for each in values.objects(document.get("url")):
        media_type = media_type_of(_stated(each))
        if media_type.startswith(wanted):
            attachment = _attachment({**each, "type": "Document", "url": each.get("href"), "mediaType": media_type})
            return (attachment,) if attachment else ()
    return ()


def _film(document: values.Document) -> tuple[Attachment, ...]:
    file = best(document.get("url"))
    if file is None:
        return ()
    of_all = {"icon": document.get("icon"), "duration": document.get("duration"), "name": document.get("name")}
    film = _attachment({**of_all, **file, "type": "Document", "url": file.get("href"), "mediaType": "video/mp4"})
    return (film,) if film else ()


def is_picture(document: values.Document) -> bool:
    """Tell whether a Link among attachments is a picture, and no page."""
    return _attachment({**document, "type": "Link"}) is not None


def image(value: object) -> Image | None:
    """Return a picture such as an avatar, from an Image, a Link, a URI, or the first usable of an array."""
    for member in values.members(value):
        if isinstance(member, dict):
            url = values.link(member.get("url") or member.get("href"), "image/png")
            if url:
                return Image(url=url, description=description(member))
        elif url := values.uri(member):
            return Image(url=url)
    return None


def description(document: values.Document) -> str:
    """Return the alternative text: `summary`, as GoToSocial writes it, or else `name`."""
    return (
        values.natural(document, "summary", MAX_DESCRIPTION) or values.natural(document, "name", MAX_DESCRIPTION)
    ).strip()


def duration(value: object) -> float | None:
    """Return seconds, from a number or an ISO 8601 duration such as PT1M30S."""
    if isinstance(value, str):
        match = _DURATION.fullmatch(value)
        if match is None or not any(match.groups()):
            return None
        days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds()
    seconds_or_none = values.number(value)
    return seconds_or_none if seconds_or_none is not None and seconds_or_none >= 0 else None


def blurhash(value: object) -> str:
    """Return a blurhash whose length is what its first character announces, at most 9 by 9 (S-095), or ""."""
    if not isinstance(value, str) or not 6 <= len(value) <= 166 or not _CHARACTERS.issuperset(value):
        return ""
    components = _BASE83.index(value[0])
    expected = 4 + 2 * (components % 9 + 1) * (components // 9 + 1)
    return value if components < 81 and len(value) == expected else ""


def _attachment(document: dict[str, Any]) -> Attachment | None:
    kind = values.kind_in(document, _ATTACHED)
    location = document.get("url") or document.get("href")
    url = values.link(location)
    if not kind or not url:
        return None
    media_type = media_type_of(_stated(document)) or media_type_of(_of_link(location)) or by_name(url)
    if kind == "Link" and not media_type.startswith("image/"):
        return None  # a page that is shared (FEP-8967); Lemmy's pictures are Links too
    icon = image(document.get("icon"))
    return Attachment(
        kind=kind_of(media_type, kind),
        url=url,
        media_type=media_type,
        description=description(document),
        blurhash=blurhash(document.get("blurhash")),
        width=pixels(document.get("width")),
        height=pixels(document.get("height")),
        duration=duration(document.get("duration")),
        focus=focus_of(document.get("focalPoint")),
        preview_url=icon.url if icon else "",
    )


def kind_of(media_type: str, kind: str) -> _Kind:
    """Return what a file is, by its media type, or else by its type of ActivityPub's."""
    by_type = _KINDS.get(media_type.partition("/")[0].capitalize())
    return by_type or ("unknown" if media_type else _KINDS.get(kind, "unknown"))


def media_type_of(value: object) -> str:
    """Return a media type in small letters, or ""."""
    return value.lower() if isinstance(value, str) and _MEDIA_TYPE.fullmatch(value) else ""


def _of_link(value: object) -> object:
    location = values.first(value)
    return _stated(location) if isinstance(location, dict) else None


def _stated(document: values.Document) -> object:
    """Funkwhale and old PeerTubes say `mimeType`."""
    return document.get("mediaType") or document.get("mimeType")


def by_name(url: str) -> str:
    """Return the media type that a file's name stands for.

    BookWyrm's covers do not say what they are: then the name of the file does.
    """
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    return _ENDINGS.get(ending, "")


def pixels(value: object) -> int | None:
    """Return a width or a height, None where it is none."""
    return values.count(value, _MAX_PIXELS) or None


def focus_of(value: object) -> tuple[float, float] | None:
    """Return where in a picture its middle is, each from -1 to 1."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    x, y = values.number(value[0]), values.number(value[1])
    return None if x is None or y is None else (min(max(x, -1.0), 1.0), min(max(y, -1.0), 1.0))
