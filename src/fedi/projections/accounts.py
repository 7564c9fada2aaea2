"""The view of everybody known here, and how far the operator limits them, alone or with their whole domain."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.sql import Identifier

from fedi.activitypub.vocabulary import html
from fedi.activitypub.vocabulary.hosts import authority_of, domains_of
from fedi.activitypub.vocabulary.profile_links import links_of
from fedi.activitypub.vocabulary.visibility import is_public
from fedi.descriptions import Emoji, Field, Image, Profile, QuoteRule
from fedi.events.accounts import AccountCollectionsHidden, LinkVerified
from fedi.events.domains import DomainLimited, DomainUnlimited
from fedi.events.moderation import AccountRestricted, AccountUnrestricted
from fedi.facts import Entry
from fedi.facts.accounts import AccountChanged, AccountCounted, AccountDeleted, AccountMoved
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)
MANY = 100
"""Accounts masked at once from which on it is not told of each."""
NO_RULE = QuoteRule()
_NO_IMAGE = Image(url="")
_JUDGE = SQL["judge"].format(
    limit_of_handle=SQL["limit"].format(domains=Identifier("a", "handle_domains")),
    limit_of_host=SQL["limit"].format(domains=Identifier("a", "host_domains")),
)


class _Account(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    uri: str
    kind: str
    username: str
    domain: str | None
    display_name: str
    note: str
    url: str
    avatar_url: str
    avatar_description: str
    header_url: str
    header_description: str
    fields: tuple[Field, ...]
    emojis: tuple[Emoji, ...]
    locked: bool
    discoverable: bool
    indexable: bool
    memorial: bool
    self_suspended: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: tuple[str, ...]
    inbox: str
    shared_inbox: str
    outbox: str
    followers_uri: str
    following_uri: str
    featured_uri: str
    moved_to_uri: str
    feature_automatic: tuple[str, ...]
    feature_manual: tuple[str, ...]
    also_known_as: tuple[str, ...]
    created_at: datetime
    changed_at: datetime
    document: str | None
    handle_domains: tuple[str, ...]
    host_domains: tuple[str, ...]
    links: tuple[str, ...]
    """Those on the profile all the time since the last batch: only they stay verified."""


class _Key(msgspec.Struct, frozen=True):
    key_id: str
    account_id: int
    pem: str


class _Moved(msgspec.Struct, frozen=True):
    account_id: int
    at: datetime


class _Verified(msgspec.Struct, frozen=True):
    account_id: int
    url: str
    at: datetime


class _Hidden(msgspec.Struct, frozen=True):
    account_id: int
    hidden: bool


class _Count(msgspec.Struct, frozen=True):
    account_id: int
    what: str
    total: int


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Write the profiles as the last of a batch's facts left them."""
    changed: dict[int, _Account] = {}
    keys: dict[int, list[_Key]] = {}
    counts: dict[tuple[int, str], _Count] = {}
    hidden: dict[int, _Hidden] = {}
    moved: dict[int, _Moved] = {}
    verified: dict[tuple[int, str], _Verified] = {}
    deleted: list[int] = []
    domains: set[str] = set()
    restricted: set[int] = set()
    for entry in entries:
        match entry.fact:
            case AccountChanged() as fact:
                before = changed.get(fact.account_id)
                changed[fact.account_id] = _row(fact, entry, before)
                links = links_of(fact.profile.fields)
                verified = {key: each for key, each in verified.items() if key[0] != fact.account_id or key[1] in links}
                keys[fact.account_id] = [_Key(key.key_id, fact.account_id, key.pem) for key in fact.profile.keys]
            case AccountCounted() as fact:
                counts[fact.account_id, fact.what] = _Count(fact.account_id, fact.what, fact.total)
            case LinkVerified() as fact:
                verified[fact.account_id, fact.url] = _Verified(fact.account_id, fact.url, fact.verified_at)
            case AccountMoved() as fact:
                moved[fact.account_id] = _Moved(fact.account_id, entry.at)
            case AccountCollectionsHidden() as fact:
                hidden[fact.account_id] = _Hidden(fact.account_id, fact.hidden)
            case AccountDeleted() as fact:
                deleted.append(fact.account_id)
            case DomainLimited() | DomainUnlimited() as fact:
                domains.add(fact.domain)
            case AccountRestricted() | AccountUnrestricted() as fact:
                restricted.add(fact.account_id)
    if changed:
        cursor.execute(SQL["save"], {"rows": rows(changed.values())})
        cursor.execute(SQL["forget_links"], {"rows": rows(changed.values())})
        cursor.execute(SQL["forget_keys"], {"ids": list(changed)})
        cursor.execute(SQL["save_keys"], {"rows": rows(key for each in keys.values() for key in each)})
    if counts:
        cursor.execute(SQL["save_counts"], {"rows": rows(counts.values())})
    if verified:
        cursor.execute(SQL["verify"], {"rows": rows(verified.values())})
    if moved:
        cursor.execute(SQL["move"], {"rows": rows(moved.values())})
    if hidden:
        cursor.execute(SQL["hide"], {"rows": rows(hidden.values())})
    if deleted:
        cursor.execute(SQL["delete"], {"ids": deleted})
    return list(_judge(cursor, restricted | changed.keys(), domains))


