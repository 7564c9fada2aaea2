"""The types of documents, by what is done with them."""

ACTORS = frozenset({"Person", "Service", "Group", "Application", "Organization"})

FEATURED = frozenset({"FeaturedCollection", "FeaturedItem"})
"""Collections of accounts that somebody recommends, and places in them (FEP-7aa9)."""

COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})

ACTIVITIES = frozenset(
    {
        *("Accept", "Activity", "Add", "Announce", "Arrive", "Block", "Create", "Delete", "Dislike", "EmojiReact"),
        *("Flag", "Follow", "Ignore", "IntransitiveActivity", "Invite", "Join", "Leave", "Like"),
        *("Listen", "Lock", "Move", "Offer", "Read", "Reject", "Remove"),
        *("AnnounceRequest", "FeatureRequest", "LikeRequest", "QuoteRequest", "ReplyRequest"),
        *("TentativeAccept", "TentativeReject", "Travel", "Undo", "Update", "View"),
    }
)

NOTES = frozenset({"Note", "Question", "ChatMessage"})
"""Posts that are shown as they are. Pleroma's, Lemmy's and Mbin's private messages are ChatMessages."""

CONVERTED = frozenset({"Article", "Page", "Image", "Audio", "Video", "Event"})
"""Posts that are shown as title, summary and link, as Mastodon does."""

SHOWN = NOTES | CONVERTED

_PARTS = frozenset(
    {
        *("Answer", "CryptographicKey", "Emoji", "FeatureAuthorization", "Hashtag", "Key", "Link", "Mention"),
        *("Multikey", "Place", "Profile", "PropertyValue", "QuoteAuthorization", "Relationship", "Tombstone"),
    }
)
_NO_POSTS = ACTORS | COLLECTIONS | ACTIVITIES | _PARTS


def may_be_post(kinds: tuple[str, ...]) -> bool:
    """Tell whether documents of these types are posts: all are that are not known to be something else."""
    return bool(kinds) and not _NO_POSTS.intersection(kinds) and not kinds[0].endswith(("Request", "Authorization"))
