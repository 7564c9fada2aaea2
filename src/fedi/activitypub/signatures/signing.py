"""Signing requests of our own, in both forms."""

import base64
from collections.abc import Mapping
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from fedi.activitypub.signatures.dates import http_date
from fedi.activitypub.signatures.digests import content_digest_header, digest_header
from fedi.activitypub.signatures.keys import PrivateKey, sign_bytes
from fedi.activitypub.signatures.shape import Form
from fedi.activitypub.vocabulary.uris import Uri

ACTIVITY_JSON = "application/activity+json"
_NONE: Mapping[str, str] = {}


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be signed, and with what."""

    method: str
    url: Uri
    key_id: str
    key: PrivateKey
    now: datetime
    body: bytes | None
    more: Mapping[str, str]


def sign(
    form: Form,
    method: str,
    url: Uri,
    *,
    key_id: str,
    key: PrivateKey,
    now: datetime,
    body: bytes | None = None,
    more: Mapping[str, str] = _NONE,
) -> dict[str, str]:
    """Return Host and the headers that sign a request, with a body also its digest and Content-Type.

    `cavage` is draft-cavage-12 with RSA-SHA256: Date, Digest and Signature; `rfc9421` is RFC 9421: Content-Digest,
    Signature-Input and Signature. Headers in `more` are signed and returned too.
    """
    request = _Request(method=method, url=url, key_id=key_id, key=key, now=now, body=body, more=more)
    return _rfc9421(request) if form == "rfc9421" else _cavage(request)


def _cavage(request: _Request) -> dict[str, str]:
    headers = {"Host": request.url.authority, "Date": http_date(request.now), **request.more}
    if request.body is not None:
        headers |= {"Digest": digest_header(request.body), "Content-Type": ACTIVITY_JSON}
    lines = [f"(request-target): {request.method.lower()} {request.url.target}"]
    lines += [f"{name.lower()}: {value}" for name, value in headers.items()]
    names = " ".join(line.partition(": ")[0] for line in lines)
    signature = _base64(sign_bytes(request.key, "\n".join(lines).encode()))
    algorithm = "rsa-sha256" if isinstance(request.key, RSAPrivateKey) else "hs2019"
    headers["Signature"] = f'keyId="{request.key_id}",algorithm="{algorithm}",headers="{names}",signature="{signature}"'
    return headers


def _rfc9421(request: _Request) -> dict[str, str]:
    headers = {"Host": request.url.authority, **request.more}
    components = {"@method": request.method.upper(), "@target-uri": request.url.origin + request.url.target}
    components |= {name.lower(): value for name, value in request.more.items()}
    if request.body is not None:
        headers |= {"Content-Digest": content_digest_header(request.body), "Content-Type": ACTIVITY_JSON}
        components["content-digest"] = headers["Content-Digest"]
    algorithm = "rsa-v1_5-sha256" if isinstance(request.key, RSAPrivateKey) else "ed25519"
    names = " ".join(f'"{name}"' for name in components)
    parameters = f'({names});created={int(request.now.timestamp())};keyid="{request.key_id}";alg="{algorithm}"'
    lines = [f'"{name}": {value}' for name, value in components.items()]
    lines.append(f'"@signature-params": {parameters}')
    headers["Signature-Input"] = f"sig1={parameters}"
    signature = _base64(sign_bytes(request.key, "\n".join(lines).encode()))
    headers["Signature"] = f"sig1=:{signature}:"
    return headers


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
