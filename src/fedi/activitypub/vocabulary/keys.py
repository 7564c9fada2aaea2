"""Public keys in an actor's document: `publicKey` (PEM) and `assertionMethod` (Multikey, FEP-521a)."""

import base64

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.values import Document
from fedi.descriptions import PublicKey

MAX_KEYS = 10
_MAX_PEM = 8_192
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519_CODE = b"\xed\x01"
_ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")


def read_keys(document: Document, actor: str) -> tuple[PublicKey, ...]:
    """Return the keys that an actor claims. A key that names another owner, or lives at another origin, is none."""
    found: dict[str, PublicKey] = {}
    for key in list(values.objects(document.get("publicKey")))[:MAX_KEYS]:
        _keep(found, actor, key.get("id"), key.get("owner"), values.text(key.get("publicKeyPem"), _MAX_PEM))
    for key in list(values.objects(document.get("assertionMethod")))[:MAX_KEYS]:
        _keep(found, actor, key.get("id"), key.get("controller"), _pem(key.get("publicKeyMultibase")))
    return tuple(found.values())


def _keep(found: dict[str, PublicKey], actor: str, key_id: object, owner: object, pem: str) -> None:
    identifier = values.uri(key_id)
    if "-----BEGIN" in pem and values.id_of(owner) == actor and values.same_origin(identifier, actor):
        found.setdefault(identifier, PublicKey(key_id=identifier, pem=pem))


def _pem(multibase: object) -> str:
    """Return an Ed25519 Multikey as PEM; "" for anything else."""
    if not isinstance(multibase, str) or not multibase.startswith("z") or not 40 <= len(multibase) <= 60:
        return ""
    number = 0
    for character in multibase[1:]:
        digit = _ALPHABET.find(character)
        if digit < 0:
            return ""
        number = number * 58 + digit
    raw = number.to_bytes(48, "big").lstrip(b"\0")
    if len(raw) != 34 or not raw.startswith(_ED25519_CODE):
        return ""
    encoded = base64.b64encode(_ED25519_SPKI + raw[2:]).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n"
