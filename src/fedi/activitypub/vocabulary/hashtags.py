"""Hashtags: what is one, and the form in which two of them are the same. Pure, linear in the length of its input."""

import unicodedata

MAX_LENGTH = 255
_SEPARATORS = "_·・\u200c"
# Mastodon folds these by a table of its own; the rest of Latin-1 and Latin Extended-A by taking the accent off.
_FOLDED = {"ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŋ": "n", "ø": "o", "ŧ": "t"}


def is_part(character: str) -> bool:
    """Tell whether a character may stand in a hashtag: letters, digits and marks of any script, and separators."""
    return character.isalnum() or character in _SEPARATORS or unicodedata.category(character)[0] == "M"


def is_hashtag(name: str) -> bool:
    """Tell whether a name, without its #, can be a hashtag: a number alone or separators alone are none."""
    if not 0 < len(name) <= MAX_LENGTH:
        return False
    if name.isascii() and name.isalnum():
        return not name.isdigit()
    if not all(map(is_part, name)):
        return False
    inner = name.strip(_SEPARATORS)
    return inner != "" and not inner.isdigit()


def leading(text: str, start: int) -> str:
    """Return the hashtag that begins at `start` in a text, after the #, or ""."""
    end = start
    while end < len(text) and end - start <= MAX_LENGTH and is_part(text[end]):
        end += 1
    name = text[start:end].rstrip(_SEPARATORS.replace("_", ""))
    return name if is_hashtag(name) else ""


def normal(name: str) -> str:
    """Return the form under which a hashtag is stored and compared: NFKC, lower case, Latin accents folded.

    The same rule as Mastodon's, so that a tag has the same address everywhere.
    """
    if name.isascii() and name.isalnum():
        return name.lower()
    lowered = unicodedata.normalize("NFKC", name).lower()
    return "".join(_fold(character) for character in lowered if is_part(character))


def _fold(character: str) -> str:
    if not "\u00c0" <= character <= "\u017f":
        return character
    base = unicodedata.normalize("NFD", character)[0]
    return _FOLDED.get(character, base if base.isascii() else character)
