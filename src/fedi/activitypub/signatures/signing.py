"""Signing requests of our own, in both forms."""

import base64
from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from fedi.activitypub.signatures.dates import http_date
from fedi.activitypub.signatures.digests import content_digest_header, digest_header
from fedi.activitypub.signatures.keys import PrivateKey, sign_bytes
from fedi.activitypub.signatures.shape import Form
from fedi.activitypub.vocabulary.uris import Uri

ACTIVITY_JSON = "application/activity+json"
_NONE: Mapping[str, str] = {}


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
    """Return the headers that sign a request in the given form: see `sign_cavage` and `sign_rfc9421`."""
    signer = sign_rfc9421 if form == "rfc9421" else sign_cavage
    return signer(method, url, key_id=key_id, key=key, now=now, body=body, more=more)


def sign_cavage(
    method: str,
    url: Uri,
    *,
    key_id: str,
    key: PrivateKey,
    now: datetime,
    body: bytes | None = None,
    more: Mapping[str, str] = _NONE,
) -> dict[str, str]:
    """Return Host, Date and Signature, with a body also Digest and Content-Type (draft-cavage-12, RSA-SHA256).

    Headers in `more` are signed and returned too.
    """
    headers = {"Host": url.authority, "Date": http_date(now), **more}
    if body is not None:
        headers |= {"Digest": digest_header(body), "Content-Type": ACTIVITY_JSON}
    lines = [f"(request-target): {method.lower()} {url.target}"]
    lines += [f"{name.lower()}: {value}" for name, value in headers.items()]
    names = " ".join(line.partition(": ")[0] for line in lines)
    signature = _base64(sign_bytes(key, "\n".join(lines).encode()))
    algorithm = "rsa-sha256" if isinstance(key, RSAPrivateKey) else "hs2019"
    headers["Signature"] = f'keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{signature}"'
    return headers


def sign_rfc9421(
    method: str,
    url: Uri,
    *,
    key_id: str,
    key: PrivateKey,
    now: datetime,
    body: bytes | None = None,
    more: Mapping[str, str] = _NONE,
) -> dict[str, str]:
    """Return Host, Signature-Input and Signature, with a body also Content-Digest and Content-Type (RFC 9421).

    Headers in `more` are signed and returned too.
    """
    headers = {"Host": url.authority, **more}
    components = {"@method": method.upper(), "@target-uri": url.origin + url.target}
    components |= {name.lower(): value for name, value in more.items()}
    if body is not None:
        headers |= {"Content-Digest": content_digest_header(body), "Content-Type": ACTIVITY_JSON}
        components["content-digest"] = headers["Content-Digest"]
    algorithm = "rsa-v1_5-sha256" if isinstance(key, RSAPrivateKey) else "ed25519"
    names = " ".join(f'"{name}"' for name in components)
    parameters = f'({names});created={int(now.timestamp())};keyid="{key_id}";alg="{algorithm}"'
    lines = [f'"{name}": {value}' for name, value in components.items()]
    lines.append(f'"@signature-params": {parameters}')
    headers["Signature-Input"] = f"sig1={parameters}"
    signature = _base64(sign_bytes(key, "\n".join(lines).encode()))
    headers["Signature"] = f"sig1=:{signature}:"
    return headers


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
