"""Linked Data Signatures: made as Mastodon verifies them, over every word, without ever asking anybody."""

import base64
import copy
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from fedi.activitypub.signatures.linked_data import NotLinkedError, canonical, linked
from fedi.activitypub.vocabulary import rendering
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.descriptions import Attachment, Emoji, Field, Image, Mention, Poll, PollOption, QuoteRule
from fedi.site import Site
from tests.support import linked_verifying
from tests.support.keys import public_pem, rsa_key

Json = dict[str, Any]
Path = tuple[str | int, ...]

HERE = Site(domain="here.test", web_domain="here.test", https=True)
BOB = HERE.actor("bob")
KEY_ID = f"{BOB}#main-key"
NOON = datetime(2024, 5, 6, 12, 0, 0, 250_000, tzinfo=UTC)
PICTURE = "https://here.test/media/1.png"
EMOJI = Emoji(shortcode="blob", url="https://here.test/emojis/12/0123456789abcdef.png")


def note(**fields: Any) -> Json:
    post = rendering.local_post(
        HERE,
        "bob",
        7,
        content='<p>a "word"\n\tand \\ ünï\u2028 <b>more</b></p>',
        published=NOON,
        to=(PUBLIC,),
        cc=(f"{BOB}/followers", "https://m.test/ada"),
        summary="beware",
        sensitive=True,
        language="pt-BR",
        in_reply_to="https://m.test/1",
        mentions=(Mention(uri="https://m.test/ada", name="@ada@m.test"),),
        hashtags=("Été",),
        emojis=(EMOJI,),
        attachments=tuple(
            Attachment(
                kind="image", url=PICTURE, media_type="image/png", description="x", focus=focus, width=3, height=4
            )
            for focus in ((0.0, 0.5), (-1.0, 0.123), (0.0, 0.0))
        ),
    )
    more: Json = {
        "updated": NOON,
        "likes": 3,
        "shares": 4,
        "quote": "https://m.test/2",
        "quote_authorization": "https://m.test/stamps/2",
        "can_quote": QuoteRule(automatic=(PUBLIC,), manual=(f"{BOB}/followers",)),
    }
    return rendering.note(HERE, msgspec.structs.replace(post, **(more | fields)))


def poll() -> Json:
    options = tuple(PollOption(title=title, votes=votes) for title, votes in (("yes", 1), ("no", 1), ("maybe", 0)))
    return note(kind="Question", poll=Poll(options=options, multiple=True, expires_at=NOON, voters_count=2), likes=None)


def profile() -> Json:
    described = rendering.local_profile(
        HERE,
        "bob",
        public_key=public_pem(rsa_key("bob")),
        joined=NOON,
        kind="Person",
        display_name="Bob :blob:",
        note="<p>me</p>",
        avatar=Image(url=PICTURE, description="my face"),
        header=Image(url=PICTURE),
        fields=(Field(name="where", value="here"), Field(name="when", value="now")),
        emojis=(EMOJI,),
        locked=True,
        discoverable=True,
        indexable=True,
    )
    return rendering.actor_document(HERE, msgspec.structs.replace(described, also_known_as=("https://m.test/ada",)))


BOOST = rendering.announce(f"{BOB}/statuses/8", BOB, "https://m.test/1", "https://m.test/ada", "public", NOON)
ACTIVITIES = {
    "post": rendering.create(note()),
    "poll": rendering.create(poll()),
    "edit": rendering.update(note(), NOON),
    "boost": BOOST,
    "unboost": rendering.undo(BOOST),
    "deletion": rendering.delete(BOB, f"{BOB}/statuses/7"),
    "end of the account": rendering.delete_actor(BOB),
    "profile": rendering.update(profile(), NOON),
}


def signed(activity: Json) -> Json:
    """Return an activity as it arrives: signed, written and read."""
    document = linked(activity, key_id=KEY_ID, key=rsa_key("bob"), now=NOON)
    read: Json = msgspec.json.decode(msgspec.json.encode(document))
    return read


