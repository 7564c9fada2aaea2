"""Encrypting what is pushed so that only the browser or app can read it, not the service in between. Pure.

`aes128gcm` is RFC 8291 (over RFC 8188); `aesgcm` is draft-ietf-webpush-encryption-04, which apps ask for that were
written before it. Why this is our own: docs/decisions/web-push.md.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fedi.errors import FediError

RECORD = 4096
"""Bytes of a record, and what a push service must take at least (RFC 8030 §7.2)."""
MOST = 3800
"""Bytes of text that fit in one record, and into one message, whichever the encoding."""
_CURVE = ec.SECP256R1()
_AUTH_LENGTH = 16


class BadKeys(FediError):
    """These are not the keys of a browser or an app."""


class Receiver(msgspec.Struct, frozen=True):
    """The keys of whom a message is for: its public point (65 bytes), and a secret that it shares with us."""

    public: bytes
    auth: bytes


class Encrypted(msgspec.Struct, frozen=True):
    """A message as it is sent. `salt` and `public` go into headers where the body has no room for them."""

    body: bytes
    salt: bytes
    public: bytes


def receiver(p256dh: str, auth: str) -> Receiver:
    """Return the keys that a client sent, in base64 of either alphabet, padded or not. Raises BadKeys."""
    try:
        public, secret = decoded(p256dh), decoded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
    except ValueError as error:
        raise BadKeys(str(error)) from error
    if len(public) != 65 or len(secret) != _AUTH_LENGTH:
        raise BadKeys("the keys have the wrong length")
    return Receiver(public, secret)


def aes128gcm(
    text: bytes, to: Receiver, *, key: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> Encrypted:
    """Encrypt a message as RFC 8291 §3 says. `key` and `salt` are used once; tests give them."""
    key, salt = key or ec.generate_private_key(_CURVE), salt or os.urandom(16)
    public = _point(key.public_key())
    ikm = _derived(to.auth, _shared(key, to), b"WebPush: info\0" + to.public + public, 32)
    cek = _derived(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, ikm, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public
    # 0x02 ends the text of the last record (RFC 8188 §2).
    return Encrypted(header + AESGCM(cek).encrypt(nonce, text + b"\x02", None), salt, public)


def aesgcm(
    text: bytes, to: Receiver, *, key: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> Encrypted:
    """Encrypt a message as draft-ietf-webpush-encryption-04 §3 says."""
    key, salt = key or ec.generate_private_key(_CURVE), salt or os.urandom(16)
    public = _point(key.public_key())
    ikm = _derived(to.auth, _shared(key, to), b"Content-Encoding: auth\0", 32)
    context = b"P-256\0" + _measured(to.public) + _measured(public)
    cek = _derived(salt, ikm, b"Content-Encoding: aesgcm\0" + context, 16)
    nonce = _derived(salt, ikm, b"Content-Encoding: nonce\0" + context, 12)
    # Two bytes tell how much padding follows: none.
    return Encrypted(AESGCM(cek).encrypt(nonce, b"\0\0" + text, None), salt, public)


def encoded(value: bytes) -> str:
    """Return bytes in URL-safe base64 without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64 in either alphabet, padded or not. Raises ValueError."""
    plain = text.strip().translate(_URL_SAFE).rstrip("=")
    return urlsafe_b64decode(plain + "=" * (-len(plain) % 4))


_URL_SAFE = str.maketrans("+/", "-_")


def _shared(key: ec.EllipticCurvePrivateKey, to: Receiver) -> bytes:
    return key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to.public))


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _measured(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value
