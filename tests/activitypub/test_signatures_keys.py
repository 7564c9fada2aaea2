"""Keys: which ones are taken, and from which texts."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fedi.activitypub import signatures
from fedi.activitypub.signatures.keys import BadKeyError
from tests.support.keys import ed25519_key, private_pem, public_pem, rsa_key


def test_public_keys_from_pem() -> None:
    for key in (rsa_key(), ed25519_key()):
        assert signatures.load_public_key(public_pem(key)) == key.public_key()
        assert signatures.public_pem(key) == public_pem(key)


def test_pkcs1_as_old_servers_write_it() -> None:
    pem = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    assert signatures.load_public_key(pem) == rsa_key().public_key()


def test_private_keys_from_pem() -> None:
    key = signatures.load_private_key(private_pem(rsa_key()))
    assert key.public_key() == rsa_key().public_key()
    with pytest.raises(ValueError, match="RSA or Ed25519"):
        signatures.load_private_key(_curve_pem())


def _curve_pem() -> str:
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    "pem", [None, "", "x", 5, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "x" * 20_000]
)
def test_refuses_what_is_no_key(pem: object) -> None:
    with pytest.raises(BadKeyError):
        signatures.load_public_key(pem)


def test_refuses_weak_and_foreign_keys() -> None:
    weak = public_pem(rsa_key("weak", 1024))
    curve = generate_private_key(SECP256R1()).public_key()
    for pem in (weak, curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()):
        with pytest.raises(BadKeyError):
            signatures.load_public_key(pem)


def test_multikey_of_the_data_integrity_specification() -> None:
    key = signatures.load_multikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQXJPt4swEhYPt"[:48])
    assert isinstance(key, Ed25519PublicKey)


@pytest.mark.parametrize(
    "text",
    [None, "", "z", "z0", "u6Mkr", "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQXJPt4swEhYP", "z" + "2" * 60, "z" * 900],
)
def test_refuses_other_multikeys(text: object) -> None:
    with pytest.raises(BadKeyError):
        signatures.load_multikey(text)
