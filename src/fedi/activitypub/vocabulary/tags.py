"""The `tag` property: mentions, hashtags, custom emoji, quote links. At most so many of each are read (S-067)."""

import re
from collections.abc import Iterable, Iterator

from fedi.activitypub.vocabulary import hashtags, values
from fedi.activitypub.vocabulary.media_types import is_activity_json
from fedi.descriptions import Emoji, Mention

MAX_MENTIONS = 50
MAX_HASHTAGS = 50
MAX_EMOJIS = 100
MAX_NAME = 512
MAX_READ = 2_000
"""Tags looked at in all: a note with a million tags costs no more than this."""
_SHORTCODE = re.compile(r":?([A-Za-z0-9_+.@-]{1,128}):?")
_QUOTE_RELATIONS = frozenset({"https://misskey-hub.net/ns#_misskey_quote", "https://w3id.org/fep/044f#quote"})


def mentions(tag: object) -> tuple[Mention, ...]:
    """Return whom a post names, once each. `href` is the actor's id."""
    if not tag:
        return ()
    found: dict[str, Mention] = {}
    for each in values.objects(_read(tag)):
        if "Mention" in values.types(each) and (href := values.uri(each.get("href"))):
            found.setdefault(href, Mention(uri=href, name=values.plain(each.get("name"), MAX_NAME)))
            if len(found) == MAX_MENTIONS:
                break
    return tuple(found.values())


def hashtag_names(tag: object) -> tuple[str, ...]:
    """Return the hashtags as written, without #; of those with the same normal form the first."""
    if not tag:
        return ()
    named = (each.get("name") for each in values.objects(_read(tag)) if "Hashtag" in values.types(each))
    return distinct_hashtags(named)


def distinct_hashtags(named: Iterable[object]) -> tuple[str, ...]:
    """Return what of some names of hashtags can be one, in the same way."""
    found: dict[str, str] = {}
    for each in named:
        name = values.plain(each, MAX_NAME).removeprefix("#")
        if hashtags.is_hashtag(name):
            found.setdefault(hashtags.normal(name), name)
            if len(found) == MAX_HASHTAGS:
                break
    return tuple(found.values())


def hashtag_pages(tag: object) -> Iterator[tuple[str, str]]:
    """Yield hashtags, without #, and where their server shows what has them."""
    for each in values.objects(_read(tag)):
        if "Hashtag" in values.types(each) and (href := values.uri(each.get("href"))):
            yield values.plain(each.get("name"), MAX_NAME).removeprefix("#"), href


def emojis(tag: object) -> tuple[Emoji, ...]:
    """Return the custom emoji that texts of the same document may use."""
    if not tag:
        return ()
    found: dict[str, Emoji] = {}
    for each in values.objects(_read(tag)):
        if "Emoji" not in values.types(each):
            continue
        icon = values.first(each.get("icon"))
        url = (
            values.link(icon.get("url") or icon.get("href"), "image/png")
            if isinstance(icon, dict)
            else values.uri(icon)
        )
        if emoji := emoji_of(each.get("name"), url):
            found.setdefault(emoji.shortcode, emoji)
        if len(found) == MAX_EMOJIS:
            break
    return tuple(found.values())


def emoji_of(name: object, url: str) -> Emoji | None:
    """Return the custom emoji of a name, with or without colons, and the address of its picture, if it can be one."""
    match = _SHORTCODE.fullmatch(name) if isinstance(name, str) else None
    return Emoji(shortcode=match[1], url=url) if match and url else None


def quote(tag: object) -> str:
    """Return the post that a FEP-e232 Link quotes, by its relation or by its name, which is "RE: …"; or ""."""
    if not tag:
        return ""
    links = list(values.objects(_read(tag)))
    for each in links:
        if _QUOTE_RELATIONS.intersection(r for r in values.members(each.get("rel")) if isinstance(r, str)):
            return values.uri(each.get("href"))
    return next((values.uri(each.get("href")) for each in links if _is_named_quote(each)), "")


def _is_named_quote(link: values.Document) -> bool:
    media_type, name = link.get("mediaType"), link.get("name")
    is_link = "Link" in values.types(link) and isinstance(media_type, str) and is_activity_json(media_type)
    return is_link and isinstance(name, str) and name.lstrip().upper().startswith("RE:")


def _read(tag: object) -> list[object]:
    return values.members(tag)[:MAX_READ]
