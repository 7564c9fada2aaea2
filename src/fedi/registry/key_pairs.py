"""New signing keys."""

import asyncio

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fedi.registry import keys
from fedi.registry.keys import INSTANCE_ACTOR, Key
from fedi.registry.rows import Connection


def new_rsa(account_id: int) -> Key:
    """Return a new RSA-2048 key pair for an account. Takes a tenth of a second: call it in a thread."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private_pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Key(account_id=account_id, kind="rsa", private_pem=private_pem.decode(), public_pem=public_pem.decode())


async def of_instance(connection: Connection) -> Key:
    """Return the instance actor's RSA key, made by whoever first asks for it."""
    known = await keys.of_account(connection, INSTANCE_ACTOR)
    if "rsa" not in known:
        await keys.add(connection, await asyncio.to_thread(new_rsa, INSTANCE_ACTOR))
        known = await keys.of_account(connection, INSTANCE_ACTOR)
    return known["rsa"]
