"""Reading draft-cavage-http-signatures-12: the `Signature` header that nearly every server sends.

Stricter than the draft where its freedoms were attacked: `(request-target)` and `host` are always signed, `digest`
too when there is a body, and each header stands once.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from fedi.activitypub.signatures.dates import parse_http_date, parse_seconds
from fedi.activitypub.signatures.digests import check_digest, decode_base64
from fedi.activitypub.signatures.errors import SignatureError, malformed, refused
from fedi.activitypub.signatures.headers import SignedRequest
from fedi.activitypub.signatures.shape import SignatureClaim, read_key_id

_PARAMETER = re.compile(r'[ \t]*([A-Za-z]{1,32})[ \t]*=[ \t]*(?:"([^"\\]*)"|([0-9]{1,15}))[ \t]*(,|$)')
_LAST = ',signature="'
_MAX_REMEMBERED = 512
"""Letters of what is remembered of a header."""
_MAX_PARAMETERS = 16
_MAX_SIGNED = 32
_ALGORITHMS = frozenset({"rsa-sha256", "hs2019", None})
_PSEUDO = frozenset({"(request-target)", "(created)", "(expires)"})


class _Stated(msgspec.Struct, frozen=True):
    """A `Signature` header but for the signature itself: what a sender says in the same words each time."""

    parameters: Mapping[str, str]
    algorithm: str | None
    signed: tuple[str, ...]


def parse_cavage(request: SignedRequest, body: bytes) -> SignatureClaim:
    """Read a request's `Signature` header and check all that needs no key; raises `SignatureError` (400, 401)."""
    stated, signature = _read(request.header("signature"))
    parameters, signed = stated.parameters, stated.signed
    request.check_host()
    needs_digest = request.method == "POST" or body
    if needs_digest and "digest" not in signed:
        raise refused("digest_not_signed")
    if "(created)" in signed:
        signed_at = parse_seconds(parameters.get("created", ""))
    elif "date" in signed:
        signed_at = parse_http_date(request.header("date"))
    else:
        raise refused("date_not_signed")
    expires_at = parse_seconds(parameters.get("expires", "")) if "(expires)" in signed else None
    path, has_query, _ = request.target.partition("?")
    targets = [request.target, path] if has_query else [request.target]
    return SignatureClaim(
        form="cavage",
        key_id=read_key_id(parameters.get("keyId")),
        algorithm=stated.algorithm,
        signature=decode_base64(signature, "signature_unreadable"),
        signing_strings=tuple([_signing_string(request, signed, parameters, target) for target in targets]),
        signed_at=signed_at,
        expires_at=expires_at,
        digest=check_digest(request.header("digest"), body) if "digest" in signed else None,
    )


def _read(header: str) -> tuple[_Stated, str]:
    """Return what a header states and its signature."""
    try:
        usual = _read_usual(header)
    except SignatureError:  # what is wrong is told of the whole
        usual = None
    if usual is not None:
        return usual
    stated = _state(header)
    return stated, stated.parameters.get("signature", "")


def _read_usual(header: str) -> tuple[_Stated, str] | None:
    """Return the same of a header whose signature comes last, as nearly always; None of another."""
    before, found, after = header.rpartition(_LAST)
    if not found or before.endswith(",") or len(before) > _MAX_REMEMBERED or after.find('"') != len(after) - 1:
        return None
    stated = _remembered(before)
    if "\\" in after or "signature" in stated.parameters or len(stated.parameters) == _MAX_PARAMETERS:
        return None
    return stated, after[:-1]


def _state(header: str) -> _Stated:
    parameters = _parameters(header)
    algorithm = parameters.get("algorithm")
    if algorithm is not None:
        algorithm = algorithm.lower()
    if algorithm not in _ALGORITHMS:
        raise refused("algorithm_unknown")
    signed = parameters.get("headers", "").lower().split(" ")
    if len(signed) > _MAX_SIGNED or len(set(signed)) != len(signed):
        raise malformed("signed_headers_unreadable")
    if algorithm == "rsa-sha256" and not {"(created)", "(expires)"}.isdisjoint(signed):
        raise malformed("created_not_allowed")
    if "(request-target)" not in signed or "host" not in signed:
        raise refused("target_not_signed")
    return _Stated(parameters, algorithm, tuple(signed))


_remembered = lru_cache(512)(_state)


def _parameters(header: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    position = 0
    while position < len(header):
        match = _PARAMETER.match(header, position)
        if match is None or match[1] in parameters or len(parameters) == _MAX_PARAMETERS:
            raise malformed("signature_unreadable")
        parameters[match[1]] = match[2] if match[2] is not None else match[3]
        position = match.end()
    return parameters


def _signing_string(request: SignedRequest, signed: Sequence[str], parameters: Mapping[str, str], target: str) -> bytes:
    lines = []
    for name in signed:
        if name == "(request-target)":
            value = f"{request.method.lower()} {target}"
        elif name in _PSEUDO:
            value = parameters[name[1:-1]]
        else:
            value = request.header(name)
        lines.append(f"{name}: {value}")
    return "\n".join(lines).encode("latin-1", "backslashreplace")
