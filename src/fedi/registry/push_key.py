"""The key by which push services know this server (VAPID, RFC 8292): a P-256 pair, raw, in URL-safe base64."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from fedi.registry.rows import Connection, change, one
from fedi.sql import queries

_SQL = queries(__file__)
_LENGTH = 32


class PushKey(msgspec.Struct, frozen=True, kw_only=True):
    """Both halves: 32 bytes, and the 65 of an uncompressed point."""

    private: str
    public: str


async def own_key(connection: Connection, private: str | None) -> PushKey:
    """Return this server's key: the operator's if one is given, else its own, made by whoever first asks for it."""
    if private is not None:
        return PushKey(private=private, public=public_half(private))
    known = await one(connection, _SQL["own"], {}, PushKey)
    if known is None:
        await change(connection, _SQL["keep"], msgspec.structs.asdict(new_key()))
        known = await one(connection, _SQL["own"], {}, PushKey)
    assert known is not None
    return known


def new_key() -> PushKey:
    """Return a new key pair."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    private = _text(number.to_bytes(_LENGTH, "big"))
    return PushKey(private=private, public=public_half(private))


def public_half(private: str) -> str:
    """Return the public half of a private key. Raises ValueError if it is none."""
    value = urlsafe_b64decode(private + "=" * (-len(private) % 4))
    if len(value) != _LENGTH:
        raise ValueError("a private key has 32 bytes")
    public = ec.derive_private_key(int.from_bytes(value, "big"), ec.SECP256R1()).public_key().public_numbers()
    return _text(b"\x04" + public.x.to_bytes(_LENGTH, "big") + public.y.to_bytes(_LENGTH, "big"))


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
