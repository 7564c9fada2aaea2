"""The server itself (https://docs.joinmastodon.org/methods/instance/).

Both forms say the same. `version` begins with the version of Mastodon whose API is followed, because apps parse it;
`api_versions` claims only what is built.
"""

from typing import Any

import msgspec
from redis.exceptions import RedisError

from fedi import __version__
from fedi.api.deps import Deps
from fedi.api.entities.accounts import Account, account
from fedi.api.instance_pages import DESCRIPTION, house_rules
from fedi.api.placeholders import THUMBNAIL
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.registry.push_key import own_key
from fedi.registry.rows import Connection
from fedi.services.media import film_limits, pictures
from fedi.services.media.film_limits import MAX_FILM_BYTES
from fedi.services.media.sniffing import SUPPORTED
from fedi.services.translator import Languages
from fedi.views import accounts
from fedi.views import instance as views
from fedi.views.instance import Counts

VERSION = f"4.5.0+fedi{__version__}"
API_VERSIONS = {"mastodon": 7}
"""7 is that of Mastodon 4.5: quotes, and threads that are fetched while they are read."""
V1_DEPRECATED_AT = 1668384000
"""2022-11-14, when Mastodon 4.0 brought the second version."""

_COUNTS_KEY = "fedi:instance:counts"
_COUNTS_LIFE = 300
_ACCOUNTS = {
    "max_display_name_length": 40,
    "max_note_length": 500,
    "max_avatar_description_length": 150,
    "max_header_description_length": 150,
    "max_featured_tags": 10,
    "max_pinned_statuses": 5,
    "max_profile_fields": 4,
    "profile_field_name_limit": 255,
    "profile_field_value_limit": 255,
}
_STATUSES = {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}
_MEDIA = {
    "supported_mime_types": SUPPORTED,
    "description_limit": 10_000,
    "image_size_limit": pictures.MAX_BYTES,
    "image_matrix_limit": pictures.MAX_PIXELS,
    "video_size_limit": MAX_FILM_BYTES,
    "video_frame_rate_limit": film_limits.MAX_RATE,
    "video_matrix_limit": film_limits.MAX_PIXELS,
}
_POLLS = {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746}
_PUBLIC = {"local": "public", "remote": "public"}
_DISABLED = {"local": "disabled", "remote": "disabled"}


@route("GET", "/api/v2/instance", scope=None, auth="public")
async def get_instance(request: ApiRequest) -> dict[str, Any]:
    """What the server is called, what it can do, and whom to ask."""
    deps = request.deps
    async with deps.pool.connection() as connection:
        counts, contact = await _counts(deps, connection), await _contact(deps, connection)
        vapid = await own_key(connection, deps.settings.vapid_private_key)
        rules = await house_rules(connection)
    return {
        "domain": deps.site.domain,
        "title": deps.site.domain,
        "version": VERSION,
        "source_url": deps.site.base_url + "/about",
        "description": DESCRIPTION,
        "usage": {"users": {"active_month": counts.active_month}},
        "thumbnail": {"url": deps.site.base_url + THUMBNAIL, "blurhash": None, "versions": {}, "description": ""},
        "icon": [],
        "languages": ["en"],
        "configuration": {
            "urls": {
                "streaming": deps.settings.streaming_api_base_url,
                "status": None,
                "about": deps.site.base_url + "/about",
                "privacy_policy": None,
                "terms_of_service": None,
            },
            "vapid": {"public_key": vapid.public},
            "accounts": _ACCOUNTS,
            "statuses": _STATUSES,
            "media_attachments": _MEDIA,
            "polls": _POLLS,
            "translation": {"enabled": deps.translations is not None},
            "timelines_access": {
                "live_feeds": _PUBLIC,
                "hashtag_feeds": _PUBLIC,
                "trending_link_feeds": _PUBLIC if deps.settings.trendable_by_default else _DISABLED,
            },
            "limited_federation": deps.settings.limited_federation_mode,
        },
        "registrations": {
            "enabled": deps.settings.registrations != "closed",
            "approval_required": deps.settings.registrations == "approval",
            "reason_required": deps.settings.registrations == "approval",
            "message": None,
            "min_age": deps.settings.min_age or None,
            "url": None,
        },
        "api_versions": API_VERSIONS,
        "wrapstodon": None,
        "contact": {"email": "", "account": contact},
        "rules": rules,
    }


@route("GET", "/api/v1/instance", scope=None, auth="public")
async def get_v1_instance(request: ApiRequest) -> Reply:
    """The same in its first form, which many apps still ask for."""
    deps = request.deps
    async with deps.pool.connection() as connection:
        counts, contact = await _counts(deps, connection), await _contact(deps, connection)
        rules = await house_rules(connection)
    body = {
        "uri": deps.site.domain,
        "title": deps.site.domain,
        "short_description": DESCRIPTION,
        "description": DESCRIPTION,
        "email": "",
        "version": VERSION,
        "urls": {"streaming_api": deps.settings.streaming_api_base_url},
        "stats": {"user_count": counts.users, "status_count": counts.statuses, "domain_count": counts.domains},
        "thumbnail": deps.site.base_url + THUMBNAIL,
        "languages": ["en"],
        "registrations": deps.settings.registrations != "closed",
        "approval_required": deps.settings.registrations == "approval",
        "invites_enabled": False,
        "configuration": {
            "accounts": _ACCOUNTS,
            "statuses": _STATUSES,
            "media_attachments": _MEDIA,
            "polls": _POLLS,
        },
        "contact_account": contact,
        "rules": rules,
    }
    return Reply(body=body, headers={"Deprecation": f"@{V1_DEPRECATED_AT}"})


@route("GET", "/api/v1/instance/translation_languages", scope=None, auth="public")
async def get_translation_languages(request: ApiRequest) -> Languages:
    """Which languages are translated into which."""
    translations = request.deps.translations
    return {} if translations is None else await translations.languages()


async def _counts(deps: Deps, connection: Connection) -> Counts:
    """Return the numbers as of the last five minutes; kept in Redis, counted anew where it is away or damaged."""
    try:
        kept = await deps.redis.get(_COUNTS_KEY)
        if kept is not None:
            return msgspec.json.decode(kept, type=Counts)
        counts = await views.counts(connection)
        await deps.redis.set(_COUNTS_KEY, msgspec.json.encode(counts), ex=_COUNTS_LIFE)
    except (RedisError, ValueError):
        return await views.counts(connection)
    return counts


async def _contact(deps: Deps, connection: Connection) -> Account | None:
    account_id = await views.contact(connection)
    row = await accounts.one(connection, account_id) if account_id is not None else None
    return None if row is None else account(row, deps.site)
