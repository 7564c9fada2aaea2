"""Signatures as a stranger makes them: written apart from the code under test, and able to lie in every part."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from fedi.activitypub.signatures import PrivateKey

Headers = list[tuple[bytes, bytes]]


def raw_signature(key: PrivateKey, message: bytes) -> str:
    """Return a base64 signature."""
    raw = key.sign(message, PKCS1v15(), SHA256()) if isinstance(key, RSAPrivateKey) else key.sign(message)
    return base64.b64encode(raw).decode()


def sha256_base64(body: bytes) -> str:
    """Return the digest of a body in base64."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def cavage(
    key: PrivateKey,
    *,
    key_id: str,
    method: str,
    target: str,
    host: str,
    date: datetime | str,
    body: bytes | None = None,
    headers: Mapping[str, str | None] | None = None,
    signed: Sequence[str] | None = None,
    signed_target: str | None = None,
    algorithm: str | None = "rsa-sha256",
    parameters: Mapping[str, int] | None = None,
) -> Headers:
    """Return a request's headers, signed as draft-cavage-12 says.

    `headers` replaces (or, with None, leaves out) values before signing; `signed` is the list of signed names;
    `signed_target` signs another path than `target`; `parameters` are `created` and `expires`.
    """
    values: dict[str, str | None] = {
        "host": host,
        "date": format_datetime(date, usegmt=True) if isinstance(date, datetime) else date,
    }
    if body is not None:
        values["digest"] = "SHA-256=" + sha256_base64(body)
        values["content-type"] = "application/activity+json"
    values.update(headers or {})
    present = {name: value for name, value in values.items() if value is not None}
    names = ["(request-target)", *present] if signed is None else list(signed)
    extra = {f"({name})": str(value) for name, value in (parameters or {}).items()}
    known = {"(request-target)": f"{method.lower()} {signed_target or target}", **extra, **present}
    text = "\n".join(f"{name}: {known[name]}" for name in names if name in known)
    parts = [f'keyId="{key_id}"']
    if algorithm is not None:
        parts.append(f'algorithm="{algorithm}"')
    parts += [f"{name}={value}" for name, value in (parameters or {}).items()]
    parts += [f'headers="{" ".join(names)}"', f'signature="{raw_signature(key, text.encode())}"']
    return _encoded({**present, "signature": ",".join(parts)})


def rfc9421(
    key: PrivateKey,
    *,
    key_id: str,
    method: str,
    url: str,
    host: str,
    created: int | None,
    body: bytes | None = None,
    covered: Sequence[str] | None = None,
    headers: Mapping[str, str | None] | None = None,
    expires: int | None = None,
    algorithm: str | None = None,
    label: str = "sig1",
    tail: str = "",
) -> Headers:
    """Return a request's headers, signed as RFC 9421 says. `tail` is text added to the signature's parameters."""
    values: dict[str, str | None] = {"host": host}
    if body is not None:
        values["content-digest"] = f"sha-256=:{sha256_base64(body)}:"
        values["content-type"] = "application/activity+json"
    values.update(headers or {})
    present = {name: value for name, value in values.items() if value is not None}
    if covered is None:
        covered = ["@method", "@target-uri"] + (["content-digest"] if body is not None else [])
    known = {"@method": method, "@target-uri": url, "@authority": host, **present}
    parameters = "(" + " ".join(f'"{name}"' for name in covered) + ")"
    if created is not None:
        parameters += f";created={created}"
    if expires is not None:
        parameters += f";expires={expires}"
    parameters += f';keyid="{key_id}"'
    if algorithm is not None:
        parameters += f';alg="{algorithm}"'
    parameters += tail
    lines = [f'"{name}": {known.get(name, "")}' for name in covered] + [f'"@signature-params": {parameters}']
    signature = raw_signature(key, "\n".join(lines).encode())
    return _encoded({**present, "signature-input": f"{label}={parameters}", "signature": f"{label}=:{signature}:"})


def _encoded(headers: Mapping[str, str]) -> Headers:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
