"""Secrets that the server hands out: random, long, and kept only as digests.

A digest without salt or stretching is right here, and only here: nobody can guess 256 random bits.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from secrets import token_bytes, token_urlsafe

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


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


def seal(key: str, purpose: str, text: str) -> bytes:
    """Return a text encrypted (AES-256-GCM) under the server's `key`, for what must be read again."""
    nonce = token_bytes(_NONCE)
    return nonce + AESGCM(_sealing(key, purpose)).encrypt(nonce, text.encode(), purpose.encode())


def unseal(key: str, purpose: str, sealed: bytes) -> str | None:
    """Return what was sealed; None if it was under another key, or changed."""
    try:
        return AESGCM(_sealing(key, purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def _sealing(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), b"seal\0" + purpose.encode(), "sha256")
