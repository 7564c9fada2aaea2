"""Actor documents as profiles."""

import itertools
import re

from fedi.activitypub.vocabulary import keys, kinds, media, quotes, tags, values
from fedi.activitypub.vocabulary.authority import MalformedError, id_required
from fedi.activitypub.vocabulary.values import Document
from fedi.descriptions import Field, Profile

MAX_USERNAME = 2_048
MAX_NAME = 2_048
MAX_NOTE = 20_000
MAX_FIELDS = 50
MAX_FIELD = 2_047
MAX_ALIASES = 256
"""Of aliases, and of domains that may name an actor as author."""
MAX_DOMAIN = 253
_USERNAME = re.compile(r"[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*")
# Instance actors are called after their host, which on a developer's machine has a port.
_APPLICATION = re.compile(r"[^\s@/\\?#\x00-\x20\x7f-\x9f]+")


def read_actor(document: Document) -> Profile:
    """Return what an actor's document says (ActivityPub §4.1).

    An actor without id, inbox or usable name is no actor: raises `MalformedError`.
    """
    uri = id_required(document)
    kind = values.kind_in(document, kinds.ACTORS)
    inbox = values.id_of(document.get("inbox"))
    username = _username(document, kind)
    if not kind or not inbox or not username:
        raise MalformedError
    endpoints = values.first(document.get("endpoints"))
    shared = endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None
    return Profile(
        uri=uri,
        kind=kind,  # type: ignore[arg-type]  # one of kinds.ACTORS
        username=username,
        display_name=values.plain(values.natural(document, "name", MAX_NAME), MAX_NAME),
        note=values.natural(document, "summary", MAX_NOTE),
        url=_at_home(values.link(document.get("url")), uri),
        inbox=inbox,
        shared_inbox=values.id_of(shared) or values.id_of(document.get("sharedInbox")),
        outbox=values.id_of(document.get("outbox")),
        followers=_at_home(values.id_of(document.get("followers")), uri),
        following=_at_home(values.id_of(document.get("following")), uri),
        featured=_at_home(values.id_of(document.get("featured")), uri),
        featured_tags=_at_home(values.id_of(document.get("featuredTags")), uri),
        avatar=media.image(document.get("icon")),
        header=media.image(document.get("image")),
        fields=_fields(document),
        emojis=tags.emojis(document.get("tag")),
        locked=values.flag(document.get("manuallyApprovesFollowers")),
        discoverable=values.flag(document.get("discoverable")),
        indexable=values.flag(document.get("indexable")),
        memorial=values.flag(document.get("memorial")),
        suspended=values.flag(document.get("suspended")),
        show_media=_unless_denied(document, "showMedia"),
        show_media_replies=_unless_denied(document, "showRepliesInMedia"),
        show_featured=_unless_denied(document, "showFeatured"),
        attribution_domains=_domains(document),
        keys=keys.read_keys(document, uri),
        moved_to=values.id_of(document.get("movedTo")),
        also_known_as=values.ids_of(document.get("alsoKnownAs"), MAX_ALIASES),
        can_feature=quotes.rule(document, "canFeature"),
        published=values.moment(document.get("published")),
        updated=values.moment(document.get("updated")),
    )


def _unless_denied(document: Document, name: str) -> bool:
    return document.get(name) is not False


def _domains(document: Document) -> tuple[str, ...]:
    given = (value for value in values.members(document.get("attributionDomains")) if isinstance(value, str))
    return tuple(itertools.islice((each for each in given if 0 < len(each) <= MAX_DOMAIN), MAX_ALIASES))


def _username(document: Document, kind: str) -> str:
    """`preferredUsername`, or else the name in `webfinger` (Mastodon 4.7); "" if it could not stand in a handle."""
    name = values.first(document.get("preferredUsername"))
    if not isinstance(name, str) or not name:
        handle = document.get("webfinger")
        name = handle.removeprefix("acct:").partition("@")[0] if isinstance(handle, str) else ""
    allowed = _APPLICATION if kind == "Application" else _USERNAME
    return name if len(name) <= MAX_USERNAME and allowed.fullmatch(name) else ""


def _at_home(uri: str, actor: str) -> str:
    """Keep what is of the actor's own origin: another server's page, or followers, are not its to claim."""
    return uri if values.same_origin(uri, actor) else ""


def _fields(document: Document) -> tuple[Field, ...]:
    found = (
        Field(name=values.plain(row.get("name"), MAX_FIELD), value=values.text(row.get("value"), MAX_FIELD))
        for row in values.objects(document.get("attachment"))
        if "PropertyValue" in values.types(row) and isinstance(row.get("value"), str)
    )
    return tuple(field for field, _ in zip((f for f in found if f.name), range(MAX_FIELDS), strict=False))
