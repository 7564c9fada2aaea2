"""The `tag` property and pictures, as documents carry them."""

from urllib.parse import quote

from fedi.activitypub.vocabulary.hashtags import normal
from fedi.activitypub.vocabulary.rendering.contexts import Json
from fedi.facts import Emoji, Image, Mention
from fedi.site import Site

_MEDIA_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}


def mention(named: Mention) -> Json:
    return {"type": "Mention", "href": named.uri, "name": named.name}


def hashtag(site: Site, name: str) -> Json:
    return {"type": "Hashtag", "href": site.tag_page(quote(normal(name))), "name": f"#{name}"}


def emoji(shown: Emoji) -> Json:
    icon = image(Image(url=shown.url))
    return {"type": "Emoji", "id": shown.url, "name": f":{shown.shortcode}:", "icon": icon}


def image(shown: Image) -> Json:
    """An Image; its media type is told by the ending of its address, where that is known."""
    document: Json = {"type": "Image", "url": shown.url}
    if media_type := _MEDIA_TYPES.get(shown.url.rpartition(".")[2].lower()):
        document["mediaType"] = media_type
    if shown.description:
        document["summary"] = shown.description
    return document
