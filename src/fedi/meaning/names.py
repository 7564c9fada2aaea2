"""What references stand under: names while they are worked with, keys in the table."""

import hashlib
from functools import lru_cache

Key = str
"""A UUID in hexadecimal, without dashes: the class takes ten times as long to make, to hash and to compare."""
Name = str
"""What a key is made of: a URI, or a relation's kind and the URIs that it joins. Only the table needs keys, and most of
what is asked for stands nowhere: to make its digest would be in vain."""
Index = list[tuple[Key, int]]
"""At which positions of the log there are words of what: of which posts and actors, by the keys of their URIs."""
_SHORT = 512
"""Characters up to which a name is remembered with its key. Strangers may choose 4,000: of so many, that is 65 MB."""


def name_of(*parts: str) -> Name:
    """Return the name of a URI, which is itself, or of a relation: its kind and the URIs it joins."""
    return "\0".join(parts)


def key_of(*parts: str) -> Key:
    """Return the key under which a URI or a relation stands in the table."""
    return key_of_name("\0".join(parts))


def key_of_name(name: Name) -> Key:
    """As `key_of`, by the name."""
    return _remembered_key(name) if len(name) <= _SHORT else _digest(name)


@lru_cache(16_384)
def _remembered_key(name: Name) -> Key:
    return _digest(name)


def _digest(name: Name) -> Key:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
