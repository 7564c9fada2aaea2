"""Digests of a body: the old `Digest` (RFC 3230) and `Content-Digest` (RFC 9530). Only SHA-256 counts."""

import base64
import binascii
import hashlib
import hmac
import re

from fedi.activitypub.signatures.errors import malformed, refused

_CONTENT_DIGEST_MEMBER = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):")


def digest_header(body: bytes) -> str:
    """Return the value of a `Digest` header. The name is in capitals: Threads knows no other spelling."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def content_digest_header(body: bytes) -> str:
    """Return the value of a `Content-Digest` header."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def check_digest(value: str, body: bytes) -> bytes:
    """Return the SHA-256 of `body` if the `Digest` header states it; raises `SignatureError` (400 or 401)."""
    actual = hashlib.sha256(body).digest()
    if value[:8].lower() == "sha-256=" and value[8:] == binascii.b2a_base64(actual, newline=False).decode():
        return actual  # nearly everybody states this one, and nothing else
    stated = []
    for member in value.split(","):
        name, equals, encoded = member.strip(" \t").partition("=")
        if not equals:
            raise malformed("digest_unreadable")
        if name.lower() == "sha-256":
            stated.append(encoded)
    return _check(stated, actual)


def check_content_digest(value: str, body: bytes) -> bytes:
    """Return the SHA-256 of `body` if the `Content-Digest` header states it; raises `SignatureError` (400 or 401)."""
    stated = []
    for member in value.split(","):
        match = _CONTENT_DIGEST_MEMBER.fullmatch(member.strip(" \t"))
        if match is None:
            raise malformed("digest_unreadable")
        if match[1] == "sha-256":
            stated.append(match[2])
    return _check(stated, hashlib.sha256(body).digest())


def decode_base64(text: str, reason: str) -> bytes:
    """Decode strict base64; raises `SignatureError` (400) with `reason`."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise malformed(reason) from None


def _check(stated: list[str], actual: bytes) -> bytes:
    if not stated:
        raise refused("digest_not_sha256")
    if len(stated) > 1 or not hmac.compare_digest(decode_base64(stated[0], "digest_unreadable"), actual):
        raise refused("digest_mismatch")
    return actual
