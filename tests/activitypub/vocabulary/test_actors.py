"""Profiles as each kind of server writes them."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from fedi.activitypub.vocabulary import uris
from fedi.activitypub.vocabulary.actors import read_actor
from fedi.descriptions import Emoji, Field, Image
from fedi.errors import PeerError
from tests.support.documents import fixture

ADA = "https://mastodon.test/users/ada"


def test_a_person_of_mastodon() -> None:
    profile = read_actor(fixture("mastodon_person"))
    assert (profile.uri, profile.kind, profile.username, profile.display_name) == (ADA, "Person", "ada", "Ada :wave:")
    assert (profile.inbox, profile.shared_inbox) == (f"{ADA}/inbox", "https://mastodon.test/inbox")
    assert (profile.followers, profile.featured) == (f"{ADA}/followers", f"{ADA}/collections/featured")
    assert (profile.locked, profile.discoverable, profile.indexable, profile.suspended) == (True, True, False, False)
    assert profile.avatar == Image(url="https://mastodon.test/avatars/ada.jpg", description="Ada at her desk")
    assert profile.fields == (Field(name="Home", value='<a href="https://ada.test" rel="me">ada.test</a>'),)
    assert profile.emojis == (Emoji(shortcode="wave", url="https://mastodon.test/emoji/wave.png"),)
    assert [key.key_id for key in profile.keys] == [f"{ADA}#main-key"]
    assert profile.also_known_as == ("https://old.test/users/ada",)
    assert profile.published is not None


def test_a_person_of_gotosocial() -> None:
    profile = read_actor(fixture("gotosocial_person"))
    assert profile.avatar == Image(url="https://gts.test/a.png", description="a turtle")
    assert [key.key_id for key in profile.keys] == ["https://gts.test/users/turtle/main-key"]
    assert (profile.display_name, profile.emojis, profile.shared_inbox) == ("", (), "")


@pytest.mark.parametrize(
    "changed",
    [
        {"inbox": None},
        {"id": "acct:ada@mastodon.test"},
        {"preferredUsername": None},
        {"preferredUsername": "a" * 3_000},
        {"preferredUsername": "ada@evil.test"},
        {"preferredUsername": "a/../b"},
        {"type": "Note"},
    ],
)
def test_what_is_no_actor(changed: dict[str, Any]) -> None:
    with pytest.raises(PeerError) as caught:
        read_actor(fixture("mastodon_person") | changed)
    assert caught.value.reason == "malformed"


def test_the_name_may_be_in_webfinger_alone() -> None:
    changed = {"preferredUsername": None, "webfinger": "ada@mastodon.test"}
    assert read_actor(fixture("mastodon_person") | changed).username == "ada"


def test_what_belongs_to_another_origin_is_not_claimed() -> None:
    foreign = {name: f"https://good.test/{name}" for name in ("url", "followers", "following", "featured")}
    profile = read_actor(fixture("mastodon_person") | foreign)
    assert (profile.url, profile.followers, profile.following, profile.featured) == ("", "", "", "")


@pytest.mark.parametrize(
    "key",
    [
        {"owner": "https://good.test/users/alice"},
        {"owner": None},
        {"id": "https://evil.test/key"},
        {"id": None},
        {"publicKeyPem": "nothing"},
        {"publicKeyPem": "-----BEGIN" + "x" * 100_000 + "-----BEGIN"},
    ],
)
def test_s_005_a_key_must_be_claimed_by_both_sides(key: dict[str, Any]) -> None:
    document = fixture("mastodon_person")
    document["publicKey"] |= key
    keys = read_actor(document).keys
    assert all(len(found.pem) <= 8_192 for found in keys)
    assert keys == () or "publicKeyPem" in key


def test_several_keys_are_read() -> None:
    key = fixture("mastodon_person")["publicKey"]
    document = fixture("mastodon_person") | {"publicKey": [key, key | {"id": f"{ADA}#second"}] * 20}
    assert [found.key_id for found in read_actor(document).keys] == [f"{ADA}#main-key", f"{ADA}#second"]


def test_an_ed25519_multikey_is_read() -> None:
    # The example of FEP-521a.
    multibase = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    method = {"id": f"{ADA}#ed", "type": "Multikey", "controller": ADA, "publicKeyMultibase": multibase}
    (_, key) = read_actor(fixture("mastodon_person") | {"assertionMethod": [method]}).keys
    assert isinstance(load_pem_public_key(key.pem.encode()), Ed25519PublicKey)


@pytest.mark.parametrize("multibase", ["z6Mk", "z" + "1" * 47, "z" + "0" * 47, "m" + "A" * 47, 5, None])
def test_other_multikeys_are_not(multibase: object) -> None:
    method = {"id": f"{ADA}#ed", "controller": ADA, "publicKeyMultibase": multibase}
    assert len(read_actor(fixture("mastodon_person") | {"assertionMethod": [method]}).keys) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("evil\u202emoc.doog", "evilmoc.doog"),
        ("a\u200bb\ufeff", "ab"),
        ("two\nlines\0", "two lines"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 4),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        (["x"], "x"),
        ({"en": "x"}, ""),
    ],
)
def test_s_085_names_deceive_nobody(name: object, shown: str) -> None:
    assert read_actor(fixture("mastodon_person") | {"name": name}).display_name == shown


def test_names_may_be_in_a_language_map() -> None:
    assert read_actor(fixture("mastodon_person") | {"name": None, "nameMap": {"en": "Ada L."}}).display_name == "Ada L."


def test_long_texts_are_cut() -> None:
    field = {"type": "PropertyValue", "name": "n" * 3_000, "value": "v" * 3_000}
    long = {"name": "x" * 3_000, "summary": "x" * 30_000, "attachment": [field] * 60}
    profile = read_actor(
        fixture("mastodon_person") | long | {"alsoKnownAs": [f"https://x.test/{n}" for n in range(300)]}
    )
    assert (len(profile.display_name), len(profile.note), len(profile.also_known_as)) == (2_048, 20_000, 256)
    assert (len(profile.fields), len(profile.fields[0].name), len(profile.fields[0].value)) == (50, 2_047, 2_047)


@pytest.mark.parametrize(("stated", "read"), [(True, True), ("true", True), (1, False), ("no", False), (None, False)])
def test_flags(stated: object, read: bool) -> None:
    assert read_actor(fixture("mastodon_person") | {"suspended": stated}).suspended is read


@pytest.mark.parametrize("name", ["\u0430dmin", "ad\u200bmin", "\uff41dmin", "admin\u0301", "\u202enimda", "ad min"])
def test_s_149_a_name_in_a_handle_is_made_of_plain_letters(name: str) -> None:
    with pytest.raises(PeerError):
        read_actor(fixture("mastodon_person") | {"preferredUsername": name})


def test_s_149_a_domain_in_other_letters_shows_as_what_it_is() -> None:
    assert uris.parse("https://p\u0430ypal.test/users/x").host == "xn--pypal-4ve.test"
    assert uris.parse("https://\uff50aypal.test/users/x").host == "paypal.test"
