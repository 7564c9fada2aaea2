"""Statuses in another language (https://docs.joinmastodon.org/methods/statuses/#translate)."""

from typing import Annotated

import msgspec

from fedi.api.entities.statuses import status
from fedi.api.entities.translations import Translation, texts, translation
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.api.statuses import seen
from fedi.errors import NotAllowedError, NotFoundError
from fedi.registry import users
from fedi.services.translator import UNKNOWN, Languages

ENGLISH = "en"


class Translate(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    lang: Annotated[str, msgspec.Meta(max_length=35)] | None = None


@route("POST", "/api/v1/statuses/:id/translate", scope="read:statuses", auth="user")
async def translate_status(request: ApiRequest, params: Translate) -> Translation:
    """A status in the asker's language, or in another that is asked for. What is not for everybody stays here."""
    translations = request.deps.translations
    async with reading(request) as connection:
        found = await seen(request, connection, params.id)
        user = await users.by_account(connection, request.account_id)
    if translations is None:
        raise NotFoundError
    found = found.boost_of or found
    if found.row.visibility not in ("public", "unlisted"):
        raise NotAllowedError
    source = found.row.language
    target = _target(params.lang or (user.locale if user else None) or ENGLISH, source, await translations.languages())
    shown = status(found, request.deps.site)
    translated = await translations.translate(found.row.id, texts(shown), source, target)
    return translation(shown, translated, target)


def _target(wanted: str, source: str, languages: Languages) -> str:
    """Return the language that is wanted, in general if not in particular. Raises NotAllowedError if it is not had."""
    offered = languages.get(source or UNKNOWN) or languages.get(source.partition("-")[0]) or ()
    for each in (wanted, wanted.partition("-")[0]):
        if each in offered:
            return each
    raise NotAllowedError
