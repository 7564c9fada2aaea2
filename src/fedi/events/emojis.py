"""Custom emoji of this server."""

from fedi.events.catalogue import Event, event


@event("emoji.added")
class EmojiAdded(Event, frozen=True, kw_only=True):
    """People here may write `:shortcode:`; one of the same name gives way. `category` is "" where there is none."""

    emoji_id: int
    shortcode: str
    url: str
    category: str = ""


@event("emoji.removed")
class EmojiRemoved(Event, frozen=True, kw_only=True):
    """An emoji may be used no more. Posts that have it keep it."""

    shortcode: str
