"""Comparing who follows somebody with another server, without telling it of anybody else (FEP-8fcf). Pure.

A digest is the XOR of the SHA-256 of each follower's id, over the followers of one server.
"""

import hashlib
import re
from collections.abc import Iterable

import msgspec

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.values import Document

HEADER = "Collection-Synchronization"
MAX_HEADER = 8_192
_PARAMETER = re.compile(r'([A-Za-z]{1,20})="([^"\\]{0,2048})"')
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Synchronization(msgspec.Struct, frozen=True, kw_only=True):
    """What the header says: of which collection, the digest of the receiver's part of it, and where that is listed."""

    collection: str
    digest: str
    url: str


def digest_of(uris: Iterable[str]) -> str:
    """Return the digest of a set of ids, in hexadecimal; of none it is all zeros."""
    total = 0
    for uri in set(uris):
        total ^= int.from_bytes(hashlib.sha256(uri.encode()).digest(), "big")
    return f"{total:064x}"


def write(said: Synchronization) -> str:
    """Return the value of the header."""
    return f'collectionId="{said.collection}", digest="{said.digest}", url="{said.url}"'


def read(header: str) -> Synchronization | None:
    """Return what a header says; None if it says too little, or what cannot be."""
    if len(header) > MAX_HEADER:
        return None
    given = dict(_PARAMETER.findall(header))
    said = Synchronization(
        collection=given.get("collectionId", ""), digest=given.get("digest", "").lower(), url=given.get("url", "")
    )
    return said if said.collection and said.url and _DIGEST.fullmatch(said.digest) else None


def listed(document: Document) -> tuple[tuple[str, ...], str]:
    """Return the ids that a partial collection or a page of one lists, and where it goes on, "" at its end."""
    embedded = values.first(document.get("first"))
    page = embedded if isinstance(embedded, dict) else document
    items = values.members(page.get("orderedItems")) or values.members(page.get("items"))
    onward = values.id_of(page.get("next")) or (values.uri(embedded) if isinstance(embedded, str) else "")
    return tuple(filter(None, map(values.id_of, items))), onward
