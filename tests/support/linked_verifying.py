"""Verifying Linked Data Signatures as Mastodon does, apart from the code under test and with contexts of its own."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pyld.documentloader.frozen
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pyld import jsonld

Document = dict[str, Any]

_BUNDLED = Path(pyld.documentloader.frozen.__file__).parent / "bundled"
_NOT_IN_OLD_COPIES = ("Public", "alsoKnownAs", "likes", "shares", "vcard")
"""Terms that ActivityStreams got after Mastodon had made the copy that it verifies with."""


def fault(document: Document, pem: str) -> str | None:
    """Return what is wrong with a document's signature, or None when nothing is."""
    signature = document.get("signature")
    if not isinstance(signature, dict) or signature.get("type") != "RsaSignature2017":
        return "not signed"
    signed = {name: value for name, value in signature.items() if name not in ("type", "id", "signatureValue")}
    if set(signed) != {"creator", "created"}:
        return f"strange options: {sorted(signed)}"
    options = lines({"@context": "https://w3id.org/identity/v1", **signed})
    said = lines({name: value for name, value in document.items() if name != "signature"})
    message = "".join(hashlib.sha256(each.encode()).hexdigest() for each in (options, said))
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, RSAPublicKey)
    try:
        key.verify(base64.b64decode(signature["signatureValue"], validate=True), message.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return "signature does not match"
    return None


def lines(document: Document) -> str:
    """Return a document in canonical N-Quads; contexts that Mastodon has no copy of are an error."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    canonical = jsonld.normalize(document, options)
    assert isinstance(canonical, str)
    return canonical


def _load(url: str, options: object) -> Document:
    found = {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url}
    return {**found, "document": {"@context": _context(url)}}


def _context(url: str) -> Document:
    if url == "https://w3id.org/identity/v1":
        dc, date = "http://purl.org/dc/terms/", "http://www.w3.org/2001/XMLSchema#dateTime"
        creator, created = {"@id": "dc:creator", "@type": "@id"}, {"@id": "dc:created", "@type": date}
        return {"dc": dc, "id": "@id", "type": "@type", "creator": creator, "created": created}
    if url == "https://purl.archive.org/socialweb/webfinger":
        return {"wf": f"{url}#", "webfinger": "wf:webfinger"}
    names = {
        "https://www.w3.org/ns/activitystreams": "activitystreams",
        "https://w3id.org/security/v1": "security-v1",
    }
    context: Document = json.loads((_BUNDLED / f"{names[url]}.jsonld").read_text())["@context"]
    return {name: value for name, value in context.items() if name not in _NOT_IN_OLD_COPIES}
