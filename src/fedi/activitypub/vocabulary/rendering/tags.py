"""The `tag` property and pictures, as documents carry them."""

import re
from urllib.parse import quote

from fedi.activitypub.vocabulary.hashtags import normal
from fedi.activitypub.vocabulary.rendering.contexts import Json
from fedi.descriptions import Emoji, Image, Mention
from fedi.site import Site

_OWN_EMOJI = re.compile(r"/emojis/([0-9]{1,18})/[0-9a-f]{16}\.[a-z]+$")
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


def emoji(site: Site, shown: Emoji) -> Json:
    """An emoji of ours: the address of its picture names the document that stands for it."""
    icon = image(Image(url=shown.url))
    own = _OWN_EMOJI.search(shown.url)
    uri = f"{site.base_url}/emojis/{own[1]}" if own else shown.url
    return {"type": "Emoji", "id": uri, "name": f":{shown.shortcode}:", "icon": icon}


def quote_link(quoted: str) -> Json:
    """A FEP-e232 link, for those who know no property of quotes."""
    media_type = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    return {"type": "Link", "mediaType": media_type, "rel": "https://misskey-hub.net/ns#_misskey_quote", "href": quoted}


def image(shown: Image) -> Json:
    """An Image; its media type is told by the ending of its address, where that is known."""
    document: Json = {"type": "Image", "url": shown.url}
    if media_type := _MEDIA_TYPES.get(shown.url.rpartition(".")[2].lower()):
        document["mediaType"] = media_type
    if shown.description:
        document["summary"] = shown.description
    return document
