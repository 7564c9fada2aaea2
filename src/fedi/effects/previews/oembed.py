"""What a page's oEmbed says (https://oembed.com): a photo, or a film to play in a frame. Pure; never raises."""

from typing import Any, Literal

import msgspec

from fedi.effects.previews import frames, words


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """A photo or film, or with kind `link` only more words about a page."""

    kind: Literal["link", "photo", "video"]
    title: str = ""
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    embed_url: str = ""
    image: str = ""
    width: int = 0
    height: int = 0


def read(data: bytes, page: str, own_host: str) -> Embedded | None:
    """Return what an oEmbed document says; None if it is none, or of a kind that only runs scripts (`rich`)."""
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(document, dict) or str(document.get("version", "1.0")) not in ("1.0", "1"):
        return None
    match document.get("type"):
        case "link":
            return _embedded(document, "link", page)
        case "photo" if address := words.address(document.get("url"), page):
            return _embedded(document, "photo", page, embed_url=address, image=address)
        case "video" if html := frames.first_frame(document.get("html"), page, own_host):
            return _embedded(document, "video", page, html=html)
    return None


def _embedded(document: dict[str, Any], kind: Literal["link", "photo", "video"], page: str, **more: str) -> Embedded:
    image = more.pop("image", "") or words.address(document.get("thumbnail_url"), page)
    sized = kind != "link"
    return Embedded(
        kind=kind,
        title=words.short(document.get("title"), words.TITLE),
        author_name=words.short(document.get("author_name"), words.NAME),
        author_url=words.address(document.get("author_url"), page),
        provider_name=words.short(document.get("provider_name"), words.NAME),
        provider_url=words.address(document.get("provider_url"), page),
        image=image,
        width=words.pixels(document.get("width")) if sized else 0,
        height=words.pixels(document.get("height")) if sized else 0,
        **more,
    )
