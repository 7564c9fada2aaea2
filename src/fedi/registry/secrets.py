"""Secrets that the server hands out: random, long, and kept only as digests.

A digest without salt or stretching is right here, and only here: nobody can guess 256 random bits.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from secrets import token_bytes, token_urlsafe


def new_secret() -> str:
    """Return 256 random bits as 43 characters that need no quoting in a URL."""
    return token_urlsafe(32)


def new_seed() -> bytes:
    """Return what `derive` makes a secret of."""
    return token_bytes(32)


def digest(secret: str) -> bytes:
    """Return what the registry keeps of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).digest()


def derive(key: str, purpose: str, seed: bytes) -> str:
    """Return a secret that can be made again by whoever has both the server's `key` and the stored `seed`."""
    mac = hmac.digest(key.encode(), purpose.encode() + b"\0" + seed, "sha256")
    return urlsafe_b64encode(mac).rstrip(b"=").decode()
