"""One's own profile, as it was typed and as it is shown."""

import msgspec

from fedi.api.entities.accounts import Field, account, plain_text
from fedi.api.entities.featured_tags import FeaturedTag
from fedi.site import Site
from fedi.views.accounts import AccountRow


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Pictures are null where there is none."""

    id: str
    display_name: str
    note: str
    formatted_note: str
    fields: tuple[Field, ...]
    formatted_fields: tuple[Field, ...]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool | None
    discoverable: bool
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: tuple[str, ...]
    featured_tags: list[FeaturedTag]


def profile(row: AccountRow, featured: list[FeaturedTag], site: Site) -> Profile:
    """Return the profile of a local account."""
    shown = account(row, site)
    avatar = row.avatar_url or None
    header = row.header_url or None
    return Profile(
        id=shown.id,
        display_name=shown.display_name,
        note=plain_text(row.note),
        formatted_note=shown.note,
        fields=tuple(Field(name=each.name, value=plain_text(each.value)) for each in shown.fields),
        formatted_fields=shown.fields,
        avatar=avatar,
        avatar_static=shown.avatar_static if avatar else None,
        avatar_description=row.avatar_description,
        header=header,
        header_static=shown.header_static if header else None,
        header_description=row.header_description,
        locked=shown.locked,
        bot=shown.bot,
        hide_collections=shown.hide_collections,
        discoverable=shown.discoverable,
        indexable=shown.indexable,
        show_media=shown.show_media,
        show_media_replies=shown.show_media_replies,
        show_featured=shown.show_featured,
        attribution_domains=row.attribution_domains,
        featured_tags=featured,
    )
