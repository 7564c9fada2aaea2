"""What is pushed can be read by whom it is for, and by nobody else."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from fedi.services import push_encryption
from fedi.services.push_encryption import BadKeys, Receiver, receiver
from tests.support.push_receiver import Browser, raw, text

CURVE = ec.SECP256R1()


def number(key: str) -> int:
    return int.from_bytes(raw(key), "big")


def test_the_example_of_rfc_8291_section_5() -> None:
    browser = Browser(number("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), raw("BTBZMqHH6r4Tts7J_aSIgg"))
    assert text(browser.public).startswith("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx")
    encrypted = push_encryption.aes128gcm(
        b"When I grow up, I want to be a watermelon",
        receiver(**browser.keys),
        key=ec.derive_private_key(number("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), CURVE),
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert text(encrypted.body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_example_of_the_draft_section_5() -> None:
    """draft-ietf-webpush-encryption-04 §5."""
    browser = Browser(number("9FWl15_QUQAWDaD3k3l50ZBZQJ4au27F1V4F0uLSD_M"), raw("R29vIGdvbyBnJyBqb29iIQ"))
    encrypted = push_encryption.aesgcm(
        b"I am the walrus",
        receiver(**browser.keys),
        key=ec.derive_private_key(number("nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY"), CURVE),
        salt=raw("lngarbyKfMoi9Z75xYXmkg"),
    )
    assert text(encrypted.body) == "6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA"


@pytest.mark.parametrize("size", [0, 1, push_encryption.MOST])
def test_only_whom_it_is_for_can_read_it(size: int) -> None:
    browser, other, words = Browser(), Browser(), b"x" * size
    to = receiver(**browser.keys)
    encrypted, legacy = push_encryption.aes128gcm(words, to), push_encryption.aesgcm(words, to)
    headers = (f"salt={text(legacy.salt)}", f"p256ecdsa=abc;dh={text(legacy.public)}")
    assert browser.read(encrypted.body) == words
    assert browser.read_legacy(legacy.body, *headers) == words
    assert max(len(encrypted.body), len(legacy.body)) <= 4096
    with pytest.raises(InvalidTag):
        other.read(encrypted.body)
    with pytest.raises(InvalidTag):
        other.read_legacy(legacy.body, *headers)


def test_nothing_is_used_twice() -> None:
    to = receiver(**Browser().keys)
    made = [push_encryption.aes128gcm(b"x", to) for _ in range(2)]
    assert made[0].salt != made[1].salt
    assert made[0].public != made[1].public


def test_keys_come_in_either_alphabet_with_or_without_padding() -> None:
    browser = Browser()
    padded = {name: key + "=" * (-len(key) % 4) for name, key in browser.keys.items()}
    plain = {name: key.replace("-", "+").replace("_", "/") for name, key in padded.items()}
    assert receiver(**padded) == receiver(**plain) == Receiver(browser.public, browser.auth)


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": ""},
        {"p256dh": "!!!"},
        {"p256dh": text(b"\x04" + b"\x01" * 64)},
        {"p256dh": text(Browser().public[:33])},
        {"auth": ""},
        {"auth": text(b"short")},
        {"auth": "ü"},
    ],
)
def test_what_is_no_key_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadKeys):
        receiver(**{**Browser().keys, **wrong})
