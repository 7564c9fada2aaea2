"""A document that was fetched, before anybody judged what it says."""

from typing import Any

import msgspec

from fedi.activitypub.vocabulary.uris import Uri


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A document as it was found: `url` is where, after redirects, and its id too."""

    document: dict[str, Any]
    body: bytes
    url: Uri
