"""Key objects from their texts. Loading is for the caller to cache: a checked private key costs 33 ms."""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from fedi.errors import PeerError

PublicKey = RSAPublicKey | Ed25519PublicKey
PrivateKey = RSAPrivateKey | Ed25519PrivateKey

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192
MAX_TEXT = 16_384

_BASE58 = {
    character: value for value, character in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
}
_ED25519_PREFIX = b"\xed\x01"
_MAX_MULTIKEY = 64


class BadKeyError(PeerError):
    """The actor's public key cannot be used."""

    status = 401
    reason = "bad_key"


def load_public_key(pem: object) -> PublicKey:
    """Return the key in a PEM text (SPKI or PKCS#1): RSA of 2,048 to 8,192 bits, or Ed25519; raises `BadKeyError`."""
    if not isinstance(pem, str) or len(pem) > MAX_TEXT:
        raise BadKeyError
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadKeyError from None
    if isinstance(key, Ed25519PublicKey):
        return key
    # A short key can be broken; a giant one makes every verification cost us dearly.
    if isinstance(key, RSAPublicKey) and MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        return key
    raise BadKeyError


def load_multikey(text: object) -> PublicKey:
    """Return the Ed25519 key in a `publicKeyMultibase` (FEP-521a, base58btc); raises `BadKeyError`."""
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _MAX_MULTIKEY:
        raise BadKeyError
    number = 0
    for character in text[1:]:
        if character not in _BASE58:
            raise BadKeyError
        number = number * 58 + _BASE58[character]
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(raw) != 34 or not raw.startswith(_ED25519_PREFIX):
        raise BadKeyError
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def load_private_key(pem: str) -> PrivateKey:
    """Return our own private key, unchecked: we made it, and the check costs 33 ms. Raises `ValueError`."""
    key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        return key
    raise ValueError("a signing key must be RSA or Ed25519")


def set_up() -> None:
    """Load and use a key that nobody has, so that OpenSSL is set up: 1.2 MB, which forked processes then share."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    sign_bytes(load_private_key(pem.decode()), b"")


def public_pem(key: PrivateKey) -> str:
    """Return the public half of a key as PEM (SPKI), as actor documents carry it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign_bytes(key: PrivateKey, message: bytes) -> bytes:
    """Return the raw signature: RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519. 0.3 ms for RSA 2048."""
    if isinstance(key, RSAPrivateKey):
        return key.sign(message, PKCS1v15(), SHA256())
    return key.sign(message)


def holds(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Tell whether a raw signature is the key's own for this message."""
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, message, PKCS1v15(), SHA256())
        else:
            key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
