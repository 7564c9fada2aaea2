"""Changes documents as an attacker would: somewhere in them stands something else, and they are documents still."""

import copy
import json
import random
from typing import Any

from tests.support.gauntlet import BOB, EVE, POLL, POST
from tests.support.here import SITE

KEYS = (
    *("id", "type", "actor", "object", "target", "to", "cc", "bto", "audience", "tag", "attachment", "url", "href"),
    *("attributedTo", "inReplyTo", "content", "contentMap", "summary", "name", "nameMap", "icon", "image", "published"),
    *(
        "updated",
        "endTime",
        "closed",
        "oneOf",
        "anyOf",
        "votersCount",
        "replies",
        "totalItems",
        "items",
        "orderedItems",
    ),
    *(
        "first",
        "next",
        "inbox",
        "outbox",
        "followers",
        "following",
        "featured",
        "endpoints",
        "sharedInbox",
        "publicKey",
    ),
    *("publicKeyPem", "owner", "preferredUsername", "alsoKnownAs", "movedTo", "quote", "quoteUrl", "_misskey_quote"),
    *("interactionPolicy", "canQuote", "automaticApproval", "manualApproval", "instrument", "result", "mediaType"),
    *(
        "blurhash",
        "focalPoint",
        "width",
        "height",
        "duration",
        "sensitive",
        "_misskey_content",
        "context",
        "conversation",
    ),
    *(
        "likes",
        "shares",
        "formerType",
        "deleted",
        "discoverable",
        "indexable",
        "manuallyApprovesFollowers",
        "suspended",
    ),
    *(
        "language",
        "source",
        "@context",
        "@id",
        "@type",
        "@graph",
        "@value",
        "signature",
        "proof",
        "startTime",
        "location",
    ),
)
TYPES = (
    *("Create", "Update", "Delete", "Undo", "Follow", "Accept", "Reject", "Like", "EmojiReact", "Announce", "Block"),
    *(
        "Flag",
        "Add",
        "Remove",
        "Move",
        "QuoteRequest",
        "QuoteAuthorization",
        "Person",
        "Service",
        "Group",
        "Application",
    ),
    *("Note", "Question", "Article", "Page", "Image", "Audio", "Video", "Event", "Tombstone", "Collection", "Mention"),
    *("OrderedCollection", "OrderedCollectionPage", "Hashtag", "Emoji", "Link", "Document", "PropertyValue", "Odd", ""),
)
MALLORY = "http://mallory.example:3001/users/mallory"
URIS = (
    *(BOB, POST, POLL, EVE, MALLORY, f"{MALLORY}/notes/1", f"{MALLORY}/notes/2", f"{MALLORY}/notes/new"),
    *(
        f"{MALLORY}/followers",
        f"{BOB}/followers",
        f"{MALLORY}/follow",
        f"{MALLORY}/boost",
        f"{BOB}#follow",
        SITE.base_url,
    ),
    *("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public", f"{EVE}/notes/1", f"{MALLORY}#main-key"),
    *(
        "https://[::1",
        "http://a:99999999/",
        "javascript:alert(1)",
        "//mallory.example/x",
        "https://xn--/",
        "https://a..b/",
    ),
    *(
        "https://m\u00fcllory.example/\u00fc",
        "https://mallory.example/" + "p" * 1990,
        "https://127.1/",
        "acct:bob@localhost:3000",
    ),
)
SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63 - 1, -(2**63), 1.5, -0.0, 1e300, 1e-300, "", " ", "true", "x" * 3_000),
    *(
        "9999-12-31T23:59:59+14:00",
        "0001-01-01T00:00:00Z",
        "2026-05-01T12:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "PT9M",
    ),
    *(
        "<p>hi <a href='x'>y</a>",
        "<" * 99,
        "&#0;&#xd800;",
        "\u202e\u0301" * 40,
        "\U0001f1e6",
        "a\u0000b",
        ":blob:",
        "#tag",
        "@bob",
    ),
    *(
        "image/png",
        "text/html",
        "yes",
        "public",
        "2026-05-01",
        "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        "\ufffe\uffff",
        "\x85\u2028",
    ),
)


def twist(body: bytes, seed: int) -> bytes:
    """Return a document in which one to three things were changed; what is no JSON comes back as it is."""
    chance = random.Random(seed)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(document, dict) or not document:
        return body
    for _ in range(chance.randint(1, 3)):
        _change(document, chance)
    return json.dumps(document).encode()


def _change(document: dict[str, Any], chance: random.Random) -> None:
    container = chance.choice(_containers(document))
    if isinstance(container, list):
        places: list[Any] = list(range(len(container)))
    else:
        places = [*container, chance.choice(KEYS)]
    if not places:
        return
    place = chance.choice(places)
    if chance.random() < 0.15 and not (isinstance(container, dict) and place not in container):
        del container[place]
        return
    before = copy.deepcopy(container[place]) if isinstance(container, list) or place in container else None
    container[place] = _something(document, before, chance)


def _something(document: dict[str, Any], before: Any, chance: random.Random) -> Any:
    match chance.randrange(9):
        case 0:
            return chance.choice(SCALARS)
        case 1 | 2:
            return chance.choice(URIS)
        case 3:
            return chance.choice(TYPES)
        case 4:
            return [before, chance.choice(SCALARS), chance.choice(URIS)]
        case 5:
            return {chance.choice(KEYS): before, chance.choice(KEYS): chance.choice((*URIS, *SCALARS))}
        case 6:
            return {
                "id": chance.choice(URIS),
                "type": chance.choice(TYPES),
                chance.choice(KEYS): chance.choice(SCALARS),
            }
        case 7:
            return copy.deepcopy(chance.choice(_containers(document)))
        case _:
            return [before] * chance.choice((0, 2, 40))


def _containers(value: Any) -> list[Any]:
    found: list[Any] = [value] if isinstance(value, dict | list) else []
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        found += _containers(inner)
    return found
