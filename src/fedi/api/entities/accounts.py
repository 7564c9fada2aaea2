"""Accounts as clients see them: everybody's, one's own, and what stands for one in a row of pictures."""

import html
import re
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from fedi import descriptions
from fedi.activitypub.vocabulary.profile_links import link_in
from fedi.api.encoding import timestamp
from fedi.api.entities.emojis import CustomEmoji, emojis
from fedi.registry.users import Preferences
from fedi.registry.users import Role as RoleName
from fedi.site import RemoteMedia, Site, still_of
from fedi.views.accounts import AccountRow

MISSING_AVATAR = "/avatars/original/missing.png"
MISSING_HEADER = "/headers/original/missing.png"
_BOTS = frozenset({"Service", "Application"})


class Field(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    value: str
    verified_at: str | None = None


class AccountRole(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    color: str = ""


class Role(AccountRole, frozen=True, kw_only=True):
    permissions: str
    highlighted: bool
    collection_limit: int | None = None


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Who may put an account into a collection, at once or if they are let (FEP-7aa9)."""

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()
    current_user: str = "denied"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    group: bool
    created_at: str
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    hide_collections: bool | None
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    moved: "Account | UnsetType" = UNSET
    emojis: tuple[CustomEmoji, ...]
    suspended: bool | UnsetType = UNSET
    limited: bool | UnsetType = UNSET
    memorial: bool | UnsetType = UNSET
    noindex: bool | UnsetType = UNSET
    feature_approval: Approval = Approval()
    roles: tuple[AccountRole, ...] | UnsetType = UNSET
    fields: tuple[Field, ...]


class CredentialSource(msgspec.Struct, frozen=True, kw_only=True):
    privacy: str
    sensitive: bool
    language: str | None
    note: str
    fields: tuple[Field, ...]
    follow_requests_count: int
    hide_collections: bool | None
    discoverable: bool
    indexable: bool
    attribution_domains: tuple[str, ...]
    quote_policy: str


class CredentialAccount(Account, frozen=True, kw_only=True):
    source: CredentialSource
    role: Role


class MutedAccount(Account, frozen=True, kw_only=True):
    mute_expires_at: str | None


class FamiliarFollowers(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    accounts: list[Account]


class PartialAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What suffices for a row of pictures."""

    id: str
    acct: str
    url: str
    avatar: str
    avatar_static: str
    avatar_description: str
    locked: bool
    bot: bool


_ROLES: dict[RoleName, Role] = {
    "admin": Role(id="3", name="Admin", permissions="1", highlighted=True),
    "moderator": Role(id="1", name="Moderator", permissions="1308", highlighted=True),
    "user": Role(id="-99", name="", permissions="65536", highlighted=False),
}
"""Permissions are Mastodon's bits: 1 is everything, 65536 (everybody's) to invite."""


_WELCOME = Approval(automatic=("public",), current_user="automatic")
"""Who lets themselves be found here may be put into anybody's collection."""


def account(row: AccountRow, site: Site) -> Account:
    """Return an account as everybody sees it; of a suspended one, only who it is."""
    local = row.domain is None
    shown = row if not row.suspended else _emptied(row)
    avatar = _picture(shown, site, "avatars", shown.avatar_url) or site.base_url + MISSING_AVATAR
    header = _picture(shown, site, "headers", shown.header_url) or site.base_url + MISSING_HEADER
    return Account(
        id=str(row.id),
        username=row.username,
        acct=site.handle(row.username, row.domain),
        display_name=shown.display_name,
        locked=shown.locked,
        bot=row.kind in _BOTS,
        discoverable=shown.discoverable,
        indexable=shown.indexable,
        group=row.kind == "Group",
        created_at=row.created_at.date().isoformat() + "T00:00:00.000Z",
        note=shown.note,
        url=row.url or row.uri,
        uri=row.uri,
        avatar=avatar,
        avatar_static=still_of(avatar, shown.avatar_url),
        avatar_description=shown.avatar_description,
        header=header,
        header_static=still_of(header, shown.header_url),
        header_description=shown.header_description,
        followers_count=row.followers,
        following_count=row.following,
        statuses_count=row.statuses,
        last_status_at=None if row.last_status_at is None else row.last_status_at.date().isoformat(),
        hide_collections=row.hide_collections,
        show_media=row.show_media,
        show_media_replies=row.show_media_replies,
        show_featured=row.show_featured,
        moved=UNSET if row.moved_to is None else account(row.moved_to, site),
        emojis=emojis(() if row.media_rejected else shown.emojis, site, "account_emojis", row.id),
        suspended=True if row.suspended else UNSET,
        limited=True if row.limited else UNSET,
        memorial=True if row.memorial else UNSET,
        noindex=False if local else UNSET,
        feature_approval=_approval(shown, local=local),
        roles=_highlighted(row.role) if local else UNSET,
        fields=tuple(_field(field, row) for field in shown.fields),
    )


def _approval(row: AccountRow, *, local: bool) -> Approval:
    """Return who may put an account into a collection; the asker is taken for one of everybody."""
    if local:
        return _WELCOME if row.discoverable else Approval()
    for name, words in (("automatic", row.feature_automatic), ("manual", row.feature_manual)):
        if "public" in words:
            return Approval(automatic=row.feature_automatic, manual=row.feature_manual, current_user=name)
    said = bool(row.feature_automatic or row.feature_manual)
    current = "unknown" if said else "missing"
    return Approval(automatic=row.feature_automatic, manual=row.feature_manual, current_user=current)


def muted_account(row: AccountRow, site: Site, expires_at: datetime | None) -> MutedAccount:
    """Return an account with the time at which its mute ends."""
    ends = None if expires_at is None else timestamp(expires_at)
    return MutedAccount(**msgspec.structs.asdict(account(row, site)), mute_expires_at=ends)


def credential_account(
    row: AccountRow, site: Site, preferences: Preferences, follow_requests: int
) -> CredentialAccount:
    """Return somebody's own account, with what they typed and chose."""
    source = CredentialSource(
        privacy=preferences.default_privacy,
        sensitive=preferences.default_sensitive,
        language=preferences.default_language,
        note=plain_text(row.note),
        fields=tuple(Field(name=field.name, value=plain_text(field.value)) for field in row.fields),
        follow_requests_count=follow_requests,
        hide_collections=row.hide_collections,
        discoverable=row.discoverable,
        indexable=row.indexable,
        attribution_domains=row.attribution_domains,
        quote_policy=preferences.default_quote_policy,
    )
    return CredentialAccount(
        **msgspec.structs.asdict(account(row, site)), source=source, role=_ROLES[row.role or "user"]
    )


def partial_account(row: AccountRow, site: Site) -> PartialAccount:
    """Return what a row of pictures shows of an account."""
    full = account(row, site)
    return PartialAccount(**{name: getattr(full, name) for name in PartialAccount.__struct_fields__})


def plain_text(markup: str) -> str:
    """Return HTML of our own making as the text that somebody typed."""
    lines = re.sub(r"</p>\s*<p[^>]*>", "\n\n", re.sub(r"<br\s*/?>", "\n", markup))
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def _field(field: descriptions.Field, row: AccountRow) -> Field:
    at = row.verified.get(link_in(field)) if row.verified else None
    return Field(name=field.name, value=field.value, verified_at=None if at is None else timestamp(at))


def _picture(row: AccountRow, site: Site, kind: RemoteMedia, url: str) -> str:
    if row.media_rejected:
        return ""
    return url if not url or row.domain is None else site.remote_media(kind, row.id, 0, url)


def _highlighted(role: RoleName | None) -> tuple[AccountRole, ...]:
    held = _ROLES[role or "user"]
    return (AccountRole(id=held.id, name=held.name, color=held.color),) if held.highlighted else ()


def _emptied(row: AccountRow) -> AccountRow:
    return msgspec.structs.replace(
        row, display_name="", note="", avatar_url="", header_url="", fields=(), emojis=(), locked=False
    )
