"""HTTP signatures, both ways: draft-cavage-http-signatures-12, and RFC 9421 with RFC 9530 digests.

Pure: values and a `now` go in, values come out; keys are looked up by the caller between the two steps, so that
nothing is fetched for a request whose headers already condemn it:

    claim = parse(headers, method=…, target=…, origin=…, body=…)   # what is claimed, digest and coverage checked
    check_window(claim, now)
    verify(claim, public_key, now)                                 # returns, or raises SignatureError (401)

May import `vocabulary.uris` and the leaves only.
"""

from fedi.activitypub.signatures.claim import check_window, parse, verify
from fedi.activitypub.signatures.errors import SignatureError
from fedi.activitypub.signatures.keys import (
    PrivateKey,
    PublicKey,
    load_multikey,
    load_private_key,
    load_public_key,
    public_pem,
)
from fedi.activitypub.signatures.shape import Form, SignatureClaim
from fedi.activitypub.signatures.signing import sign

__all__ = [
    "Form",
    "PrivateKey",
    "PublicKey",
    "SignatureClaim",
    "SignatureError",
    "check_window",
    "load_multikey",
    "load_private_key",
    "load_public_key",
    "parse",
    "public_pem",
    "sign",
    "verify",
]
