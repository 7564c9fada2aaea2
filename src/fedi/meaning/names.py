"""What references stand under: names while they are worked with, keys in the table."""

import hashlib
from functools import lru_cache

Key = str
"""A UUID in hexadecimal, without dashes: the class takes ten times as long to make, to hash and to compare."""
Name = str
"""What a key is made of: a URI, or a relation's kind and the URIs that it joins. Only the table needs keys, and most of
what is asked for stands nowhere: to make its digest would be in vain."""


def name_of(*parts: str) -> Name:
    """Return the name of a URI, which is itself, or of a relation: its kind and the URIs it joins."""
    return "\0".join(parts)


def key_of(*parts: str) -> Key:
    """Return the key under which a URI or a relation stands in the table."""
    return key_of_name("\0".join(parts))


@lru_cache(16_384)
def key_of_name(name: Name) -> Key:
    """As `key_of`, by the name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]
