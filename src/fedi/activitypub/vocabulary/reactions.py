"""The emoji of a reaction: `content` (FEP-c0e0), or Misskey's own property."""

import re

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.values import Document

MAX_EMOJI = 32
MAX_SHORTCODE = 128
_SHORTCODE = re.compile(r":[A-Za-z0-9_+.@-]+:")


def emoji_of(activity: Document) -> str:
    """Return a Unicode emoji, or a custom one as `:name:`; "" for a plain like or what cannot be an emoji."""
    for name in ("content", "_misskey_reaction"):
        emoji = values.plain(activity.get(name), MAX_SHORTCODE + 1)
        if _SHORTCODE.fullmatch(emoji) and len(emoji) <= MAX_SHORTCODE:
            return emoji
        if (
            0 < len(emoji) <= MAX_EMOJI
            and not any(c.isalpha() or c.isspace() or c in "<>&" for c in emoji)
            and not emoji.isascii()
        ):
            return emoji
    return ""
