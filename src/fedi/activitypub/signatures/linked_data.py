"""Linked Data Signatures (RsaSignature2017), as Mastodon makes and verifies them. Made only: none is ever accepted.

What is signed is not bytes but what a document says: the lines of its RDF dataset in their canonical order (URDNA2015).
So whoever passes it on may write it anew, and every word of it must be a term that its contexts define.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fedi.activitypub.signatures.keys import PrivateKey, sign_bytes
from fedi.errors import FediError

_IDENTITY = "https://w3id.org/identity/v1"
_DCTERMS = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_OWN: Mapping[str, Mapping[str, object]] = {
    _IDENTITY: {
        "@context": {
            "creator": {"@id": f"{_DCTERMS}creator", "@type": "@id"},
            "created": {"@id": f"{_DCTERMS}created", "@type": f"{_XSD}dateTime"},
        }
    },
    "https://purl.archive.org/socialweb/webfinger": {
        "@context": {
            "webfinger": {
                "@id": "https://purl.archive.org/socialweb/webfinger#webfinger",
                "@type": f"{_XSD}string",
            }
        }
    },
}
"""What of these contexts is used here, in our own words. ActivityStreams and Security come with the library."""


class NotLinkedError(FediError):
    """A document cannot be signed so: it names a context that is not among the pinned ones, or is no JSON-LD."""


def linked(document: Mapping[str, Any], *, key_id: str, key: PrivateKey, now: datetime) -> dict[str, Any]:
    """Return a document with its signature. Takes some 15 ms, and once the library's loading; for a thread.

    Nothing is fetched. Raises NotLinkedError.
    """
    options = {"creator": key_id, "created": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    said = {name: value for name, value in document.items() if name != "signature"}
    message = _digest({"@context": _IDENTITY, **options}) + _digest(said)
    value = base64.b64encode(sign_bytes(key, message.encode())).decode()
    return {**said, "signature": {"type": "RsaSignature2017", **options, "signatureValue": value}}


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def canonical(document: Mapping[str, Any]) -> str:
    """Return the lines of what a document says. Raises NotLinkedError."""
    # The library takes 25 MB and half a second, which only those pay who want to sign.
    from pyld import jsonld
    from pyld.documentloader.frozen import BUNDLED_CONTEXTS, FrozenDocumentLoader

    loader = FrozenDocumentLoader({**BUNDLED_CONTEXTS, **_OWN})
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader}
    try:
        lines = jsonld.normalize(dict(document), options)
    except jsonld.JsonLdError as error:
        raise NotLinkedError(_reason(error)) from error
    assert isinstance(lines, str)
    return lines


def _reason(error: BaseException) -> str:
    """Return the innermost reason, which is the context that could not be loaded, if that is what it was."""
    while error.__cause__ is not None:
        error = error.__cause__
    details = getattr(error, "details", None) or {}
    return str(details.get("url") or error.args[0])
