"""Verifying what the server under test signs, as a stranger does it: written apart from the code under test."""

import base64
import hashlib
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def signature_form(headers: Mapping[str, str]) -> str | None:
    """Return `rfc9421`, `cavage`, or None when the request is not signed."""
    if "signature-input" in headers:
        return "rfc9421"
    return "cavage" if "signature" in headers else None


def key_id(headers: Mapping[str, str]) -> str:
    """Return the key that a signed request names."""
    source = headers.get("signature-input") or headers["signature"]
    match = re.search(r'key[iI]d="([^"]+)"', source)
    assert match, "the signature names no key"
    return match[1]


def fault(method: str, target: str, origin: str, headers: Mapping[str, str], body: bytes, pem: str) -> str | None:
    """Return what is wrong with a signed request, or None when nothing is."""
    covered, text, signature = _parts(method, target, origin, headers)
    needed = {"cavage": {"(request-target)", "host", "date"}, "rfc9421": {"@method", "@target-uri"}}
    digests = {"cavage": "digest", "rfc9421": "content-digest"}
    form = signature_form(headers) or ""
    if not needed[form] <= set(covered):
        return "covers too little"
    if headers["host"] != origin.partition("://")[2]:
        return "wrong host"
    if method == "POST":
        if digests[form] not in covered:
            return "digest not signed"
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if headers[digests[form]] != {"cavage": f"SHA-256={digest}", "rfc9421": f"sha-256=:{digest}:"}[form]:
            return "wrong digest"
    key = load_pem_public_key(pem.encode())
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, text.encode(), PKCS1v15(), SHA256())
        else:
            assert isinstance(key, Ed25519PublicKey)
            key.verify(signature, text.encode())
    except InvalidSignature:
        return "signature does not match"
    return None


def _parts(method: str, target: str, origin: str, headers: Mapping[str, str]) -> tuple[list[str], str, bytes]:
    if signature_form(headers) == "rfc9421":
        label, _, parameters = headers["signature-input"].partition("=")
        covered = re.findall(r'"([^"]+)"', parameters.partition(")")[0])
        known = {"@method": method, "@target-uri": origin + target, "@authority": headers["host"], **headers}
        lines = [f'"{name}": {known[name]}' for name in covered] + [f'"@signature-params": {parameters}']
        encoded = headers["signature"].removeprefix(f"{label}=:").removesuffix(":")
    else:
        parameters_found = dict(re.findall(r'(\w+)="([^"]*)"', headers["signature"]))
        covered = parameters_found["headers"].split(" ")
        known = {"(request-target)": f"{method.lower()} {target}", **headers}
        lines = [f"{name}: {known[name]}" for name in covered]
        encoded = parameters_found["signature"]
    return covered, "\n".join(lines), base64.b64decode(encoded)