@pytest.mark.parametrize("activity", ACTIVITIES.values(), ids=ACTIVITIES)
def test_who_verifies_as_mastodon_does_finds_the_signature_good(activity: Json) -> None:
    document = signed(activity)
    assert linked_verifying.fault(document, public_pem(rsa_key("bob"))) is None
    assert linked_verifying.fault(document, public_pem(rsa_key("mallory"))) == "signature does not match"
    assert (document["signature"]["creator"], document["signature"]["created"]) == (KEY_ID, "2024-05-06T12:00:00Z")


def test_the_message_is_the_one_that_the_rules_say() -> None:
    """Written down by hand: no library stands between the rules and what is signed."""
    activity = ACTIVITIES["end of the account"]
    options = (
        '_:c14n0 <http://purl.org/dc/terms/created> "2024-05-06T12:00:00Z"'
        "^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n"
        f"_:c14n0 <http://purl.org/dc/terms/creator> <{KEY_ID}> .\n"
    )
    subject, stream = f"<{activity['id']}>", "https://www.w3.org/ns/activitystreams#"
    said = (
        f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{stream}Delete> .\n"
        f"{subject} <{stream}actor> <{BOB}> .\n"
        f"{subject} <{stream}object> <{BOB}> .\n"
        f"{subject} <{stream}to> <{PUBLIC}> .\n"
    )
    message = hashlib.sha256(options.encode()).hexdigest() + hashlib.sha256(said.encode()).hexdigest()
    value = base64.b64decode(signed(activity)["signature"]["signatureValue"])
    rsa_key("bob").public_key().verify(value, message.encode(), PKCS1v15(), SHA256())


@pytest.mark.parametrize("activity", ACTIVITIES.values(), ids=ACTIVITIES)
def test_s_040_every_word_is_signed(activity: Json) -> None:
    before = canonical(activity)
    for path in leaves(activity):
        assert canonical(twisted(activity, path)) != before, path


def test_what_was_changed_on_its_way_is_found_out() -> None:
    pem = public_pem(rsa_key("bob"))
    document = signed(ACTIVITIES["post"])
    for path in (("object", "content"), ("to", 0), ("actor",), ("signature", "created"), ("object", "tag", 0, "href")):
        assert linked_verifying.fault(twisted(document, path), pem) == "signature does not match", path


def test_it_may_be_written_anew_by_whoever_passes_it_on() -> None:
    document = signed(ACTIVITIES["post"])
    turned = {name: document[name] for name in reversed(document)}
    turned["object"] = {name: document["object"][name] for name in sorted(document["object"])}
    assert linked_verifying.fault(turned, public_pem(rsa_key("bob"))) is None


def test_s_041_a_context_that_is_not_pinned_is_named_and_never_fetched() -> None:
    strange = "https://m.test/context"
    for context in (
        strange,
        [PUBLIC.partition("#")[0], {"@import": strange}],
        [{"x": {"@id": "y:z", "@context": strange}}],
    ):
        document = {"@context": context, "id": BOB, "type": "Note", "x": {"a": "b"}}
        with pytest.raises(NotLinkedError):
            linked(document, key_id=KEY_ID, key=rsa_key("bob"), now=NOON)
    with pytest.raises(NotLinkedError, match=f"^{strange}$"):
        linked({"@context": strange, "id": BOB}, key_id=KEY_ID, key=rsa_key("bob"), now=NOON)


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where something is said, but for the contexts."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "@context":
                yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    elif value is not None:
        yield path


def twisted(document: Json, path: Path) -> Json:
    """Return a document that says something else in one place."""
    changed = copy.deepcopy(document)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    said = place[path[-1]]
    if isinstance(said, bool):
        place[path[-1]] = not said
    elif isinstance(said, int | float):
        place[path[-1]] = said + 1
    else:
        place[path[-1]] = "Article" if path[-1] == "type" else f"{said}1"
    return changed
