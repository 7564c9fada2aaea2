"""What somebody chose for their new posts, where a draft leaves it open."""

import re

import msgspec

from fedi.commands.context import Context
from fedi.commands.drafts import QuoteChoice, StatusDraft
from fedi.descriptions import Visibility
from fedi.registry import users
from fedi.registry.users import Preferences

LANGUAGE = "en"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What a draft leaves open, decided."""

    visibility: Visibility
    sensitive: bool
    language: str
    quote_policy: QuoteChoice


async def of_account(context: Context, account_id: int) -> Preferences:
    """Return what the login behind an account prefers."""
    async with context.pool.connection() as connection:
        user = await users.by_account(connection, account_id)
    return user.preferences if user else Preferences()


def choices(preferred: Preferences, draft: StatusDraft) -> Choices:
    """Return what a draft says of visibility, sensitivity, language and quotes, or else its author's preferences."""
    sensitive = preferred.default_sensitive if draft.sensitive is None else draft.sensitive
    return Choices(
        visibility=draft.visibility or preferred.default_privacy,
        sensitive=sensitive or bool(draft.spoiler_text),
        language=language(draft.language) or preferred.default_language or LANGUAGE,
        quote_policy=draft.quote_policy or preferred.default_quote_policy,
    )


def language(given: str | None) -> str | None:
    """Return a language tag that is well-formed, or None."""
    return given if given and _LANGUAGE.fullmatch(given) else None