def _judge(cursor: Cursor[Any], accounts: Collection[int], domains: Collection[str]) -> Iterator[Announcement]:
    """Write how far accounts are limited now; yield whose posts are hidden, or are no longer."""
    if not accounts and not domains:
        return
    cursor.execute(_JUDGE, {"ids": list(accounts), "domains": list(domains)})
    masked = [account for account, was, now in cursor.fetchall() if was != now]
    if len(masked) > MANY:
        yield Announcement(event="accounts_masked", id=0)
        return
    for account in masked:
        yield Announcement(event="accounts_masked", id=account)


def _row(fact: AccountChanged, entry: Entry, before: _Account | None) -> _Account:
    profile = fact.profile
    links = links_of(profile.fields)
    avatar, header = profile.avatar or _NO_IMAGE, profile.header or _NO_IMAGE
    return _Account(
        id=fact.account_id,
        uri=profile.uri,
        kind=profile.kind,
        username=profile.username,
        domain=fact.domain,
        display_name=profile.display_name,
        note=html.clean(profile.note),
        url=profile.url or profile.uri,
        avatar_url=avatar.url,
        avatar_description=avatar.description,
        header_url=header.url,
        header_description=header.description,
        fields=tuple(Field(name=field.name, value=html.clean(field.value)) for field in profile.fields),
        emojis=profile.emojis,
        locked=profile.locked,
        discoverable=profile.discoverable,
        indexable=profile.indexable,
        memorial=profile.memorial,
        self_suspended=profile.suspended,
        show_media=profile.show_media,
        show_media_replies=profile.show_media_replies,
        show_featured=profile.show_featured,
        attribution_domains=profile.attribution_domains,
        inbox=profile.inbox,
        shared_inbox=profile.shared_inbox,
        outbox=profile.outbox,
        followers_uri=profile.followers,
        following_uri=profile.following,
        featured_uri=profile.featured,
        moved_to_uri=profile.moved_to,
        feature_automatic=_asked(profile, (profile.can_feature or NO_RULE).automatic),
        feature_manual=_asked(profile, (profile.can_feature or NO_RULE).manual),
        also_known_as=profile.also_known_as,
        created_at=before.created_at if before else min(profile.published or entry.at, entry.at),
        changed_at=entry.at,
        document="\\x" + fact.document.hex() if fact.document else None,
        handle_domains=domains_of(fact.domain or ""),
        host_domains=() if fact.domain is None else domains_of(authority_of(profile.uri)),
        links=links if before is None else tuple(each for each in links if each in before.links),
    )


def _asked(profile: Profile, uris: Sequence[str]) -> tuple[str, ...]:
    """Return who may put somebody into a collection, in Mastodon's words; whoever names themselves means nobody."""
    names = {profile.followers: "followers", profile.following: "following"}
    words = ("public" if is_public(uri) else names.get(uri, "unsupported_policy") for uri in uris if uri != profile.uri)
    return tuple(dict.fromkeys(words))


PROJECTION = Projection(
    name="accounts",
    version=10,
    handles=(
        AccountChanged,
        AccountCounted,
        AccountDeleted,
        AccountMoved,
        AccountCollectionsHidden,
        LinkVerified,
        DomainLimited,
        DomainUnlimited,
        AccountRestricted,
        AccountUnrestricted,
    ),
    create=SQL["create"],
    indexes=SQL["indexes"],
    apply=apply,
    after=("limits",),
)
