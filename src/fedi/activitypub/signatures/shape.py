"""What a signature claims: the value that reading yields and verifying takes."""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.activitypub.signatures.errors import malformed
from fedi.activitypub.vocabulary import uris

Form = Literal["cavage", "rfc9421"]


class SignatureClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A readable signature whose coverage and digest are in order, and whose key is still to be found.

    `signing_strings` are tried in turn (with the query and without). `digest` is the SHA-256 of the body, None where
    there was none to sign. Digest and `signed_at` together tell a sender's second try from a second saying.
    """

    form: Form
    key_id: uris.Uri
    algorithm: str | None
    signature: bytes
    signing_strings: tuple[bytes, ...]
    signed_at: datetime
    expires_at: datetime | None
    digest: bytes | None


def read_key_id(text: str | None) -> uris.Uri:
    """Read a key id, once for all who ask about it afterwards; raises `SignatureError` (400)."""
    try:
        return uris.parse(text, fragment=True)
    except uris.InvalidUriError:
        raise malformed("key_id_unreadable") from None
