"""A browser that subscribed: it has keys, and reads what was encrypted for it, as the specifications say it must."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def raw(value: str) -> bytes:
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


class Browser:
    """Its private key, and the secret that it shared."""

    def __init__(self, private: int | None = None, auth: bytes = b"0123456789abcdef") -> None:
        curve = ec.SECP256R1()
        self.key = ec.generate_private_key(curve) if private is None else ec.derive_private_key(private, curve)
        self.auth = auth

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": text(self.public), "auth": text(self.auth)}

    def read(self, body: bytes) -> bytes:
        """Decrypt aes128gcm (RFC 8188 §2, RFC 8291 §3.4)."""
        salt, length = body[:16], body[20]
        sender, cipher = body[21 : 21 + length], body[21 + length :]
        assert len(cipher) <= int.from_bytes(body[16:20], "big")
        ikm = _hkdf(self.auth, self._shared(sender), b"WebPush: info\0" + self.public + sender, 32)
        key = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
        plain = AESGCM(key).decrypt(_hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12), cipher, None)
        assert plain.rstrip(b"\0")[-1:] == b"\x02"
        return plain.rstrip(b"\0")[:-1]

    def read_legacy(self, body: bytes, encryption: str, crypto_key: str) -> bytes:
        """Decrypt aesgcm (draft-ietf-webpush-encryption-04 §4) by the headers that came with it."""
        salt, sender = raw(_value("salt", encryption)), raw(_value("dh", crypto_key))
        ikm = _hkdf(self.auth, self._shared(sender), b"Content-Encoding: auth\0", 32)
        context = b"P-256\0\0\x41" + self.public + b"\0\x41" + sender
        key = _hkdf(salt, ikm, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\0" + context, 12)
        plain = AESGCM(key).decrypt(nonce, body, None)
        return plain[2 + int.from_bytes(plain[:2], "big") :]

    def _shared(self, sender: bytes) -> bytes:
        return self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))


def _value(name: str, header: str) -> str:
    found = re.search(rf"(?:^|[;,]\s*){name}=([A-Za-z0-9_-]+)", header)
    assert found is not None, header
    return found[1]
