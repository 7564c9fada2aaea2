"""The words of posts, as they are kept to be found and as they are looked for."""

import re

from fedi.activitypub.vocabulary import html
from fedi.descriptions import Post

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""What Postgres 15 calls the languages that it can bend words of; for any other, words stay as they are."""
LONGEST = 20_000
"""Characters of a post that are found; a tsvector must stay below a megabyte."""
SPAN_BITS = 43
"""Of an id, so many low bits tell apart what is from one span: 2^27 milliseconds, a day and a half."""


def text_of(post: Post) -> str:
    """Return all that a post says in words: warning, text, what its media show, what one may vote for."""
    parts = [post.title, post.summary, html.to_text(post.content)]
    parts += [attachment.description for attachment in post.attachments]
    parts += [option.title for option in post.poll.options] if post.poll else []
    return "\n".join(part for part in parts if part)[:LONGEST]


def is_unspaced(text: str) -> bool:
    """Tell whether some of a text is in a script whose words no spaces part: Chinese, Japanese, Thai and their like."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def span_of(identifier: int) -> int:
    """Return the span of time that an id is from."""
    return identifier >> SPAN_BITS


def beginning(span: int) -> int:
    """Return the lowest id of a span."""
    return span << SPAN_BITS


def lexeme_of(span: int) -> str:
    """Return what stands for a span among the words of a post. No text has it: there is no space in any word."""
    return f" {span}"
