"""Local documents: what is written is what is read, and has the shape that others expect."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fedi.activitypub.vocabulary import addresses, claims, rendering
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.actors import read_actor
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.posts import read_post
from fedi.activitypub.vocabulary.rendering.discovery import Usage
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.descriptions import Attachment, Emoji, Field, Image, Mention, Poll, PollOption, Post, Profile, QuoteRule
from fedi.site import Site

HERE = Site(domain="here.test", web_domain="social.here.test", https=True)
BOB = HERE.actor("bob")
ADA = "https://m.test/users/ada"
PEM = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)

MOMENTS = st.integers(1, 200 * 365 * 86_400_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po"]), min_size=1, max_size=30)
HTML = NAMES.map(lambda text: f"<p>{text}</p>")
URLS = st.integers(1, 99).map(lambda n: f"https://m.test/{n}.png")
URIS = st.integers(1, 99).map(lambda n: f"https://m.test/users/{n}")
COUNTS = st.none() | st.integers(0, 10**6)
EMOJIS = st.lists(
    st.builds(Emoji, shortcode=st.from_regex(r"[a-z0-9_]{2,20}", fullmatch=True), url=URLS),
    max_size=3,
    unique_by=lambda e: e.shortcode,
).map(tuple)
FOCUS = st.none() | st.tuples(st.floats(-1, 1), st.floats(-1, 1))
ATTACHMENTS = st.builds(
    Attachment,
    kind=st.just("image"),
    url=URLS,
    media_type=st.just("image/png"),
    description=st.just("") | NAMES,
    blurhash=st.sampled_from(["", "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH"]),
    width=st.none() | st.integers(1, 9000),
    height=st.none() | st.integers(1, 9000),
    focus=FOCUS,
    preview_url=st.just("") | URLS,
)
NAMED = st.lists(st.sampled_from([f"{BOB}/followers", f"{BOB}/following", BOB]), max_size=2, unique=True)
RULES = st.builds(QuoteRule, automatic=st.just((PUBLIC,)) | NAMED.map(tuple), manual=NAMED.map(tuple))
POLLS = st.builds(
    Poll,
    options=st.lists(st.builds(PollOption, title=NAMES, votes=st.integers(0, 99)), min_size=2, max_size=4).map(tuple),
    multiple=st.booleans(),
    expires_at=st.none() | MOMENTS,
    closed_at=st.none() | MOMENTS,
    voters_count=COUNTS,
)
AUDIENCES = st.lists(st.sampled_from([PUBLIC, addresses.followers(BOB)]) | URIS, max_size=4, unique=True).map(
    lambda uris: tuple(sorted(uris, key=lambda uri: uri != PUBLIC))
)


@st.composite
def posts(draw: st.DrawFn) -> Post:
    post = rendering.local_post(
        HERE,
        "bob",
        draw(st.integers(1, 2**60)),
        content=draw(HTML),
        published=draw(MOMENTS),
        to=draw(AUDIENCES),
        cc=draw(AUDIENCES),
        summary=draw(st.just("") | NAMES),
        sensitive=draw(st.booleans()),
        language=draw(st.sampled_from(["", "en", "pt-BR"])),
        in_reply_to=draw(st.just("") | URIS),
        mentions=tuple(draw(st.lists(st.builds(Mention, uri=URIS, name=NAMES), max_size=3, unique_by=lambda m: m.uri))),
        hashtags=draw(st.sampled_from([(), ("Cats",), ("日本語", "Été")])),
        emojis=draw(EMOJIS),
        attachments=tuple(draw(st.lists(ATTACHMENTS, max_size=3))),
        poll=draw(st.none() | POLLS),
    )
    return msgspec.structs.replace(
        post,
        updated=draw(st.none() | MOMENTS),
        likes=draw(COUNTS),
        shares=draw(COUNTS),
        quote=draw(st.just("") | URIS),
        quote_authorization=draw(st.just("") | URIS),
        can_quote=draw(st.none() | RULES),
    )


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    pictures = st.none() | st.builds(Image, url=URLS, description=st.just("") | NAMES)
    profile = rendering.local_profile(
        HERE,
        draw(st.from_regex(r"[a-z0-9_]{1,30}", fullmatch=True)),
        public_key=PEM,
        joined=draw(MOMENTS),
        kind=draw(st.sampled_from(["Person", "Service", "Group"])),
        display_name=draw(st.just("") | NAMES),
        note=draw(st.just("") | HTML),
        avatar=draw(pictures),
        header=draw(pictures),
        fields=tuple(draw(st.lists(st.builds(Field, name=NAMES, value=HTML), max_size=4))),
        emojis=draw(EMOJIS),
        locked=draw(st.booleans()),
        discoverable=draw(st.booleans()),
        indexable=draw(st.booleans()),
    )
    return msgspec.structs.replace(
        profile,
        updated=draw(st.none() | MOMENTS),
        also_known_as=tuple(draw(st.lists(URIS, max_size=2, unique=True))),
        moved_to=draw(st.just("") | URIS),
        suspended=draw(st.booleans()),
    )


@settings(deadline=None)
@given(posts())
def test_a_post_is_read_as_it_was_written(post: Post) -> None:
    document = rendering.note(HERE, post)
    assert read_post(document) == post
    assert read_activity(rendering.create(document)) == (claims.Posted(post=post),)
    assert read_activity(rendering.update(document, NOON)) == (claims.Edited(post=post),)
    assert read_document(rendering.standalone(document)) == claims.Posted(post=post)


@settings(deadline=None)
@given(profiles())
def test_a_profile_is_read_as_it_was_written(profile: Profile) -> None:
    document = rendering.actor_document(HERE, profile)
    welcome = QuoteRule(automatic=(PUBLIC if profile.discoverable else profile.uri,))
    read = msgspec.structs.replace(profile, can_feature=welcome)
    assert read_actor(document) == read
    assert read_activity(rendering.update(document, NOON)) == (claims.ActorDescribed(profile=read),)


def written() -> dict[str, Any]:
    post = rendering.local_post(
        HERE, "bob", 7, content="<p>x</p>", published=NOON, to=(PUBLIC,), cc=(ADA,), language="en"
    )
    return rendering.note(HERE, post)


def test_the_shape_of_a_note() -> None:
    note = rendering.standalone(written())
    assert note["@context"][0] == "https://www.w3.org/ns/activitystreams"
    uri = "https://social.here.test/users/bob/statuses/7"
    expected = {
        "id": uri,
        "type": "Note",
        "summary": None,
        "inReplyTo": None,
        "published": "2024-05-06T12:00:00Z",
        "url": "https://social.here.test/@bob/7",
        "attributedTo": BOB,
        "atomUri": uri,
        "conversation": "tag:here.test,2024-05-06:objectId=7:objectType=Conversation",
        "context": "https://social.here.test/contexts/7",
        "contentMap": {"en": "<p>x</p>"},
        "likes": f"{uri}/likes",
    }
    assert {name: note[name] for name in expected} == expected


def test_a_conversation_is_listed_where_it_began() -> None:
    assert addresses.context(HERE, "https://m.test/contexts/1") == "https://m.test/contexts/1"
    for elsewhere in ("tag:m.test,2024-05-06:objectId=7:objectType=Conversation", "tag:xhere.test,1:objectId=x", ""):
        assert addresses.context(HERE, elsewhere) == ""


def test_the_ids_of_activities() -> None:
    note = written()
    uri = note["id"]
    assert rendering.create(note)["id"] == f"{uri}/activity"
    assert rendering.update(note, NOON)["id"] == f"{uri}#updates/1714996800000"
    assert rendering.delete(BOB, uri)["id"] == f"{uri}#delete"
    assert rendering.like(BOB, f"{ADA}/1", ADA, 5)["id"] == f"{BOB}#likes/5"
    assert rendering.follow(BOB, ADA, 5)["id"] == f"{BOB}#follows/5"
    assert rendering.undo(rendering.follow(BOB, ADA, 5))["id"] == f"{BOB}#follows/5/undo"


def test_what_local_actors_do_is_read_as_it_was_meant() -> None:
    follow = rendering.follow(BOB, ADA, 5)
    assert read_activity(follow) == (claims.FollowAsked(uri=follow["id"], object=ADA),)
    assert read_activity(rendering.undo(follow)) == (claims.Undone(object=follow["id"], kind="Follow", target=ADA),)
    asked_by = f"{ADA}#follows/1"
    yes = claims.Answered(accepted=True, object=asked_by, asker=ADA, asked=BOB)
    assert read_activity(rendering.accept(BOB, ADA, asked_by, 1)) == (yes,)
    assert read_activity(rendering.reject(BOB, ADA, "", 1)) == (
        msgspec.structs.replace(yes, accepted=False, object=""),
    )
    like = rendering.like(BOB, f"{ADA}/1", ADA, 5)
    assert read_activity(like) == (claims.Favourited(uri=like["id"], object=f"{ADA}/1"),)
    block = rendering.block(BOB, ADA, 5)
    assert read_activity(block) == (claims.Blocked(uri=block["id"], object=ADA),)
    post, featured = written()["id"], addresses.featured(BOB)
    assert read_activity(rendering.delete(BOB, post)) == (claims.Deleted(uri=post),)
    assert read_activity(rendering.delete_actor(BOB)) == (claims.Deleted(uri=BOB),)
    assert read_activity(rendering.add(BOB, post, 1)) == (claims.Pinned(object=post, target=featured, pinned=True),)
    assert read_activity(rendering.remove(BOB, post, 1)) == (claims.Pinned(object=post, target=featured, pinned=False),)


def test_a_report_names_nobody_who_made_it() -> None:
    flag = rendering.flag(HERE.instance_actor, [ADA, f"{ADA}/statuses/1"], "Spam", 7)
    assert (flag["actor"], flag["to"]) == (HERE.instance_actor, [ADA])
    (claim,) = read_activity(flag)
    assert isinstance(claim, claims.Reported)
    assert (claim.objects, claim.comment) == ((ADA, f"{ADA}/statuses/1"), "Spam")


def test_a_boost() -> None:
    boost = rendering.announce(HERE.status("bob", 8), BOB, f"{ADA}/1", ADA, "unlisted", NOON)
    (claim,) = read_activity(boost)
    assert claim == claims.Boosted(
        uri=f"{BOB}/statuses/8/activity",
        object=f"{ADA}/1",
        to=(addresses.followers(BOB),),
        cc=(PUBLIC, ADA),
        published=NOON,
    )
    (undone,) = read_activity(rendering.undo(boost))
    assert undone == claims.Undone(object=boost["id"], kind="Announce", target=f"{ADA}/1")


def test_an_own_private_post_is_boosted_whole() -> None:
    note = written() | {"to": [addresses.followers(BOB)], "cc": []}
    boost = rendering.announce(HERE.status("bob", 8), BOB, note["id"], BOB, "private", NOON, embedded=note)
    assert [type(claim) for claim in read_activity(boost)] == [claims.Posted, claims.Boosted]


def test_the_instance_actor_is_an_actor() -> None:
    for site in (HERE, Site(domain="localhost:3000", web_domain="localhost:3000", https=False)):
        profile = read_actor(rendering.instance_actor_document(site, PEM))
        assert (profile.uri, profile.username, profile.kind) == (site.instance_actor, site.domain, "Application")
        assert profile.keys[0].pem == PEM


def test_collections_are_read_as_written() -> None:
    uri = addresses.outbox(BOB)
    whole = rendering.collection(uri, 2, first=f"{uri}?page=true")
    assert read_document(whole) == claims.CollectionDescribed(uri=uri, total=2, items=(), first=f"{uri}?page=true")
    create = rendering.create(written())
    page = rendering.page(f"{uri}?page=true", uri, [create, f"{ADA}/1"], next_page=f"{uri}?max_id=1")
    found = read_document(page)
    assert isinstance(found, claims.CollectionDescribed)
    assert (found.items, found.next) == ((create["object"]["id"], f"{ADA}/1"), f"{uri}?max_id=1")
    pins = rendering.collection(addresses.featured(BOB), 1, items=[create["object"]["id"]])
    assert read_document(pins) == claims.CollectionDescribed(
        uri=addresses.featured(BOB), total=1, items=(create["object"]["id"],)
    )


def test_webfinger_links_to_the_very_id() -> None:
    icon = {"type": "Image", "mediaType": "image/png", "url": "https://here.test/bob.png"}
    avatar = {"rel": "http://webfinger.net/rel/avatar", "type": "image/png", "href": "https://here.test/bob.png"}
    assert avatar in rendering.webfinger(HERE, "bob", icon)["links"]
    jrd = rendering.webfinger(HERE, "bob")
    assert jrd["subject"] == "acct:bob@here.test"
    (link,) = [link for link in jrd["links"] if link["rel"] == "self"]
    assert (link["type"], link["href"]) == ("application/activity+json", BOB)
    assert rendering.webfinger(HERE, None)["subject"] == "acct:here.test@here.test"


def test_host_meta_is_xml() -> None:
    (link,) = ElementTree.fromstring(rendering.host_meta(HERE).encode())
    assert link.attrib["template"] == "https://social.here.test/.well-known/webfinger?resource={uri}"


def test_nodeinfo() -> None:
    usage = Usage(users=3, active_month=2, active_half_year=3, posts=9)
    for schema in ("2.0", "2.1"):
        info = rendering.nodeinfo(
            schema,
            version="0.1.0",
            name="Here",
            description="",
            open_registrations=True,
            usage=usage,
            repository="https://code.test/fedi",
        )
        assert info["version"] == schema
        assert ("repository" in info["software"]) == (schema == "2.1")
    assert [link["href"][-3:] for link in rendering.nodeinfo_links(HERE)["links"]] == ["2.0", "2.1"]
